"""Ratios as people read them, in the window and on the command line alike."""

from __future__ import annotations


def percent(ratio: float, decimals: int = 2) -> str:
    """A ratio, 0 … 1, in percent: ``0.982`` → ``98.20 %``; see ``percent_number``."""
    return f"{percent_number(ratio, decimals)} %"


def percent_number(ratio: float, decimals: int = 2) -> str:
    """A ratio in percent without the sign.

    Never rounded up to 100: almost sure is not sure. Hardly any may be written as ``0.0``; the
    smallest figure there is would be many times too large for what a network thinks impossible.
    """
    shown = 100 * ratio
    if ratio < 1:
        shown = min(shown, 100 - 10.0**-decimals)
    return f"{shown:.{decimals}f}"
