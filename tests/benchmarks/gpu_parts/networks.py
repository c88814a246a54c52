"""The networks that are tried, and steps of them on made-up pictures that lie on the card."""

from __future__ import annotations

import numpy as np

from digitdesk.nn.core.backend import Backend
from digitdesk.nn.losses import SoftmaxCrossEntropy
from digitdesk.nn.optim.optimizers import make_optimizer
from digitdesk.nn.spec.build import build_network
from digitdesk.training.gpu.gpu_step import GpuStep

NETWORKS = ("cnn-standard", "cnn-light", "mlp(128)", "mlp(1024)", "reader")
RATE, MOMENTUM = 0.01, 0.9


def pictures(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Bytes (N, 28, 28), a fifth of them inked as in MNIST, and labels (N,)."""
    rng = np.random.default_rng(1)
    inked = rng.random((count, 28, 28)) < 0.2
    return (rng.integers(1, 256, inked.shape) * inked).astype(np.uint8), rng.integers(0, 10, count)


def step_on(
    backend: Backend, spec: str, images: np.ndarray, labels: np.ndarray, dtype: str = "float32"
) -> GpuStep:
    """A training step of that network, with momentum."""
    network = build_network(spec, backend=backend, dtype=dtype, seed=0)
    optimizer = make_optimizer("momentum", learning_rate=RATE, momentum=MOMENTUM)
    return GpuStep(network, SoftmaxCrossEntropy(), optimizer, images=images, labels=labels)
