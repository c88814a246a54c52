"""The soak: half an hour of training and drawing, and what must not grow meanwhile."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from digitdesk.files.paths import UserPaths
from digitdesk.ui.toolkit.user_settings import Settings, write_settings
from tests.training.small_runs import write_idx_folder

MOST_GROWTH = 0.05
MOST_LATE_SECONDS = 0.1
MOST_WAITING_EVENTS = 200
_WARM_UP = 1 / 4
"""Part of the time in which libraries load, pictures are made and memory finds its size."""


@dataclass(frozen=True)
class Figures:
    """What a soak measured, after its warm-up unless said otherwise.

    Attributes:
        growth: Of memory, from the warm-up's end to the end, each a median over a tenth.
        late_seconds: 99th percentile of how late a timer of 10 ms fired, without the time in
            which other programs had the cores.
        queue: The most events that waited.
        threads: The least there were in the first and in the last tenth.
        handles: The same of open files and sockets; those that are open for a moment do not count.
        strokes: Drawn in all.
        epochs: Trained in all.
    """

    growth: float
    megabytes: float
    late_seconds: float
    queue: int
    threads: tuple[int, int]
    handles: tuple[int, int]
    strokes: int
    epochs: int


def soak(home: Path, seconds: float, strokes: int) -> Figures:
    """Let the app train and be drawn on, in a process of its own.

    Args:
        home: An empty folder; ``soak.jsonl`` there keeps what was measured each second.
        seconds: How long.
        strokes: How many are drawn meanwhile.
    """
    write_settings(Settings(language="en", tour_seen=True), UserPaths.under(home).config)
    # As large as MNIST, so that the run's thousand epochs last for hours.
    write_idx_folder(home / "stripes", train_count=60_000, test_count=1_000)
    script = Path(__file__).with_name("soak_script.py")
    environment = os.environ | {"DIGITDESK_HOME": str(home), "PYTHONPATH": str(script.parents[1])}
    environment.pop("DIGITDESK_DATA", None)
    done = subprocess.run(
        [sys.executable, str(script), str(seconds), str(strokes), str(home / "stripes")],
        capture_output=True,
        text=True,
        env=environment,
        timeout=3 * seconds + 120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == "", done.stderr
    (home / "soak.jsonl").write_text(done.stdout)
    return figures([json.loads(line) for line in done.stdout.splitlines()])


def figures(rows: list[dict]) -> Figures:
    """Sum up the seconds of a soak."""
    assert all(row["trains"] for row in rows[len(rows) // 10 :]), "it did not train all the time"
    assert not any(row["error"] for row in rows)
    warm = rows[int(len(rows) * _WARM_UP) :]
    tenth = max(1, len(rows) // 10)
    before = median(row["memory"] for row in warm[:tenth])
    after = median(row["memory"] for row in warm[-tenth:])
    late = sorted(value for row in warm for value in row["late"])

    def levels(name: str) -> tuple[int, int]:
        return min(row[name] for row in warm[:tenth]), min(row[name] for row in warm[-tenth:])

    return Figures(
        after / before - 1,
        after / 2**20,
        late[int(0.99 * len(late))],
        max(row["queue"] for row in rows),
        levels("threads"),
        levels("handles"),
        rows[-1]["strokes"],
        rows[-1]["epochs"],
    )


def check(found: Figures, strokes: int) -> None:
    """Nothing grew, nothing piled up, and the window answered all the time."""
    sys.stdout.write(f"{found}\n")  # to be seen with ``pytest -s``
    assert found.strokes >= 0.95 * strokes, found
    assert found.growth <= MOST_GROWTH, found
    assert found.queue <= MOST_WAITING_EVENTS, found
    assert found.late_seconds <= MOST_LATE_SECONDS, found
    assert found.threads[0] == found.threads[1], found
    assert found.handles[0] == found.handles[1], found
