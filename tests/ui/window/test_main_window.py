"""The window as a whole: before the core is there, while a run goes on, and as it closes."""

from __future__ import annotations

import os
import subprocess
import sys
import tkinter as tk

import pytest
from fake_session import FakeSession, run_events
from three_tabs import Window

from digitdesk.errors import DigitDeskError
from digitdesk.ui.toolkit import theme

pytestmark = pytest.mark.window


def test_the_window_opens_before_numpy_and_matplotlib_are_loaded(root: tk.Tk, tmp_path) -> None:
    code = (
        "import sys, pathlib\n"
        "from digitdesk.files.paths import UserPaths\n"
        "from digitdesk.ui.toolkit import theme\n"
        "from digitdesk.ui.window.main_window import MainWindow\n"
        "root = theme.create_root()\n"
        "MainWindow(root, UserPaths.under(pathlib.Path(sys.argv[1])))\n"
        "root.update()\n"
        "assert root.winfo_viewable()\n"
        "heavy = {'numpy', 'matplotlib', 'scipy', 'digitdesk.session.session'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "root.destroy()\n"
    )
    subprocess.run(
        [sys.executable, "-W", "error", "-c", code, str(tmp_path)], check=True, env=os.environ
    )


def test_without_a_session_nothing_can_be_pressed_and_nothing_breaks(window: Window) -> None:
    for button in (
        window.train.buttons.start_button,
        window.train.buttons.pause_button,
        window.train.buttons.stop_button,
        window.models.bar.open_button,
        window.models.use_bar.save_npz_button,
        window.models.use_bar.use_button,
    ):
        assert button.instate(["disabled"])
        button.invoke()
    window.draw.undo()
    window.draw.clear()
    window.update()


def test_a_core_that_cannot_be_loaded_is_a_sentence(window: Window) -> None:
    window.attach_session_failed(DigitDeskError("The bundled reader is missing"))
    assert window.status.message.cget("text") == "The bundled reader is missing."
    assert window.status.shows_error


def test_an_error_in_a_callback_is_logged_and_shown(live: Window, logged_errors) -> None:
    def fail() -> None:
        raise RuntimeError("planted")

    live.after(1, fail)
    while not live.status.shows_error:
        live.update()
    assert "planted" in live.status.message.cget("text")
    assert [record.exc_info[0] for record in logged_errors] == [RuntimeError]
    logged_errors.clear()


def test_an_error_in_a_tab_does_not_silence_the_pump(
    live: Window, session: FakeSession, wait_until, logged_errors
) -> None:
    events = run_events(1)
    handle = live.train.progress.handle
    live.train.progress.handle = lambda event: 1 / 0  # type: ignore[method-assign,assignment]
    session.play(*events[:2])
    wait_until(lambda: live.status.shows_error)
    live.train.progress.handle = handle  # type: ignore[method-assign]
    session.play(*events[2:])
    wait_until(lambda: "99.12" in live.train.progress.where.cget("text"))
    logged_errors.clear()


def test_closing_closes_the_session_and_then_the_window(
    live: Window, session: FakeSession, monkeypatch
) -> None:
    steps: list[str] = []
    monkeypatch.setattr(live.root, "withdraw", lambda: steps.append("withdraw"))
    monkeypatch.setattr(live.root, "destroy", lambda: steps.append(f"destroy {session.closed}"))
    live.root.tk.call(live.root.protocol("WM_DELETE_WINDOW"))
    live.close()
    assert steps == ["withdraw", "destroy True"]


def test_a_window_that_cannot_keep_its_place_closes_all_the_same(
    live: Window, session: FakeSession, monkeypatch
) -> None:
    steps: list[str] = []
    monkeypatch.setattr(live.root, "destroy", lambda: steps.append(f"destroy {session.closed}"))
    monkeypatch.setattr(live, "_keep_settings", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        live.close()
    assert steps == ["destroy True"]


def test_an_event_that_breaks_a_tab_does_not_swallow_those_behind_it(
    live: Window, session: FakeSession, wait_until, logged_errors
) -> None:
    """They come in one batch, and the last one is the run's end."""
    events = run_events(1)
    live.train.chart.handle = lambda event: 1 / 0  # type: ignore[method-assign,assignment]
    session.play(*events)
    wait_until(lambda: "99.12" in live.train.progress.where.cget("text"))
    assert live.train.epochs.cells
    assert live.status.shows_error
    logged_errors.clear()


@pytest.mark.parametrize("tab", ["draw", "train", "models"])
def test_themes_switch_live(tab: str, live: Window, session: FakeSession) -> None:
    live.show(getattr(live, tab))
    live.train.chart.build()
    session.play(*run_events(1))
    live.update()
    try:
        for name in (theme.DARK, theme.LIGHT):
            theme.use_theme(name)
            live.update()
            ground = theme.palette().background
            assert live.draw.digit.panel.bars.cget("background") == ground
            assert live.draw.digit.panel.answer.cget("background") == ground
    finally:
        theme.use_theme(theme.LIGHT)
        live.update()


def test_timers_end_with_their_widgets(root: tk.Tk, tmp_path) -> None:
    before = len(root.tk.call("after", "info"))
    from digitdesk.files.paths import UserPaths

    window = Window(root, UserPaths.under(tmp_path))
    window.attach_session(FakeSession())  # type: ignore[arg-type]
    window.show(window.train)
    root.update()
    window.destroy()
    root.update()
    assert len(root.tk.call("after", "info")) <= before
