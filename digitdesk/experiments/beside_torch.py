"""The same network in PyTorch: from the same weights, on the same batches, step beside step.

The only file that knows PyTorch. Where the losses, gradients and weights of both stay together, the
gradients derived by hand are those that PyTorch finds by itself.
"""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.errors import ConfigError
from digitdesk.messages.experiments.beside_torch import TorchComparison, TorchStep
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.layers.dropout import dropout_layers
from digitdesk.nn.layers.layer import Layer
from digitdesk.nn.losses import SoftmaxCrossEntropy
from digitdesk.nn.network import Network
from digitdesk.nn.optim.optimizers import DEFAULT_LEARNING_RATES, make_optimizer
from digitdesk.nn.parallel.thread_pool import usable_cores
from digitdesk.nn.spec.build import build_network
from digitdesk.training.parallel.data_parallel import DataParallelStep

_ROUNDING = {"float32": 1e-3, "float64": 1e-9}
"""How far gradients may be apart, as a part of the largest: sums are made in another order."""
_SPEED_SECONDS = 1.0
_READ_AT_ONCE = 500

Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Pictures:
    """What both learn from, and are measured on: (N, 28, 28) bytes and (N,) labels."""

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    test_images: NDArray[np.uint8]
    test_labels: NDArray[np.uint8]
    classes: int = 10


def has_torch() -> bool:
    """Whether PyTorch is installed; it is not imported to find out."""
    return importlib.util.find_spec("torch") is not None


def train_beside_torch(
    spec: str,
    pictures: Pictures,
    *,
    optimizer: str = "momentum",
    steps: int = 200,
    batch_size: int = 64,
    dtype: str = "float32",
    seed: int = 0,
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> TorchComparison:
    """Train a network here and there.

    Args:
        spec: The network.
        pictures: What it learns from.
        optimizer: A name of ``nn.optim.optimizers``, at its usual learning rate.
        steps: Of each.
        batch_size: Pictures in a step.
        dtype: ``float32``, or ``float64`` to see more digits.
        seed: Of the first weights and the order of the pictures.
        progress: Told steps done, and steps in all.
        cancelled: Asked before each step; what is known then is returned.

    Raises:
        ConfigError: PyTorch is not installed, or the optimizer has no twin there.
        SpecError: The network cannot be built.
    """
    if not has_torch():
        raise ConfigError("PyTorch is not installed", hint="Install it: pip install torch")
    import torch

    network = _network(spec, pictures.classes, dtype, seed)
    twin = _Twin(torch, network, optimizer)
    ours = make_optimizer(optimizer)
    loss = SoftmaxCrossEntropy()
    rows = []
    for step, (images, labels) in enumerate(_batches(pictures, batch_size, steps, dtype, seed), 1):
        if cancelled():
            break
        progress(step - 1, steps)
        logits = network.forward(network.to_inside(images), training=True)
        told = float(loss.forward(logits, labels))
        network.backward(loss.backward())
        gradients = {p.name: np.array(p.grad) for p in network.parameters}
        ours.step(network.parameters)
        torch_loss, torch_gradients = twin.step(images, labels)
        values = {p.name: np.array(p.value) for p in network.parameters}
        rows.append(
            TorchStep(
                step,
                told,
                torch_loss,
                _apart(gradients, torch_gradients),
                _apart(values, twin.values()),
            )
        )
    progress(steps, steps)
    speeds = _speeds(torch, spec, pictures, optimizer, batch_size, cancelled)
    return TorchComparison(
        network.spec,
        optimizer,
        dtype,
        str(torch.__version__),
        tuple(rows),
        _accuracy(network.predict_logits, pictures, dtype),
        _accuracy(twin.read, pictures, dtype),
        *speeds,
        agrees=bool(rows) and rows[0].gradient < _ROUNDING[dtype],
    )


def _network(spec: str, classes: int, dtype: str, seed: int) -> Network:
    network = build_network(spec, classes=classes, backend=cpu_backend(), dtype=dtype, seed=seed)
    for layer in dropout_layers(network.layers):
        layer.rate = 0.0
    return network


def _batches(
    pictures: Pictures, size: int, steps: int, dtype: str, seed: int
) -> Iterator[tuple[NDArray[Any], NDArray[np.int64]]]:
    rng = np.random.default_rng(seed)
    for _ in range(steps):
        chosen = rng.integers(len(pictures.labels), size=size)
        images = pictures.images[chosen].astype(dtype) / np.dtype(dtype).type(255)
        yield images, pictures.labels[chosen].astype(np.int64)


def _apart(ours: Arrays, theirs: Arrays) -> float:
    """The largest difference of any number, as a part of the largest number."""
    largest = max(float(np.abs(array).max(initial=0.0)) for array in theirs.values())
    apart = max(float(np.abs(ours[name] - theirs[name]).max(initial=0.0)) for name in theirs)
    return apart / largest if largest else apart


def _accuracy(
    read: Callable[[NDArray[Any]], NDArray[Any]], pictures: Pictures, dtype: str
) -> float | None:
    count = len(pictures.test_labels)
    right = 0
    for start in range(0, count, _READ_AT_ONCE):
        part = slice(start, start + _READ_AT_ONCE)
        images = pictures.test_images[part].astype(dtype) / np.dtype(dtype).type(255)
        right += int((read(images).argmax(axis=1) == pictures.test_labels[part]).sum())
    return right / count if count else None


def _speeds(
    torch: Any,
    spec: str,
    pictures: Pictures,
    optimizer: str,
    batch_size: int,
    cancelled: Callable[[], bool],
) -> tuple[float, float]:
    """Pictures a second that each trains, in its own usual way."""
    network = _network(spec, pictures.classes, "float32", 0)
    step = DataParallelStep(network, SoftmaxCrossEntropy(), make_optimizer(optimizer))
    twin = _Twin(torch, _network(spec, pictures.classes, "float32", 0), optimizer)
    torch.set_num_threads(usable_cores())
    batches = list(_batches(pictures, batch_size, 8, "float32", 0))
    try:
        ours = _speed(lambda k: step.run(*batches[k % 8]), batch_size, cancelled)
    finally:
        step.close()
    return ours, _speed(lambda k: twin.step(*batches[k % 8], tells=False), batch_size, cancelled)


def _speed(step: Callable[[int], object], size: int, cancelled: Callable[[], bool]) -> float:
    for warm_up in range(3):
        step(warm_up)
    started, done = time.perf_counter(), 0
    while not cancelled() and (done == 0 or time.perf_counter() - started < _SPEED_SECONDS):
        step(done)
        done += 1
    return done * size / max(time.perf_counter() - started, 1e-9)


class _Twin:
    """A network of ours as PyTorch computes it, with weights of its own."""

    def __init__(self, torch: Any, network: Network, optimizer: str) -> None:
        self._torch = torch
        self._layers = network.layers
        self._weights = {
            p.name: torch.tensor(np.array(p.value)).requires_grad_() for p in network.parameters
        }
        self._statistics = {p.name: torch.tensor(np.array(p.value)) for p in network.statistics}
        self._optimizer = self._make_optimizer(optimizer)
        self._is_training = True

    def _make_optimizer(self, name: str) -> Any:
        torch, rate = self._torch, DEFAULT_LEARNING_RATES[name]
        kernels = [w for k, w in self._weights.items() if k.endswith(".kernel")]
        others = [w for k, w in self._weights.items() if not k.endswith(".kernel")]
        every = [*kernels, *others]
        makers: dict[str, Callable[[], Any]] = {
            "sgd": lambda: torch.optim.SGD(every, rate),
            "momentum": lambda: torch.optim.SGD(every, rate, momentum=0.9),
            "nesterov": lambda: torch.optim.SGD(every, rate, momentum=0.9, nesterov=True),
            "adagrad": lambda: torch.optim.Adagrad(every, rate, eps=1e-10),
            "rmsprop": lambda: torch.optim.RMSprop(every, rate, alpha=0.9, eps=1e-7),
            "adam": lambda: torch.optim.Adam(every, rate),
            "adamw": lambda: torch.optim.AdamW(
                [{"params": kernels}, {"params": others, "weight_decay": 0.0}],
                rate,
                weight_decay=0.01,
            ),
        }
        return makers[name]()

    def step(
        self, images: NDArray[Any], labels: NDArray[np.int64], *, tells: bool = True
    ) -> tuple[float, Arrays]:
        """One step; the loss and the gradients before it."""
        torch = self._torch
        self._is_training = True
        self._optimizer.zero_grad()
        logits = self._forward(torch.from_numpy(images)[:, None])
        loss = torch.nn.functional.cross_entropy(logits, torch.from_numpy(labels))
        loss.backward()
        gradients = {}
        if tells:
            gradients = {name: w.grad.numpy().copy() for name, w in self._weights.items()}
        self._optimizer.step()
        return float(loss.item()), gradients

    def read(self, images: NDArray[Any]) -> NDArray[Any]:
        """(N, 28, 28) → (N, classes) logits."""
        self._is_training = False
        with self._torch.inference_mode():
            logits: NDArray[Any] = self._forward(self._torch.from_numpy(images)[:, None]).numpy()
        return logits

    def values(self) -> Arrays:
        """The weights by name."""
        return {name: weight.detach().numpy() for name, weight in self._weights.items()}

    def _forward(self, x: Any) -> Any:
        for layer in self._layers:
            x = self._apply(layer, x)
        return x

    def _apply(self, layer: Any, x: Any) -> Any:
        kind = type(layer).__name__
        f = self._torch.nn.functional
        match kind:
            case "Conv2D":
                kernel, bias = self._of(layer, "kernel"), self._of(layer, "bias")
                return f.conv2d(x, kernel, bias, layer.stride, layer.padding_px)
            case "Dense":
                return f.linear(x, self._of(layer, "kernel"), self._of(layer, "bias"))
            case "MaxPool2D":
                return f.max_pool2d(x, layer.pool_size, layer.stride)
            case "AveragePool2D":
                return f.avg_pool2d(x, layer.pool_size, layer.stride)
            case "BatchNorm":
                return self._batch_norm(layer, x)
            case "Residual":
                return self._residual(layer, x)
            case "Dropout":
                return x
            case "Flatten":
                return x.flatten(1)
            case "LeakyReLU":
                return f.leaky_relu(x, layer.slope)
            case "ELU":
                return f.elu(x, layer.alpha)
            case "GELU":
                return f.gelu(x, approximate="tanh")
            case "Softmax":
                return f.softmax(x, 1)
        return {"ReLU": f.relu, "Swish": f.silu, "Sigmoid": f.sigmoid, "Tanh": f.tanh}[kind](x)

    def _of(self, layer: Layer, name: str) -> Any:
        return self._weights[f"{layer.path}.{name}"]

    def _batch_norm(self, layer: Any, x: Any) -> Any:
        mean, variance = (self._statistics[f"{layer.path}.{name}"] for name in ("mean", "variance"))
        return self._torch.nn.functional.batch_norm(
            x, mean, variance, self._of(layer, "gamma"), self._of(layer, "beta"),
            training=self._is_training, eps=layer.epsilon,
        )  # fmt: skip

    def _residual(self, layer: Any, x: Any) -> Any:
        inner = x
        for one in layer.layers:
            inner = self._apply(one, inner)
        return inner + (x if layer.shortcut is None else self._apply(layer.shortcut, x))
