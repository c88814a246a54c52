"""The way from ink to what a network sees, step by step, and what is usual for its ink."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from digitdesk.messages.picture import Picture
from digitdesk.messages.prediction import Prediction

StepName = Literal["drawn", "cropped", "fitted", "pen", "centered"]

FEATURES = ("stroke width", "size", "darkness")
"""What is measured of the ink in a 28×28 picture.

The first two are in pixels, ``size`` along the longer side; ``darkness`` is the mean grey of the
pixels that have ink, 0 … 1.
"""


@dataclass(frozen=True, slots=True)
class PreparationStep:
    """One step on the way.

    Attributes:
        name: ``drawn`` is the ink on the board; ``cropped`` is cut out; ``fitted`` is as large as
            a box of 20×20 pixels; ``pen`` has a pen of the usual width; ``centered`` is moved so
            that its center of mass is in the middle, which is what the network sees.
        picture: What there is after it, ink = 255, of any size.
        seen_without: What the network would see were this step left out, 28×28; ``None`` for the
            first, which is none.
        without: What the model would say of that.
        features: Of what it would see, in the order of ``FEATURES``; of what it does see, for the
            first step.
    """

    name: StepName
    picture: Picture
    seen_without: Picture | None
    without: Prediction | None
    features: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Preparation:
    """All steps of one drawing.

    Attributes:
        steps: In their order; none where there is no ink.
        features: Of what the network sees, in the order of ``FEATURES``.
        prediction: What the model says, with all steps made.
    """

    steps: tuple[PreparationStep, ...]
    features: tuple[float, ...]
    prediction: Prediction


@dataclass(frozen=True, slots=True)
class Histogram:
    """How often numbers lie where.

    Attributes:
        name: What is counted.
        low: Where the first range begins.
        high: Where the last ends; numbers beyond either end count with the outermost ranges.
        counts: One for each range; all are equally wide.
    """

    name: str
    low: float
    high: float
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class InkDistribution:
    """What is usual for the ink in a data set.

    Attributes:
        data: Name of the data set.
        count: How many of its training pictures were measured.
        features: One histogram for each of ``FEATURES``.
    """

    data: str
    count: int
    features: tuple[Histogram, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """A picture of a data set.

    Attributes:
        index: Its place among the set's ``total`` test pictures.
        label: Name of the class that it shows.
    """

    data: str
    index: int
    total: int
    picture: Picture
    label: str
