"""Own writing: drawings that somebody has said the meaning of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from digitdesk.messages.problem import Problem

ME = "me"
"""The writer where nobody says who writes."""


@dataclass(frozen=True, slots=True)
class KeptDrawing:
    """A drawing that was kept, and can be taken back.

    Attributes:
        writer: Who wrote it.
        class_name: What it is.
        count: How many drawings of this writer there are with it.
        entry: It, as it stands in the file.
    """

    writer: str
    class_name: str
    count: int
    entry: str


@dataclass(frozen=True, slots=True)
class OwnWriting:
    """All kept drawings of one writer.

    Attributes:
        writer: Who wrote them.
        path: Their stroke file.
        counts: How many there are of each class, by its name.
        problem: Why the file cannot be read; ``None`` where it can.
    """

    writer: str
    path: Path
    counts: tuple[tuple[str, int], ...]
    problem: Problem | None = None

    @property
    def count(self) -> int:
        """How many drawings there are."""
        return sum(count for _name, count in self.counts)
