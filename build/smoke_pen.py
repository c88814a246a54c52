"""The smoke test's pen: draws by mouse, and knows what of it came to the program.

On a busy machine Tk merges movements of the mouse that come faster than the program takes them:
the same hand makes another drawing. Such a drawing is made anew, and waits for the program.
"""

from __future__ import annotations

import contextlib
import tkinter as tk
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from smoke_tools import Eyes, Mouse, SmokeError, Widget

# A tag of our own, last of the board's, hears what the board hears. The program asks for an idle
# moment to read in before we ask for ours, so after ours the answer is that of all the ink.
_LISTEN = """
set smoke_ink {{}}
set smoke_read 0
bind SmokePen <Button-1> {{lappend smoke_ink [list %x %y]; set smoke_read 0}}
bind SmokePen <B1-Motion> {{lset smoke_ink end [concat [lindex $smoke_ink end] %x %y]}}
bind SmokePen <ButtonRelease-1> {{after idle {{set smoke_read 1}}}}
if {{"SmokePen" ni [bindtags {board}]}} {{
    bindtags {board} [concat [bindtags {board}] SmokePen]
}}
"""

Position = tuple[int, int]


class Ink(NamedTuple):
    """A drawing as it comes to the program.

    Attributes:
        side: Of the board, in pixels of the screen.
        strokes: Their positions, in pixels of the board.
    """

    side: int
    strokes: tuple[tuple[Position, ...], ...]

    @property
    def positions(self) -> int:
        """How many positions of the pen there are."""
        return sum(map(len, self.strokes))


class Attempt(NamedTuple):
    """A drawing as it was meant, and what the program saw of it."""

    meant: Ink
    seen: Ink


class Reading(NamedTuple):
    """Ink, and all that the window says of it."""

    ink: Ink
    answer: str


class Pen:
    """Draws on the program's board."""

    def __init__(self, eyes: Eyes, mouse: Mouse) -> None:
        self._eyes = eyes
        self._mouse = mouse

    def draw(
        self, board: Widget, strokes: Iterable[Iterable[tuple[float, float]]], *, patient: bool
    ) -> Attempt:
        """Draw, and wait until the program has read the ink.

        Args:
            board: Where to draw.
            strokes: In parts of the board's side.
            patient: Go to the next position once the program has seen the last, however long
                that takes; otherwise as quickly as people move a mouse.

        Raises:
            SmokeError: A position, or the end of the last stroke, did not come to the program.
        """
        meant = _ink(board.width, strokes)
        self._eyes.ask(_LISTEN.format(board=board.path))
        for number, stroke in enumerate(meant.strokes):
            places = [(board.x + x, board.y + y) for x, y in stroke]
            if patient:
                self._draw_patiently(number, places)
            else:
                self._mouse.draw(places)
        self._mouse.click((board.x - 8, board.y - 8))  # off the board: the pen rests
        self._sees(f"[llength $smoke_ink] >= {len(meant.strokes)} && $smoke_read")
        seen = self._eyes.ask("join $smoke_ink \\n").splitlines()
        return Attempt(meant, Ink(board.width, tuple(map(_pairs, seen))))

    def _draw_patiently(self, number: int, places: Sequence[Position]) -> None:
        """Draw the stroke of that number, and wait for the program at each position."""
        for count, place in enumerate(places, 1):
            (self._mouse.press if count == 1 else self._mouse.move)(place)
            self._sees(f"[llength [lindex $smoke_ink {number}]] >= {2 * count}")
        self._mouse.release()

    def _sees(self, condition: str) -> None:
        """Wait until something is true of the ink that has come to the program."""
        try:
            self._eyes.wait(
                f"ink on the board: {condition}",
                lambda: self._eyes.ask(f"expr {{{condition}}}") == "1",
            )
        except SmokeError as error:
            seen = "nothing, and is gone"
            with contextlib.suppress(tk.TclError, ValueError):
                seen = self._eyes.ask("list $smoke_ink $smoke_read")
            raise SmokeError(f"{error}; the program saw {seen}") from None


def drawn_whole(draw: Callable[[bool], Attempt]) -> Ink:
    """Draw as people do, and again with patience where something was lost on the way.

    Args:
        draw: Draws on an empty board, with patience or without.

    Raises:
        SmokeError: With patience, too, the program has seen another drawing.
    """
    for patient in (False, True):
        attempt = draw(patient)
        if attempt.seen == attempt.meant:
            return attempt.seen
    raise SmokeError(
        f"the mouse drew {attempt.meant.positions} positions, and the program saw others: "
        f"{attempt.seen} instead of {attempt.meant}"
    )


def compare(before: Reading, after: Reading) -> None:
    """See that the same is said of the same ink.

    Raises:
        SmokeError: It is not, or the ink is not the same.
    """
    if before.ink != after.ink:
        raise SmokeError(
            f"two drawings cannot be compared: {before.ink.positions} positions on a board of "
            f"{before.ink.side} pixels, and {after.ink.positions} on one of {after.ink.side}"
        )
    if before.answer != after.answer:
        raise SmokeError(
            f"the saved model said {before.answer!r} and after a restart {after.answer!r}, "
            "of the same ink"
        )


def _ink(side: int, strokes: Iterable[Iterable[tuple[float, float]]]) -> Ink:
    """Strokes in whole pixels, without the positions at which the mouse would not move."""
    rounded = ([(round(x * side), round(y * side)) for x, y in stroke] for stroke in strokes)
    return Ink(side, tuple(tuple(place for place, _ in groupby(stroke)) for stroke in rounded))


def _pairs(numbers: str) -> tuple[Position, ...]:
    values: Sequence[int] = [int(number) for number in numbers.split()]
    return tuple(zip(values[::2], values[1::2], strict=True))
