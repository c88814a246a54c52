"""Many pictures, piece by piece: recorded or not, the same bits as by ``Network.forward``."""

from __future__ import annotations

import numpy as np
import pytest
import threadpoolctl

from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.core.recording import Recording
from digitdesk.nn.layers.activations import ReLU
from digitdesk.nn.piece_reader import PieceReader
from digitdesk.nn.spec.architectures import ARCHITECTURES
from digitdesk.nn.spec.build import build_network

SPECS = (
    *ARCHITECTURES,
    "conv(8, 5, stride=2) elu maxpool(3) leakyrelu swish flatten dense(16) gelu tanh dense(10)"
    " softmax",
    "conv(3, 3) sigmoid averagepool(2) residual(conv(8, 3) relu batchnorm conv(8, 3)) dropout(0.3)"
    " flatten batchnorm dense(10)",
    "conv(32, 3) batchnorm conv(6, 3, padding=valid) relu maxpool(2, stride=1) flatten dense(10)",
    "maxpool(2) conv(4, 3) maxpool(2) relu flatten dense(10)",
)
PIECES = 5


@pytest.fixture(autouse=True)
def _one_thread():
    with threadpoolctl.threadpool_limits(1, user_api="blas"):
        yield


@pytest.fixture
def repeats(monkeypatch):
    """How often a recorded pass was repeated."""
    count, repeat = [], Recording.repeat

    def note(made):
        count.append(len(made))
        repeat(made)

    monkeypatch.setattr(Recording, "repeat", note)
    return count


def network_of(spec):
    network = build_network(spec, backend=cpu_backend(), seed=3)
    rng = np.random.default_rng(3)
    network.statistics.values += rng.random(len(network.statistics.values), dtype=np.float32)
    return network


def pictures(network, pieces=PIECES, rest=3):
    count = network.images_read_at_once * pieces + rest
    return np.random.default_rng(0).integers(0, 256, (count, 28, 28), dtype=np.uint8)


def read_by_forward(network, images):
    size = network.images_read_at_once
    pieces = [images[start : start + size] for start in range(0, len(images), size)]
    return np.concatenate(
        [network.forward(network.to_inside(piece), training=False).T.copy() for piece in pieces]
    )


@pytest.mark.parametrize("spec", SPECS)
@pytest.mark.parametrize("kind", ["float32", "uint8"])
def test_every_network_is_recorded_and_gives_the_same_bits(spec, kind, repeats):
    network = network_of(spec)
    images = pictures(network)
    if kind == "float32":
        images = images / np.float32(255)
    expected = read_by_forward(network, images)
    np.testing.assert_array_equal(network.predict_logits(images), expected)
    assert len(repeats) == (0 if network.is_dense else PIECES - 2)
    # Layers keep nothing that would record on: they can be trained afterwards.
    network.forward(network.to_inside(images[:4]), training=True)
    network.backward(np.ones((10, 4), dtype=np.float32))
    assert type(network.forward(network.to_inside(images[:4]), training=False)) is np.ndarray


def test_each_call_reads_with_the_weights_of_then(repeats):
    network = network_of("cnn-light")
    images = pictures(network)
    before = network.predict_logits(images)
    network.parameters.values *= 0.5
    after = network.predict_logits(images)
    np.testing.assert_array_equal(after, read_by_forward(network, images))
    assert np.abs(before - after).max() > 1e-3
    assert len(repeats) == 2 * (PIECES - 2)


def test_few_pictures_are_not_worth_a_recording(repeats):
    network = network_of("cnn-light")
    network.predict_logits(pictures(network, pieces=2))
    assert not repeats


def test_what_cannot_be_recorded_is_read_all_the_same(repeats, monkeypatch):
    def forward(layer, x, *, training):
        return np.where(x > 0, x, np.float32(0))

    monkeypatch.setattr(ReLU, "forward", forward)
    network = network_of("conv(4, 3) flatten dense(8) relu dense(10)")
    images = pictures(network)
    expected = read_by_forward(network, images)
    np.testing.assert_array_equal(network.predict_logits(images), expected)
    assert not repeats


def test_a_piece_of_another_size_ends_what_was_recorded(repeats):
    network = network_of("cnn-light")
    images, size = pictures(network), network.images_read_at_once
    reader = PieceReader(network)
    pieces = [images[start : start + size] for start in range(0, 4 * size, size)]
    for piece in (*pieces[:3], images[:3], *pieces):
        np.testing.assert_array_equal(
            reader.predict_logits(piece).copy(), read_by_forward(network_of("cnn-light"), piece)
        )
    assert len(repeats) == 1
