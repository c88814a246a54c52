"""The folder of an experiment: its plan, what is decided of its queue, and a record of each run.

Every file is written whole or not at all, so that whoever reads it after a crash finds the state
before or after, and nothing in between.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from digitdesk.errors import ConfigError, DigitDeskError, ModelFileError, SaveError
from digitdesk.experiments.plans.plan_text import read_plan
from digitdesk.experiments.plans.plan_writer import written_plan
from digitdesk.files.atomic import make_folder, sweep_temporaries, write_atomically
from digitdesk.messages.experiments.plan import Plan
from digitdesk.messages.experiments.progress import TrialState
from digitdesk.messages.problem import Problem
from digitdesk.messages.run import EpochFinished
from digitdesk.messages.setting import Value
from digitdesk.storage.plain_json import from_plain, parse_json, to_plain

T = TypeVar("T")

PLAN_FILE = "plan.toml"
_QUEUE_FILE = "queue.json"
_LARGEST_FILE = 1 << 24


@dataclass(frozen=True, slots=True)
class TrialRecord:
    """What came of a run that is over.

    Attributes:
        state: A value of ``TrialState``.
        epochs: As told.
        best_epoch: Whose weights the network has; 0 for the last.
        seconds: In training steps.
    """

    number: int
    row: int
    seed: int
    state: str
    epochs: tuple[EpochFinished, ...] = ()
    best_epoch: int = 0
    test_accuracy: float | None = None
    seconds: float = 0.0
    images_per_second: float = 0.0
    parameter_count: int = 0
    problem: Problem | None = None

    @property
    def ended(self) -> TrialState:
        """How it ended."""
        return TrialState(self.state)

    @property
    def judged(self) -> EpochFinished | None:
        """The epoch whose weights the network has."""
        if not self.epochs:
            return None
        return self.epochs[self.best_epoch - 1 if self.best_epoch else -1]


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """A row that was drawn.

    Attributes:
        token: What whoever drew it knows it by.
    """

    values: tuple[tuple[str, Value], ...]
    token: int = 0


@dataclass(frozen=True, slots=True)
class QueueFacts:
    """What is decided of a queue.

    Attributes:
        created: In ISO form.
        first: Runs to be made before the others, in this order.
        is_paused: Somebody has paused it.
        worked_seconds: Time of work so far, for plans that have no more.
    """

    created: str = ""
    first: tuple[int, ...] = ()
    is_paused: bool = False
    worked_seconds: float = 0.0


class ExperimentFolder:
    """Reads and writes the files of one experiment.

    Args:
        path: The folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._records: dict[Path, tuple[int, TrialRecord | None]] = {}

    @classmethod
    def make(cls, path: Path, plan: Plan, now: datetime.datetime) -> ExperimentFolder:
        """A folder with a new experiment.

        Raises:
            SaveError: There is one already, or the disk refuses.
        """
        folder = cls(path)
        if (path / PLAN_FILE).exists():
            raise SaveError(
                f"There is an experiment in {path} already",
                hint="Choose another folder, or go on with it: --resume",
            )
        make_folder(path / "runs")
        make_folder(path / "rows")
        folder.write_queue(QueueFacts(now.isoformat(timespec="seconds")))
        # Last: what has a plan is an experiment.
        _write(path / PLAN_FILE, written_plan(plan).encode())
        return folder

    @property
    def is_there(self) -> bool:
        """Whether there is an experiment."""
        return (self.path / PLAN_FILE).is_file()

    def plan(self) -> Plan:
        """The plan.

        Raises:
            ConfigError: It is none.
            ModelFileError: There is none, or it cannot be read.
        """
        path = self.path / PLAN_FILE
        try:
            text = _read(path).decode("utf-8")
        except UnicodeDecodeError:
            raise ConfigError(f"{path} is no text", expected="UTF-8") from None
        return read_plan(text, str(path))

    # -- the queue

    def queue(self) -> QueueFacts:
        """What is decided of the queue; the usual where the file is lost."""
        return self._json(self.path / _QUEUE_FILE, QueueFacts) or QueueFacts()

    def write_queue(self, facts: QueueFacts) -> None:
        """Keep it.

        Raises:
            SaveError: The disk refuses.
        """
        _write_json(self.path / _QUEUE_FILE, facts)

    # -- rows that were drawn

    def rows(self) -> tuple[DrawnRow, ...]:
        """Rows that were drawn, from the first to the last without a gap."""
        rows: list[DrawnRow] = []
        while (row := self._json(self._row_file(len(rows) + 1), DrawnRow)) is not None:
            rows.append(row)
        return tuple(rows)

    def write_row(self, number: int, row: DrawnRow) -> None:
        """Keep a row before any of its runs begins.

        Raises:
            SaveError: The disk refuses.
        """
        _write_json(self._row_file(number), row)

    def _row_file(self, number: int) -> Path:
        return self.path / "rows" / f"{number:04}.json"

    # -- runs

    def run(self, number: int) -> Path:
        """The folder of a run; made where it is not there.

        Raises:
            SaveError: The disk refuses.
        """
        folder = self.path / "runs" / f"{number:04}"
        make_folder(folder)
        return folder

    def model(self, number: int) -> Path:
        """Where the network of a run is, once it is over."""
        return self.path / "runs" / f"{number:04}" / "model.npz"

    def state(self, number: int) -> Path:
        """Where the state of a run is as long as it is not over."""
        return self.path / "runs" / f"{number:04}" / "state.npz"

    def record(self, number: int) -> TrialRecord | None:
        """What came of a run; ``None`` as long as it is not over."""
        record = self._json(self._record_file(number), TrialRecord)
        return record if record is not None and record.number == number else None

    def records(self) -> Iterator[TrialRecord]:
        """What came of all runs that are over."""
        for path in sorted((self.path / "runs").glob("*/record.json")):
            record = self._known(path)
            if record is not None and self._record_file(record.number) == path:
                yield record

    def write_record(self, record: TrialRecord) -> None:
        """Keep what came of a run; its state is no longer needed.

        Raises:
            SaveError: The disk refuses.
        """
        self.run(record.number)
        _write_json(self._record_file(record.number), record)
        with contextlib.suppress(OSError):
            self.state(record.number).unlink(missing_ok=True)

    def forget(self, number: int) -> None:
        """Remove all that is kept of a run, so that it can be made again.

        Raises:
            SaveError: The disk refuses.
        """
        try:
            for path in (self._record_file(number), self.state(number), self.model(number)):
                path.unlink(missing_ok=True)
        except OSError as error:
            raise SaveError(f"Cannot remove {path}", received=error.strerror or "") from error

    def sweep(self) -> None:
        """Clear away what writing that was cut short has left."""
        for folder in (self.path, self.path / "rows", *(self.path / "runs").glob("*")):
            sweep_temporaries(folder)

    def remove(self) -> None:
        """Remove the experiment with all its runs.

        Raises:
            SaveError: The disk refuses.
        """
        try:
            # First what makes it one, so that half of it is never offered.
            (self.path / PLAN_FILE).unlink(missing_ok=True)
            shutil.rmtree(self.path)
        except OSError as error:
            raise SaveError(f"Cannot remove {self.path}", received=error.strerror or "") from error

    def _record_file(self, number: int) -> Path:
        return self.path / "runs" / f"{number:04}" / "record.json"

    def _known(self, path: Path) -> TrialRecord | None:
        """A record; read again only where its file is another than it was."""
        try:
            written = path.stat().st_mtime_ns
        except OSError:
            return None
        known = self._records.get(path)
        if known is None or known[0] != written:
            known = self._records[path] = (written, self._json(path, TrialRecord))
        return known[1]

    def _json(self, path: Path, kind: type[T]) -> T | None:
        """What a file holds; ``None`` where it is missing or damaged: then it is made again."""
        if not path.is_file():
            return None
        try:
            return from_plain(kind, parse_json(_read(path)))
        except DigitDeskError:
            return None


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise ModelFileError(f"{path} is too large for what it should be")
        return path.read_bytes()
    except OSError as error:
        raise ModelFileError(f"Cannot read {path}", received=error.strerror or "") from error


def _write(path: Path, content: bytes) -> None:
    write_atomically(path, lambda stream: stream.write(content))


def _write_json(path: Path, value: Any) -> None:
    text = json.dumps(to_plain(value), ensure_ascii=False, allow_nan=False)
    _write(path, text.encode("utf-8"))
