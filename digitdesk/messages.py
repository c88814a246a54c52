"""Plain values that cross between the core, the session and the window.

Everything here is a frozen dataclass of builtins, so it may travel between threads and into JSON.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from digitdesk.run_messages import (
    EpochFinished,
    Progress,
    Remedy,
    RunEvent,
    RunExtended,
    RunFinished,
    RunHint,
    RunNotKept,
    RunPaused,
    RunPreparing,
    RunResumed,
    RunStarted,
    RunState,
    SettingChanged,
    TrainingConfig,
    UnfinishedRun,
)

__all__ = [
    "DIGITS",
    "ComparedItem",
    "Comparison",
    "DatasetInfo",
    "EpochFinished",
    "Evaluation",
    "GradientRow",
    "LayerRow",
    "LibraryEntry",
    "ModelCard",
    "ModelEntry",
    "NumberReading",
    "Point",
    "Prediction",
    "Progress",
    "Refusals",
    "Remedy",
    "RunEvent",
    "RunExtended",
    "RunFinished",
    "RunHint",
    "RunNotKept",
    "RunPaused",
    "RunPreparing",
    "RunResumed",
    "RunStarted",
    "RunState",
    "SettingChanged",
    "Stroke",
    "TestSample",
    "TrainingConfig",
    "TrashTicket",
    "UnfinishedRun",
]

Point = tuple[float, float]
Stroke = tuple[Point, ...]
DIGITS = tuple("0123456789")


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a network says of one drawing.

    Attributes:
        probabilities: One per class, summing to 1; empty where there was nothing to read.
        class_names: One per class.
        prepared: The 28×28 picture the network saw, one byte a pixel, ink = 255, row by row.
        reason: Why there is no sure answer: ``empty``, ``faint``, ``letter``, ``scribble``,
            ``two-digits`` or ``unsure``; an empty string where there is one. The best guess is in
            ``probabilities`` all the same.
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
    def is_refused(self) -> bool:
        """Whether the answer should be "not sure"."""
        return bool(self.reason)

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
class NumberReading:
    """What a network says of several digits beside each other.

    Attributes:
        text: The digits as read, from left to right; empty where there was nothing to read.
        digits: One prediction per character of the text.
        boxes: Left, top, right and bottom of each digit's ink, in board units or picture pixels.
        confidence: Probability that the whole number is right, 0 … 1.
        reason: Why the number is not sure, as in ``Prediction``: ``empty`` where there was no ink,
            otherwise that of the first digit that is not sure, or ``unsure`` where all are but
            their number or division is not. The best guess is in ``text`` all the same.
        source: Title of the model that answered.
    """

    text: str
    digits: tuple[Prediction, ...] = ()
    boxes: tuple[tuple[float, float, float, float], ...] = ()
    confidence: float = 0.0
    reason: str = ""
    source: str = ""


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
        reject_names: What the network was taught to tell from all classes (``letter``,
            ``scribble``, …); outputs of their own, after those of the classes.
        temperature: Divides the logits so that confidences are calibrated.
        refusal_threshold: An answer whose probability, with everything rejected counted in, is
            below this is "not sure"; ``None`` never refuses. Set so that 1 % of held-out digits
            are refused.
        test_time_averaging: Whether every picture is read in several views, and their mean counts.
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
    reject_names: tuple[str, ...] = ()
    temperature: float = 1.0
    refusal_threshold: float | None = None
    test_time_averaging: bool = False
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
class GradientRow:
    """One checked gradient.

    Attributes:
        subject: What was checked: a layer's or a network's spec.
        gradient: By what: ``input`` or a parameter's dotted name.
        comparisons: How many entries and directions were compared.
        worst_error: Largest relative error among them.
        passed: Whether that is within the tolerance.
    """

    subject: str
    gradient: str
    comparisons: int
    worst_error: float
    passed: bool


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
class Refusals:
    """How often a reader said "not sure", and how it did otherwise.

    Attributes:
        count: Items refused.
        rate: Part of the items refused, 0 … 1.
        answered_accuracy: Part of the answered items read right; ``None`` where none was.
        reasons: How often each reason was given.
        risk_coverage: For growing parts of the set, the surest first, the part and the share of
            wrong best guesses in it.
    """

    count: int
    rate: float
    answered_accuracy: float | None
    reasons: dict[str, int]
    risk_coverage: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Result of reading a labelled set, the best guess of every item, refused or not.

    Attributes:
        accuracy: ``None``, as is the interval, where nothing is labelled: pictures of no digits.
        confusion_matrix: ``[actual][predicted]`` counts items.
        calibration_error: Expected difference of confidence and accuracy, 0 … 1.
        refusals: What the reader would rather not have answered.
    """

    accuracy: float | None
    n: int
    correct: int
    interval: tuple[float, float] | None
    per_class_accuracy: tuple[float | None, ...]
    confusion_matrix: tuple[tuple[int, ...], ...]
    class_names: tuple[str, ...] = DIGITS
    calibration_error: float | None = None
    refusals: Refusals | None = None


@dataclass(frozen=True, slots=True)
class LibraryEntry:
    """A file in the user's models folder.

    Attributes:
        key: Its path, as for ``ModelEntry``.
        modified: When it was written, in ISO form with the time zone.
        card: ``None`` where the file cannot be opened; ``problem`` says why.
    """

    key: str
    path: Path
    size_bytes: int
    modified: str
    card: ModelCard | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class TrashTicket:
    """A deleted model file, and all that is needed to have it back."""

    key: str
    title: str
    trashed: Path


@dataclass(frozen=True, slots=True)
class ComparedItem:
    """A picture that two models read differently; 28×28 bytes with ink = 255, and names."""

    picture: bytes
    label: str
    a: str
    b: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two models on the same ``n`` pictures.

    Attributes:
        agreement_matrix: ``[a][b]`` counts pictures that the first reads as a, the second as b.
        examples: Some of those they read differently.
    """

    class_names: tuple[str, ...]
    agreement_matrix: tuple[tuple[int, ...], ...]
    both_right: int
    only_a: int
    only_b: int
    both_wrong: int
    n: int
    examples: tuple[ComparedItem, ...] = ()


@dataclass(frozen=True, slots=True)
class TestSample:
    """A picture of a test set: 28×28 bytes with ink = 255, what it shows, and whose it is."""

    __test__: ClassVar[bool] = False  # no test, whatever its name says to pytest

    picture: bytes
    label: str
    source: str
