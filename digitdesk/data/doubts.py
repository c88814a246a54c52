"""Looks at a data set before anything is trained on it, and says what will mislead.

A network learns such data without complaint, and then misreads what is drawn or photographed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

_LOOKED_AT = 1000
_BRIGHT = 128
_DARK = 32
_SHOWN_NAMES = 6


def doubts(
    images: NDArray[np.uint8], labels: NDArray[Any], class_names: Sequence[str]
) -> tuple[str, ...]:
    """Sentences about what seems wrong, with what to do; none where nothing does.

    Args:
        images: (N, 28, 28) greys that should have ink = 255.
        labels: (N,) class numbers.
        class_names: One for each class; none where it does not matter which of them occur.
    """
    if not len(images):
        return ()
    found = (
        _about_greys(images[:: max(1, len(images) // _LOOKED_AT)]),
        _about(labels, class_names),
    )
    return tuple(doubt for doubt in found if doubt)


def _about_greys(images: NDArray[np.uint8]) -> str:
    brightest = int(images.max())
    border = np.concatenate(
        [images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1]], axis=None
    )
    if images.min() == brightest:
        return f"All pictures are empty: every pixel is {brightest}. Look for other files."
    if brightest < _DARK:
        return (
            f"The pictures are almost black: their brightest pixel is {brightest} of 255. "
            f"Multiply them by {255 // brightest}."
        )
    if border.mean() >= _BRIGHT:
        return (
            "The pictures seem to have dark ink on bright paper; what is drawn has bright ink on "
            "black. Turn them over (255 minus grey), or drawings will be misread."
        )
    return ""


def _about(labels: NDArray[Any], class_names: Sequence[str]) -> str:
    counts = np.bincount(labels, minlength=len(class_names))[: len(class_names)]
    missing = [name for name, count in zip(class_names, counts.tolist(), strict=True) if not count]
    if not missing:
        return ""
    some = ", ".join(missing[:_SHOWN_NAMES]) + " …" * (len(missing) > _SHOWN_NAMES)
    return (
        f"Of {len(class_names)} classes, {len(missing)} have no picture: {some}. Number the labels "
        "without gaps, or add pictures."
    )
