"""Models as the user meets them: the card of each, and where it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from digitdesk.messages.problem import Problem

T = TypeVar("T")

DIGITS = tuple("0123456789")

READER = "reader"
"""The key of the model that came with DigitDesk."""

TRAINING = "training"
"""The key of the network of this session's run."""

STROKES = "strokes."
"""What the names of the arrays of a model's second network begin with."""

LINES = "lines."
"""The same of its network for lines."""

TRACED = "traced."
"""The same of its network for strokes that were traced in pictures."""


@dataclass(frozen=True, slots=True)
class LayerRow:
    """One line of a network's layer table; ``output_shape`` is without the batch."""

    name: str
    kind: str
    output_shape: tuple[int, ...]
    parameter_count: int


@dataclass(frozen=True, slots=True)
class StrokePart:
    """A model's network that reads strokes beside the first and knows their direction.

    Attributes:
        spec: As of the model.
        temperature: Divides the mean of both networks' logits.
        weight: Of its logits in that mean, 0 … 1.
    """

    spec: str
    temperature: float = 1.0
    weight: float = 0.5


@dataclass(frozen=True, slots=True)
class LinePart:
    """A model's network for lines, which reads numbers beside the others.

    Attributes:
        spec: As of the model; its input is a line, its outputs a row of columns.
        names: The digits and signs that it knows, one letter each; a further output is none.
        temperature: Divides its logits.
    """

    spec: str
    names: str
    temperature: float = 1.0


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What a model file says about itself.

    Attributes:
        spec: The network as text, readable by ``nn.spec``.
        preparation_version: Version of the preprocessing the network was trained with.
        input_planes: Pictures that the network is shown of each drawing: 1, or 10 with direction
            and progress of the pen, which only strokes have.
        data_hash: SHA-256 of the training data's uncompressed bytes.
        reject_names: What the network was taught to tell from all classes (``letter``,
            ``scribble``, …); outputs of their own, after those of the classes.
        temperature: Divides the logits so that confidences are calibrated.
        refusal_threshold: An answer whose probability, with everything rejected counted in, is
            below this is "not sure"; ``None`` never refuses. Set so that 1 % of held-out digits
            are refused.
        test_time_averaging: Whether every picture is read in several views, and their mean counts.
        strokes: The second network, for strokes; its arrays begin with ``STROKES``.
        lines: The network for lines; its arrays begin with ``LINES``.
        traced: The network for strokes that were traced in pictures; they begin with ``TRACED``.
        arithmetic: Processor, NumPy and BLAS, as far as rounding depends on them.
        config: The training config as a dictionary of builtins.
    """

    title: str
    spec: str
    class_names: tuple[str, ...] = DIGITS
    preparation_version: int = 1
    input_planes: int = 1
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
    strokes: StrokePart | None = None
    lines: LinePart | None = None
    traced: StrokePart | None = None
    device: str = "cpu"
    arithmetic: str = ""
    created: str = ""
    app_version: str = ""
    notes: str = ""
    config: dict[str, str | int | float | bool | None] = field(default_factory=dict)


class ByNetwork(NamedTuple, Generic[T]):
    """The arrays of each of a model's networks, by their names in it; none of those it lacks."""

    first: dict[str, T]
    strokes: dict[str, T]
    lines: dict[str, T]
    traced: dict[str, T]


def by_network(arrays: Mapping[str, T]) -> ByNetwork[T]:
    """Tell a model's arrays apart by what their names begin with."""
    prefixes = ("", STROKES, LINES, TRACED)
    found: dict[str, dict[str, T]] = {prefix: {} for prefix in prefixes}
    for name, array in arrays.items():
        prefix = next((one for one in prefixes[1:] if name.startswith(one)), "")
        found[prefix][name.removeprefix(prefix)] = array
    return ByNetwork(*found.values())


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A model the board can read with; ``key`` is ``reader``, ``training`` or a file path.

    Attributes:
        is_saved: Whether it is more than the network of a run that is over: one that the user has
            neither saved nor thrown away is kept for a while.
        is_learning: Whether it is the network of a run that goes on.
    """

    key: str
    card: ModelCard
    path: Path | None = None
    is_saved: bool = True
    is_learning: bool = False


@dataclass(frozen=True, slots=True)
class LibraryEntry:
    """A file in the user's models folder, or a network that was trained and not saved yet.

    Attributes:
        key: Its path, as for ``ModelEntry``; so is ``is_saved``.
        modified: When it was written, in ISO form with the time zone.
        card: ``None`` where the file cannot be opened; ``problem`` says why.
    """

    key: str
    path: Path
    size_bytes: int
    modified: str
    card: ModelCard | None
    problem: Problem | None = None
    is_saved: bool = True


@dataclass(frozen=True, slots=True)
class TrashTicket:
    """A deleted model file, and all that is needed to have it back.

    Attributes:
        key: Its path before, which it gets back.
        title: What it is called in a list.
        trashed: Where it is meanwhile.
        size_bytes: Its size, where it is told in a list.
        deleted: When it was deleted, in ISO form with the time zone, where it is told in a list.
    """

    key: str
    title: str
    trashed: Path
    size_bytes: int = 0
    deleted: str = ""


@dataclass(frozen=True, slots=True)
class ExportTarget:
    """A kind of file a model can be exported as.

    Attributes:
        name: The word for it on the command line: ``html``, ``onnx`` …
        suffix: What its file's name ends in.
        title: What it is called in a list.
        purpose: What it is for, in one sentence.
    """

    name: str
    suffix: str
    title: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written.

    Attributes:
        paths: The files, that which was asked for first.
        size_bytes: Of all of them.
        notes: Sentences on what is in it and what was left out.
    """

    paths: tuple[Path, ...]
    size_bytes: int
    notes: tuple[str, ...] = ()
