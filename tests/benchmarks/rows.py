"""The rows of the bench's table: what is measured, against whom, and what it has to reach."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contenders import Job, Setting


@dataclass(frozen=True)
class Row:
    """A competition.

    Attributes:
        key: Its name for ``--only``.
        title: As the table shows it.
        peers: Names of the settings that compete.
        least: Times as fast as the best peer that are promised.
        goal: Times as fast that would be fine.
        rounds: Turns of each contender in a sitting.
        sittings: Times that everybody starts afresh. Where the arrays of a process happen to lie
            decides by up to a sixth how fast it works on those of a small network.
        counts_p99: Compare the 99th percentile of single calls, in seconds; then ``least`` and
            ``goal`` are the most it may be.
    """

    key: str
    title: str
    job: Job
    peers: tuple[str, ...]
    least: float
    goal: float
    rounds: int = 12
    sittings: int = 1
    counts_p99: bool = False


OURS = Setting("DigitDesk", "ours")

_MEMORY_KEPT = {
    # Else the C library gives what a step needed back to the system and asks for it again, or does
    # not, as it happens to lie: with CNN-standard, a third of PyTorch's step.
    "MALLOC_TRIM_THRESHOLD_": "4000000000",
    "MALLOC_MMAP_THRESHOLD_": "4000000000",
}
_COMPILED = Path(__file__).resolve().parents[2] / "build" / "out" / "torch-compiled"


def _torch(name: str, **options: Any) -> Setting:
    folder = {"TORCHINDUCTOR_CACHE_DIR": str(_COMPILED)}
    return Setting(name, "torch_peer", options, _MEMORY_KEPT | folder)


def _jax(name: str, threads: int) -> Setting:
    """JAX takes as many threads as it finds cores, or as it is told there are."""
    return Setting(name, "jax_peer", {}, {"NPROC": str(threads)})


_EAGER = (
    _torch("PyTorch, 1 thread", threads=1),
    _torch("PyTorch, 2 threads", threads=2),
)
_CHANNELS_LAST = (
    _torch("PyTorch, 1 thread, channels last", threads=1, channels_last=True),
    _torch("PyTorch, 2 threads, channels last", threads=2, channels_last=True),
)
_COMPILED_ALONE = (
    _torch("torch.compile, 1 thread", threads=1, compiled=True),
    _jax("JAX, 1 thread", 1),
)
_COMPILED_BOTH = (
    _torch("torch.compile, 2 threads", threads=2, compiled=True),
    _jax("JAX, 2 threads", 2),
)
_SKLEARN = (Setting("scikit-learn", "sklearn_peer"),)
PEERS = (*_EAGER, *_CHANNELS_LAST, *_COMPILED_ALONE, *_COMPILED_BOTH, *_SKLEARN)


def _names(*groups: tuple[Setting, ...]) -> tuple[str, ...]:
    return tuple(setting.name for setting in itertools.chain(*groups))


_FOR_PICTURES = _names(_EAGER, _CHANNELS_LAST, _COMPILED_BOTH)
#: Without images in the network, the memory format of images makes no difference; but its
#: products may be too small for two threads.
_FOR_DENSE = _names(_EAGER, _COMPILED_ALONE, _COMPILED_BOTH)

ROWS = (
    Row("train-standard", "train step, cnn-standard, batch 64",
        Job("train", "cnn-standard", 64), _FOR_PICTURES, 1.15, 1.5),
    Row("train-light", "train step, cnn-light, batch 64",
        Job("train", "cnn-light", 64), _FOR_PICTURES, 1.4, 2.0),
    Row("train-reader", "train step, reader's network, batch 128",
        Job("train", "reader", 128), _FOR_PICTURES, 1.0, 1.3),
    Row("train-mlp", "train step, MLP 784-128-10, batch 64",
        Job("train", "mlp(128)", 64), _FOR_DENSE, 1.2, 1.5, rounds=6, sittings=5),
    Row("train-mlp-wide", "train step, MLP 784-1024-10, batch 128",
        Job("train", "mlp(1024)", 128), _FOR_DENSE, 1.0, 1.3, rounds=6, sittings=3),
    Row("train-mlp-sklearn", "train step, MLP 784-128-10, batch 64",
        Job("train", "mlp(128)", 64), _names(_SKLEARN), 1.5, 2.5, rounds=6, sittings=5),
    Row("evaluate", "read 10,000 images, cnn-standard",
        Job("evaluate", "cnn-standard", 10_000), _FOR_PICTURES, 1.2, 1.5, rounds=5),
    Row("evaluate-reader", "read 10,000 images, reader's network",
        Job("evaluate", "reader", 10_000), _FOR_PICTURES, 1.0, 1.3, rounds=5),
    Row("single", "read one image, cnn-standard, p99",
        Job("single", "cnn-standard", 1), _FOR_PICTURES, 0.002, 0.0005, rounds=5, counts_p99=True),
)  # fmt: skip

SCALING_BATCHES = (16, 32, 64, 128, 256, 512)
SCALING_FILTERS = (8, 16, 32, 64, 128)
SCALING_COUNTS = (500, 1_000, 2_000, 4_000, 8_000, 16_000)
SCALING_SPEC = "conv({filters}, 3) relu maxpool(2) flatten dense(10)"
