"""Calls that are recorded and repeated do the same again; what could not be is refused."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from numpy.lib.stride_tricks import as_strided

from digitdesk.nn.core.buffers import Buffers
from digitdesk.nn.core.recording import RecordedArray, UnrecordableError, recorded, recording

SHAPE = (3, 4)


def numbers(seed=0):
    return np.random.default_rng(seed).random(SHAPE, dtype=np.float32)


def _new_arrays(x, out):
    return np.maximum(x * 2 + 1, x)


def _in_place(x, out):
    out[...] = x
    out += x
    out *= 3
    out.fill(2)
    out[1:] = x[1:]
    return out


def _views(x, out):
    out[:, ::2] = x.T.swapaxes(0, 1)[:, 1::2]
    out[:, 1::2] = as_strided(x, (3, 2), (16, 8), subok=True)
    return out.reshape(4, 3).transpose()


def _products_and_sums(x, out):
    weights = np.arange(6, dtype=np.float32).reshape(2, 3)
    return np.matmul(weights, x) - x.sum(axis=0) + np.vecdot(x, x)[:2, None] - x.max(axis=0)


def _a_copy_where_no_view_is_possible(x, out):
    return x.T.reshape(-1) + 1


def _rows_one_by_one(x, out):
    first, second, third = x
    np.add(first, third, out=out[1])
    return np.subtract(out[1], second, out=out[0])


def _empty_parts(x, out):
    x[:0] = x[3:] = 5
    return x + x[0]


RECORDABLE = (
    _new_arrays,
    _in_place,
    _views,
    _products_and_sums,
    _a_copy_where_no_view_is_possible,
    _rows_one_by_one,
    _empty_parts,
)


@pytest.mark.parametrize("work", RECORDABLE)
def test_repeated_with_other_numbers_it_gives_what_the_work_would(work):
    buffers = Buffers(np, "float32")
    x = numbers()
    expected = work(x.copy(), np.zeros(SHAPE, np.float32))
    with recording() as made:
        result = work(recorded(x), buffers.get("out", SHAPE, zeroed=True))
    assert isinstance(result, RecordedArray)
    plain = result.view(np.ndarray)
    np.testing.assert_array_equal(plain, expected)
    assert len(made)
    for seed in (1, 2):
        x[...] = numbers(seed)
        made.repeat()
        expected = work(numbers(seed), np.zeros(SHAPE, np.float32))
        np.testing.assert_array_equal(plain, expected)


@pytest.mark.parametrize(
    "look",
    [
        lambda x: np.sum(x, axis=0),
        lambda x: np.concatenate([x, x]),
        lambda x: np.where(x > 0, 1, 0),
        lambda x: x[x > 0.5],
        lambda x: x[[0, 2]],
        lambda x: x[0, 0],
        lambda x: x.sum(),
        lambda x: bool(x[:1, :1] > 0),
        lambda x: float(x[:1, :1].reshape(())),
        lambda x: x.copy(),
        lambda x: x.astype("float64"),
        lambda x: x.tolist(),
        lambda x: x.ravel(),
        lambda x: x.take([0]),
        lambda x: list(x[0]),
        lambda x: np.add.at(x, 0, 1),
        lambda x: np.modf(x),
        lambda x: x.__setitem__((0, 0), 1),
    ],
)
def test_what_looks_at_the_numbers_or_copies_them_is_refused(look):
    with recording(), pytest.raises(UnrecordableError):
        look(recorded(numbers()))


def test_what_is_not_computed_of_buffers_stays_as_it_was():
    weights, x = numbers(1), numbers()
    with recording() as made:
        y = recorded(x) + weights * 2
    expected = x + weights * 2
    weights.fill(0)
    made.repeat()
    np.testing.assert_array_equal(y.view(np.ndarray), expected)


def test_nothing_is_recorded_by_other_threads_or_afterwards():
    kinds = []
    with recording() as made:
        thread = threading.Thread(target=lambda: kinds.append(type(recorded(numbers()))))
        thread.start()
        thread.join()
        late = recorded(numbers())
    assert kinds == [np.ndarray]
    assert type(recorded(numbers())) is np.ndarray
    late += 1
    assert len(made) == 0
