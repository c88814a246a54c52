"""Steps of gradient descent on one picture, made on a copy of the network and seen from inside.

The copy reads while it learns: nothing is dropped, and normalization keeps its statistics, so that
the numbers of the way forward are those that the gradients are about.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from digitdesk.errors import ConfigError
from digitdesk.inspection.edits import copied
from digitdesk.inspection.explain.probabilities import softmax_parts
from digitdesk.inspection.trace import BackwardTrace, Numbers, Trace, trace, trace_back
from digitdesk.messages.inside.lesson import LayerGradient, LessonStep, RatePoint
from digitdesk.messages.inside.look import INPUT
from digitdesk.nn.core.backend import Array
from digitdesk.nn.layers.activations import ReLU
from digitdesk.nn.losses import SoftmaxCrossEntropy
from digitdesk.nn.network import Network
from digitdesk.nn.optim.optimizers import make_optimizer

MOST_STEPS = 100


@dataclass(frozen=True, slots=True, eq=False)
class TaughtLesson:
    """What happened.

    Attributes:
        spec: The network as text.
        image: What was learned from, (28, 28) or (C, 28, 28).
        label: The true output.
        rate: The learning rate.
        forward: The way forward of the first step.
        back: The way back of the first step.
        before: What was learned before, by dotted name.
        after: The same after the first step.
        statistics: Running statistics by dotted name; they stay.
        steps: Before the first, and after each.
        idle: Networks of double length with the weights of before, not in use just now: as many as
            have ever been asked for at once. Only ever popped and appended to.
    """

    spec: str
    image: Numbers
    label: int
    rate: float
    forward: Trace
    back: BackwardTrace
    before: dict[str, Numbers]
    after: dict[str, Numbers]
    statistics: dict[str, Numbers]
    steps: tuple[LessonStep, ...]
    idle: list[Network] = field(default_factory=list)


class OneLabel:
    """The loss of one picture, and its gradient by the logits."""

    def __init__(self, label: int) -> None:
        self._labels = np.array([label])
        self._criterion = SoftmaxCrossEntropy()

    def loss(self, logits: Array) -> float:
        """Of logits (K,)."""
        return float(self._criterion.forward(logits[:, np.newaxis], self._labels))

    def gradient(self, logits: Array) -> Array:
        """By logits (K, 1)."""
        self._criterion.forward(logits, self._labels)
        return self._criterion.backward()


def loss_of(logits: Numbers, label: int) -> float:
    """Cross-entropy of logits (K,) for a label."""
    return OneLabel(label).loss(logits)


def teach(
    network: Network,
    image: Numbers,
    label: int,
    rate: float,
    steps: int = 1,
    temperature: float = 1.0,
) -> TaughtLesson:
    """Have a copy of a network learn from one picture.

    Args:
        network: Stays as it is; for this caller alone meanwhile.
        image: (28, 28) or (C, 28, 28), ink 1 and paper 0.
        label: The true output.
        rate: The learning rate.
        steps: How many steps.
        temperature: What logits are divided by for the probabilities that are told.

    Raises:
        ConfigError: There is no such output, or the rate or the number of steps is out of range.
    """
    _check(network, label, [rate])
    if not 1 <= steps <= MOST_STEPS:
        raise ConfigError(
            "So many steps cannot be shown", expected=f"1 to {MOST_STEPS}", received=str(steps)
        )
    pupil = copied(network)
    statistics = {each.name: each.value.copy() for each in pupil.statistics}
    optimizer = make_optimizer("sgd", learning_rate=rate)
    target = OneLabel(label)
    before = _values(pupil)
    after = before
    told: list[LessonStep] = []
    first: tuple[Trace, BackwardTrace] | None = None
    with _bursting():
        for step in range(steps):
            forward, back = trace_back(pupil, image, target.gradient)
            told.append(_step(step, forward, label, temperature))
            optimizer.step(pupil.parameters)
            if first is None:
                first, after = (forward, back), _values(pupil)
        told.append(_step(steps, trace(pupil, image), label, temperature))
    assert first is not None
    return TaughtLesson(
        network.spec, image, label, rate, *first, before, after, statistics, tuple(told)
    )


def rate_points(
    network: Network, image: Numbers, label: int, rates: Iterable[float], temperature: float = 1.0
) -> tuple[RatePoint, ...]:
    """What one step leads to, with each of some rates; otherwise as ``teach``.

    Raises:
        ConfigError: There is no such output, or a rate is out of range.
    """
    rates = tuple(rates)
    _check(network, label, rates)
    pupil = copied(network)
    trace_back(pupil, image, OneLabel(label).gradient)
    values, grads = pupil.parameters.values.copy(), pupil.parameters.grads.copy()
    points = []
    with _bursting():
        for rate in rates:
            pupil.parameters.values[...] = values
            pupil.parameters.grads[...] = grads
            make_optimizer("sgd", learning_rate=rate).step(pupil.parameters)
            told = _step(1, trace(pupil, image), label, temperature)
            points.append(RatePoint(rate, told.loss, told.probabilities[label]))
    return tuple(points)


def layer_gradients(lesson: TaughtLesson) -> tuple[LayerGradient, ...]:
    """How much of the gradient arrived at each layer, the picture first."""
    rows = [LayerGradient(INPUT, _norm([lesson.back.by_output[INPUT]]), None, None)]
    for each in lesson.forward.layers:
        own = [
            grad
            for name, grad in lesson.back.by_parameter.items()
            if name.rpartition(".")[0] == each.path
        ]
        outputs = lesson.forward.outputs[each.path]
        is_relu = isinstance(each.layer, ReLU)
        rows.append(
            LayerGradient(
                each.path,
                _norm([lesson.back.by_output[each.path]]),
                _norm(own) if own else None,
                float((outputs == 0).mean()) if is_relu else None,
            )
        )
    return tuple(rows)


def _bursting() -> contextlib.AbstractContextManager[None]:
    """Meanwhile, numbers may burst: what too large a rate does is to be seen, not complained of."""
    return np.errstate(over="ignore", invalid="ignore")


def _step(step: int, forward: Trace, label: int, temperature: float) -> LessonStep:
    parts = softmax_parts(forward.logits, temperature)
    return LessonStep(step, loss_of(forward.logits, label), parts.probabilities)


def _values(network: Network) -> dict[str, Numbers]:
    return {parameter.name: parameter.value.copy() for parameter in network.parameters}


def _norm(arrays: Sequence[Numbers]) -> float:
    return float(np.sqrt(sum(float(np.vdot(array, array)) for array in arrays)))


def check_label(network: Network, label: int) -> None:
    """Refuse an output that is not there.

    Raises:
        ConfigError: There is no such output.
    """
    (outputs,) = network.output_shape
    if not 0 <= label < outputs:
        raise ConfigError(
            "There is no such output", expected=f"0 to {outputs - 1}", received=str(label)
        )


def _check(network: Network, label: int, rates: Iterable[float]) -> None:
    check_label(network, label)
    for rate in rates:
        if not 0 <= rate <= 1000:
            raise ConfigError(
                "The learning rate is out of range", expected="0 to 1000", received=f"{rate:g}"
            )
