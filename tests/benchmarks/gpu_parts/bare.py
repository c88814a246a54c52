"""Makes do with what a bare machine with a graphics card has, and says what that is."""

from __future__ import annotations

import contextlib
import importlib
import platform
import sys
import types
from importlib import metadata
from typing import Any

import numpy as np


def make_do() -> None:
    """Where threadpoolctl is missing, let the engine find a library that knows of no threads.

    On a graphics card nothing depends on how many threads the processor's BLAS uses.
    """
    try:
        importlib.import_module("threadpoolctl")
    except ImportError:
        library: Any = types.ModuleType("threadpoolctl")
        library.threadpool_info = lambda: []
        library.threadpool_limits = lambda *arguments, **options: contextlib.nullcontext()
        nothing = types.SimpleNamespace(lib_controllers=[])
        library.ThreadpoolController = lambda: types.SimpleNamespace(select=lambda **which: nothing)
        sys.modules["threadpoolctl"] = library


def describe(backend: Any) -> dict[str, Any]:
    """The card, its driver and the versions, for the report."""
    runtime = backend.xp.cuda.runtime
    properties = runtime.getDeviceProperties(0)
    free, total = runtime.memGetInfo()
    return {
        "gpu": backend.description,
        "compute_capability": f"{properties['major']}.{properties['minor']}",
        "multiprocessors": properties["multiProcessorCount"],
        "memory_gb": round(total / 1e9, 1),
        "memory_free_gb": round(free / 1e9, 1),
        "driver": runtime.driverGetVersion(),
        "cuda": runtime.runtimeGetVersion(),
        "cupy": _version("cupy-cuda13x", "cupy-cuda12x", "cupy"),
        "torch": _version("torch"),
        "numpy": np.__version__,
        "python": platform.python_version(),
    }


def _version(*names: str) -> str:
    for name in names:
        with contextlib.suppress(metadata.PackageNotFoundError):
            return f"{name} {metadata.version(name)}"
    return "not installed"
