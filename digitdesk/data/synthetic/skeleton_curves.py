"""Turns the skeletons of digits into pen paths: mixed masters, smooth curves, a hand's slips.

All drawings of one variant are made at once, as arrays with one row for each.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from digitdesk.data.synthetic.skeleton import Variant
from digitdesk.ink.arrays import Float64Array

_STEP = 5.0
"""Distance of points along a stroke, in units of the skeleton: under a pixel when drawn."""


@dataclass(frozen=True, slots=True)
class Hand:
    """How freely a writer treats the skeleton; lengths in its units, of which a digit has 100.

    Attributes:
        spread: How far mixtures go beyond the masters; 1 stays between them.
        node_jitter: Standard deviation of each node.
        stroke_shift: Standard deviation of whole strokes against each other.
        end_slip: Standard deviation of where strokes begin and end, along them.
        hook_chance: Part of the stroke ends where the pen lands or leaves with a small hook.
        hook: Standard deviation of such a hook.
        tremor: Standard deviation of fine waves along the stroke.
    """

    spread: float = 1.4
    node_jitter: float = 4.0
    stroke_shift: float = 2.5
    end_slip: float = 4.0
    hook_chance: float = 0.12
    hook: float = 5.0
    tremor: float = 0.5


@dataclass(frozen=True, slots=True)
class _Path:
    """One stroke of a variant.

    Attributes:
        masters: (masters, nodes, 2).
        basis: (points, nodes); curve points are linear in the nodes.
    """

    masters: Float64Array
    basis: Float64Array


def draw_variant(
    variant: Variant, count: int, rng: np.random.Generator, hand: Hand
) -> list[Float64Array]:
    """Pen paths of many drawings of one variant.

    Returns:
        For each stroke (count, points, 2), in units of the skeleton.
    """
    paths = _paths(variant)
    masters = len(variant.masters)
    mixture = rng.dirichlet(np.full(masters, 0.8), count)
    mixture = 1 / masters + (mixture - 1 / masters) * hand.spread
    # Some hands are sloppy in everything.
    sloppiness = np.exp(rng.normal(0, 0.4, count))[:, None, None]
    strokes = []
    for path in paths:
        nodes = np.tensordot(mixture, path.masters, axes=1)
        nodes += rng.normal(0, hand.node_jitter, nodes.shape) * sloppiness
        if len(paths) > 1:
            nodes += rng.normal(0, hand.stroke_shift, (count, 1, 2)) * sloppiness
        points = path.basis @ nodes
        points = _with_rounded_corners(points, rng)
        points = _with_slipped_ends(points, rng, hand.end_slip)
        points += _tremor(points.shape, rng, hand.tremor) * sloppiness
        _add_hooks(points, rng, hand)
        strokes.append(points)
    return strokes


@lru_cache(maxsize=256)
def _paths(variant: Variant) -> tuple[_Path, ...]:
    """The strokes of a variant, checked and with their curves worked out."""
    paths = []
    for texts in zip(*variant.masters, strict=True):
        parsed = [[_node(word) for word in text.split()] for text in texts]
        corners = [index for index, (_, is_corner) in enumerate(parsed[0]) if is_corner]
        for master in parsed:
            if len(master) != len(parsed[0]) or corners != [
                index for index, (_, is_corner) in enumerate(master) if is_corner
            ]:
                raise ValueError(
                    f"The masters of {variant.label} {variant.name} differ in nodes or corners."
                )
        masters = np.array([[position for position, _ in master] for master in parsed])
        paths.append(_Path(masters, _curve_basis(masters.mean(axis=0), corners)))
    return tuple(paths)


def _node(word: str) -> tuple[tuple[float, float], bool]:
    x, y = word.removeprefix("^").split(",")
    return (float(x), float(y)), word.startswith("^")


def _curve_basis(nodes: Float64Array, corners: list[int]) -> Float64Array:
    """Matrix from nodes to points of a curve that is smooth except at the corners.

    Shapes:
        (nodes, 2) of a typical form, which decides the pace along the curve → (points, nodes).
    """
    pace = np.sqrt(((nodes[1:] - nodes[:-1]) ** 2).sum(axis=1))
    rows = []
    bounds = [0, *corners, len(nodes) - 1]
    for first, last in itertools.pairwise(bounds):
        knots = np.concatenate([[0.0], np.cumsum(pace[first:last])])
        points = max(2, round(float(knots[-1]) / _STEP))
        # The end of a piece is the beginning of the next one.
        times = np.linspace(0, knots[-1], points, endpoint=False)
        if last == len(nodes) - 1:
            times = np.append(times, knots[-1])
        piece = np.zeros((len(times), len(nodes)))
        piece[:, first : last + 1] = _natural_spline(knots, times)
        rows.append(piece)
    return np.concatenate(rows)


def _natural_spline(knots: Float64Array, times: Float64Array) -> Float64Array:
    """Interpolation matrix of the natural cubic spline: (times, knots).

    Source:
        de Boor, "A Practical Guide to Splines", chapter IV (free-end conditions).
    """
    count = len(knots)
    steps = np.diff(knots)
    # Second derivatives are linear in the values: system @ curvature = slopes @ values.
    system, slopes = np.eye(count), np.zeros((count, count))
    for i in range(1, count - 1):
        before, after = steps[i - 1], steps[i]
        system[i, i - 1 : i + 2] = before / 6, (before + after) / 3, after / 6
        slopes[i, i - 1 : i + 2] = 1 / before, -1 / before - 1 / after, 1 / after
    curvature = np.linalg.solve(system, slopes)
    span = np.clip(np.searchsorted(knots, times, side="right") - 1, 0, count - 2)
    step = steps[span]
    right = (times - knots[span]) / step
    left = 1 - right
    identity = np.eye(count)
    bend_left = ((left**3 - left) * step**2 / 6)[:, None] * curvature[span]
    bend_right = ((right**3 - right) * step**2 / 6)[:, None] * curvature[span + 1]
    line = left[:, None] * identity[span] + right[:, None] * identity[span + 1]
    matrix: Float64Array = line + bend_left + bend_right
    return matrix


def _with_rounded_corners(points: Float64Array, rng: np.random.Generator) -> Float64Array:
    """Fast hands cut corners: mix each point with the mean of its neighbors, ends excepted."""
    haste = rng.beta(1.0, 2.0, (len(points), 1, 1))
    rounded = points.copy()
    for reach in (1, 2):
        if rounded.shape[1] > 2 * reach + 1:
            inner = slice(reach, -reach)
            mean = (rounded[:, : -2 * reach] + rounded[:, 2 * reach :] + rounded[:, inner]) / 3
            rounded[:, inner] += haste * (mean - rounded[:, inner])
    return rounded


def _with_slipped_ends(points: Float64Array, rng: np.random.Generator, slip: float) -> Float64Array:
    """Let strokes begin and end too early or too late, straight on beyond their ends."""
    count, length, _ = points.shape
    # Never more than a seventh of the stroke: what is short must stay what it is.
    most = (length - 1) / 7
    begin = np.clip(rng.normal(0, slip / _STEP, count), -most, most)
    end = length - 1 + np.clip(rng.normal(0, slip / _STEP, count), -most, most)
    position = begin[:, None] + (end - begin)[:, None] * np.linspace(0, 1, length)
    index = np.clip(position.astype(np.intp), 0, length - 2)
    part = (position - index)[:, :, None]
    row = np.arange(count)[:, None]
    # Beyond the ends the part is below 0 or above 1, which goes straight on.
    slipped: Float64Array = (1 - part) * points[row, index] + part * points[row, index + 1]
    return slipped


def _tremor(shape: tuple[int, ...], rng: np.random.Generator, strength: float) -> Float64Array:
    """Fine waves along the stroke: (count, points, 2)."""
    count, length, _ = shape
    along = np.arange(length) * _STEP
    shake = np.zeros(shape)
    for wavelength in (60.0, 30.0, 18.0):
        phase = rng.uniform(0, 2 * np.pi, (count, 1, 2))
        amplitude = rng.normal(0, strength * wavelength / 30, (count, 1, 2))
        shake += amplitude * np.sin(2 * np.pi * along[None, :, None] / wavelength + phase)
    return shake


def _add_hooks(points: Float64Array, rng: np.random.Generator, hand: Hand) -> None:
    """Move some first and last points aside, as a pen does that lands or leaves in motion."""
    for index in (0, -1):
        hooked = rng.random(len(points)) < hand.hook_chance
        points[hooked, index] += rng.normal(0, hand.hook, (int(hooked.sum()), 2))
