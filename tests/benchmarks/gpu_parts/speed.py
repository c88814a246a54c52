"""Part 2: images per second of training, piece by piece and recorded, beside PyTorch."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import numpy as np
from gpu_parts.networks import NETWORKS, pictures, step_on
from gpu_parts.part import Part, rate

from digitdesk.nn.fusion import execution_order
from digitdesk.nn.kernels.gpu import cublas

BATCHES = (64, 512)
_SECONDS = 1.2
_PICTURES = 4096


def run(part: Part) -> dict[str, Any]:
    """For each network and batch size: ours, then PyTorch's ways, all on this card."""
    torch_ways = torch_peer(part)
    figures: dict[str, dict[str, float]] = {}
    networks = NETWORKS[1:2] if part.options.is_tiny else NETWORKS
    for spec in networks:
        for batch in (8,) if part.options.is_tiny else BATCHES:
            if part.is_over:
                part.row(f"{spec}, batch {batch}", "left out: no time")
                continue
            ways: dict[str, Callable[[], float]] = {
                "DigitDesk, recorded": lambda s=spec, b=batch: _ours(part, s, b),
                "DigitDesk, piece by piece": lambda s=spec, b=batch: _pieces(part, s, b),
                "DigitDesk, layers as written": lambda s=spec, b=batch: _as_written(part, s, b),
            }
            if torch_ways:
                for way in torch_ways.WAYS:
                    ways[way] = lambda w=way, s=spec, b=batch: torch_ways.images_per_second(
                        w, s, b, seconds(part)
                    )
            figures[f"{spec}, batch {batch}"] = _compare(part, f"{spec}, batch {batch}", ways)
    return {"images_per_second": figures}


def seconds(part: Part) -> float:
    """How long a figure is measured."""
    return 0 if part.options.is_tiny else _SECONDS


def torch_peer(part: Part) -> Any:
    """PyTorch's part, where it is there and sees the card."""
    try:
        torch = importlib.import_module("torch")
        if not (torch.cuda.is_available() or part.options.is_tiny):
            part.row("PyTorch", "sees no graphics card: left out")
            return None
        return importlib.import_module("gpu_parts.torch_ways")
    except ImportError:
        part.row("PyTorch", "not installed: left out")
        return None


def _compare(part: Part, title: str, ways: dict[str, Callable[[], float]]) -> dict[str, float]:
    """Everybody's figure; one that fails is told, and holds up no other."""
    figures: dict[str, float] = {}
    for name, measure in ways.items():
        try:
            figures[name] = measure()
            part.row(f"{title}: {name}", f"{figures[name]:,.0f} images/s", number=figures[name])
        except Exception as error:
            part.row(f"{title}: {name}", f"{type(error).__name__}: {error}", ok=False)
    ours = figures.get("DigitDesk, recorded")
    others = [figure for name, figure in figures.items() if not name.startswith("DigitDesk")]
    if ours and others:
        part.row(f"{title}: by the best", f"{ours / max(others):.2f} x", number=ours / max(others))
    return figures


def _ours(part: Part, spec: str, batch: int) -> float:
    images, labels = pictures(16 if part.options.is_tiny else _PICTURES)
    step = step_on(part.backend, spec, images, labels)
    rng = np.random.default_rng(0)
    chosen = [rng.integers(0, len(labels), batch) for _ in range(16)]

    def call() -> None:
        step.run_chosen(chosen[step.step % 16])

    try:
        return rate(call, step.wait, batch, seconds(part))
    finally:
        step.close()


def _pieces(part: Part, spec: str, batch: int) -> float:
    """The same with recording forbidden; cuBLAS is left out with it, as CuPy's own is used."""
    library = cublas._library
    cublas._library = lambda xp: None  # type: ignore[assignment]
    try:
        return _ours(part, spec, batch)
    finally:
        cublas._library = library


def _as_written(part: Part, spec: str, batch: int) -> float:
    """Piece by piece, and without the kernels that stand for layers."""
    fuse = execution_order.fuse_for_gpu
    execution_order.fuse_for_gpu = tuple  # type: ignore[assignment]
    try:
        return _pieces(part, spec, batch)
    finally:
        execution_order.fuse_for_gpu = fuse
