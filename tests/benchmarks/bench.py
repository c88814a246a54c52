"""Measures DigitDesk's engine against its peers and prints issue and promise side by side.

``make bench`` installs the peers and runs everything in about twenty minutes;
``python tests/benchmarks/bench.py --only train-light single`` runs some rows. The figures go to
``build/out/bench.json`` too. MNIST is looked for where ``digitdesk data`` looks.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import machine
import reading
import report
import speedrun
from contenders import (
    Contender,
    ContenderError,
    Job,
    Outcome,
    Setting,
    compete,
    lead,
    together,
)
from report import Result
from rows import (
    OURS,
    PEERS,
    ROWS,
    SCALING_BATCHES,
    SCALING_COUNTS,
    SCALING_FILTERS,
    SCALING_SPEC,
    Row,
)

from digitdesk.errors import DigitDeskError
from digitdesk.files.paths import UserPaths
from digitdesk.session.session import Session

OUT = Path(__file__).resolve().parents[2] / "build" / "out" / "bench.json"

TURN_SECONDS = 0.25


class Contenders:
    """Holds the contenders' processes, started when first needed."""

    def __init__(self, before: Setting | None = None) -> None:
        self._before = before
        self._contenders: dict[str, Contender] = {}
        self._said: set[str] = set()

    def get(self, setting: Setting) -> Contender:
        if setting.name not in self._contenders:
            self._contenders[setting.name] = Contender(setting)
        return self._contenders[setting.name]

    def peers(self, row: Row) -> list[Contender]:
        """Those of a row that can do its job here; of each other, a line says why not."""
        wanted = [self.get(setting) for setting in PEERS if setting.name in row.peers]
        return [contender for contender in wanted if self._gets_ready(contender, row.job)]

    def _gets_ready(self, contender: Contender, job: Job) -> bool:
        if not contender.problem:
            try:
                contender.prepare(job)
            except ContenderError as error:
                contender.problem = str(error)
        line = f"without {contender.name}: {contender.problem}"
        if contender.problem and line not in self._said:
            say(line)
            self._said.add(line)
        return not contender.problem

    def before(self) -> list[Contender]:
        """The engine of another checkout, where one is to be measured beside ours."""
        return [self.get(self._before)] if self._before else []

    def close(self) -> None:
        """End them all; who is wanted again starts afresh."""
        for contender in self._contenders.values():
            contender.close()
        self._contenders.clear()


def competition(row: Row, contenders: Contenders, quick: bool) -> Result:
    """One row: everybody's figure, and ours by the best of the others'."""
    rounds, sittings = (3, 1) if quick else (row.rounds, row.sittings)

    def sitting() -> list[Outcome]:
        if row.sittings > 1:
            contenders.close()
        ours = [contenders.get(OURS), *contenders.before()]
        everybody = [*ours, *contenders.peers(row)]
        return compete(everybody, row.job, rounds=rounds, turn_seconds=TURN_SECONDS)

    mine, *others = together([sitting() for _ in range(sittings)])
    result: Result = {"title": row.title, "least": row.least, "goal": row.goal}
    if contenders.before():
        before, *others = others
        result["before"] = beside(mine, before, row)
    if row.counts_p99:
        result["p99_seconds"] = {outcome.name: p99(outcome) for outcome in [mine, *others]}
        return result | verdict(p99(mine), row.least, row.goal, lower_is_better=True)
    result["images_per_second"] = {outcome.name: outcome.rate for outcome in [mine, *others]}
    if not others:
        return result | {"verdict": "no peer here"}
    best, ratio, quartiles = lead(mine, others)
    result |= {"best_peer": best.name, "quartiles": quartiles}
    return result | verdict(ratio, row.least, row.goal)


def beside(mine: Outcome, before: Outcome, row: Row) -> dict[str, float]:
    """How many times as fast we are as another checkout, and the quartiles over the turns."""
    if row.counts_p99:
        ratio = p99(before) / p99(mine)
        return {"ratio": ratio, "low": ratio, "high": ratio}
    _, ratio, (low, high) = lead(mine, [before])
    return {"ratio": ratio, "low": low, "high": high}


def p99(outcome: Outcome) -> float:
    """The 99th percentile of the calls, in seconds."""
    return statistics.quantiles(outcome.durations, n=100)[98]


def verdict(
    value: float, least: float, goal: float, *, lower_is_better: bool = False
) -> dict[str, Any]:
    """Whether a figure keeps the promise and reaches the goal."""
    sign = -1 if lower_is_better else 1
    if sign * value >= sign * goal:
        word = "goal reached"
    else:
        word = "kept" if sign * value >= sign * least else "MISSED"
    return {"value": value, "least": least, "goal": goal, "verdict": word}


def memory() -> Result:
    """Peak memory of ``digitdesk train`` on 60,000 images, worker processes included.

    The sum of what each process had in memory at its own peak. What several have in common, such
    as libraries and the weights, counts for each of them.
    """
    command = [sys.executable, "-m", "digitdesk", "train", "--model", "cnn-standard"]
    command += ["--epochs", "1", "--json", "--device", "cpu"]
    peaks: dict[str, int] = {}
    with tempfile.TemporaryFile("w+") as complaints:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=complaints)
        while process.poll() is None:
            peaks |= machine.peak_bytes(process.pid)
            time.sleep(0.05)
        complaints.seek(0)
        complaint = complaints.read()
    title = "peak memory, training cnn-standard on 60,000 images"
    if process.returncode:
        return {"title": title, "verdict": f"not run: {complaint.strip()}"}
    if not peaks:
        return {"title": title, "verdict": "not run: this system has no /proc to read it from"}
    return {"title": title, "unit": "MB"} | verdict(
        sum(peaks.values()) / 1e6, 355, 300, lower_is_better=True
    )


def time_to_99(quick: bool) -> Result:
    """The recipe ``speedrun``: mean accuracy over ten seeds, median seconds of training."""
    session = Session(UserPaths.default())
    title = "random weights to >= 99.0 % on MNIST's test set"
    try:
        runs = [speedrun.run(session, "speedrun", seed) for seed in range(2 if quick else 10)]
    except DigitDeskError as error:
        return {"title": title, "verdict": f"not run: {error}"}
    figures = speedrun.summary(runs)
    result = {"title": title, "unit": "s", "runs": [dataclasses.asdict(run) for run in runs]}
    result |= figures | verdict(figures["train_seconds"], 20, 10, lower_is_better=True)
    if figures["mean_accuracy"] < 0.99:
        result["verdict"] = "MISSED (accuracy)"
    return result


def peak_fraction(results: dict[str, Result]) -> Result:
    """Training speed as a part of what the matrix products alone would allow."""
    flops = machine.sgemm_flops()
    result: Result = {"title": "part of the SGEMM peak", "peak_gflops": flops / 1e9, "parts": {}}
    for row in ROWS:
        if row.job.kind == "train" and row.key in results:
            rate = results[row.key]["images_per_second"][OURS.name]
            part = rate * machine.flops_per_image(row.job.spec) / flops
            result["parts"][f"{row.job.spec}, batch {row.job.images}"] = part
    return result


def scaling(contenders: Contenders, quick: bool) -> Result:
    """Time per image by batch size, filters and image count, as a multiple of linear growth."""
    ours = contenders.get(OURS)

    def seconds(job: Job) -> float:
        (outcome,) = compete([ours], job, rounds=2 if quick else 5, turn_seconds=TURN_SECONDS)
        return 1 / outcome.rate

    batches = {size: seconds(Job("train", "cnn-light", size)) for size in SCALING_BATCHES}
    filters = {
        count: seconds(Job("train", SCALING_SPEC.format(filters=count), 64)) / count
        for count in SCALING_FILTERS
    }
    counts = {count: seconds(Job("evaluate", "cnn-light", count)) for count in SCALING_COUNTS}
    tables = {
        "time per image by batch size (cnn-light, a training step)": batches,
        "time per image and filter by filters (one 3x3 convolution, a training step)": filters,
        "time per image by image count (cnn-light, reading)": counts,
    }
    return {"title": "growth", "tables": tables}


def bundled_reader() -> Result:
    """What the bundled reader reads and what it refuses; see ``reading.py``."""
    data = os.environ.get("DIGITDESK_DATA")
    if not data:
        return {"title": "the bundled reader", "verdict": "not run: DIGITDESK_DATA is not set"}
    lines = [dataclasses.asdict(line) for line in reading.measure("reader", Path(data))]
    return {"title": "the bundled reader", "lines": lines}


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> None:
    keys = [row.key for row in ROWS]
    extra = ["memory", "speedrun", "peak", "scaling", "reading"]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", metavar="ROW", help=", ".join([*keys, *extra]))
    parser.add_argument("--quick", action="store_true", help="few turns: does it run at all?")
    parser.add_argument(
        "--against",
        metavar="FOLDER",
        type=Path,
        help="measure the engine of another checkout, too, in turns with ours",
    )
    parser.add_argument("--busy", action="store_true", help="beside another busy program")
    options = parser.parse_args()

    def wanted(key: str) -> bool:
        return not options.only or any(key.startswith(prefix) for prefix in options.only)

    started = time.perf_counter()
    about = machine.describe()
    say(f"{about['processor']}, {about['cores']} cores, load {about['load']}; {about['packages']}")
    say(f"GPU: {about['gpu']}\n")
    say(f"{'work':52} {'here':>9} {'at least':>9} {'goal':>9}")
    results: dict[str, Result] = {}
    before = options.against and Setting(
        "the other checkout", "ours", folder=str(options.against.resolve())
    )
    contenders = Contenders(before)
    steps: list[tuple[str, Callable[[], Result], Callable[[Result], str]]] = [
        *(
            (row.key, lambda row=row: competition(row, contenders, options.quick), report.line)
            for row in ROWS
        ),
        ("memory", memory, report.line),
        ("speedrun", lambda: time_to_99(options.quick), report.line),
        ("peak", lambda: peak_fraction(results), report.peak),
        ("scaling", lambda: scaling(contenders, options.quick), report.scaling),
        ("reading", bundled_reader, report.reading),
    ]
    with machine.busy_program() if options.busy else contextlib.nullcontext():
        for key, measure, show in steps:
            if wanted(key):
                results[key] = measure()
                say(show(results[key]))
    contenders.close()
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps({"machine": about, "rows": results}, indent=2) + "\n")
    say(f"\n{time.perf_counter() - started:.0f} s; all figures are in build/out/{OUT.name}")


if __name__ == "__main__":
    main()
