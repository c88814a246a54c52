"""A page of the Data tab: a set is looked at when its page is in front, and not before."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digitdesk.messages.own.pictures import PictureSet
from digitdesk.ui.data.work_line import WorkLine
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.page_services import PageServices

if TYPE_CHECKING:
    from digitdesk.session.pictures.pictures import Pictures


@dataclass(frozen=True, slots=True)
class Commands:
    """What a page asks of the whole tab.

    Attributes:
        show_class: Shows the pictures of a class, by its place among the set's labels.
        take_set: Shows a set that was just written, and tells every tab that there is one more.
    """

    show_class: Callable[[int], None]
    take_set: Callable[[PictureSet], None]


class DataPage(theme.Frame):
    """Shows one set.

    Args:
        parent: The widget to sit in.
        services: What may be asked of the window.
        pictures: Where sets come from.
        line: Has work done that concerns the set, and says how far it is.
        commands: What may be asked of the tab.
    """

    def __init__(
        self,
        parent: tk.Misc,
        services: PageServices,
        pictures: Pictures,
        line: WorkLine,
        commands: Commands,
    ) -> None:
        super().__init__(parent)
        self._services, self._status = services, services.status
        self._pictures, self._line, self._commands = pictures, line, commands
        self._shown: PictureSet | None = None
        self._build()

    def show(self, shown: PictureSet) -> None:
        """Show a set; the same once more changes nothing."""
        if self._shown is None or shown.key != self._shown.key:
            self._shown = shown
            self._fill(shown)

    def _build(self) -> None:
        """Make what is on it."""
        raise NotImplementedError

    def _fill(self, shown: PictureSet) -> None:
        """Show another set than before."""
        raise NotImplementedError
