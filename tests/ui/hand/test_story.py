"""Somebody writes, takes an exam, teaches a model their hand, sees it do better, and leaves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hand_desk import HAND, HandDesk
from hands import WaitUntil, click, key, press

from digitdesk.data.own_hand import replay
from digitdesk.errors import SaveError
from digitdesk.messages.model import READER, TRAINING
from digitdesk.messages.run import TrainingConfig
from digitdesk.session.hand.exam_sheets import ExamSheets
from digitdesk.ui.hand.away_page import AwayPage
from digitdesk.ui.hand.collect.page import CollectPage
from digitdesk.ui.hand.exam.page import ExamPage
from digitdesk.ui.hand.teach.page import TeachPage
from digitdesk.ui.hand.view import AWAY, COLLECT, EXAM, TEACH
from digitdesk.ui.i18n.language import chinese_font
from tests.benchmarks.made_up_hands import drawings

pytestmark = pytest.mark.window
DRAWN = 60


def collect(desk: HandDesk, count: int) -> None:
    labels = [k % 10 for k in range(count)]
    for label, strokes in zip(labels, drawings(HAND, labels, seed=1), strict=True):
        desk.session.writing.keep(str(label), strokes)


def exam_page(desk: HandDesk) -> ExamPage:
    click(desk.view.switch.buttons[EXAM])
    page = desk.view.page
    assert isinstance(page, ExamPage)
    return page


def teach_page(desk: HandDesk) -> TeachPage:
    click(desk.view.switch.buttons[TEACH])
    page = desk.view.page
    assert isinstance(page, TeachPage)
    return page


def hand_in(desk: HandDesk, page: ExamPage, wait_until: WaitUntil, count: int) -> None:
    """Write so many words of an exam; the first by mouse."""
    for k in range(count):
        wait_until(lambda: page.writing.desk._wanted)
        word = page.writing.desk._wanted
        if not k:
            desk.write(word, 50)
        else:
            page.writing.desk.board.show_strokes(drawings(HAND, [int(word)], 50 + k)[0])
        desk.press("space")
        assert page.writing.desk.board.is_empty
    wait_until(lambda: page.writing.sheet is None or page.writing.desk._wanted)


def test_an_exam_is_begun_left_resumed_sealed_and_scored(
    desk: HandDesk, wait_until: WaitUntil, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = exam_page(desk)
    assert "No exam yet" in page.scores.hint.cget("text")
    click(page.sheets.begin_button)
    wait_until(lambda: page.writing.sheet)
    hand_in(desk, page, wait_until, 3)
    assert page.writing.count.cget("text") == "3 of 50"
    third = page.writing.desk._wanted
    desk.press("Control-z")
    wait_until(lambda: page.writing.count.cget("text") == "2 of 50")
    click(page.writing.later_button)
    wait_until(lambda: page.sheets.chosen)
    assert page.sheets.table.cells[0][1:] == ("2 / 50", "open")
    assert "48 drawings are missing" in page.scores.hint.cget("text")
    click(page.sheets.go_on_button)
    assert page.writing.desk.has_focus
    hand_in(desk, page, wait_until, 1)
    assert page.writing.desk._wanted == third
    # What the disk refuses waits on the page, and is not lost.
    with monkeypatch.context() as patch:
        patch.setattr(ExamSheets, "_write", lambda *_: (_ for _ in ()).throw(SaveError("Full")))
        desk.write(third, 9)
        desk.press("space")
        wait_until(lambda: page.writing.problem.text)
    page.writing.problem.choices[0].invoke()
    wait_until(lambda: page.writing.count.cget("text") == "4 of 50")
    hand_in(desk, page, wait_until, 46)
    column = page.scores.columns[0]
    wait_until(lambda: column.score is not None)
    score = column.score
    assert score is not None
    assert (score.model_key, score.count) == (READER, 50)
    assert score.right < 50, "it is bad at this hand"
    assert column.accuracy.cget("text") == f"{2 * score.right}.0 %"
    assert column.errors.total == len(score.wrong) == 50 - score.right
    assert column.errors.captions[0].startswith(f"{score.wrong[0].label} → ")
    assert page.sheets.discard_button.instate(["disabled"])
    press(column.errors.canvas, column.errors.place_of(0))
    assert desk.window.draw.winfo_viewable()
    assert desk.window.draw.board.shown == score.wrong[0].picture
    desk.window.show(desk.window.hand)
    desk.window.update()


def test_an_exam_that_is_not_sealed_is_thrown_away(desk: HandDesk, wait_until: WaitUntil) -> None:
    page = exam_page(desk)
    before = len(desk.session.hand.exams())
    page.begin(50)
    page.writing.leave()
    wait_until(lambda: page.sheets.chosen and not page.sheets.chosen.is_sealed)
    click(page.sheets.discard_button)
    desk.window.status.notice.choices[0].invoke()
    wait_until(lambda: len(page.sheets.table.cells) == before)


def test_a_model_is_taught_and_reads_the_hand_better(
    desk: HandDesk, wait_until: WaitUntil, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay, "_MADE_UP", 700)
    page = teach_page(desk)
    wait_until(lambda: page.problem.winfo_viewable())
    assert "too few drawings" in page.problem.cget("text")
    assert page.button.instate(["disabled"])
    collect(desk, DRAWN)
    desk.session.train(
        TrainingConfig(data="handwriting", model="cnn-light", epochs=4, limit=3000, seed=1)
    )
    desk.window.tabs.models_changed("")
    wait_until(lambda: TRAINING in page.base.keys)
    page.base.choose(TRAINING)
    page._ask_plan()
    wait_until(lambda: page.bars.counts == {str(k): 6 for k in range(10)})
    assert not page.problem.winfo_viewable()
    assert "Built-in handwriting" in page.said.cget("text")
    click(page.button)
    assert desk.window.tabs.closing_question is not None
    wait_until(lambda: page.share > 0, 60)
    click(page.button)
    assert "cancelled" in desk.said
    assert desk.window.tabs.closing_question is None
    files = len(desk.session.library())
    click(page.button)
    wait_until(lambda: page.result.winfo_viewable(), 120)
    (row,) = page.result.table.cells
    before, after = (float(cell.removesuffix(" %")) for cell in (row[2], row[4]))
    assert row[:2] == (row[0], "50")
    assert row[0].startswith("exam of ")
    assert after >= before + 8
    assert page.result.headline.cget("text") == f"{row[2]} → {row[4]}"
    assert Path(page.result._key).name == "Trained network, my hand.npz"
    assert len(desk.session.library()) == files + 1, "the old one is kept"
    exam = exam_page(desk)
    wait_until(lambda: page.result._key in exam.scores.columns[1].model.keys)
    exam.scores.columns[1].model.choose(page.result._key)
    exam.scores.columns[0].model.choose(TRAINING)
    exam.scores._on_choice()
    both = exam.scores.columns[:2]
    wait_until(lambda: [column.accuracy.cget("text") for column in both] == [row[2], row[4]])
    click(desk.view.switch.buttons[TEACH])
    click(page.result.use_button)
    assert desk.window.draw.source == page.result._key
    desk.window.show(desk.window.hand)
    desk.window.update()


def test_what_was_written_in_an_exam_is_refused_in_a_sentence(
    desk: HandDesk, wait_until: WaitUntil
) -> None:
    page = teach_page(desk)
    (sheet,) = desk.session.hand.exams()
    path = desk.paths.data / "writing" / "exams" / f"{sheet.key}.json"
    planted = json.loads(path.read_text())["drawings"][0]
    kept = desk.session.writing.keep("3", planted["strokes"])
    page.show()
    wait_until(lambda: page.problem.winfo_viewable())
    assert page.problem.cget("text").startswith("Drawings of an exam are among what is to be")
    assert page.button.instate(["disabled"])
    desk.session.writing.take_back(kept)
    page.show()
    wait_until(lambda: not page.problem.winfo_viewable())


def test_drawings_are_taken_away_and_brought_back(
    desk: HandDesk, wait_until: WaitUntil, tmp_path: Path
) -> None:
    click(desk.view.switch.buttons[AWAY])
    page = desk.view.page
    assert isinstance(page, AwayPage)
    wait_until(lambda: page.buttons["png"].instate(["!disabled"]))
    desk.dialogs.path = str(tmp_path / "mine.json")
    click(page.buttons["strokes"])
    wait_until(lambda: desk.said == "Saved mine.json.")
    desk.dialogs.path = str(tmp_path)
    for form, name in (("idx", "me IDX"), ("png", "me PNG"), ("png", "me PNG 2")):
        click(page.buttons[form])
        wait_until(lambda name=name: desk.said == f"Saved {name}.")
    names = {path.name for path in tmp_path.iterdir() if path.is_dir()}
    assert names == {"me IDX", "me PNG", "me PNG 2"}
    assert len(list(tmp_path.glob("me PNG/*/*.png"))) == DRAWN
    desk.view.who._be("Ann")
    wait_until(lambda: page.buttons["png"].instate(["disabled"]))
    desk.dialogs.path = str(tmp_path / "mine.json")
    key(page.buttons["back"], "space")
    wait_until(lambda: desk.said == f"{DRAWN} new drawings were added.")
    assert desk.session.writing.of("Ann").count == DRAWN
    desk.dialogs.path = str(tmp_path)
    click(page.buttons["back"])
    wait_until(lambda: desk.window.status.shows_error)


def test_tables_are_said_anew_in_another_language(desk: HandDesk, wait_until: WaitUntil) -> None:
    page, preferences = exam_page(desk), desk.window.preferences
    desk.view.who._be("me")
    wait_until(lambda: page.sheets.table.cells)
    if not chinese_font(desk.window.root):
        return
    preferences.choose_language("zh_CN")
    try:
        assert page.sheets.table.cells[0][2] == "已封存"
        click(desk.view.switch.buttons[TEACH])
        assert teach_page(desk).result.table.cells[0][0].endswith("的考试")
    finally:
        preferences.choose_language("en")


def test_other_tabs_hear_of_what_was_written(desk: HandDesk, wait_until: WaitUntil) -> None:
    heard: list[str] = []
    desk.window.data.data_changed = lambda: heard.append("data")  # type: ignore[method-assign]
    click(desk.view.switch.buttons[COLLECT])
    page = desk.view.page
    assert isinstance(page, CollectPage)
    wait_until(lambda: page.desk._wanted and not page.collector.waiting)
    for expected in ([], ["data"], ["data"]):
        desk.window.show(desk.window.draw)
        desk.window.update()
        assert heard == expected
        desk.window.show(desk.window.hand)
        wait_until(lambda: page.desk._wanted and not page.collector.waiting)
        if not heard:
            desk.write(page.desk._wanted)
            desk.press("space")
            wait_until(lambda: not page.collector.waiting)
