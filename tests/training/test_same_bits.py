"""One seed, one network: on any number of threads, helped or not, however busy, interrupted or not.

Each network and optimizer trains once on one thread; every other way must give the same file.
``make torture`` does it with whole epochs of MNIST.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import itertools
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from digitdesk.messages.run import TrainingConfig
from digitdesk.nn.kernels.shared_product import SharedProduct
from digitdesk.training.checkpoint import Checkpoint
from digitdesk.training.parallel import process_pool
from digitdesk.training.parallel.process_pool import ProcessPool
from digitdesk.training.split import TrainingData
from tests.training.small_runs import run, stripes, through_a_file

NETWORKS = {
    "softmax": "softmax",
    "MLP-128": "mlp(128)",
    "MLP-1024": "mlp(1024)",
    "cnn-light": "cnn-light",
    "cnn-standard": "cnn-standard",
    "resnet-small": "resnet-small",
}
OPTIMIZERS = ("momentum", "adam")
EVERY = list(itertools.product(NETWORKS.values(), OPTIMIZERS))
IDS = [f"{network}-{optimizer}" for network, optimizer in itertools.product(NETWORKS, OPTIMIZERS)]
WHOLE_BATCHES = 4
"""Two epochs of three steps, the last of each with a batch too small to be shared out."""
DATA = TrainingData(*stripes(150, 1), *stripes(20, 2), *stripes(30, 3))


def config(model: str, optimizer: str, threads: int) -> TrainingConfig:
    return TrainingConfig(
        model=model, optimizer=optimizer, epochs=2, batch_size=64, seed=3, threads=threads
    )


def digest(state: Checkpoint) -> str:
    """Of all weights and everything the optimizer remembers."""
    code = hashlib.sha256()
    for name, array in sorted(state.arrays.items()):
        if name.startswith(("weights.", "optimizer.")):
            code.update(name.encode())
            code.update(np.ascontiguousarray(array).tobytes())
    return code.hexdigest()


@functools.cache
def alone(model: str, optimizer: str) -> str:
    """The digest of a whole run on one thread."""
    return digest(run(config(model, optimizer, 1), DATA).last)


@contextlib.contextmanager
def busy_cores() -> Iterator[None]:
    """Two programs that do nothing, as fast as they can."""
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


@pytest.mark.parametrize("threads", [2, 3])
@pytest.mark.parametrize(("model", "optimizer"), EVERY, ids=IDS)
def test_any_number_of_threads(model: str, optimizer: str, threads: int) -> None:
    assert digest(run(config(model, optimizer, threads), DATA).last) == alone(model, optimizer)


@pytest.mark.parametrize(("model", "optimizer"), EVERY, ids=IDS)
def test_beside_busy_programs(model: str, optimizer: str) -> None:
    with busy_cores():
        assert digest(run(config(model, optimizer, 2), DATA).last) == alone(model, optimizer)


@pytest.mark.parametrize("threads", [2, 3])
@pytest.mark.parametrize("model", ["cnn-light", "cnn-standard", "resnet-small"])
def test_with_processes_that_help(
    model: str, threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    helped = []
    can_run = ProcessPool.can_run

    def wait_for_them(self, batch, parts):
        for worker in self._workers:
            while not (worker.is_ready or worker.has_ended):
                time.sleep(0.01)
        helped.append(can_run(self, batch, parts))
        return helped[-1]

    monkeypatch.setattr(process_pool, "START_AFTER_SECONDS", 0.0)
    monkeypatch.setattr(ProcessPool, "can_run", wait_for_them)
    assert digest(run(config(model, "adam", threads), DATA).last) == alone(model, "adam")
    assert sum(helped) == WHOLE_BATCHES - 1  # the first step starts them


@pytest.mark.parametrize("step", [1, 2, 3, 4, 5])
@pytest.mark.parametrize(("model", "optimizer"), EVERY, ids=IDS)
def test_stopped_and_resumed_on_other_threads(
    model: str, optimizer: str, step: int, tmp_path: Path
) -> None:
    settings = config(model, optimizer, 1 + step % 3)
    stopped = run(settings, DATA, close_at=step)
    assert stopped.last.facts.step == step
    goes_on = through_a_file(stopped.last, tmp_path)
    resumed = run(replace(settings, threads=1 + (step + 1) % 3), DATA, resume_from=goes_on)
    assert digest(resumed.last) == alone(model, optimizer)


def test_products_summed_otherwise_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison can fail: last bits, as threads of BLAS used to change them, are seen."""

    def in_two_sums(self, a, b, out):
        half = a.shape[1] // 2
        product = a[:, :half] @ b[:half] + a[:, half:] @ b[half:]
        out[...] = out + product if self._adds else product

    expected = alone("mlp(128)", "momentum")
    monkeypatch.setattr(SharedProduct, "__call__", in_two_sums)
    others = digest(run(config("mlp(128)", "momentum", 1), DATA).last)
    assert others != expected
