"""A dense layer whose gradients are added to a sum as they are computed.

Momentum's velocity is a sum of gradients (``optim/momentum.py``), and BLAS adds a product of
matrices to what is there in less time than it writes one down. So a dense network's gradients go
straight into the velocity: two of three passes of the optimizer and the gradient array are saved.
The one door to this is ``Network.add_gradients_to``.

Gains: an MLP with 128 hidden units trains 1.06 to 1.3 times as fast, as the machine is quick or
slow, with 1,024 units 1.04 to 1.07 times (``tests/benchmarks/tricks.py --only adding``).
"""

from __future__ import annotations

from digitdesk.nn.core.backend import Array
from digitdesk.nn.fusion.fused_layer import FusedLayer
from digitdesk.nn.kernels.blas import add_product
from digitdesk.nn.kernels.tiled_matmul import multiply_by_rows
from digitdesk.nn.layers.dense import Dense


class FusedDense(FusedLayer):
    """``Dense``, which computes everything but gradients that are to be added.

    Args:
        dense: The layer.
        on_one_core: Whether one core makes its products, while others have micro-batches of their
            own; ``tiled_matmul`` is for these.

    Shapes:
        x (D, N) → y (units, N).
    """

    def __init__(self, dense: Dense, *, on_one_core: bool = False) -> None:
        super().__init__(dense)
        self._on_one_core = on_one_core
        self._dense = dense
        self._sums: tuple[Array, Array] | None = None

    def add_gradients_to(self, total: Array | None) -> None:
        """Add gradients to a flat array, laid out as the parameters; ``None`` for no more."""
        dense = self._dense
        self._sums = None
        if total is not None:
            kernel, bias = dense.kernel, dense.bias
            self._sums = total[kernel.place].reshape(kernel.shape), total[bias.place]

    def forward(self, x: Array, *, training: bool) -> Array:
        """Compute y = W x + b."""
        dense = self._dense
        if not self._on_one_core:
            return dense.forward(x, training=training)
        dense.x = x
        y = self._buffer("y", (dense.units, x.shape[1]))
        multiply_by_rows(dense.kernel.value, x, out=y)
        y += dense.bias.value[:, None]
        return y

    def backward(self, grad_y: Array) -> Array:
        """As written, or with ``sum_W += grad_y xᵀ; sum_b += Σₙ grad_y``."""
        dense = self._dense
        if self._sums is None:
            return dense.backward(grad_y)
        kernel_sum, bias_sum = self._sums
        add_product(grad_y, dense.x.T, out=kernel_sum)
        bias_sum += grad_y.sum(axis=1)
        return dense.input_gradient(grad_y) if dense.input_grad_needed else None
