"""Arguments to try every kernel of the graphics card with: in tests, and by ``gpu.py``."""

from __future__ import annotations

import numpy as np

from digitdesk.nn.kernels.gpu.catalog import KERNELS

_WINDOWS = [(3, 1, 1, 6, 5), (2, 3, 2, 5, 4), (5, 1, 0, 7, 6), (3, 2, 1, 7, 7)]
_POOLS = [(2, 2, 6, 4), (2, 2, 5, 7), (3, 2, 7, 7), (3, 1, 5, 5)]


def cases(dtype):
    """For each kernel by name: arguments, inputs first, and how many elements there are."""
    rng = np.random.default_rng(0)
    kind = np.dtype(dtype).type

    def numbers(*shape):
        # Coarse, so that maxima tie and ReLU meets zeros.
        return (rng.integers(-6, 7, shape) / 4).astype(dtype)

    found = {name: [] for name in KERNELS}

    def add(name, *arguments, size):
        found[f"digitdesk_{name}"].append((list(arguments), size))

    for size, stride, padding, height, width in _WINDOWS:
        out = [(length + 2 * padding - size) // stride + 1 for length in (height, width)]
        sizes = (size, stride, padding, height, width, *out, 3)
        images, columns = numbers(2, height, width, 3), numbers(2, size, size, *out, 3)
        add("im2col", images, *sizes, np.empty_like(columns), size=columns.size // size**2)
        add("col2im", columns, *sizes, np.empty_like(images), size=images.size)
    for size, stride, height, width in _POOLS:
        out = [(length - size) // stride + 1 for length in (height, width)]
        sizes = (size, stride, height, width, *out, 4)
        images = numbers(3, height, width, 4)
        y, winner = np.empty((3, *out, 4), dtype), np.empty((3, *out, 4), "uint8")
        for switches in ((0, 0), (1, 0), (1, 1)):
            add("max_pool", images, numbers(3), *switches, *sizes, y, winner, size=y.size)
        places = rng.integers(0, size * size + 1, winner.shape).astype("uint8")
        grad_x = np.empty_like(images)
        add("max_pool_gradient", numbers(*y.shape), places, *sizes, grad_x, size=images.size)
        add("passed", numbers(*y.shape), places, size * size, np.empty_like(y), size=y.size)
    for has_relu in (0, 1):
        add("add_bias", numbers(4), 6, has_relu, numbers(4, 6), size=24)
    add("relu_gradient", numbers(5, 7), numbers(5, 7), np.empty((5, 7), dtype), size=35)
    x, normal, mean, scale, gamma, beta = (
        numbers(4, 6),
        numbers(4, 6),
        *(numbers(4) for _ in "1234"),
    )
    add("centered_squares", x, mean, 6, np.empty_like(x), size=24)
    for inner in (1, 6):
        sums = numbers(4), rng.random(4).astype(dtype)
        add("statistics", 1e-5, inner, *sums, np.empty(4, dtype), size=4)
    for has_relu in (0, 1):
        both = np.empty_like(x), np.empty_like(x)
        add("normalize", x, mean, scale, gamma, beta, 6, has_relu, *both, size=24)
        add("gradients_to_sum", x, numbers(4, 6), normal, has_relu, *both, size=24)
    sums = numbers(4), numbers(4)
    add("normalize_gradient", x, normal, scale, gamma, *sums, 6, np.empty_like(x), size=24)
    chosen = rng.permutation(9)[:5].astype("int32")
    bytes_ = rng.integers(0, 256, (9, 12)).astype("uint8")
    for images, divisor in ((bytes_, 255.0), (numbers(9, 12), 1.0)):
        add("take_batch", images, chosen, 12, 5, divisor, np.empty((12, 5), dtype), size=60)
    for images, divisor in ((bytes_, 255.0), (numbers(9, 12), 1.0)):
        # As far as beyond the border, and some exactly on a pixel.
        sources = np.concatenate([rng.normal(0, 2.5, 90), numbers(30)]).astype(dtype)
        pieces = np.empty((5, 3, 4), dtype)
        add("sample", images, chosen, sources, 3, 4, divisor, pieces, size=60)
    thickness = rng.uniform(-0.5, 1, 5).astype(dtype)
    add(
        "draw_with_pen",
        numbers(5, 3, 4),
        thickness,
        3,
        4,
        5,
        np.empty((1, 3, 4, 5), dtype),
        size=60,
    )
    labels = rng.integers(0, 10, 9).astype("int32")
    for smoothing in (0.0, 0.1):
        logits = rng.normal(0, 3, (10, 5)).astype(dtype)
        outcome = np.empty(5, dtype), np.empty(5, dtype), np.empty_like(logits)
        add("cross_entropy", logits, labels, chosen, 10, smoothing, 0.2, *outcome, size=5)
    log = np.zeros((8, 2), dtype)
    add("note", numbers(2), np.array([3], "uint64"), log, size=2)
    for first, count in ((0, 21), (7, 10), (64, 33)):
        key = np.array([12345, 2**63 + 9], "uint64")
        add("uniform", key, first, np.empty(count, dtype), size=count)
    constants = np.array([0.01, 0.02, 0.97, 0.3, 0.2, 0.9, 0.8, 0])
    for name, memories in (
        ("sgd", 0),
        ("momentum", 1),
        ("adagrad", 1),
        ("rmsprop", 1),
        ("adam", 2),
    ):
        memory = [rng.random(40).astype(dtype) for _ in range(memories)]
        clip = np.array([kind(0.5)])
        add(name, numbers(40), constants, clip, 32, numbers(40), *memory, size=40)
    add("follow", numbers(40), 0.3, numbers(40), size=40)
    return found
