"""Which keys are held while another is pressed, from the state of an event, system by system."""

from __future__ import annotations

import sys

SHIFT, CONTROL = 0x1, 0x4
#: Command on a Mac, Alt on X11, and Num Lock on Windows.
MOD1 = 0x8
_ALT_ON_WINDOWS = 0x20000


def alt(system: str = sys.platform) -> int:
    """The bit of Alt, or of Command on a Mac.

    Args:
        system: As ``sys.platform`` names it.
    """
    return _ALT_ON_WINDOWS if system == "win32" else MOD1


def is_command(state: int | str, system: str = sys.platform) -> bool:
    """Whether Control or Alt is held, or Command: with them, a letter is no writing.

    Args:
        state: Of a key's event.
        system: See ``alt``.
    """
    return bool(int(state) & (CONTROL | alt(system)))
