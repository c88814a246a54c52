"""What a model file says of the machine that rounded its numbers."""

from __future__ import annotations

import numpy as np
from strict_array_module import STRICT_GPU

from digitdesk.nn.core import arithmetic as module
from digitdesk.nn.core.arithmetic import arithmetic
from digitdesk.nn.core.backend import Backend, cpu_backend


def test_processor_numpy_and_blas_are_named():
    line = arithmetic(cpu_backend())
    assert f"numpy {np.__version__}" in line
    assert line == arithmetic(cpu_backend())
    for row in module.threadpoolctl.threadpool_info():
        if row["user_api"] == "blas":
            assert row["version"] in line
            assert row.get("architecture", "") in line


def test_a_system_that_does_not_tell_is_named_by_its_machine(monkeypatch, tmp_path):
    module._processor.cache_clear()
    monkeypatch.setattr(module, "_PROCESSORS", tmp_path / "nowhere")
    assert arithmetic(cpu_backend()).split(" · ")[0]
    module._processor.cache_clear()


def test_a_graphics_card_is_named_by_its_own_name():
    line = arithmetic(Backend("gpu", STRICT_GPU.xp, "a card"))
    assert line == "a card · strict 0.0 · CUDA 12.9"
