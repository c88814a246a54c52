"""A graphics card for these tests: the strict stand-in, with a cuBLAS for it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "nn"))

from strict_array_module import STRICT_GPU
from strict_cuda import COUNTS, StrictCuBlas

from digitdesk.nn.kernels.gpu import cublas


@pytest.fixture
def gpu(monkeypatch):
    """The stand-in, on which whole steps can be recorded."""
    cublas._library.cache_clear()
    monkeypatch.setattr(cublas, "_loaders", lambda xp: iter([StrictCuBlas]))
    COUNTS.reset()
    yield STRICT_GPU
    cublas._library.cache_clear()
