"""Tries the engine on a graphics card, and measures it there beside PyTorch.

``python tests/benchmarks/gpu.py --out results.json``, in at most eight minutes: the layers and the
kernels against NumPy, models carried over and back, MNIST to 99 %, images per second, and where a
step's time goes. It needs NumPy, CuPy and this folder, nothing installed; where there is no PyTorch
its rows are left out. MNIST is looked for in ``DIGITDESK_DATA`` or ``--data FOLDER``. What one part
finds is written at once, so that no other's trouble loses it.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(folder) for folder in (ROOT, ROOT / "tests" / "nn", Path(__file__).parent)]

from gpu_parts import bare  # noqa: E402

bare.make_do()

from gpu_parts import checks, compiled, exchange, profile, speed, speedrun  # noqa: E402
from gpu_parts.part import Part, PartOptions  # noqa: E402

from digitdesk.errors import DeviceError  # noqa: E402
from digitdesk.nn.core.backend import Backend, select_backend  # noqa: E402

PARTS: dict[str, tuple[float, Callable[[Part], dict[str, Any]]]] = {
    "checks": (0.2, checks.run),
    "exchange": (0.05, exchange.run),
    "speedrun": (0.15, speedrun.run),
    "speed": (0.25, speed.run),
    "profile": (0.1, profile.run),
    # Last, as a compiler may take long, and nothing can hold it up.
    "compiled": (0.25, compiled.run),
}
"""What there is to do, in this order, with its share of the time."""

GRACE_SECONDS = 15.0
"""That what is in the middle of something may take beyond."""


class Results:
    """All that was found, written to a file whenever there is more.

    Args:
        out: The file; ``None`` for none.
        about: What it was found on.
    """

    def __init__(self, out: Path | None, about: dict[str, Any]) -> None:
        self._out = out
        self.found: dict[str, Any] = {"machine": about, "parts": {}}

    def add(self, name: str, part: dict[str, Any]) -> None:
        self.found["parts"][name] = part
        if self._out:
            self._out.parent.mkdir(parents=True, exist_ok=True)
            self._out.write_text(json.dumps(self.found, indent=2) + "\n")


def say(text: str = "") -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def run_part(name: str, backend: Backend, options: PartOptions, seconds: float) -> dict[str, Any]:
    """One part's findings; whatever goes wrong in it is one of them."""
    part = Part(backend, options, seconds, say)
    started = time.perf_counter()
    say(f"\n{name}")
    try:
        found = PARTS[name][1](part)
    except Exception as error:
        found = {"problem": f"{type(error).__name__}: {error}", "trace": traceback.format_exc()}
        say(f"  FAILED: {found['problem']}")
    rows = [row.plain() for row in part.rows]
    return {**found, "rows": rows, "seconds": round(time.perf_counter() - started, 2)}


def watch(results: Results, seconds: float) -> threading.Timer:
    """End the program once its time is long over, whatever it waits for: nothing found is lost."""

    def end() -> None:
        results.add("ended", {"problem": f"still at work after {seconds:.0f} seconds"})
        say(f"\nEnded after {seconds:.0f} seconds, in the middle of a part.")
        os._exit(3)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    return timer


def main(arguments: Sequence[str] | None = None, backend: Backend | None = None) -> int:
    """Do all parts, or some.

    Args:
        arguments: Of the command line.
        backend: A stand-in for the graphics card.

    Returns:
        0 where nothing was found wrong, 1 where something was, 2 without a graphics card.
    """
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", nargs="+", choices=PARTS, help="some of the parts")
    parser.add_argument("--seconds", type=float, default=480.0, help="for all parts together")
    parser.add_argument("--data", type=Path, default=os.environ.get("DIGITDESK_DATA"))
    parser.add_argument("--out", type=Path, help="where the results go, as JSON")
    parser.add_argument("--tiny", action="store_true", help="does it run at all?")
    asked = parser.parse_args(arguments)
    try:
        backend = backend or select_backend("gpu")
    except DeviceError as error:
        say(str(error))
        return 2
    about = bare.describe(backend)
    say(", ".join(f"{name} {value}" for name, value in about.items()))
    results = Results(asked.out, about)
    timer = watch(results, asked.seconds + GRACE_SECONDS)
    names = asked.only or list(PARTS)
    options = PartOptions(data=asked.data and Path(asked.data), is_tiny=asked.tiny)
    end = time.perf_counter() + asked.seconds
    for place, name in enumerate(names):
        shares = sum(PARTS[later][0] for later in names[place:])
        left = max(0.0, end - time.perf_counter())
        results.add(name, run_part(name, backend, options, left * PARTS[name][0] / shares))
    timer.cancel()
    parts = results.found["parts"]
    wrong = [name for name, part in parts.items() if "problem" in part]
    wrong += [row["name"] for part in parts.values() for row in part["rows"] if row["ok"] is False]
    say(f"\n{'Wrong: ' + ', '.join(wrong) if wrong else 'Nothing was found wrong.'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
