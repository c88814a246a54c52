"""The facade of what is inside a network: the bundled reader, files, and a network in training."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from digitdesk.errors import ConfigError, DataError, ModelFileError
from digitdesk.files.paths import UserPaths
from digitdesk.messages.inside.edits import Edit
from digitdesk.messages.inside.look import ANSWER, INPUT
from digitdesk.messages.inside.tiles import ZERO_LEVEL, Tiles
from digitdesk.messages.model import DIGITS, READER, TRAINING, ModelCard
from digitdesk.messages.picture import Picture
from digitdesk.messages.run import TrainingConfig
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.spec.build import build_network
from digitdesk.session.session import Session
from digitdesk.storage.model_file import save_model
from tests.training.small_runs import write_idx_folder

FOUR = (
    ((110.0, 50.0), (90.0, 150.0), (200.0, 150.0)),
    ((170.0, 60.0), (165.0, 235.0)),
)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    return Session(UserPaths.under(tmp_path_factory.mktemp("home")), environ={})


def model(folder: Path, spec: str) -> str:
    """Key of a model that has learned nothing."""
    network = build_network(spec, backend=cpu_backend())
    path = folder / "model.npz"
    save_model(path, ModelCard("untaught", network.spec), network.snapshot())
    return str(path)


def test_the_bundled_reader_from_ink_to_answer(session: Session) -> None:
    view = session.inside.layers(READER)
    assert view.views == 5
    paths = [layer.path for layer in view.layers]
    assert (paths[0], paths[-1]) == (INPUT, ANSWER)
    assert view.outputs == (*DIGITS, *view.reject_names)
    look = session.inside.look_at_strokes(READER, FOUR)
    assert look.prediction == session.read_strokes(FOUR)
    assert look.prediction.label == "4"
    assert max(zip(look.probabilities, look.outputs, strict=True))[1] == "4"
    assert sum(look.probabilities) == pytest.approx(1)
    for layer in view.layers:
        page = session.inside.tiles(look.key, layer.path)
        assert page.total == layer.tile_count
        assert (page.height, page.width) == (layer.shape[1:] if layer.is_image else (1, 1))
        check_levels(page)
        told = session.inside.explain(look.key, layer.path, (0,) * len(layer.shape))
        assert told.value == pytest.approx(page.values.view[0, 0, 0], rel=1e-6)


def check_levels(page: Tiles) -> None:
    """Bytes say what the numbers say, on a scale of the whole layer."""
    values = np.frombuffer(page.values.values, dtype=np.float32)
    levels = np.frombuffer(page.levels, dtype=np.uint8).astype(int)
    wanted = ZERO_LEVEL + values / page.limit * (ZERO_LEVEL - 1)
    assert np.abs(levels - wanted).max(initial=0) <= 0.51
    assert page.picture(0).width == page.width


def test_each_of_the_five_views_can_be_looked_at(session: Session) -> None:
    looks = [session.inside.look_at_strokes(READER, FOUR, view=k) for k in range(5)]
    assert len({look.picture.pixels for look in looks}) == 5
    assert len({look.prediction for look in looks}) == 1
    with pytest.raises(ConfigError, match="0 to 4; received 5"):
        session.inside.look_at_strokes(READER, FOUR, view=5)


def test_a_picture_is_looked_at_as_it_is(session: Session, tmp_path: Path) -> None:
    key = model(tmp_path, "mlp")
    greys = bytes(range(256)) * 3 + bytes(16)
    look = session.inside.look_at_picture(key, Picture(28, 28, greys))
    page = session.inside.tiles(look.key, INPUT)
    np.testing.assert_allclose(
        np.frombuffer(page.values.values, dtype=np.float32) * 255, list(greys), atol=1e-4
    )
    with pytest.raises(DataError, match="28×28 pixels; received 27×28"):
        session.inside.look_at_picture(key, Picture(27, 28, bytes(27 * 28)))


def test_without_ink_there_is_a_blank_picture_to_look_at(session: Session) -> None:
    look = session.inside.look_at_strokes(READER, ())
    assert look.is_empty
    assert look.prediction.reason == "empty"
    assert not any(look.picture.pixels)


def test_thousands_of_units_come_in_pages(session: Session, tmp_path: Path) -> None:
    key = model(tmp_path, "conv(256, 3, stride=14) flatten dense(3000) relu dense(10)")
    look = session.inside.look_at_strokes(key, FOUR)
    pages = [session.inside.tiles(look.key, "conv1", first, 100) for first in (0, 100, 200)]
    assert [page.count for page in pages] == [100, 100, 56]
    assert {page.total for page in pages} == {256}
    assert len({page.limit for page in pages}) == 1
    assert session.inside.tiles(look.key, "dense1", 2990, 64).count == 10
    assert session.inside.tiles(look.key, "dense1", 9999, 64).first == 2999
    kernels = session.inside.weight_tiles(key, "dense1", 3000 * 256 - 1)
    assert (kernels.total, kernels.count, kernels.height) == (3000 * 256, 1, 2)


def test_weights_are_pictures_where_they_can_be(session: Session, tmp_path: Path) -> None:
    key = model(tmp_path, "mlp(20)")
    counts = {layer.path: layer.kernel_count for layer in session.inside.layers(key).layers}
    assert counts["dense1"] == 20
    assert counts["dense2"] == 0
    page = session.inside.weight_tiles(key, "dense1", count=3)
    assert (page.count, page.total, page.height, page.width) == (3, 20, 28, 28)
    assert session.inside.weight_tiles(READER, "conv2").total == 32 * 32
    for layer in ("dense2", "relu1", "conv9"):
        with pytest.raises(ConfigError, match=f"'{layer}' are no pictures"):
            session.inside.weight_tiles(key, layer)


def test_a_changed_network_answers_as_changed_and_the_model_stays(session: Session) -> None:
    before = session.inside.look_at_strokes(READER, FOUR)
    off = (Edit("off", "conv5", 3), Edit("quantize", amount=4))
    look = session.inside.look_at_strokes(READER, FOUR, off)
    assert look.edits == off
    assert look.probabilities != before.probabilities
    assert look.prediction.probabilities != before.prediction.probabilities
    assert session.inside.tiles(look.key, "relu5", 3, 1).values.view[0, 0, 0] == 0
    assert session.read_strokes(FOUR) == before.prediction
    again = session.inside.look_at_strokes(READER, FOUR)
    assert replace(again, key="") == replace(before, key="")


def test_old_looks_are_forgotten_with_a_sentence(session: Session) -> None:
    first = session.inside.look_at_strokes(READER, FOUR)
    for _ in range(16):
        session.inside.look_at_strokes(READER, FOUR)
    with pytest.raises(DataError, match="no longer at hand"):
        session.inside.tiles(first.key, INPUT)


def test_a_network_in_training_is_looked_at_as_it_is_now(
    user_paths: UserPaths, tmp_path: Path
) -> None:
    session = Session(user_paths, environ={})
    with pytest.raises(ConfigError, match="No network has been trained yet"):
        session.inside.layers(TRAINING)
    folder = tmp_path / "stripes"
    write_idx_folder(folder, train_count=64, test_count=20)
    config = TrainingConfig(model="conv-pool", epochs=1, device="cpu", threads=1, data=str(folder))
    session.train(config)
    assert session.inside.layers(TRAINING).step
    look = session.inside.look_at_strokes(TRAINING, FOUR)
    assert look.prediction == session.read_strokes(FOUR, TRAINING)
    assert look.step == session.inside.layers(TRAINING).step


def test_a_model_that_reads_strokes_is_shown_their_planes(session: Session, tmp_path: Path) -> None:
    shape = (10, 28, 28)
    network = build_network("cnn-light", input_shape=shape, backend=cpu_backend())
    path = tmp_path / "strokes.npz"
    card = ModelCard("of strokes", network.spec, input_planes=10)
    save_model(path, card, network.snapshot())
    key = session.open_model(path).key
    look = session.inside.look_at_strokes(key, FOUR)
    assert look.prediction == session.read_strokes(FOUR, key)
    assert look.probabilities == pytest.approx(look.prediction.probabilities, rel=1e-4)
    assert session.inside.tiles(look.key, INPUT).total == 10
    lesson = session.inside.learn(look.key, 4)
    told = session.inside.explain_weight(lesson.key, "conv1.kernel", (0, 9, 1, 1))
    assert told.agreeing_digits >= 3
    assert session.inside.why(look.key, 4).gradient.count == 1
    with pytest.raises(ModelFileError, match="reads strokes, not pictures"):
        session.inside.look_at_picture(key, look.picture)
    with pytest.raises(ConfigError, match="reads strokes, not pictures"):
        session.inside.turn_into(look.key, 9)


def test_the_temperature_of_the_answer_can_be_another(session: Session) -> None:
    look = session.inside.look_at_strokes(READER, FOUR)
    usual, flat = (
        session.inside.explain(look.key, ANSWER, (4,), temperature=t).value for t in (None, 20.0)
    )
    assert usual == look.probabilities[4]
    assert flat < usual
    with pytest.raises(ConfigError, match="more than 0"):
        session.inside.explain(look.key, ANSWER, (4,), temperature=0.0)
