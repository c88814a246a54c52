"""Plain values that cross between the core, the session and the window.

Everything here is a frozen dataclass of builtins, so it may travel between threads and into JSON.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

Point = tuple[float, float]
Stroke = tuple[Point, ...]
DIGITS = tuple("0123456789")


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
        optimizer: ``sgd``, ``momentum``, ``adam`` or another name of ``nn.optimizers``.
        schedule: ``constant``, ``one-cycle`` or another name of ``nn.schedules``.
        learning_rate: Peak learning rate; ``None`` takes the optimizer's usual one.
        augmentation: Strength of random affine and elastic changes, 0 (off) … 1.
        limit: Train on this many images only; ``None`` for all.
        validation_fraction: Part of the training set held out to choose by, 0 … 0.5.
        average: Decay of the weight average (EMA), 0 for none.
        threads: Shards of the data-parallel step; ``None`` for one per core.
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
    label_smoothing: float = 0.0
    clip_norm: float = 0.0
    augmentation: float = 0.0
    average: float = 0.0
    validation_fraction: float = 1 / 12
    limit: int | None = None
    seed: int = 0
    device: str = "auto"
    threads: int | None = None
    data_dir: str | None = None


@dataclass(frozen=True, slots=True)
class RunPreparing:
    """Training images are being drawn: ``done`` of ``total``."""

    run_id: int
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class RunStarted:
    """The data is loaded and the first step is about to run."""

    run_id: int
    config: TrainingConfig
    device: str
    parameter_count: int
    train_count: int
    validation_count: int
    test_count: int
    steps_per_epoch: int


@dataclass(frozen=True, slots=True)
class Progress:
    """Training so far; loss and accuracy are means since the last report.

    Attributes:
        epoch: The epoch being trained, from 1.
        step: Steps done in the whole run.
        total_steps: Steps of the whole run.
        seconds_left: Estimated time to the end, in seconds.
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
        message: For ``failed``, a sentence for the user; otherwise empty.
        train_seconds: Seconds spent in training steps only.
    """

    run_id: int
    ending: str
    message: str = ""
    epochs: int = 0
    test_accuracy: float | None = None
    test_interval: tuple[float, float] | None = None
    train_seconds: float = 0.0
    images_per_second: float = 0.0


RunEvent = (
    RunPreparing | RunStarted | Progress | EpochFinished | RunPaused | RunResumed | RunFinished
)


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a network says of one drawing.

    Attributes:
        probabilities: One per class, summing to 1; empty where there was nothing to read.
        class_names: One per class.
        prepared: The 28×28 picture the network saw, one byte a pixel, ink = 255, row by row.
        reason: Why there is no answer (``empty``, …); empty string where there is one.
        source: Title of the model that answered.
        step: The training step the weights are from, for a network that is still learning.
    """

    probabilities: tuple[float, ...]
    class_names: tuple[str, ...]
    prepared: bytes
    reason: str = ""
    source: str = ""
    step: int | None = None

    @property
    def ranking(self) -> tuple[int, ...]:
        """Class indices, the most probable first."""
        order = sorted(range(len(self.probabilities)), key=lambda k: -self.probabilities[k])
        return tuple(order)

    @property
    def label(self) -> str:
        """Name of the most probable class, or an empty string."""
        return self.class_names[self.ranking[0]] if self.probabilities else ""

    @property
    def confidence(self) -> float:
        """Probability of the most probable class, 0 … 1."""
        return max(self.probabilities, default=0.0)


@dataclass(frozen=True, slots=True)
class LayerRow:
    """One line of a network's layer table; ``output_shape`` is without the batch."""

    name: str
    kind: str
    output_shape: tuple[int, ...]
    parameter_count: int


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What a model file says about itself.

    Attributes:
        spec: The network as text, readable by ``nn.spec``.
        preparation_version: Version of the ink preparation the network was trained with.
        data_hash: SHA-256 of the training data's uncompressed bytes.
        temperature: Divides the logits so that confidences are calibrated.
        config: The training config as a dictionary of builtins.
    """

    title: str
    spec: str
    class_names: tuple[str, ...] = DIGITS
    preparation_version: int = 1
    parameter_count: int = 0
    layers: tuple[LayerRow, ...] = ()
    dataset: str = ""
    data_hash: str = ""
    seed: int = 0
    epochs: int = 0
    test_accuracy: float | None = None
    test_interval: tuple[float, float] | None = None
    test_count: int = 0
    temperature: float = 1.0
    device: str = "cpu"
    created: str = ""
    app_version: str = ""
    notes: str = ""
    config: dict[str, str | int | float | bool | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A model the board can read with; ``key`` is ``reader``, ``training`` or a file path."""

    key: str
    card: ModelCard
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class DatasetInfo:
    """A data set as the user sees it.

    Attributes:
        status: ``verified``, ``unverified``, ``built-in``, ``missing`` or ``damaged``.
        detail: A sentence: where it is, or what is wrong and what to do.
    """

    name: str
    title: str
    status: str
    detail: str
    location: str = ""
    can_download: bool = False


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Result of reading a labelled set; ``confusion_matrix[actual][predicted]`` counts items."""

    accuracy: float
    n: int
    correct: int
    interval: tuple[float, float]
    per_class_accuracy: tuple[float | None, ...]
    confusion_matrix: tuple[tuple[int, ...], ...]
    class_names: tuple[str, ...] = DIGITS
