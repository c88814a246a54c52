"""A network learns from one picture: how wrong it was, whose fault that is, and what changes."""

from __future__ import annotations

from dataclasses import dataclass

from digitdesk.messages.inside.explanation import SourceLines
from digitdesk.messages.inside.look import Place


@dataclass(frozen=True, slots=True)
class LessonStep:
    """What the network says of the picture after so many steps.

    Attributes:
        step: 0 before the first.
        loss: Cross-entropy of the true output; no number where too large a rate burst them all.
        probabilities: One per output, as in ``Look``.
    """

    step: int
    loss: float
    probabilities: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class LayerGradient:
    """How much of the gradient arrives at a layer, in the first step.

    Attributes:
        layer: Its path.
        norm: Length of the gradient by its output.
        parameter_norm: Length of the gradient by what it has learned; ``None`` where it learns
            nothing.
        silent_share: Part of a ReLU's outputs that are 0 and pass no gradient on, 0 … 1; ``None``
            for other layers.
    """

    layer: str
    norm: float
    parameter_norm: float | None
    silent_share: float | None


@dataclass(frozen=True, slots=True)
class Lesson:
    """Some steps of gradient descent on one picture, made on a copy of the network.

    Attributes:
        key: What to ask with for its gradients.
        look_key: The look whose picture it is about; its numbers are those before the first step.
        label: Place of the true output among the outputs.
        rate: What gradients are multiplied by before they are taken off the weights.
        steps: Before the first step, and after each.
        layers: In the order in which they run, the picture first.
    """

    key: str
    look_key: str
    label: int
    rate: float
    steps: tuple[LessonStep, ...]
    layers: tuple[LayerGradient, ...]


@dataclass(frozen=True, slots=True)
class GradientTerm:
    """One product in a weight's gradient.

    Attributes:
        place: Of the output that the weight had a part in.
        grad: Gradient of the loss by that output.
        factor: What the weight was multiplied by there; 1 for a bias.
        product: Of the two.
    """

    place: Place
    grad: float
    factor: float
    product: float


@dataclass(frozen=True, slots=True)
class WeightGradient:
    """How the gradient by one weight came about, and what the step made of the weight.

    Attributes:
        parameter: Dotted name, for example ``conv1.kernel``.
        place: Which of its numbers.
        value: The weight before the first step.
        gradient: As the backward pass computed it.
        numerical: As a difference: by how much the loss changes where the weight is a little
            larger and a little smaller; computed with numbers of double length.
        agreeing_digits: To so many digits the two agree.
        terms: The products that count most, the largest first.
        rest_count: How many other products there are.
        rest_sum: Their sum.
        update: What the first step adds: −rate · gradient.
        after: The weight after the first step.
        formula: In mathematical notation.
        source: The lines that compute the gradient.
    """

    parameter: str
    place: Place
    value: float
    gradient: float
    numerical: float
    agreeing_digits: int
    terms: tuple[GradientTerm, ...]
    rest_count: int
    rest_sum: float
    rate: float
    update: float
    after: float
    formula: str
    source: SourceLines


@dataclass(frozen=True, slots=True)
class RatePoint:
    """What one step with a rate leads to.

    Attributes:
        loss: After the step.
        probability: Of the true output, after the step.
    """

    rate: float
    loss: float
    probability: float
