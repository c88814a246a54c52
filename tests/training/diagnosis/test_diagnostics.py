"""Each diagnosis is given where it is due, once, and only there."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from digitdesk.messages.run import (
    DiagnosisLifted,
    EpochFinished,
    RunDiagnosis,
    Suggestion,
    TrainingConfig,
)
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.spec.build import build_network
from digitdesk.training.diagnosis.dead_units import dead_part
from digitdesk.training.diagnosis.diagnostics import Diagnostics
from digitdesk.training.settings import LiveSettings
from tests.training.small_runs import CNN, MLP, stripes

IMAGES, _ = stripes(100, 1)


def history(
    train: list[float], validation: list[float] | None = None, accuracy: float = 0.8
) -> list[EpochFinished]:
    held_out = validation or [None] * len(train)
    return [
        EpochFinished(0, k + 1, 60 * (k + 1), loss, accuracy, held, accuracy, None, None, 1.0)
        for k, (loss, held) in enumerate(zip(train, held_out, strict=True))
    ]


def diagnoses(epochs: list[EpochFinished], model: str = MLP, **settings: float) -> list[str]:
    finder = Diagnostics(build_network(model, backend=cpu_backend()), IMAGES, 1)
    live = LiveSettings.of(TrainingConfig(model=model, **settings))
    given = []
    for count in range(1, len(epochs) + 1):
        given += finder.after_epoch(epochs[:count], live)
    return given


def test_a_good_run_gets_no_hint() -> None:
    assert diagnoses(history([1.0, 0.5, 0.3, 0.2, 0.15], [1.0, 0.6, 0.4, 0.35, 0.34])) == []


def test_overfitting_is_seen_and_answered() -> None:
    epochs = history([0.5, 0.3, 0.2, 0.1, 0.05], [0.5, 0.4, 0.42, 0.5, 0.6])
    (found,) = diagnoses(epochs)
    assert (found.kind, found.epoch, found.suggestion) == (
        "overfitting",
        4,
        Suggestion("augmentation", 0.5),
    )
    (found,) = diagnoses(epochs, CNN, augmentation=0.8)
    assert found.suggestion == Suggestion("dropout", 0.5)
    (found,) = diagnoses(epochs, augmentation=0.8)
    assert found.suggestion is not None
    assert found.suggestion.name == "weight_decay"


def test_rising_losses_of_both_parts_are_no_overfitting() -> None:
    assert diagnoses(history([0.5, 0.3, 0.4, 0.5, 0.6], [0.5, 0.4, 0.42, 0.5, 0.6])) != []
    kinds = {
        one.kind
        for one in diagnoses(history([0.5, 0.3, 0.4, 0.5, 0.6], [0.5, 0.4, 0.42, 0.5, 0.6]))
    }
    assert kinds == {"plateau"}


def test_a_plateau_is_seen_once_unless_there_is_nothing_left_to_learn() -> None:
    flat = [0.9, 0.5, 0.499, 0.498, 0.497, 0.496, 0.495]
    (found,) = diagnoses(history(flat))
    assert (found.kind, found.sentence_id, found.epoch) == ("plateau", "plateau", 5)
    assert diagnoses(history(flat, accuracy=0.995)) == []
    (found,) = diagnoses(history([2.31, 2.30], accuracy=0.11), learning_rate=0.5)
    assert (found.kind, found.sentence_id) == ("plateau", "never-learned")
    assert found.suggestion == Suggestion("learning_rate", pytest.approx(0.05))


def test_dead_units_are_counted_without_touching_the_network() -> None:
    network = build_network(MLP, backend=cpu_backend())
    assert dead_part(network, IMAGES) < 0.2
    network.parameters["dense1.bias"].value[:12] = -1000
    before = network.parameters.values.copy()
    assert dead_part(network, IMAGES) == pytest.approx(0.5)
    np.testing.assert_array_equal(network.parameters.values, before)
    finder = Diagnostics(network, IMAGES, 1)
    (found,) = finder.after_epoch(history([0.5]), LiveSettings.of(TrainingConfig()))
    assert found.kind == "dead-relu"


@pytest.mark.parametrize("model", [CNN, "cnn-light", "softmax"])
def test_dead_units_are_found_in_every_kind_of_network(model: str) -> None:
    network = build_network(model, backend=cpu_backend())
    statistics = network.statistics.values.copy()
    assert dead_part(network, IMAGES) < 0.4
    np.testing.assert_array_equal(network.statistics.values, statistics)
    if model == "cnn-light":
        network.parameters["conv1.bias"].value[...] = -1000
        assert dead_part(network, IMAGES) == 1.0


def test_no_more_than_the_usual_learning_rate_is_suggested() -> None:
    network = build_network(MLP, backend=cpu_backend())
    finder = Diagnostics(network, IMAGES, 1, usual_rate=0.001)
    for given, wanted in ((10.0, 0.001), (0.002, 0.0002)):
        live = LiveSettings.of(TrainingConfig(model=MLP, learning_rate=given))
        found = finder.diverged(0, live)
        assert found.suggestion is not None
        assert found.suggestion.value == pytest.approx(wanted)


def small_set(classes: int, *shares: float) -> np.ndarray:
    """Labels of so many classes, as frequent as said."""
    parts = shares or (1 / classes,) * classes
    return np.repeat(np.arange(classes), [round(1000 * share) for share in parts]).astype(np.uint8)


@pytest.mark.parametrize(
    ("labels", "accuracy", "loss", "is_guessing"),
    [
        (small_set(2), 0.925, 0.2, False),
        (small_set(2), 0.51, 0.7, True),
        (small_set(2, 0.95, 0.05), 0.95, 0.199, True),
        (small_set(2, 0.95, 0.05), 0.95, 0.1, False),  # its loss says that it has learned
        (small_set(10), 0.11, 2.3, True),
        (small_set(10), 0.11, 40.0, True),  # steps much too large
        (small_set(10), 0.25, 2.1, False),
    ],
)
def test_guessing_is_doing_no_better_than_the_most_frequent_class(
    labels: np.ndarray, accuracy: float, loss: float, is_guessing: bool
) -> None:
    network = build_network(MLP, classes=10, backend=cpu_backend())
    finder = Diagnostics(network, IMAGES, 1, labels=labels)
    live = LiveSettings.of(TrainingConfig(model=MLP))
    epochs = history([loss, loss], accuracy=accuracy)
    given = finder.after_epoch(epochs[:1], live) + finder.after_epoch(epochs, live)
    assert ["never-learned" in one.sentence_id for one in given] == [True] * is_guessing


def test_a_single_epoch_that_taught_nothing_is_said_at_its_end() -> None:
    finder = Diagnostics(build_network(MLP, backend=cpu_backend()), IMAGES, 1)
    epoch = dataclasses.replace(history([2.3], accuracy=0.1)[0], step=900)
    assert finder.after_epoch([epoch], LiveSettings.of(TrainingConfig(epochs=5))) == ()
    (found,) = finder.after_epoch([epoch], LiveSettings.of(TrainingConfig(epochs=1)))
    assert isinstance(found, RunDiagnosis)
    assert found.sentence_id == "never-learned"


def test_a_few_steps_say_nothing() -> None:
    """Of twelve pictures an epoch is one step."""
    epochs = [
        dataclasses.replace(epoch, step=epoch.epoch) for epoch in history([2.3] * 30, accuracy=0.1)
    ]
    assert diagnoses(epochs) == []
    flat = [dataclasses.replace(e, step=e.epoch) for e in history([2.3] + [0.5] * 80)]
    (found,) = diagnoses(flat)
    assert (found.sentence_id, found.epoch) == ("plateau", 52)


def test_a_hint_that_no_longer_holds_is_lifted() -> None:
    falling = [0.9, 0.5, 0.499, 0.498, 0.497, 0.3, 0.2, 0.2, 0.2, 0.2]
    found = diagnoses(history(falling))
    assert [type(one) for one in found] == [RunDiagnosis, DiagnosisLifted]
    assert found[1] == DiagnosisLifted(1, "plateau")
    network = build_network(MLP, backend=cpu_backend())
    finder, live = Diagnostics(network, IMAGES, 1), LiveSettings.of(TrainingConfig())
    bias = network.parameters["dense1.bias"].value
    bias[:12] = -1000
    (dead,) = finder.after_epoch(history([0.5]), live)
    assert dead.kind == "dead-relu"
    bias[:12] = 0
    assert finder.after_epoch(history([0.5, 0.4]), live) == (DiagnosisLifted(1, "dead-relu"),)
