"""The facade of what is inside a network: every number of it, for the picture that is read.

It is the session's ``inside``. Nothing that is done here changes a model, or disturbs one that
learns: what changes is a copy.
"""

from __future__ import annotations

from pathlib import Path

from digitdesk.inspection.explain.weights import explain_weight
from digitdesk.inspection.view import network_view
from digitdesk.messages.inside.edits import CheckedAccuracy
from digitdesk.messages.inside.explanation import Explanation
from digitdesk.messages.inside.health import TrainingLook
from digitdesk.messages.inside.lesson import Lesson, RatePoint, WeightGradient
from digitdesk.messages.inside.look import Look, NetworkView, Place
from digitdesk.messages.inside.preparation import InkDistribution, Preparation, Sample
from digitdesk.messages.inside.reasons import Turned, Why
from digitdesk.messages.inside.tiles import Tiles
from digitdesk.messages.model import ModelEntry
from digitdesk.messages.picture import Picture
from digitdesk.messages.prediction import Stroke
from digitdesk.session.exams.exam_data import ExamShelf, Folder
from digitdesk.session.inside.lessons import KeptLessons
from digitdesk.session.inside.looking import (
    explanation_of,
    make_look,
    page_of,
    seen_of_picture,
    seen_of_strokes,
    weight_page,
)
from digitdesk.session.inside.looks import KeptLooks
from digitdesk.session.inside.models import Edits, InsideModels, networks_of
from digitdesk.session.inside.pictures import TestPictures
from digitdesk.session.inside.preparing import KeptDistributions, prepared
from digitdesk.session.inside.reasoning import turned, why
from digitdesk.session.inside.teaching import (
    gradient_page,
    make_lesson,
    rates_of,
    weight_gradient_page,
)
from digitdesk.session.inside.training_looks import TrainingLooks
from digitdesk.session.model_library import ModelLibrary
from digitdesk.session.progress import Cancelled, Progress, advance, never, told_to_nobody
from digitdesk.session.samples import Samples

PAGE = 32
"""Tiles on a page, where nobody says otherwise."""


class Inside:
    """Looks into models.

    Two threads may call any two methods at once. Any may raise a ``DigitDeskError`` with a
    sentence for the user. A model is named by its key, and with ``edits`` it is meant as changed
    by these; what is asked of a look or a lesson is answered for the model as it was then.

    Args:
        library: The models.
        shelf: The data sets with test pictures.
        samples: Loads training pictures, whose ink is measured.
        data_folder: The folder of data sets for who names none.
    """

    def __init__(
        self, library: ModelLibrary, shelf: ExamShelf, samples: Samples, data_folder: Folder
    ) -> None:
        self._library = library
        self._models = InsideModels(library)
        self._looks = KeptLooks()
        self._lessons = KeptLessons()
        self._shelf = shelf
        self._pictures = TestPictures(shelf)
        self._distributions = KeptDistributions(samples, data_folder)
        self._training = TrainingLooks(library, self._pictures)

    # --- forward ---------------------------------------------------------------------------

    def layers(self, model_key: str, edits: Edits = ()) -> NetworkView:
        """The model's layers, in the order in which they run."""
        reader = self._models.reader(model_key, edits)
        with networks_of(reader).lent() as network:
            return network_view(network, reader.card, model_key, reader.step, edits)

    def look_at_strokes(
        self, model_key: str, strokes: tuple[Stroke, ...], edits: Edits = (), *, view: int = 0
    ) -> Look:
        """Run a drawing, in board units, through the network.

        Args:
            model_key: The model, as it is now.
            strokes: The drawing; without ink, a blank picture is looked at.
            edits: Changes to the model.
            view: Which of the views that it reads, from 0, the picture as it is.
        """
        reader = self._models.reader(model_key, edits)
        seen = seen_of_strokes(reader, strokes)
        return make_look(self._looks, model_key, reader, seen, edits, view)

    def look_at_picture(
        self, model_key: str, picture: Picture, edits: Edits = (), *, view: int = 0
    ) -> Look:
        """Run a prepared picture, 28×28 with ink = 255, through the network; otherwise the same."""
        reader = self._models.reader(model_key, edits)
        seen = seen_of_picture(reader, picture)
        return make_look(self._looks, model_key, reader, seen, edits, view)

    def tiles(self, look_key: str, layer: str, first: int = 0, count: int = PAGE) -> Tiles:
        """A page of what a layer made of the picture."""
        return page_of(self._looks[look_key], layer, first, count)

    def weight_tiles(
        self, model_key: str, layer: str, first: int = 0, count: int = PAGE, edits: Edits = ()
    ) -> Tiles:
        """A page of a layer's kernel as pictures: unit after unit, and channel after channel."""
        with networks_of(self._models.reader(model_key, edits)).lent() as network:
            return weight_page(network, layer, first, count)

    def explain(
        self, look_key: str, layer: str, place: Place, *, temperature: float | None = None
    ) -> Explanation:
        """How one number came about.

        Args:
            look_key: Of the look.
            layer: Path of the layer.
            place: Where the number is in what the layer gave.
            temperature: For ``ANSWER``, in place of the model's.
        """
        return explanation_of(self._looks[look_key], layer, place, temperature)

    # --- pictures, and the way to them -----------------------------------------------------

    def data_sets(self) -> tuple[str, ...]:
        """Names of the data sets at hand that have test pictures."""
        trained_on = [entry.card.dataset for entry in self._library.entries()]
        at_hand = self._shelf.at_hand(trained_on)
        return tuple(data.name for data in at_hand if data.kind == "dataset")

    def sample(self, data: str, index: int) -> Sample:
        """The test picture at a place of a data set."""
        return self._pictures.sample(data, index)

    def find(
        self,
        data: str,
        after: int,
        *,
        label: str | None = None,
        model_key: str | None = None,
        edits: Edits = (),
        progress: Progress = told_to_nobody,
        cancelled: Cancelled = never,
    ) -> Sample | None:
        """The next test picture of a class, or the next that a model reads wrong.

        Behind the last picture comes the first.

        Args:
            data: Name of the data set.
            after: Place of the picture before.
            label: Name of the class; any where ``None``.
            model_key: The model that is to be wrong; ``None`` for any picture.
            edits: Changes to the model.
            progress: Told how many pictures are looked at, and of how many.
            cancelled: Asked now and then.
        """
        reader = None if model_key is None else self._models.reader(model_key, edits)
        return self._pictures.find(data, after, label, reader, advance(progress, cancelled))

    def preparation(
        self, model_key: str, strokes: tuple[Stroke, ...], edits: Edits = ()
    ) -> Preparation:
        """The way from a drawing to what the network sees, each step with the answer without it."""
        return prepared(self._models.reader(model_key, edits), strokes)

    def ink_distribution(self, data: str) -> InkDistribution:
        """What is usual for the ink in a data set's training pictures; remembered."""
        return self._distributions.of(data)

    # --- backward --------------------------------------------------------------------------

    def learn(self, look_key: str, label: int, rate: float = 0.1, steps: int = 1) -> Lesson:
        """Have a copy of the model learn from the picture.

        Args:
            look_key: Of the look.
            label: Place of the true output among the outputs.
            rate: Learning rate of plain gradient descent.
            steps: How many steps.
        """
        return make_lesson(self._lessons, self._looks[look_key], label, rate, steps)

    def rates(self, look_key: str, label: int, rates: tuple[float, ...]) -> tuple[RatePoint, ...]:
        """What one step with each of these rates would lead to."""
        return rates_of(self._looks[look_key], label, rates)

    def gradient_tiles(
        self, lesson_key: str, layer: str, first: int = 0, count: int = PAGE
    ) -> Tiles:
        """A page of the gradient of the loss by a layer's outputs, or by the picture."""
        return gradient_page(self._lessons[lesson_key], layer, first, count)

    def weight_gradient_tiles(
        self, lesson_key: str, layer: str, first: int = 0, count: int = PAGE
    ) -> Tiles:
        """A page of the gradient by a layer's kernel, one tile for each unit and channel.

        Where the kernel is no picture, each unit's row is folded to a tile.
        """
        return weight_gradient_page(self._lessons[lesson_key], layer, first, count)

    def explain_weight(self, lesson_key: str, parameter: str, place: Place) -> WeightGradient:
        """How the gradient by one weight came about, and what the first step made of it."""
        return explain_weight(self._lessons[lesson_key].taught, parameter, place)

    # --- reasons ---------------------------------------------------------------------------

    def why(
        self,
        look_key: str,
        label: int,
        progress: Progress = told_to_nobody,
        cancelled: Cancelled = never,
    ) -> Why:
        """What speaks for an output, and what against it, pixel by pixel."""
        return why(self._looks[look_key], label, advance(progress, cancelled))

    def turn_into(
        self,
        look_key: str,
        label: int,
        progress: Progress = told_to_nobody,
        cancelled: Cancelled = never,
    ) -> Turned:
        """The picture with its ink changed, as little as was found, until it is taken for that."""
        return turned(self._looks[look_key], label, advance(progress, cancelled))

    # --- changes ---------------------------------------------------------------------------

    def accuracy(
        self,
        model_key: str,
        edits: Edits = (),
        data: str = "mnist",
        progress: Progress = told_to_nobody,
        cancelled: Cancelled = never,
    ) -> CheckedAccuracy:
        """How many of a thousand test pictures the model reads right, as it is changed."""
        reader = self._models.reader(model_key, edits)
        return self._pictures.accuracy(data, reader, advance(progress, cancelled))

    def save(self, model_key: str, edits: Edits, path: Path) -> ModelEntry:
        """Write the model as it is changed to a ``.npz`` or ``.pkl`` file, and keep it at hand."""
        return self._models.save(model_key, edits, Path(path))

    # --- while it learns -------------------------------------------------------------------

    def training(self, filters: int = PAGE) -> TrainingLook | None:
        """How the network of the last run is, with its newest weights; ``None`` without a run.

        Args:
            filters: How many of its first kernels to show.
        """
        return self._training.look(filters)
