"""Trains what the bundled reader is chosen from, all at once, and ends in time.

    DIGITDESK_DATA=... python build/train_readers.py OUT [--seconds 520] [--settings="--device gpu"]

Each training is a ``digitdesk train`` of its own, with a log; on a graphics card they share it, and
while some still draw their pictures, others train. What is not done in time is told to stop, and
leaves the weights it had. With ``--fit``, networks for pictures begin after half a minute, with as
many epochs as there will be time for by the pace of what has begun before them. OUT then holds
models, logs and ``summary.txt``; ``--tar FILE`` is all of it in one, anew whenever a training is
over.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
# What is most wanted stands first. Those of a row run one after the other.
ROWS = (
    (("strokes-0", "--recipe reader-strokes --seed 0"),),
    (("strokes-1", "--recipe reader-strokes --seed 1"),),
    (("pictures-0", "--recipe reader --seed 0"),),
    (("pictures-1", "--recipe reader --seed 1"),),
    (("accurate-0", "--recipe accurate-long --seed 0"),),
    (("accurate-1", "--recipe accurate-long --seed 1"),),
    (("accurate-2", "--recipe accurate-long --seed 2"),),
    tuple((f"mlp-{seed}", f"--recipe mlp-augmented --seed {seed}") for seed in range(3)),
    (("writers", ""),),
)
IN_LOG_ONLY = ("mlp", "writers")
"""What is only measured: nothing of it is shipped."""
SECONDS_TO_STOP = 12

# For --fit, in pictures that the network for pictures is trained on.
LOOK_SECONDS = 16, 30
FEWEST, MOST = 18, 56
ACCURATE_EPOCH, PICTURE_EPOCH = 58_800, 240_000
STROKES = 2 * 12 * 378_000 * 0.7
WRITERS = 3 * (0.6 * 8 * 137_000 + 0.7 * 6 * 160_000)
ACCURATE = 3 * 26 * ACCURATE_EPOCH
SAFETY = 0.85


@dataclass
class Training:
    name: str
    process: subprocess.Popen[bytes]
    log: IO[bytes]
    home: Path
    started: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--tar", type=Path)
    parser.add_argument("--seconds", type=float, default=520)
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--only", default="", help="names that contain this")
    parser.add_argument("--settings", default="", help="for all, as for digitdesk train")
    options = parser.parse_args()
    out: Path = options.out.absolute()
    out.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    rows = [[job for job in row if options.only in job[0]] for row in ROWS]
    rows = [row for row in rows if row]
    settings = options.settings.split()
    late = [row for row in rows if options.fit and row[0][0].startswith("pictures")]
    begun = [row for row in rows if row not in late]
    running = [start(*row.pop(0), out, settings) for row in begun]
    rows_of = dict(zip((training.name for training in running), begun, strict=True))
    say(out, f"{len(running)} trainings at once")
    if late:
        epochs = fitting_epochs(out, began, options.seconds)
        for row in late:
            name, arguments = row.pop(0)
            running.append(start(name, f"{arguments} --epochs {epochs}", out, settings))
            rows_of[name] = row
    while running and time.monotonic() - began < options.seconds - SECONDS_TO_STOP:
        time.sleep(0.5)
        for training in [one for one in running if one.process.poll() is not None]:
            running.remove(training)
            finish(training, out)
            pack(out, options.tar)
            row = rows_of.pop(training.name)
            if row:
                following = start(*row.pop(0), out, settings)
                running.append(following)
                rows_of[following.name] = row
    for training in running:
        training.process.send_signal(signal.SIGTERM)
    until = time.monotonic() + SECONDS_TO_STOP
    for training in running:
        try:
            training.process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            training.process.kill()
            training.process.wait()
        finish(training, out)
    say(out, f"all over after {time.monotonic() - began:.0f} s")
    pack(out, options.tar)
    shutil.rmtree(out / "homes")


def fitting_epochs(out: Path, began: float, seconds: float) -> int:
    """How many epochs of pictures there will be time for, by two looks at the logs."""
    counts = []
    for moment in LOOK_SECONDS:
        time.sleep(max(0.0, began + moment - time.monotonic()))
        logs = [path.read_text("utf-8", "replace") for path in out.glob("accurate-*.log")]
        counts.append(sum(log.count("| train loss") for log in logs))
    pace = (counts[1] - counts[0]) * ACCURATE_EPOCH / (LOOK_SECONDS[1] - LOOK_SECONDS[0])
    left = max(0.0, ACCURATE - counts[1] * ACCURATE_EPOCH) + STROKES + WRITERS
    time_left = seconds - SECONDS_TO_STOP - LOOK_SECONDS[1]
    epochs = int((SAFETY * pace * time_left - left) / (2 * PICTURE_EPOCH))
    fitting = min(max(epochs, FEWEST), MOST)
    say(out, f"{pace:,.0f} pictures a second: time for {epochs} epochs, so {fitting}")
    return fitting


def start(name: str, arguments: str, out: Path, rest: list[str]) -> Training:
    home = out / "homes" / name
    home.mkdir(parents=True, exist_ok=True)
    environment = os.environ | {
        "DIGITDESK_HOME": str(home),
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": os.pathsep.join(filter(None, (os.environ.get("PYTHONPATH"), str(ROOT)))),
        "OMP_NUM_THREADS": "2",
        "OPENBLAS_NUM_THREADS": "2",
    }
    command = [sys.executable, "-m", "digitdesk", "train", *arguments.split(), *rest]
    if name == "writers":
        command = [sys.executable, "tests/benchmarks/writers.py"]
    elif not name.startswith(IN_LOG_ONLY):
        command += ["--out", str(out / f"{name}.npz")]
    log = (out / f"{name}.log").open("wb")
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
    )
    return Training(name, process, log, home, time.monotonic())


def finish(training: Training, out: Path) -> None:
    training.log.close()
    model = out / f"{training.name}.npz"
    if not model.exists() and not training.name.startswith(IN_LOG_ONLY):
        rescue(training, out / f"{training.name}-stopped.npz")
    lines = re.split("[\r\n]+", (out / f"{training.name}.log").read_text("utf-8", "replace"))
    last = " / ".join([line.strip() for line in lines if line.strip()][-3:])
    seconds = time.monotonic() - training.started
    say(out, f"{training.name}: exit {training.process.returncode}, {seconds:.0f} s: {last}")


def rescue(training: Training, path: Path) -> None:
    """Of a training that was stopped, the weights as they were kept last, and their average."""
    for kept in training.home.rglob("*.npz"):
        with np.load(kept) as arrays:
            wanted = [name for name in arrays if name.startswith(("weights.", "average"))]
            np.savez(path, **{name: arrays[name] for name in wanted})


def pack(out: Path, tar: Path | None) -> None:
    """Models and logs in one file, which is whole at any moment."""
    if tar is None:
        return
    part = out / "results.part"
    with tarfile.open(part, "w") as archive:
        for path in sorted(out.iterdir()):
            if path.suffix in (".npz", ".log", ".txt"):
                archive.add(path, path.name)
    shutil.copy(part, tar.with_suffix(".part"))
    tar.with_suffix(".part").replace(tar)


def say(out: Path, line: str) -> None:
    print(line, flush=True)
    with (out / "summary.txt").open("a") as summary:
        summary.write(line + "\n")


if __name__ == "__main__":
    main()
