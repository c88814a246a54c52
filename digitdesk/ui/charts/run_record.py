"""A run as the chart shows it: what it has told, and what the user made of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from digitdesk.training.history.run_history import RunHistory


@dataclass(slots=True)
class RunRecord:
    """One run.

    Attributes:
        name: What the user calls it.
        color: Place of its color among those of earlier runs; a run keeps it.
        history: What it has told.
        is_shown: Whether it is drawn below later runs.
    """

    name: str = ""
    history: RunHistory = field(default_factory=RunHistory)
    is_shown: bool = True
    color: int = 0
