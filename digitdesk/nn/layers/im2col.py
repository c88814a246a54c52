"""im2col and col2im: the patches of images written out as columns, and their gradients back.

With them a convolution is one product of matrices, for any stride and padding.

Source:
    Chellapilla et al., "High performance convolutional neural networks for document processing",
    2006 (unrolling convolution).
"""

from __future__ import annotations

from collections.abc import Iterator

from digitdesk.nn.core.backend import Array, Shape
from digitdesk.nn.core.windows import Window, inside


def im2col(x: Array, columns: Array, *, stride: int = 1, padding: int = 0) -> Array:
    """Copy every K×K patch of the images into a column.

    Args:
        x: Images (C, H, W, N).
        columns: Where the patches go, (C, K, K, H', W', N); zeros where they reach over the
            border, which is left as it is.
        stride: Step s between patches.
        padding: Zeros p on each side of the images.

    Returns:
        The columns, ``columns[c, i, j, h, w] = x[c, s·h + i − p, s·w + j − p]``.
    """
    for i, j, patches, pixels in _places(columns.shape, x.shape, stride, padding):
        columns[:, i, j, *patches] = x[:, *pixels]
    return columns


def col2im(grad_columns: Array, grad_x: Array, *, stride: int = 1, padding: int = 0) -> Array:
    """Add every column's gradient to the pixels that its patch was copied from.

    Args:
        grad_columns: (C, K, K, H', W', N).
        grad_x: Where the sums go, (C, H, W, N).
        stride: Step between patches.
        padding: Zeros on each side of the images.

    Returns:
        The gradient by the images: a pixel's is the sum over the patches it is in.
    """
    grad_x.fill(0)
    for i, j, patches, pixels in _places(grad_columns.shape, grad_x.shape, stride, padding):
        grad_x[:, *pixels] += grad_columns[:, i, j, *patches]
    return grad_x


def _places(
    columns: Shape, images: Shape, stride: int, padding: int
) -> Iterator[tuple[int, int, Window, Window]]:
    """For each place in a patch, the patches whose pixel there is inside, and those pixels."""
    _, size, _, out_height, out_width, _ = columns
    _, height, width, _ = images
    for i in range(size):
        rows = inside(i - padding, stride, height, out_height)
        for j in range(size):
            across = inside(j - padding, stride, width, out_width)
            yield i, j, (rows[0], across[0]), (rows[1], across[1])
