"""Small models to export: of every layer there is, and of the kind that has two networks."""

from __future__ import annotations

import numpy as np

from digitdesk.export.content import ExportContent
from digitdesk.messages.model import STROKES, ModelCard, StrokePart
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.spec.build import build_network
from digitdesk.storage.model_file import StoredModel

EVERY_LAYER = (
    "conv(6, 5, stride=2, padding=2) batchnorm elu(0.7) averagepool(3, stride=2) swish "
    "residual(conv(8, 3) gelu residual(batchnorm tanh)) leakyrelu(0.1) maxpool(2) relu flatten "
    "dense(40) batchnorm sigmoid dropout(0.5) dense(13) softmax"
)
SMALL = "conv(5, 3) batchnorm relu maxpool(4) flatten dense(13)"
REJECTS = ("letter", "scribble", "two-digits")


def arrays(spec: str, *, planes: int = 1, seed: int = 7) -> dict[str, np.ndarray]:
    """Weights and running statistics unlike those of a new network."""
    network = build_network(
        spec, input_shape=(planes, 28, 28), classes=13, backend=cpu_backend(), seed=seed
    )
    rng, drawn = np.random.default_rng(seed), network.snapshot()
    for name, array in drawn.items():
        if name.endswith((".variance", ".gamma")):
            array *= rng.uniform(0.5, 2, array.shape).astype(np.float32)
        elif not name.endswith(".kernel"):
            array += rng.normal(0, 0.2, array.shape).astype(np.float32)
    return drawn


def model(spec: str = EVERY_LAYER, *, title: str = "every layer") -> StoredModel:
    """A model for pictures, with rejects, a temperature and a threshold."""
    card = ModelCard(
        title, spec, reject_names=REJECTS, temperature=0.02, refusal_threshold=0.2,
        test_time_averaging=True,
    )  # fmt: skip
    return StoredModel(card, arrays(spec))


def model_of_two() -> StoredModel:
    """A model with a network for strokes beside that for pictures, as the bundled one."""
    card = ModelCard(
        "two networks", SMALL, reject_names=REJECTS, temperature=0.7, refusal_threshold=0.3,
        test_time_averaging=True, strokes=StrokePart(SMALL, temperature=0.5, weight=0.75),
    )  # fmt: skip
    beside = {f"{STROKES}{name}": a for name, a in arrays(SMALL, planes=10, seed=3).items()}
    return StoredModel(card, arrays(SMALL) | beside)


def model_of_strokes() -> StoredModel:
    """A model that reads strokes and no pictures."""
    card = ModelCard("strokes alone", SMALL, reject_names=REJECTS, input_planes=10)
    return StoredModel(card, arrays(SMALL, planes=10))


def content(stored: StoredModel) -> ExportContent:
    return ExportContent.of(stored.card, stored.arrays)
