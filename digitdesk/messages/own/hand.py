"""A person's own hand: drawings kept, exams that stay sealed, and what teaching has brought."""

from __future__ import annotations

from dataclasses import dataclass

from digitdesk.messages.model import ModelEntry
from digitdesk.messages.picture import Picture
from digitdesk.messages.problem import Problem
from digitdesk.messages.writing import KeptDrawing


@dataclass(frozen=True, slots=True)
class KeptPicture:
    """A drawing that was kept, as it can be shown.

    Attributes:
        index: Its place in the person's file.
        label: What it is.
        written: When, in ISO form; empty where that is not known.
        picture: As a network sees it, ink = 255.
        kept: To take it back with.
    """

    index: int
    label: str
    written: str
    picture: Picture
    kept: KeptDrawing


@dataclass(frozen=True, slots=True)
class DrawingPage:
    """Some drawings, the newest first; the first of them lies at ``first`` of ``total``."""

    first: int
    total: int
    drawings: tuple[KeptPicture, ...]


@dataclass(frozen=True, slots=True)
class ExamSheet:
    """An exam of a person's writing, whose drawings nothing is ever trained on.

    Attributes:
        key: Names it.
        person: Who writes.
        class_names: What may be dictated.
        count: How many are to be written.
        done: How many are.
        begun: When, in ISO form.
        sealed: When the last was written, in ISO form; empty until then.
        wanted: What to write next; empty where all are written.
    """

    key: str
    person: str
    class_names: tuple[str, ...]
    count: int
    done: int
    begun: str
    sealed: str = ""
    wanted: str = ""

    @property
    def is_sealed(self) -> bool:
        """Whether it is complete, and can be scored."""
        return bool(self.sealed)


@dataclass(frozen=True, slots=True)
class ExamError:
    """A drawing of an exam that a model reads wrong.

    Attributes:
        index: Its place in the exam.
        picture: As a network sees it, ink = 255.
        label: What was dictated.
        said: What the model says.
        probability: How likely it holds that.
        is_refused: Whether it says "not sure".
    """

    index: int
    picture: Picture
    label: str
    said: str
    probability: float
    is_refused: bool


@dataclass(frozen=True, slots=True)
class ExamScore:
    """How well a model reads an exam, or another set.

    Attributes:
        model_key: The model.
        title: What it is called.
        count: Drawings.
        right: Read right, refused or not.
        accuracy: Their share.
        interval: Where the accuracy lies with 95 %, by Wilson.
        refused: Drawings for which it says "not sure".
        wrong: What it reads wrong; of a large set, nothing.
        calibration_error: By how much its confidence is off in the mean; ``None`` where there are
            too few drawings to tell.
    """

    model_key: str
    title: str
    count: int
    right: int
    accuracy: float
    interval: tuple[float, float]
    refused: int
    wrong: tuple[ExamError, ...] = ()
    calibration_error: float | None = None


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """A set that both the old and the taught model have read.

    Attributes:
        data: Which, in words.
        before: The old model.
        after: The taught one.
    """

    data: str
    before: ExamScore
    after: ExamScore


@dataclass(frozen=True, slots=True)
class TeachPlan:
    """What teaching would take.

    Attributes:
        samples: The person's drawings.
        by_class: Of each class of the model.
        replay: Titles of what they are mixed with, so that the model does not forget.
        seconds: About how long it takes on this computer.
        problem: Why it cannot be done yet, and what to do; ``None`` where it can.
    """

    samples: int
    by_class: tuple[int, ...]
    replay: tuple[str, ...]
    seconds: float
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Taught:
    """What teaching has brought.

    Attributes:
        model: The new model; the one it came from is still there.
        base_key: The one it came from.
        samples: The person's drawings it was taught.
        seconds: How long that took.
        scores: Sealed exams of the person, the newest first, and MNIST's test images.
        unseen_exams: Keys of the sealed exams that it has not seen.
    """

    model: ModelEntry
    base_key: str
    samples: int
    seconds: float
    scores: tuple[BeforeAfter, ...]
    unseen_exams: tuple[str, ...] = ()
