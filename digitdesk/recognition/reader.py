"""Reads one preprocessed digit, or many, with a trained network.

Whatever the window, the command line or an evaluation asks of a model, it asks a reader.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from digitdesk.errors import DigitDeskError, ModelFileError
from digitdesk.ink.arrays import Float32Array
from digitdesk.ink.picture.faintness import is_too_faint
from digitdesk.ink.picture.grey_picture import as_bytes
from digitdesk.ink.preprocessing import (
    PREPROCESSING_VERSION,
    SeenDigit,
    preprocess_drawings,
    preprocess_strokes,
    see_digit,
)
from digitdesk.ink.strokes import without_taps
from digitdesk.ink.tracing.traced import traced
from digitdesk.messages.model import ModelCard
from digitdesk.messages.picture import Picture
from digitdesk.messages.prediction import Prediction, Stroke
from digitdesk.nn.core.backend import Backend
from digitdesk.nn.losses import softmax
from digitdesk.nn.parallel.network_pool import NetworkPool
from digitdesk.recognition.digit_opinion import seen_as_lines
from digitdesk.recognition.line_network import LineNetwork
from digitdesk.recognition.refusal import refusal_reason, sureness
from digitdesk.recognition.stored_networks import stored_networks
from digitdesk.recognition.stroke_network import StrokeNetwork, planes_of
from digitdesk.recognition.test_time_augmentation import LogitSource, TestTimeAugmentation


class ArraysByName(Protocol):
    """Anything with a card and a network's arrays, such as an opened model file."""

    @property
    def card(self) -> ModelCard:
        """What the model says about itself."""

    @property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """Parameters and running statistics by name."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What a reader says of N pictures.

    Attributes:
        probabilities: (N, classes), each row summing to 1, as if every picture were a digit.
        sureness: (N,) probability of the best class when rejects are counted too.
        rejects: (N, rejects) probability of each kind of what is no digit.
    """

    probabilities: NDArray[np.float64]
    sureness: NDArray[np.float64]
    rejects: NDArray[np.float64]

    @classmethod
    def joined(cls, parts: Sequence[Answers]) -> Answers:
        """The answers of one or more parts in a row."""
        return cls(
            np.concatenate([part.probabilities for part in parts]),
            np.concatenate([part.sureness for part in parts]),
            np.concatenate([part.rejects for part in parts]),
        )


class Reader:
    """A network that answers in probabilities.

    Several threads may ask one reader at once where its network is a ``NetworkPool``, as that of
    every opened model is.

    Args:
        network: What scores the pictures; where the card says so, in several views of each.
        card: Names of the classes, temperature, and the preprocessing the network was trained with.
        step: The training step the weights are from, for a network that is still learning.
        strokes: What scores strokes beside it; see ``StrokeNetwork``.
        lines: What reads whole lines beside them: numbers, and a digit as the shortest line.
        traced: What scores strokes that were traced in pictures, beside the network.

    Raises:
        ModelFileError: The network was trained with another preprocessing than this program's.
    """

    def __init__(
        self,
        network: LogitSource,
        card: ModelCard,
        *,
        step: int | None = None,
        strokes: StrokeNetwork | None = None,
        lines: LineNetwork | None = None,
        traced: StrokeNetwork | None = None,
    ) -> None:
        if card.preparation_version != PREPROCESSING_VERSION:
            raise ModelFileError(
                f"The model {card.title} was trained with another ink preparation",
                expected=f"version {PREPROCESSING_VERSION}",
                received=f"version {card.preparation_version}",
                hint="Train it again, or open it with the DigitDesk it was made with",
            )
        self.card = card
        self._one_view = network
        self._network = TestTimeAugmentation(network) if card.test_time_averaging else network
        self._strokes, self._traced = strokes, traced
        knows_all = lines is not None and set(card.class_names) <= set(lines.part.names)
        self.lines = lines if knows_all else None
        self.step = step

    @classmethod
    def from_stored(
        cls, stored: ArraysByName, backend: Backend, *, step: int | None = None
    ) -> Reader:
        """A reader for an opened model file.

        Raises:
            ModelFileError: The card's network cannot be built, or the arrays are not its own.
        """
        card = stored.card
        try:
            found = stored_networks(card, stored.arrays, backend)
        except DigitDeskError as error:
            raise ModelFileError.about(f"The model {card.title} cannot be used", error) from error
        return cls(
            found.first,
            card,
            step=step,
            strokes=found.strokes,
            lines=found.lines,
            traced=found.traced,
        )

    @property
    def networks(self) -> NetworkPool | None:
        """The network itself, for who looks into it; ``None`` where it is no opened model's."""
        return self._one_view if isinstance(self._one_view, NetworkPool) else None

    def with_network(self, network: NetworkPool) -> Reader:
        """The same model with another network in place of its first; one beside it stays."""
        beside = self._strokes if self.reads_pictures else StrokeNetwork(network)
        return Reader(
            network,
            self.card,
            step=self.step,
            strokes=beside,
            lines=self.lines,
            traced=self._traced,
        )

    def at_a_glance(self) -> Reader:
        """A reader with the same networks for digits that takes one view, whatever the card.

        Of a picture it is told of several times a second, that is soon enough and sure enough.
        """
        card = dataclasses.replace(self.card, test_time_averaging=False)
        return self._of_digits(card)

    def without_lines(self) -> Reader:
        """A reader that asks the networks for digits alone."""
        return self._of_digits(self.card)

    def _of_digits(self, card: ModelCard) -> Reader:
        return Reader(
            self._one_view, card, step=self.step, strokes=self._strokes, traced=self._traced
        )

    @property
    def reads_pictures(self) -> bool:
        """Whether it can read more than strokes."""
        return self.card.input_planes == 1

    def preprocess(self, strokes: tuple[Stroke, ...]) -> Float32Array | None:
        """Strokes in board units as the (28, 28) picture the network sees, or None without ink."""
        return preprocess_strokes(strokes)

    def read_strokes(self, strokes: tuple[Stroke, ...]) -> Prediction:
        """What the network says of strokes in board units."""
        (said,) = self.read_drawings([strokes])
        return said

    def read_drawings(self, drawings: Sequence[tuple[Stroke, ...]]) -> list[Prediction]:
        """As ``read_strokes``, of several drawings in one pass through the networks."""
        read = [self.read_preprocessed(None) for _ in drawings]
        inked = {
            k: tuple(kept) for k, drawing in enumerate(drawings) if (kept := without_taps(drawing))
        }
        if inked:
            shown = self.shown_of(list(inked.values()))
            answers = self.answer_strokes(list(inked.values()), shown)
            for row, k in enumerate(inked):
                read[k] = self.prediction(answers, row, shown[row, 0])
        return read

    def read_picture(self, picture: NDArray[Any]) -> Prediction:
        """What the network says of the one digit in a picture.

        Args:
            picture: (H, W) greys, integers of the full range of their type or floats 0 … 1.
        """
        prediction = self._read_seen(see_digit(picture))
        was_found = prediction.preprocessed is not None
        if prediction.reason and is_too_faint(picture, was_found=was_found):
            return dataclasses.replace(prediction, reason="faint")
        return prediction

    def read_preprocessed(self, preprocessed: Float32Array | None) -> Prediction:
        """What the network says of one preprocessed picture.

        Args:
            preprocessed: (28, 28) greys, ink 1 and paper 0, or None where there was no ink.

        Raises:
            ModelFileError: The network's numbers have overflowed.
        """
        return self._read_seen(None if preprocessed is None else SeenDigit(preprocessed))

    def _read_seen(self, seen: SeenDigit | None) -> Prediction:
        names, title = self.card.class_names, self.card.title
        if seen is None or not seen.preprocessed.any():
            return Prediction((), names, None, reason="empty", source=title, step=self.step)
        return self.prediction(self.answer_seen([seen]), 0, seen.preprocessed)

    def prediction(self, answers: Answers, index: int, preprocessed: Float32Array) -> Prediction:
        """One of the answers as it is shown, with the (28, 28) picture it is about."""
        return Prediction(
            tuple(answers.probabilities[index].tolist()),
            self.card.class_names,
            Picture.of(as_bytes(preprocessed)),
            reason=self.reason(answers, index),
            source=self.card.title,
            step=self.step,
        )

    def reason(self, answers: Answers, index: int) -> str:
        """Why an answer is not sure, or an empty text where it is."""
        return refusal_reason(self.card, float(answers.sureness[index]), answers.rejects[index])

    def reasons(self, answers: Answers) -> list[str]:
        """The same of every answer; most are sure, and are not asked one by one."""
        reasons, threshold = [""] * len(answers.sureness), self.card.refusal_threshold
        if threshold is not None:
            for index in np.flatnonzero(answers.sureness < threshold).tolist():
                reasons[index] = self.reason(answers, index)
        return reasons

    def read_many(self, preprocessed: Float32Array) -> NDArray[np.float64]:
        """Probabilities for many preprocessed pictures, every one of them answered.

        Args:
            preprocessed: (N, 28, 28) greys, ink 1 and paper 0.

        Returns:
            (N, classes), each row summing to 1.

        Raises:
            ModelFileError: The network's numbers have overflowed.
        """
        return self.answer_many(preprocessed).probabilities

    def answer_many(self, preprocessed: Float32Array) -> Answers:
        """Probabilities for many preprocessed pictures, and how sure each answer is.

        Args:
            preprocessed: (N, 28, 28) greys, ink 1 and paper 0.

        Raises:
            ModelFileError: The network's numbers have overflowed.
        """
        return self._answers(self._picture_logits(preprocessed), self.card.temperature)

    def answer_seen(self, seen: Sequence[SeenDigit]) -> Answers:
        """As ``answer_many``, of pictures that may be fine enough to trace the strokes in them.

        Where the model has a network for such strokes, the mean of both networks' logits tells
        which digit it is. Whether it is one, the picture tells better.

        Raises:
            ModelFileError: The network's numbers have overflowed.
        """
        logits = self._picture_logits(np.stack([one.preprocessed for one in seen]))
        answers = self._answers(logits, self.card.temperature)
        fine = [(k, one.fine) for k, one in enumerate(seen) if one.fine is not None]
        if not fine or self._traced is None:
            return answers
        drawings = traced([picture for _, picture in fine])
        found = [(k, drawing) for (k, _), drawing in zip(fine, drawings, strict=True) if drawing]
        if found:
            places = [k for k, _ in found]
            planes = planes_of([drawing for _, drawing in found])
            mean = self._traced.mean_logits(planes, logits[places])
            both = self._answers(mean, self._traced.temperature).probabilities
            answers.probabilities[places] = both
            is_digit = 1 - answers.rejects[places].sum(axis=1)
            answers.sureness[places] = is_digit * both.max(axis=1)
        return answers

    def _picture_logits(self, preprocessed: Float32Array) -> NDArray[Any]:
        """(N, outputs) by the network for pictures.

        Raises:
            ModelFileError: There is none.
        """
        if not self.reads_pictures:
            raise ModelFileError(
                f"The model {self.card.title} reads strokes, not pictures",
                hint="Draw, or take another model",
            )
        return self._network.predict_logits(preprocessed)

    def shown_of(self, drawings: Sequence[tuple[Stroke, ...]]) -> Float32Array:
        """What the networks are shown of drawings in board units; blank where there is no ink.

        Returns:
            (N, planes, 28, 28): the preprocessed picture first, and behind it, where a network
            knows strokes, their direction and progress.
        """
        if self._strokes is not None:
            return planes_of(drawings)
        return preprocess_drawings(drawings)[:, np.newaxis]

    def answer_strokes(
        self, drawings: Sequence[tuple[Stroke, ...]], shown: Float32Array
    ) -> Answers:
        """As ``answer_many``, of drawings whose strokes are known.

        Where the model has a network for strokes, the mean of both networks' logits counts; where
        it has one for lines, so does what that says of each drawing.

        Args:
            drawings: Their strokes in board units.
            shown: (N, planes, 28, 28) of the same, as ``shown_of`` gives them.

        Raises:
            ModelFileError: The network's numbers have overflowed.
        """
        strokes = self._strokes
        if strokes is None:
            return self.answer_many(shown[:, 0])
        if not self.reads_pictures:
            return self._answers(strokes.predict_logits(shown), self.card.temperature)
        # Beside what is said of the strokes and of the line, further views tell nothing new.
        network = self._network if self.lines is None else self._one_view
        logits = strokes.mean_logits(shown, network.predict_logits(shown[:, 0]))
        answers = self._answers(logits, strokes.temperature)
        return answers if self.lines is None else self._with_lines(answers, drawings, self.lines)

    def _with_lines(
        self, answers: Answers, drawings: Sequence[tuple[Stroke, ...]], lines: LineNetwork
    ) -> Answers:
        """Both opinions of which digit each drawing is; whether it is one is not the line's."""
        own, names = answers.probabilities, self.card.class_names
        both = seen_as_lines(own, drawings, names, lines)
        is_digit = 1 - answers.rejects.sum(axis=1)
        return Answers(both, is_digit * both.max(axis=1), answers.rejects)

    def _answers(self, scores: NDArray[Any], temperature: float | NDArray[np.float64]) -> Answers:
        logits = scores.astype(np.float64)
        if not np.isfinite(logits).all():
            raise ModelFileError(
                f"The model {self.card.title} does not answer in numbers",
                hint="Its training went wrong; use another model",
            )
        logits /= temperature
        classes = len(self.card.class_names)
        joint = softmax(logits, axis=1)
        return Answers(
            softmax(logits[:, :classes], axis=1), sureness(logits, classes), joint[:, classes:]
        )
