"""The training loop: synchronous, without threads of its own and without a screen.

It is handed everything it needs, tells its ``Run`` how it goes, and asks that for commands before
every step, so the same loop serves the window, the command line and the tests.
"""

from __future__ import annotations

import contextlib
import dataclasses
import math
import time
from collections.abc import Callable, Iterator
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from digitdesk.data.augmentation import augment, draw_changes
from digitdesk.errors import DigitDeskError, TrainingError
from digitdesk.messages.model import ModelCard
from digitdesk.messages.problem import Problem
from digitdesk.messages.run import RunFinished, RunNotKept, SettingChanged
from digitdesk.nn.losses import make_loss
from digitdesk.nn.network import Network
from digitdesk.nn.optim.optimizers import DEFAULT_LEARNING_RATES, make_optimizer
from digitdesk.nn.optim.schedules import make_schedule
from digitdesk.nn.parallel.thread_pool import usable_cores
from digitdesk.training import reports
from digitdesk.training.best_epoch import best_of
from digitdesk.training.command_handler import CommandHandler
from digitdesk.training.diagnosis.diagnostics import Diagnostics
from digitdesk.training.gpu.choice import make_step
from digitdesk.training.gpu.gpu_step import GpuStep
from digitdesk.training.numerics import are_numbers
from digitdesk.training.parallel.micro_batches import StepResult
from digitdesk.training.run import Run
from digitdesk.training.running_mean import RunningMean
from digitdesk.training.settings import loss_of
from digitdesk.training.split import Images, TrainingData
from digitdesk.training.state import TrainingState
from digitdesk.training.timing import Throttle, without_sleep
from digitdesk.training.validation import ValidationResult, validate
from digitdesk.training.weight_publisher import WeightPublisher

REPORT_SECONDS = 0.05
PUBLISH_SECONDS = 0.25
KEEP_SECONDS = 1.0
"""Epochs may be shorter; writing the state more often would cost more than it saves."""

STOP_VALIDATION_SECONDS = 0.5


class Trainer:
    """The loop of one run.

    Args:
        run: What is wanted, and who is told.
        data: The images, already split.
        network: Built, with its first weights; trained in place.
        card: What is known of the network; published with its weights.
        clock: Seconds, monotonic.

    Raises:
        ModelFileError: ``run.resume_from`` is not a state of this run.
    """

    def __init__(
        self,
        run: Run,
        data: TrainingData,
        network: Network,
        card: ModelCard,
        *,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._run = run
        # The number of threads decides rounding, so it belongs to what is kept.
        threads = run.config.threads or usable_cores()
        self._config = dataclasses.replace(run.config, threads=threads)
        self._data = data
        self._network = network
        self._card = card
        self._clock = clock
        self._state = TrainingState(self._config, network, len(data.train_labels))
        if run.resume_from is not None:
            self._state.restore(run.resume_from)
        self._command_handler = CommandHandler(
            run, self._state, on_change=self._follow_settings, on_pause=self._keep_state
        )
        self._since_report = RunningMean()
        self._report_throttle = Throttle(REPORT_SECONDS, clock)
        self._publish_throttle = Throttle(PUBLISH_SECONDS, clock)
        self._keep_throttle = Throttle(KEEP_SECONDS, clock)
        self._test_result: ValidationResult | None = None
        self._publisher = WeightPublisher(run.publish, card)
        self._diagnostics = Diagnostics(
            network,
            data.train_images,
            run.run_id,
            usual_rate=DEFAULT_LEARNING_RATES[run.config.optimizer],
            usual_decay=make_optimizer(run.config.optimizer).weight_decay,
            labels=data.train_labels,
            loss=run.config.loss,
        )
        # As told after an epoch: what is only smoothed in training is not there.
        self._told_loss = make_loss(run.config.loss)

    @property
    def step(self) -> int:
        """Steps done so far."""
        return self._state.step

    @property
    def changes(self) -> tuple[SettingChanged, ...]:
        """Changes of settings so far."""
        return tuple(self._state.changes)

    def run(self) -> RunFinished:
        """Train until all epochs are done or the run is told to stop.

        Raises:
            TrainingError: The loss or a weight is no longer a number.
        """
        state = self._state
        self._run.emit(reports.started(self._run.run_id, self._config, self._data, state))
        self._publish_weights()
        self._steps = make_step(
            self._network,
            loss_of(self._config),
            state.optimizer,
            threads=self._config.threads,
            images=self._data.train_images,
            labels=self._data.train_labels,
        )
        self._steps.step = state.step
        self._follow_settings()
        try:
            if not state.epoch_is_trained or self._finish_epoch():
                while self._command_handler.may_step():
                    self._train_step()
                    if state.epoch_is_trained and not self._finish_epoch():
                        break
            return self._finished()
        finally:
            self._steps.close()

    # --- one step, one epoch ---------------------------------------------------------------

    def _follow_settings(self) -> None:
        """Nothing but the settings and the step decides the rate, so a change is repeatable."""
        state = self._state
        state.settings.apply(state.optimizer, self._steps.networks)
        self._schedule = make_schedule(
            self._config.schedule,
            peak=state.settings.learning_rate,
            total_steps=state.total_steps,
        )

    def _train_step(self) -> None:
        state = self._state
        started = self._clock()
        learning_rate = float(self._schedule(state.step))
        result = self._run_batch(state.next_batch(), learning_rate)
        if state.average is not None:
            state.average.update()
        is_due = self._report_throttle.is_due()
        if is_due or state.batch + 1 == state.steps_per_epoch:
            # A graphics card may be behind; its time is known once it is done.
            self._network.backend.synchronize()
        seconds = without_sleep(self._clock() - started, state.train_seconds / max(state.step, 1))
        state.count_step(result.loss, result.correct, result.count, seconds)
        self._since_report.add(result.loss, result.correct, result.count)
        state.losses.note(state.step, state.total_steps, self._since_report)
        is_paused = self._command_handler.is_paused
        if is_due or state.epoch_is_trained or is_paused:
            self._report(learning_rate)

    def _run_batch(self, indices: NDArray[np.intp], learning_rate: float) -> StepResult:
        """One step on the images of these indices, changed a little if that is wanted."""
        state, data = self._state, self._data
        strength = state.settings.augmentation
        if isinstance(self._steps, GpuStep) and self._steps.holds_set:
            rng, count = state.augmentation_rng, len(indices)
            changes = draw_changes(count, rng, strength) if strength else None
            return self._steps.run_chosen(indices, learning_rate, changes)
        images = data.train_images[indices].astype(np.float32) / np.float32(255)
        if strength:
            images = augment(images, state.augmentation_rng, strength=strength)
        return self._steps.run(images, data.train_labels[indices], learning_rate)

    def _report(self, learning_rate: float) -> None:
        """Tell the screen and hand over weights, each at its own pace."""
        state, mean = self._state, self._since_report
        # Looked at only here: on a GPU, asking for a loss waits for all work before it.
        if not math.isfinite(mean.loss):
            self._end_diverged("the loss")
        self._publisher.approve(state.step)
        if self._publish_throttle.is_due() or self._command_handler.is_paused:
            self._publish_weights()
        self._run.emit(reports.progress(self._run.run_id, state, mean, learning_rate))
        mean.reset()

    def _finish_epoch(self) -> bool:
        """Validate an epoch and report it; False when told to stop meanwhile.

        An epoch is finished only once it is validated: a run that is stopped here does that when
        it goes on, and tells what it would have told.
        """
        state, data = self._state, self._data
        self._publish_weights()
        validation = self._validate(data.validation_images, data.validation_labels)
        test = self._test_result = self._validate(data.test_images, data.test_labels)
        if self._run.commands.is_stopping:
            return False
        report = reports.epoch_finished(self._run.run_id, state, validation, test)
        state.finish_epoch(report)
        self._run.emit(report)
        for diagnosis in self._diagnostics.after_epoch(state.history, state.settings):
            self._run.emit(diagnosis)
        self._judge_epoch()
        if self._keep_throttle.is_due() and not state.is_complete:
            self._keep_state()
        return True

    def _judge_epoch(self) -> None:
        """Keep its weights where it is the best, and end early where none was for long."""
        state = self._state
        with self._averaged():
            state.best.consider(state.history, self._network.snapshot)
        is_over = state.best.is_too_long_ago(state.history, state.changes, state.steps_per_epoch)
        if is_over and not state.is_complete:
            self._command_handler.end_after(state.epoch)

    def _finished(self) -> RunFinished:
        state, data = self._state, self._data
        self._keep_state()
        if state.best.weights:
            return self._finished_with_best()
        if not state.is_complete or self._test_result is None:
            # Stopped on the way: measure what the user would save, as well as a moment allows.
            # Or taken up after its last epoch, to be saved: there all the time is given.
            self._test_result = self._validate(
                data.test_images, data.test_labels, seconds=STOP_VALIDATION_SECONDS
            )
        if state.average is not None:
            state.average.swap_in()
        return reports.finished(self._run.run_id, state, self._test_result)

    def _finished_with_best(self) -> RunFinished:
        state, data = self._state, self._data
        self._network.load_arrays(state.best.weights)
        test = self._read(data.test_images, data.test_labels, seconds=STOP_VALIDATION_SECONDS)
        finished = reports.finished(self._run.run_id, state, test)
        return dataclasses.replace(finished, best_epoch=best_of(state.history))

    # --- weights handed over, validated and kept -------------------------------------------

    def _publish_weights(self) -> None:
        """Hand over the weights to read with, once they are seen to be numbers."""
        with self._averaged():
            weights = self._network.snapshot()
        if not are_numbers(weights):
            self._end_diverged("a weight")
        self._publisher.hand_over(self._state.step, weights)

    def _end_diverged(self, what: str) -> NoReturn:
        """Leave the last good weights to read with, and end the run with an explanation."""
        state = self._state
        self._publisher.fall_back()
        self._run.emit(self._diagnostics.diverged(state.epoch, state.settings))
        better = self._diagnostics.better_rate(state.settings)
        raise TrainingError(
            f"Training diverged before step {state.step}: {what} is no longer a number",
            received=f"learning rate {state.settings.learning_rate:.3g}",
            hint=f"Start again with a learning rate of {better:.3g}",
        )

    def _validate(
        self, images: Images, labels: NDArray[np.uint8], seconds: float = 0.0
    ) -> ValidationResult | None:
        """Loss and accuracy of the weights as they would be saved now; see ``_read``."""
        with self._averaged():
            return self._read(images, labels, seconds)

    def _read(
        self, images: Images, labels: NDArray[np.uint8], seconds: float = 0.0
    ) -> ValidationResult | None:
        """Loss and accuracy of the network.

        Args:
            images: As bytes.
            labels: Their labels.
            seconds: Go on for so long although the run is told to stop.
        """
        until = self._clock() + seconds

        def may_go_on() -> bool:
            return not self._run.commands.is_stopping or (
                not self._run.commands.is_closing and self._clock() < until
            )

        return validate(
            self._steps.predict_logits,
            images,
            labels,
            classes=len(self._card.class_names),
            loss=self._told_loss,
            may_go_on=may_go_on,
        )

    @contextlib.contextmanager
    def _averaged(self) -> Iterator[None]:
        """Put the weight average into the network for a while, where one is kept."""
        average = self._state.average
        if average is None:
            yield
            return
        average.swap_in()
        try:
            yield
        finally:
            average.swap_out()

    def _keep_state(self) -> None:
        """Give the complete state away to be written; a disk that refuses does not end the run."""
        checkpoint = self._state.capture()
        if not are_numbers(checkpoint.part("weights")):
            self._end_diverged("a weight")
        facts = dataclasses.replace(
            checkpoint.facts,
            title=self._card.title,
            data_hash=self._card.data_hash,
            saved=self._run.now().isoformat(timespec="seconds"),
        )
        try:
            self._run.keep(dataclasses.replace(checkpoint, facts=facts))
        except DigitDeskError as error:
            self._run.emit(RunNotKept(self._run.run_id, Problem.of(error)))
