"""The processes that make the runs of an experiment: who is busy with what, and who is free."""

from __future__ import annotations

from collections.abc import Callable

from digitdesk.experiments.processes import Hear, TrialProcess
from digitdesk.experiments.trial import TrialTask
from digitdesk.experiments.trial_list import ListedTrial


class Crew:
    """Starts processes as they are needed, and gives them one run after the other.

    Args:
        start_process: Starts one, and has it heard.
        hear: Receives what they say.
        cores: Runs side by side.

    Attributes:
        is_alone: The one that is busy has all cores to itself.
    """

    def __init__(
        self, start_process: Callable[[Hear], TrialProcess], hear: Hear, cores: int
    ) -> None:
        self._start_process = start_process
        self._hear = hear
        self._cores = cores
        self._idle: list[TrialProcess] = []
        self._busy: dict[TrialProcess, ListedTrial] = {}
        self.is_alone = False

    @property
    def busy(self) -> int:
        """How many runs are being made."""
        return len(self._busy)

    @property
    def has_room(self) -> bool:
        """Whether one more small run can be made."""
        return not self.is_alone and self.busy < self._cores

    def begin(self, trial: ListedTrial, task: TrialTask, *, alone: bool) -> None:
        """Have a run made.

        Raises:
            OSError: The system gives no process.
        """
        process = self._idle.pop() if self._idle else self._start_process(self._hear)
        self._busy[process] = trial
        self.is_alone = alone
        process.train(task)

    def made_by(self, process: TrialProcess) -> ListedTrial | None:
        """The run that a process makes now."""
        return self._busy.get(process)

    def stop(self, number: int, why: str) -> bool:
        """End a run after its step; False where nobody makes it."""
        for process, trial in self._busy.items():
            if trial.number == number:
                process.stop(number, why)
                return True
        return False

    def stop_all(self, why: str) -> None:
        """End all runs after their steps."""
        for process, trial in self._busy.items():
            process.stop(trial.number, why)

    def free(self, process: TrialProcess) -> None:
        """Its run is over."""
        del self._busy[process]
        self._idle.append(process)
        self.is_alone = False

    def lose(self, process: TrialProcess) -> None:
        """It has ended by itself."""
        if self._busy.pop(process, None) is not None:
            self.is_alone = False
        elif process in self._idle:
            self._idle.remove(process)

    def close(self) -> None:
        """Send all home, and wait until they are gone; runs that go on are kept."""
        everybody = (*self._idle, *self._busy)
        for process in everybody:
            process.close()
        for process in everybody:
            process.wait()
