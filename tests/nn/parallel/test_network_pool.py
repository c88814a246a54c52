"""Many pictures on all cores: the same bits, nobody waits, and who reads few goes first."""

from __future__ import annotations

import threading

import numpy as np
import pytest
import threadpoolctl

from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.core.recording import Recording
from digitdesk.nn.network import Network
from digitdesk.nn.parallel import network_pool
from digitdesk.nn.parallel.network_pool import _MANY, NetworkPool
from digitdesk.nn.parallel.right_of_way import RightOfWay
from digitdesk.nn.piece_reader import PieceReader
from digitdesk.nn.spec.build import build_network

WITH_EVERYTHING = (
    "conv(4, 3) batchnorm relu maxpool(2) flatten dense(16) relu dropout(0.5) dense(10)"
)
PATIENCE_SECONDS = 60


def network_of(spec=WITH_EVERYTHING):
    return build_network(spec, backend=cpu_backend(), seed=3)


def pictures(count=2500):
    return np.random.default_rng(0).random((count, 28, 28), dtype=np.float32)


class Always(RightOfWay):
    """Somebody, or nobody, goes first at any time."""

    def __init__(self, is_taken):
        super().__init__()
        self._is_taken = is_taken
        self.was_taken = False

    def take(self, seconds):
        self.was_taken = True

    def is_taken(self):
        return self._is_taken


@pytest.fixture
def readers(monkeypatch):
    """The threads that read a piece, one for each piece."""
    names, read = [], PieceReader.predict_logits

    def note(reader, images):
        names.append(threading.current_thread().name)
        return read(reader, images)

    monkeypatch.setattr(PieceReader, "predict_logits", note)
    return names


@pytest.fixture
def two_at_once(monkeypatch):
    """The first two pieces are read at the same time, or not at all."""
    both, read = threading.Barrier(2), PieceReader.predict_logits
    begun = set()

    def meet(reader, images):
        if reader not in begun:
            begun.add(reader)
            both.wait(PATIENCE_SECONDS)
        return read(reader, images)

    monkeypatch.setattr(PieceReader, "predict_logits", meet)


@pytest.mark.parametrize("spec", [WITH_EVERYTHING, "mlp(128)"])
@pytest.mark.parametrize("count", [0, 1, 100, _MANY, 2500])
def test_any_number_of_threads_gives_the_same_bits(spec, count):
    network, images = network_of(spec), pictures(count)
    with threadpoolctl.threadpool_limits(1, user_api="blas"):
        expected = network.predict_logits(images)
        for threads in (1, 2, 5):
            pool = NetworkPool(network.replica(), threads=threads)
            for _ in range(3):
                np.testing.assert_array_equal(pool.predict_logits(images), expected)


def test_pieces_are_cut_by_the_number_of_pictures_alone(readers):
    network = network_of()
    images = pictures(network.images_read_at_once * 4 + 5)
    for threads in (2, 3):
        readers.clear()
        NetworkPool(network, threads=threads).predict_logits(images)
        assert len(readers) == 5


def test_threads_read_at_the_same_time(two_at_once):
    images = pictures()
    pool = NetworkPool(network_of(), threads=2, right_of_way=Always(False))
    assert pool.predict_logits(images).shape == (len(images), 10)


def test_while_somebody_goes_first_the_caller_reads_alone(readers):
    pool = NetworkPool(network_of(), threads=3, right_of_way=Always(True))
    pool.predict_logits(pictures())
    assert len(readers) > 10
    assert set(readers) == {threading.current_thread().name}


def test_the_others_go_on_once_nobody_goes_first_any_more(two_at_once):
    """The first piece waits for the second, so that one thread alone would not end."""
    now = iter([0.0, 0.1])
    right_of_way = RightOfWay(lambda: next(now, 100.0))
    right_of_way.take(0.25)
    pool = NetworkPool(network_of(), threads=2, right_of_way=right_of_way)
    assert len(pool.predict_logits(pictures())) == 2500


@pytest.mark.parametrize(("count", "goes_first"), [(1, True), (_MANY - 1, True), (_MANY, False)])
def test_who_reads_few_goes_first(count, goes_first, monkeypatch):
    """Before who reads many, and before who trains."""
    right_of_way, drawing = Always(False), Always(False)
    monkeypatch.setattr(network_pool, "DRAWING", drawing)
    NetworkPool(network_of(), right_of_way=right_of_way).predict_logits(pictures(count))
    assert right_of_way.was_taken is goes_first
    assert drawing.was_taken is goes_first


def test_who_reads_few_waits_for_nobody(two_at_once):
    """Not even for itself: what it took is meant for others."""
    pool = NetworkPool(network_of(), threads=2, right_of_way=Always(True))
    assert len(pool.predict_logits(pictures(_MANY - 1))) == _MANY - 1


def test_where_the_system_gives_no_threads_the_caller_reads_alone(monkeypatch):
    images, network = pictures(), network_of()
    expected = NetworkPool(network, threads=2).predict_logits(images)

    def refuse(thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    pool = NetworkPool(network, threads=2)
    np.testing.assert_array_equal(pool.predict_logits(images), expected)


def test_a_fault_on_any_thread_reaches_the_caller_and_costs_no_network(two_at_once, monkeypatch):
    pool = NetworkPool(network_of(), threads=2, right_of_way=Always(False))
    read = PieceReader.predict_logits

    def fail(reader, images):
        read(reader, images)
        if threading.current_thread().name.startswith("replica"):
            raise MemoryError("planted")
        return np.zeros((len(images), 10))

    with monkeypatch.context() as plant:
        plant.setattr(PieceReader, "predict_logits", fail)
        with pytest.raises(MemoryError, match="planted"):
            pool.predict_logits(pictures())
    assert len(pool._idle) == 2
    assert pool.predict_logits(pictures()).shape == (2500, 10)


def test_networks_are_kept_for_the_next_time(monkeypatch):
    made, replica = [], Network.replica
    monkeypatch.setattr(Network, "replica", lambda self: made.append(1) or replica(self))
    pool = NetworkPool(network_of(), threads=3)
    for _ in range(4):
        pool.predict_logits(pictures())
        pool.predict_logits(pictures(1))
    assert len(made) == 3  # two for the other threads, one for who reads one


def test_who_reads_few_gets_the_same_network_each_time(monkeypatch):
    network, used, read = network_of(), [], Network.predict_logits
    pool = NetworkPool(network, threads=2)
    pool.predict_logits(pictures())

    def note(network, images):
        used.append(network)
        return read(network, images)

    monkeypatch.setattr(Network, "predict_logits", note)
    for _ in range(3):
        pool.predict_logits(pictures(2))
    assert used == [network] * 3


def test_one_picture_after_the_other_is_read_by_a_recorded_pass(monkeypatch):
    """Whatever is read between them, and whoever keeps what was said."""
    repeated, repeat = [], Recording.repeat
    monkeypatch.setattr(Recording, "repeat", lambda made: repeated.append(1) or repeat(made))
    network, images = network_of(), pictures(6)
    with threadpoolctl.threadpool_limits(1, user_api="blas"):
        pool = NetworkPool(network.replica())
        kept = []
        for k in range(6):
            kept.append(pool.predict_logits(images[k : k + 1]))
            pool.predict_logits(pictures(40))
        expected = [network.predict_logits(images[k : k + 1]) for k in range(6)]
    np.testing.assert_array_equal(np.concatenate(kept), np.concatenate(expected))
    assert len(repeated) == 4


def test_threads_that_read_one_picture_each_have_a_recorded_pass_each():
    pool, images = NetworkPool(network_of()), pictures(64)
    expected = pool.predict_logits(images)
    said, start = [None] * 4, threading.Barrier(4)

    def read(place):
        start.wait(PATIENCE_SECONDS)
        said[place] = [pool.predict_logits(images[k : k + 1]) for k in range(64)]

    threads = [threading.Thread(target=read, args=(place,)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    for mine in said:
        np.testing.assert_allclose(np.concatenate(mine), expected, atol=1e-4)
    assert len(pool._idle_readers) <= 4


def test_the_right_of_way_lasts_as_long_as_the_longest_taking():
    now = 10.0
    right_of_way = RightOfWay(lambda: now)
    assert not right_of_way.is_taken()
    right_of_way.take(1.0)
    right_of_way.take(0.25)
    now = 10.9
    assert right_of_way.is_taken()
    now = 11.1
    assert not right_of_way.is_taken()
    right_of_way.take(0.25)
    assert right_of_way.is_taken()
    now = 11.4
    assert not right_of_way.is_taken()
