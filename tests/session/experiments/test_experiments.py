"""Experiments with real runs in processes of their own: killed, resumed, and looked at."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from digitdesk.errors import ConfigError, DataError, SaveError
from digitdesk.files.paths import UserPaths
from digitdesk.messages.experiments.plan import Plan
from digitdesk.messages.experiments.progress import ExperimentState, TrialState
from digitdesk.messages.experiments.results import ResultTable
from digitdesk.session.experiments.experiments import Experiments
from digitdesk.session.session import Session
from tests.training.small_runs import write_idx_folder

ROOT = Path(__file__).resolve().parents[3]
PLAN = """\
title = "Small"
seeds = 2
[settings]
model = "flatten dense({units}) relu dense(10)"
data = DATA
epochs = 3
device = "cpu"
[grid]
units = [8, 24]
learning_rate = [0.01, 0.0001]
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("sets") / "stripes"
    write_idx_folder(folder, train_count=600, test_count=200)
    return str(folder)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    return Session(UserPaths.under(tmp_path_factory.mktemp("user")), environ={})


@pytest.fixture(scope="module")
def made(session: Session, data: str) -> str:
    """An experiment that was made to its end."""
    key = session.experiments.start(small_plan(session.experiments, data))
    assert session.experiments.join(key, 120)
    return key


def small_plan(experiments: Experiments, data: str) -> Plan:
    return experiments.plans.read(PLAN.replace("DATA", repr(data)))


def without_times(table: ResultTable) -> ResultTable:
    """What must be the same, however often a run was interrupted and how long it took."""
    rows = tuple(dataclasses.replace(row, seconds=None, is_fast=False) for row in table.rows)
    return dataclasses.replace(table, rows=rows)


def test_a_grid_is_made_and_compared(session: Session, made: str) -> None:
    experiments = session.experiments
    size = experiments.plans.check(experiments.look(made).plan)
    assert (size.rows, size.runs, size.needs) == (4, 8, "")
    assert size.first[3] == (("units", 24), ("learning_rate", 0.0001))
    view = experiments.look(made)
    assert view.state is ExperimentState.FINISHED
    assert [run.state for run in view.runs] == [TrialState.FINISHED] * 8
    table = experiments.table(made)
    assert table.columns == ("units", "learning_rate")
    assert [row.count for row in table.rows] == [2] * 4
    assert (table.rows[2].mean or 0) > (table.rows[3].mean or 0), "a tiny rate learned as well"
    assert experiments.importance(made)[0].name == "learning_rate"
    assert [len(curve.epochs) for curve in experiments.curves(made)] == [3] * 8
    (entry,) = [entry for entry in experiments.experiments() if entry.key == made]
    assert (entry.title, entry.done, entry.runs, entry.failed) == ("Small", 8, 8, 0)


def test_the_queue_gives_what_a_run_by_itself_gives(session: Session, made: str) -> None:
    config = session.experiments.config(made, 6)
    assert (config.seed, config.threads) == (1, None)
    finished = session.train(config)
    run = next(run for run in session.experiments.look(made).runs if run.number == 6)
    assert finished.test_accuracy == run.test_accuracy


def test_a_run_has_a_model_that_can_be_opened(session: Session, made: str) -> None:
    path = session.experiments.model(made, 1)
    assert session.open_model(path).card.config["learning_rate"] == 0.01
    with pytest.raises(DataError, match="no network of run 99"):
        session.experiments.model(made, 99)


def test_exports_are_written(session: Session, made: str, tmp_path: Path) -> None:
    for name, words in (("a.csv", "test_accuracy"), ("a.md", "| units |"), ("a.tex", "toprule")):
        session.experiments.export(made, tmp_path / name)
        assert words in (tmp_path / name).read_text()
    with pytest.raises(SaveError, match="csv"):
        session.experiments.export(made, tmp_path / "a.pdf")


def test_events_tell_of_it(session: Session, made: str) -> None:
    kinds = {type(event).__name__ for event in session.experiments.drain_events(10_000)}
    assert kinds == {"ExperimentChanged", "TrialChanged", "TrialEpoch"}


def test_a_folder_has_one_experiment(session: Session, made: str, data: str) -> None:
    plan = small_plan(session.experiments, data)
    with pytest.raises(SaveError, match=r"an experiment in .* already"):
        session.experiments.start(plan, Path(made))
    with pytest.raises(ConfigError, match="does not go on"):
        session.experiments.cancel(made, [1])


def test_two_who_ask_at_once_get_the_same(session: Session, made: str) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as pool:
        tables = list(pool.map(lambda _: session.experiments.table(made), range(12)))
        views = list(pool.map(lambda _: session.experiments.look(made), range(12)))
    assert all(table == tables[0] for table in tables)
    assert all(view == views[0] for view in views)


def test_an_estimate_is_measured(session: Session, data: str) -> None:
    plan = small_plan(session.experiments, data)
    told: list[tuple[int, int]] = []
    estimate = session.experiments.plans.estimate(
        plan, lambda done, total: told.append((done, total))
    )
    assert estimate.runs == 8
    assert 0 < estimate.seconds < 120
    assert told[-1] == (2, 2), "rates make no kinds of their own"


def test_closing_keeps_the_runs_and_they_go_on(data: str, tmp_path: Path, made: str) -> None:
    session = Session(UserPaths.under(tmp_path), environ={})
    plan = small_plan(session.experiments, data)
    long = dataclasses.replace(plan, settings=(*plan.settings, ("average", 0.9)), seeds=(0,))
    key = session.experiments.start(long)
    while not session.experiments.look(key).runs[0].state.is_over:
        time.sleep(0.01)
    assert session.close(30)
    after = Session(UserPaths.under(tmp_path), environ={})
    assert after.experiments.look(key).state in (ExperimentState.WAITING, ExperimentState.FINISHED)
    after.experiments.resume(key)
    assert after.experiments.join(key, 120)
    assert after.experiments.look(key).state is ExperimentState.FINISHED
    after.close(30)


def test_killed_at_random_moments_it_gives_the_same_table(
    session: Session, made: str, data: str, tmp_path: Path
) -> None:
    """A shorter form of ``tests/benchmarks/experiments.py kills``."""
    plan, out = tmp_path / "plan.toml", tmp_path / "out"
    plan.write_text(PLAN.replace("DATA", repr(data)))
    rng = random.Random(5)
    for _ in range(3):
        process = begun(plan, out, tmp_path)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(rng.uniform(0.5, 2.5))
        kill_with_children(process.pid)
        process.wait()
    last = begun(plan, out, tmp_path)
    assert last.wait(120) == 0
    table = session.experiments.table(str(out))
    assert without_times(table) == without_times(session.experiments.table(made))


def begun(plan: Path, out: Path, home: Path) -> subprocess.Popen[bytes]:
    words = ["experiment", "run", str(plan), "--out", str(out), "--resume"]
    return subprocess.Popen(
        [sys.executable, "-m", "digitdesk", *words],
        env=os.environ | {"DIGITDESK_HOME": str(home / "home"), "PYTHONPATH": str(ROOT)},
        cwd=home,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def kill_with_children(pid: int) -> None:
    """As in a power cut: the queue and its processes at once."""
    children = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            fields = status.read_text().rpartition(")")[2].split()
            if int(fields[1]) == pid:
                children.append(int(status.parent.name))
    for one in (pid, *children):
        with contextlib.suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)
