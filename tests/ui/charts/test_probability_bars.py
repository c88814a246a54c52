"""The bars with few classes and with many: what is written never lies upon what is written."""

from __future__ import annotations

import itertools
import string
import tkinter as tk

import pytest

from digitdesk.messages.model import DIGITS
from digitdesk.ui.charts.probability_bars import ProbabilityBars
from digitdesk.ui.toolkit import theme

pytestmark = pytest.mark.window

LETTERS = tuple(string.digits + string.ascii_letters)


@pytest.fixture
def bars(host: theme.Frame, root: tk.Tk) -> ProbabilityBars:
    bars = ProbabilityBars(host)
    bars.place(x=0, y=0, width=350, height=240)
    root.update()
    return bars


def texts(bars: ProbabilityBars) -> list[tuple[int, int, int, int]]:
    """Where there are words."""
    items = [item for item in bars.find_all() if bars.type(item) == "text"]
    return [bars.bbox(item) for item in items if bars.itemcget(item, "text")]


def lie_apart(bars: ProbabilityBars) -> None:
    places = texts(bars)
    for a, b in itertools.combinations(places, 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] + 4 or b[3] <= a[1] + 4, (a, b)
    for left, top, right, bottom in places:
        assert left >= -1 and top >= -3, "cut off"
        assert right <= bars.winfo_width() + 1 and bottom <= bars.winfo_height() + 3, "cut off"


def test_of_many_classes_the_likeliest_ten_are_shown(bars: ProbabilityBars) -> None:
    probabilities = [(k % 31) / 1000 for k in range(62)]
    probabilities[40] = 0.5
    bars.show(LETTERS, probabilities)
    assert next(iter(bars.values)) == LETTERS[40]
    assert len(bars.values) == 10
    assert bars.rest == "and 52 others"
    assert list(bars.lengths) == sorted(bars.lengths, reverse=True)
    lie_apart(bars)
    bars.show(DIGITS, [0.1] * 10)
    assert list(bars.values) == list(DIGITS)
    assert bars.rest == ""
    lie_apart(bars)


@pytest.mark.parametrize("height", [60, 120, 200, 240, 330, 700, 1100])
@pytest.mark.parametrize("count", [1, 2, 10, 26, 62])
def test_names_and_figures_lie_apart(
    bars: ProbabilityBars, root: tk.Tk, count: int, height: int
) -> None:
    bars.place(height=height)
    root.update()
    bars.show(LETTERS[:count], [1 / count] * count)
    lie_apart(bars)
    bars.show(LETTERS[:count], ())
    lie_apart(bars)


def test_the_bars_fit_the_window_anew(bars: ProbabilityBars, root: tk.Tk) -> None:
    bars.show(LETTERS[:26], [1 / 26] * 26)
    assert len(bars.values) == 10
    bars.place(height=700)
    root.update()
    assert list(bars.values) == list(LETTERS[:26])
    lie_apart(bars)
    bars.place(height=240)
    root.update()
    assert len(bars.values) == 10
    lie_apart(bars)


def test_long_names_leave_room_for_the_bars(bars: ProbabilityBars) -> None:
    bars.show(("A class with a very long name of forty", "b"), (0.75, 0.25))
    lie_apart(bars)
    assert bars.lengths == pytest.approx((0.75, 0.25), abs=0.02)


def test_another_number_of_classes_while_there_is_an_answer(bars: ProbabilityBars) -> None:
    for names in (("yes", "no"), DIGITS, LETTERS[:26], LETTERS, DIGITS, ("yes", "no"), LETTERS):
        bars.show(names, [1 / len(names)] * len(names))
        bars.show_other(names[:2], (0.5, 0.5))
        assert all(bars.values.values())
        lie_apart(bars)
