"""Has a copy of a model learn from one picture, and tells what went back through it."""

from __future__ import annotations

from digitdesk.errors import ConfigError
from digitdesk.inspection.explain.explain import check_layer
from digitdesk.inspection.grids import tiles
from digitdesk.inspection.lesson import layer_gradients, rate_points, teach
from digitdesk.inspection.view import folded, kernel_pictures
from digitdesk.messages.inside.lesson import Lesson, RatePoint
from digitdesk.messages.inside.tiles import Tiles
from digitdesk.session.inside.lessons import KeptLesson, KeptLessons
from digitdesk.session.inside.looks import KeptLook
from digitdesk.session.inside.models import networks_of


def make_lesson(
    lessons: KeptLessons, kept: KeptLook, label: int, rate: float, steps: int
) -> Lesson:
    """Some steps on the picture of a look, made on a copy of the model as it was then."""
    card = kept.reader.card
    with networks_of(kept.reader).lent() as network:
        taught = teach(network, kept.image, label, rate, steps, card.temperature)
    lesson = Lesson(
        lessons.new_key(),
        kept.look.key,
        label,
        rate,
        taught.steps,
        layer_gradients(taught),
    )
    lessons.keep(KeptLesson(lesson, taught))
    return lesson


def rates_of(kept: KeptLook, label: int, rates: tuple[float, ...]) -> tuple[RatePoint, ...]:
    """What one step with each of these rates leads to."""
    with networks_of(kept.reader).lent() as network:
        return rate_points(network, kept.image, label, rates, kept.reader.card.temperature)


def gradient_page(kept: KeptLesson, layer: str, first: int, count: int) -> Tiles:
    """A page of the gradient by a layer's outputs, or by the picture."""
    check_layer(kept.taught.forward, layer)
    return tiles(layer, "gradients", kept.taught.back.by_output[layer], first, count)


def weight_gradient_page(kept: KeptLesson, layer: str, first: int, count: int) -> Tiles:
    """A page of the gradient by a layer's kernel; where that is no picture, rows are folded."""
    check_layer(kept.taught.forward, layer)
    gradient = kept.taught.back.by_parameter.get(f"{layer}.kernel")
    if gradient is None:
        raise ConfigError(f"The layer {layer} has no kernel")
    forward = kept.taught.forward
    pictures = kernel_pictures(forward.layers, forward.walked(layer), gradient)
    shown = folded(gradient) if pictures is None else pictures
    return tiles(layer, "kernel gradients", shown, first, count)
