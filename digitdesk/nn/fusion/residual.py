"""A residual block whose layers run fused."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from digitdesk.nn.fusion.fused_layer import FusedLayer
from digitdesk.nn.layers.layer import Layer
from digitdesk.nn.layers.residual import Residual


class FusedResidual(FusedLayer, Residual):
    """``Residual`` as written, over the execution order of its layers.

    Args:
        block: The block.
        fuse: Finds the execution order of layers in a row.
    """

    def __init__(
        self, block: Residual, fuse: Callable[[Sequence[Layer]], tuple[Layer, ...]]
    ) -> None:
        super().__init__(block)
        self.layers = fuse(block.layers)
        self.shortcut = fuse([block.shortcut])[0] if block.shortcut else None

    def numbers_per_image(self) -> int:
        """As for the block as written."""
        return Residual.numbers_per_image(self)
