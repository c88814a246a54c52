"""The events of a run, made from its state: what it tells at its start, on the way and at its end.

Plain functions; the trainer decides when to tell.
"""

from __future__ import annotations

import dataclasses

from digitdesk.messages.run import EpochFinished, Progress, RunFinished, RunStarted, TrainingConfig
from digitdesk.metrics import wilson_interval
from digitdesk.training.running_mean import RunningMean
from digitdesk.training.split import TrainingData
from digitdesk.training.state import TrainingState
from digitdesk.training.validation import ValidationResult


def started(
    run_id: int, config: TrainingConfig, data: TrainingData, state: TrainingState
) -> RunStarted:
    """The first event, with all that happened before an interruption."""
    return RunStarted(
        run_id,
        dataclasses.replace(config, epochs=state.settings.epochs),
        state.network.backend.description,
        state.network.parameter_count,
        len(data.train_labels),
        len(data.validation_labels),
        len(data.test_labels),
        state.steps_per_epoch,
        state.step,
        tuple(dataclasses.replace(epoch, run_id=run_id) for epoch in state.history),
        tuple(dataclasses.replace(change, run_id=run_id) for change in state.changes),
        state.losses.all,
    )


def progress(
    run_id: int, state: TrainingState, recent: RunningMean, learning_rate: float
) -> Progress:
    """How it goes after a step."""
    seconds = max(state.train_seconds, 1e-9)
    return Progress(
        run_id,
        state.epoch + 1,
        state.step,
        state.total_steps,
        recent.loss,
        recent.accuracy,
        learning_rate,
        state.images_seen / seconds,
        seconds / state.step * (state.total_steps - state.step),
        state.losses.take(state.step, recent),
    )


def epoch_finished(
    run_id: int,
    state: TrainingState,
    validation: ValidationResult | None,
    test: ValidationResult | None,
) -> EpochFinished:
    """An epoch with what validation gave; its seconds are those of its training steps."""
    return EpochFinished(
        run_id,
        state.epoch + 1,
        state.step,
        state.epoch_mean.loss,
        state.epoch_mean.accuracy,
        validation.loss if validation else None,
        validation.accuracy if validation else None,
        test.loss if test else None,
        test.accuracy if test else None,
        state.train_seconds - sum(epoch.seconds for epoch in state.history),
    )


def finished(run_id: int, state: TrainingState, test: ValidationResult | None) -> RunFinished:
    """The last event of a run that did not fail."""
    return RunFinished(
        run_id,
        "completed" if state.is_complete else "stopped",
        epochs=state.epoch,
        test_accuracy=test.accuracy if test else None,
        test_interval=wilson_interval(test.correct, test.count) if test else None,
        train_seconds=state.train_seconds,
        images_per_second=state.images_seen / max(state.train_seconds, 1e-9),
        test_count=test.count if test else 0,
    )
