"""Finds the ink in a picture: a scan, a photo of paper, a drawing from another program.

The paper's brightness is taken off, what is too small or too straight to be writing is dropped.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from PIL import Image, ImageFilter

from digitdesk.ink.arrays import Float32Array, Mask
from digitdesk.ink.picture.cut_loops import with_closed_loops
from digitdesk.ink.picture.edge_bands import without_edge_bands
from digitdesk.ink.picture.fine_box import ink_box
from digitdesk.ink.picture.frames import without_frames
from digitdesk.ink.picture.grey_picture import shrunk
from digitdesk.ink.picture.one_digit import one_digit
from digitdesk.ink.picture.paper import SMALLEST_PHOTO, evened, paper
from digitdesk.ink.picture.regions import label_regions
from digitdesk.ink.picture.ruled_lines import without_ruled_lines
from digitdesk.ink.picture.threshold import otsu_threshold

Polarity = Literal["auto", "bright", "dark"]

_WORKING_SIZE = 400
_FAR_SIDE_PX = 100
_NEAR_PX = 11
_ONE_LEVEL = 0.06
_MOST_OF_PICTURE = 0.45
_DECIDED = 0.4
_MOST_DIFFERENCE = 0.25
_LEAST_CONTRAST = 0.06
_STANDS_OUT = 1.8
"""Times the noise of the paper: full ink is as dark at least."""
_MOST_TRIALS = 4
_FEW = 8
_MUCH = 0.25
_MUCH_NOISE = 4.0
_NEAR_ENOUGH_PX = 64
_MARGIN = 0.4
_CLOSE_SIDE_PX = 1600
_FAINT = 0.28
"""Of the threshold between ink and paper: so dark is ink that hangs together with darker ink."""
_NOISE_RATIO = 4.0
_LEAST_FAINT = 0.05
_MOST_INK = 0.3
_LEAST_WRITING = 0.7
_FAINTEST_FULL = 0.25


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
    is_bright = _is_bright(grey) if polarity == "auto" else polarity == "bright"
    if not is_bright:
        grey = 1 - grey
    if min(grey.shape) >= SMALLEST_PHOTO:
        grey = evened(grey)
    difference = grey - paper(grey)
    np.maximum(difference, 0, out=difference)

    threshold = _threshold(difference)
    mask = difference > threshold
    if not mask.any():
        return None
    full_ink = float(np.percentile(difference[mask], 75))
    mask = _with_faint_strokes(difference, mask, threshold)
    rest = difference[~mask]
    noise = float(rest.mean() + 2 * rest.std()) if rest.size else 0.0
    if full_ink < _LEAST_CONTRAST or full_ink < _STANDS_OUT * noise:
        return None
    floor = min(noise, threshold) if noise > 0.02 else 0.0
    full = _full_ink_nearby(difference, mask, floor, full_ink)
    ink: Float32Array = (difference - np.float32(floor)) / (full - np.float32(floor))
    np.clip(ink, np.float32(0), np.float32(1), out=ink)
    writing = without_ruled_lines(without_frames(without_edge_bands(mask)))
    kept = (keep or one_digit)(writing)
    if not kept.any():
        return None
    ink *= _grown(kept)
    return with_closed_loops(ink)


def _threshold(difference: Float32Array) -> float:
    """Where ink begins; in a picture of nearly nothing but paper, far above the paper's noise."""
    threshold = otsu_threshold(difference)
    darkest = float(difference.max())
    for _ in range(_MOST_TRIALS):
        beyond = difference[difference > threshold]
        # Little ink does not count beside so much noise, which is then parted in two.
        if beyond.size < _FEW or float(np.percentile(beyond, 75)) > _MUCH * darkest:
            break
        noise = float(beyond.mean() + 2 * beyond.std())
        if max(_LEAST_CONTRAST, _MUCH_NOISE * noise) > darkest:
            break
        threshold = otsu_threshold(beyond)
    return threshold


def _is_bright(grey: Float32Array) -> bool:
    """Whether ink is brighter than the paper.

    Noise goes both ways alike; few pixels far off on one side are ink. On a drawing they are few
    beside the whole, however thick the pen; where light is uneven, beside what is near them.
    """
    small = shrunk(grey, _FAR_SIDE_PX)
    border = np.concatenate([small[0], small[-1], small[:, 0], small[:, -1]])
    level = np.median(border)
    is_even = np.mean(np.abs(border - level) < _ONE_LEVEL) > 0.95
    if is_even and np.mean(np.abs(small - level) > 2 * _ONE_LEVEL) < _MOST_OF_PICTURE:
        return _skew(small - level) > 0
    near = Image.fromarray(np.rint(small * np.float32(255)).astype(np.uint8))
    median = np.asarray(near.filter(ImageFilter.MedianFilter(_NEAR_PX)), dtype=np.float32)
    skew = _skew(small - median / np.float32(255))
    if abs(skew) < _DECIDED:
        skew = _skew(small - paper(small))
    return skew > 0


def _skew(difference: Float32Array) -> float:
    """From -1, where all that is far off is darker, to 1, where all of it is brighter."""
    # A table's corner is not darker than ink, but there is more of it.
    capped = np.clip(difference, -_MOST_DIFFERENCE, _MOST_DIFFERENCE)
    cubes = capped * capped * capped
    return float(cubes.sum() / max(float(np.abs(cubes).sum()), 1e-9))


def find_ink_from_near(
    grey: Float32Array,
    polarity: Polarity = "auto",
    *,
    longest_side: int = _WORKING_SIZE,
    keep: Callable[[Mask], Mask] | None = None,
) -> tuple[Float32Array | None, tuple[int, int], float]:
    """As ``find_ink``, and once more from near where the ink is small in the picture.

    Returns:
        The ink, x and y of where it begins in the picture, and the picture's pixels per pixel.
    """
    ink = find_ink(grey, polarity, longest_side=longest_side, keep=keep)
    if ink is None and max(grey.shape) > longest_side:
        ink = find_ink(grey, polarity, longest_side=_CLOSE_SIDE_PX, keep=keep)
    if ink is None:
        return None, (0, 0), 1.0
    scale = max(grey.shape) / max(ink.shape)
    box = ink_box(ink)
    if scale <= 1 or box is None or box[3] - box[1] > _NEAR_ENOUGH_PX:
        return ink, (0, 0), scale
    left, top, right, bottom = box
    margin = max(_MARGIN * (bottom - top), 2.0)
    left, top = (max(0, round((edge - margin) * scale)) for edge in (left, top))
    right, bottom = (max(0, round((edge - 1 + margin) * scale)) for edge in (right, bottom))
    near = grey[top:bottom, left:right]
    again = find_ink(near, polarity, longest_side=longest_side, keep=keep)
    if again is None:
        return ink, (0, 0), scale
    return again, (left, top), max(near.shape) / max(again.shape)


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
    faintly = difference > faint
    writing = without_ruled_lines(without_frames(faintly))
    if np.count_nonzero(writing) < _LEAST_WRITING * np.count_nonzero(faintly):
        return mask  # What is left of the lines of squared paper is faint, too.
    labels, count = label_regions(writing)
    is_dark = np.zeros(count + 1, dtype=np.bool_)
    is_dark[np.unique(labels[mask])] = True
    is_dark[0] = False
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


def _grown(mask: Mask) -> Mask:
    """The mask and its neighbors, so that the soft edge of ink is kept."""
    padded = np.pad(mask, 1)
    grown = mask.copy()
    for row in (0, 1, 2):
        for column in (0, 1, 2):
            grown |= padded[row : row + mask.shape[0], column : column + mask.shape[1]]
    return grown
