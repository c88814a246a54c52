"""A page of the Experiments tab about the experiment that is chosen: its queue, or its results."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass

from digitdesk.ui.experiments.study import Study
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.page_services import PageServices


@dataclass(frozen=True, slots=True)
class Commands:
    """What a page asks of the whole tab.

    Attributes:
        show_page: Shows another page, by its name.
        refresh: Looks again at everything: something was begun or thrown away.
    """

    show_page: Callable[[str], None]
    refresh: Callable[[], None]


class StudyPage(theme.Frame):
    """Shows the chosen experiment when it is in front, and not before.

    Args:
        parent: The widget to sit in.
        services: What may be asked of the window.
        study: What is known of the experiments.
        commands: What may be asked of the tab.
    """

    def __init__(
        self, parent: tk.Misc, services: PageServices, study: Study, commands: Commands
    ) -> None:
        super().__init__(parent)
        self._services, self._status = services, services.status
        self._study, self._commands = study, commands
        self._build()

    def _build(self) -> None:
        """Make what is on it."""
        raise NotImplementedError

    def show(self) -> None:
        """Show how the chosen experiment goes now."""
        raise NotImplementedError
