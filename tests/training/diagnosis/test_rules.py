"""Each rule finds what it is for, in every kind of network, and nothing where all is well."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import pytest

from digitdesk.messages.hint import HINTS, REASONS
from digitdesk.messages.run import EpochFinished, Suggestion, TrainingConfig
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.spec.build import build_network
from digitdesk.training.diagnosis import rules
from digitdesk.training.diagnosis.evidence import BlindGuessing, Evidence, Finding
from digitdesk.training.settings import LiveSettings
from tests.training.small_runs import CNN, MLP, stripes

IMAGES, _ = stripes(20, 1)
WITH_DROPOUT = "flatten dense(16) relu dropout(0.7) dense(10)"
EPOCHS = 9


def epochs(
    losses: Sequence[float],
    accuracy: float = 0.8,
    held_out_losses: Sequence[float | None] | None = None,
    held_out_accuracy: float | None = None,
) -> list[EpochFinished]:
    held_out = held_out_losses or [None] * len(losses)
    return [
        EpochFinished(0, k, 60 * k, loss, accuracy, held, held_out_accuracy, None, None, 1)
        for k, (loss, held) in enumerate(zip(losses, held_out, strict=True), start=1)
    ]


def run(history: list[EpochFinished], model: str = MLP, **settings: float | str) -> Evidence:
    usual = {"usual_rate": 0.001, "usual_decay": 0.0}
    for name in usual:
        usual[name] = float(settings.pop(name, usual[name]))
    config = TrainingConfig(model=model, epochs=EPOCHS, **settings)
    live = LiveSettings.of(config)
    network = build_network(model, backend=cpu_backend())
    return Evidence(history, live, network, IMAGES, BlindGuessing.of(None, 10), **usual)


SINKING = epochs([2.29, 2.28, 2.27], accuracy=0.3)
GUESSING = epochs([2.3, 2.3], accuracy=0.11)
JUMPING = epochs([0.5, 0.9, 0.4, 0.8, 0.3])


def reading(*accuracies: float) -> list[EpochFinished]:
    """Held-out images in epochs whose training loss sinks and whose held-out loss jumps."""
    sinking = epochs([0.05, 0.04, 0.03, 0.02, 0.01], 0.99, [0.008, 0.010, 0.006, 0.009, 0.007])
    return [
        dataclasses.replace(epoch, validation_accuracy=accuracy)
        for epoch, accuracy in zip(sinking, accuracies, strict=True)
    ]


POOR = epochs([1.5, 1.2, 1.1], accuracy=0.6, held_out_accuracy=0.7)
BETTER_THAN_OTHERS = epochs([0.1, 0.05, 0.02], accuracy=0.99, held_out_accuracy=0.9)

TROUBLES = [
    (rules.never_learned, run(GUESSING), "never-learned", Suggestion("learning_rate", 1e-4)),
    (
        rules.never_learned,
        run(GUESSING, learning_rate=1e-6),
        "too-slow",
        Suggestion("learning_rate", 1e-3),
    ),
    (
        rules.never_learned,
        run(epochs([40.0, 35.0], accuracy=0.11), learning_rate=1e-6),
        "never-learned",
        Suggestion("learning_rate", 1e-7),
    ),
    (
        rules.learns_slowly,
        run(SINKING, learning_rate=1e-4),
        "too-slow",
        Suggestion("learning_rate", 1e-3),
    ),
    (
        rules.jumps,
        run(JUMPING, learning_rate=0.01),
        "jumping",
        Suggestion("learning_rate", 0.001),
    ),
    (
        rules.jumps,
        run(reading(0.95, 0.94, 0.96, 0.955, 0.97), learning_rate=0.01),
        "jumping",
        Suggestion("learning_rate", 0.001),
    ),
    (
        rules.overfitting,
        run(epochs([0.07, 0.06, 0.05, 0.045], 0.98, [0.080, 0.07, 0.073, 0.078])),
        "overfitting",
        Suggestion("augmentation", 0.5),
    ),
    (
        rules.learned_by_heart,
        run(BETTER_THAN_OTHERS),
        "overfitting-gap",
        Suggestion("augmentation", 0.5),
    ),
    (
        rules.strong_augmentation,
        run(POOR, augmentation=0.8),
        "augmentation",
        Suggestion("augmentation", 0.4),
    ),
    (rules.strong_dropout, run(POOR, WITH_DROPOUT), "dropout", Suggestion("dropout", 0.25)),
    (
        rules.strong_decay,
        run(POOR, weight_decay=0.005),
        "weight-decay",
        Suggestion("weight_decay", 1e-4),
    ),
    (
        rules.strong_decay,
        run(POOR, optimizer="adamw", weight_decay=0.1, usual_decay=0.01),
        "weight-decay",
        Suggestion("weight_decay", 0.01),
    ),
]

NO_TROUBLES = [
    (rules.never_learned, run(GUESSING[:1])),
    (rules.never_learned, run(epochs([1.2, 1.1], accuracy=0.11))),
    (rules.learns_slowly, run(SINKING, learning_rate=5e-4)),
    (rules.learns_slowly, run(SINKING[:2], learning_rate=1e-4)),
    (rules.learns_slowly, run(epochs([0.3] * 4, accuracy=0.95), learning_rate=1e-4)),
    (rules.learns_slowly, run(SINKING, learning_rate=1e-4, usual_rate=float("inf"))),
    (rules.jumps, run(JUMPING, learning_rate=0.001)),
    (rules.jumps, run(epochs([0.5, 0.4, 0.9, 0.3, 0.2]), learning_rate=0.01)),
    (rules.jumps, run(epochs([0.1, 0.2, 0.4, 0.8, 1.6]), learning_rate=0.01)),
    # Three of 1,200 images more or less are chance.
    (rules.jumps, run(reading(0.9967, 0.9942, 0.9967, 0.9958, 0.9967), learning_rate=0.01)),
    # Changed pictures are harder than those held out, whose small loss goes up and down.
    (rules.overfitting, run(epochs([0.07, 0.06, 0.05, 0.045], 0.98, [0.030, 0.02, 0.023, 0.025]))),
    (rules.learned_by_heart, run(epochs([0.1] * 3, accuracy=0.99, held_out_accuracy=0.93))),
    (rules.learned_by_heart, run(BETTER_THAN_OTHERS[:2])),
    (rules.learned_by_heart, run(epochs([0.1] * 3, accuracy=0.99))),
    (rules.strong_augmentation, run(POOR, augmentation=0.4)),
    (rules.strong_augmentation, run(epochs([1.1] * 3, accuracy=0.6), augmentation=0.8)),
    (
        rules.strong_augmentation,
        run(epochs([1.1] * 3, accuracy=0.6, held_out_accuracy=0.61), augmentation=0.8),
    ),
    (rules.strong_dropout, run(POOR[:1], WITH_DROPOUT)),
    (rules.strong_dropout, run(POOR, MLP)),
    (rules.strong_decay, run(POOR, weight_decay=0.004)),
    (rules.strong_decay, run(POOR, optimizer="adamw", weight_decay=0.05, usual_decay=0.01)),
]


@pytest.mark.parametrize(("rule", "evidence", "sentence_id", "suggestion"), TROUBLES)
def test_trouble_is_found_and_answered(
    rule: rules.Rule, evidence: Evidence, sentence_id: str, suggestion: Suggestion
) -> None:
    found = rule(evidence)
    assert found is not None
    assert found.sentence_id == sentence_id
    assert found.suggestion is not None
    assert found.suggestion.name == suggestion.name
    assert found.suggestion.value == pytest.approx(suggestion.value)


@pytest.mark.parametrize(("rule", "evidence"), NO_TROUBLES)
def test_nothing_is_said_where_it_would_not_be_true(rule: rules.Rule, evidence: Evidence) -> None:
    assert rule(evidence) is None


def test_a_changed_dropout_counts_and_not_what_the_network_began_with() -> None:
    evidence = run(POOR, WITH_DROPOUT)
    milder = dataclasses.replace(evidence, settings=evidence.settings.changed("dropout", 0.3))
    assert rules.strong_dropout(milder) is None
    stronger = run(POOR, "flatten dense(16) relu dropout(0.2) dense(10)")
    stronger = dataclasses.replace(stronger, settings=stronger.settings.changed("dropout", 0.8))
    assert rules.strong_dropout(stronger) == Finding("dropout", Suggestion("dropout", 0.25))


@pytest.mark.parametrize("model", ["softmax", MLP, CNN, "resnet-small", "reader"])
def test_rules_hold_for_every_kind_of_network_and_let_a_good_run_be(model: str) -> None:
    good = epochs([0.9, 0.4, 0.25, 0.2], 0.95, [0.8, 0.42, 0.3, 0.28], 0.94)
    for asked in rules.RULES.values():
        for rule in asked:
            assert rule(run(good, model)) is None


def test_every_finding_has_its_words_and_its_reason() -> None:
    said = {found for _, _, found, _ in TROUBLES} | {"plateau", "overfitting", "dead-relu"}
    assert said <= HINTS.keys()
    assert (said - {"overfitting-gap"}) <= REASONS.keys()
    assert "overfitting" in REASONS  # that of the kind
