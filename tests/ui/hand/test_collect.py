"""Words are dictated and written by mouse; each is kept at once, and a wrong one is taken back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tkinter as tk
from collections import Counter
from pathlib import Path

import pytest
from hand_desk import HandDesk
from hands import FOUR, Pen, WaitUntil, click, key, press, write

from digitdesk.errors import SaveError
from digitdesk.ink.stroke_file import read_entries, read_stroke_file
from digitdesk.messages.model import DIGITS
from digitdesk.session.writing import Writing
from digitdesk.ui.hand.collect.page import CollectPage
from digitdesk.ui.hand.words import class_names_of, text_of

pytestmark = pytest.mark.window


@pytest.fixture
def page(desk: HandDesk, wait_until: WaitUntil) -> CollectPage:
    """Somebody new each time, to whom something is dictated."""
    page = desk.view.page
    assert isinstance(page, CollectPage)
    desk.view.who._be(f"Writer {len(desk.session.hand.people())}")
    page.field._take()
    wait_until(lambda: page.desk._wanted and not page.collector.waiting)
    return page


def kept(desk: HandDesk) -> list[str]:
    path = desk.session.writing.path(desk.view.who.person)
    return [sample.class_name for sample in read_stroke_file(path)] if path.is_file() else []


def write_some(desk: HandDesk, page: CollectPage, wait_until: WaitUntil, count: int) -> list[str]:
    """Write what is dictated, and press Space after each."""
    words = [write_one(desk, page, seed) for seed in range(count)]
    wait_until(lambda: not page.collector.waiting)
    return words


def write_one(desk: HandDesk, page: CollectPage, seed: int) -> str:
    word = page.desk._wanted
    desk.write(word, seed)
    desk.press("space")
    assert page.desk.board.is_empty
    assert page.desk._wanted, "the next word is there at once"
    assert page.desk.has_focus
    return word


def test_ten_digits_are_collected_by_mouse(
    desk: HandDesk, page: CollectPage, wait_until: WaitUntil
) -> None:
    words = write_some(desk, page, wait_until, 10)
    assert kept(desk) == words
    assert page.count.cget("text") == "10 drawings  ·  10 just now"
    assert page.bars.counts == {name: words.count(name) for name in DIGITS}
    assert page.last.labels == words[::-1]
    entries = read_entries(desk.session.writing.path(desk.view.who.person))
    times = [point[2] for stroke in entries[-1]["strokes"] for point in stroke]
    assert times[0] == 0
    assert times == sorted(times)
    assert times[-1] > 0


def test_a_wrong_one_is_taken_back_and_dictated_again(
    desk: HandDesk, page: CollectPage, wait_until: WaitUntil
) -> None:
    words = write_some(desk, page, wait_until, 3)
    wanted = page.desk._wanted
    Pen(page.desk.board).draw(FOUR)
    desk.press("Control-z")
    assert len(page.desk.board.strokes) == 1, "first a stroke"
    desk.press("Delete")
    assert page.desk.board.is_empty
    desk.press("space")
    assert page.desk._wanted == wanted, "an empty board is not taken"
    for strokes in (1, 0):
        click(page.desk.undo_button)
        assert len(page.desk.board.strokes) == strokes
    click(page.desk.undo_button)
    wait_until(lambda: page.desk._wanted == words[-1])
    assert kept(desk) == words[:-1]
    write_some(desk, page, wait_until, 1)
    assert kept(desk) == words
    assert page.desk._wanted == wanted
    for _ in range(5):
        desk.press("Control-z")
        wait_until(lambda: not page.collector.waiting)
    assert kept(desk) == []
    assert page.desk.undo_button.instate(["disabled"]), "what others wrote before stays"


def test_a_picture_of_the_strip_can_be_removed(
    desk: HandDesk, page: CollectPage, wait_until: WaitUntil
) -> None:
    words = write_some(desk, page, wait_until, 3)
    press(page.last, page.last.middle_of(1))
    notice = desk.window.status.notice
    assert notice.text == f"This was kept as {words[1]}."
    notice.choices[0].invoke()
    wait_until(lambda: kept(desk) == [words[0], words[2]])
    wait_until(lambda: page.last.labels == [words[2], words[0]])
    assert page.desk.has_focus


def test_any_words_are_dictated(desk: HandDesk, page: CollectPage, wait_until: WaitUntil) -> None:
    page.field.box.focus_force()
    page.field.text.set("")
    write(page.field.box, "ab c ab")
    key(page.field.box, "Return")
    wait_until(lambda: page.desk._wanted in ("ab", "c"))
    assert page.field.text.get() == "ab c"
    assert page.desk.has_focus
    page.field.text.set(" ")
    page.field._take()
    assert page.field.names == ("ab", "c"), "nothing cannot be dictated"
    page.field.text.set(text_of(DIGITS))
    page.field._take()
    wait_until(lambda: page.desk._wanted in DIGITS)
    assert class_names_of("ankle boot, bag；shirt") == ("ankle boot", "bag", "shirt")
    assert text_of(("ankle boot", "bag")) == "ankle boot, bag"


def test_several_people_have_a_set_each(
    desk: HandDesk, page: CollectPage, wait_until: WaitUntil
) -> None:
    write_some(desk, page, wait_until, 2)
    first, who = desk.view.who.person, desk.view.who
    click(who.new_button)
    who.name.text.set("Ann/B")
    key(who.name, "Return")
    assert who.person == "Ann B"
    wait_until(lambda: page.desk._wanted and not page.collector.waiting)
    assert page.count.cget("text") == "0 drawings"
    write_some(desk, page, wait_until, 1)
    who.refresh()
    wait_until(lambda: who._counts.get("Ann B") == 1)
    click(who.rename_button)
    assert who.name.text.get() == "Ann B"
    who.name.text.set("Anna")
    key(who.name, "Return")
    wait_until(lambda: who.person == "Anna")
    assert kept(desk)
    who._be(first)
    wait_until(lambda: page.count.cget("text") == "2 drawings")
    who._be("Anna")
    click(who.remove_button)
    desk.window.status.notice.choices[0].invoke()
    wait_until(lambda: who.person == "me")
    assert "Anna" not in {one.writer for one in desk.session.hand.people()}
    assert first in who.box.keys


def test_what_cannot_be_kept_is_not_lost(
    desk: HandDesk, page: CollectPage, wait_until: WaitUntil, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object) -> None:
        raise SaveError("Cannot write it: the disk is full")

    word = page.desk._wanted
    with monkeypatch.context() as patch:
        patch.setattr(Writing, "keep", full)
        desk.write(word)
        desk.press("space")
        wait_until(lambda: page.problem.text)
        assert page.problem.text == "1 step is not kept yet."
        words = [word, *(write_one(desk, page, seed) for seed in range(4))]
    assert "the disk is full" in desk.said
    assert desk.window.tabs.closing_question is not None, "it would be lost"
    page.problem.choices[0].invoke()
    wait_until(lambda: kept(desk) == words)
    assert not page.problem.text


_PROGRAM = """
import sys
from pathlib import Path
sys.path[:0] = [sys.argv[2], sys.argv[2] + "/tests/ui"]
from digitdesk.files.paths import UserPaths
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.user_settings import Settings, write_settings
from real_desk import RealDesk
from hands import SEVEN, Pen
home = Path(sys.argv[1])
write_settings(Settings(language="en", tab="hand", tour_seen=True), UserPaths.under(home).config)
root = theme.create_root()
desk = RealDesk(root, home)
page = desk.window.hand.view.page
while True:
    root.update()
    if page.desk._wanted:
        Pen(page.desk.board).draw([SEVEN])
        page.desk.take()
        print(page.collector.sitting, flush=True)
"""


def test_a_kill_loses_at_most_the_digit_being_written(root: tk.Tk, tmp_path: Path) -> None:
    folder = str(Path(__file__).parents[3])
    command = [sys.executable, "-c", _PROGRAM, str(tmp_path), folder]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        told = 0
        while told < 12:
            line = program.stdout.readline()
            assert line, "the program ended"
            told = int(line)
        os.kill(program.pid, signal.SIGKILL)
        told = max([told, *map(int, program.stdout.read().split())])
    (kept,) = Writing(tmp_path / "data" / "writing").all()
    assert kept.problem is None
    # What was counted is there, and nothing is there twice.
    assert told <= kept.count <= told + 2
    assert sum(Counter(dict(kept.counts)).values()) == kept.count
