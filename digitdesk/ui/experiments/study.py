"""What is known of the experiments: which there are, and how the chosen one goes.

It is asked for anew when another one is chosen, and follows the events from then on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from digitdesk.messages.experiments.progress import (
    ExperimentChanged,
    ExperimentEntry,
    ExperimentState,
    ExperimentView,
    TrialChanged,
    TrialEpoch,
    TrialView,
)

if TYPE_CHECKING:
    from digitdesk.session.experiments.experiments import Experiments

BUSY = (ExperimentState.RUNNING, ExperimentState.PAUSING)
"""States in which the machine is at work."""


class Study:
    """Follows the experiments.

    Args:
        experiments: What knows them.

    Attributes:
        entries: All there are, the newest first.
        shown: The chosen one; ``None`` where there is none.
        changes: Counts what has changed about results: who shows them looks when it has moved.
    """

    def __init__(self, experiments: Experiments) -> None:
        self.experiments = experiments
        self.entries: tuple[ExperimentEntry, ...] = ()
        self.shown: ExperimentView | None = None
        self.changes = 0

    @property
    def key(self) -> str:
        """Of the chosen one; empty for none."""
        return self.shown.key if self.shown is not None else ""

    @property
    def running(self) -> ExperimentEntry | None:
        """The one the machine works at."""
        return next((entry for entry in self.entries if entry.state in BUSY), None)

    def refresh(self) -> None:
        """Look again which there are; the chosen one stays chosen, else the newest is."""
        self.entries = self.experiments.experiments()
        keys = [entry.key for entry in self.entries]
        if self.key in keys:
            self.choose(self.key)
        elif keys:
            self.choose(keys[0])
        else:
            self.shown = None
            self.changes += 1

    def choose(self, key: str) -> None:
        """Look at another one."""
        self.shown = self.experiments.look(key)
        self.changes += 1

    def run(self, number: int) -> TrialView | None:
        """A run of the chosen one."""
        runs = self.shown.runs if self.shown is not None else ()
        return next((run for run in runs if run.number == number), None)

    def follow(self) -> bool:
        """Take what has happened; whether anything has."""
        events = self.experiments.drain_events()
        for event in events:
            match event:
                case ExperimentChanged():
                    self._experiment_changed(event)
                case TrialChanged():
                    if event.key == self.key:
                        self._run_changed(event.run)
                case TrialEpoch():
                    if event.key == self.key:
                        self.changes += 1
        return bool(events)

    def _experiment_changed(self, event: ExperimentChanged) -> None:
        if event.key not in {entry.key for entry in self.entries}:
            self.entries = self.experiments.experiments()
        self.entries = tuple(
            replace(entry, state=event.state, done=event.done, runs=event.runs)
            if entry.key == event.key
            else entry
            for entry in self.entries
        )
        if self.shown is not None and event.key == self.key:
            self.shown = replace(self.shown, state=event.state, seconds_left=event.seconds_left)

    def _run_changed(self, run: TrialView) -> None:
        assert self.shown is not None
        runs = self.shown.runs
        if any(known.number == run.number for known in runs):
            self.shown = replace(self.shown, runs=_with(runs, run))
        else:
            # A search has made up its mind: its rows are other than before.
            self.choose(self.key)
        self.changes += 1


def _with(runs: Sequence[TrialView], run: TrialView) -> tuple[TrialView, ...]:
    return tuple(run if known.number == run.number else known for known in runs)
