"""Small models to export: of every layer there is, and of the kinds with several networks."""

from __future__ import annotations

import dataclasses
from functools import partial

import numpy as np

from digitdesk.export.content import ExportContent
from digitdesk.messages.model import DIGITS, LINES, STROKES, TRACED, LinePart, ModelCard, StrokePart
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.network import Network
from digitdesk.nn.spec.build import build_network, parse_layers
from digitdesk.storage.model_file import StoredModel

EVERY_LAYER = (
    "conv(6, 5, stride=2, padding=2) batchnorm elu(0.7) averagepool(3, stride=2) swish "
    "residual(conv(8, 3) gelu residual(batchnorm tanh)) leakyrelu(0.1) maxpool(2) relu flatten "
    "dense(40) batchnorm sigmoid dropout(0.5) dense(13) softmax"
)
SMALL = "conv(5, 3) batchnorm relu maxpool(4) flatten dense(13)"
OF_LINES = "conv(6, 3) batchnorm relu maxpool(4) conv(16, 8, padding=valid)"
REJECTS = ("letter", "scribble", "two-digits")


def arrays(spec: str, *, planes: int = 1, seed: int = 7) -> dict[str, np.ndarray]:
    """Weights and running statistics unlike those of a new network."""
    return unlike_new(
        build_network(
            spec, input_shape=(planes, 28, 28), classes=13, backend=cpu_backend(), seed=seed
        ),
        seed,
    )


def unlike_new(network: Network, seed: int) -> dict[str, np.ndarray]:
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


def model_of_three() -> StoredModel:
    """The same with a network for lines, which is sure enough of digits to overrule the others."""
    stored, shape, seed = model_of_two(), (1, 32, 128), 16
    layers = partial(parse_layers, OF_LINES)
    network = Network(OF_LINES, layers, input_shape=shape, backend=cpu_backend(), seed=seed)
    beside = unlike_new(network, seed)
    kernel, bias = beside["conv2.kernel"], beside["conv2.bias"]
    # No digit is likelier all over, but mostly there is none, and few signs.
    kernel[...] = 3 * (kernel - kernel.mean(axis=0))
    bias[-1] += 5
    bias[len(DIGITS) : -1] -= 1.5
    card = dataclasses.replace(stored.card, lines=LinePart(OF_LINES, "0123456789-/+.,", 0.8))
    return StoredModel(card, stored.arrays | {f"{LINES}{k}": a for k, a in beside.items()})


def model_of_four() -> StoredModel:
    """The same with a network for strokes that were traced in pictures."""
    stored = model_of_three()
    beside = arrays(SMALL, planes=10, seed=8)
    card = dataclasses.replace(stored.card, traced=StrokePart(SMALL, temperature=0.6, weight=0.5))
    return StoredModel(card, stored.arrays | {f"{TRACED}{k}": a for k, a in beside.items()})


def model_of_strokes() -> StoredModel:
    """A model that reads strokes and no pictures."""
    card = ModelCard("strokes alone", SMALL, reject_names=REJECTS, input_planes=10)
    return StoredModel(card, arrays(SMALL, planes=10))


def content(stored: StoredModel) -> ExportContent:
    return ExportContent.of(stored.card, stored.arrays)
