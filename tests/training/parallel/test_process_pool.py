"""Helper processes: the same bits as threads, gone with the run, and dispensable at any moment."""

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
from digitdesk.training.parallel import process_pool as module
from digitdesk.training.parallel.data_parallel import DataParallelStep
from digitdesk.training.parallel.replica import Replica
from digitdesk.training.parallel.shared_arrays import SharedArrays

SPEC = (
    "conv(4, 3) batchnorm relu maxpool(2) residual(conv(4, 3)) "
    "flatten dense(16) relu dropout(0.3) dense(10)"
)


def batch(step, size=22):
    rng = np.random.default_rng(step)
    return rng.random((size, 28, 28), dtype=np.float32), rng.integers(0, 10, size)


class Run:
    """A run that gets helpers from its first step on, or none."""

    def __init__(self, *, helped, spec=SPEC, threads=2, piece_size=4, loss=None):
        self.network = build_network(spec, backend=cpu_backend(), seed=1)
        self.step = DataParallelStep(
            self.network,
            loss or SoftmaxCrossEntropy(0.1),
            make_optimizer("momentum", learning_rate=0.01),
            threads=threads,
            piece_size=piece_size,
        )
        if self.crew:
            self.crew._seconds = 1e9 if helped else -1e9
        self.results = []

    def train(self, count, size=22):
        for _ in range(count):
            self.results.append(self.step.run(*batch(self.step.step, size)))

    def wait_for_helpers(self):
        until = time.monotonic() + 60
        self.train(1)
        while not self.is_helped:
            assert time.monotonic() < until, "no helper came"
            time.sleep(0.02)

    @property
    def is_helped(self):
        images, labels = batch(0)
        shares = [range(1), range(1, 2)]
        return self.crew.can_help(module.Batch(self.network, images, labels, 4, 0), shares)

    @property
    def crew(self):
        return self.step._crew

    @property
    def processes(self):
        return [helper._process for helper in self.crew._helpers]

    def close(self):
        self.step.close()


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
    np.testing.assert_array_equal(one.network.states.values, other.network.states.values)
    assert one.results == other.results


@pytest.mark.parametrize("threads", [2, 3])
@pytest.mark.parametrize("piece_size", [4, 11])
def test_helpers_compute_the_same_to_the_last_bit(run, threads, piece_size):
    settings = {"threads": threads, "piece_size": piece_size}
    helped, alone = run(helped=True, **settings), run(helped=False, **settings)
    helped.wait_for_helpers()
    helped.train(5)
    helped.train(1, size=13)
    assert helped.is_helped
    alone.train(6)
    alone.train(1, size=13)
    assert not alone.crew._helpers
    assert_same(helped, alone)
    images, _ = batch(0)
    np.testing.assert_array_equal(
        helped.step.predict_logits(images), alone.step.predict_logits(images)
    )


def test_helpers_really_do_their_share(run, monkeypatch):
    helped = run(helped=True)
    helped.wait_for_helpers()
    shards = []
    plain = Replica.run

    def spy(self, batch, pieces):
        shards.append(helped.step._shards.index(self))
        return plain(self, batch, pieces)

    monkeypatch.setattr(Replica, "run", spy)
    helped.train(3)
    assert shards == [0, 0, 0]


def test_dropout_changed_on_the_way_reaches_the_helpers(run):
    helped, alone = run(helped=True), run(helped=False)
    helped.wait_for_helpers()
    alone.train(1)
    for one in (helped, alone):
        for network in one.step.replicas:
            for layer in dropout_layers(network.layers):
                layer.rate = 0.7
        one.train(3)
    assert helped.is_helped
    assert_same(helped, alone)


def test_a_batch_that_is_larger_or_lies_otherwise_is_for_the_threads(run):
    helped, alone = run(helped=True), run(helped=False)
    helped.wait_for_helpers()
    alone.train(1)
    for one in (helped, alone):
        one.train(1, size=40)
        images, labels = batch(7)
        one.results.append(one.step.run(one.network.to_inside(images), labels))
        one.results.append(one.step.run((images * 255).astype(np.uint8), labels))
        one.train(2)
    assert helped.is_helped
    assert_same(helped, alone)


@pytest.mark.parametrize("how", ["killed", "stopped", "mad"])
def test_a_lost_helper_costs_nothing_but_speed(run, how, monkeypatch):
    helped, alone = run(helped=True), run(helped=False)
    helped.wait_for_helpers()
    (process,) = helped.processes
    if how == "killed":
        process.kill()
        process.wait()
    elif how == "stopped":
        monkeypatch.setattr(module, "_PATIENCE_SECONDS", 0.3)
        process.send_signal(signal.SIGSTOP)
    else:
        helped.crew._helpers[0]._answers = io.BytesIO()
    helped.train(4)
    alone.train(5)
    assert helped.crew.is_lost
    assert process.poll() is not None
    assert_same(helped, alone)


def test_there_are_helpers_only_for_shares_that_get_work(run):
    many = run(helped=True, threads=8, piece_size=8)
    many.train(1)
    assert len(many.processes) == 2  # 22 images are three pieces


def test_they_are_made_for_whole_batches_not_for_the_last_of_an_epoch(run):
    helped = run(helped=False)
    helped.train(1)
    helped.crew._seconds = 1e9
    helped.train(1, size=13)
    assert not helped.crew._helpers
    helped.wait_for_helpers()
    assert helped.is_helped


def test_modules_in_the_current_folder_are_not_theirs(run, tmp_path, monkeypatch):
    for name in ("numpy", "json", "digitdesk"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('read by a helper')")
    monkeypatch.chdir(tmp_path)
    run(helped=True).wait_for_helpers()


def test_a_helper_that_cannot_start_is_not_missed(run, monkeypatch):
    monkeypatch.setattr(module.sys, "executable", "/nowhere/python")
    helped, alone = run(helped=True), run(helped=False)
    helped.train(4)
    alone.train(4)
    assert helped.crew.is_lost
    assert_same(helped, alone)


def test_a_helper_that_ends_while_it_starts_is_not_missed(run, monkeypatch):
    monkeypatch.setattr(module, "WORKER_ARGUMENT", "--version")
    helped = run(helped=True)
    until = time.monotonic() + 60
    while not helped.crew.is_lost:
        helped.train(1)
        assert time.monotonic() < until
    helped.train(1)


def test_no_memory_to_share_is_no_reason_to_stop(run, monkeypatch):
    def refuse(*arguments):
        raise OSError("no memory")

    monkeypatch.setattr(module, "SharedArrays", refuse)
    helped = run(helped=True)
    helped.train(3)
    assert helped.crew.is_lost


def test_an_error_of_the_batch_is_said_as_ever(run):
    helped = run(helped=True)
    helped.wait_for_helpers()
    images, labels = batch(0)
    labels[-1] = 99
    with pytest.raises(IndexError):
        helped.step.run(images, labels)
    labels[:] = 99
    with pytest.raises(IndexError):
        helped.step.run(images, labels)
    helped.train(1)


def test_close_ends_them_and_keeps_the_weights(run):
    helped = run(helped=True)
    helped.wait_for_helpers()
    processes = helped.processes
    helped.close()
    assert all(process.poll() is not None for process in processes)
    assert np.isfinite(helped.network.parameters.values).all()


def test_close_does_not_wait_for_one_that_is_starting(run):
    helped = run(helped=True)
    helped.train(1)
    (process,) = helped.processes
    started = time.monotonic()
    helped.close()
    assert process.poll() is not None
    assert time.monotonic() - started < 2


def test_short_runs_and_dense_networks_start_none(run):
    short = run(helped=False)
    short.train(3)
    assert not short.crew._helpers
    assert run(helped=True, spec="mlp(16)").crew is None
    assert run(helped=True, threads=1).crew is None


PARENT = """
import sys, time
sys.path[:0] = {path!r}
from tests.training.parallel.test_process_pool import Run
run = Run(helped=True)
run.wait_for_helpers()
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
def test_helpers_do_not_outlive_a_parent_that_is_killed():
    code = PARENT.format(path=[path for path in sys.path if path])
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as parent:
        pid = int(parent.stdout.readline())
        assert is_alive(pid)
        os.kill(parent.pid, signal.SIGKILL)
    until = time.monotonic() + 10
    while is_alive(pid):
        assert time.monotonic() < until, "the helper is still there"
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
