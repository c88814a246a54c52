"""Part 2, its last rows: PyTorch compiled, which takes a compiler and minutes."""

from __future__ import annotations

from typing import Any

from gpu_parts.networks import NETWORKS
from gpu_parts.part import Part
from gpu_parts.speed import BATCHES, seconds, torch_peer


def run(part: Part) -> dict[str, Any]:
    """As many networks as there is time for."""
    peer = torch_peer(part)
    figures: dict[str, float] = {}
    if peer is None or part.options.is_tiny:
        return {"images_per_second": figures}
    for spec in NETWORKS:
        name = f"{spec}, batch {BATCHES[0]}"
        if part.is_over:
            part.row(f"{name}: {peer.COMPILED}", "left out: no time")
            continue
        try:
            figures[name] = peer.images_per_second(peer.COMPILED, spec, BATCHES[0], seconds(part))
        except Exception as error:
            line = str(error).partition("\n")[0]
            part.row(f"{name}: {peer.COMPILED}", f"{type(error).__name__}: {line}")
            continue
        words = f"{figures[name]:,.0f} images/s"
        part.row(f"{name}: {peer.COMPILED}", words, number=figures[name])
    return {"images_per_second": figures}
