"""Reads with one network's weights on all cores, for several threads at once.

Layers use their buffers again, so a network serves one thread at a time. Pictures are cut into
pieces by their number alone, and each piece is read by whichever thread is free: any number of
threads, however busy the machine, gives the same bits.

A single picture, as somebody draws it, is read by a recorded pass. Gains: cnn-deep, the reader's
network and cnn-light read one 1.5, 1.7 and 1.9 times as fast
(``tests/benchmarks/tricks.py --only recording-one``).
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.nn.network import Network
from digitdesk.nn.parallel.right_of_way import DRAWING, RIGHT_OF_WAY, RightOfWay
from digitdesk.nn.parallel.thread_pool import ThreadPool, usable_cores
from digitdesk.nn.piece_reader import PieceReader

_MANY = 500
"""Pictures of which nobody reads as many while somebody waits: a drawing is one, a number a few."""
_WHILE_DRAWING_SECONDS = 1.0
"""From one stroke to the next is not as long."""
_LOOK_AGAIN_SECONDS = 0.02


class NetworkPool:
    """Networks that share their weights: one for each thread that reads at the same time.

    No caller waits for another. Who reads alone always gets the same networks, whose buffers are
    there already: the system hands out memory page by page on first use. Who reads a single picture
    has networks that read nothing else, since other sizes would end what was recorded.

    Args:
        network: The first of them; from now on it is used here only, and not trained.
        threads: The most that read for one caller; ``None`` for one per core. On a GPU there is
            always one.
        right_of_way: Who reads few pictures takes it; of those who read many, each does with one
            thread while anybody has it.
    """

    def __init__(
        self,
        network: Network,
        *,
        threads: int | None = None,
        right_of_way: RightOfWay = RIGHT_OF_WAY,
    ) -> None:
        self._first = network
        self._threads = 1 if network.backend.name == "gpu" else max(1, threads or usable_cores())
        self._right_of_way = right_of_way
        # Only ever used by ``pop`` and ``append``, each of which threads see whole.
        self._idle = [network]
        self._idle_readers: list[PieceReader] = []

    def predict_logits(self, images: NDArray[Any], /) -> NDArray[Any]:
        """(N, 28, 28) pictures → (N, outputs) logits."""
        is_many = len(images) >= _MANY
        if not is_many:
            for right in (self._right_of_way, DRAWING):
                right.take(_WHILE_DRAWING_SECONDS)
        if len(images) == 1:
            return self._read_one(images)
        pieces = -(-len(images) // self._first.images_read_at_once)
        networks = [self._borrow() for _ in range(min(self._threads, max(1, pieces)))]
        try:
            if pieces <= 1:
                return networks[0].predict_logits(images)
            with contextlib.closing(_threads(len(networks))) as threads:
                gives_way = self._right_of_way if is_many else None
                return read_in_pieces(networks[: threads.size], images, threads, gives_way)
        finally:
            for network in reversed(networks):
                self._idle.append(network)

    def _read_one(self, images: NDArray[Any]) -> NDArray[Any]:
        try:
            reader = self._idle_readers.pop()
        except IndexError:
            reader = PieceReader(self._first.replica(), size=1)
        try:
            return reader.predict_logits(images).copy()
        finally:
            self._idle_readers.append(reader)

    @contextlib.contextmanager
    def lent(self) -> Iterator[Network]:
        """One of the networks, for something else than reading; its weights are not to change."""
        network = self._borrow()
        try:
            yield network
        finally:
            self._idle.append(network)

    def _borrow(self) -> Network:
        try:
            return self._idle.pop()
        except IndexError:
            return self._first.replica()


def _threads(count: int) -> ThreadPool:
    """So many threads, or the caller's alone where the system gives no more."""
    try:
        return ThreadPool(count)
    except RuntimeError:
        return ThreadPool(1)


def read_in_pieces(
    networks: Sequence[Network],
    images: NDArray[Any],
    threads: ThreadPool,
    gives_way: RightOfWay | None = None,
) -> NDArray[Any]:
    """Read many pictures on several threads; otherwise as ``Network.predict_logits``.

    Args:
        networks: They share their weights; one for each thread.
        images: (N, 28, 28).
        threads: At least as many.
        gives_way: While it is taken, only the caller's thread reads.

    Returns:
        (N, outputs) logits.
    """
    first = networks[0]
    size = first.images_read_at_once
    logits = np.empty((len(images), *first.output_shape), dtype=first.dtype)
    # Only ever used by ``next``, which threads see whole.
    starts = iter(range(0, len(images), size))
    is_done = threading.Event()

    def read(place: int) -> None:
        mine = _giving_way(starts, is_done, gives_way) if place and gives_way else starts
        reader = PieceReader(networks[place])
        try:
            for start in mine:
                piece = slice(start, start + size)
                logits[piece] = reader.predict_logits(images[piece])
        finally:
            is_done.set()

    threads.run(read, len(networks))
    return logits


def _giving_way(
    starts: Iterator[int], is_done: threading.Event, right_of_way: RightOfWay
) -> Iterator[int]:
    """What is still to be read, one after the other, but nothing while others go first."""
    while not is_done.is_set():
        if right_of_way.is_taken():
            is_done.wait(_LOOK_AGAIN_SECONDS)
        elif (start := next(starts, None)) is None:
            return
        else:
            yield start
