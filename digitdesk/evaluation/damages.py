"""Ten ways to spoil pictures by a fixed amount, to see what a network can bear.

They change the prepared 28×28 picture, not the drawing before it: preparation would take back a
shift or a change of size at once, and so it is the network that is tried, on every kind of data in
the same way. ``data.augmentation`` is the other thing: a random mixture, to learn from.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.data.augmentation import with_another_pen
from digitdesk.errors import ConfigError, nearest
from digitdesk.evaluation.chance import Chance
from digitdesk.ink.arrays import Float32Array
from digitdesk.ink.resampling import sample_bilinear
from digitdesk.messages.exam import Damage

Spoil = Callable[[Float32Array, float, Chance], Float32Array]
"""Pictures (N, H, W) from 0 to 1 and a strength → the same, spoiled; it may leave 0 … 1."""

_PIECE = 100
"""Pictures spoiled at once, so that they stay in the processor's cache."""


def damage_named(name: str) -> Damage:
    """One of ``DAMAGES``.

    Raises:
        ConfigError: There is none of this name.
    """
    found = next((damage for damage in DAMAGES if damage.name == name), None)
    if found is None:
        names = [damage.name for damage in DAMAGES]
        raise ConfigError(
            f"There is no damage '{name[:40]}'",
            expected=", ".join(names),
            hint=nearest(name, names),
        )
    return found


def spoiled(images: Float32Array, damage: Damage, strength: float, chance: Chance) -> Float32Array:
    """Spoil pictures.

    Args:
        images: Greys 0 … 1, ink = 1; they are not changed.
        damage: In which way.
        strength: How much, from ``damage.low`` to ``damage.high``.
        chance: Where each picture is hit; the same at every strength.

    Shapes:
        (N, H, W) → (N, H, W), 0 … 1.

    Raises:
        ConfigError: The strength is out of range.
    """
    if not damage.low <= strength <= damage.high:
        raise ConfigError(
            f"The damage '{damage.name}' is not that strong",
            expected=f"{damage.low:g} to {damage.high:g} {damage.unit}",
            received=f"{strength:g}",
        )
    if strength == damage.neutral:
        return images.copy()
    spoil = _SPOILERS[damage.name]
    result = np.empty_like(images)
    for first in range(0, len(images), _PIECE):
        piece = slice(first, first + _PIECE)
        np.clip(spoil(images[piece], strength, chance.of(piece)), 0, 1, out=result[piece])
    return result


def _noise(images: Float32Array, percent: float, chance: Chance) -> Float32Array:
    """Add to every pixel what falls around 0 with this standard deviation, in % of full ink."""
    return images + chance.normal(images[0].size).reshape(images.shape) * np.float32(percent / 100)


def _salt_and_pepper(images: Float32Array, percent: float, chance: Chance) -> Float32Array:
    """Make so many of the pixels ink or paper, either as likely, whatever they were."""
    drawn = chance.uniform(images[0].size).reshape(images.shape)
    half = percent / 200
    return np.where(drawn < half, np.float32(0), np.where(drawn >= 1 - half, 1, images))


def _blur(images: Float32Array, sigma_px: float, _: Chance) -> Float32Array:
    """Spread each pixel by a normal distribution; beyond the edge there is paper."""
    size = images.shape[1]
    distance = np.subtract.outer(np.arange(size), np.arange(size)) / sigma_px
    weights = np.exp(-(distance**2) / 2)
    # The middle row has all its neighbors: what leaves the picture at an edge is gone.
    weights = (weights / weights[size // 2].sum()).astype(np.float32)
    result: Float32Array = weights @ images @ weights
    return result


def _rotation(images: Float32Array, degrees: float, chance: Chance) -> Float32Array:
    """Turn around the middle, to the left or to the right as chance has it."""
    angle = math.radians(degrees) * np.where(chance.uniform(1) < 0.5, -1, 1)
    cosine, sine = np.cos(angle), np.sin(angle)
    x, y = _pixels(images)
    return _moved(images, cosine * x - sine * y, sine * x + cosine * y)


def _shift(images: Float32Array, distance_px: float, chance: Chance) -> Float32Array:
    """Move in any direction."""
    angle = 2 * math.pi * chance.uniform(1).astype(np.float64)
    x, y = _pixels(images)
    return _moved(images, x - distance_px * np.cos(angle), y - distance_px * np.sin(angle))


def _scale(images: Float32Array, percent: float, _: Chance) -> Float32Array:
    """Shrink or enlarge around the middle; what leaves the picture is cut off."""
    x, y = _pixels(images)
    every = np.ones((len(images), 1))
    return _moved(images, every * x * (100 / percent), every * y * (100 / percent))


def _thicker(images: Float32Array, width_px: float, _: Chance) -> Float32Array:
    """Add so much to the width of every stroke, half of it on either side."""
    return _with_pen_steps(images, width_px / 2)


def _thinner(images: Float32Array, width_px: float, _: Chance) -> Float32Array:
    """Take so much from the width of every stroke, half of it on either side."""
    return _with_pen_steps(images, -width_px / 2)


def _contrast(images: Float32Array, percent: float, _: Chance) -> Float32Array:
    """Take so much from the ink; paper stays paper."""
    return images * np.float32(1 - percent / 100)


def _patch(images: Float32Array, side_px: float, chance: Chance) -> Float32Array:
    """Cover a square with paper, its middle anywhere on the ink."""
    count, height, width = images.shape
    # All its ink in a row, any place of which is as likely.
    ink = np.cumsum(images.reshape(count, -1), axis=1)
    hit = (ink < ink[:, -1:] * chance.uniform(1)).sum(axis=1)
    row, column = hit // width, hit % width
    side = round(side_px)
    rows = np.arange(height) - row[:, None] + side // 2
    columns = np.arange(width) - column[:, None] + side // 2
    is_in_rows, is_in_columns = (rows >= 0) & (rows < side), (columns >= 0) & (columns < side)
    return np.where(is_in_rows[:, :, None] & is_in_columns[:, None, :], np.float32(0), images)


def _with_pen_steps(images: Float32Array, steps: float) -> Float32Array:
    """Grow (or below 0, shrink) what is ink by so many pixels on each side."""
    sign = math.copysign(1, steps)
    whole = math.floor(abs(steps))
    for part in [1.0] * whole + [abs(steps) - whole]:
        if part:
            images = with_another_pen(images, np.full(len(images), sign * part, np.float32))
    return images


def _pixels(images: Float32Array) -> tuple[Float32Array, Float32Array]:
    """Where each pixel is, relative to the middle: x and y, (1, H·W)."""
    _, height, width = images.shape
    rows, columns = np.indices((height, width), dtype=np.float32)
    x, y = columns.reshape(1, -1), rows.reshape(1, -1)
    return x - np.float32((width - 1) / 2), y - np.float32((height - 1) / 2)


def _moved(images: Float32Array, x: NDArray[Any], y: NDArray[Any]) -> Float32Array:
    """Pictures whose pixels come from x and y, (N, H·W) each."""
    return sample_bilinear(images, x.astype(np.float32), y.astype(np.float32))


_SPOILERS: dict[str, Spoil] = {
    "noise": _noise,
    "blur": _blur,
    "rotation": _rotation,
    "shift": _shift,
    "scale": _scale,
    "thinner": _thinner,
    "thicker": _thicker,
    "contrast": _contrast,
    "patch": _patch,
    "salt-and-pepper": _salt_and_pepper,
}

_STRENGTHS = 7


def _damage(
    name: str,
    ends: tuple[float, float],
    unit: str,
    default: float,
    step: float = 1.0,
    neutral: float = 0.0,
) -> Damage:
    low, high = ends
    strengths = tuple(low + k * (high - low) / (_STRENGTHS - 1) for k in range(_STRENGTHS))
    return Damage(name, low, high, step, unit, neutral, default, strengths)


DAMAGES = (
    _damage("noise", (0, 60), "%", 20),
    _damage("blur", (0, 3), "px", 1, step=0.1),
    _damage("rotation", (0, 60), "°", 20),
    _damage("shift", (0, 6), "px", 2, step=0.5),
    _damage("scale", (40, 160), "%", 80, step=5, neutral=100),
    _damage("thinner", (0, 3), "px", 1, step=0.1),
    _damage("thicker", (0, 6), "px", 2, step=0.2),
    _damage("contrast", (0, 90), "%", 60),
    _damage("patch", (0, 12), "px", 6),
    _damage("salt-and-pepper", (0, 30), "%", 10),
)
"""In the order in which they are offered."""
