"""Small IDX files for tests, written without the code under test."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest


class SmallSet:
    """Three images with three labels, as arrays and as files."""

    images = np.arange(3 * 28 * 28).reshape(3, 28, 28) % 256
    labels = np.array([2, 0, 1])

    @staticmethod
    def idx(array: np.ndarray) -> bytes:
        """An array as an IDX file's bytes."""
        header = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape)
        return header + array.astype(np.uint8).tobytes()

    def write(self, folder: Path, *, test=True, offset=0, prefix="", images=None) -> None:
        """Write a whole set, images plain and labels gzipped."""
        for split in ("train", "t10k") if test else ("train",):
            (folder / f"{prefix}{split}-images-idx3-ubyte").write_bytes(
                self.idx(self.images if images is None else images)
            )
            (folder / f"{prefix}{split}-labels-idx1-ubyte.gz").write_bytes(
                gzip.compress(self.idx(self.labels + offset))
            )

    def mnist(self) -> dict[str, bytes]:
        """A MNIST of five images, by file name."""
        return {
            "train-images-idx3-ubyte": self.idx(self.images),
            "train-labels-idx1-ubyte": self.idx(self.labels),
            "t10k-images-idx3-ubyte": self.idx(self.images[:2]),
            "t10k-labels-idx1-ubyte": self.idx(self.labels[:2]),
        }

    def write_mnist(self, folder: Path) -> None:
        """The MNIST of five images as gzipped files."""
        for name, content in self.mnist().items():
            (folder / f"{name}.gz").write_bytes(gzip.compress(content))


@pytest.fixture
def small() -> SmallSet:
    return SmallSet()
