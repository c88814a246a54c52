"""A page of the Evaluate tab: one way to look at an exam, or at two on the same pictures."""

from __future__ import annotations

import tkinter as tk
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digitdesk.messages.exam import Exam
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.page_services import PageServices

if TYPE_CHECKING:
    from digitdesk.session.exams.exams import Exams
    from digitdesk.session.session import Session


@dataclass(frozen=True, slots=True)
class Shown:
    """What there is to look at.

    Attributes:
        session: By which to ask for more.
        exam: The first model's.
        other: The second model's on the same pictures, where there is one.
    """

    session: Session
    exam: Exam
    other: Exam | None = None

    @property
    def exams(self) -> Exams:
        """What knows the pictures and answers of exams."""
        return self.session.exams

    @property
    def both(self) -> tuple[Exam, ...]:
        """The exams there are."""
        return (self.exam,) if self.other is None else (self.exam, self.other)


class ExamPage(theme.Frame):
    """Shows an exam when it is in front, and not before.

    Args:
        parent: The widget to sit in.
        services: What may be asked of the window.
    """

    def __init__(self, parent: tk.Misc, services: PageServices) -> None:
        super().__init__(parent)
        self._services = services
        self._status = services.status
        self._shown: Shown | None = None
        self._build()

    def show(self, shown: Shown) -> None:
        """Look at an exam; the same once more changes nothing about it."""
        if shown != self._shown:
            self._shown = shown
            self._fill(shown)

    def _build(self) -> None:
        """Make what is on it."""
        raise NotImplementedError

    def _fill(self, shown: Shown) -> None:
        """Show another exam than before."""
        raise NotImplementedError

    def leave(self) -> None:
        """Hear that something else is looked at: what is only for the eyes need not go on."""
