"""The loop: its events, its endings, that it learns, and that a seed decides everything."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from digitdesk.errors import TrainingError
from digitdesk.messages.run import (
    EpochFinished,
    Progress,
    RunEvent,
    RunFinished,
    RunStarted,
    TrainingConfig,
)
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.network import Network
from digitdesk.nn.spec.build import build_network
from digitdesk.training.commands import Command, RunCommands
from digitdesk.training.run import Run
from digitdesk.training.split import TrainingData
from tests.training.small_runs import stripes, trainer_of

CONFIG = TrainingConfig(
    model="mlp", epochs=3, batch_size=32, optimizer="adam", schedule="constant", seed=5
)


class StopAt(RunCommands):
    """Asks for a stop before the step after ``step``."""

    def __init__(self, step: int, *, closing: bool = False) -> None:
        super().__init__()
        self._left = step
        self._closing = closing

    def next_command(self, *, wait: bool) -> Command | None:
        if self._left == 0:
            self.stop(closing=self._closing)
        self._left -= 1
        return super().next_command(wait=wait)


@pytest.fixture(scope="module")
def data() -> TrainingData:
    return TrainingData(*stripes(400, 1), *stripes(80, 2), *stripes(100, 3))


def run(
    data: TrainingData,
    config: TrainingConfig = CONFIG,
    commands: RunCommands | None = None,
) -> tuple[list[RunEvent], RunFinished, Network]:
    network = build_network(config.model, backend=cpu_backend(), seed=config.seed)
    events: list[RunEvent] = []
    wanted = Run(config=config, emit=events.append, commands=commands or RunCommands(), run_id=4)
    trainer = trainer_of(wanted, data, network)
    finished = trainer.run()
    return events, finished, network


def test_a_whole_run_tells_everything_once(data: TrainingData) -> None:
    events, finished, network = run(data)
    assert isinstance(events[0], RunStarted)
    assert [type(e) for e in events].count(RunStarted) == 1
    assert events[0].steps_per_epoch == 13
    assert events[0].parameter_count == network.parameter_count
    epochs = [e for e in events if isinstance(e, EpochFinished)]
    assert [e.epoch for e in epochs] == [1, 2, 3]
    assert [e.step for e in epochs] == [13, 26, 39]
    progress = [e for e in events if isinstance(e, Progress)]
    assert progress[-1].step == progress[-1].total_steps == 39
    assert progress[-1].seconds_left == 0
    assert not any(isinstance(e, RunFinished) for e in events), "the worker emits the last one"
    assert finished.ending == "completed"
    assert finished.epochs == 3
    assert finished.test_accuracy == epochs[-1].test_accuracy
    low, high = finished.test_interval or (0, 0)
    assert low <= (finished.test_accuracy or 0) <= high
    assert all(e.run_id == 4 for e in events)


def test_it_learns(data: TrainingData) -> None:
    events, finished, _ = run(data)
    losses = [e.train_loss for e in events if isinstance(e, EpochFinished)]
    assert losses[-1] < losses[0] / 2
    assert (finished.test_accuracy or 0) > 0.95


def test_stop_keeps_what_was_learned_and_says_so(data: TrainingData) -> None:
    events, finished, _ = run(data, commands=StopAt(20))
    assert finished.ending == "stopped"
    assert finished.epochs == 1
    assert finished.test_accuracy is not None
    assert finished.test_count == len(data.test_labels)
    assert [type(e) for e in events].count(EpochFinished) == 1


def test_the_same_seed_gives_the_same_weights(data: TrainingData) -> None:
    config = dataclasses.replace(CONFIG, model="cnn-light", epochs=1, augmentation=0.5)
    first, second = run(data, config)[2].snapshot(), run(data, config)[2].snapshot()
    other = run(data, dataclasses.replace(config, seed=6))[2].snapshot()
    assert first.keys() == second.keys()
    assert all(np.array_equal(first[name], second[name]) for name in first)
    assert not all(np.array_equal(first[name], other[name]) for name in first)


def test_a_diverged_run_stops_with_an_explanation(data: TrainingData) -> None:
    network = build_network(CONFIG.model, backend=cpu_backend(), seed=0)
    network.parameters.values[0] = float("nan")
    trainer = trainer_of(Run(config=CONFIG), data, network)
    with pytest.raises(TrainingError, match=r"before step \d+: .* with a learning rate of"):
        trainer.run()


def test_weights_are_published_and_the_average_is_what_is_kept(data: TrainingData) -> None:
    config = dataclasses.replace(CONFIG, average=0.9)
    _, averaged, network = run(data, config)
    _, _, plain = run(data)
    assert averaged.test_accuracy is not None
    assert averaged.test_accuracy > 0.9
    assert not np.array_equal(network.parameters.values, plain.parameters.values)
