"""What a tab is to the window: one class that is shown, told what happens, and asked a few things.

A tab is a package that exports one such class, and a line in ``ui/window/tabs.py``. The window
knows nothing of its inside, and no tab knows another: what they need of each other goes through
``PageServices``.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from digitdesk.messages.picture import Picture
from digitdesk.messages.prediction import Stroke
from digitdesk.messages.run import RunEvent, TrainingConfig
from digitdesk.ui.i18n.text import Sentence
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.theme import GAP, px

if TYPE_CHECKING:
    from digitdesk.session.session import Session


#: A tab that is less wide or high, in logical pixels, has narrow edges.
_TIGHT = (720, 440)


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A key that does something while its tab is shown.

    Attributes:
        keys: As Tk writes them, without brackets: ``Control-z``; on a Mac, Control is Command.
        run: What it does.
        says: The same in words, for the sheet of keys; a key without words is not in it.
    """

    keys: str
    run: Callable[[], None]
    says: Sentence | None = None


@dataclass(frozen=True, slots=True)
class TourStop:
    """One card of the tour.

    Attributes:
        beside: The widget it stands beside.
        title: A few words.
        text: What there is to say.
        prepare: Called before the tab is shown for it.
    """

    beside: tk.Misc
    title: Sentence
    text: Sentence
    prepare: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True)
class ClosingQuestion:
    """What is asked once, in a line, before the window closes.

    Attributes:
        question: What would happen.
        stay: What the button says that keeps the window open.
        stayed: What is said after that.
    """

    question: Sentence
    stay: Sentence
    stayed: Sentence


class Tab(theme.Frame):
    """A page of the window.

    A kind of tab has a ``key`` and a ``title`` and overrides what else concerns it: everything
    here does nothing, or says that there is nothing.

    Args:
        parent: The notebook.
        services: What may be asked of the window.
        padding: Room at the edges, in logical pixels: one for all, or left, top, right, bottom.

    Attributes:
        key: Its name for the settings and for ``PageServices.show_tab``; never on the screen.
    """

    key: ClassVar[str]

    def __init__(
        self,
        parent: tk.Misc,
        services: PageServices,
        *,
        padding: float | tuple[float, float, float, float] = 0,
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._status = services.status
        self._padding = padding if isinstance(padding, tuple) else (padding,) * 4
        self._is_tight = False
        self.configure(padding=self._edges)

    # -- what the window asks

    @property
    def title(self) -> Sentence:
        """What stands on the tab."""
        raise NotImplementedError

    @property
    def shortcuts(self) -> Sequence[Shortcut]:
        """Its keys."""
        return ()

    @property
    def tour_stops(self) -> Sequence[TourStop]:
        """What the tour shows of it, in order."""
        return ()

    @property
    def is_untouched(self) -> bool:
        """Whether nobody has begun anything here; only then the tour begins by itself."""
        return True

    @property
    def progress_in_title(self) -> float:
        """How far its work is, 0 … 1, for the window's title; 0 where that is nothing to show."""
        return 0.0

    @property
    def closing_question(self) -> ClosingQuestion | None:
        """What to ask before the window closes."""
        return None

    @property
    def drop_invitation(self) -> Sentence | None:
        """What is said while files are dragged over it; ``None`` where it takes none."""
        return None

    @property
    def is_in_front(self) -> bool:
        """Whether it is the one that is shown."""
        # What it lies in is on the screen a moment before the tab itself.
        # Keys are the root's, which may outlive a window.
        return bool(self.winfo_exists() and self.master.winfo_viewable())

    # -- how large it is

    @property
    def _edges(self) -> tuple[int, int, int, int]:
        """Room at the edges, in screen pixels: left, top, right, bottom."""
        left, top, right, bottom = (
            px(self, min(side, GAP) if self._is_tight else side) for side in self._padding
        )
        return left, top, right, bottom

    def fit(self, width: int, height: int) -> None:
        """Lay itself out for so many screen pixels that are seen of it."""
        is_tight = width < px(self, _TIGHT[0]) or height < px(self, _TIGHT[1])
        if is_tight is not self._is_tight:
            self._is_tight = is_tight
            self.configure(padding=self._edges)

    @property
    def least_size(self) -> tuple[int, int]:
        """Width and height below which something would be cut off, in screen pixels.

        Where there is less room than that, the window scrolls over the tab. A tab with words that
        fill their line must say a width of its own: what they ask for is what they have.
        """
        return self.winfo_reqwidth(), self.winfo_reqheight()

    # -- what the window tells

    def attach(self, session: Session) -> None:
        """Come to life: the core is loaded."""

    def load_rest(self) -> None:
        """Load what the start did not wait for; the board is on the screen by now."""

    def shown(self) -> None:
        """Hear that it has come to the front."""

    def hidden(self) -> None:
        """Hear that another tab has come to the front."""

    def handle(self, event: RunEvent) -> None:
        """Take an event of the run."""

    def after_events(self) -> None:
        """Hear that a batch of events has been handled, and the session's state is up to date."""

    def models_changed(self, key: str) -> None:
        """Hear that there are other models; ``key`` is that of the one it is about, or empty."""

    def data_changed(self) -> None:
        """Hear that there are other data sets."""

    def use_model(self, key: str) -> None:
        """Read with a model, if it is this tab that reads, and come to the front."""

    def put_on_board(self, content: Picture | Sequence[Stroke], key: str) -> None:
        """Put a picture or strokes on the board, if it has one, and read it with a model."""

    @property
    def drawing(self) -> Picture | Sequence[Stroke]:
        """What is on the board that other tabs take drawings from, if this tab has it."""
        return ()

    def examine_model(self, key: str, other: str) -> None:
        """Examine a model, beside another one for a key that is not empty, if it is for that."""

    def prepare_run(self, name: str, value: float) -> None:
        """Give the next run another value of a setting, if runs are set up here."""

    def set_up_run(self, config: TrainingConfig) -> None:
        """Give the next run all these settings, if runs are set up here, and come to the front."""

    def look_inside(self, key: str) -> None:
        """Look into a model, if it is for that, and come to the front."""

    def look_at(self, key: str, picture: Picture, label: str) -> None:
        """Look into a model at work on a picture of a class, if it is for that; see above."""

    def take_files(self, paths: Sequence[Path]) -> None:
        """Take files that were dropped onto it."""
