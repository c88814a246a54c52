"""The rows of the bench's table: what is measured, against whom, and what it has to reach."""

from __future__ import annotations

from dataclasses import dataclass

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

PEERS = (
    Setting("PyTorch, 1 thread", "torch_peer", {"threads": 1}),
    Setting("PyTorch, 2 threads", "torch_peer", {"threads": 2}),
    Setting(
        "PyTorch, 1 thread, channels last", "torch_peer", {"threads": 1, "channels_last": True}
    ),
    Setting(
        "PyTorch, 2 threads, channels last", "torch_peer", {"threads": 2, "channels_last": True}
    ),
    Setting(
        "PyTorch, 2 threads, channels last, memory kept",
        "torch_peer",
        {"threads": 2, "channels_last": True},
        # Else the C library gives what a step needed back to the system and asks for it again,
        # or does not, as it happens to lie: with CNN-standard, a third of the step's time.
        {"MALLOC_TRIM_THRESHOLD_": "4000000000", "MALLOC_MMAP_THRESHOLD_": "4000000000"},
    ),
    Setting("scikit-learn", "sklearn_peer"),
)

_TORCH = tuple(peer.name for peer in PEERS if peer.module == "torch_peer")
_PLAIN_TORCH = _TORCH[:2]
"""Without images in the network, the memory format of images makes no difference."""

ROWS = (
    Row("train-standard", "train step, cnn-standard, batch 64",
        Job("train", "cnn-standard", 64), _TORCH, 1.0, 1.5),
    Row("train-light", "train step, cnn-light, batch 64",
        Job("train", "cnn-light", 64), _TORCH, 0.85, 1.3),
    Row("train-mlp", "train step, MLP 784-128-10, batch 64",
        Job("train", "mlp(128)", 64), _PLAIN_TORCH, 1.2, 2.0, rounds=6, sittings=5),
    Row("train-mlp-wide", "train step, MLP 784-1024-10, batch 128",
        Job("train", "mlp(1024)", 128), _PLAIN_TORCH, 0.9, 1.5, rounds=6, sittings=3),
    Row("train-mlp-sklearn", "train step, MLP 784-128-10, batch 64",
        Job("train", "mlp(128)", 64), ("scikit-learn",), 2.0, 3.0, rounds=6, sittings=5),
    Row("evaluate", "read 10,000 images, cnn-standard",
        Job("evaluate", "cnn-standard", 10_000), _TORCH, 1.0, 1.5, rounds=5),
    Row("single", "read one image, cnn-standard, p99",
        Job("single", "cnn-standard", 1), _TORCH, 0.002, 0.0005, rounds=5, counts_p99=True),
)  # fmt: skip

SCALING_BATCHES = (16, 32, 64, 128, 256, 512)
SCALING_FILTERS = (8, 16, 32, 64, 128)
SCALING_COUNTS = (500, 1_000, 2_000, 4_000, 8_000, 16_000)
SCALING_SPEC = "conv({filters}, 3) relu maxpool(2) flatten dense(10)"
