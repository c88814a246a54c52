"""Ratios as people read them, in the window and on the command line alike."""

from __future__ import annotations


def percent(ratio: float, decimals: int = 2) -> str:
    """A ratio, 0 … 1, in percent: ``0.982`` → ``98.20 %``; see ``percent_number``."""
    return f"{percent_number(ratio, decimals)} %"


def percent_number(ratio: float, decimals: int = 2) -> str:
    """A ratio in percent without the sign.

    Never rounded up to 100 or down to 0: almost all is not all, and hardly any is not none.
    """
    step = 10.0**-decimals
    shown = 100 * ratio
    if 0 < ratio < 1:
        shown = min(max(shown, step), 100 - step)
    return f"{shown:.{decimals}f}"
