"""One root window for all tests; an error that is only logged fails the test that caused it."""

from __future__ import annotations

import logging
import sys
import time
import tkinter as tk
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from digitdesk.files.paths import UserPaths
from digitdesk.ui.i18n.language import use_language
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.fonts import use_fonts
from digitdesk.ui.toolkit.user_settings import Settings, write_settings

sys.path.insert(0, str(Path(__file__).parent))

from fake_session import FakeSession
from hands import Dialogs, Pen, WaitUntil
from three_tabs import Window


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(autouse=True)
def logged_errors(request: pytest.FixtureRequest) -> Iterator[list[logging.LogRecord]]:
    """Errors logged in the test; what is left in the list at its end fails it."""
    collector = _Collector()
    logging.getLogger().addHandler(collector)
    raised: list[BaseException] = []
    if "root" in request.fixturenames or "window" in request.fixturenames:
        root = request.getfixturevalue("root")
        root.report_callback_exception = lambda _kind, error, _trace: raised.append(error)
    yield collector.records
    logging.getLogger().removeHandler(collector)
    if raised:
        raise raised[0]
    assert not collector.records, [record.getMessage() for record in collector.records]


@pytest.fixture(scope="session")
def wait_until(root: tk.Tk) -> WaitUntil:
    """Let the window live until something is true, or fail."""

    def wait(condition: Callable[[], object], timeout_seconds: float = 20.0) -> None:
        end = time.monotonic() + timeout_seconds
        while not condition():
            if time.monotonic() > end:
                pytest.fail(f"not within {timeout_seconds} s")
            root.update()
            time.sleep(0.002)
        root.update()

    return wait


@pytest.fixture
def host(root: tk.Tk) -> Iterator[theme.Frame]:
    """A frame that fills the root, for a widget on its own."""
    frame = theme.Frame(root)
    frame.pack(fill="both", expand=True)
    yield frame
    frame.destroy()
    root.update()


@pytest.fixture
def session() -> FakeSession:
    return FakeSession()


@pytest.fixture
def dialogs() -> Dialogs:
    return Dialogs()


@pytest.fixture
def settings() -> Settings:
    """What the window finds when it opens; change it before asking for the window."""
    return Settings(language="en", theme="light", tour_seen=True)


@pytest.fixture
def window(root: tk.Tk, tmp_path: Path, dialogs: Dialogs, settings: Settings) -> Iterator[Window]:
    """The window before its session is there."""
    write_settings(settings, UserPaths.under(tmp_path).config)
    window = Window(
        root,
        UserPaths.under(tmp_path),
        dialogs=dialogs,
    )
    root.update()
    yield window
    window.destroy()
    use_language("en")
    use_fonts(root)
    theme.use_zoom(root, 1.0)
    theme.use_theme(theme.LIGHT)
    root.update()


@pytest.fixture
def live(window: Window, session: FakeSession, root: tk.Tk) -> Window:
    """The window with the fake session."""
    window.attach_session(session)  # type: ignore[arg-type]
    root.update()
    return window


@pytest.fixture
def pen(window: Window) -> Pen:
    return Pen(window.draw.board)
