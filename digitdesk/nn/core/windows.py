"""Where a window that slides over an image, borders and all, meets the image."""

from __future__ import annotations

Window = tuple[slice, slice]


def inside(offset: int, stride: int, length: int, count: int) -> Window:
    """Which of ``count`` patches read inside an axis of ``length``, and which pixels they read.

    Patch k reads pixel ``k · stride + offset``.

    Returns:
        A slice of patches and the matching slice of pixels.
    """
    first = max(0, -(offset // stride))
    last = min(count, (length - 1 - offset) // stride + 1)
    if last <= first:
        return slice(0, 0), slice(0, 0)
    start = first * stride + offset
    return slice(first, last), slice(start, start + (last - first - 1) * stride + 1, stride)
