"""The trial on a graphics card runs on the strict stand-in, every part, and on a bare machine."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "nn"))

from strict_array_module import STRICT_GPU  # noqa: E402
from strict_cuda import StrictCuBlas  # noqa: E402

from digitdesk.nn.kernels.gpu import cublas  # noqa: E402


@pytest.fixture
def gpu_trial(monkeypatch):
    """The program, with the stand-in's cuBLAS."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    cublas._library.cache_clear()
    monkeypatch.setattr(cublas, "_loaders", lambda xp: iter([StrictCuBlas]))
    path = ROOT / "tests" / "benchmarks" / "gpu.py"
    spec = importlib.util.spec_from_file_location("gpu_trial", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    cublas._library.cache_clear()


def test_every_part_runs_on_the_stand_in(gpu_trial, tmp_path, capsys):
    out = tmp_path / "results.json"
    assert gpu_trial.main(["--tiny", "--out", str(out)], STRICT_GPU) == 0, capsys.readouterr().out
    found = json.loads(out.read_text())
    assert set(found["parts"]) == set(gpu_trial.PARTS)
    rows = {row["name"]: row for part in found["parts"].values() for row in part["rows"]}
    assert rows["steps with momentum, recorded"]["ok"]
    assert rows["cuBLAS for recorded steps"]["ok"]
    assert sum(row["ok"] is True for row in rows.values()) > 40
    assert found["parts"]["speed"]["images_per_second"]["cnn-light, batch 8"]
    assert "recorded" in " ".join(row["name"] for row in found["parts"]["profile"]["rows"])


def test_a_part_that_fails_loses_nothing_of_the_others(gpu_trial, monkeypatch, tmp_path):
    def fail(part):
        part.row("begun", "so far")
        raise RuntimeError("a card on fire")

    monkeypatch.setitem(gpu_trial.PARTS, "checks", (0.2, fail))
    out = tmp_path / "results.json"
    arguments = ["--tiny", "--only", "checks", "exchange", "--out", str(out)]
    assert gpu_trial.main(arguments, STRICT_GPU) == 1
    parts = json.loads(out.read_text())["parts"]
    assert "a card on fire" in parts["checks"]["problem"]
    assert parts["checks"]["rows"][0]["name"] == "begun"
    assert all(row["ok"] for row in parts["exchange"]["rows"])


def test_a_wrong_kernel_is_found(gpu_trial, monkeypatch, capsys):
    from digitdesk.nn.kernels.gpu.catalog import KERNELS

    module = STRICT_GPU.xp
    kernel = module.ElementwiseKernel
    right = kernel.__call__

    def wrong(self, *arguments, **options):
        right(self, *arguments, **options)
        if self._kernel is KERNELS["digitdesk_add_bias"]:
            arguments[-1][...] = arguments[-1] * 1.01

    monkeypatch.setattr(kernel, "__call__", wrong)
    assert gpu_trial.main(["--tiny", "--only", "checks"], STRICT_GPU) == 1
    assert "Wrong: kernel digitdesk_add_bias" in capsys.readouterr().out


def test_without_time_it_says_what_is_left_out(gpu_trial, tmp_path):
    out = tmp_path / "results.json"
    arguments = ["--seconds", "0", "--tiny", "--only", "checks", "speed", "--out", str(out)]
    assert gpu_trial.main(arguments, STRICT_GPU) == 0
    rows = [row for part in json.loads(out.read_text())["parts"].values() for row in part["rows"]]
    assert sum(row["value"] == "left out: no time" for row in rows) > 40


def test_a_part_that_hangs_is_ended_and_nothing_lost(tmp_path):
    out = tmp_path / "results.json"
    program = f"""
import sys, time
sys.path.insert(0, {str(ROOT / "tests" / "benchmarks")!r})
import gpu as trial
from strict_array_module import STRICT_GPU
trial.GRACE_SECONDS = 0.5
trial.PARTS["checks"] = (0.2, lambda part: part.row("begun", "so far") or {{}})
trial.PARTS["speed"] = (0.2, lambda part: time.sleep(60))
trial.main(["--seconds", "1", "--only", "checks", "speed", "--out", {str(out)!r}], STRICT_GPU)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, timeout=50, cwd=ROOT
    )
    assert done.returncode == 3
    parts = json.loads(out.read_text())["parts"]
    assert parts["checks"]["rows"][0]["value"] == "so far"
    assert "still at work" in parts["ended"]["problem"]


def test_without_a_card_it_says_so(gpu_trial, monkeypatch, capsys):
    from digitdesk.errors import DeviceError

    def refuse(name):
        raise DeviceError("The GPU cannot be used", hint="CuPy is not installed")

    monkeypatch.setattr(gpu_trial, "select_backend", refuse)
    assert gpu_trial.main([]) == 2
    assert "CuPy is not installed" in capsys.readouterr().out


BARE = """
import sys
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in ALLOWED | set(sys.stdlib_module_names):
            raise ImportError(name + " is not on a bare machine")
ALLOWED = {"numpy", "digitdesk", "gpu_parts", "gpu", "gpu_kernel_cases", "support", "tests"}
ALLOWED |= {"strict_array_module", "strict_cuda", "sitecustomize", "usercustomize"}
sys.meta_path.insert(0, Refuse())
"""


@pytest.mark.parametrize("way", ["path", "module"])
def test_it_needs_nothing_but_numpy_and_cupy(way):
    """Run in a process that refuses every other package; the stand-in is NumPy too."""
    begin = {
        "path": f"sys.path.insert(0, {str(ROOT / 'tests' / 'benchmarks')!r}); import gpu as trial",
        "module": f"sys.path.insert(0, {str(ROOT)!r}); import tests.benchmarks.gpu as trial",
    }[way]
    program = f"""{BARE}
{begin}
from strict_array_module import STRICT_GPU
sys.exit(trial.main(["--tiny", "--only", "exchange", "speed"], STRICT_GPU))
"""
    command = [sys.executable, "-c", program]
    # Nobody limits BLAS's threads here, which on a busy machine wait for each other.
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=ROOT, timeout=120, env=environment
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "PyTorch" in done.stdout
    assert "left out" in done.stdout
