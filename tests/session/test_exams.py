"""Exams as the window asks for them, with real models on small data."""

from __future__ import annotations

import dataclasses
import json
import time
from pathlib import Path

import numpy as np
import pytest

from digitdesk.errors import CancelledError, ConfigError, DataError, ModelFileError
from digitdesk.files.paths import UserPaths
from digitdesk.messages.evaluation import ItemSelection
from digitdesk.messages.exam import ExamData
from digitdesk.messages.model import READER, TRAINING
from digitdesk.messages.run import RunFinished, TrainingConfig
from digitdesk.session.session import Session
from tests.training.small_runs import write_idx_folder

ONE = (((140.0, 60.0), (140.0, 130.0), (138.0, 220.0)),)
SMALL = TrainingConfig(model="mlp(16)", epochs=1, seed=3, device="cpu")


@pytest.fixture
def session(user_paths: UserPaths) -> Session:
    return Session(user_paths, environ={})


@pytest.fixture
def data(tmp_path: Path) -> ExamData:
    write_idx_folder(tmp_path / "stripes", train_count=300, test_count=60)
    return ExamData("dataset", str(tmp_path / "stripes"), "stripes")


def train(session: Session, data: ExamData, model: str = "mlp(16)") -> RunFinished:
    return session.train(dataclasses.replace(SMALL, model=model, data=data.name))


def wait_for_run(session: Session) -> None:
    until = time.monotonic() + 60
    while not any(isinstance(event, RunFinished) for event in session.drain_events()):
        assert time.monotonic() < until
        time.sleep(0.01)


def test_made_up_digits_can_always_be_examined_on(session: Session) -> None:
    (only,) = session.exams.choices()
    assert (only.kind, only.name, only.count) == ("dataset", "handwriting", 5000)


def test_what_models_know_and_what_was_used_is_offered(
    session: Session, data: ExamData, tmp_path: Path
) -> None:
    train(session, data)
    path = tmp_path / "one.json"
    path.write_text(json.dumps([{"label": 1, "strokes": ONE}]))
    strokes = ExamData("strokes", str(path), "one.json")
    session.exams.examine(READER, strokes)
    names = [choice.name for choice in session.exams.choices()]
    assert names == ["handwriting", data.name, str(path)]


def test_an_exam_says_what_it_was_made_of(session: Session, data: ExamData) -> None:
    assert session.exams.last() is None
    finished = train(session, data)
    exam = session.exams.examine(TRAINING, data)
    assert exam == session.exams.last()
    assert exam.evaluation.accuracy == finished.test_accuracy
    assert (exam.model_key, exam.data.count, exam.step) == (TRAINING, 60, 5)
    assert exam.card.spec == session.card(TRAINING).spec
    assert exam.made_at[:2] == "20" and exam.made_at[10] == "T"
    assert exam.evaluation.key == exam.key


def test_a_stroke_is_shown_as_it_was_drawn(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    path.write_text(json.dumps([{"label": 1, "strokes": ONE}, {"label": 4, "strokes": ONE}]))
    exam = session.exams.examine(READER, ExamData("strokes", str(path)))
    right, wrong = (session.exams.detail(exam.key, k) for k in (0, 1))
    assert right.item.is_right and not wrong.item.is_right
    assert wrong.item.picture == right.item.picture
    assert wrong.strokes is not None and len(wrong.strokes[0]) == 3
    said = session.read_strokes(wrong.strokes)
    # One picture and many are multiplied in other shapes, and so rounded otherwise.
    assert said.probabilities == pytest.approx(wrong.probabilities, rel=1e-4, abs=1e-7)
    for index in (-1, 2):
        with pytest.raises(DataError, match="no such picture"):
            session.exams.detail(exam.key, index)


def test_a_network_is_asked_as_it_was_when_it_was_examined(
    session: Session, data: ExamData
) -> None:
    train(session, data)
    exam = session.exams.examine(TRAINING, data)
    before = session.exams.damaged(exam.key, 3, "blur", 0.5)
    session.train(dataclasses.replace(SMALL, model="softmax", data=data.name, seed=9))
    assert session.exams.damaged(exam.key, 3, "blur", 0.5) == before


def test_two_models_are_paired(session: Session, data: ExamData) -> None:
    train(session, data)
    weak = session.exams.examine(TRAINING, data)
    session.train(dataclasses.replace(SMALL, data=data.name, epochs=3))
    strong = session.exams.examine(TRAINING, data)
    pair = session.exams.pair(weak.key, strong.key)
    assert pair.both_right + pair.only_a == weak.evaluation.correct
    assert pair.both_right + pair.only_b == strong.evaluation.correct
    page = session.exams.pair_items(weak.key, strong.key, 0, 5, ItemSelection(right_in="b"))
    assert page.total == pair.only_b
    other = session.exams.examine(TRAINING, ExamData("dataset", "handwriting"))
    with pytest.raises(DataError, match="same labeled pictures"):
        session.exams.pair(weak.key, other.key)


def test_a_curve_is_made_once(session: Session, data: ExamData) -> None:
    train(session, data)
    exam = session.exams.examine(TRAINING, data)
    assert session.exams.known_curves(exam.key) == ()
    told: list[tuple[int, int]] = []
    curve = session.exams.damage_curve(
        exam.key, "patch", lambda done, total: told.append((done, total))
    )
    assert told[0] == (0, 7) and told[-1] == (7, 7)
    assert curve.points[0].accuracy == exam.evaluation.accuracy, "60 pictures are all of them"
    assert session.exams.damage_curve(exam.key, "patch", cancelled=lambda: True) is curve
    with pytest.raises(CancelledError):
        session.exams.damage_curve(exam.key, "blur", cancelled=lambda: True)
    one = session.exams.damage_accuracy(exam.key, "patch", curve.damage.strengths[3])
    assert one == curve.points[3]
    session.exams.damage_curve(exam.key, "noise")
    assert [known.damage.name for known in session.exams.known_curves(exam.key)] == [
        "noise",
        "patch",
    ]


def test_an_exam_is_cancelled_and_leaves_nothing(session: Session, data: ExamData) -> None:
    with pytest.raises(CancelledError):
        session.exams.examine(READER, data, cancelled=lambda: True)
    assert session.exams.last() is None


def test_the_last_few_exams_are_kept_and_share_their_pictures(
    session: Session, data: ExamData
) -> None:
    train(session, data)
    keys = [session.exams.examine(TRAINING, data).key for _ in range(7)]
    assert len(set(keys)) == 7
    kept = [session.exams._kept[key] for key in keys[1:]]
    assert all(one.evaluated.pictures is kept[0].evaluated.pictures for one in kept)
    with pytest.raises(DataError, match="no longer at hand"):
        session.exams.items(keys[0], 0, 5)


# The threshold


def test_a_saved_model_refuses_below_its_threshold(
    session: Session, data: ExamData, tmp_path: Path
) -> None:
    train(session, data)
    key = session.save_model(TRAINING, tmp_path / "m.npz").key
    assert session.read_strokes(ONE, key).reason == ""
    entry = session.exams.keep_threshold(key, 1.0)
    assert entry.card.refusal_threshold == 1.0
    assert session.read_strokes(ONE, key).reason == "unsure"
    again = Session(UserPaths.under(tmp_path / "elsewhere"), environ={})
    assert again.card(key).refusal_threshold == 1.0
    assert again.read_strokes(ONE, key).reason == "unsure"
    assert session.exams.keep_threshold(key, None).card.refusal_threshold is None
    assert session.read_strokes(ONE, key).reason == ""


def test_a_network_that_is_not_saved_keeps_its_threshold_too(
    session: Session, data: ExamData
) -> None:
    session.start_training(dataclasses.replace(SMALL, data=data.name))
    wait_for_run(session)
    assert session.exams.keep_threshold(TRAINING, 1.0).key == TRAINING
    assert session.read_strokes(ONE, TRAINING).reason == "unsure"
    (kept,) = (entry for entry in session.models() if entry.key == TRAINING)
    assert not kept.is_saved, "its file is still known as that of the run"
    path = session.duplicate_model(TRAINING).path
    assert session.card(str(path)).refusal_threshold == 1.0


def test_the_bundled_reader_keeps_its_own(session: Session) -> None:
    with pytest.raises(ConfigError, match="Duplicate it"):
        session.exams.keep_threshold(READER, 0.9)


def test_a_network_that_learns_has_no_threshold_yet(session: Session, data: ExamData) -> None:
    session.start_training(dataclasses.replace(SMALL, data=data.name, epochs=10_000))
    until = time.monotonic() + 60
    while not any(entry.is_learning for entry in session.models()):
        assert time.monotonic() < until
        time.sleep(0.01)
    with pytest.raises(ConfigError, match="still learning"):
        session.exams.keep_threshold(TRAINING, 0.9)
    assert session.close(30)


@pytest.mark.parametrize("threshold", [-0.1, 1.1, np.nan])
def test_a_threshold_is_a_probability(session: Session, threshold: float) -> None:
    with pytest.raises(ConfigError, match="no probability"):
        session.exams.keep_threshold(READER, threshold)


def test_a_file_that_cannot_be_written_stays(
    session: Session, data: ExamData, tmp_path: Path
) -> None:
    train(session, data)
    path = tmp_path / "m.npz"
    key = session.save_model(TRAINING, path).key
    path.write_bytes(b"PK\x03\x04 damaged")
    with pytest.raises(ModelFileError, match=r"Cannot open m\.npz"):
        session.exams.keep_threshold(key, 0.5)
    assert path.read_bytes() == b"PK\x03\x04 damaged"
