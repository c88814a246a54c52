"""Pictures to look at, the way to them, and lessons, by way of the facade."""

from __future__ import annotations

from pathlib import Path

import pytest

from digitdesk.errors import CancelledError, ConfigError, DataError
from digitdesk.files.paths import UserPaths
from digitdesk.messages.inside.edits import Edit
from digitdesk.messages.inside.look import INPUT
from digitdesk.messages.model import READER, ModelCard
from digitdesk.messages.run import EpochFinished, RunEvent, TrainingConfig
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


@pytest.fixture(scope="module")
def stripes(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("sets") / "stripes"
    write_idx_folder(folder, train_count=60, test_count=40)
    return str(folder)


@pytest.fixture(scope="module")
def untaught(tmp_path_factory: pytest.TempPathFactory) -> str:
    network = build_network("conv-pool", backend=cpu_backend())
    path = tmp_path_factory.mktemp("models") / "model.npz"
    save_model(path, ModelCard("untaught", network.spec), network.snapshot())
    return str(path)


def test_a_lesson_on_the_bundled_reader_leaves_it_as_it_was(session: Session) -> None:
    before = session.read_strokes(FOUR)
    look = session.inside.look_at_strokes(READER, FOUR)
    nine = look.outputs.index("9")
    lesson = session.inside.learn(look.key, nine, 0.05, 3)
    assert lesson.steps[0].probabilities == pytest.approx(look.probabilities, abs=1e-6)
    assert lesson.steps[-1].probabilities[nine] > lesson.steps[0].probabilities[nine]
    assert session.read_strokes(FOUR) == before
    for row in lesson.layers:
        page = session.inside.gradient_tiles(lesson.key, row.layer)
        assert page.what == "gradients"
        assert page.total == session.inside.tiles(look.key, row.layer).total
    told = session.inside.explain_weight(lesson.key, "conv1.kernel", (3, 0, 1, 1))
    page = session.inside.weight_gradient_tiles(lesson.key, "conv1", 3, 1)
    assert told.gradient == pytest.approx(page.values.view[0, 1, 1], rel=1e-6)


def test_rows_that_are_no_pictures_are_folded_in_their_order(session: Session) -> None:
    look = session.inside.look_at_strokes(READER, FOUR)
    lesson = session.inside.learn(look.key, 4)
    for layer in ("conv2", "dense1"):
        page = session.inside.weight_gradient_tiles(lesson.key, layer)
        assert page.what == "kernel gradients"
    with pytest.raises(ConfigError, match="relu1 has no kernel"):
        session.inside.weight_gradient_tiles(lesson.key, "relu1")


def test_a_lesson_outlives_its_look_but_not_four_others(session: Session) -> None:
    look = session.inside.look_at_strokes(READER, FOUR)
    lesson = session.inside.learn(look.key, 4)
    for _ in range(16):
        session.inside.look_at_strokes(READER, FOUR)
    assert session.inside.gradient_tiles(lesson.key, INPUT).total == 1
    look = session.inside.look_at_strokes(READER, FOUR)
    for _ in range(4):
        session.inside.learn(look.key, 4)
    with pytest.raises(DataError, match="no longer at hand"):
        session.inside.gradient_tiles(lesson.key, INPUT)


def test_a_rate_can_be_too_small_and_too_large(session: Session) -> None:
    look = session.inside.look_at_strokes(READER, FOUR)
    none, small, right, large = session.inside.rates(look.key, 9, (0.0, 0.001, 0.03, 0.3))
    assert none.probability == pytest.approx(look.probabilities[9], rel=1e-3)
    assert none.loss > small.loss > right.loss
    assert large.loss > none.loss


def test_pictures_by_number_by_class_and_the_next_error(
    session: Session, stripes: str, untaught: str
) -> None:
    inside = session.inside
    assert "handwriting" in inside.data_sets()
    first = inside.sample(stripes, 0)
    assert (first.total, first.picture.width) == (40, 28)
    with pytest.raises(DataError, match="0 to 39; received 40"):
        inside.sample(stripes, 40)
    third = inside.find(stripes, 2, label="3")
    assert third is not None
    assert third.label == "3"
    after = inside.find(stripes, 39)
    assert after == first
    error = inside.find(stripes, -1, model_key=untaught)
    assert error is not None
    look = inside.look_at_picture(untaught, error.picture)
    assert look.prediction.label != error.label
    before = [inside.sample(stripes, k) for k in range(error.index)]
    for sample in before:
        assert inside.look_at_picture(untaught, sample.picture).prediction.label == sample.label
    assert inside.find(stripes, 0, label="no class") is None


def test_how_many_are_still_right_after_a_change(
    session: Session, stripes: str, untaught: str
) -> None:
    told = session.inside.accuracy(untaught, (), stripes)
    assert (told.data, told.count) == (stripes, 40)
    assert told.accuracy == told.right / 40
    noisy = session.inside.accuracy(untaught, (Edit("noise", amount=3.0),), stripes)
    assert noisy.right != told.right
    with pytest.raises(CancelledError):
        session.inside.accuracy(untaught, (), stripes, cancelled=lambda: True)


def test_the_preparation_of_a_drawing(session: Session) -> None:
    told = session.inside.preparation(READER, FOUR)
    # Of two networks, the one for pictures is looked into; the board's answer is the mean of both.
    assert told.prediction.preprocessed == session.read_strokes(FOUR).preprocessed
    assert told.prediction.label == session.read_strokes(FOUR).label
    assert [step.without is None for step in told.steps] == [True, False, False, False, False]
    for step in told.steps[1:]:
        assert step.seen_without is not None
        assert step.without is not None
        assert step.without.preprocessed == step.seen_without
    assert told.steps[0].features == told.features
    assert not session.inside.preparation(READER, ()).steps


def test_what_is_usual_for_ink(session: Session, stripes: str) -> None:
    told = session.inside.ink_distribution(stripes)
    assert told.count == 60
    assert session.inside.ink_distribution(stripes) is told


@pytest.mark.mnist
def test_a_drawing_is_as_usual_as_mnist(mnist_dir: Path, tmp_path: Path) -> None:
    environ = {"DIGITDESK_DATA": str(mnist_dir)}
    session = Session(UserPaths.under(tmp_path), environ=environ)
    told = session.inside.ink_distribution("mnist")
    assert told.count == 2000
    features = session.inside.preparation(READER, FOUR).features
    for feature, usual in zip(features, told.features, strict=True):
        # Among the middle nine tenths of all.
        step = (usual.high - usual.low) / len(usual.counts)
        below = sum(usual.counts[: int((feature - usual.low) / step)])
        assert 100 <= below <= 1900, (usual.name, feature)


def test_what_speaks_for_an_answer_and_what_would_change_it(session: Session) -> None:
    look = session.inside.look_at_strokes(READER, FOUR)
    told = session.inside.why(look.key, 4)
    for page in (told.gradient, told.occlusion):
        assert (page.count, page.height, page.width) == (1, 28, 28)
        assert page.limit > 0
    nine = session.inside.turn_into(look.key, 9)
    assert nine.is_reached
    assert nine.after[9] == max(nine.after) > nine.before[9]
    assert 0 < nine.changed_ink < 0.5
    again = session.inside.look_at_picture(READER, nine.picture)
    assert again.probabilities == pytest.approx(nine.after, abs=0.02)
    with pytest.raises(CancelledError):
        session.inside.turn_into(look.key, 1, cancelled=lambda: True)


def test_a_changed_network_is_saved_and_opened(session: Session, tmp_path: Path) -> None:
    edits = (Edit("prune", amount=0.5), Edit("off", "conv1", 3))
    entry = session.inside.save(READER, edits, tmp_path / "pruned.npz")
    assert entry.card.title == "pruned"
    assert entry.card.notes.endswith("Changed by hand: prune 0.5, off conv1 3")
    assert entry.card.test_accuracy is None
    assert entry.key in [each.key for each in session.models()]
    changed = session.inside.look_at_strokes(READER, FOUR, edits)
    opened = session.inside.look_at_strokes(entry.key, FOUR)
    assert opened.probabilities == changed.probabilities
    assert session.read_strokes(FOUR, entry.key).probabilities == changed.prediction.probabilities


def test_the_network_of_a_run_while_it_learns(user_paths: UserPaths, stripes: str) -> None:
    session = Session(user_paths, environ={})
    assert session.inside.training() is None
    config = TrainingConfig(model="cnn-light", epochs=2, device="cpu", threads=1, data=stripes)
    weights = []

    def emit(event: RunEvent) -> None:
        if isinstance(event, EpochFinished):
            told = session.inside.training(4)
            assert told is not None
            assert told.is_learning
            assert told.filters is not None
            assert (told.filters.layer, told.filters.count, told.filters.total) == ("conv1", 4, 8)
            weights.append((told.step, told.filters.values))

    session.train(config, emit)
    plain = Session(UserPaths.under(user_paths.data / "other"), environ={})
    plain.train(config)
    told, undisturbed = session.inside.training(), plain.inside.training()
    assert told is not None
    assert not told.is_learning
    assert told.pictures == 40
    assert [row.layer for row in told.layers if row.weights] == [
        "conv1",
        "conv2",
        "dense1",
        "dense2",
    ]
    # To look at it has changed nothing.
    assert told == undisturbed
