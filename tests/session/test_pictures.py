"""Data sets as their owner meets them: seen, brought, chosen from, trained on, and read with."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from digitdesk.data.importing.imported import ImportedPart
from digitdesk.errors import CancelledError, ConfigError, DataError
from digitdesk.files.paths import UserPaths
from digitdesk.messages.model import READER, TRAINING
from digitdesk.messages.own.choice import Choice
from digitdesk.messages.own.pictures import UNLABELLED, PictureSet, Selection
from digitdesk.messages.run import TrainingConfig
from digitdesk.session.pictures.open_set import OpenSet
from digitdesk.session.session import Session
from tests.data.importing.made_sources import (
    ALPHABET,
    digits,
    drawn,
    npz,
    table,
    write_class_folders,
    write_emnist_letters,
)

IMAGES, LABELS = digits()


@pytest.fixture
def session(user_paths: UserPaths) -> Session:
    return Session(user_paths, environ={})


@pytest.fixture
def own(session: Session, tmp_path: Path) -> PictureSet:
    """Made-up digits with a test part, imported and open."""
    test = digits(20, seed=9)
    source = tmp_path / "mine.npz"
    source.write_bytes(npz(x_train=IMAGES, y_train=LABELS, x_test=test[0], y_test=test[1]))
    preview = session.pictures.look_at(source)
    return session.pictures.write(preview.key)


def test_twenty_six_letters_from_the_file_to_the_board(session: Session, tmp_path: Path) -> None:
    preview = session.pictures.look_at(write_emnist_letters(tmp_path / "gzip", each=90))
    assert preview.pictures.class_names == tuple(ALPHABET)
    assert len(preview.samples) == 10
    written = session.pictures.write(preview.key)
    assert written.path == session.pictures.folder / "emnist-letters"
    assert written.name in [info.name for info in session.datasets()]
    finished = session.train(
        TrainingConfig(data=written.name, model="cnn-light", epochs=5, learning_rate=0.004)
    )
    assert finished.test_accuracy is not None
    assert finished.test_accuracy > 0.9
    said = [session.read_strokes(drawn(sign), TRAINING).label for sign in ALPHABET]
    assert sum(map(str.__eq__, said, ALPHABET)) >= 24


def test_nothing_is_written_before_it_is_wanted(session: Session, tmp_path: Path) -> None:
    source = tmp_path / "train.csv"
    source.write_text(table(IMAGES, LABELS))
    preview = session.pictures.look_at(source, name="My digits")
    assert not session.pictures.folder.exists()
    assert not preview.pictures.is_written
    assert {seen.label for seen in preview.samples} == set("0123456789")
    written = session.pictures.write(preview.key)
    assert written.card is not None
    assert (written.card.name, written.card.source) == ("My digits", "train.csv")
    assert written.card.train_count == len(LABELS)
    assert len(written.card.source_sha256) == 64
    with pytest.raises(DataError, match="is there already"):
        session.pictures.write(preview.key)


def test_pages_counts_and_averages(session: Session, own: PictureSet) -> None:
    assert [part.part for part in own.parts] == ["train", "test"]
    assert own.parts[0].by_class == (6,) * 10
    page = session.pictures.page(own.key, 0, 100)
    assert (page.total, len(page.pictures)) == (80, 80)
    assert page.pictures[61].part == "test"
    sevens = session.pictures.page(own.key, 0, 100, Selection("train", 7))
    assert [seen.index for seen in sevens.pictures] == np.flatnonzero(LABELS == 7).tolist()
    assert sevens.pictures[0].picture.pixels == IMAGES[LABELS == 7][0].tobytes()
    averages = session.pictures.averages(own.key, "train")
    assert averages[3] is not None
    wanted = np.rint(IMAGES[LABELS == 3].mean(axis=0)).astype(np.uint8)
    assert averages[3].pixels == wanted.tobytes()
    assert [f.name for f in session.pictures.distribution(own.key).features]


def test_a_page_of_seventy_thousand_is_there_at_once() -> None:
    labels = np.tile(LABELS, 1167).astype(np.int16)
    many = ImportedPart(np.tile(IMAGES, (1167, 1, 1)), labels)
    facts = PictureSet("set", "", "", tuple("0123456789"), (), ())
    large = OpenSet(facts, {"train": many})
    begun = time.perf_counter()
    page = large.page(5000, 500, Selection("train", 7))
    assert time.perf_counter() - begun < 0.1
    assert {seen.label for seen in page.pictures} == {"7"}
    assert len(page.pictures) == 500


def test_wrong_labels_come_first(session: Session, own: PictureSet, tmp_path: Path) -> None:
    wrong = LABELS.copy()
    places = [3, 17, 40]
    wrong[places] = (wrong[places] + 5) % 10
    source = tmp_path / "wrong.npz"
    source.write_bytes(npz(images=IMAGES, labels=wrong))
    key = session.pictures.look_at(source).key
    asked = session.pictures.suspicious(key, READER)
    assert asked.count == len(LABELS)
    assert asked.differing >= 3
    first = session.pictures.page(key, 0, asked.differing, Selection(order="doubt")).pictures
    assert set(places) <= {seen.index for seen in first}
    doubts = [seen.doubt for seen in first]
    assert None not in doubts
    assert doubts == sorted(doubts, reverse=True)
    said = session.pictures.prediction(key, "train", 0, READER)
    assert said.class_names == tuple("0123456789")


def test_a_model_that_knows_no_letters_is_not_asked(session: Session, tmp_path: Path) -> None:
    key = session.pictures.look_at(write_emnist_letters(tmp_path / "gzip", each=2)).key
    with pytest.raises(DataError, match="The set's classes are not the model's"):
        session.pictures.suspicious(key, READER)


def test_pictures_without_labels_are_labelled_by_hand(session: Session, tmp_path: Path) -> None:
    write_class_folders(tmp_path / "all", IMAGES[:5], ["x"] * 5)
    preview = session.pictures.look_at(tmp_path / "all" / "x", name="by hand")
    with pytest.raises(DataError, match="Nothing says what the pictures show"):
        session.pictures.write(preview.key)
    assert session.pictures.page(preview.key, 0, 9, Selection(label=UNLABELLED)).total == 5
    for index, name in [(0, "7"), (1, "3"), (2, "3"), (3, "7")]:
        session.pictures.label(preview.key, "train", index, name)
    session.pictures.label(preview.key, "train", 3, "")
    assert session.pictures.page(preview.key, 0, 9, Selection(label=UNLABELLED)).total == 2
    written = session.pictures.write(preview.key)
    assert written.class_names == ("3", "7")
    assert written.parts[0].by_class == (2, 1)
    assert "Pictures without a label were left out: 2." in written.notes


def test_a_part_becomes_a_set_of_its_own(session: Session, own: PictureSet) -> None:
    choice = Choice(classes=("3", "8"), per_class=4, held_out=0.25, seed=2)
    size = session.pictures.choice_size(own.key, choice)
    assert [part.by_class for part in size] == [(3, 3), (3, 3)]  # two of each were tested before
    part = session.pictures.save_choice(own.key, choice, "3 or 8")
    assert part.class_names == ("3", "8")
    assert [p.by_class for p in part.parts] == [(3, 3), (3, 3)]
    before = {IMAGES[k].tobytes() for k in np.flatnonzero(np.isin(LABELS, (3, 8)))}
    page = session.pictures.page(part.key, 0, 99, Selection("train"))
    assert {seen.picture.pixels for seen in page.pictures} <= before
    again = session.pictures.save_choice(own.key, choice, "again")
    same = session.pictures.page(again.key, 0, 99, Selection("train"))
    assert [s.picture for s in same.pictures] == [s.picture for s in page.pictures]


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        (Choice(classes=("x",)), "The set has no such class"),
        (Choice(per_class=0), "The number of pictures of each class"),
        (Choice(share=0.0), "The share cannot be used"),
        (Choice(held_out=1.0), "The part to hold out cannot be used"),
    ],
)
def test_choices_that_cannot_be(
    session: Session, own: PictureSet, choice: Choice, sentence: str
) -> None:
    with pytest.raises(ConfigError, match=sentence):
        session.pictures.choice_size(own.key, choice)


def test_own_sets_with_a_test_part_can_be_examined_on(
    session: Session, own: PictureSet, tmp_path: Path
) -> None:
    assert own.name in [data.name for data in session.exams.choices()]
    (tmp_path / "x.csv").write_text(table(IMAGES, LABELS))
    untested = session.pictures.write(session.pictures.look_at(tmp_path / "x.csv").key)
    assert untested.name not in [data.name for data in session.exams.choices()]


def test_own_sets_are_renamed_and_removed(session: Session, own: PictureSet) -> None:
    new = session.pictures.rename(own.name, "better")
    assert [s.name for s in session.pictures.data_sets() if s.is_own] == [new]
    with pytest.raises(ConfigError, match="Only sets of your own"):
        session.pictures.remove("/tmp")
    session.pictures.remove(new)
    assert not [s for s in session.pictures.data_sets() if s.is_own]


def test_own_writing_can_be_looked_at(session: Session) -> None:
    session.writing.keep("A", drawn("A"))
    session.writing.keep("4", drawn("H"))
    (mine,) = [s for s in session.pictures.data_sets() if s.is_own]
    opened = session.pictures.open(mine.name)
    assert opened.class_names == ("4", "A")
    assert opened.parts[0].by_class == (1, 1)


def test_looking_can_be_cancelled(session: Session, tmp_path: Path) -> None:
    source = tmp_path / "train.csv"
    source.write_text(table(IMAGES, LABELS))
    with pytest.raises(CancelledError):
        session.pictures.look_at(source, cancelled=lambda: True)


def test_only_the_last_sets_stay_open(session: Session, own: PictureSet) -> None:
    keys = [session.pictures.open(own.name).key for _ in range(4)]
    session.pictures.page(keys[0], 0, 1)
    with pytest.raises(DataError, match="no longer open"):
        session.pictures.page(own.key, 0, 1)


def test_two_who_ask_at_once_get_what_each_gets_alone(
    session: Session, own: PictureSet, tmp_path: Path
) -> None:
    source = tmp_path / "train.csv"
    source.write_text(table(IMAGES, LABELS))

    def work(name: str) -> object:
        opened = session.pictures.open(own.name)
        page = session.pictures.page(opened.key, 0, 30, Selection("train", 4))
        asked = session.pictures.suspicious(opened.key, READER)
        doubtful = session.pictures.page(opened.key, 0, 5, Selection(order="doubt"))
        preview = session.pictures.look_at(source)
        written = session.pictures.write(preview.key, name=name)
        counted = (asked.count, asked.differing, written.parts)
        return page, [seen.index for seen in doubtful.pictures], counted

    alone = work("alone")
    with ThreadPoolExecutor(2) as threads:
        both = list(threads.map(work, ("one", "other")))
    assert both == [alone, alone]
