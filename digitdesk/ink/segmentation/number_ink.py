"""What the ink of a number offers, whether it comes from a pen or from a picture.

A line of pieces to put together, and the preprocessed picture of any candidate among them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from digitdesk.ink.arrays import Float64Array
from digitdesk.ink.line_picture import LinePicture
from digitdesk.ink.preprocessing import SeenDigit
from digitdesk.ink.segmentation.candidates import Candidate, Line
from digitdesk.messages.boxes import Box
from digitdesk.messages.prediction import Stroke

MOSTLY = 0.85
"""A stroke or piece of which so much lies between two edges is not cut."""

Drawing = tuple[Stroke, ...]
"""Strokes in the order they were written."""


class NumberInk(Protocol):
    """Ink divided into pieces."""

    @property
    def line(self) -> Line:
        """The pieces from left to right."""

    def shown(self, found: Sequence[Candidate]) -> list[Drawing] | list[SeenDigit]:
        """The strokes of each candidate, or how it looks where only a picture is known."""

    def points(self, found: Sequence[Candidate]) -> list[Float64Array]:
        """Points (P, 2) all over the ink of each candidate, in the unit of its box."""

    def line_picture(self) -> LinePicture | None:
        """What a network for lines should see; None where the line is too long for it."""

    def sliced(self, edges: Sequence[float]) -> tuple[NumberInk, list[Candidate]] | None:
        """The same ink cut by columns: a candidate between each two edges.

        What lies nearly whole between two edges stays whole.

        Args:
            edges: From left to right, in the unit of the line.

        Returns:
            The ink, and its candidates; None where one would be empty.
        """

    def box(self, candidate: Candidate) -> Box:
        """Where a candidate lies, in the unit the ink came in."""
