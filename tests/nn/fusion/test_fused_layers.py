"""Fused steps: the contract of a layer holds, and the layers they stand for are left alone."""

from __future__ import annotations

import numpy as np
import pytest

from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.core.parameters import ParameterBuffer
from digitdesk.nn.core.random_stream import RandomStream
from digitdesk.nn.fusion.convolution import (
    FusedConvolution,
    NormalizedConvolution,
    PooledConvolution,
)
from digitdesk.nn.fusion.dense import FusedDense
from digitdesk.nn.fusion.execution_order import fuse
from digitdesk.nn.fusion.pooling import FusedMaxPool2D
from digitdesk.nn.fusion.residual import FusedResidual
from digitdesk.nn.kernels.plane_gemm import PlaneGemm
from digitdesk.nn.kernels.row_gemm import RowGemm
from digitdesk.nn.kernels.winograd import Winograd
from digitdesk.nn.layers.layer import BuildContext, build_layers
from digitdesk.nn.spec.build import parse_layers

CASES = (
    ("conv(3, 3)", (2, 4, 6), FusedConvolution),
    ("conv(3, 3)", (32, 5, 7), FusedConvolution),
    ("conv(3, 4, padding=valid)", (2, 7, 8), FusedConvolution),
    ("conv(3, 3) batchnorm relu", (2, 4, 6), NormalizedConvolution),
    ("conv(3, 3) batchnorm", (32, 5, 7), NormalizedConvolution),
    ("conv(3, 3) relu maxpool(2)", (2, 4, 6), PooledConvolution),
    ("conv(9, 3) maxpool(2)", (2, 4, 6), PooledConvolution),
    ("conv(3, 3) relu maxpool(2)", (32, 4, 6), PooledConvolution),
    ("conv(3, 5, padding=valid) relu maxpool(2)", (1, 8, 8), PooledConvolution),
    ("maxpool(2)", (2, 4, 6), FusedMaxPool2D),
    ("maxpool(2)", (2, 5, 7), FusedMaxPool2D),
    ("dense(4)", (6,), FusedDense),
    ("residual(conv(2, 3) relu conv(2, 3))", (2, 4, 4), FusedResidual),
    ("residual(conv(3, 3, stride=2) batchnorm tanh)", (2, 5, 5), FusedResidual),
)
every_case = pytest.mark.parametrize(("spec", "shape", "kind"), CASES)


class Built:
    """Layers as written, and the step that stands for them."""

    def __init__(self, spec, shape, dtype="float64"):
        backend, rng = cpu_backend(), np.random.default_rng(0)
        self.parameters, statistics = (
            ParameterBuffer(backend, dtype),
            ParameterBuffer(backend, dtype),
        )
        random = RandomStream(backend, 0)
        self.layers = parse_layers(spec)
        self.shape = shape
        context = BuildContext(backend, dtype, self.parameters, statistics, rng, random)
        self.output_shape = build_layers(self.layers, shape, context)
        self.parameters.allocate(rng)
        statistics.allocate(rng)
        statistics.values += rng.uniform(0, 0.5, statistics.values.shape).astype(dtype)
        self.parameters.values += rng.normal(0, 0.5, self.parameters.values.shape).astype(dtype)
        (self.step,) = fuse(self.layers)

    def batch(self, count=5, seed=1, levels=None):
        """Inputs and output gradients; few levels make ties the common case."""
        rng = np.random.default_rng(seed)
        x = rng.normal(size=(*self.shape, count))
        if levels:
            x = rng.integers(0, levels, x.shape).astype(float)
        grad_y = rng.normal(size=(*self.output_shape, count))
        dtype = self.parameters.dtype
        return x.astype(dtype), grad_y.astype(dtype)

    def as_written(self, x, grad_y):
        y = x
        for layer in self.layers:
            y = layer.forward(y, training=True)
        for layer in reversed(self.layers):
            grad_y = layer.backward(grad_y)
        return y.copy(), grad_y.copy(), self.parameters.grads.copy()

    def fused(self, x, grad_y):
        y = self.step.forward(x, training=True).copy()
        return y, self.step.backward(grad_y).copy(), self.parameters.grads.copy()


def assert_agree(mine, others, tolerance=1e-11):
    for one, other in zip(mine, others, strict=True):
        np.testing.assert_allclose(one, other, atol=tolerance)


@every_case
@pytest.mark.parametrize("levels", [None, 1, 2, 3])
def test_a_step_gives_what_its_layers_give(spec, shape, kind, levels):
    built = Built(spec, shape)
    assert type(built.step) is kind
    for count in (5, 1, 9, 2):
        batch = built.batch(count, levels=levels)
        assert_agree(built.fused(*batch), built.as_written(*batch))


@every_case
def test_a_step_leaves_layers_and_inputs_as_they_are(spec, shape, kind):
    built, fresh = Built(spec, shape), Built(spec, shape)
    x, grad_y = built.batch()
    x_before, grad_before = x.copy(), grad_y.copy()
    values = built.parameters.values.copy()
    built.fused(x, grad_y)
    np.testing.assert_array_equal(x, x_before)
    np.testing.assert_array_equal(grad_y, grad_before)
    np.testing.assert_array_equal(built.parameters.values, values)
    for mine, other in zip(built.as_written(x, grad_y), fresh.as_written(x, grad_y), strict=True):
        np.testing.assert_array_equal(mine, other)


@every_case
def test_a_step_reads_what_it_trains_on(spec, shape, kind):
    built = Built(spec, shape)
    if "batchnorm" in spec:
        return
    for count in (1, 7, 40):
        x, _ = built.batch(count)
        trained = built.step.forward(x, training=True).copy()
        np.testing.assert_allclose(built.step.forward(x, training=False), trained, atol=1e-11)


@every_case
def test_a_step_reads_as_its_layers_do(spec, shape, kind):
    built = Built(spec, shape)
    for count in (1, 7, 40):
        x, _ = built.batch(count)
        y = x
        for layer in built.layers:
            y = layer.forward(y, training=False)
        np.testing.assert_allclose(built.step.forward(x, training=False), y, atol=1e-11)


@every_case
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_step_keeps_the_number_type(spec, shape, kind, dtype):
    built = Built(spec, shape, dtype)
    assert all(array.dtype == dtype for array in built.fused(*built.batch()))


@pytest.mark.parametrize(("count", "kernel"), [(1, PlaneGemm), (7, RowGemm), (8, Winograd)])
def test_few_images_are_read_without_winograds_sums(count, kernel):
    built = Built("conv(4, 3)", (32, 6, 6))
    x, _ = built.batch(20)
    many = built.step.forward(x, training=False).copy()
    assert isinstance(built.step._kernel, Winograd)
    few = built.step.forward(np.ascontiguousarray(x[..., :count]), training=False)
    assert isinstance(built.step._kernel, kernel)
    np.testing.assert_allclose(few, many[..., :count], atol=1e-12)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_dense_step_adds_its_gradients_to_a_sum(dtype):
    built = Built("dense(200)", (150,), dtype)
    x, grad_y = built.batch()
    _, grad_x, single = built.fused(x, grad_y)
    built.parameters.grads[...] = 0
    start = np.random.default_rng(2).normal(size=single.size).astype(dtype)
    total = start.copy()
    built.step.add_gradients_to(total)
    for _ in range(2):
        built.step.forward(x, training=True)
        np.testing.assert_array_equal(built.step.backward(grad_y), grad_x)
    for parameter in built.parameters:
        place = parameter.place
        np.testing.assert_allclose(
            total[place], start[place] + 2 * single[place], rtol=1e-5, atol=1e-5
        )
    assert not built.parameters.grads.any()
    built.step.add_gradients_to(None)
    np.testing.assert_array_equal(built.fused(x, grad_y)[2], single)
