"""One seed, one network, as a user sees it: ``digitdesk train`` writes the same weights every time.

The long version of ``tests/training/test_same_bits.py``, with real data; needs MNIST.
"""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tests.training.test_same_bits import IDS, NETWORKS, OPTIMIZERS, busy_cores

CASES = [(model, optimizer) for model in NETWORKS.values() for optimizer in OPTIMIZERS]


def command(model: str, optimizer: str, threads: int, out: Path) -> list[str]:
    return [
        *(sys.executable, "-m", "digitdesk", "train", "--model", model, "--data", "mnist"),
        *("--limit", "20000", "--epochs", "2", "--seed", "3", "--optimizer", optimizer),
        *("--threads", str(threads), "--out", str(out)),
    ]


def digest(path: Path) -> str:
    """Of all weights in the file."""
    code = hashlib.sha256()
    with np.load(path, allow_pickle=False) as arrays:
        for name in sorted(arrays.files):
            if arrays[name].dtype.kind == "f":
                code.update(name.encode() + arrays[name].tobytes())
    return code.hexdigest()


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A user's folders of their own: what is resumed must be the run of this test."""
    return os.environ | {"DIGITDESK_HOME": str(tmp_path / "home")}


@pytest.mark.skipif("DIGITDESK_DATA" not in os.environ, reason="needs MNIST in DIGITDESK_DATA")
@pytest.mark.parametrize(("model", "optimizer"), CASES, ids=IDS)
def test_threads_load_and_interruptions_change_no_bit(
    model: str, optimizer: str, environment: dict[str, str], tmp_path: Path
) -> None:
    def train(threads: int, out: Path) -> None:
        subprocess.run(command(model, optimizer, threads, out), env=environment, check=True)

    digests = {}
    for threads in (1, 2, 3):
        out = tmp_path / f"{threads}.npz"
        started = time.monotonic()
        train(threads, out)
        took = time.monotonic() - started
        digests[f"{threads} threads"] = digest(out)
    with busy_cores():
        train(2, tmp_path / "busy.npz")
    digests["beside busy programs"] = digest(tmp_path / "busy.npz")
    for part in range(1, 6):
        out = tmp_path / f"interrupted-{part}.npz"
        with subprocess.Popen(command(model, optimizer, 2, out), env=environment) as run:
            time.sleep(took * part / 6)
            run.send_signal(signal.SIGINT)
        if not out.exists():
            resume = [sys.executable, "-m", "digitdesk", "train", "--resume", "--out", str(out)]
            if subprocess.run(resume, env=environment, check=False).returncode:
                train(2, out)  # it had not begun to learn, so there was nothing to go on with
        digests[f"interrupted after {part} sixths"] = digest(out)
    assert len(set(digests.values())) == 1, digests
