"""A run that starts from a saved model: its weights, or a sentence that says why not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from digitdesk.errors import ConfigError, ModelFileError
from digitdesk.files.paths import UserPaths
from digitdesk.ink.stroke_planes import PLANES
from digitdesk.messages.model import TRAINING
from digitdesk.messages.run import TrainingConfig
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.spec.build import build_network
from digitdesk.session.run_services import stored_weights
from digitdesk.session.session import Session
from digitdesk.storage.model_file import load_model
from tests.training.small_runs import MLP, write_idx_folder


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("sets") / "stripes"
    write_idx_folder(folder, train_count=200, test_count=50)
    return str(folder)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    return Session(UserPaths.under(tmp_path_factory.mktemp("user")), environ={})


@pytest.fixture(scope="module")
def saved(session: Session, data: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    session.train(TrainingConfig(model=MLP, data=data, epochs=3, device="cpu"))
    path = tmp_path_factory.mktemp("models") / "first.npz"
    session.save_model(TRAINING, path)
    return path


def test_it_goes_on_where_the_model_was(
    session: Session, data: str, saved: Path, tmp_path: Path
) -> None:
    still = TrainingConfig(
        model=MLP, data=data, epochs=1, optimizer="sgd", learning_rate=1e-30, device="cpu",
        start_from=str(saved),
    )  # fmt: skip
    session.train(still)
    session.save_model(TRAINING, tmp_path / "second.npz")
    first, second = load_model(saved), load_model(tmp_path / "second.npz")
    for name, array in first.arrays.items():
        assert np.array_equal(array, second.arrays[name]), name
    assert second.card.config["start_from"] == "first.npz"


def test_other_layers_and_other_files_are_refused_with_a_sentence(
    session: Session, data: str, saved: Path
) -> None:
    other = TrainingConfig(model="softmax", data=data, start_from=str(saved), device="cpu")
    with pytest.raises(ConfigError, match=r"cannot start from first\.npz.*Choose the network"):
        session.train(other)
    missing = TrainingConfig(model=MLP, data=data, start_from="/no/where.npz", device="cpu")
    with pytest.raises(ModelFileError):
        session.train(missing)


@pytest.mark.parametrize("planes", [1, PLANES])
def test_both_networks_of_the_bundled_reader_can_be_trained_on(
    session: Session, planes: int
) -> None:
    card = session.card("reader")
    assert card.strokes is not None
    network = build_network(
        card.spec if planes == 1 else card.strokes.spec,
        input_shape=(planes, 28, 28),
        classes=len(card.class_names) + len(card.reject_names),
        backend=cpu_backend(),
    )
    network.load_arrays(stored_weights("reader", planes))
