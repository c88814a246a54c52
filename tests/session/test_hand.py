"""A person's own hand: dictated, examined under seal, taught to a model, and taken away."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from digitdesk.data.own_hand import replay
from digitdesk.errors import CancelledError, ConfigError, DataError
from digitdesk.files.paths import UserPaths
from digitdesk.ink.stroke_file import read_stroke_file
from digitdesk.messages.model import DIGITS, READER, TRAINING
from digitdesk.messages.run import TrainingConfig
from digitdesk.session.hand.dictation import next_word, words_of_exam
from digitdesk.session.session import Session
from digitdesk.session.writing import Writing
from tests.benchmarks.made_up_hands import drawings
from tests.data.importing.made_sources import drawn
from tests.session.made_up_people import DRAWN, HAND, keep, make_lessons_short, take_exam


@pytest.fixture
def session(user_paths: UserPaths) -> Session:
    return Session(user_paths, environ={})


# --- dictated


def test_what_is_dictated_is_random_and_balanced() -> None:
    rng, counts, before = random.Random(3), Counter({"7": 2}), ""
    said = []
    for _ in range(198):
        word = next_word(DIGITS, counts, before, rng)
        assert word != before
        said.append(word)
        counts[word] += 1
        assert max(counts.values()) - min(counts[name] for name in DIGITS) <= 2
        before = word
    assert said[:10] != said[10:20]
    assert min(counts.values()) >= 19


def test_an_exam_dictates_each_as_often() -> None:
    words = words_of_exam(DIGITS, 50, random.Random(1))
    assert set(Counter(words).values()) == {5}
    assert words != sorted(words)


def test_the_rarest_is_dictated_before_long(session: Session) -> None:
    keep(session, 59)  # the last 9 is missing
    said = {session.hand.next_word("me") for _ in range(60)}
    assert "9" in said
    assert session.hand.next_word("me", ("A",)) == "A"


def test_drawings_are_shown_and_taken_back(session: Session) -> None:
    keep(session, 12)
    page = session.hand.drawings("me", 0, 5)
    assert (page.total, [d.label for d in page.drawings]) == (12, ["1", "0", "9", "8", "7"])
    assert session.writing.take_back(page.drawings[0].kept)
    assert session.hand.drawings("me", 0, 5).total == 11
    assert [d.index for d in session.hand.drawings("me", 0, 5, "0").drawings] == [10, 0]


def test_what_is_kept_is_shown_as_it_will_be(session: Session) -> None:
    keep(session, 3)
    kept = session.hand.keep("3", [[(x, y, k) for k, (x, y) in enumerate(s)] for s in DRAWN[3]])
    assert session.hand.drawings("me", 0, 1).drawings == (kept,)
    assert "[[" in kept.kept.entry and kept.written
    assert session.writing.take_back(kept.kept)


def test_a_person_gets_another_name(session: Session) -> None:
    keep(session, 4, "Ann")
    exam = session.hand.begin_exam("Ann", 10)
    assert session.hand.rename_person("Ann", "  Anna/Bell ") == "Anna Bell"
    (renamed,) = session.hand.people()
    assert (renamed.writer, renamed.count) == ("Anna Bell", 4)
    writers = {sample.writer for sample in read_stroke_file(renamed.path)}
    assert writers == {"Anna Bell"}
    assert [sheet.key for sheet in session.hand.exams("Anna Bell")] == [exam.key]
    keep(session, 1, "Bob")
    for name in ("Bob", "", "..", "x" * 41):
        with pytest.raises(ConfigError):
            session.hand.rename_person("Anna Bell", name)
    assert [person.count for person in session.hand.people()] == [4, 1]


def test_a_person_is_removed_with_their_exams(session: Session) -> None:
    keep(session, 2, "Ann")
    session.hand.begin_exam("Ann", 10)
    keep(session, 1, "Bob")
    session.hand.remove_person("Ann")
    assert [person.writer for person in session.hand.people()] == ["Bob"]
    assert session.hand.exams() == ()
    keep(session, 1, "Ann")
    assert session.writing.of("Ann").count == 1


# --- exams


def test_an_exam_is_kept_drawing_by_drawing(session: Session, user_paths: UserPaths) -> None:
    exam = session.hand.begin_exam("Ann", 10)
    (strokes,) = drawings(HAND, [int(exam.wanted)], 9)
    exam = session.hand.hand_in(exam.key, strokes)
    # As after a kill: another session, and the same folder.
    again = Session(user_paths, environ={})
    assert again.hand.exams("Ann") == (exam,)
    assert exam.done == 1
    assert again.hand.take_back(exam.key).done == 0
    assert again.hand.exams("Bob") == ()


def test_a_complete_exam_is_sealed_and_scored(session: Session) -> None:
    exam = take_exam(session)
    assert exam.is_sealed
    assert exam.wanted == ""
    with pytest.raises(DataError, match="The exam is sealed"):
        session.hand.take_back(exam.key)
    (score,) = session.hand.score(exam.key, [READER])
    assert score.count == 10
    assert len(score.wrong) == 10 - score.right
    assert score.interval[0] < score.accuracy < score.interval[1] or score.accuracy in (0, 1)
    for error in score.wrong:
        assert error.said != error.label
    open_exam = session.hand.begin_exam("me", 10)
    with pytest.raises(DataError, match="The exam is not complete yet"):
        session.hand.score(open_exam.key, [READER])


def test_exams_that_cannot_be_taken(session: Session) -> None:
    with pytest.raises(ConfigError, match="An exam of so many drawings"):
        session.hand.begin_exam("me", 9)
    with pytest.raises(ConfigError, match="This cannot be dictated"):
        session.hand.begin_exam("me", 10, ("a", " "))
    with pytest.raises(DataError, match="There is no such exam"):
        session.hand.hand_in("../me", DRAWN[0])


def test_a_damaged_exam_is_left_as_it_is(session: Session, user_paths: UserPaths) -> None:
    exam = take_exam(session)
    path = user_paths.data / "writing" / "exams" / f"{exam.key}.json"
    text = path.read_text()[:-9]
    path.write_text(text)
    assert session.hand.exams() == ()
    with pytest.raises(DataError, match="cannot be read"):
        session.hand.score(exam.key, [READER])
    assert path.read_text() == text


# --- the seal


def test_teaching_refuses_a_drawing_of_an_exam(session: Session, user_paths: UserPaths) -> None:
    keep(session, 40)
    exam = take_exam(session)
    path = user_paths.data / "writing" / "exams" / f"{exam.key}.json"
    planted = json.loads(path.read_text())["drawings"][3]
    # Under another name, and without its times: it is the same drawing.
    session.writing.keep("0", planted["strokes"])
    with pytest.raises(DataError, match=r"Drawings of an exam .* received 1 of the exam me"):
        session.hand.teach()
    problem = session.hand.teachable().problem
    assert problem is not None
    assert "Drawings of an exam" in problem.what


def test_a_run_refuses_pictures_of_an_exam(
    session: Session, user_paths: UserPaths, tmp_path: Path
) -> None:
    exam = take_exam(session)
    sheet = user_paths.data / "writing" / "exams" / f"{exam.key}.json"
    plain = tmp_path / "planted.json"
    plain.write_text(json.dumps(json.loads(sheet.read_text())["drawings"]))
    keep(session, 30, "Eve")
    assert session.hand.bring_back(plain, "Eve") == 10
    folder = session.hand.take_away("Eve", tmp_path / "eve", "idx")
    config = TrainingConfig(data=str(folder), model="softmax", epochs=1)
    with pytest.raises(DataError, match="Drawings of an exam"):
        session.train(config)
    clean = TrainingConfig(data="handwriting", model="softmax", epochs=1, limit=200)
    assert session.train(clean).ending == "completed"
    assert session.card(TRAINING).notes == f"Exams it has not seen: {exam.key}."
    session.hand.discard_exam(exam.key)
    assert session.train(config).ending == "completed"


# --- teach


def test_teaching_makes_another_model_that_reads_the_hand(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay, "_MADE_UP", 700)
    session.train(
        TrainingConfig(data="handwriting", model="cnn-light", epochs=4, limit=3000, seed=1)
    )
    keep(session, 60)
    exam = take_exam(session, 40)
    told: list[tuple[int, int]] = []
    plan = session.hand.teachable("me", TRAINING)
    assert (plan.samples, plan.problem, plan.replay) == (60, None, ("Built-in handwriting",))
    found = session.hand.teach("me", TRAINING, progress=lambda *at: told.append(at))
    (pair,) = found.scores
    assert pair.data == exam.key
    assert pair.before.accuracy < 0.85
    assert pair.after.accuracy >= max(0.8, pair.before.accuracy + 0.1)
    assert told[-1] == (1000, 1000)
    assert told == sorted(told)
    assert found.model.path is not None
    assert exam.key in found.model.card.notes
    assert found.unseen_exams == (exam.key,)
    (old, new) = session.hand.score(exam.key, [TRAINING, found.model.key])
    assert (old.accuracy, new.accuracy) == (pair.before.accuracy, pair.after.accuracy)


def test_both_networks_of_the_bundled_reader_are_taught(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_lessons_short(monkeypatch)
    keep(session, 20)
    found = session.hand.teach()
    before, after = session.card(READER), session.card(found.model.key)
    assert after.strokes is not None
    assert after.reject_names == before.reject_names
    assert after.refusal_threshold is not None
    assert session.models()[-1].key == found.model.key
    path = found.model.path
    assert path is not None
    names = set(np.load(path).files)
    assert any(name.startswith("strokes.") for name in names)


def test_too_few_drawings_are_not_taught(session: Session) -> None:
    keep(session, 19)
    with pytest.raises(DataError, match="too few drawings"):
        session.hand.teach()
    session.writing.keep("A", drawn("A"))  # the reader knows no letters
    with pytest.raises(DataError, match="received 19"):
        session.hand.teach()


def test_teaching_can_be_cancelled_and_leaves_nothing(session: Session) -> None:
    keep(session, 20)
    with pytest.raises(CancelledError):
        session.hand.teach(cancelled=lambda: True)
    assert [entry.key for entry in session.models()] == [READER]


def test_collecting_does_not_train(session: Session, user_paths: UserPaths) -> None:
    keep(session, 20)
    assert not user_paths.models.exists()
    assert session.models() == (session.models()[0],)


_COLLECTS = """
import sys
from pathlib import Path
from digitdesk.session.writing import Writing
writing = Writing(Path(sys.argv[1]))
for k in range(100_000):
    kept = writing.keep(str(k % 10), [[[k, 0], [0, 50], [k, 90]]])
    print(kept.count, flush=True)
"""


def test_a_kill_loses_at_most_the_drawing_that_is_being_kept(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _COLLECTS, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as collecting:
        assert collecting.stdout is not None
        for _ in range(40):
            told = int(collecting.stdout.readline())
        collecting.kill()
        told = max([told, *map(int, collecting.stdout.read().split())])
    (kept,) = Writing(tmp_path).all()
    assert kept.problem is None
    assert told <= kept.count <= told + 1


# --- taken away


def test_drawings_go_away_and_come_back(session: Session, tmp_path: Path) -> None:
    keep(session, 12, "Ann")
    session.writing.keep("A", drawn("A"), "Ann")
    away = session.hand.take_away("Ann", tmp_path / "ann.json")
    home = UserPaths.under(tmp_path / "elsewhere")
    other = Session(home, environ={})
    assert other.hand.bring_back(away, "Ann") == 13
    assert other.hand.bring_back(away, "Ann") == 0
    assert other.writing.all()[0].counts == session.writing.all()[0].counts
    mine, theirs = (s.hand.drawings("Ann", 0, 99).drawings for s in (session, other))
    assert [d.picture for d in mine] == [d.picture for d in theirs]


def test_drawings_as_pictures_are_those_that_a_network_sees(
    session: Session, tmp_path: Path
) -> None:
    keep(session, 20)
    folder = session.hand.take_away("me", tmp_path / "png", "png")
    assert len(list(folder.glob("3/*.png"))) == 2
    seen = session.hand.drawings("me", 0, 99, "3").drawings[-1].picture
    first = np.asarray(Image.open(folder / "3" / "0001.png"))
    assert (255 - first).tobytes() == seen.pixels
    idx = session.hand.take_away("me", tmp_path / "idx", "idx")
    opened = session.pictures.open(str(idx))
    assert opened.class_names == DIGITS
    assert opened.count == 20
    brought = session.pictures.look_at(folder)
    assert brought.pictures.count == 20


def test_nothing_is_taken_away_of_who_has_written_nothing(session: Session, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="has written nothing yet"):
        session.hand.take_away("Bob", tmp_path / "b.json")
