"""What each trick of the engine gains: trained with it and without, in turns.

``python tests/benchmarks/tricks.py`` prints images per second with a trick as a multiple of those
without, for each network it could matter to; ``--only winograd`` measures some. A trick that gains
less than three in a hundred everywhere has no place in the engine. Convolutional networks train on
one thread here, whose own time is counted, so that a busy machine shows the same; dense ones on all
threads of BLAS, as always, by the clock on the wall.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from contenders import Contender, Job, Setting, compete, together

from digitdesk.nn import piece_reader
from digitdesk.nn.core import buffers
from digitdesk.nn.fusion import convolution, execution_order
from digitdesk.nn.fusion.convolution import FusedConvolution, NormalizedConvolution
from digitdesk.nn.fusion.fused_layer import FusedLayer
from digitdesk.nn.kernels import blas, convolution_kernel, plane_gemm, tiled_matmul
from digitdesk.nn.layers.pooling import MaxPool2D
from digitdesk.nn.network import Network
from digitdesk.nn.parallel import thread_pool
from digitdesk.nn.parallel.network_pool import NetworkPool

TURN_SECONDS = 0.25

STANDARD, LIGHT = Job("train", "cnn-standard", 64), Job("train", "cnn-light", 64)
DENSE, WIDE = Job("train", "mlp(128)", 64), Job("train", "mlp(1024)", 128)
READER, RESIDUAL = Job("train", "reader", 128), Job("train", "resnet-small", 64)
READ, READ_READER = Job("evaluate", "cnn-standard", 2000), Job("evaluate", "reader", 2000)
READ_LIGHT = Job("evaluate", "cnn-light", 2000)
ONE_DEEP, ONE_READER = Job("single", "cnn-deep", 1), Job("single", "reader", 1)
ONE_LIGHT = Job("single", "cnn-light", 1)


@dataclass(frozen=True)
class Trick:
    """A trick, how to do without it, and where it could matter.

    Attributes:
        module: The file whose docstring tells what it is.
        jobs: What to measure.
        forbid: Switches it off for the whole process.
        on_all_threads: Whether it is about several threads.
    """

    module: str
    jobs: tuple[Job, ...]
    forbid: Callable[[], None]
    on_all_threads: bool = False


def _no_row_gemm() -> None:
    """Convolutions as written: im2col, for all that have a faster way."""
    execution_order.has_fast_kernel = lambda conv: False  # type: ignore[assignment]
    execution_order.can_pool = lambda conv, pool: False  # type: ignore[assignment]


def _no_planes() -> None:
    plane_gemm.COLUMNS = 0


def _no_winograd() -> None:
    convolution.WINOGRAD_CHANNELS = sys.maxsize


def _no_pooled_convolution() -> None:
    execution_order.can_pool = lambda conv, pool: False  # type: ignore[assignment]


def _no_pairwise_pool() -> None:
    """Of the reader's network, whose pools follow batch normalization; others' are fused."""
    MaxPool2D.is_2x2 = False  # type: ignore[assignment]


def _no_fused_normalization() -> None:
    execution_order.BatchNorm = type("Nothing", (), {})  # type: ignore[misc, assignment]


def _no_row_of_zeros() -> None:
    FusedLayer._rectify = lambda layer, y: np.maximum(y, 0, out=y)  # type: ignore[assignment]


def _no_bands() -> None:
    convolution_kernel.BAND_NUMBERS = sys.maxsize


def _no_tiles() -> None:
    tiled_matmul.are_faster = lambda: False  # type: ignore[assignment]


def _no_adding() -> None:
    Network.can_add_gradients = False  # type: ignore[assignment]


def _no_axpy() -> None:
    blas._axpy = lambda letter: None  # type: ignore[assignment]


def _usual_ufunc_buffers() -> None:
    buffers._UFUNC_BUFFER = 8192


def _no_alignment() -> None:
    buffers.CACHE_LINE = 4


def _no_folding() -> None:
    """When reading, first the convolution and then its normalization."""

    def forward(step: NormalizedConvolution, x: Any, *, training: bool) -> Any:
        y = FusedConvolution.forward(step, x, training=training)
        return step._norm.forward(y, training=training)

    NormalizedConvolution.forward = forward  # type: ignore[method-assign]


def _usual_switching() -> None:
    thread_pool._SWITCH_INTERVAL_SECONDS = sys.getswitchinterval()


def _no_recording() -> None:
    piece_reader._ENOUGH = sys.maxsize


def _no_recording_of_one() -> None:
    NetworkPool._read_one = lambda pool, images: pool._first.predict_logits(images)  # type: ignore[method-assign]


def _no_common_memory() -> None:
    buffers.memory_in_common = lambda: None


TRICKS = {
    "row-gemm": Trick("nn/kernels/row_gemm.py", (LIGHT, STANDARD), _no_row_gemm),
    "planes": Trick("nn/kernels/plane_gemm.py", (ONE_DEEP, ONE_READER, ONE_LIGHT), _no_planes),
    "winograd": Trick("nn/kernels/winograd.py", (STANDARD, READER), _no_winograd),
    "tiles": Trick("nn/kernels/tiled_matmul.py", (STANDARD, READER), _no_tiles),
    "bands": Trick("nn/kernels/convolution_kernel.py", (READ, STANDARD), _no_bands),
    "pooled": Trick("nn/fusion/convolution.py", (LIGHT, STANDARD), _no_pooled_convolution),
    "pool": Trick("nn/kernels/max_pool_2x2.py", (READER,), _no_pairwise_pool),
    "normalization": Trick(
        "nn/fusion/normalization.py", (READ_READER, RESIDUAL, READER), _no_fused_normalization
    ),
    "folding": Trick("nn/fusion/convolution.py", (READ_READER,), _no_folding),
    "zeros": Trick("nn/fusion/fused_layer.py", (READ, LIGHT), _no_row_of_zeros),
    "adding": Trick("nn/fusion/dense.py", (DENSE, WIDE), _no_adding),
    "axpy": Trick("nn/kernels/blas.py", (DENSE, WIDE, STANDARD), _no_axpy),
    "ufunc-buffers": Trick("nn/core/buffers.py", (LIGHT, STANDARD), _usual_ufunc_buffers),
    "switching": Trick(
        "nn/parallel/thread_pool.py",
        (READ, READ_READER, READ_LIGHT),
        _usual_switching,
        on_all_threads=True,
    ),
    "recording": Trick(
        "nn/core/recording.py",
        (READ, READ_READER, READ_LIGHT),
        _no_recording,
        on_all_threads=True,
    ),
    "recording-one": Trick(
        "nn/parallel/network_pool.py", (ONE_DEEP, ONE_READER, ONE_LIGHT), _no_recording_of_one
    ),
    "memory": Trick("nn/core/memory.py", (READ_READER, READER, STANDARD), _no_common_memory),
    "alignment": Trick("nn/core/buffers.py", (DENSE, WIDE, LIGHT), _no_alignment),
}


def gain(name: str, job: Job, rounds: int, sittings: int) -> tuple[float, float, float]:
    """Median and quartiles of images per second with a trick by those without."""
    has_all = TRICKS[name].on_all_threads or job in (DENSE, WIDE)
    threads, clock = (None, "perf_counter") if has_all else (1, "thread_time")
    outcomes = []
    for _ in range(sittings):
        pair = [
            Contender(Setting(label, "ours", {"threads": threads, "without": without}, clock=clock))
            for label, without in (("with", ""), ("without", name))
        ]
        outcomes.append(compete(pair, job, rounds=rounds, turn_seconds=TURN_SECONDS))
        for contender in pair:
            contender.close()
    with_it, without_it = together(outcomes)
    ratios = [a / b for a, b in zip(with_it.rates, without_it.rates, strict=True)]
    low, middle, high = statistics.quantiles(ratios, n=4)
    return middle, low, high


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=TRICKS, help="some of them")
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--sittings", type=int, default=3, help="times that both start afresh")
    options = parser.parse_args()
    sys.stdout.write(f"{'trick':14} {'work':8} {'network':14} {'gains':>7}  quartiles\n")
    for name in options.only or TRICKS:
        for job in TRICKS[name].jobs:
            middle, low, high = gain(name, job, options.rounds, options.sittings)
            sys.stdout.write(
                f"{name:14} {job.kind:8} {job.spec:14} {middle:6.2f}x  {low:.2f} - {high:.2f}\n"
            )
            sys.stdout.flush()


if __name__ == "__main__":
    main()
