"""The weights of a saved model, for a run that starts from them."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from digitdesk.files.paths import assets_folder, expanded
from digitdesk.messages.model import READER, STROKES
from digitdesk.session.model_library import READER_FILE
from digitdesk.storage.model_file import load_model


def stored_weights(model: str) -> dict[str, NDArray[Any]]:
    """The arrays of a model's network by name.

    Args:
        model: ``reader`` for the bundled one, else a file.

    Raises:
        ModelFileError: The file is missing or damaged.
    """
    path = assets_folder() / READER_FILE if model == READER else expanded(model)
    arrays = load_model(path).arrays
    # A second network beside it is for strokes, and no part of what a run trains.
    return {name: array for name, array in arrays.items() if not name.startswith(STROKES)}
