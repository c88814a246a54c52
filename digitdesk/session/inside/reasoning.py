"""Why a model gave its answer to a picture, and what would make it give another."""

from __future__ import annotations

import numpy as np

from digitdesk.errors import ConfigError
from digitdesk.ink.picture.grey_picture import as_bytes
from digitdesk.inspection.grids import floats, tiles
from digitdesk.inspection.reasons import (
    PATCH,
    gradient_times_input,
    occlusion,
    turn_into,
)
from digitdesk.messages.inside.look import INPUT
from digitdesk.messages.inside.reasons import Turned, Why
from digitdesk.messages.picture import Picture
from digitdesk.session.inside.looks import KeptLook
from digitdesk.session.inside.models import networks_of
from digitdesk.session.progress import Progress


def why(kept: KeptLook, label: int, advance: Progress) -> Why:
    """What speaks for an output, pixel by pixel."""
    networks = networks_of(kept.reader)
    with networks.lent() as network:
        gradient = gradient_times_input(network, kept.image, label)
    falls = occlusion(networks.predict_logits, kept.image, label, advance)
    return Why(
        label,
        float(kept.trace.logits[label]),
        tiles(INPUT, "gradient × input", gradient[np.newaxis], 0, 1),
        tiles(INPUT, "occlusion", falls[np.newaxis], 0, 1),
        PATCH,
    )


def turned(kept: KeptLook, label: int, advance: Progress) -> Turned:
    """The picture changed until the model takes it for something else.

    Raises:
        ConfigError: The model reads strokes, and no picture.
    """
    if not kept.reader.reads_pictures:
        raise ConfigError("The model reads strokes, not pictures", hint="Take another model")
    with networks_of(kept.reader).lent() as network:
        told = turn_into(network, kept.image, label, advance, kept.reader.card.temperature)
    change = told.image - kept.image
    ink = float(kept.image.sum())
    return Turned(
        label,
        told.is_reached,
        Picture.of(as_bytes(told.image)),
        tiles(INPUT, "change", change[np.newaxis], 0, 1),
        float(np.abs(change).sum()) / ink if ink else 0.0,
        floats(told.before),
        floats(told.after),
        told.steps,
    )
