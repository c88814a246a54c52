"""Worker processes: the same bits as threads, gone with the run, and dispensable at any moment."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.layers.dropout import dropout_layers
from digitdesk.nn.losses import SoftmaxCrossEntropy
from digitdesk.nn.optim.optimizers import make_optimizer
from digitdesk.nn.spec.build import build_network
from digitdesk.training.parallel import data_parallel
from digitdesk.training.parallel import process_pool as module
from digitdesk.training.parallel.data_parallel import DataParallelStep
from digitdesk.training.parallel.replica import Replica
from digitdesk.training.parallel.shared_arrays import SharedArrays
from tests.time_limits import quickest

SPEC = (
    "conv(4, 3) batchnorm relu maxpool(2) residual(conv(4, 3)) "
    "flatten dense(16) relu dropout(0.3) dense(10)"
)


def batch(step, size=22):
    rng = np.random.default_rng(step)
    return rng.random((size, 28, 28), dtype=np.float32), rng.integers(0, 10, size)


class Run:
    """A run that gets processes from its first step on, or none."""

    def __init__(self, *, pooled, spec=SPEC, threads=2, micro_batch_size=4, loss=None):
        self.network = build_network(spec, backend=cpu_backend(), seed=1)
        self.step = DataParallelStep(
            self.network,
            loss or SoftmaxCrossEntropy(0.1),
            make_optimizer("momentum", learning_rate=0.01),
            threads=threads,
            micro_batch_size=micro_batch_size,
        )
        if self.pool:
            self.pool._seconds = 1e9 if pooled else -1e9
        self.results = []

    def train(self, count, size=22):
        for _ in range(count):
            self.results.append(self.step.run(*batch(self.step.step, size)))

    def wait_for_processes(self):
        until = time.monotonic() + 60
        self.train(1)
        while not self.has_processes:
            assert time.monotonic() < until, "no process came"
            time.sleep(0.02)

    @property
    def has_processes(self):
        images, labels = batch(0)
        parts = [range(1), range(1, 2)]
        return self.pool.can_run(module.Batch(self.network, images, labels, 4, 0), parts)

    @property
    def pool(self):
        return self.step._process_pool

    @property
    def processes(self):
        return [worker._process for worker in self.pool._workers]

    def close(self):
        self.step.close()


class Pen:
    """Whether somebody draws."""

    is_down = False

    def is_taken(self):
        return self.is_down


@pytest.fixture(autouse=True)
def pen(monkeypatch):
    pen = Pen()
    monkeypatch.setattr(data_parallel, "DRAWING", pen)
    return pen


@pytest.fixture
def own_shares(monkeypatch):
    """How many shares this process computed itself, of each step."""
    counts, plain = [], Replica.run

    def spy(self, batch, shares):
        counts.append(len(shares))
        return plain(self, batch, shares)

    monkeypatch.setattr(Replica, "run", spy)
    return counts


@pytest.fixture
def run():
    runs = []

    def make(**settings):
        runs.append(Run(**settings))
        return runs[-1]

    yield make
    for one in runs:
        one.close()


def assert_same(one, other):
    np.testing.assert_array_equal(one.network.parameters.values, other.network.parameters.values)
    np.testing.assert_array_equal(one.network.statistics.values, other.network.statistics.values)
    assert one.results == other.results


@pytest.mark.parametrize("threads", [2, 3])
@pytest.mark.parametrize("micro_batch_size", [4, 11])
def test_processes_compute_the_same_to_the_last_bit(run, threads, micro_batch_size):
    settings = {"threads": threads, "micro_batch_size": micro_batch_size}
    pooled, alone = run(pooled=True, **settings), run(pooled=False, **settings)
    pooled.wait_for_processes()
    pooled.train(5)
    pooled.train(1, size=13)
    assert pooled.has_processes
    alone.train(6)
    alone.train(1, size=13)
    assert not alone.pool._workers
    assert_same(pooled, alone)
    images, _ = batch(0)
    np.testing.assert_array_equal(
        pooled.step.predict_logits(images), alone.step.predict_logits(images)
    )


def test_processes_really_do_their_share(run, monkeypatch):
    pooled = run(pooled=True)
    pooled.wait_for_processes()
    places = []
    plain = Replica.run

    def spy(self, batch, shares):
        places.append(pooled.step._replicas.index(self))
        return plain(self, batch, shares)

    monkeypatch.setattr(Replica, "run", spy)
    pooled.train(3)
    assert places == [0, 0, 0]


@pytest.mark.parametrize("threads", [2, 3])
def test_while_somebody_draws_the_processes_do_all_of_it(run, pen, own_shares, threads):
    pooled, alone = run(pooled=True, threads=threads), run(pooled=False, threads=threads)
    pooled.wait_for_processes()
    own_shares.clear()
    for pen.is_down in (False, True, False):
        pooled.train(2)
    quiet = -(-6 // threads)  # of six micro-batches, each a share
    assert own_shares == [quiet, quiet, 0, 0, quiet, quiet]
    alone.train(7)
    assert_same(pooled, alone)


def test_who_draws_does_not_wait_for_processes_that_are_not_there(run, pen, own_shares):
    one = run(pooled=False)
    pen.is_down = True
    one.train(1)
    assert sum(own_shares) == 6


def test_a_process_lost_while_somebody_draws_costs_nothing(run, pen):
    pooled, alone = run(pooled=True), run(pooled=False)
    pooled.wait_for_processes()
    pen.is_down = True
    os.kill(pooled.processes[0].pid, signal.SIGKILL)
    pooled.train(2)
    alone.train(3)
    assert pooled.pool.is_lost
    assert_same(pooled, alone)


def test_dropout_changed_on_the_way_reaches_the_processes(run):
    pooled, alone = run(pooled=True), run(pooled=False)
    pooled.wait_for_processes()
    alone.train(1)
    for one in (pooled, alone):
        for network in one.step.networks:
            for layer in dropout_layers(network.layers):
                layer.rate = 0.7
        one.train(3)
    assert pooled.has_processes
    assert_same(pooled, alone)


def test_a_batch_that_is_larger_or_of_another_type_is_for_the_threads(run):
    pooled, alone = run(pooled=True), run(pooled=False)
    pooled.wait_for_processes()
    alone.train(1)
    for one in (pooled, alone):
        one.train(1, size=40)
        images, labels = batch(7)
        one.results.append(one.step.run((images * 255).astype(np.uint8), labels))
        one.train(2)
    assert pooled.has_processes
    assert_same(pooled, alone)


@pytest.mark.parametrize("how", ["killed", "stopped", "mad"])
def test_a_lost_process_costs_nothing_but_speed(run, how, monkeypatch):
    pooled, alone = run(pooled=True), run(pooled=False)
    pooled.wait_for_processes()
    (process,) = pooled.processes
    if how == "killed":
        process.kill()
        process.wait()
    elif how == "stopped":
        monkeypatch.setattr(module, "_PATIENCE_SECONDS", 0.3)
        process.send_signal(signal.SIGSTOP)
    else:
        pooled.pool._workers[0]._answers = io.BytesIO()
    pooled.train(4)
    alone.train(5)
    assert pooled.pool.is_lost
    assert process.poll() is not None
    assert_same(pooled, alone)


def test_there_are_processes_only_for_shares_that_get_work(run):
    many = run(pooled=True, threads=8, micro_batch_size=8)
    many.train(1)
    assert len(many.processes) == 2  # 22 images are three micro-batches


def test_they_are_made_for_whole_batches_not_for_the_last_of_an_epoch(run):
    pooled = run(pooled=False)
    pooled.train(1)
    pooled.pool._seconds = 1e9
    pooled.train(1, size=13)
    assert not pooled.pool._workers
    pooled.wait_for_processes()
    assert pooled.has_processes


def test_modules_in_the_current_folder_are_not_theirs(run, tmp_path, monkeypatch):
    for name in ("numpy", "json", "digitdesk"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('read by a worker process')")
    monkeypatch.chdir(tmp_path)
    run(pooled=True).wait_for_processes()


def test_a_process_that_cannot_start_is_not_missed(run, monkeypatch):
    monkeypatch.setattr(module.sys, "executable", "/nowhere/python")
    pooled, alone = run(pooled=True), run(pooled=False)
    pooled.train(4)
    alone.train(4)
    assert pooled.pool.is_lost
    assert_same(pooled, alone)


def test_a_process_that_ends_while_it_starts_is_not_missed(run, monkeypatch):
    monkeypatch.setattr(module, "WORKER_ARGUMENT", "--version")
    pooled = run(pooled=True)
    until = time.monotonic() + 60
    while not pooled.pool.is_lost:
        pooled.train(1)
        assert time.monotonic() < until
    pooled.train(1)


def test_no_memory_to_share_is_no_reason_to_stop(run, monkeypatch):
    def refuse(*arguments):
        raise OSError("no memory")

    monkeypatch.setattr(module, "SharedArrays", refuse)
    pooled = run(pooled=True)
    pooled.train(3)
    assert pooled.pool.is_lost


def test_an_error_of_the_batch_is_said_as_ever(run):
    pooled = run(pooled=True)
    pooled.wait_for_processes()
    images, labels = batch(0)
    labels[-1] = 99
    with pytest.raises(IndexError):
        pooled.step.run(images, labels)
    labels[:] = 99
    with pytest.raises(IndexError):
        pooled.step.run(images, labels)
    pooled.train(1)


def test_close_ends_them_and_keeps_the_weights(run):
    pooled = run(pooled=True)
    pooled.wait_for_processes()
    processes = pooled.processes
    pooled.close()
    assert all(process.poll() is not None for process in processes)
    assert np.isfinite(pooled.network.parameters.values).all()


def test_close_does_not_wait_for_one_that_is_starting(run):
    def close():
        pooled = run(pooled=True)
        pooled.train(1)
        (process,) = pooled.processes
        started = time.monotonic()
        pooled.close()
        seconds = time.monotonic() - started
        assert process.poll() is not None
        return seconds

    assert quickest(close, 2) < 2


def test_short_runs_and_dense_networks_start_none(run):
    short = run(pooled=False)
    short.train(3)
    assert not short.pool._workers
    assert run(pooled=True, spec="mlp(16)").pool is None
    assert run(pooled=True, threads=1).pool is None


PARENT = """
import sys, time
sys.path[:0] = {path!r}
from tests.training.parallel.test_process_pool import Run
run = Run(pooled=True)
run.wait_for_processes()
print(run.processes[0].pid, flush=True)
while True:
    run.train(1)
"""


def is_alive(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except OSError:
        return False
    return state.rpartition(")")[2].split()[0] != "Z"


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="looks for processes in /proc")
def test_processes_do_not_outlive_a_parent_that_is_killed():
    code = PARENT.format(path=[path for path in sys.path if path])
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as parent:
        pid = int(parent.stdout.readline())
        assert is_alive(pid)
        os.kill(parent.pid, signal.SIGKILL)
    until = time.monotonic() + 10
    while is_alive(pid):
        assert time.monotonic() < until, "the process is still there"
        time.sleep(0.05)


def test_shared_arrays_are_the_same_on_both_sides():
    mine = SharedArrays({"a": ((3, 5), "float32"), "b": ((0,), "int64"), "c": ((7,), "bool")})
    theirs = SharedArrays(mine.layout, mine.handle)
    mine["a"][...] = np.arange(15).reshape(3, 5)
    theirs["c"][2:] = True
    np.testing.assert_array_equal(theirs["a"], np.arange(15).reshape(3, 5))
    assert mine["c"].tolist() == [False] * 2 + [True] * 5
    assert theirs["b"].shape == (0,)
    assert all(array.ctypes.data % 64 == 0 for array in (mine["a"], mine["c"]))
    mine.close()
    assert mine["a"][2, 4] == 14
