"""Measures how long the executable takes from its start to a usable window, warm and cold.

Usable is when one can draw and the bundled reader answers: the log line "Ready to read". Run it
with a screen: ``build/with-screen python3 build/measure_start.py PROGRAM``.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

_TIMEOUT_SECONDS = 60
_SHOWN, _READY = "Window open", "Ready to read"


def main() -> None:
    """Print median and worst of the runs asked for."""
    parser = argparse.ArgumentParser(description="Measure the start of an executable.")
    parser.add_argument("program", type=Path, nargs="+", help="the executable")
    parser.add_argument("--runs", type=int, default=10)
    arguments = parser.parse_args()
    for program in arguments.program:
        program = program.resolve()
        with tempfile.TemporaryDirectory() as home:
            _start(program, Path(home))  # makes folders and font cache
            _report(
                program, "warm", [_start(program, Path(home)) for _ in range(arguments.runs)], ""
            )
            cold, how = [], ""
            for _ in range(arguments.runs):
                how = _forget_files(program)
                cold.append(_start(program, Path(home)))
            _report(program, "cold", cold, how)


def _start(program: Path, home: Path) -> tuple[float, float]:
    """Seconds until the window is made and until it is usable."""
    log = home / "logs" / "digitdesk.log"
    log.unlink(missing_ok=True)
    environment = {
        "DISPLAY": os.environ["DISPLAY"],
        "HOME": str(home),
        "DIGITDESK_HOME": str(home),
    }
    began = datetime.datetime.now()
    with (home / "console.txt").open("wb") as console:
        process = subprocess.Popen([program], env=environment, stdout=console, stderr=console)
    try:
        end = time.monotonic() + _TIMEOUT_SECONDS
        while True:
            lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
            moments = [_moment(lines, text) for text in (_SHOWN, _READY)]
            if moments[-1] is not None:
                shown, ready = ((moment - began).total_seconds() for moment in moments)
                return shown, ready
            if time.monotonic() > end or process.poll() is not None:
                raise SystemExit(
                    f"{program.name} did not become usable:\n{(home / 'console.txt').read_text()}"
                )
            # The log's own time stamps count, so this pace does not blur the figure.
            time.sleep(0.05)
    finally:
        time.sleep(0.3)
        process.terminate()
        process.wait()


def _moment(lines: list[str], text: str) -> datetime.datetime | None:
    for line in lines:
        if text in line:
            return datetime.datetime.strptime(line[:23], "%Y-%m-%d %H:%M:%S,%f")
    return None


def _forget_files(program: Path) -> str:
    """Empty the system's file cache, or at least the program's own part of it."""
    subprocess.run(["sync"], check=True)
    with contextlib.suppress(OSError):
        Path("/proc/sys/vm/drop_caches").write_text("3\n", encoding="ascii")
        return "whole file cache dropped"
    files = [program]
    if (program.parent / "_internal").is_dir():
        files += [path for path in program.parent.rglob("*") if path.is_file()]
    for path in files:
        with path.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return "only the program's files dropped from the cache"


def _report(program: Path, kind: str, times: list[tuple[float, float]], how: str) -> None:
    shown, ready = zip(*times, strict=True)
    print(
        f"{program.name} {kind}, {len(times)} runs: window {statistics.median(shown):.2f} s, "
        f"usable {statistics.median(ready):.2f} s (worst {max(ready):.2f})"
        + (f"; {how}" if how else "")
    )


if __name__ == "__main__":
    main()
