"""Kills processes that save, at random moments, and looks at what is left on the disk.

One process stays warm and forks each victim, so that a kill costs milliseconds and not the start
of Python. Run as a program it prints its findings as JSON: ``python -m tests.torture.kills
KIND KILLS SEED FOLDER``.
"""

from __future__ import annotations

import csv
import json
import mmap
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

import numpy as np

from digitdesk.app import sweep_saving_places
from digitdesk.errors import DigitDeskError
from digitdesk.files.atomic import write_atomically
from digitdesk.files.paths import UserPaths
from digitdesk.messages.model import ModelCard
from digitdesk.messages.run import TrainingConfig
from digitdesk.session.checkpoint_store import CheckpointStore
from digitdesk.storage.model_file import load_model, save_model
from digitdesk.storage.models_folder import ModelsFolder
from digitdesk.training.checkpoint import Checkpoint, RunFacts
from digitdesk.training.settings import LiveSettings
from digitdesk.ui.toolkit.user_settings import Settings, read_settings, write_settings
from tests.kept_files import kept_files

WEIGHTS = 50_000
LONGEST_WAIT_SECONDS = 0.03
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Kind:
    """A way to save the number of the save, and to read back which one is on the disk.

    Attributes:
        load: Gives the number, or raises a ``DigitDeskError`` or ``ValueError`` where the file
            is not one whole save.
        start: What the program does with the folder when it starts the next time.
        lingers: A save stays in its write until it is killed there. On a busy disk nearly all of
            a save's time goes into flushing, and random moments may all miss the write.
    """

    save: Callable[[Path, int], None]
    load: Callable[[Path], int]
    start: Callable[[Path], object]
    lingers: bool = False


@dataclass
class Findings:
    """What a series of kills has left.

    Attributes:
        inside: Kills between the beginning and the end of a save, as the victim reported.
        in_the_write: Those of them that left a temporary: the new file had no name yet.
        unreadable: Files that were not one whole save.
        too_old: Files older than a save that had returned.
        stale: Temporaries left after the next start.
        saves: Saves that returned.
    """

    kills: int = 0
    inside: int = 0
    in_the_write: int = 0
    unreadable: int = 0
    too_old: int = 0
    stale: int = 0
    saves: int = 0


def _same(number: int, others: set[float]) -> int:
    if others != {float(number)}:
        raise ValueError("parts of two saves in one file")
    return number


def _model(suffix: str) -> Kind:
    def save(folder: Path, number: int) -> None:
        arrays = {"weights": np.full(WEIGHTS, number, np.float32)}
        save_model(folder / f"m{suffix}", ModelCard("t", "s", seed=number), arrays)

    def load(folder: Path) -> int:
        stored = load_model(folder / f"m{suffix}")
        return _same(stored.card.seed, set(stored.arrays["weights"].tolist()))

    return Kind(save, load, ModelsFolder)


def _keep_run(folder: Path, number: int) -> None:
    config = TrainingConfig(data="handwriting")
    facts = RunFacts(config, LiveSettings.of(config), "softmax", step=number)
    arrays = {"weights.w": np.full(WEIGHTS, number, np.float32)}
    CheckpointStore(folder).keep(Checkpoint(facts, arrays))


def _kept_run(folder: Path) -> int:
    checkpoint = CheckpointStore(folder).load()
    assert checkpoint is not None
    return _same(checkpoint.facts.step, set(checkpoint.arrays["weights.w"].tolist()))


def _keep_settings(folder: Path, number: int) -> None:
    write_settings(Settings(preset=str(number), recent=(str(number),) * 900), folder)


def _kept_settings(folder: Path) -> int:
    # A damaged file would give the default, which is no number.
    kept = read_settings(folder)
    return _same(int(kept.preset), {float(name) for name in kept.recent})


def _table(number: int) -> bytes:
    return f"step,loss\n{number},{number}\n".encode() * 3000


def _export(folder: Path, number: int) -> None:
    write_atomically(folder / "run.csv", lambda stream: stream.write(_table(number)))


def _export_until_killed(folder: Path, number: int) -> None:
    """Only number 0, which the judge saves, is ever whole."""

    def write(stream: IO[bytes]) -> None:
        stream.write(_table(number))
        if number:
            signal.pause()

    write_atomically(folder / "run.csv", write)


def _exported(folder: Path) -> int:
    with (folder / "run.csv").open(encoding="utf-8", newline="") as table:
        rows = [row for row in csv.DictReader(table) if row["step"] != "step"]
    numbers = {float(cell) for row in rows for cell in row.values()}
    return _same(int(rows[2999]["step"]), numbers)


def _start_window(folder: Path) -> None:
    paths = UserPaths(folder, folder, folder, folder, folder)
    sweep_saving_places(paths, Settings(export_folder=str(folder)))


def _save_in_place(folder: Path, number: int) -> None:
    with (folder / "run.csv").open("w", encoding="utf-8", buffering=1) as file:
        for _ in range(3000):
            file.write(f"step,loss\n{number},{number}\n")


KINDS = {
    "npz": _model(".npz"),
    "pkl": _model(".pkl"),
    "run": Kind(_keep_run, _kept_run, CheckpointStore),
    "settings": Kind(_keep_settings, _kept_settings, _start_window),
    "export": Kind(_export, _exported, _start_window),
    # Not DigitDesk's: shows that the kills come at moments that matter.
    "in place": Kind(_save_in_place, _exported, lambda folder: None),
    "unswept": Kind(_export_until_killed, _exported, lambda folder: None, lingers=True),
}
OURS = ("npz", "pkl", "run", "settings", "export")


def kill_while_saving(kind: Kind, kills: int, rng: random.Random, folder: Path) -> Findings:
    """Kill saving processes one after the other, and judge the folder after each.

    Args:
        kind: What they save.
        kills: How many of them.
        rng: Chooses the moments.
        folder: An empty folder.
    """
    findings = Findings()
    # The victim says what it is doing in memory that outlives it: the number of the save it has
    # begun, and of the last one that returned.
    reported = memoryview(mmap.mmap(-1, 16)).cast("Q")
    kind.save(folder, 0)
    for _ in range(kills):
        first = reported[0] = reported[1] = kind.load(folder)
        kept = len(kept_files(folder))
        victim = os.fork()
        if not victim:
            _save_until_killed(kind, folder, reported)
        while reported[0] == first or (kind.lingers and len(kept_files(folder)) == kept):
            time.sleep(0.0002)
        time.sleep(rng.uniform(0, LONGEST_WAIT_SECONDS))
        os.kill(victim, signal.SIGKILL)
        _, status = os.waitpid(victim, 0)
        assert os.WIFSIGNALED(status), "the victim ended by itself"
        _judge(kind, folder, findings, begun=reported[0], returned=reported[1])
        findings.saves += reported[1] - first
    return findings


def _save_until_killed(kind: Kind, folder: Path, reported: memoryview) -> None:
    """Never returns, and leaves nothing of the parent's to be run at its end."""
    try:
        while True:
            reported[0] += 1
            kind.save(folder, reported[0])
            reported[1] = reported[0]
    finally:
        os._exit(1)


def _judge(kind: Kind, folder: Path, findings: Findings, *, begun: int, returned: int) -> None:
    findings.kills += 1
    findings.inside += begun > returned
    findings.in_the_write += len(kept_files(folder)) > 1
    try:
        findings.too_old += not returned <= kind.load(folder) <= begun
    except (DigitDeskError, ValueError, LookupError):
        findings.unreadable += 1
        kind.save(folder, 0)
    kind.start(folder)
    findings.stale += len(kept_files(folder)) - 1


def findings_of(kind: str, kills: int, seed: int, folder: Path) -> Findings:
    """The same in a process of its own, where nothing but the saving code is loaded."""
    command = [sys.executable, "-m", "tests.torture.kills", kind, str(kills), str(seed)]
    done = subprocess.run([*command, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, check=True)
    return Findings(**json.loads(done.stdout))


if __name__ == "__main__":
    name, count, seed, place = sys.argv[1:]
    found = kill_while_saving(KINDS[name], int(count), random.Random(int(seed)), Path(place))
    sys.stdout.write(json.dumps(asdict(found)) + "\n")
