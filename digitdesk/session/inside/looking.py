"""Runs pictures through models, and keeps what every layer made of the last few."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from digitdesk.errors import ConfigError, DataError
from digitdesk.ink.arrays import Float32Array
from digitdesk.ink.picture.grey_picture import as_bytes, greys_of
from digitdesk.inspection.explain.explain import check_layer, explain, explain_answer
from digitdesk.inspection.explain.probabilities import softmax_parts
from digitdesk.inspection.grids import tiles
from digitdesk.inspection.trace import trace
from digitdesk.inspection.view import kernel_pictures
from digitdesk.inspection.walk import walk
from digitdesk.messages.inside.explanation import Explanation
from digitdesk.messages.inside.look import ANSWER, Look, Place
from digitdesk.messages.inside.tiles import Tiles
from digitdesk.messages.picture import DIGIT_SIDE, Picture
from digitdesk.messages.prediction import Prediction, Stroke
from digitdesk.nn.network import Network
from digitdesk.recognition.reader import Reader
from digitdesk.recognition.stroke_network import planes_of
from digitdesk.recognition.test_time_augmentation import views
from digitdesk.session.inside.looks import KeptLook, KeptLooks
from digitdesk.session.inside.models import Edits, networks_of

_BLANK: Float32Array = np.zeros((DIGIT_SIDE, DIGIT_SIDE), dtype=np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What a model is shown, and what it says of it.

    Attributes:
        images: The views that it takes, each (28, 28), or (C, 28, 28) of a model that is shown
            more of strokes than their picture.
        prediction: What it says, all in all.
    """

    images: Float32Array
    prediction: Prediction


def seen_of_strokes(reader: Reader, strokes: tuple[Stroke, ...]) -> Seen:
    """What a model is shown of a drawing in board units; without ink, nothing but paper."""
    prediction = reader.read_strokes(strokes)
    if reader.reads_pictures:
        preprocessed = reader.preprocess(strokes)
        return Seen(_views(reader, _BLANK if preprocessed is None else preprocessed), prediction)
    return Seen(planes_of([strokes]), prediction)


def seen_of_picture(reader: Reader, picture: Picture) -> Seen:
    """What a model is shown of a prepared picture.

    Raises:
        DataError: It is not 28×28.
        ModelFileError: The model reads strokes only.
    """
    greys = prepared_greys(picture)
    return Seen(_views(reader, greys), reader.read_preprocessed(greys))


def make_look(
    looks: KeptLooks, model_key: str, reader: Reader, seen: Seen, edits: Edits, view: int
) -> Look:
    """Run a picture through a model, and keep what came of it.

    Args:
        looks: Keeps it.
        model_key: Which model it is.
        reader: The model, with the changes.
        seen: What it is shown.
        edits: The changes.
        view: Which of the views that the model takes.

    Raises:
        ConfigError: It does not take this view.
    """
    if not 0 <= view < len(seen.images):
        raise ConfigError(
            "The model does not look at this view",
            expected=f"0 to {len(seen.images) - 1}",
            received=str(view),
        )
    image = seen.images[view]
    with networks_of(reader).lent() as network:
        traced = trace(network, image)
    card = reader.card
    look = Look(
        looks.new_key(),
        model_key,
        Picture.of(as_bytes(image if image.ndim == 2 else image[0])),
        seen.prediction,
        (*card.class_names, *card.reject_names),
        softmax_parts(traced.logits, card.temperature).probabilities,
        view,
        reader.step,
        edits,
    )
    looks.keep(KeptLook(look, reader, image, traced))
    return look


def page_of(kept: KeptLook, layer: str, first: int, count: int) -> Tiles:
    """A page of what a layer made of the picture."""
    if layer == ANSWER:
        numbers = np.array(kept.look.probabilities, dtype=np.float32)
    else:
        check_layer(kept.trace, layer)
        numbers = kept.trace.outputs[layer]
    return tiles(layer, "outputs", numbers, first, count)


def weight_page(network: Network, layer: str, first: int, count: int) -> Tiles:
    """A page of a layer's kernel as pictures.

    Raises:
        ConfigError: It is no pictures.
    """
    walked = tuple(walk(network.layers))
    kernels = {each.name: each.value for each in network.parameters}
    kernel = kernels.get(f"{layer}.kernel")
    if kernel is not None:
        each = next(each for each in walked if each.path == layer)
        pictures = kernel_pictures(walked, each, kernel)
        if pictures is not None:
            return tiles(layer, "kernels", pictures, first, count)
    raise ConfigError(f"The weights of '{layer[:40]}' are no pictures")


def explanation_of(
    kept: KeptLook, layer: str, place: Place, temperature: float | None
) -> Explanation:
    """How one number came about; the temperature is for ``ANSWER``."""
    if layer != ANSWER:
        return explain(kept.trace, layer, place)
    used = kept.reader.card.temperature if temperature is None else temperature
    if not used > 0:
        raise ConfigError("No such temperature", expected="more than 0", received=f"{used:g}")
    return explain_answer(kept.trace, place, kept.look.outputs, used)


def prepared_greys(picture: Picture) -> Float32Array:
    """A prepared picture's greys, (28, 28), ink 1 and paper 0.

    Raises:
        DataError: It is of another size.
    """
    if (picture.width, picture.height) != (DIGIT_SIDE, DIGIT_SIDE):
        raise DataError(
            "Only a prepared picture can be looked at",
            expected=f"{DIGIT_SIDE}×{DIGIT_SIDE} pixels",
            received=f"{picture.width}×{picture.height}",
        )
    return greys_of(picture).astype(np.float32) / np.float32(255)


def _views(reader: Reader, preprocessed: Float32Array) -> Float32Array:
    """The views that a reader takes of a picture."""
    if not reader.card.test_time_averaging:
        return preprocessed[np.newaxis]
    return views(preprocessed[np.newaxis])
