"""Somebody with a pen at the My hand tab, over a real session."""

from __future__ import annotations

from hands import Pen
from real_desk import RealDesk

from digitdesk.ui.hand.view import HandView
from tests.benchmarks.made_up_hands import drawings

HAND = "mirrored"


class HandDesk(RealDesk):
    """Somebody with a pen at the tab."""

    @property
    def view(self) -> HandView:
        view = self.window.hand.view
        assert view is not None
        return view

    def write(self, word: str, seed: int = 0) -> None:
        """Write a digit on the board in front, by mouse."""
        assert self.view.desk is not None
        (strokes,) = drawings(HAND, [int(word)], seed)
        Pen(self.view.desk.board).draw(strokes)

    def press(self, name: str) -> None:
        """Press a key wherever the focus is."""
        root = self.window.root
        at = root.focus_get()
        assert at is not None
        at.event_generate(f"<{name}>")
        root.update()
