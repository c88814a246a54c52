"""A report says what was found, needs nothing else, and is safe whatever classes are called."""

from __future__ import annotations

import csv
import io
import re
import shutil
import struct
import subprocess
import xml.etree.ElementTree as ET
import zlib
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from digitdesk.errors import DataError, SaveError
from digitdesk.evaluation.items import EvaluatedSet
from digitdesk.evaluation.scores import scores
from digitdesk.messages.exam import Damage, DamageCurve, DamagePoint, Exam, ExamData
from digitdesk.messages.model import ModelCard
from digitdesk.messages.picture import Picture
from digitdesk.recognition.reader import Answers
from digitdesk.report.png import png
from digitdesk.report.words import DAMAGE_NAMES, SENTENCES, Words
from digitdesk.session.exams.kept_exams import KeptExam
from digitdesk.session.exams.reports import write_report

TEN = tuple("0123456789")
NASTY = ("<b>&\"'", "a class with a very long name", "é中文", *TEN)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
BLUR = Damage("blur", 0, 3, 0.1, "px", 0, 1, tuple(k / 2 for k in range(7)))


def kept(
    names: tuple[str, ...] = TEN, title: str = "A model", *, labelled: bool = True
) -> KeptExam:
    """An exam of 300 pictures, a tenth of them read wrong, with one curve."""
    rng = np.random.default_rng(len(names) + len(title))
    labels = np.arange(300) % len(names)
    said = np.where(rng.random(300) < 0.1, (labels + 1) % len(names), labels)
    probabilities = np.full((300, len(names)), 0.05 / (len(names) - 1))
    probabilities[np.arange(300), said] = 0.95
    answers = Answers(probabilities, probabilities.max(axis=1), np.zeros((300, 0)))
    pictures = np.random.default_rng(1).integers(0, 256, (300, 28, 28)).astype(np.uint8)
    reasons = ("unsure",) * 5 + ("",) * 295
    evaluated = EvaluatedSet(names, pictures, labels if labelled else None, answers, reasons, 0.8)
    card = ModelCard(title, "flatten dense(10)", names, parameter_count=7850, dataset="mnist")
    data = ExamData("dataset", "mnist", "MNIST", 300)
    when = "2026-11-27T18:00:00+00:00"
    exam = Exam("exam-1", "m", title, None, card, data, "ab" * 32, when, 0.5, scores(evaluated))

    def no_reader() -> None:
        raise AssertionError("a report reads nothing more")

    points = tuple(DamagePoint(s, 0.9 - s / 10, (0.8, 0.95), 300) for s in BLUR.strengths)
    curves = {"blur": DamageCurve(BLUR, points)} if labelled else {}
    return KeptExam(exam, evaluated, no_reader, None, curves)  # type: ignore[arg-type]


def written(path: Path, one: KeptExam, other: KeptExam | None = None) -> str:
    (page,) = write_report(one, other, path / "r.html", str, "en")
    return page.read_text(encoding="utf-8")


class Checker(HTMLParser):
    """Sees that every element that is opened is closed, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [v or "" for k, v in attrs if k in ("src", "href", "action", "data")]
        assert tag not in ("script", "link", "iframe", "object")
        if tag not in ("meta", "img", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def checked(page: str) -> Checker:
    checker = Checker()
    checker.feed(page)
    checker.close()
    assert checker.open == []
    return checker


@pytest.mark.parametrize("names", [TEN, NASTY, ("yes", "no"), tuple(f"c{k}" for k in range(62))])
def test_a_page_is_whole_and_needs_no_network(names: tuple[str, ...], tmp_path: Path) -> None:
    checker = checked(written(tmp_path, kept(names)))
    assert checker.addresses and all(a.startswith("data:image/png") for a in checker.addresses)
    said = " ".join(checker.words)
    for name in names:
        assert name[:11] in said
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")
    assert "prefers-color-scheme: dark" in page and "@media print" in page


def test_it_says_what_was_found(tmp_path: Path) -> None:
    one = kept()
    found = one.exam.evaluation
    said = " ".join(checked(written(tmp_path, one)).words)
    assert f"{100 * (found.accuracy or 0):.2f} %" in said
    for sentence in ("Confusion matrix", "By class", "Can it be trusted?", "What breaks it"):
        assert sentence in said
    assert "Accuracy on 300 pictures" in said
    assert "Two models" not in said
    assert "ab" * 32 in said and "flatten dense(10)" in said and "7,850" in said
    assert said.count("95.0 %") >= found.errors, "every error with its confidence"


def test_two_models_are_told_in_a_sentence(tmp_path: Path) -> None:
    said = " ".join(checked(written(tmp_path, kept(), kept(title="Another"))).words)
    told = re.search(
        r"A model is right on (\d+) pictures where Another is wrong, Another on (\d+)", said
    )
    assert told and "chance (p = " in said
    other = kept(("a", "b"))
    with pytest.raises(DataError):
        written(tmp_path, kept(), other)


def test_pictures_without_labels_have_a_page_too(tmp_path: Path) -> None:
    said = " ".join(checked(written(tmp_path, kept(labelled=False))).words)
    assert "no known class" in said and "Confusion matrix" not in said


def test_all_that_is_said_can_be_translated(tmp_path: Path) -> None:
    asked: list[str] = []

    def say(sentence: str) -> str:
        asked.append(sentence)
        return sentence

    write_report(kept(), kept(title="B"), tmp_path / "r.html", say, "zh-CN")
    write_report(kept(labelled=False), None, tmp_path / "s.html", say, "zh-CN")
    perhaps = {"There are none.", *DAMAGE_NAMES.values()}
    perhaps |= {s for s in SENTENCES if "chance" in s}
    assert set(asked) <= SENTENCES and SENTENCES - set(asked) <= perhaps
    assert '<html lang="zh-CN">' in (tmp_path / "r.html").read_text(encoding="utf-8")
    with pytest.raises(KeyError):
        Words(str)("Nobody translates this")


def test_a_folder_has_tables_and_figures(tmp_path: Path) -> None:
    files = write_report(kept(NASTY), None, tmp_path / "out", str, "en")
    names = {file.name for file in files}
    assert files[0].name == "report.html"
    assert {"pictures.csv", "by-class.csv", "confusion-matrix.csv", "damage.csv"} <= names
    assert {"reliability.svg", "risk-coverage.svg", "damage-blur.svg"} <= names
    for file in files:
        content = file.read_text(encoding="utf-8")
        if file.suffix == ".svg":
            assert ET.fromstring(content).tag.endswith("svg")
        if file.suffix == ".csv":
            rows = list(csv.reader(io.StringIO(content)))
            assert len({len(row) for row in rows}) == 1
    rows = list(csv.DictReader((tmp_path / "out" / "by-class.csv").open(encoding="utf-8")))
    assert [row["class"] for row in rows] == list(NASTY)
    assert sum(int(row["support"]) for row in rows) == 300
    # Once more into the same folder: the files are replaced.
    assert write_report(kept(NASTY), None, tmp_path / "out", str, "en") == files


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SaveError, match=r"\.html"):
        write_report(kept(), None, tmp_path / "r.pdf", str, "en")
    with pytest.raises(SaveError):
        write_report(kept(), None, tmp_path / "missing" / "r.html", str, "en")


def test_a_picture_is_dark_on_white() -> None:
    content = png(Picture(2, 2, bytes([255, 0, 0, 128])))
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    length = struct.unpack(">I", content[33:37])[0]
    assert zlib.decompress(content[41 : 41 + length]) == bytes([0, 0, 255, 0, 255, 127])


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")
def test_a_browser_opens_it(tmp_path: Path) -> None:
    """As a reader's browser would: every picture is decoded, and nothing is asked of a network."""
    written(tmp_path, kept(NASTY), kept(NASTY, title="Another"))
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
    places = (f"--user-data-dir={tmp_path / 'profile'}", f"--screenshot={tmp_path / 'shot.png'}")
    page = (tmp_path / "r.html").as_uri()
    command = [str(CHROMIUM), *options, *places, "--window-size=1000,3200", page]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240)
    assert (tmp_path / "shot.png").stat().st_size > 50_000, done.stderr
