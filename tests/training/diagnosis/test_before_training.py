"""What will mislead is said before the first step, and nothing of what is well."""

from __future__ import annotations

import numpy as np
import pytest

from digitdesk.messages.hint import reason
from digitdesk.messages.model import DIGITS
from digitdesk.messages.run import RunDiagnosis, Suggestion, TrainingConfig
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.network import Network
from digitdesk.nn.spec.architectures import ARCHITECTURES
from digitdesk.nn.spec.build import build_network
from digitdesk.training.diagnosis.before_training import before_training

EVEN = np.repeat(np.arange(10, dtype=np.uint8), 100)


def said_of(
    network: Network | None = None, labels: np.ndarray = EVEN, **settings: float | str
) -> list[RunDiagnosis]:
    network = network or build_network("softmax", backend=cpu_backend())
    return before_training(network, TrainingConfig(**settings), labels, DIGITS, 1)


def kinds(network: Network, **settings: float) -> list[str]:
    return [one.kind for one in said_of(network, **settings)]


@pytest.mark.parametrize(
    ("model", "batch_size", "count"),
    [
        ("flatten dense(16) batchnorm relu dense(10)", 1, 1),
        ("flatten dense(16) batchnorm relu dense(10)", 2, 0),
        ("conv(4, 3) batchnorm relu flatten dense(10)", 1, 0),
        ("conv(4, 3) averagepool(28) batchnorm relu flatten dense(10)", 1, 1),
        ("flatten dense(10) sigmoid", 64, 1),
        ("flatten dense(10) batchnorm softmax", 1, 2),
        ("softmax", 64, 0),
    ],
)
def test_what_a_network_cannot_learn_is_said_before(
    model: str, batch_size: int, count: int
) -> None:
    network = build_network(model, backend=cpu_backend())
    assert kinds(network, batch_size=batch_size) == ["network"] * count + [
        "tiny-batch" for _ in range(batch_size <= 4)
    ]


@pytest.mark.parametrize("model", sorted(ARCHITECTURES))
def test_no_named_network_is_doubted(model: str) -> None:
    assert kinds(build_network(model, backend=cpu_backend())) == []


def test_few_pictures_are_to_be_varied() -> None:
    few = EVEN[::10]
    (found,) = said_of(labels=few)
    assert (found.kind, found.suggestion) == ("few-pictures", Suggestion("augmentation", 0.5))
    assert said_of(labels=few, augmentation=0.5) == []


def test_very_small_steps_are_named_where_there_is_much_to_learn_from() -> None:
    (found,) = said_of(batch_size=4)
    assert (found.kind, found.suggestion) == ("tiny-batch", None)
    assert said_of(batch_size=5) == []
    assert [one.kind for one in said_of(labels=EVEN[::3], batch_size=4)] == []


@pytest.mark.parametrize(
    ("settings", "is_said"),
    [
        ({"optimizer": "momentum", "momentum": 0.97}, True),
        ({"optimizer": "nesterov", "momentum": 0.99}, True),
        ({"optimizer": "momentum", "momentum": 0.96}, False),
        ({"optimizer": "momentum", "momentum": 0.97, "learning_rate": 0.001}, False),
        ({"optimizer": "adam", "momentum": 0.97}, False),
    ],
)
def test_high_momentum_at_the_usual_rate_overshoots(
    settings: dict[str, float | str], is_said: bool
) -> None:
    wanted = [Suggestion("momentum", 0.9)] if is_said else []
    assert [one.suggestion for one in said_of(**settings)] == wanted


def test_classes_of_very_different_size_are_named() -> None:
    labels = np.repeat(np.array([0, 1, 2, 10], dtype=np.uint8), [500, 300, 100, 5000])
    (found,) = said_of(labels=labels)  # rejects, which are no class, do not count
    assert found.sentence_id.startswith("There are 500 pictures of 0 and 100 of 2:")
    assert reason(found)
    assert said_of(labels=labels[1:]) == []
