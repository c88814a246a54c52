"""The facade of what is inside a network: every number of it, for the picture that is read.

It is the session's ``inside``. Nothing that is done here changes a model, or disturbs one that
learns: what changes is a copy.
"""

from __future__ import annotations

import numpy as np

from digitdesk.errors import ConfigError, DataError
from digitdesk.ink.arrays import Float32Array
from digitdesk.ink.grey_picture import as_bytes, greys_of
from digitdesk.inspection.explain.explain import check_layer, explain, explain_answer
from digitdesk.inspection.explain.probabilities import softmax_parts
from digitdesk.inspection.grids import tiles
from digitdesk.inspection.trace import Numbers, trace
from digitdesk.inspection.view import kernel_pictures, network_view
from digitdesk.inspection.walk import walk
from digitdesk.messages.inside.edits import Edit
from digitdesk.messages.inside.explanation import Explanation
from digitdesk.messages.inside.look import ANSWER, Look, NetworkView, Place
from digitdesk.messages.inside.tiles import Tiles
from digitdesk.messages.picture import DIGIT_SIDE, Picture
from digitdesk.messages.prediction import Stroke
from digitdesk.recognition.reader import Reader
from digitdesk.recognition.test_time_augmentation import VIEWS, views
from digitdesk.session.inside.looks import KeptLook, KeptLooks
from digitdesk.session.inside.models import InsideModels, networks_of
from digitdesk.session.model_library import ModelLibrary

Edits = tuple[Edit, ...]

PAGE = 32
"""Tiles on a page, where nobody says otherwise."""


class Inside:
    """Looks into models.

    Two threads may call any two methods at once. Any may raise a ``DigitDeskError`` with a
    sentence for the user. A model is named by its key, and with ``edits`` it is meant as changed
    by these; what is asked of a look is answered for the model as it was then.

    Args:
        library: The models.
    """

    def __init__(self, library: ModelLibrary) -> None:
        self._models = InsideModels(library)
        self._looks = KeptLooks()

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
        return self._look(model_key, reader, reader.preprocess(strokes), edits, view)

    def look_at_picture(
        self, model_key: str, picture: Picture, edits: Edits = (), *, view: int = 0
    ) -> Look:
        """Run a prepared picture, 28×28 with ink = 255, through the network; otherwise the same."""
        if (picture.width, picture.height) != (DIGIT_SIDE, DIGIT_SIDE):
            raise DataError(
                "Only a prepared picture can be looked at",
                expected=f"{DIGIT_SIDE}×{DIGIT_SIDE} pixels",
                received=f"{picture.width}×{picture.height}",
            )
        preprocessed = greys_of(picture).astype(np.float32) / np.float32(255)
        reader = self._models.reader(model_key, edits)
        return self._look(model_key, reader, preprocessed, edits, view)

    def _look(
        self,
        model_key: str,
        reader: Reader,
        preprocessed: Float32Array | None,
        edits: Edits,
        view: int,
    ) -> Look:
        if preprocessed is None:
            preprocessed = np.zeros((DIGIT_SIDE, DIGIT_SIDE), dtype=np.float32)
        image = _view_of(reader, preprocessed, view)
        prediction = reader.read_preprocessed(preprocessed)
        with networks_of(reader).lent() as network:
            traced = trace(network, image)
        card = reader.card
        parts = softmax_parts(traced.logits, card.temperature)
        look = Look(
            self._looks.new_key(),
            model_key,
            Picture.of(as_bytes(image)),
            prediction,
            (*card.class_names, *card.reject_names),
            parts.probabilities,
            view,
            reader.step,
            edits,
        )
        self._looks.keep(KeptLook(look, reader, image, traced))
        return look

    def tiles(self, look_key: str, layer: str, first: int = 0, count: int = PAGE) -> Tiles:
        """A page of what a layer made of the picture."""
        kept = self._looks[look_key]
        return tiles(layer, "outputs", _outputs_of(kept, layer), first, count)

    def weight_tiles(
        self, model_key: str, layer: str, first: int = 0, count: int = PAGE, edits: Edits = ()
    ) -> Tiles:
        """A page of a layer's kernel as pictures: unit after unit, and channel after channel."""
        with networks_of(self._models.reader(model_key, edits)).lent() as network:
            walked = tuple(walk(network.layers))
            found = next((each for each in walked if each.path == layer), None)
            name = f"{layer}.kernel"
            names = [parameter.name for parameter in network.parameters]
            pictures = None
            if found is not None and name in names:
                pictures = kernel_pictures(walked, found, network.parameters[name].value)
            if pictures is None:
                raise ConfigError(f"The weights of '{layer[:40]}' are no pictures")
            return tiles(layer, "kernels", pictures, first, count)

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
        kept = self._looks[look_key]
        if layer != ANSWER:
            return explain(kept.trace, layer, place)
        used = kept.reader.card.temperature if temperature is None else temperature
        if not used > 0:
            raise ConfigError("No such temperature", expected="more than 0", received=f"{used:g}")
        return explain_answer(kept.trace, place, kept.look.outputs, used)


def _outputs_of(kept: KeptLook, layer: str) -> Numbers:
    if layer == ANSWER:
        return np.array(kept.look.probabilities, dtype=np.float32)
    check_layer(kept.trace, layer)
    return kept.trace.outputs[layer]


def _view_of(reader: Reader, preprocessed: Float32Array, view: int) -> Float32Array:
    """One of the views that a reader takes of a picture."""
    count = VIEWS if reader.card.test_time_averaging else 1
    if not 0 <= view < count:
        raise ConfigError(
            "The model does not look at this view",
            expected=f"0 to {count - 1}",
            received=str(view),
        )
    if view == 0:
        return preprocessed
    seen: Float32Array = views(preprocessed[np.newaxis])[view]
    return seen
