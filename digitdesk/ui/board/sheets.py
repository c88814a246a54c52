"""The two kinds of paper on the Draw tab: one for a digit, a wide one for a number."""

from __future__ import annotations

from dataclasses import dataclass

from digitdesk.ink.pen import (
    BOARD_PEN_PX,
    BOARD_SIZE_PX,
    NUMBER_BOARD_WIDTH_PX,
    NUMBER_PEN_PX,
)
from digitdesk.ui.i18n.text import Sentence, _

#: Height of every board in its own units; the pen's coordinates are always these.
SIDE = BOARD_SIZE_PX


@dataclass(frozen=True, slots=True)
class Sheet:
    """What there is to draw on, and with; lengths in board units.

    Attributes:
        width: Width of the board; all are ``SIDE`` high.
        pen: Width of the pen at the start.
        pens: Thinnest and widest pen that can be chosen.
        hint: What the empty board says.
    """

    width: int
    pen: float
    pens: tuple[int, int]
    hint: Sentence


DIGIT_SHEET = Sheet(SIDE, BOARD_PEN_PX, (8, 40), _("Draw a digit here"))
#: Digits of a number are smaller, and so are the pens.
NUMBER_SHEET = Sheet(
    NUMBER_BOARD_WIDTH_PX, NUMBER_PEN_PX, (4, 24), _("Write a number here, such as 2026")
)
