"""What the built-in handwriting is for: a network that saw nothing else reads real digits."""

from __future__ import annotations

import numpy as np
import pytest

from digitdesk.data.batches import shuffled_batches
from digitdesk.data.mnist import read_mnist
from digitdesk.data.strokes.pendigits import read_pendigits
from digitdesk.data.synthetic import handwriting
from digitdesk.ink.preprocessing import preprocess_strokes
from digitdesk.nn.core.backend import select_backend
from digitdesk.nn.losses import SoftmaxCrossEntropy
from digitdesk.nn.optim.optimizers import make_optimizer
from digitdesk.nn.optim.schedules import make_schedule
from digitdesk.nn.spec.build import build_network
from digitdesk.training.parallel.data_parallel import DataParallelStep

COUNT, EPOCHS, BATCH = 12_000, 3, 64


@pytest.fixture(scope="module")
def network():
    """A light network after a short run: a full one on 60,000 images reads some 97 %."""
    images, labels = handwriting.generate(COUNT, seed=0)
    network = build_network("cnn-light", backend=select_backend("cpu"), seed=0)
    step = DataParallelStep(network, SoftmaxCrossEntropy(), make_optimizer("adam"))
    rate = make_schedule("one-cycle", peak=0.003, total_steps=EPOCHS * -(-COUNT // BATCH))
    rng, done = np.random.default_rng(0), 0
    for _ in range(EPOCHS):
        for indices in shuffled_batches(COUNT, BATCH, rng):
            batch = images[indices].astype(np.float32) / np.float32(255)
            step.run(batch, labels[indices], rate(done))
            done += 1
    step.close()
    return network


def accuracy(network, images, labels):
    return float((network.predict_logits(images).argmax(axis=1) == labels).mean())


@pytest.mark.mnist
def test_reads_mnist(network, mnist_dir):
    found = read_mnist(mnist_dir)
    images = found.test_images.astype(np.float32) / np.float32(255)
    assert accuracy(network, images, found.test_labels) >= 0.87


def test_reads_pen_strokes(network, pendigits_file):
    samples = read_pendigits(pendigits_file.parent)[:2000]
    images = np.stack([preprocess_strokes(sample.strokes) for sample in samples])
    assert accuracy(network, images, [sample.label for sample in samples]) >= 0.92
