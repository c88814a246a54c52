"""Finds the ink in a picture: a scan, a photo of paper, a drawing from another program.

The paper's brightness is taken off, what is too small or too straight to be writing is dropped.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from PIL import Image, ImageFilter

from digitdesk.ink.arrays import Float32Array, Mask
from digitdesk.ink.frame import BOX_PX
from digitdesk.ink.grey_picture import shrunk
from digitdesk.ink.one_digit import one_digit
from digitdesk.ink.regions import find_runs, label_regions
from digitdesk.messages.boxes import PixelBox

Polarity = Literal["auto", "bright", "dark"]

FINE_PX_PER_PX = 8.0
_FINE_BOX = round(BOX_PX * FINE_PX_PER_PX)
_WORKING_SIZE = 400
_SMALLEST_PHOTO = 48
_RIDGE = np.eye(6) * 1e-6
_LEAST_CONTRAST = 0.06
_THINNEST_PEN_PX = 1.7
_FAINT = 0.28
"""Of the threshold between ink and paper: so dark is ink that hangs together with darker ink."""
_NOISE_RATIO = 4.0
_LEAST_FAINT = 0.02
_MOST_INK = 0.3
_FAINTEST_FULL = 0.25
INK_EDGE = 0.25
"""Where ink begins, as a part of full ink: cuts the box and decides what a region is."""


def find_ink(
    grey: Float32Array,
    polarity: Polarity = "auto",
    *,
    longest_side: int = _WORKING_SIZE,
    keep: Callable[[Mask], Mask] | None = None,
) -> Float32Array | None:
    """Separate ink from paper.

    Args:
        grey: (H, W) greys 0 … 1.
        polarity: Whether ink is brighter or darker than the paper.
        longest_side: Larger pictures are reduced to this before anything else.
        keep: Which of the pixels darker than paper are writing; by default those of one digit.

    Returns:
        (H, W), or smaller for a large picture: ink 0 … 1, 0 where there is paper; None where
        nothing stands out from the paper.
    """
    grey = shrunk(grey, longest_side)
    difference = grey - paper(grey)
    if polarity == "auto":
        # Noise goes both ways alike; few pixels far off on one side are ink.
        polarity = "bright" if float(np.mean(difference * difference * difference)) > 0 else "dark"
    if polarity == "dark":
        difference = -difference
    np.maximum(difference, 0, out=difference)

    threshold = _otsu_threshold(difference)
    mask = difference > threshold
    if not mask.any():
        return None
    full_ink = float(np.percentile(difference[mask], 75))
    if keep is None:
        mask = _with_faint_strokes(difference, mask, threshold)
    rest = difference[~mask]
    noise = float(rest.mean() + 2 * rest.std()) if rest.size else 0.0
    if full_ink < _LEAST_CONTRAST or full_ink < 1.5 * noise:
        return None
    floor = min(noise, threshold) if noise > 0.02 else 0.0
    full: Float32Array = np.full_like(difference, full_ink)
    if keep is None:
        full = _full_ink_nearby(difference, mask, floor, full_ink)
    ink: Float32Array = (difference - np.float32(floor)) / (full - np.float32(floor))
    np.clip(ink, np.float32(0), np.float32(1), out=ink)
    kept = (keep or one_digit)(_without_ruled_lines(mask))
    if not kept.any():
        return None
    ink *= _grown(kept)
    return ink


def _with_faint_strokes(difference: Float32Array, mask: Mask, threshold: float) -> Mask:
    """Add to what is dark what is less dark and hangs together with it.

    A ballpoint's pressure falls to a quarter within one digit.

    Source:
        Canny, "A computational approach to edge detection" (1986), for two thresholds.
    """
    noise = 1.48 * float(np.median(difference))
    faint = max(_FAINT * threshold, _NOISE_RATIO * noise, _LEAST_FAINT)
    if faint >= threshold:
        return mask
    labels, count = label_regions(difference > faint)
    is_dark = np.zeros(count + 1, dtype=np.bool_)
    is_dark[np.unique(labels[mask])] = True
    found: Mask = is_dark[labels]
    # Uneven light is faint, too, and large: a stroke is little of the paper.
    return found if found.mean() <= _MOST_INK else mask


def _full_ink_nearby(
    difference: Float32Array, mask: Mask, floor: float, full_ink: float
) -> Float32Array:
    """How dark full ink is at each place: a faint stroke's own, where it is faint."""
    dark = Image.fromarray(np.where(mask, difference, np.float32(0)) * np.float32(255))
    bytes_ = dark.convert("L").filter(ImageFilter.MaxFilter(5))
    near = np.asarray(bytes_, dtype=np.float32) / np.float32(255)
    least = floor + _FAINTEST_FULL * (full_ink - floor)
    full: Float32Array = np.clip(near, np.float32(least), np.float32(full_ink))
    return full


def ink_box(ink: Float32Array) -> PixelBox | None:
    """The smallest box that holds all ink, or None where there is none.

    Shapes:
        (H, W) ink 0 … 1.
    """
    mask = ink > INK_EDGE
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return None
    return (int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


def fit_to_fine_box(ink: Float32Array) -> Float32Array:
    """Crop to the ink and scale it to the frame's box at 8 fine pixels a pixel.

    Shapes:
        (H, W) → (160, 160), the ink's longer side 160 and its shorter one in the middle.
    """
    left, top, right, bottom = ink_box(ink) or (0, 0, ink.shape[1], ink.shape[0])
    cut = ink[top:bottom, left:right]
    ratio = _FINE_BOX / max(cut.shape)
    height, width = (max(1, round(side * ratio)) for side in cut.shape)
    # Bicubic keeps edges of small pictures smooth; when shrinking, Pillow widens it to average.
    resized = Image.fromarray(np.ascontiguousarray(cut)).resize(
        (width, height), Image.Resampling.BICUBIC
    )
    fine = np.zeros((_FINE_BOX, _FINE_BOX), dtype=np.float32)
    top, left = (_FINE_BOX - height) // 2, (_FINE_BOX - width) // 2
    fine[top : top + height, left : left + width] = np.clip(np.asarray(resized), 0, 1)
    return fine


def thickened(fine: Float32Array) -> Float32Array:
    """Make a line that would be too thin to see after averaging as thick as a thin pen's.

    A photo of a large digit written with a ballpoint has lines of a few hundredths of its size.
    """
    mask = fine > np.float32(0.5)
    edges = np.count_nonzero(mask[:, 1:] != mask[:, :-1])
    edges += np.count_nonzero(mask[1:] != mask[:-1])
    # A line of width w and length l has area w·l and an outline of about 2·l, of which edges
    # between pixels see 4/π times as much, averaged over all directions.
    width = 2 * np.count_nonzero(mask) / max(edges * np.pi / 4, 1.0)
    grow = round((_THINNEST_PEN_PX * FINE_PX_PER_PX - width) / 2)
    if grow <= 0 or not mask.any():
        return fine
    # Room for the line to grow, then back to the size of the box.
    greys = Image.fromarray(np.pad(fine * np.float32(255), grow).astype(np.uint8))
    grown = greys.filter(ImageFilter.MaxFilter(2 * grow + 1)).resize(
        (_FINE_BOX, _FINE_BOX), Image.Resampling.BOX
    )
    return np.asarray(grown, dtype=np.float32) / np.float32(255)


def paper(grey: Float32Array) -> Float32Array:
    """The paper's brightness: a quadratic surface, so that uneven light does not count as ink.

    The first fit uses the border only, where ink is rare; the next ones all that lies near it.
    Small pictures are drawings, not photos: their paper has one brightness.
    """
    border = np.ones(grey.shape, dtype=np.bool_)
    margin = max(1, min(grey.shape) // 16)
    border[margin:-margin, margin:-margin] = False
    level = float(np.median(grey[border]))
    if min(grey.shape) < _SMALLEST_PHOTO:
        return np.full(grey.shape, level, dtype=np.float32)
    # A coarse picture tells as much about light as the fine one, and is fitted at once.
    coarse = shrunk(grey, _SMALLEST_PHOTO)
    x, y = _axes(coarse.shape)
    parts = np.broadcast_arrays(np.float32(1), x, y, x * x, x * y, y * y)
    terms = np.stack([part.reshape(-1) for part in parts], axis=1)
    values = coarse.reshape(-1)
    edge = np.zeros(coarse.shape, dtype=np.bool_)
    edge[:2] = edge[-2:] = edge[:, :2] = edge[:, -2:] = True
    near = edge.reshape(-1) & (np.abs(values - level) < 0.25)
    weights = np.array([level, 0, 0, 0, 0, 0])
    for _ in range(4):
        if np.count_nonzero(near) < 2 * len(weights):
            break
        chosen = terms[near]
        # Normal equations: six well-behaved unknowns need nothing finer, and wake no thread.
        weights = np.linalg.solve(chosen.T @ chosen + _RIDGE, chosen.T @ values[near])
        residual = np.abs(values - terms @ weights)
        near = residual < max(0.02, 2.5 * float(np.median(residual)))
    x, y = _axes(grey.shape)
    constant, of_x, of_y, of_xx, of_xy, of_yy = weights.astype(np.float32)
    surface: Float32Array = (constant + of_y * y + of_yy * y * y) + (of_x * x + of_xx * x * x)
    surface += of_xy * y * x
    return surface


def _axes(shape: tuple[int, ...]) -> tuple[Float32Array, Float32Array]:
    """Pixel positions: x as a row and y as a column, both from -1 to 1."""
    height, width = shape
    return (
        np.linspace(-1, 1, width, dtype=np.float32)[None, :],
        np.linspace(-1, 1, height, dtype=np.float32)[:, None],
    )


def _otsu_threshold(values: Float32Array) -> float:
    """The threshold that separates two groups of greys best.

    Source:
        Otsu, "A threshold selection method from gray-level histograms" (1979).
    """
    highest = float(values.max())
    if highest <= 0:
        return 0.0
    counts, edges = np.histogram(values, bins=256, range=(0.0, highest))
    middles = (edges[:-1] + edges[1:]) / 2
    below = np.cumsum(counts)
    above = below[-1] - below
    sums = np.cumsum(counts * middles)
    mean_below = sums / np.maximum(below, 1)
    mean_above = (sums[-1] - sums) / np.maximum(above, 1)
    best = int(np.argmax(below * above * (mean_below - mean_above) ** 2))
    return float(edges[best + 1])


def _without_ruled_lines(mask: Mask) -> Mask:
    """Drop the lines of ruled or squared paper: thin, and across nearly the whole picture."""
    cleaned = mask
    for turned in (False, True):
        view = cleaned.T if turned else cleaned
        lined = view.mean(axis=1) > 0.9
        thickness = max(2, view.shape[0] // 40)
        # A line is thin; a band of many full rows is ink or shadow and no business of this.
        result = view.copy()
        for begin, end in find_runs(lined):
            if end - begin <= thickness:
                above = view[begin - 1] if begin > 0 else np.zeros_like(view[0])
                below = view[end] if end < len(view) else np.zeros_like(view[0])
                # Ink that crosses the line is there on both sides of it.
                result[begin:end] = above & below
        cleaned = result.T if turned else result
    # Where nothing else is left, the line was no ruling but the digit 1.
    return cleaned if cleaned.any() else mask


def _grown(mask: Mask) -> Mask:
    """The mask and its neighbors, so that the soft edge of ink is kept."""
    padded = np.pad(mask, 1)
    grown = mask.copy()
    for row in (0, 1, 2):
        for column in (0, 1, 2):
            grown |= padded[row : row + mask.shape[0], column : column + mask.shape[1]]
    return grown
