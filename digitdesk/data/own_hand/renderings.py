"""A person's drawings, each drawn many times a little differently: as pictures, and with the pen.

Less is changed than for strangers' hands: what is to be learned is this one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from digitdesk.data.dataset import Labelled
from digitdesk.data.progress import StopIfTold, never_told
from digitdesk.data.strokes.stroke_augmentation import (
    StrokeStyle,
    render_varied,
    render_varied_planes,
)
from digitdesk.ink.ink_batch import InkBatch
from digitdesk.ink.strokes import Points, without_taps

STYLE = StrokeStyle(rotation=0.08, shear=0.1, log_aspect=0.1, displacement=0.018, pen_px=(1.6, 3.4))
_AT_ONCE = 2000


def rendered(
    drawings: Sequence[Sequence[Points]],
    labels: NDArray[np.uint8],
    count: int,
    rng: np.random.Generator,
    *,
    with_directions: bool = False,
    stop_if_told: StopIfTold = never_told,
) -> Labelled:
    """About ``count`` renderings, of each class as many as of any other.

    Args:
        drawings: The person's.
        labels: (N,) what each is.
        count: How many to draw in all.
        rng: Decides their forms.
        with_directions: Planes with direction and progress of the pen, in place of pictures.
        stop_if_told: Called every few drawings; raises to stop.

    Shapes:
        → (count, 28, 28) or (count, 10, 28, 28), and (count,).
    """
    chosen = _balanced(labels, count, rng)
    draw = render_varied_planes if with_directions else render_varied
    images = []
    for first in range(0, len(chosen), _AT_ONCE):
        some = [without_taps(drawings[k]) for k in chosen[first : first + _AT_ONCE].tolist()]
        images.append(draw(InkBatch.from_drawings(some), rng, STYLE, stop_if_told))
    return np.concatenate(images), labels[chosen]


def _balanced(labels: NDArray[np.uint8], count: int, rng: np.random.Generator) -> NDArray[np.intp]:
    """Places of the drawings, each class equally often, and in it each drawing in its turn."""
    classes = np.unique(labels)
    each = -(-count // len(classes))
    places = []
    for label in classes:
        own = rng.permutation(np.flatnonzero(labels == label))
        places.append(np.resize(own, each))
    return rng.permutation(np.concatenate(places))
