"""The stand-in for CuPy refuses what CuPy and CUDA refuse, and records as a graph does."""

from __future__ import annotations

import numpy as np
import pytest
import strict_cuda
from strict_array_module import STRICT_GPU
from strict_cuda import COUNTS, Stream

from digitdesk.nn.kernels.gpu.elementwise import ADD_BIAS, RELU_GRADIENT

XP = STRICT_GPU.xp


@pytest.fixture
def stream():
    """A stream that is the thread's, with all work before it done."""
    strict_cuda._BUSY.clear()
    with Stream(non_blocking=True) as stream:
        yield stream
    strict_cuda._BUSY.clear()


def array(*numbers, dtype="float32"):
    return STRICT_GPU.asarray(np.array(numbers, dtype=dtype))


def test_recorded_work_is_done_by_each_launch_and_not_before(stream):
    total, step = array(1.0, 2.0), array(10.0, 10.0)
    stream.begin_capture()
    total += step * 2
    graph = stream.end_capture()
    assert total.get().tolist() == [1.0, 2.0]
    graph.launch()
    step[...] = 1.0  # what stands in memory counts when it is launched
    graph.launch()
    assert total.get().tolist() == [23.0, 24.0]


def test_a_number_of_the_hosts_is_frozen_in_a_recording(stream):
    total, rate = array(0.0), 1.0
    stream.begin_capture()
    total += rate
    graph = stream.end_capture()
    rate = 100.0
    graph.launch()
    assert total.get().tolist() == [1.0]
    assert rate == 100.0


@pytest.mark.parametrize(
    ("asks", "kind"),
    [
        (lambda a: a.get(), RuntimeError),
        (lambda a: float(a.sum()), RuntimeError),
        (lambda a: bool(a.any()), RuntimeError),
        (lambda a: a[a > 0], RuntimeError),
        (lambda a: a.set(np.zeros(2, "float32")), RuntimeError),
        (lambda a: STRICT_GPU.asarray([1.0]), RuntimeError),
        (lambda a: STRICT_GPU.synchronize(), RuntimeError),
        (lambda a: strict_cuda.Event().record(), RuntimeError),
        (lambda a: XP.matmul(a[None], a[:, None]), NotImplementedError),
        (lambda a: a[None] @ a[:, None], NotImplementedError),
        (lambda a: XP.dot(a, a), NotImplementedError),
    ],
)
def test_what_may_not_be_recorded_is_refused(asks, kind, stream):
    a = array(1.0, 2.0)
    asks(a)
    stream.synchronize()
    stream.begin_capture()
    with pytest.raises(kind):
        asks(a)
    stream.end_capture()


def test_the_default_stream_cannot_be_recorded():
    with pytest.raises(RuntimeError, match="default"):
        Stream.null.begin_capture()


def test_nothing_orders_the_work_of_two_streams(stream):
    array(1.0)
    with Stream(non_blocking=True), pytest.raises(RuntimeError, match="two streams"):
        array(2.0)
    stream.synchronize()
    with Stream(non_blocking=True) as other:
        array(2.0)
        other.synchronize()


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        ((array(1.0), 2, 0, array(1.0, 2.0, dtype="float64")), TypeError),
        ((array(1.0), 2, 0, np.zeros(2, "float32")), TypeError),
        ((array(1.0), 2, array(1.0, 2.0)), TypeError),
        ((2.0, 2, 0, array(1.0, 2.0)), TypeError),
    ],
)
def test_a_kernel_takes_only_what_it_names(arguments, kind):
    with pytest.raises(kind):
        ADD_BIAS(XP, *arguments)


def test_a_kernels_outputs_have_the_shape_of_its_inputs(stream):
    with pytest.raises(ValueError, match="shape"):
        RELU_GRADIENT(XP, array(1.0, 2.0), array(1.0, 2.0), array(1.0))


def test_memory_nobody_has_written_holds_no_number():
    assert np.isnan(XP.empty((2, 3), dtype="float32").get()).all()


@pytest.mark.parametrize(
    ("host", "kind"),
    [
        (np.zeros(2), TypeError),
        ([0.0, 0.0], TypeError),
        (np.zeros(3, "float32"), ValueError),
    ],
)
def test_a_copy_converts_nothing(host, kind, stream):
    with pytest.raises(kind):
        array(1.0, 2.0).set(host)


def test_copies_from_memory_that_is_not_page_locked_may_wait(stream):
    a = array(1.0, 2.0)
    pinned = np.frombuffer(strict_cuda.alloc_pinned_memory(8), dtype="float32")
    COUNTS.reset()
    a.set(pinned)
    assert (COUNTS.copies, COUNTS.waits) == (1, 0)
    a.set(np.zeros(2, "float32"))
    assert (COUNTS.copies, COUNTS.waits) == (2, 1)
