"""Why a network gives an answer: which pixels speak for it, and what would make it another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from digitdesk.ink.arrays import Float32Array, Mask
from digitdesk.inspection.lesson import OneLabel, check_label
from digitdesk.inspection.trace import Numbers, trace, trace_back
from digitdesk.messages.inside.look import INPUT
from digitdesk.nn.core.backend import Array
from digitdesk.nn.losses import softmax
from digitdesk.nn.network import Network

PATCH = 5
"""Side of the patch that is wiped off, in pixels."""

MOST_STEPS = 200
_STEP = 0.08
_NEAR_PX = 2
"""Ink is changed this near to ink, and not out on the paper."""

_STRONG = 0.3
"""A step moves the pixels whose gradient is at least this part of the largest: few, by much."""

_HALVINGS = 8
_READ_AT_ONCE = 128

Advance = Callable[[int, int], None]
"""Told how much is done, and of how much; raises to stop."""


def gradient_times_input(network: Network, image: Numbers, label: int) -> Numbers:
    """Each pixel's gradient of a logit, times the pixel, from (28, 28) or (C, 28, 28) to (28, 28).

    Source:
        Simonyan et al., "Deep inside convolutional networks: visualising image classification
        models and saliency maps", 2014; times the input as in Shrikumar et al., "Not just a black
        box: learning important features through propagating activation differences", 2016.
    """
    check_label(network, label)

    def one_logit(logits: Array) -> Array:
        grad = np.zeros_like(logits)
        grad[label] = 1
        return grad

    _, back = trace_back(network, image, one_logit)
    products: Numbers = (back.by_output[INPUT] * image).sum(axis=0)
    return products


def occlusion(
    read: Callable[[Float32Array], Numbers], image: Float32Array, label: int, advance: Advance
) -> Float32Array:
    """By how much a logit falls where a patch around each pixel is wiped off: (28, 28).

    Args:
        read: From pictures to logits (N, outputs).
        image: (28, 28) or (C, 28, 28), ink 1 and paper 0.
        label: Which logit.
        advance: Told how far it is; raises to stop.

    Source:
        Zeiler and Fergus, "Visualizing and understanding convolutional networks", 2014, section
        4.2.
    """
    height, width = image.shape[-2:]
    reach = PATCH // 2
    inked = np.any(image.reshape(-1, height, width) > 0, axis=0)
    places = np.argwhere(_grown(inked, reach))
    falls = np.zeros((height, width), dtype=np.float32)
    usual = read(image[np.newaxis])[0, label]
    for first in range(0, len(places), _READ_AT_ONCE):
        advance(first, len(places))
        some = places[first : first + _READ_AT_ONCE]
        wiped = np.repeat(image[np.newaxis], len(some), axis=0)
        for picture, (row, column) in zip(wiped, some.tolist(), strict=True):
            picture[
                ...,
                max(0, row - reach) : min(height, row + reach + 1),
                max(0, column - reach) : min(width, column + reach + 1),
            ] = 0
        falls[tuple(some.T)] = usual - read(wiped)[:, label]
    return falls


@dataclass(frozen=True, slots=True, eq=False)
class TurnedPicture:
    """What became of a picture.

    Attributes:
        image: (28, 28) the changed picture.
        before: Probability of each output before.
        after: The same afterwards.
        is_reached: Whether the wanted output is the most probable.
        steps: How many steps were made.
    """

    image: Float32Array
    before: Numbers
    after: Numbers
    is_reached: bool
    steps: int


def turn_into(
    network: Network,
    image: Float32Array,
    label: int,
    advance: Advance,
    temperature: float = 1.0,
) -> TurnedPicture:
    """Change ink, near to where there is some, until another output is the most probable.

    Steps along the gradient of the loss lead there; then as much of the way is gone back as can
    be, so that the change is a small one.

    Args:
        network: For this caller alone meanwhile.
        image: (28, 28), ink 1 and paper 0.
        label: The wanted output.
        advance: Told how many steps are done, and of how many at most; raises to stop.
        temperature: What logits are divided by for the probabilities that are told.
    """
    check_label(network, label)
    gradient = OneLabel(label).gradient

    def is_there(picture: Float32Array) -> bool:
        return int(trace(network, picture).logits.argmax()) == label

    def probabilities(picture: Float32Array) -> Numbers:
        told: Numbers = softmax(trace(network, picture).logits / np.float32(temperature))
        return told

    may_change = _grown(image > 0, _NEAR_PX)
    changed, steps = image.copy(), 0
    while steps < MOST_STEPS and not is_there(changed):
        advance(steps, MOST_STEPS)
        _, back = trace_back(network, changed, gradient)
        pull = -back.by_output[INPUT].reshape(image.shape) * may_change
        # Paper cannot lose ink, and full ink cannot gain any.
        pull[((changed <= 0) & (pull < 0)) | ((changed >= 1) & (pull > 0))] = 0
        largest = float(np.abs(pull).max(initial=0))
        if not 0 < largest < np.inf:
            break
        pull[np.abs(pull) < _STRONG * largest] = 0
        changed = np.clip(changed + pull * np.float32(_STEP / largest), 0, 1)
        steps += 1
    is_reached = is_there(changed)
    if is_reached and steps:
        changed = _gone_back(image, changed, is_there)
    return TurnedPicture(changed, probabilities(image), probabilities(changed), is_reached, steps)


def _gone_back(
    start: Float32Array, end: Float32Array, is_there: Callable[[Float32Array], bool]
) -> Float32Array:
    """The nearest point to the start, on the straight way, that is still there: by halving."""
    low, high, nearest = 0.0, 1.0, end
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        between = start + (end - start) * np.float32(middle)
        if is_there(between):
            high, nearest = middle, between
        else:
            low = middle
    return nearest


def _grown(inked: Mask, reach: int) -> Mask:
    """All pixels that are so near to ink, along either axis."""
    framed = np.pad(inked, reach)
    height, width = inked.shape
    shifts = range(2 * reach + 1)
    near: Mask = np.any(
        [framed[i : i + height, j : j + width] for i in shifts for j in shifts], axis=0
    )
    return near
