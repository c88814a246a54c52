"""A model is examined, and the matrix chooses whose pictures are seen: by mouse and by keys."""

from __future__ import annotations

import time
import tkinter as tk
from dataclasses import replace
from itertools import combinations

import pytest
from fake_session import SAMPLE, FakeSession
from hands import Dialogs, WaitUntil, click, key, press
from three_tabs import Window

from digitdesk.messages.evaluation import EvaluatedItem
from digitdesk.messages.exam import ItemDetail
from digitdesk.ui.charts.gallery import Caption, Gallery, GalleryPage
from digitdesk.ui.evaluate.mistakes_page import MistakesPage
from digitdesk.ui.evaluate.widgets.matrix import ConfusionMatrix
from digitdesk.ui.evaluate.words import axis_words
from digitdesk.ui.toolkit import theme

pytestmark = pytest.mark.window

#: A person sees no delay. Of the processor's time: what else the machine does must not count.
REPAINT_SECONDS = 0.1
LETTERS = tuple("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")


@pytest.fixture
def examined(live: Window, root: tk.Tk, wait_until: WaitUntil) -> Window:
    live.show(live.evaluate)
    wait_until(lambda: live.evaluate.bar.choice.data is not None)
    click(live.evaluate.bar.button)
    root.update()
    return live


@pytest.fixture
def page(examined: Window) -> MistakesPage:
    page = examined.evaluate.page
    assert isinstance(page, MistakesPage)
    return page


def shown_as(items: list[EvaluatedItem]) -> set[tuple[str, str]]:
    return {(item.label, item.answer) for item in items}


def test_before_an_exam_the_tab_says_what_to_do(live: Window, root: tk.Tk) -> None:
    live.show(live.evaluate)
    root.update()
    assert "press Examine" in str(live.evaluate.hint.cget("text"))
    assert live.evaluate.hint.winfo_viewable()
    assert not live.evaluate.headline.winfo_viewable()


def test_an_exam_gives_figures_and_the_most_embarrassing_errors_first(
    examined: Window, page: MistakesPage, session: FakeSession
) -> None:
    assert session.exams.calls == ["examine reader mnist"]
    assert str(examined.evaluate.headline.accuracy.cget("text")) == "92.25 %"
    facts = examined.evaluate.headline.facts
    assert facts["errors"] == "31"
    assert facts["confident"] == "2"
    assert facts["loss"] == "0.0831"
    made_of = str(examined.evaluate.headline.made_of.cget("text"))
    assert "MNIST, test part" in made_of
    assert "2026-11-27 18:05" in made_of
    confidences = [item.confidence for item in page.gallery.shown]
    assert confidences == sorted(confidences, reverse=True)
    assert all(not item.is_right for item in page.gallery.shown)
    assert str(page.bar.summary.cget("text")) == "31 pictures"


def test_a_cell_a_row_and_a_column_choose_the_pictures(page: MistakesPage) -> None:
    press(page.matrix, page.matrix.place_of(2, 7))
    assert shown_as(page.gallery.shown) == {("2", "7")}
    assert "true digit 2 · network said 7" in str(page.bar.summary.cget("text"))
    press(page.matrix, page.matrix.place_of(4, -1))
    assert {item.label for item in page.gallery.shown} == {"4"}
    press(page.matrix, page.matrix.place_of(-1, 4))
    assert {item.answer for item in page.gallery.shown} == {"4"}
    assert all(not item.is_right for item in page.gallery.shown)
    click(page.bar.all_button)
    assert page.gallery.total == 31
    # A cell of the diagonal holds right answers: the least sure of them come first.
    press(page.matrix, page.matrix.place_of(3, 3))
    assert shown_as(page.gallery.shown) == {("3", "3")}
    confidences = [item.confidence for item in page.gallery.shown]
    assert confidences == sorted(confidences)
    press(page.matrix, page.matrix.place_of(3, 3))
    assert page.matrix.chosen == (None, None)


def test_keys_reach_every_cell(page: MistakesPage) -> None:
    reached = set()
    key(page.matrix, "Up", "Left")
    for _row in range(11):
        for _column in range(11):
            reached.add(page.matrix._cursor)
            key(page.matrix, "Right")
        key(page.matrix, *["Left"] * 11)
        reached.add(page.matrix._cursor)
        key(page.matrix, "Down")
    cells = {(row, column) for row in range(10) for column in range(10)}
    names = {(place, -1) for place in range(10)} | {(-1, place) for place in range(1, 10)}
    assert not cells - reached
    assert not names - reached - {(-1, 0)}
    key(page.matrix, *["Up"] * 11, *["Left"] * 11, "Down", "Down", *["Right"] * 3, "Return")
    assert page.matrix.chosen == (page.matrix._names[page.matrix._cursor[0]], "2")


def test_a_picture_large_the_next_error_and_the_board(
    examined: Window, page: MistakesPage, root: tk.Tk
) -> None:
    press(page.gallery.canvas, page.gallery.place_of(1))
    assert page.detail.winfo_viewable()
    first = page.gallery.shown[1]
    assert page.detail.detail is not None
    assert page.detail.detail.item == first
    assert str(page.detail.truth.cget("text")) == f"It is {first.label}."
    click(page.detail.next_button)
    assert page.detail.detail.item == page.gallery.shown[2]
    key(page.gallery.canvas, "Right")
    assert page.detail.detail.item == page.gallery.shown[3]
    click(page.detail.board_button)
    root.update()
    assert examined.tabs.in_front is examined.draw
    assert examined.draw.board.shown == page.detail.detail.item.picture
    click(page.detail.close_button)
    examined.show(examined.evaluate)
    root.update()
    assert page.matrix.winfo_viewable()


def test_what_was_drawn_comes_onto_the_board_as_strokes(
    examined: Window, page: MistakesPage, session: FakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    strokes = (((40.0, 40.0), (90.0, 200.0)), ((20.0, 30.0), (60.0, 30.0)))

    def detail(_key: str, index: int) -> ItemDetail:
        return replace(FakeSession().exams.detail("", index), strokes=strokes)

    monkeypatch.setattr(session.exams, "detail", detail)
    examined.draw.board.show_picture(SAMPLE)
    press(page.gallery.canvas, page.gallery.place_of(0))
    click(page.detail.board_button)
    assert examined.draw.board.strokes == strokes
    examined.draw.undo()
    assert examined.draw.board.shown == SAMPLE


def test_right_answers_begin_with_the_least_sure(page: MistakesPage) -> None:
    page.bar.which.box.current(2)
    page.bar.which.box.event_generate("<<ComboboxSelected>>")
    page.update()
    assert page.bar.order.chosen == "unsure"
    assert all(item.is_right for item in page.gallery.shown)
    confidences = [item.confidence for item in page.gallery.shown]
    assert confidences == sorted(confidences)


def test_a_file_is_chosen_and_examined_on(
    examined: Window, session: FakeSession, dialogs: Dialogs
) -> None:
    bar = examined.evaluate.bar
    dialogs.path = "/d/own-writing.json"
    bar.data.box.current(len(bar.data.keys) - 2)
    bar.data.box.event_generate("<<ComboboxSelected>>")
    examined.update()
    assert bar.choice.data is not None
    assert (bar.choice.data.kind, bar.choice.data.name) == ("strokes", dialogs.path)
    click(bar.button)
    assert session.exams.calls[-1] == f"examine reader {dialogs.path}"
    # Whoever leaves the dialog keeps what was chosen.
    dialogs.path = ""
    bar.data.box.current(len(bar.data.keys) - 1)
    bar.data.box.event_generate("<<ComboboxSelected>>")
    examined.update()
    assert bar.choice.data.name == "/d/own-writing.json"


@pytest.mark.parametrize(
    "names", [("no", "yes"), LETTERS, ("Ankle boot or shoe", "T-shirt/top, short", "Pullover") * 4]
)
def test_no_word_of_a_matrix_lies_on_another(
    host: theme.Frame, root: tk.Tk, names: tuple[str, ...]
) -> None:
    names = tuple(
        f"{name}{k // 3 if k > 2 and len(names) == 12 else ''}" for k, name in enumerate(names)
    )
    counts = [
        [900 if i == j else (i * j) % 3 for j in range(len(names))] for i in range(len(names))
    ]
    matrix = ConfusionMatrix(host, lambda row, column: None, lambda words: None)
    matrix.pack(fill="both", expand=True)
    for width, height in ((1120, 760), (420, 380), (300, 300)):
        matrix.pack_configure(padx=(0, 1120 - width), pady=(0, 760 - height))
        root.update()
        begun = time.process_time()
        matrix.show(axis_words(names), names, counts)
        root.update()
        assert time.process_time() - begun < REPAINT_SECONDS
        texts = [item for item in matrix.find_all() if matrix.type(item) == "text"]
        assert len(texts) > 4
        boxes = [(item, matrix.bbox(item)) for item in texts]
        for (a, one), (b, other) in combinations(boxes, 2):
            wide = min(one[2], other[2]) - max(one[0], other[0])
            high = min(one[3], other[3]) - max(one[1], other[1])
            said = [matrix.itemcget(item, "text") for item in (a, b)]
            # A text's box has a pixel of air at its left and right.
            assert wide <= 2 or high <= 3, f"{said} at {width}×{height}"
        for item, (left, top, right, bottom) in boxes:
            said = matrix.itemcget(item, "text")
            whole = matrix.winfo_width() + 2, matrix.winfo_height() + 2
            inside = left >= -2 and top >= -2 and right <= whole[0] and bottom <= whole[1]
            assert inside, f"{said} is cut off at {whole}: {left, top, right, bottom}"


def test_ten_thousand_pictures_scroll_without_delay(
    host: theme.Frame, root: tk.Tk, wait_until: WaitUntil
) -> None:
    items = [
        EvaluatedItem(replace(SAMPLE, title=str(k)), "7", "1", 1 - k / 20_000, index=k)
        for k in range(10_000)
    ]
    asked: list[int] = []

    def ask(first: int, count: int) -> GalleryPage[EvaluatedItem]:
        asked.append(count)
        return GalleryPage(items[first : first + count], len(items))

    chosen: list[EvaluatedItem] = []
    gallery = Gallery(host, ask, lambda item: Caption(str(item.index)), chosen.append)
    gallery.pack(fill="both", expand=True)
    root.update()
    gallery.reload()
    root.update()
    gallery.canvas.focus_force()
    for name in ("End", "Home", "Next", "Next", "Prior", "Down"):
        begun = time.process_time()
        gallery.canvas.event_generate(f"<{name}>")
        root.update()
        assert time.process_time() - begun < REPAINT_SECONDS, name
        assert gallery.shown[0].index <= chosen[-1].index <= gallery.shown[-1].index
    gallery.canvas.event_generate("<End>")
    root.update()
    assert chosen[-1] is items[-1]
    before = gallery.shown[0].index
    begun = time.process_time()
    for _notch in range(10):
        gallery.canvas.event_generate("<Button-4>")
        root.update()
    assert time.process_time() - begun < 10 * REPAINT_SECONDS
    assert gallery.shown[0].index < before
    assert max(asked) < 200


def test_a_set_without_labels_has_refusals_and_no_errors(
    examined: Window, session: FakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = session.exams._evaluation()
    bare = replace(usual, accuracy=None, interval=None, loss=None, by_class=())
    monkeypatch.setattr(session.exams, "_evaluation", lambda: bare)
    click(examined.evaluate.bar.button)
    assert "refused" in str(examined.evaluate.headline.accuracy.cget("text"))
    assert examined.evaluate.headline.facts["errors"] == "–"
    page = examined.evaluate.page
    assert isinstance(page, MistakesPage)
    assert "wrong" not in page.bar.which.keys
