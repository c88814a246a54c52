"""Every number of every kind of layer is explained, and the explanation gives that number."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

import digitdesk
from digitdesk.errors import ConfigError
from digitdesk.inspection.explain.explain import EXPLAINED, explain, explain_answer
from digitdesk.inspection.trace import trace
from digitdesk.messages.grid import Grid
from digitdesk.messages.inside.explanation import (
    ConvolutionParts,
    DenseParts,
    DropoutParts,
    FlattenParts,
    SoftmaxParts,
)
from digitdesk.messages.inside.look import INPUT
from digitdesk.nn.gradient_check import LAYER_CASES
from digitdesk.nn.layers.convolution import Conv2D
from digitdesk.nn.layers.dense import Dense
from digitdesk.nn.losses import softmax
from digitdesk.nn.spec.registry import KINDS
from tests.inspection.networks import EVERYTHING, picture, small_network, whole_network

ROOT = Path(digitdesk.__file__).parents[1]


def test_every_kind_of_layer_is_explained():
    assert set(EXPLAINED) == set(KINDS)


def result_of(parts, place):
    """The number that an explanation arrives at."""
    if isinstance(parts, SoftmaxParts):
        return parts.probabilities[place[0]]
    return parts.x if isinstance(parts, DropoutParts | FlattenParts) else parts.result


def places(shape, most=40):
    """Some places of an output, the first and the last of them among these."""
    every = max(1, int(np.prod(shape)) // most)
    indices = [*range(0, int(np.prod(shape)), every), int(np.prod(shape)) - 1]
    return [tuple(int(at) for at in np.unravel_index(k, shape)) for k in indices]


def rounding_of(traced, path, place):
    """How far a number may be off that is a sum in numbers of single length."""
    layer = None if path == INPUT else traced.walked(path).layer
    size = 1.0
    if isinstance(layer, Dense):
        size += float(np.abs(traced.input_of(path) * layer.kernel.value[place[0]]).sum())
    elif isinstance(layer, Conv2D):
        size += float(np.abs(numbers(explain(traced, path, place).parts.products)).sum())
    return 1e-6 * size


def check_all(traced):
    for path, outputs in traced.outputs.items():
        for place in places(outputs.shape):
            told = explain(traced, path, place)
            assert told.value == float(outputs[place])
            result, rounding = result_of(told.parts, place), rounding_of(traced, path, place)
            np.testing.assert_allclose(result, told.value, rtol=2e-5, atol=rounding, err_msg=path)


@pytest.mark.parametrize(("spec", "shape"), LAYER_CASES)
def test_every_number_of_every_layer(spec, shape):
    network = small_network(spec, shape)
    check_all(trace(network, picture(shape) * 2 - 1))


@pytest.mark.parametrize("spec", ["cnn-standard", "reader", "resnet-small", EVERYTHING])
def test_numbers_of_whole_networks(spec):
    check_all(trace(whole_network(spec), picture()))


def numbers(grid: Grid) -> np.ndarray:
    return np.array(grid.view, dtype=np.float32).reshape(grid.shape)


def test_a_convolution_is_a_column_times_a_row():
    network = whole_network("conv(4, 3, stride=2) relu conv(5, 5) flatten dense(10)")
    traced = trace(network, picture())
    told = explain(traced, "conv2", (4, 13, 0))
    parts = told.parts
    assert isinstance(parts, ConvolutionParts)
    conv = traced.walked("conv2").layer
    assert isinstance(conv, Conv2D)
    # The layer's own matrices, as it left them after this picture.
    conv.forward(traced.input_of("conv2")[..., np.newaxis], training=False)
    column = conv._columns[:, parts.column]
    np.testing.assert_array_equal(numbers(parts.patch).ravel(), column)
    row = conv.kernel.value.reshape(parts.rows, -1)[parts.kernel_row]
    np.testing.assert_array_equal(numbers(parts.kernel).ravel(), row)
    assert (parts.columns, parts.row_length) == (conv._columns.shape[1], len(row))
    np.testing.assert_allclose(parts.total, column @ row, rtol=1e-5)
    np.testing.assert_allclose(sum(parts.sums_by_channel), parts.total, rtol=1e-6)
    # Its window reaches two pixels over the left border, where there are zeros.
    (window,) = told.reads
    assert (window.layer, window.top, window.left, window.height) == ("relu1", 11, -2, 5)
    assert not numbers(parts.patch)[:, :, :2].any()


def test_a_dense_layer_names_what_counts_most():
    network = whole_network("conv(3, 3) flatten dropout(0.5) relu dense(10)")
    traced = trace(network, picture())
    parts = explain(traced, "dense1", (7,)).parts
    assert isinstance(parts, DenseParts)
    sizes = [abs(term.product) for term in parts.terms]
    assert sizes == sorted(sizes, reverse=True)
    products = traced.input_of("dense1") * traced.walked("dense1").layer.kernel.value[7]
    assert sizes[0] == pytest.approx(float(np.abs(products).max()))
    for term in parts.terms:
        assert term.input == float(np.maximum(traced.outputs["conv1"][term.place], 0))
    assert parts.rest_count == 3 * 28 * 28 - len(parts.terms)


def test_the_first_of_equal_numbers_wins_a_window():
    network = small_network("maxpool(2)", (1, 4, 4))
    image = np.zeros((1, 4, 4))
    image[0, 2:, 1:3] = 1
    traced = trace(network, image)
    corners = [(0, h, w) for h in (0, 1) for w in (0, 1)]
    winners = [explain(traced, "maxpool1", place).parts.winner for place in corners]
    assert winners == [(0, 0), (0, 0), (0, 1), (0, 0)]


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_the_answer_is_the_softmax_of_the_logits(temperature):
    traced = trace(whole_network("mlp"), picture())
    names = tuple("0123456789")
    told = explain_answer(traced, (4,), names, temperature)
    wanted = softmax(traced.logits / np.float32(temperature))
    np.testing.assert_allclose(told.parts.probabilities, wanted, rtol=1e-5)
    assert told.value == told.parts.probabilities[4]


def test_the_lines_are_those_of_the_program():
    traced = trace(whole_network(EVERYTHING), picture())
    for path, outputs in traced.outputs.items():
        told = explain(traced, path, (0,) * outputs.ndim)
        assert told.formula
        for source in told.sources:
            text = (ROOT / source.file).read_text(encoding="utf-8").splitlines()
            shown = text[source.first_line - 1 :][: len(source.lines)]
            assert [line.strip() for line in source.lines] == [line.strip() for line in shown]
            assert source.lines[0].startswith("def ")
        if path != INPUT:
            assert "def forward" in told.sources[0].lines[0]


@pytest.mark.parametrize(
    ("path", "place", "sentence"),
    [
        ("conv9", (0, 0, 0), "no layer 'conv9'.*conv1"),
        ("conv1", (0, 28, 0), "channel 0 to 7, row 0 to 27, column 0 to 27.*received 0,28,0"),
        ("conv1", (0,), "channel 0 to 7"),
        ("dense1", (-1,), "unit 0 to 31"),
    ],
)
def test_what_is_not_there_is_refused_in_a_sentence(path, place, sentence):
    traced = trace(whole_network("cnn-light"), picture())
    with pytest.raises(ConfigError, match=sentence):
        explain(traced, path, place)


def test_only_plain_values_cross():
    traced = trace(whole_network(EVERYTHING), picture())
    for path, outputs in traced.outputs.items():
        told = explain(traced, path, (0,) * outputs.ndim)
        check_plain(told)


def check_plain(value):
    if dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            check_plain(getattr(value, field.name))
    elif isinstance(value, tuple):
        for each in value:
            check_plain(each)
    else:
        assert type(value) in (str, int, float, bool, bytes, type(None)), value
