"""How a run ends: soon when asked to, at once when closing, and with an explanation when broken."""

from __future__ import annotations

import dataclasses
import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import threadpoolctl

from digitdesk.errors import ModelFileError, TrainingError
from digitdesk.messages.model import ModelCard
from digitdesk.messages.problem import Problem
from digitdesk.messages.run import EpochFinished, RunDiagnosis, RunEvent, RunNotKept, Suggestion
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.losses import SoftmaxCrossEntropy
from digitdesk.nn.optim.optimizers import make_optimizer
from digitdesk.nn.spec.build import build_network
from digitdesk.training.checkpoint import Checkpoint
from digitdesk.training.commands import RunCommands
from digitdesk.training.parallel.data_parallel import DataParallelStep
from digitdesk.training.run import Run
from digitdesk.training.trainer import Trainer
from digitdesk.training.validation import validate
from digitdesk.training.weight_publisher import LiveModel, WeightPublisher
from tests.training.small_runs import MLP, config, run, small_data, stripes, trainer_of

DATA = small_data()


def test_closing_reads_no_test_images_and_keeps_the_state() -> None:
    closed = run(config(MLP, "sgd"), DATA, close_at=10)
    assert closed.finished.ending == "stopped"
    assert closed.finished.test_accuracy is None
    assert closed.finished.test_count == 0
    assert closed.last.facts.step == 10


def test_a_stop_gives_validation_a_moment_only() -> None:
    """With a clock that runs a second per look, only the first part of 5,000 images is read."""
    data = dataclasses.replace(DATA, test_images=np.tile(DATA.test_images, (100, 1, 1)))
    data = dataclasses.replace(data, test_labels=np.tile(DATA.test_labels, 100))
    stopped = run(config(MLP, "sgd"), data, commands={5: [("stop",)]})
    assert stopped.finished.test_count == 5000
    ticks = iter(range(10**9))
    commands = RunCommands()
    commands.stop()
    wanted = Run(config=config(MLP, "sgd"), commands=commands)
    trainer = trainer_of(wanted, data, clock=lambda: 0.3 * next(ticks))
    finished = trainer.run()
    assert 0 < finished.test_count < 5000
    assert finished.test_interval is not None


class StopsWhileValidating(RunCommands):
    """Asks for a stop when the validation of the first epoch begins."""

    def __init__(self) -> None:
        super().__init__()
        self.looks = 0

    @property
    def is_stopping(self) -> bool:
        self.looks += 1
        # One look before each of seven steps; the eighth comes from the validation.
        return self.looks > 7

    @is_stopping.setter
    def is_stopping(self, value: bool) -> None:
        pass


def test_an_epoch_whose_validation_is_interrupted_is_not_finished() -> None:
    events: list[RunEvent] = []
    kept: list[Checkpoint] = []
    settings = config(MLP, "sgd")
    wanted = Run(
        config=settings, emit=events.append, commands=StopsWhileValidating(), keep=kept.append
    )
    finished = trainer_of(wanted, DATA).run()
    assert (finished.ending, finished.epochs) == ("stopped", 0)
    assert not any(isinstance(event, EpochFinished) for event in events)
    assert (kept[-1].facts.epoch, kept[-1].facts.batch) == (0, 7)
    resumed = run(settings, DATA, resume_from=kept[-1])
    whole = run(settings, DATA)
    epochs, all_epochs = (
        [dataclasses.replace(e, seconds=0) for e in o.events if isinstance(e, EpochFinished)]
        for o in (resumed, whole)
    )
    assert epochs == all_epochs


def test_parts_of_a_set_are_spread_over_it() -> None:
    images, labels = np.zeros((2500, 28, 28), dtype=np.uint8), np.arange(2500) // 250
    images[:, 0, 0] = np.arange(2500) // 10
    asked: list[np.ndarray] = []

    def predict(part: np.ndarray) -> np.ndarray:
        asked.append(part[:, 0, 0])
        return np.eye(10)[np.zeros(len(part), dtype=int)] * 100

    whole = validate(predict, images, labels.astype(np.uint8))
    assert whole is not None
    assert (whole.count, whole.correct, whole.accuracy) == (2500, 250, 0.1)
    assert whole.loss == pytest.approx(90)
    assert all(np.ptp(part) > 0.9 for part in asked)
    assert len(asked) == 5
    once = iter([True, False])
    part = validate(predict, images, labels.astype(np.uint8), may_go_on=lambda: next(once))
    assert part is not None
    assert part.count == 500
    assert validate(predict, images, labels, may_go_on=lambda: False) is None
    assert validate(predict, images[:0], labels[:0]) is None


def test_replicas_read_what_the_network_reads() -> None:
    network = build_network("cnn-light", backend=cpu_backend())
    images = stripes(150, 3)[0].astype(np.float32) / 255
    for threads in (1, 2, 5):
        step = DataParallelStep(
            network, SoftmaxCrossEntropy(), make_optimizer("sgd"), threads=threads
        )
        try:
            logits = step.predict_logits(images)
        finally:
            step.close()
        np.testing.assert_allclose(logits, network.predict_logits(images), atol=1e-5)


class Broken(RunCommands):
    """Breaks a weight, or the data, before a step."""

    def __init__(self, trainer: list[Trainer], step: int, break_it) -> None:
        super().__init__()
        self._trainer, self._step, self._break_it = trainer, step, break_it

    def next_command(self, *, wait: bool):
        if self._trainer[0].step == self._step:
            self._step = -1  # once
            self._break_it()
        return super().next_command(wait=wait)


@pytest.mark.parametrize("how", ["nan weight", "infinite weight", "huge rate"])
def test_numbers_that_are_none_end_the_run_with_the_last_good_weights(
    how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("REPORT_SECONDS", "PUBLISH_SECONDS", "KEEP_SECONDS"):
        monkeypatch.setattr(f"digitdesk.training.trainer.{name}", 0.0)
    settings = config(MLP, "sgd")
    network = build_network(MLP, backend=cpu_backend(), seed=1)
    trainers: list[Trainer] = []

    def break_it() -> None:
        if how == "huge rate":
            commands.change("learning_rate", 1e38)
        else:
            network.parameters.values[5] = math.nan if how == "nan weight" else math.inf

    commands = Broken(trainers, 12, break_it)
    events: list[RunEvent] = []
    kept: list[Checkpoint] = []
    published: list[LiveModel] = []
    wanted = Run(
        config=settings,
        emit=events.append,
        publish=published.append,
        commands=commands,
        keep=kept.append,
    )
    trainers.append(trainer_of(wanted, DATA, network))
    with (
        np.errstate(all="ignore"),
        pytest.raises(TrainingError, match=r"no longer a number.*with a learning rate of"),
    ):
        trainers[0].run()
    for live in published:
        assert all(np.isfinite(array).all() for array in live.weights.values())
    last = published[-1]
    assert last.step in (10, 11, 12)
    # The last good ones do not only look like numbers, they still read.
    network.load_arrays(last.weights)
    with np.errstate(all="raise", under="ignore"):
        assert np.isfinite(network.predict_logits(DATA.test_images[:20] / np.float32(255))).all()
    diagnoses = [e for e in events if isinstance(e, RunDiagnosis) and e.kind == "diverged"]
    assert len(diagnoses) == 1
    assert isinstance(diagnoses[0].suggestion, Suggestion)
    for checkpoint in kept:
        assert all(np.isfinite(a).all() for a in checkpoint.part("weights").values())


def test_a_full_disk_does_not_end_the_run() -> None:
    def keep(checkpoint: Checkpoint) -> None:
        raise ModelFileError("Cannot write unfinished.npz: the disk is full")

    events: list[RunEvent] = []
    wanted = Run(config=config(MLP, "sgd"), emit=events.append, keep=keep, run_id=2)
    assert trainer_of(wanted, DATA).run().ending == "completed"
    assert [e for e in events if isinstance(e, RunNotKept)] == [
        RunNotKept(2, Problem("Cannot write unfinished.npz: the disk is full"))
    ]


def test_only_weights_that_gave_a_loss_are_fallen_back_to() -> None:
    published: list[int] = []
    publisher = WeightPublisher(
        lambda live: published.append(live.step), ModelCard(title="", spec="")
    )
    publisher.fall_back()
    publisher.hand_over(3, {})
    publisher.approve(3)  # its own step's loss was computed before these weights
    publisher.fall_back()
    assert published == [3]
    publisher.approve(5)
    publisher.hand_over(6, {})
    publisher.fall_back()
    assert published == [3, 6, 3]


def test_every_thread_that_trains_gets_blas_to_itself() -> None:
    """Limits of one thread must not linger: the next thread's would be ignored without a word."""

    def blas_threads_while_training(_place: int = 0) -> int:
        network = build_network("cnn-light", backend=cpu_backend())
        step = DataParallelStep(network, SoftmaxCrossEntropy(), make_optimizer("sgd"), threads=2)
        try:
            return max(pool["num_threads"] for pool in threadpoolctl.threadpool_info())
        finally:
            step.close()

    before = threadpoolctl.threadpool_info()
    assert blas_threads_while_training() == 1
    with ThreadPoolExecutor(1) as elsewhere:
        assert elsewhere.submit(blas_threads_while_training).result() == 1
    assert threadpoolctl.threadpool_info() == before
