"""What runs need of rooms that training does not know, put together once for all that train."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from digitdesk import __version__
from digitdesk.files.paths import assets_folder, expanded
from digitdesk.ink.preprocessing import PREPROCESSING_VERSION
from digitdesk.messages.model import READER, by_network
from digitdesk.recognition.calibration import calibrate
from digitdesk.recognition.test_time_augmentation import read_views
from digitdesk.session.dataset_cache import DatasetCache
from digitdesk.session.model_library import READER_FILE
from digitdesk.storage.model_file import check_model, load_model
from digitdesk.training.pipeline import RunServices


def run_services(datasets: DatasetCache) -> RunServices:
    """The services of all runs that take their data from ``datasets``."""
    return RunServices(
        load=datasets.load,
        calibrate=calibrate,
        check_model=check_model,
        stored_weights=stored_weights,
        read_views=read_views,
        preprocessing_version=PREPROCESSING_VERSION,
        app_version=__version__,
        notes=lambda: datasets.seal.note,
    )


def stored_weights(model: str, planes: int) -> dict[str, NDArray[Any]]:
    """The arrays of a model's network by name.

    Args:
        model: ``reader`` for the bundled one, else a file.
        planes: What the network to train is shown of each drawing. Where that is more than its
            picture, it begins as the network for strokes, if the model has one beside its first.

    Raises:
        ModelFileError: The file is missing or damaged.
    """
    path = assets_folder() / READER_FILE if model == READER else expanded(model)
    # A run trains one of them, and never that for lines.
    found = by_network(load_model(path).arrays)
    return found.strokes if planes > 1 and found.strokes else found.first
