"""Products of matrices on a graphics card, cut into stretches where their rows are long."""

from __future__ import annotations

import numpy as np
import pytest
from strict_cuda import COUNTS

from digitdesk.nn.kernels.gpu import cublas

LONG = (4, 9, 28 * 28 * 8)
SHORT = (4, 9, 50)
ODD = (3, 5, 7919)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("shape", [LONG, SHORT, ODD, (64, 288, 14 * 14 * 8), (10, 128, 512)])
def test_a_product_with_long_rows_is_that_of_numpy(gpu, shape, dtype):
    rows, others, length = shape
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(rows, length)), rng.normal(size=(length, others)).T
    expected, xp = a.astype(dtype) @ b.astype(dtype).T, gpu.xp
    out = xp.zeros((rows, others), dtype=dtype)
    cublas.multiply_transposed(gpu.asarray(a, dtype), gpu.asarray(b, dtype), out, xp=xp)
    np.testing.assert_allclose(out.get(), expected, rtol=1e-4, atol=1e-4)


def test_only_long_rows_are_cut_and_into_equal_stretches():
    assert cublas._stretches(*SHORT) == 1
    assert cublas._stretches(*ODD) == 1
    for shape in (LONG, (10, 128, 512), (64, 576, 7 * 7 * 512)):
        count = cublas._stretches(*shape)
        assert count > 1
        assert shape[-1] % count == 0
    assert cublas._stretches(128, 3136, 512) == 2, "many tiles occupy the card as they are"


def test_the_stretches_are_one_call_that_can_be_recorded(gpu):
    a, b = (gpu.asarray(np.ones((count, LONG[2])), "float32") for count in LONG[:2])
    out = gpu.xp.zeros(LONG[:2], dtype="float32")
    gpu.xp.cuda.get_current_stream().synchronize()
    stream = gpu.xp.cuda.Stream(non_blocking=True)
    with stream:
        cublas.multiply_transposed(a, b, out, xp=gpu.xp)
        out.fill(0)
        stream.begin_capture()
        cublas.multiply_transposed(a, b, out, xp=gpu.xp)
        graph = stream.end_capture()
        assert not out.get().any()
        graph.launch()
        assert (out.get() == LONG[2]).all()
    assert COUNTS.graph_launches == 1
