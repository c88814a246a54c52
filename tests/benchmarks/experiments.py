"""Experiments: throughput of the queue, what kills do to it, statistics beside scipy's, TPE.

    build/out/bench/bin/python tests/benchmarks/experiments.py throughput [RUNS]
    build/out/bench/bin/python tests/benchmarks/experiments.py kills [TIMES]
    build/out/bench/bin/python tests/benchmarks/experiments.py statistics
    build/out/bench/bin/python tests/benchmarks/experiments.py search

The first two need MNIST (DIGITDESK_DATA), the third scipy, the last Optuna.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SMALL = """\
title = "Small"
seeds = {seeds}
[settings]
model = "flatten dense({{units}}) relu dense(10)"
data = "mnist"
limit = 5000
epochs = {epochs}
device = "cpu"
[grid]
units = [32, 64]
learning_rate = [0.01, 0.003, 0.001, 0.0003, 0.0001]
"""


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def throughput(runs: int = 100) -> None:
    """So many runs by the queue, and the same by a loop in as many processes as there are cores."""
    from digitdesk.experiments.plans.plan_text import read_plan
    from digitdesk.experiments.plans.rows import config_of, listed_rows, trial_places

    plan = read_plan(SMALL.format(seeds=max(1, runs // 10), epochs=8))
    rows = listed_rows(plan)
    configs = []
    for number in range(1, plan.run_count + 1):
        row, seed = trial_places(plan, number)
        config = config_of(plan, rows[row - 1], seed)
        configs.append(dataclasses.replace(config, threads=1))
    # Twice each, one after the other: what else goes on here goes on for both.
    for _ in range(2):
        bare, bare_work = _measured(lambda: _bare_loop(configs))
        queued, queued_work = _measured(lambda: _queued(plan))
        say(
            f"{plan.run_count} runs: {bare:.1f} s by a bare loop, {queued:.1f} s by the queue: "
            f"{100 * bare / queued:.0f} % of the throughput; by what processors had to do "
            f"({bare_work:.1f} s and {queued_work:.1f} s), {100 * bare_work / queued_work:.0f} %"
        )


def _measured(work) -> tuple[float, float]:
    """Seconds by the clock, and of processors: those do not depend on who else wants them."""
    before = _processor_seconds()
    started = time.perf_counter()
    work()
    return time.perf_counter() - started, _processor_seconds() - before


def _processor_seconds() -> float:
    uses = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(use.ru_utime + use.ru_stime for use in uses)


def _bare_loop(configs) -> None:
    """Processes that do nothing but train, each its share of the runs; their start is counted."""
    cores = len(os.sched_getaffinity(0))
    script = Path(tempfile.mkdtemp()) / "loop.py"
    script.write_text(
        "import pickle, sys\n"
        "from pathlib import Path\n"
        "from digitdesk.session.dataset_cache import DatasetCache\n"
        "from digitdesk.session.run_services import run_services\n"
        "from digitdesk.training.pipeline import train\n"
        "from digitdesk.training.run import Run\n"
        "folder = Path(sys.argv[2])\n"
        "services = run_services(DatasetCache(folder, lambda chosen: folder))\n"
        "for config in pickle.loads(Path(sys.argv[1]).read_bytes()):\n"
        "    train(Run(config=config), services)\n"
    )
    import pickle

    processes = []
    for core in range(cores):
        share = script.with_name(f"share{core}")
        share.write_bytes(pickle.dumps(configs[core::cores]))
        processes.append(
            subprocess.Popen(
                # As low a priority as the queue's processes have, beside whatever else there is.
                ["nice", "-n", "10", sys.executable, script, share, os.environ["DIGITDESK_DATA"]],
                env=os.environ | {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"},
            )
        )
    codes = [process.wait() for process in processes]
    assert not any(codes)


def _queued(plan) -> None:
    from digitdesk.files.paths import UserPaths
    from digitdesk.session.session import Session

    with tempfile.TemporaryDirectory() as home:
        session = Session(UserPaths.under(Path(home)))
        key = session.experiments.start(plan)
        session.experiments.join(key)
        table = session.experiments.table(key)
        assert all(row.count == row.of for row in table.rows)


def kills(times: int = 10) -> None:
    """Killed so many times at random moments, the finished table is that of an undisturbed one."""
    home = Path(tempfile.mkdtemp())
    plan = home / "plan.toml"
    plan.write_text(SMALL.format(seeds=8, epochs=12))
    _begun(plan, home / "whole", home).wait()
    rng, hits = random.Random(1), 0
    for _ in range(times):
        process = _begun(plan, home / "killed", home)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(rng.uniform(0.7, 4.0))
        hits += process.poll() is None
        _kill_with_children(process.pid)
        process.wait()
    _begun(plan, home / "killed", home).wait()
    whole, killed = (_accuracies(home / name) for name in ("whole", "killed"))
    outcome = "the same to the last digit" if whole == killed else f"{whole}\n{killed}"
    say(f"killed {hits} times of {times} while it ran: {outcome}")


def _accuracies(folder: Path):
    from digitdesk.experiments.folder import ExperimentFolder

    return [
        (record.number, record.state, record.test_accuracy, [e.train_loss for e in record.epochs])
        for record in ExperimentFolder(folder).records()
    ]


def _begun(plan: Path, out: Path, home: Path) -> subprocess.Popen[bytes]:
    words = ["experiment", "run", str(plan), "--out", str(out), "--resume"]
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "digitdesk", *words],
        env=os.environ | {"DIGITDESK_HOME": str(home / "home"), "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _kill_with_children(pid: int) -> None:
    children = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            if int(status.read_text().rpartition(")")[2].split()[1]) == pid:
                children.append(int(status.parent.name))
    for one in (pid, *children):
        with contextlib.suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)


def statistics() -> None:
    """The largest difference to scipy's own answers, over random samples."""
    import numpy as np
    from scipy import special, stats

    from digitdesk.experiments.results.statistics import holm, incomplete_beta, welch_p

    rng, worst, worst_beta = np.random.default_rng(0), 0.0, 0.0
    for _ in range(2000):
        sizes = rng.integers(2, 12, 2)
        a, b = (rng.normal(rng.normal(), rng.exponential() + 0.01, n).tolist() for n in sizes)
        theirs = stats.ttest_ind(a, b, equal_var=False).pvalue
        worst = max(worst, abs(welch_p(a, b) - theirs) / max(theirs, 1e-300))
        p, q, x = rng.exponential(20) + 0.1, rng.exponential(20) + 0.1, rng.uniform()
        worst_beta = max(worst_beta, abs(incomplete_beta(p, q, x) - special.betainc(p, q, x)))
    say(f"Welch's p: at most {worst:.1e} of it apart; incomplete beta: at most {worst_beta:.1e}")
    chances = dict(enumerate(rng.uniform(size=9).tolist()))
    theirs = _holm_as_published(chances)
    say("Holm: the same" if holm(chances) == theirs else "Holm: DIFFERENT")


def _holm_as_published(chances):
    """Step by step, as in the paper: p is multiplied by how many are left, and never falls."""
    order = sorted(chances, key=chances.get)
    scaled = [chances[key] * (len(order) - place) for place, key in enumerate(order)]
    return {key: min(1.0, max(scaled[: place + 1])) for place, key in enumerate(order)}


def search(trials: int = 40, repeats: int = 5) -> None:
    """On a planted optimum, TPE's best row beside random search's, with as many rows."""
    from digitdesk.experiments.optuna_rows import OptunaRows
    from digitdesk.experiments.samplers import RandomRows
    from digitdesk.messages.experiments.plan import Axis, Range, Search

    axes = (
        Range("rate", 1e-5, 1.0, is_log=True),
        Range("units", 8, 512, is_log=True, is_whole=True),
        Axis("optimizer", ("sgd", "momentum", "adam")),
    )
    bests = {"random": [], "tpe": []}
    for seed in range(repeats):
        for name in bests:
            wanted = Search(name, axes, trials, seed=seed)
            with tempfile.TemporaryDirectory() as folder:
                sampler = (
                    RandomRows(wanted) if name == "random" else OptunaRows(wanted, Path(folder))
                )
                values = []
                for number in range(1, trials + 1):
                    row = sampler.ask(number)
                    values.append(planted(dict(row.values)))
                    sampler.tell(row, values[-1])
                bests[name].append(max(values))
    for name, best in bests.items():
        say(f"{name}: best of {trials} rows {sum(best) / repeats:.4f} (mean of {repeats})")
    assert sum(bests["tpe"]) > sum(bests["random"])


def planted(row) -> float:
    """Best at rate 0.01, 64 units and adam, where it is 1."""
    import math

    rate = math.log10(row["rate"]) + 2
    units = math.log2(row["units"]) - 6
    return 1 - 0.05 * rate**2 - 0.02 * units**2 - 0.1 * (row["optimizer"] != "adam")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    name, *numbers = sys.argv[1:] or ["statistics"]
    say(f"{datetime.date.today()}, {len(os.sched_getaffinity(0))} cores")
    {"throughput": throughput, "kills": kills, "statistics": statistics, "search": search}[name](
        *map(int, numbers)
    )
