"""Plain values about a training run: its settings, and the events that tell how it goes.

Frozen dataclasses of builtins, like all messages.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from digitdesk.messages.problem import Problem


class RunState(Enum):
    """Where the training run is, as its events have told."""

    IDLE = "idle"
    PREPARING = "preparing"
    TRAINING = "training"
    PAUSED = "paused"
    STOPPING = "stopping"


@dataclass(frozen=True, slots=True)
class TrainingConfig:
    """Everything that decides the outcome of a run; the same config gives the same weights.

    Attributes:
        model: A named architecture or a text spec such as ``flatten dense(10)``.
        data: A data set name, several joined with ``+``, or the folder of an IDX set.
        optimizer: ``sgd``, ``momentum``, ``adam`` or another name of ``nn.optim.optimizers``.
        schedule: ``constant``, ``one-cycle`` or another name of ``nn.optim.schedules``.
        learning_rate: Peak learning rate; ``None`` takes the optimizer's usual one.
        augmentation: Strength of random affine and elastic changes, 0 (off) … 1.
        limit: Train on this many images only; ``None`` for all.
        validation_fraction: Part of the training set held out to choose by, 0 … 0.5.
        average: Decay of the weight average (EMA), 0 for none.
        test_time_averaging: Let the finished network read every picture in several views, turned
            and slanted a little.
        loss: ``cross-entropy`` or another name of ``nn.losses.LOSSES``.
        keep_best: Let the finished network be that of the epoch that read held-out images best.
        patience: End after so many epochs without a better one, and take the best; ``None`` to
            train all epochs.
        start_from: A model to take the first weights from: ``reader`` or a file; ``None`` to
            draw them.
        threads: Replicas of the data-parallel step; ``None`` for one per core.
    """

    model: str = "cnn-light"
    data: str = "mnist"
    epochs: int = 3
    batch_size: int = 64
    optimizer: str = "adam"
    learning_rate: float | None = None
    schedule: str = "one-cycle"
    momentum: float = 0.9
    weight_decay: float = 0.0
    l1: float = 0.0
    l2: float = 0.0
    loss: str = "cross-entropy"
    label_smoothing: float = 0.0
    clip_norm: float = 0.0
    augmentation: float = 0.0
    average: float = 0.0
    test_time_averaging: bool = False
    validation_fraction: float = 1 / 12
    keep_best: bool = False
    patience: int | None = None
    start_from: str | None = None
    limit: int | None = None
    seed: int = 0
    device: str = "auto"
    threads: int | None = None
    data_dir: str | None = None


@dataclass(frozen=True, slots=True)
class Recipe:
    """Complete settings that are known to work.

    Attributes:
        title: What the window calls it; empty where only the command line offers it.
        sentence: What it is for.
        seconds: From … to … it took with MNIST, from the press of Start to the end, on two cores
            that were idle or busy (``tests/benchmarks/presets.py``).
        built_in_seconds: The same with some thousands of built-in digits.
    """

    name: str
    config: TrainingConfig
    title: str = ""
    sentence: str = ""
    seconds: tuple[int, int] = (0, 0)
    built_in_seconds: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class RunPreparing:
    """Training images are being drawn: ``done`` of ``total``."""

    run_id: int
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Progress:
    """Training so far; loss and accuracy are means since the last report.

    Attributes:
        epoch: The epoch being trained, from 1.
        step: Steps done in the whole run.
        total_steps: Steps of the whole run.
        seconds_left: Estimated time to the end, in seconds.
        losses: Steps since the last report, of many only some, each with the mean loss since the
            one before.
    """

    run_id: int
    epoch: int
    step: int
    total_steps: int
    loss: float
    accuracy: float
    learning_rate: float
    images_per_second: float
    seconds_left: float
    losses: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True, slots=True)
class EpochFinished:
    """One pass over the training set is done; ratios are 0 … 1.

    ``validation_*`` is ``None`` where nothing was held out, ``test_*`` where there is no test set.
    """

    run_id: int
    epoch: int
    step: int
    train_loss: float
    train_accuracy: float
    validation_loss: float | None
    validation_accuracy: float | None
    test_loss: float | None
    test_accuracy: float | None
    seconds: float


@dataclass(frozen=True, slots=True)
class SettingChanged:
    """From the step after ``step`` on, the setting ``name`` has another value."""

    run_id: int
    step: int
    name: str
    value: float


@dataclass(frozen=True, slots=True)
class RunStarted:
    """The data is loaded and the next step is about to run.

    Attributes:
        config: The settings the run began with, with the epochs it now has.
        first_step: Steps done before; above 0 for a run that goes on after an interruption.
        history: Its epochs so far.
        changes: Its changes of settings so far; those of ``epochs`` are extensions.
        losses: What its reports told of single steps so far, as in ``Progress``.
    """

    run_id: int
    config: TrainingConfig
    device: str
    parameter_count: int
    train_count: int
    validation_count: int
    test_count: int
    steps_per_epoch: int
    first_step: int = 0
    history: tuple[EpochFinished, ...] = ()
    changes: tuple[SettingChanged, ...] = ()
    losses: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True, slots=True)
class RunExtended:
    """The run now has more epochs than it was started with; so the plan is since ``step``."""

    run_id: int
    epochs: int
    total_steps: int
    step: int = 0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A change of one setting that usually helps; ``name`` as for ``Session.change``."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class RunDiagnosis:
    """Something goes wrong with a run, as an id that the window puts into words.

    Attributes:
        kind: ``diverged`` or a key of ``training.diagnosis.rules.RULES``; before the first step,
            ``data``, ``network`` or what else ``before_training`` says.
        sentence_id: Which sentence of that kind, for ``messages.hint``; ``never-learned`` is a
            plateau from the start.
        suggestion: What would help; after ``diverged`` the run is over and a new one should use it.
        epoch: Epochs finished when it was noticed.
    """

    run_id: int
    kind: str
    sentence_id: str
    suggestion: Suggestion | None = None
    epoch: int = 0


@dataclass(frozen=True, slots=True)
class DiagnosisLifted:
    """What was said of a run no longer holds; ``kind`` as it was said."""

    run_id: int
    kind: str


@dataclass(frozen=True, slots=True)
class RunNotKept:
    """The state to resume from could not be written; the run itself goes on."""

    run_id: int
    problem: Problem


@dataclass(frozen=True, slots=True)
class RunPaused:
    """The run waits; nothing is lost."""

    run_id: int


@dataclass(frozen=True, slots=True)
class RunResumed:
    """The run goes on after a pause."""

    run_id: int


@dataclass(frozen=True, slots=True)
class RunFinished:
    """The last event of every run, exactly once.

    Attributes:
        ending: ``completed``, ``stopped`` or ``failed``.
        problem: Why it failed; ``None`` for the other endings.
        train_seconds: Seconds spent in training steps only.
        test_count: Test images read; a run that is stopped takes no time for all of them.
        is_in_log: The log has more to say of why it failed.
        best_epoch: The epoch whose weights were taken; 0 for the last weights of all.
    """

    run_id: int
    ending: str
    problem: Problem | None = None
    epochs: int = 0
    test_accuracy: float | None = None
    test_interval: tuple[float, float] | None = None
    train_seconds: float = 0.0
    images_per_second: float = 0.0
    test_count: int = 0
    is_in_log: bool = False
    best_epoch: int = 0


RunEvent = (
    RunPreparing
    | RunStarted
    | Progress
    | EpochFinished
    | SettingChanged
    | RunExtended
    | RunDiagnosis
    | DiagnosisLifted
    | RunNotKept
    | RunPaused
    | RunResumed
    | RunFinished
)


@dataclass(frozen=True, slots=True)
class UnfinishedRun:
    """A run that was interrupted and can go on.

    Attributes:
        epoch: Epochs finished.
        saved: When its state was written, in ISO form with the time zone.
    """

    title: str
    data: str
    config: TrainingConfig
    epoch: int
    epochs: int
    step: int
    total_steps: int
    saved: str
    validation_accuracy: float | None = None
