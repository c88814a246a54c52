"""Part 1: layers, kernels and whole steps on the card compute what NumPy does."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
from gpu_kernel_cases import cases
from gpu_parts.networks import pictures
from gpu_parts.part import Part
from support import build_layer

from digitdesk.nn.core.backend import Backend, cpu_backend
from digitdesk.nn.gradient_check import LAYER_CASES, check_layer, check_network
from digitdesk.nn.kernels.gpu.catalog import KERNELS
from digitdesk.nn.kernels.gpu.cublas import can_be_recorded
from digitdesk.nn.kernels.gpu.kernel import GpuKernel
from digitdesk.nn.losses import SoftmaxCrossEntropy
from digitdesk.nn.optim.optimizers import DEFAULT_LEARNING_RATES, make_optimizer
from digitdesk.nn.spec.architectures import ARCHITECTURES
from digitdesk.nn.spec.build import build_network, parse_layers
from digitdesk.training.gpu.gpu_step import GpuStep
from digitdesk.training.parallel.data_parallel import DataParallelStep

TOLERANCES = {"float32": 2e-4, "float64": 1e-9}
SMALL_NETWORK = (
    "conv(4, 3) relu maxpool(2) conv(6, 3, stride=2) batchnorm relu residual(conv(6, 3)) "
    "averagepool(2) flatten dense(16) relu dropout(0.3) dense(10)"
)

Check = Callable[[], tuple[bool, str]]


def run(part: Part) -> dict[str, Any]:
    """All checks, the quickest first."""
    recordable = can_be_recorded(part.backend.xp)
    found = "found and right" if recordable else "not found: steps will not be recorded"
    part.row("cuBLAS for recorded steps", found, ok=recordable)
    for dtype in TOLERANCES:
        for name, some in cases(dtype).items():
            part.attempt(f"kernel {name}, {dtype}", _kernel(part.backend, name, some, dtype))
    layers = LAYER_CASES[::9] if part.options.is_tiny else LAYER_CASES
    for spec, shape in layers:
        part.attempt(f"{spec} as NumPy", _layer(part.backend, spec, shape))
        part.attempt(f"{spec} gradients", _gradients(part.backend, spec, shape))
    for spec in ("cnn-light",) if part.options.is_tiny else ARCHITECTURES:
        for dtype in TOLERANCES:
            part.attempt(f"{spec} as NumPy, {dtype}", _network(part.backend, spec, dtype))
    part.attempt("a whole network's gradients", lambda: _whole(part.backend))
    for optimizer in ("momentum",) if part.options.is_tiny else DEFAULT_LEARNING_RATES:
        part.attempt(f"steps with {optimizer}, recorded", _steps(part.backend, optimizer))
    part.attempt("the same bits twice", lambda: _same_bits(part.backend))
    return {}


def _worst(pairs: list[tuple[Any, Any]]) -> float:
    """Largest difference, relative to the largest number there."""
    return max(
        float(np.abs(mine - other).max(initial=0) / max(1.0, np.abs(other).max(initial=0)))
        for mine, other in ((np.float64(mine), np.float64(other)) for mine, other in pairs)
    )


def _kernel(backend: Backend, name: str, some: list[Any], dtype: str) -> Check:
    def check() -> tuple[bool, str]:
        kernel: GpuKernel = KERNELS[name]
        pairs = []
        for arguments, size in some:
            expected = copy.deepcopy(arguments)
            kernel.plain(*expected)
            device = [
                backend.asarray(one) if isinstance(one, np.ndarray) else one for one in arguments
            ]
            kernel(backend.xp, *device, size=size if kernel.is_all_raw else None)
            inputs = len(kernel.inputs.split(","))
            pairs += [
                (backend.to_host(mine), other)
                for mine, other in zip(device[inputs:], expected[inputs:], strict=True)
            ]
        worst = _worst(pairs)
        return worst <= TOLERANCES[dtype], f"{worst:.1e}"

    return check


def _layer(backend: Backend, spec: str, shape: tuple[int, ...]) -> Check:
    def check() -> tuple[bool, str]:
        outcomes = [_outcome_of_layer(one, spec, shape) for one in (backend, cpu_backend())]
        pairs = list(zip(*outcomes, strict=True))
        worst = _worst(pairs)
        return worst <= TOLERANCES["float64"], f"{worst:.1e}"

    return check


def _outcome_of_layer(backend: Backend, spec: str, shape: tuple[int, ...]) -> list[Any]:
    """What the layer gives, its gradients, and what it was given, for batches of some sizes."""
    layer, parameters, _, random, out = build_layer(spec, shape, backend=backend)
    rng, found = np.random.default_rng(1), []
    for count in (3, 1, 7, 2):
        random.seek(count)
        x = backend.asarray(rng.normal(0, 1, (*shape, count)), "float64")
        grad_y = backend.asarray(rng.normal(0, 1, (*out, count)), "float64")
        y = backend.to_host(layer.forward(x, training=True)).copy()
        grad_x = backend.to_host(layer.backward(grad_y)).copy()
        read = backend.to_host(layer.forward(x, training=False)).copy()
        given = backend.to_host(x).copy(), backend.to_host(grad_y).copy()
        found += [y, grad_x, backend.to_host(parameters.grads).copy(), read, *given]
    return found


def _gradients(backend: Backend, spec: str, shape: tuple[int, ...]) -> Check:
    def check() -> tuple[bool, str]:
        (layer,) = parse_layers(spec)
        rows = check_layer(layer, shape, backend=backend)
        return all(row.passed for row in rows), f"{max(row.worst_error for row in rows):.1e}"

    return check


def _network(backend: Backend, spec: str, dtype: str) -> Check:
    """The execution order of the card against that of the processor, forward and backward."""

    def check() -> tuple[bool, str]:
        images, labels = pictures(9)
        outcomes = []
        for one in (backend, cpu_backend()):
            network = build_network(spec, backend=one, dtype=dtype, seed=0)
            loss = SoftmaxCrossEntropy(0.1, xp=one.xp)
            network.random.seek(5)
            logits = network.forward(network.to_inside(images), training=True)
            value = loss.forward(logits, one.asarray(labels))
            network.backward(loss.backward())
            grads = one.to_host(network.parameters.grads).copy()
            read = network.predict_logits(images)
            outcomes.append([np.asarray(float(value)), grads, read])
        worst = _worst(list(zip(*outcomes, strict=True)))
        return worst <= 10 * TOLERANCES[dtype], f"{worst:.1e}"

    return check


def _whole(backend: Backend) -> tuple[bool, str]:
    rows = check_network(SMALL_NETWORK, backend=backend)
    return all(row.passed for row in rows), f"{max(row.worst_error for row in rows):.1e}"


def _same_bits(backend: Backend) -> tuple[bool, str]:
    """Two runs, and one whose recordings begin three steps later, in single precision."""
    images, labels = pictures(64)
    runs = []
    for interrupted_at in (-1, -1, 7):
        network = build_network(SMALL_NETWORK, backend=backend, seed=0)
        follower = make_optimizer("adam")
        step = GpuStep(network, SoftmaxCrossEntropy(), follower, images=images, labels=labels)
        for place in range(12):
            if place == interrupted_at:
                step.close()
                step = GpuStep(
                    network, SoftmaxCrossEntropy(), follower, images=images, labels=labels
                )
                step.step = place
            step.run_chosen(np.roll(np.arange(64), place)[:32], 0.002)
        step.close()
        runs.append(np.concatenate([array.ravel() for array in network.snapshot().values()]))
    different = [float(np.abs(runs[0] - run).max()) for run in runs[1:]]
    same = all(run.tobytes() == runs[0].tobytes() for run in runs)
    return same, "same" if same else f"differ by {max(different):.1e}"


def _steps(backend: Backend, optimizer: str) -> Check:
    """Steps of changing rates and batch sizes, recorded on the card, against the processor's."""

    def check() -> tuple[bool, str]:
        images, labels = pictures(60)
        batches = [np.random.default_rng(2).permutation(60)[: 24 - 9 * (k % 2)] for k in range(12)]
        outcomes, recordings = [], {}
        for one in (backend, cpu_backend()):
            network = build_network(SMALL_NETWORK, backend=one, dtype="float64", seed=0)
            loss, follower = SoftmaxCrossEntropy(0.1), make_optimizer(optimizer, clip_norm=1.0)
            step: Any
            if one is backend:
                step = GpuStep(network, loss, follower, images=images, labels=labels)
            else:
                step = DataParallelStep(network, loss, follower, threads=1, micro_batch_size=64)
            try:
                losses = []
                for place, batch in enumerate(batches):
                    rate = DEFAULT_LEARNING_RATES[optimizer] * (0.3 + 0.1 * place)
                    if one is backend:
                        result = step.run_chosen(batch, rate)
                    else:
                        result = step.run(images[batch] / 255, labels[batch], rate)
                    losses.append(result.loss)
                numbers = np.array([float(loss) for loss in losses])
                recordings |= getattr(step, "recordings", {})
                outcomes.append([numbers, *network.snapshot().values()])
            finally:
                step.close()
        worst = _worst(list(zip(*outcomes, strict=True)))
        refused = {reason for reason in recordings.values() if reason != "recorded"}
        told = "; ".join(refused) if refused else f"{worst:.1e}"
        return worst <= 1e-5 and not refused, told

    return check
