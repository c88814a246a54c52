"""Part 2, its last rows: PyTorch compiled, which takes a compiler and minutes."""

from __future__ import annotations

from typing import Any

from gpu_parts.networks import NETWORKS
from gpu_parts.part import Part
from gpu_parts.speed import BATCHES, seconds, torch_peer

_COMPILING_SECONDS = 30.0
"""About what it takes; nobody is asked to begin with less."""


def run(part: Part) -> dict[str, Any]:
    """As many networks as there is time for."""
    peer = torch_peer(part)
    figures: dict[str, float] = {}
    if peer is None or part.options.is_tiny:
        return {"images_per_second": figures}
    for spec in NETWORKS:
        for way in peer.COMPILED:
            name = f"{spec}, batch {BATCHES[0]}: {way}"
            if part.seconds_left < _COMPILING_SECONDS:
                part.row(name, "left out: no time")
                continue
            try:
                figures[name] = peer.images_per_second(way, spec, BATCHES[0], seconds(part))
            except Exception as error:
                line = str(error).partition("\n")[0]
                part.row(name, f"{type(error).__name__}: {line}")
                continue
            part.row(name, f"{figures[name]:,.0f} images/s", number=figures[name])
    return {"images_per_second": figures}
