"""Tells writing that is too faint to be read from paper with nothing on it.

The picture is looked at from far away: there noise is averaged out, and lines still stand out.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.ink.picture.grey_picture import as_grey, shrunk
from digitdesk.ink.picture.paper import paper

_FAR_SIDE_PX = 100
_LEAST_SHARE = 0.002
"""Part of the picture that a digit covers at least."""
_LEAST_NOISE_RATIO = 5.0
_LEAST_CONTRAST = 0.006
"""One and a half steps of an 8-bit picture: what is less may come from rounding."""
_WEAK_CONTRAST = 0.1


def writing_contrast(picture: NDArray[Any]) -> float:
    """How much the writing in a picture stands out from its paper.

    Args:
        picture: (H, W) greys, integers of the full range of their type or floats 0 … 1.

    Returns:
        A difference of greys, 0 … 1, averaged over lines and what is beside them; 0 where nothing
        stands out from the noise.
    """
    far = shrunk(as_grey(picture), _FAR_SIDE_PX)
    difference = far - paper(far)
    difference -= np.median(difference)
    np.abs(difference, out=difference)
    # The median of the distances is not moved by ink, which covers less than half of the picture;
    # 1.48 times it is the standard deviation of normal noise.
    noise = 1.48 * float(np.median(difference))
    contrast = float(np.quantile(difference, 1 - _LEAST_SHARE))
    return contrast if contrast > max(_LEAST_NOISE_RATIO * noise, _LEAST_CONTRAST) else 0.0


def is_too_faint(picture: NDArray[Any], *, was_found: bool) -> bool:
    """Whether a picture that could not be read is too faint.

    Args:
        picture: As in ``writing_contrast``.
        was_found: Whether ink was found in it at all: if not, whatever stands out was too faint;
            otherwise only what stands out little.
    """
    contrast = writing_contrast(picture)
    return contrast > 0 and (not was_found or contrast < _WEAK_CONTRAST)
