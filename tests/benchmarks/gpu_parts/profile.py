"""Part 5: where a step's time goes: each layer on the card, the host's commands, the replay."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from gpu_parts.networks import pictures, step_on
from gpu_parts.part import Part

from digitdesk.nn.core.backend import Backend
from digitdesk.nn.spec.build import build_network

SPECS = (("cnn-standard", 64), ("cnn-standard", 512), ("reader", 128), ("mlp(128)", 64))


def run(part: Part) -> dict[str, Any]:
    """For some networks: milliseconds of each layer, of a step, and of the host for it."""
    found: dict[str, Any] = {}
    for spec, batch in (("cnn-light", 8),) if part.options.is_tiny else SPECS:
        name = f"{spec}, batch {batch}"
        if part.is_over:
            part.row(name, "left out: no time")
            continue
        found[name] = {"layers": _layers(part, spec, batch), "step": _step(part, spec, batch)}
    return found


def _layers(part: Part, spec: str, batch: int) -> dict[str, dict[str, float]]:
    """Milliseconds on the card, forward and backward, of each step of the execution order."""
    backend, repeats = part.backend, 2 if part.options.is_tiny else 20
    figures: dict[str, dict[str, float]] = {}
    # Only a stream of its own can be recorded.
    with backend.xp.cuda.Stream(non_blocking=True):
        network = build_network(spec, backend=backend, seed=0)
        y = network.to_inside(pictures(batch)[0])
        grad = backend.asarray(np.full((10, batch), 1e-3), "float32")
        steps = network._order.steps
        for layer in steps:
            forward = functools.partial(layer.forward, y, training=True)
            y, milliseconds = _replayed(backend, forward, repeats)
            figures[layer.name] = {"forward": milliseconds}
        for layer in reversed(steps[network._order._first_learner :]):
            grad, milliseconds = _replayed(
                backend, functools.partial(layer.backward, grad), repeats
            )
            figures[layer.name]["backward"] = milliseconds
    for name, ways in figures.items():
        for way, milliseconds in ways.items():
            part.row(f"{spec}, batch {batch}: {name} {way}", f"{1000 * milliseconds:.0f} us")
    return figures


def _replayed(backend: Backend, call: Callable[[], Any], repeats: int) -> tuple[Any, float]:
    """What a call gives, and the milliseconds that the card takes for it.

    It is recorded and replayed, or most of the time would be the host's for its commands.
    """
    cuda = backend.xp.cuda
    stream = cuda.get_current_stream()
    call()  # compiles the kernels, takes the memory
    stream.begin_capture()
    result = call()
    graph = stream.end_capture()
    graph.launch()
    started, ended = cuda.Event(), cuda.Event()
    started.record()
    for _ in range(repeats):
        graph.launch()
    ended.record()
    ended.synchronize()
    return result, cuda.get_elapsed_time(started, ended) / repeats


def _step(part: Part, spec: str, batch: int) -> dict[str, float]:
    """Seconds of a replayed step, and of the host for its command, both in milliseconds."""
    images, labels = pictures(batch)
    step, indices = step_on(part.backend, spec, images, labels), np.arange(batch)
    repeats = 5 if part.options.is_tiny else 200
    try:
        for _ in range(5):
            step.run_chosen(indices)
        step.wait()
        started = time.perf_counter()
        for _ in range(repeats):
            step.run_chosen(indices)
        commanded = time.perf_counter() - started
        step.wait()
        done = time.perf_counter() - started
        recordings = step.recordings
    finally:
        step.close()
    figures = {"host_ms": 1000 * commanded / repeats, "step_ms": 1000 * done / repeats}
    words = f"{figures['step_ms']:.3f} ms, host {figures['host_ms']:.3f} ms"
    part.row(f"{spec}, batch {batch}: a step ({recordings[batch]})", words)
    return figures
