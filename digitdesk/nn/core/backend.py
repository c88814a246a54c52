"""Where arrays live: NumPy on the processor, or CuPy on a graphics card.

The only module that imports CuPy; everything else receives a ``Backend`` and calls ``backend.xp``.
"""

from __future__ import annotations

import importlib
import platform
from dataclasses import dataclass
from typing import Any

import numpy as np

from digitdesk.errors import DeviceError

Array = Any
"""An array of the backend's module: ``numpy.ndarray`` or ``cupy.ndarray``."""

Shape = tuple[int, ...]

BACKEND_NAMES = ("auto", "cpu", "gpu")
_INSTALL_HINT = (
    "Install the GPU extra with: pip install 'digitdesk[gpu-cuda12]', "
    "or pip install 'digitdesk[gpu-cuda13]' for a driver of CUDA 13"
)


@dataclass(frozen=True, slots=True)
class Backend:
    """An array module together with the few things NumPy and CuPy spell differently.

    Attributes:
        name: ``cpu`` or ``gpu``.
        xp: The array module, ``numpy`` or ``cupy``.
        description: The device in words.
    """

    name: str
    xp: Any
    description: str

    def asarray(self, host: Any, dtype: Any = None) -> Array:
        """Put host values on the device as an array of ``dtype``."""
        return self.xp.asarray(host, dtype=dtype)

    def to_host(self, array: Array) -> np.ndarray[Any, Any]:
        """Give a device array back as a NumPy array (the same object where it already is one)."""
        if isinstance(array, np.ndarray):
            return array
        return np.asarray(array.get())

    def synchronize(self) -> None:
        """Wait until the device has done everything asked of it."""
        if self.name == "gpu":
            self.xp.cuda.get_current_stream().synchronize()


@dataclass(frozen=True, slots=True)
class GpuStatus:
    """Whether a GPU can be used; ``reason`` says why not, and what to do, in one sentence."""

    available: bool
    reason: str
    name: str


def gpu_status() -> GpuStatus:
    """Find out whether CuPy is installed and sees a working graphics card."""
    try:
        cupy = importlib.import_module("cupy")
    except ImportError:
        return GpuStatus(False, f"CuPy is not installed. {_INSTALL_HINT}.", "")
    except Exception as error:  # a damaged CUDA installation may raise anything here
        return GpuStatus(False, f"CuPy cannot be loaded ({error}). {_INSTALL_HINT}.", "")
    try:
        if cupy.cuda.runtime.getDeviceCount() == 0:
            return GpuStatus(False, "CuPy is installed, but there is no NVIDIA GPU.", "")
        properties = cupy.cuda.runtime.getDeviceProperties(0)
        # A driver can list a card that cannot compute: try one sum.
        float(cupy.ones(2).sum())
    except Exception as error:  # CUDA errors have no common base class across CuPy versions
        first_line = str(error).splitlines()[0] if str(error) else type(error).__name__
        return GpuStatus(False, f"The GPU cannot be used: {first_line}.", "")
    name = properties["name"]
    return GpuStatus(True, "", name.decode() if isinstance(name, bytes) else str(name))


def select_backend(name: str = "auto") -> Backend:
    """Choose where to compute.

    Args:
        name: ``cpu``, ``gpu``, or ``auto`` for the GPU where one works and the CPU otherwise.

    Raises:
        DeviceError: The name is unknown, or ``gpu`` was asked for and cannot be used.
    """
    if name not in BACKEND_NAMES:
        raise DeviceError(
            "Unknown device", expected=" or ".join(BACKEND_NAMES), received=repr(name)
        )
    if name == "cpu":
        return cpu_backend()
    status = gpu_status()
    if status.available:
        return Backend("gpu", importlib.import_module("cupy"), status.name)
    if name == "gpu":
        raise DeviceError("The GPU cannot be used", hint=status.reason)
    return cpu_backend()


def cpu_backend() -> Backend:
    """The NumPy backend, which is always there."""
    processor = platform.processor() or platform.machine()
    return Backend("cpu", np, f"CPU ({processor})" if processor else "CPU")
