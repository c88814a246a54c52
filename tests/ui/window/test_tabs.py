"""A tab is a class and a line in a list: one made here appears, hears and is asked like others."""

from __future__ import annotations

import ast
import tkinter as tk
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from fake_session import FakeSession, run_events
from hands import WaitUntil
from three_tabs import Window
from window_checks import rows_of

from digitdesk import ui
from digitdesk.files.paths import UserPaths
from digitdesk.messages.run import RunEvent
from digitdesk.ui.i18n.text import Sentence
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.tab import ClosingQuestion, Shortcut, Tab, TourStop
from digitdesk.ui.toolkit.user_settings import Settings, read_settings, write_settings
from digitdesk.ui.window.tabs import TABS

pytestmark = pytest.mark.window


def said(words: str) -> Sentence:
    return Sentence.of(lambda: words)


class ClockTab(Tab):
    """A tab that a later version may bring."""

    key = "clock"
    title = said("Clock")
    drop_invitation = said("Drop it to let it tick.")
    progress_in_title = 0.0
    closing_question: ClosingQuestion | None = None

    def __init__(self, parent: tk.Misc, services: PageServices) -> None:
        super().__init__(parent, services)
        self.hand = theme.Label(self, text="tick")
        self.hand.grid()
        self.heard: list[object] = []

    @property
    def shortcuts(self) -> Sequence[Shortcut]:
        return (
            Shortcut("Control-k", lambda: self.heard.append("wound up"), said("Winds it up")),
            Shortcut("Control-z", lambda: self.heard.append("turned back")),
        )

    @property
    def tour_stops(self) -> Sequence[TourStop]:
        return (TourStop(self.hand, said("The hand"), said("It moves.")),)

    def attach(self, session) -> None:
        self.heard.append("attached")

    def load_rest(self) -> None:
        self.heard.append("rest")

    def shown(self) -> None:
        self.heard.append("shown")

    def hidden(self) -> None:
        self.heard.append("hidden")

    def handle(self, event: RunEvent) -> None:
        self.heard.append(event)

    def after_events(self) -> None:
        self.heard.append("batch")

    def models_changed(self, key: str) -> None:
        self.heard.append(f"models {Path(key).name}")

    def take_files(self, paths: Sequence[Path]) -> None:
        self.heard.append(tuple(paths))

    def heard_since(self) -> list[object]:
        heard, self.heard = self.heard, []
        return heard


@pytest.fixture
def window(
    root: tk.Tk, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Window]:
    # On a busy computer a moment may be over before a test has begun.
    monkeypatch.setattr("digitdesk.ui.window.main_window._REST_DELAY_MS", 600_000)
    write_settings(settings, UserPaths.under(tmp_path).config)
    window = Window(root, UserPaths.under(tmp_path), kinds=(*TABS, ClockTab))
    root.update()
    yield window
    window.destroy()
    root.update()


@pytest.fixture
def clock(live: Window) -> ClockTab:
    live._rest_later.cancel()
    tab = live.tabs["clock"]
    assert isinstance(tab, ClockTab)
    return tab


def test_its_title_stands_in_its_place(window: Window) -> None:
    notebook = window.tabs.notebook
    titles = [notebook.tab(name, "text") for name in notebook.tabs()]
    assert titles == [
        "Draw",
        "Train",
        "Evaluate",
        "Inside",
        "Experiments",
        "Data",
        "My hand",
        "Models",
        "Clock",
    ]


def test_it_hears_what_happens(
    live: Window, clock: ClockTab, session: FakeSession, wait_until: WaitUntil
) -> None:
    assert clock.heard_since() == ["attached"]
    events = run_events(1)
    session.play(*events)
    wait_until(lambda: not session.events)
    heard = clock.heard_since()
    assert [event for event in heard if event != "batch"] == events
    assert heard[-1] == "batch"
    live.tabs.load_rest()
    assert clock.heard_since() == ["rest"]


def test_it_hears_of_models_that_another_tab_opened(
    live: Window, clock: ClockTab, tmp_path: Path
) -> None:
    (tmp_path / "m.npz").write_bytes(b"model")
    clock.heard_since()
    live.models.open_file(tmp_path / "m.npz")
    assert clock.heard_since() == ["models m.npz"]


def test_it_hears_when_it_comes_and_goes(live: Window, clock: ClockTab, root: tk.Tk) -> None:
    clock.heard_since()
    for tab in (clock, live.train, live.draw):
        live.show(tab)
        root.update()
    assert clock.heard_since() == ["shown", "hidden"]


def test_its_keys_act_while_it_is_shown(live: Window, clock: ClockTab, root: tk.Tk) -> None:
    root.focus_force()
    clock.heard_since()
    root.event_generate("<Control-k>")
    live.show(clock)
    root.update()
    root.event_generate("<Control-k>")
    root.event_generate("<Control-z>")
    root.update()
    assert clock.heard_since() == ["shown", "wound up", "turned back"]
    live.menus.help_menu.invoke(1)
    assert ("Ctrl+K", "Winds it up") in rows_of(live.sheet)


def test_the_tour_stops_at_it(live: Window, clock: ClockTab, root: tk.Tk) -> None:
    live.tour.start()
    for _stop in range(9):
        live.tour.advance()
    root.update()
    assert clock.winfo_viewable()
    assert live.tour.title.cget("text") == "The hand"
    assert live.tour.place_label.cget("text") == "10 / 10"
    live.tour.advance()
    root.update()
    assert live.draw.winfo_viewable()


def test_its_progress_stands_in_the_title_and_it_asks_before_closing(
    live: Window, clock: ClockTab, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone: list[str] = []
    monkeypatch.setattr(live.root, "withdraw", lambda: None)
    monkeypatch.setattr(live.root, "destroy", lambda: gone.append("destroy"))
    clock.progress_in_title = 0.5
    live._after_events()
    assert live.root.title() == "50 % – DigitDesk"
    clock.closing_question = ClosingQuestion(
        said("It ticks. Close?"), stay=said("Let it tick"), stayed=said("It ticks on.")
    )
    live.ask_to_close()
    assert live.status.notice.text == "It ticks. Close?"
    assert live.status.notice.choices[1].cget("text") == "Let it tick"
    live.status.notice.choices[1].invoke()
    assert live.status.message.cget("text") == "It ticks on."
    assert gone == []


def test_files_can_be_dropped_on_it(
    live: Window, clock: ClockTab, monkeypatch: pytest.MonkeyPatch
) -> None:
    takers = {}
    monkeypatch.setattr(
        "digitdesk.ui.window.tab_group.accept_files",
        lambda tab, take, invite: takers.update({tab: (take, invite)}),
    )
    clock.heard_since()
    live.tabs.load_rest()
    assert set(takers) == {live.draw, live.evaluate, live.data, live.models, clock}
    take, invite = takers[clock]
    invite()
    assert live.status.message.cget("text") == "Drop it to let it tick."
    take((Path("a"),))
    assert clock.heard_since() == ["rest", (Path("a"),)]


def test_the_window_opens_with_it_again(
    live: Window, clock: ClockTab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live.show(clock)
    monkeypatch.setattr(live.root, "withdraw", lambda: None)
    monkeypatch.setattr(live.root, "destroy", lambda: None)
    live.close()
    assert read_settings(UserPaths.under(tmp_path).config).tab == "clock"


def test_one_list_names_the_tabs() -> None:
    """Beside their own packages and that list, no module of the screen knows any of them."""
    folder = Path(ui.__file__).parent
    rooms = [kind.__module__.removesuffix(".tab") for kind in TABS]
    assert len(set(rooms)) == len(TABS)
    naming = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        for room in rooms
        if f"{node.module}.".startswith(f"{room}.")
        # What lies in rooms of its own inside a tab's package is the tab's, too.
        and path.relative_to(folder).parts[0] != room.rpartition(".")[2]
    }
    assert naming == {"window/tabs.py"}
