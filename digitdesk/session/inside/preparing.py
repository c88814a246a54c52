"""The way from a drawing to what a network sees, and what a model says without a step of it."""

from __future__ import annotations

import numpy as np

from digitdesk.ink.arrays import Float32Array
from digitdesk.ink.picture.grey_picture import as_bytes
from digitdesk.inspection.preparation import feature_histograms, ink_features, preparation_steps
from digitdesk.messages.inside.preparation import (
    InkDistribution,
    Preparation,
    PreparationStep,
)
from digitdesk.messages.picture import Picture
from digitdesk.messages.prediction import Stroke
from digitdesk.recognition.reader import Reader
from digitdesk.session.exams.exam_data import Folder
from digitdesk.session.samples import Samples

_MEASURED = 2000
"""Training pictures of a set, to know what is usual."""


def prepared(reader: Reader, strokes: tuple[Stroke, ...]) -> Preparation:
    """All steps of a drawing in board units."""
    steps = preparation_steps(strokes)
    if not steps:
        return Preparation((), (), reader.read_preprocessed(None))
    seen = [step.without for step in steps if step.without is not None]
    features = ink_features(np.stack([steps[-1].picture, *seen]))
    whole = tuple(features[0].tolist())
    answers = reader.answer_many(np.stack(seen))
    told = [PreparationStep(steps[0].name, _picture(steps[0].picture), None, None, whole)]
    for k, step in enumerate(steps[1:]):
        assert step.without is not None
        told.append(
            PreparationStep(
                step.name,
                _picture(step.picture),
                _picture(step.without),
                reader.prediction(answers, k, step.without),
                tuple(features[k + 1].tolist()),
            )
        )
    return Preparation(tuple(told), whole, reader.read_preprocessed(steps[-1].picture))


def _picture(greys: Float32Array) -> Picture:
    return Picture.of(np.ascontiguousarray(as_bytes(greys)))


class KeptDistributions:
    """What is usual for the ink of data sets, measured once each.

    Args:
        samples: Loads the pictures.
        data_folder: The folder of data sets for who names none.
    """

    def __init__(self, samples: Samples, data_folder: Folder) -> None:
        self._samples = samples
        self._data_folder = data_folder
        # Only ever added to, one whole entry at a time.
        self._kept: dict[str, InkDistribution] = {}

    def of(self, data: str) -> InkDistribution:
        """That of the first part of a set; of several that are joined, of the first.

        Raises:
            DigitDeskError: The set is not there or damaged.
        """
        name = data.split("+")[0].strip()
        if name not in self._kept:
            images = self._samples.train_images(name, self._data_folder(None), _MEASURED)
            greys = images.astype(np.float32) / np.float32(255)
            self._kept[name] = InkDistribution(name, len(greys), feature_histograms(greys))
        return self._kept[name]
