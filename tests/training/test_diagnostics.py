"""Each diagnosis is given where it is due, once, and only there."""

from __future__ import annotations

import numpy as np
import pytest

from digitdesk.messages.run import EpochFinished, Suggestion, TrainingConfig
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.spec.build import build_network
from digitdesk.training.diagnostics import Diagnostics, dead_part
from digitdesk.training.settings import LiveSettings
from tests.training.small_runs import CNN, MLP, stripes

IMAGES, _ = stripes(100, 1)


def history(
    train: list[float], validation: list[float] | None = None, accuracy: float = 0.8
) -> list[EpochFinished]:
    held_out = validation or [None] * len(train)
    return [
        EpochFinished(0, k + 1, 10 * (k + 1), loss, accuracy, held, 0.8, None, None, 1.0)
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
