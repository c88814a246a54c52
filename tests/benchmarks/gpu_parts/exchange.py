"""Part 4: a model trained on the processor is read on the card, and the other way round."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from gpu_parts.networks import pictures, step_on
from gpu_parts.part import Part

from digitdesk.messages.model import ModelCard
from digitdesk.nn.core.backend import Backend, cpu_backend
from digitdesk.nn.losses import SoftmaxCrossEntropy
from digitdesk.nn.network import Network
from digitdesk.nn.optim.optimizers import make_optimizer
from digitdesk.nn.spec.build import build_network
from digitdesk.storage.model_file import load_model, save_model
from digitdesk.training.parallel.data_parallel import DataParallelStep

SPECS = ("cnn-light", "mlp(128)", "resnet-small")
_FURTHEST = 1e-3


def run(part: Part) -> dict[str, Any]:
    """Each way, through a file, for each network."""
    for spec in SPECS[:1] if part.options.is_tiny else SPECS:
        for is_from_card in (False, True):
            words = "from card to NumPy" if is_from_card else "from NumPy to card"
            part.attempt(f"{spec} {words}", lambda s=spec, c=is_from_card: _carry(part, s, c))
    return {}


def _carry(part: Part, spec: str, is_from_card: bool) -> tuple[bool, str]:
    """Largest difference between the logits of who trained it and of who opened it."""
    images, labels = pictures(64)
    backends = [part.backend, cpu_backend()]
    here, there = backends if is_from_card else backends[::-1]
    trained = _trained(here, spec, images, labels)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.npz"
        save_model(path, ModelCard(title=spec, spec=trained.spec), trained.snapshot())
        opened = build_network(trained.spec, backend=there, seed=99)
        opened.load_arrays(load_model(path).arrays)
    greys = images.astype(np.float32) / np.float32(255)
    mine, others = trained.predict_logits(greys), opened.predict_logits(greys)
    worst = float(np.abs(mine - others).max())
    return worst <= _FURTHEST, f"logits differ by {worst:.1e}"


def _trained(backend: Backend, spec: str, images: np.ndarray, labels: np.ndarray) -> Network:
    if backend.name == "gpu":
        step = step_on(backend, spec, images, labels)
        for _ in range(5):
            step.run_chosen(np.arange(64))
        step.close()
        return step.networks[0]
    network = build_network(spec, backend=backend, seed=0)
    follower = make_optimizer("momentum", learning_rate=0.01)
    host_step = DataParallelStep(network, SoftmaxCrossEntropy(), follower, threads=1)
    for _ in range(5):
        host_step.run(images.astype(np.float32) / np.float32(255), labels)
    host_step.close()
    return network
