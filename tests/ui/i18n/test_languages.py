"""Changing the language while the window is open, and what is said when it cannot be changed."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

import pytest
from fake_session import FakeSession, run_events
from hands import WaitUntil
from three_tabs import Window
from window_checks import below, check

from digitdesk.errors import SpecError
from digitdesk.messages.problem import Problem
from digitdesk.ui.i18n.error_translation import ErrorTranslation
from digitdesk.ui.i18n.language import chinese_font, read_catalogue
from digitdesk.ui.toolkit.tooltip import explanation


@pytest.mark.window
def test_switching_live_says_everything_anew(
    live: Window, session: FakeSession, root: tk.Tk, wait_until: WaitUntil
) -> None:
    if not chinese_font(root):
        assert "font" in str(live.preferences.choose_language("zh_CN"))
        return
    live.show(live.train)
    live.train.chart.build()
    session.play(*run_events(1))
    wait_until(lambda: not session.events and not live.train.chart._is_dirty)
    assert live.preferences.choose_language("zh_CN") is None
    for tab in (live.draw, live.train, live.models):
        live.show(tab)
        root.update()
        check(live, "zh_CN")
    figure = live.train.chart._figure
    assert figure is not None
    assert figure.panels.loss.get_title(loc="left") == "损失"
    assert live.root.title() == "DigitDesk"
    assert live.preferences.choose_language("en") is None
    root.update()
    assert live.tabs.notebook.tab(0, "text") == "Draw"
    assert figure.panels.loss.get_title(loc="left") == "Loss"
    assert live.draw.digit.panel.answer.hint.startswith("Draw a digit")


@pytest.mark.window
def test_without_a_chinese_font_the_window_stays_english(
    live: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("digitdesk.ui.window.preferences.chinese_font", lambda root: "")
    live.menus._language.set("zh_CN")
    live.menus._on_language()
    assert "fonts-noto-cjk" in live.status.message.cget("text")
    assert live.menus._language.get() == "en"
    assert live.preferences.settings.language == "en"


@pytest.mark.window
def test_every_control_that_takes_the_focus_explains_itself(
    live: Window, session: FakeSession, wait_until: WaitUntil
) -> None:
    controls = (
        ttk.Button, ttk.Entry, ttk.Checkbutton, ttk.Radiobutton, ttk.Menubutton, ttk.Scale
    )  # fmt: skip
    session.play(*run_events(1, finish=False)[:5])
    wait_until(lambda: not session.events)
    live.train.form.advanced.toggle()
    silent = [
        str(widget)
        for widget in below(live)
        if isinstance(widget, controls) and not explanation(widget)
    ]
    assert not silent


def test_a_problem_is_said_part_by_part() -> None:
    core = ErrorTranslation(read_catalogue("zh_CN.core"))
    error = SpecError(
        "position 2: there is no layer 'dens'", expected="conv", hint="End with dense(10)"
    )
    assert core.problem(Problem.of(error)) == (
        "位置 2：没有 'dens' 这种层；应为：conv。请以 dense(10) 结尾。"
    )
    # Marks that join parts may stand inside of them.
    tricky = Problem("Cannot open a; expected b. c.npz: the file is damaged")
    assert core.problem(tricky) == "无法打开 a; expected b. c.npz：文件已损坏。"
    unknown = Problem("Nobody knows this", expected="a model file")
    assert core.problem(unknown) == unknown.sentence == "Nobody knows this; expected a model file."
    assert ErrorTranslation({}).problem(Problem.of(error)) == error.sentence


def test_what_files_hold_cannot_break_the_line() -> None:
    core = ErrorTranslation({"Cannot open {}": "打不开 {}"})
    assert core.problem(Problem("Cannot open a\nb\x1b[2J")) == "打不开 a�b�[2J."


def test_a_phrase_is_said_by_itself() -> None:
    core = ErrorTranslation(read_catalogue("zh_CN.core"))
    assert core.phrase("In /a/b.c.") == "位于 /a/b.c。"
    assert core.phrase("Somewhere else.") == "Somewhere else."
