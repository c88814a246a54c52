"""Commands are obeyed between two steps, in order, and the same commands give the same run."""

from __future__ import annotations

import dataclasses
import queue

import numpy as np
import pytest

from digitdesk.errors import ConfigError
from digitdesk.messages.run import (
    EpochFinished,
    Progress,
    RunEvent,
    RunExtended,
    RunFinished,
    RunPaused,
    RunResumed,
    SettingChanged,
    TrainingConfig,
)
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.optim.optimizers import Momentum
from digitdesk.nn.spec.build import build_network
from digitdesk.training.commands import RunCommands
from digitdesk.training.run import Run
from digitdesk.training.settings import LiveSettings, changeable, check_change, optimizer_of
from digitdesk.training.worker import TrainingWorker
from tests.training.small_runs import CNN, MLP, config, differences, run, small_data, trainer_of

DATA = small_data()


class Watched:
    """A run on a worker thread whose events are waited for."""

    def __init__(self, settings: TrainingConfig) -> None:
        self.events: queue.SimpleQueue[RunEvent] = queue.SimpleQueue()
        self.commands = RunCommands()

        def job(run: Run) -> RunFinished:
            self.trainer = trainer_of(run, DATA)
            return self.trainer.run()

        wanted = Run(config=settings, emit=self.events.put, commands=self.commands)
        self.worker = TrainingWorker(wanted, job)

    def wait_for(self, kind: type[RunEvent]) -> RunEvent:
        while True:
            event = self.events.get(timeout=20)
            if isinstance(event, kind):
                return event


def test_pause_step_resume_and_stop_in_a_pause() -> None:
    watched = Watched(dataclasses.replace(config(MLP, "sgd"), epochs=5000))
    watched.commands.pause()
    watched.worker.start()
    watched.wait_for(RunPaused)
    assert watched.trainer.step == 0
    for step in (1, 2, 3):
        watched.commands.single_step()
        event = watched.events.get(timeout=20)
        assert isinstance(event, Progress)
        assert event.step == step
    watched.commands.pause()  # a second command for what is so already changes nothing
    watched.commands.resume()
    assert isinstance(watched.events.get(timeout=20), RunResumed)
    watched.wait_for(EpochFinished)
    watched.commands.single_step()  # and neither does a single step while it runs
    watched.commands.pause()
    watched.wait_for(RunPaused)
    watched.commands.stop()
    last = watched.wait_for(RunFinished)
    assert isinstance(last, RunFinished)
    assert last.ending == "stopped"
    assert watched.worker.join(5)
    assert watched.events.empty()


def test_single_steps_give_the_same_weights() -> None:
    settings = dataclasses.replace(config(CNN, "adam"), epochs=1)
    commands = {0: [("pause",), *[("single_step",)] * 7]}
    stepped = run(settings, DATA, commands=commands)
    assert differences(stepped.last, run(settings, DATA).last) == []
    # A step that ends an epoch reports it, and the run is done without being resumed.
    assert stepped.finished.ending == "completed"
    assert [e.step for e in stepped.events if isinstance(e, Progress)] == list(range(1, 8))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("learning_rate", 0.03),
        ("momentum", 0.2),
        ("dropout", 0.6),
        ("weight_decay", 0.2),
        ("augmentation", 0.0),
    ],
)
def test_a_change_acts_from_its_step_on_and_is_repeatable(name: str, value: float) -> None:
    settings = config(CNN, "momentum")
    commands = {10: [("change", name, value)]}
    changed, again = run(settings, DATA, commands=commands), run(settings, DATA, commands=commands)
    assert differences(changed.last, again.last) == []
    assert "weights.dense2.kernel" in differences(changed.last, run(settings, DATA).last)
    assert [e for e in changed.events if isinstance(e, SettingChanged)] == [
        SettingChanged(3, 10, name, value)
    ]
    assert [(c.step, c.name) for c in changed.last.changes] == [(10, name)]
    # Nothing happens before the step it was asked for at.
    before, same = (run(settings, DATA, commands=w, close_at=10).last for w in ({}, {9: []}))
    assert differences(before, same) == []


def test_a_changed_peak_scales_the_schedule() -> None:
    settings = dataclasses.replace(config(MLP, "sgd"), schedule="cosine", epochs=1)
    steps = {step: [("single_step",)] for step in range(7)}
    steps[0] = [("pause",), *steps[0]]
    plain = run(settings, DATA, commands=steps)
    steps[3] = [("change", "learning_rate", 0.2), *steps[3]]
    changed = run(settings, DATA, commands=steps)
    rates, plain_rates = (
        [e.learning_rate for e in outcome.events if isinstance(e, Progress)]
        for outcome in (changed, plain)
    )
    assert rates[:3] == plain_rates[:3]
    assert rates[3:] == pytest.approx([2 * rate for rate in plain_rates[3:]])


def test_an_epoch_can_be_added_up_to_the_last_moment() -> None:
    settings = config(MLP, "sgd")
    longer = run(settings, DATA, commands={20: [("extend",)], 21: [("extend",)]})
    assert longer.finished.epochs == 5
    assert [e for e in longer.events if isinstance(e, RunExtended)] == [
        RunExtended(3, 4, 28, 20),
        RunExtended(3, 5, 35, 21),
    ]
    assert longer.last.facts.step == 35
    assert np.isfinite(longer.last.arrays["weights.dense2.kernel"]).all()


def test_what_can_be_changed_depends_on_the_run() -> None:
    assert changeable(config(CNN, "momentum")) == {
        "learning_rate": 0.05,
        "momentum": 0.9,
        "weight_decay": 0.001,
        "augmentation": 0.5,
        "dropout": 0.3,
    }
    assert changeable(config(MLP, "adam")).keys() == {
        "learning_rate",
        "weight_decay",
        "augmentation",
    }
    assert changeable(config(MLP, "adamw"))["weight_decay"] == 0.01


@pytest.mark.parametrize(
    ("model", "name", "value", "sentence"),
    [
        (MLP, "dropout", 0.2, "no dropout layers"),
        (MLP, "momentum", 0.2, "adam has no momentum"),
        (MLP, "seed", 1, "'seed' cannot be changed"),
        (MLP, "learning_rate", 0, "learning rate"),
        (MLP, "learning_rate", float("nan"), "learning rate"),
        (MLP, "augmentation", 1.5, "augmentation"),
        (CNN, "dropout", 1.0, "dropout"),
    ],
)
def test_impossible_changes_are_refused(model: str, name: str, value: float, sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        check_change(config(model, "adam"), name, value)


def test_settings_reach_dropout_inside_blocks() -> None:
    spec = "conv(4, 3) residual(conv(4, 3) dropout(0.1)) flatten dropout(0.2) dense(10)"
    settings = TrainingConfig(model=spec, optimizer="momentum")
    network, optimizer = build_network(spec, backend=cpu_backend()), optimizer_of(settings)
    LiveSettings.of(settings).apply(optimizer, [network])
    assert [layer.rate for layer in _dropouts(network)] == [0.1, 0.2]
    live = LiveSettings.of(settings).changed("dropout", 0.4).changed("momentum", 0.5)
    live.apply(optimizer, [network])
    assert [layer.rate for layer in _dropouts(network)] == [0.4, 0.4]
    assert isinstance(optimizer, Momentum)
    assert optimizer.momentum == 0.5


def _dropouts(network):
    from digitdesk.nn.layers.dropout import dropout_layers

    return list(dropout_layers(network.layers))
