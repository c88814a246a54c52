"""Convolution: each output is the product of one small patch of the image with one filter.

How the products are computed is in ``im2col`` (any shape), ``row_products`` (stride 1) and
``winograd_rows`` (3×3 at stride 1 from many channels), each faster than the one before.
"""

from __future__ import annotations

from digitdesk.nn.core.backend import Array, Shape
from digitdesk.nn.core.initializers import Initializer, zeros
from digitdesk.nn.kernels.row_gemm import RowGemm
from digitdesk.nn.kernels.winograd import WinogradRows
from digitdesk.nn.layers.bias import Bias
from digitdesk.nn.layers.im2col import Im2Col
from digitdesk.nn.layers.layer import BuildContext, Layer, ShapeError, image_shape

Products = Im2Col | RowGemm | WinogradRows

#: From so many input channels and images on, fewer multiplications are worth the sums around them.
_WINOGRAD_CHANNELS, _WINOGRAD_IMAGES = 32, 8


class Conv2D(Layer):
    """Two-dimensional convolution (cross-correlation, as everywhere in deep learning).

    ``y[f, h, w] = b[f] + Σ_cij kernel[f, c, i, j] · x[c, s·h + i − p, s·w + j − p]``

    Args:
        filters: Number of output channels F.
        kernel_size: Side K of the square kernel.
        stride: Step s between patches.
        padding: Zeros around the image: ``same`` (as many outputs as inputs at stride 1; odd
            kernels), ``valid`` (none), or a number of pixels p.
        init: How the kernel starts.

    Shapes:
        x (C, H, W, N) → y (F, H', W', N) with H' = ⌊(H + 2p − K) / s⌋ + 1;
        kernel (F, C, K, K), bias (F,).

    Source:
        LeCun et al., "Gradient-based learning applied to document recognition", 1998, section II.
    """

    has_parameters = True
    works_on_images = True

    def __init__(
        self,
        filters: int,
        kernel_size: int,
        stride: int = 1,
        padding: str | int = "same",
        init: Initializer | None = None,
    ) -> None:
        self.filters = filters
        self.kernel_size = kernel_size
        self.stride = stride
        self.padding = padding
        self.init = init or Initializer()

    def build(self, input_shape: Shape, context: BuildContext) -> Shape:
        """Declare the kernel (F, C, K, K) and the bias (F,), and choose a way to compute.

        Raises:
            ShapeError: The input is not an image, or is smaller than the kernel.
        """
        super().build(input_shape, context)
        channels, height, width = image_shape(input_shape)
        size, step, pad = self.kernel_size, self.stride, self.padding_px
        least = size - 2 * pad
        if min(height, width) < least:
            hint = "use a smaller kernel or padding=same"
            raise ShapeError(f"an image of at least {least}×{least}", input_shape, hint)
        self._out = ((height + 2 * pad - size) // step + 1, (width + 2 * pad - size) // step + 1)
        self._for_few: Products
        self._for_many: Products
        if context.backend.name == "cpu" and step == 1 and pad < size:
            self._for_few = self._for_many = RowGemm(self.dtype, size, pad, self._out)
            if size == 3 and channels >= _WINOGRAD_CHANNELS:
                self._for_many = WinogradRows(self.dtype, self.filters, pad, self._out)
        else:
            plain = Im2Col(self.xp, self.dtype, size, step, pad, self._out)
            self._for_few = self._for_many = plain
        self.products = self._for_many
        shape = (self.filters, channels, size, size)
        patch = size * size
        start = self.init.start(fan_in=channels * patch, fan_out=self.filters * patch)
        self.kernel = context.parameter("kernel", shape, start, decay=True)
        self.bias: Bias | None = Bias(context.parameter("bias", shape[:1], zeros, decay=False))
        self.bias.build((self.filters, *self._out), context)
        return (self.filters, *self._out)

    def numbers_per_image(self, input_shape: Shape, output_shape: Shape) -> int:
        """The copies that the products work on come on top, once forward and once backward."""
        copies = self._for_many.copies_per_image(input_shape)
        return super().numbers_per_image(input_shape, output_shape) + 2 * copies

    @property
    def padding_px(self) -> int:
        """Zeros on each side of the image."""
        if isinstance(self.padding, int):
            return self.padding
        return (self.kernel_size - 1) // 2 if self.padding == "same" else 0

    def release_bias(self) -> Bias:
        """Stop adding the bias, and hand it to whoever adds it later."""
        assert self.bias is not None
        bias, self.bias = self.bias, None
        return bias

    def forward(self, x: Array, *, training: bool) -> Array:
        """Compute y = kernel ∗ x + b."""
        self._choose_products(x, training)
        y = self._buffer("y", (self.filters, *self._out, x.shape[-1]))
        self.products.forward(x, self.kernel.value, y)
        return y if self.bias is None else self.bias.in_place(y)

    def backward(self, grad_y: Array) -> Array:
        """Every patch gets its filter times its output's gradient; see ``products``."""
        if self.bias is not None:
            grad_y = self.bias.backward(grad_y)
        self.products.take_gradient(grad_y)
        return self.gradients()

    @property
    def has_pairs(self) -> bool:
        """Whether the outputs can be had as ``pairs``, and rows in pairs as well."""
        return self._out[0] % 2 == self._out[1] % 2 == 0

    def split_columns(self) -> None:
        """Have ``pairs`` in whole stretches of memory, if this pays here.

        A max-pool of the F output channels gains by it; the shorter stretches cost the C input
        channels more, each, when their gradient is added up.
        """
        if isinstance(self._for_few, RowGemm):
            only_reads = self._for_few is not self._for_many
            if only_reads or 4 * self.kernel.shape[1] <= self.filters:
                self._for_few.splits = 2

    def pairs(self, x: Array, *, training: bool) -> tuple[Array, Array, Array | None]:
        """Outputs without the bias, in left and right neighbours; see ``OutputPairs``."""
        self._choose_products(x, training)
        return self.products.pairs(x, self.kernel.value)

    def pair_gradients(self) -> tuple[Array, Array, Array]:
        """Room for the gradients of ``pairs``, to be filled before ``gradients``."""
        return self.products.pair_gradients()

    def gradients(self) -> Array:
        """The kernel's gradient, and the input's if anyone needs it."""
        self.products.kernel_gradient(self.kernel.grad)
        return self.products.input_gradient(self.kernel.value) if self.input_grad_needed else None

    def _choose_products(self, x: Array, training: bool) -> None:
        few = not training and x.shape[-1] < _WINOGRAD_IMAGES
        self.products = self._for_few if few else self._for_many
