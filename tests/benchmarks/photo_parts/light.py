"""Light on a sheet: shadows, glare and patches of sun, as factors for each pixel."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter

from .ink import Floats
from .sheets import Shape


def _axes(shape: Shape) -> tuple[np.ndarray, np.ndarray]:
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    return y / shape[0], x / shape[1]


def soft(mask: np.ndarray, blur: float) -> Floats:
    """A mask with an edge that is blurred by so many pixels."""
    image = Image.fromarray((255 * mask).astype(np.uint8)).filter(ImageFilter.GaussianBlur(blur))
    return np.asarray(image, dtype=np.float32) / np.float32(255)


def hard_shadow(
    shape: Shape, darkness: float, rng: np.random.Generator, blur: float = 2.0
) -> Floats:
    """One half of the sheet in shadow, its edge through the middle at any angle."""
    y, x = _axes(shape)
    angle, off = rng.uniform(0, 2 * np.pi), rng.uniform(-0.1, 0.1)
    side = (x - 0.5) * np.cos(angle) + (y - 0.5) * np.sin(angle) > off
    return (1 - darkness * soft(side, blur)).astype(np.float32)


def corner_glare(shape: Shape, strength: float, rng: np.random.Generator) -> Floats:
    """Light that falls off from one corner over the whole sheet."""
    y, x = _axes(shape)
    at = rng.integers(0, 2, 2)
    near = np.exp(-((x - at[0]) ** 2 + (y - at[1]) ** 2) / 0.18)
    return (1 - strength + strength * near).astype(np.float32)


def dark_corner(shape: Shape, darkness: float, rng: np.random.Generator) -> Floats:
    """A blurred dark corner, as of a hand or a vignette."""
    y, x = _axes(shape)
    at = rng.integers(0, 2, 2)
    radius = rng.uniform(0.25, 0.4)
    inside = (x - at[0]) ** 2 + (y - at[1]) ** 2 < radius**2
    return (1 - darkness * soft(inside, 0.04 * max(shape))).astype(np.float32)


def sun_patch(shape: Shape, dim: float, rng: np.random.Generator, blur: float = 3.0) -> Floats:
    """A bright slanted patch on a sheet that is dim otherwise."""
    y, x = _axes(shape)
    angle = rng.uniform(0.3, 1.2)
    along = (x - rng.uniform(0.2, 0.8)) * np.cos(angle) + (y - rng.uniform(0.2, 0.8)) * np.sin(
        angle
    )
    inside = np.abs(along) < rng.uniform(0.12, 0.25)
    return (dim + (1 - dim) * soft(inside, blur)).astype(np.float32)
