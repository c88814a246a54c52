"""What the machine has: its name, its data, and the speed of one large matrix product on it."""

from __future__ import annotations

import contextlib
import math
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import numpy as np

from digitdesk.nn.core.backend import cpu_backend, gpu_status
from digitdesk.nn.layers.convolution import Conv2D
from digitdesk.nn.layers.dense import Dense
from digitdesk.nn.spec.build import build_network

_SIDE = 2048


def data_folder() -> Path:
    """The folder of data sets, which ``DIGITDESK_DATA`` names; without it the program ends."""
    folder = os.environ.get("DIGITDESK_DATA")
    if not folder:
        sys.exit(
            "DIGITDESK_DATA is not set; it names the folder with the data sets to measure with"
        )
    return Path(folder)


def describe() -> dict[str, object]:
    """Processor, cores, load and versions, for the report."""
    packages = {}
    for name in ("numpy", "torch", "jax", "scikit-learn"):
        try:
            packages[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            packages[name] = "not installed"
    gpu = gpu_status()
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
        "system": platform.platform(),
        "python": platform.python_version(),
        "packages": packages,
        "gpu": gpu.name if gpu.available else f"not run on a GPU ({gpu.reason})",
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.is_file() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or platform.machine())


def sgemm_flops(seconds: float = 2.0) -> float:
    """Floating-point operations per second of a large float32 matrix product, the best seen."""
    a = np.random.default_rng(0).random((_SIDE, _SIDE), dtype=np.float32)
    out = np.empty_like(a)
    best = math.inf
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        started = time.perf_counter()
        np.matmul(a, a, out=out)
        best = min(best, time.perf_counter() - started)
    return 2 * _SIDE**3 / best


def flops_per_image(spec: str) -> float:
    """Floating-point operations of the matrix products of training on one image.

    Each weight of a dense layer and each weight of a filter, at each place, is one multiplication
    and one addition; forward, for the weights' gradient, and for the input's, but for the first
    layer, whose input gradient nobody reads. Only layers in a row are counted.
    """
    network = build_network(spec, backend=cpu_backend())
    total = 0
    for layer, row in zip(network.layers, network.summary(), strict=True):
        if isinstance(layer, Conv2D | Dense):
            products = 2 * layer.kernel.size * math.prod(row.output_shape[1:])
            total += products * (3 if total else 2)
    return float(total)


@contextlib.contextmanager
def busy_program() -> Iterator[None]:
    """Another program that keeps one core busy, in a session of its own as programs are."""
    command = [sys.executable, "-c", "while True: pass"]
    program = subprocess.Popen(command, start_new_session=True)
    try:
        yield
    finally:
        program.kill()
        program.wait()


def peak_bytes(process: int) -> dict[str, int]:
    """Peak resident memory of a process and of each of its children, by process id."""
    peaks = {}
    with contextlib.suppress(OSError, StopIteration):
        folder = Path(f"/proc/{process}")
        children = " ".join(path.read_text() for path in folder.glob("task/*/children"))
        for one in [str(process), *children.split()]:
            lines = Path(f"/proc/{one}/status").read_text().splitlines()
            peak = next(line for line in lines if line.startswith("VmHWM"))
            peaks[one] = int(peak.split()[1]) * 1024
    return peaks
