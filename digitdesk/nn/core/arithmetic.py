"""What decides how numbers are rounded here: the device, and whose matrix products it uses.

The same settings give the same network to the last bit where all of these are the same.
"""

from __future__ import annotations

import functools
import platform
from pathlib import Path

import numpy as np
import threadpoolctl

from digitdesk.nn.core.backend import Backend

_PROCESSORS = Path("/proc/cpuinfo")


def arithmetic(backend: Backend) -> str:
    """Say it in a line, for example ``Intel … · numpy 2.4.6 · OpenBLAS 0.3.31 (SkylakeX)``."""
    module = f"{backend.xp.__name__} {backend.xp.__version__}"
    if backend.name == "gpu":
        version = backend.xp.cuda.runtime.runtimeGetVersion()  # 12090 for 12.9
        return f"{backend.description} · {module} · CUDA {version // 1000}.{version % 1000 // 10}"
    return " · ".join([_processor(), module, *_products()])


def _products() -> list[str]:
    """The BLAS that NumPy has loaded, with the kernels that it chose for this processor."""
    named = {"openblas": "OpenBLAS", "mkl": "MKL", "blis": "BLIS"}
    return [
        f"{named.get(row['internal_api'], row['internal_api'])} {row['version']}"
        + (f" ({row['architecture']})" if row.get("architecture") else "")
        for row in threadpoolctl.threadpool_info()
        if row["user_api"] == "blas"
    ][:1]


@functools.cache
def _processor() -> str:
    try:
        lines = _PROCESSORS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or platform.machine() or np.__name__)
