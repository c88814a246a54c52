"""Small runs for tests: learnable pictures, runs that stop as told, and a comparison of runs."""

from __future__ import annotations

import dataclasses
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np

from digitdesk.messages.model import ModelCard
from digitdesk.messages.run import RunEvent, RunFinished, TrainingConfig
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.network import Network
from digitdesk.nn.spec.build import build_network
from digitdesk.session.checkpoint_store import CheckpointStore
from digitdesk.training.checkpoint import Checkpoint
from digitdesk.training.commands import Command, RunCommands
from digitdesk.training.run import Run
from digitdesk.training.split import TrainingData
from digitdesk.training.trainer import Trainer
from digitdesk.training.weight_publisher import Weights

MLP = "flatten dense(24) relu dense(10)"
CNN = "conv(4, 3) batchnorm relu maxpool(2) flatten dense(16) batchnorm relu dropout(0.3) dense(10)"
OPTIMIZERS = ("sgd", "momentum", "adam")
STEPS = 21
"""Of a whole run of ``config``: three epochs of seven steps."""


def stripes(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Pictures with one bright stripe whose row is the label: learnable in a moment."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 10, count).astype(np.uint8)
    images = rng.integers(0, 60, (count, 28, 28)).astype(np.uint8)
    images[np.arange(count), 4 + 2 * labels.astype(int)] = 255
    return images, labels


def write_idx_folder(folder: Path, *, train_count: int, test_count: int = 0) -> None:
    """A small data set as files, to be trained on by its folder's name."""
    folder.mkdir(parents=True)
    parts = {"train": stripes(train_count, 1)}
    if test_count:
        parts["t10k"] = stripes(test_count, 2)
    for prefix, (images, labels) in parts.items():
        for array, name in ((images, "images-idx3-ubyte"), (labels, "labels-idx1-ubyte")):
            header = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape)
            (folder / f"{prefix}-{name}").write_bytes(header + array.tobytes())


def small_data() -> TrainingData:
    return TrainingData(*stripes(200, 1), *stripes(40, 2), *stripes(50, 3))


def config(model: str, optimizer: str) -> TrainingConfig:
    """A run of 21 steps; on the CNN with everything that draws random numbers."""
    is_cnn = model == CNN
    return TrainingConfig(
        model=model,
        optimizer=optimizer,
        epochs=3,
        batch_size=32,
        schedule="one-cycle",
        augmentation=0.5 if is_cnn else 0.0,
        average=0.9 if is_cnn else 0.0,
        weight_decay=0.001 if is_cnn else 0.0,
        seed=7,
        threads=2,
    )


class Script(RunCommands):
    """Commands at certain steps: ``{step: method}``; closing at a step ends the run there."""

    def __init__(self, commands: dict[int, list[tuple[object, ...]]], close_at: int = -1) -> None:
        super().__init__()
        self._script = dict(commands)
        self._close_at = close_at
        self.trainer: Trainer | None = None

    def next_command(self, *, wait: bool) -> Command | None:
        assert self.trainer is not None
        step = self.trainer.step
        if step == self._close_at:
            self.stop(closing=True)
        for name, *arguments in self._script.pop(step, ()):
            getattr(self, str(name))(*arguments)
        return super().next_command(wait=wait)


@dataclasses.dataclass
class Outcome:
    """All that came out of a run."""

    finished: RunFinished
    events: list[RunEvent]
    kept: list[Checkpoint]
    published: list[tuple[int, Weights]]

    @property
    def last(self) -> Checkpoint:
        return self.kept[-1]


def trainer_of(
    run: Run, data: TrainingData, network: Network | None = None, **clock: Callable[[], float]
) -> Trainer:
    """The loop of a run, its network built as its config says unless another is given."""
    config = run.config
    if network is None:
        network = build_network(config.model, backend=cpu_backend(), seed=config.seed)
    return Trainer(run, data, network, ModelCard(title="", spec=network.spec), **clock)


def run(
    settings: TrainingConfig,
    data: TrainingData,
    *,
    commands: dict[int, list[tuple[object, ...]]] | None = None,
    close_at: int = -1,
    resume_from: Checkpoint | None = None,
    network: Network | None = None,
) -> Outcome:
    """Train; with ``close_at``, end before the step after that one."""
    script = Script(commands or {}, close_at)
    events: list[RunEvent] = []
    kept: list[Checkpoint] = []
    published: list[tuple[int, Weights]] = []
    trainer = trainer_of(
        Run(
            config=settings,
            emit=events.append,
            publish=lambda live: published.append((live.step, live.weights)),
            commands=script,
            keep=kept.append,
            resume_from=resume_from,
            run_id=3,
        ),
        data,
        network,
    )
    script.trainer = trainer
    return Outcome(trainer.run(), events, kept, published)


def through_a_file(checkpoint: Checkpoint, folder: Path) -> Checkpoint:
    """The state as another process would read it."""
    CheckpointStore(folder).keep(checkpoint)
    loaded = CheckpointStore(folder).load()
    assert loaded is not None
    return loaded


def differences(a: Checkpoint, b: Checkpoint) -> list[str]:
    """Names of what is not equal bit for bit; only how long things took may differ."""
    different = sorted(a.arrays.keys() ^ b.arrays.keys())
    # When losses were told, a run that went on has one sample more or less.
    for name in (a.arrays.keys() & b.arrays.keys()) - {"losses"}:
        one, other = a.arrays[name], b.arrays[name]
        if name == "history":
            one, other = one[:, :-1], other[:, :-1]
        if (one.dtype, one.shape, one.tobytes()) != (other.dtype, other.shape, other.tobytes()):
            different.append(name)
    facts_a, facts_b = (dataclasses.replace(c.facts, train_seconds=0.0, saved="") for c in (a, b))
    return different + ([] if facts_a == facts_b else ["facts"])
