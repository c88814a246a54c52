"""A dense layer whose gradients are added to a sum as they are computed.

Momentum's velocity is a sum of gradients (``optim/momentum.py``), and BLAS adds a product of
matrices to what is there in less time than it writes one down. So a dense network's gradients go
straight into the velocity: two of three passes of the optimizer and the gradient array are saved.
The one door to this is ``Network.add_gradients_to``.

A dense network's products are large, and all cores compute parts of each; in a convolutional
network each core has images of its own.

Gains: an MLP with 128 hidden units trains 1.06 to 1.3 times as fast, as the machine is quick or
slow, with 1,024 units 1.04 to 1.07 times (``tests/benchmarks/tricks.py --only adding``).
"""

from __future__ import annotations

from digitdesk.nn.core.backend import Array
from digitdesk.nn.fusion.fused_layer import FusedLayer
from digitdesk.nn.kernels.shared_product import SharedProduct
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
        self._output, self._kernel_grad = SharedProduct(), SharedProduct()
        self._kernel_sum, self._input_grad = SharedProduct(adds=True), SharedProduct()
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
        dense.x = x
        y = self._buffer("y", (dense.units, x.shape[1]))
        if self._on_one_core:
            multiply_by_rows(dense.kernel.value, x, out=y)
        else:
            self._output(dense.kernel.value, x, out=y)
        y += dense.bias.value[:, None]
        return y

    def backward(self, grad_y: Array) -> Array:
        """As written, or with ``sum_W += grad_y xᵀ; sum_b += Σₙ grad_y``."""
        dense = self._dense
        if self._on_one_core:
            return dense.backward(grad_y)
        if self._sums is None:
            self._kernel_grad(grad_y, dense.x.T, out=dense.kernel.grad)
            grad_y.sum(axis=1, out=dense.bias.grad)
        else:
            kernel_sum, bias_sum = self._sums
            self._kernel_sum(grad_y, dense.x.T, out=kernel_sum)
            bias_sum += grad_y.sum(axis=1)
        return self._input_gradient(grad_y) if dense.input_grad_needed else None

    def _input_gradient(self, grad_y: Array) -> Array:
        """grad_x = Wᵀ grad_y."""
        kernel, x = self._dense.kernel.value, self._dense.x
        grad_x = self._buffer("grad_x", x.shape)
        self._input_grad(kernel.T, grad_y, out=grad_x)
        return grad_x
