"""Measures the window: time to the screen, pen to answer, and how it breathes while training.

Run on a screen: ``build/with-screen .venv/bin/python tests/benchmarks/window.py``.
"""

from __future__ import annotations

import gc
import math
import os
import sys
import tempfile
import time
from pathlib import Path

STARTED = time.perf_counter()


def milliseconds(values: list[float]) -> str:
    """Median, 99th percentile and worst of times in seconds."""
    ordered = sorted(values)
    picked = (ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)], ordered[-1])
    return "p50 {:.1f}  p99 {:.1f}  worst {:.1f} ms".format(*(1000 * value for value in picked))


def main() -> None:
    from digitdesk.app import open_window
    from digitdesk.files.paths import UserPaths

    window = open_window(UserPaths.under(Path(tempfile.mkdtemp())))
    root, draw, train = window.root, window.tabs["draw"], window.tabs["train"]
    while not window.winfo_viewable():
        root.update()
    root.update()
    report("window on the screen", f"{1000 * (time.perf_counter() - STARTED):.0f} ms")
    while window.status.message.cget("text") == "Loading …":
        root.update()
        time.sleep(0.001)
    root.update()
    report("board can read", f"{1000 * (time.perf_counter() - STARTED):.0f} ms")
    breathe(root, 1.5)

    report("pen event to bars", milliseconds(pen_times(root, draw.board, 600)))
    window.tabs.show("train")
    breathe(root, 1.0)
    for name, text in (("model", "cnn-standard"), ("epochs", "20")):
        train.form.values[name].set(text)
    breathe(root, 0.5)
    train.buttons.start_button.invoke()
    while not len(train.chart.series["step_loss"]):
        breathe(root, 0.05)
    report("heartbeat, chart live, training", milliseconds(heartbeat(root, 8.0)))
    report("chart redraws in 8 s", str(train.chart.redraw_count))
    window.tabs.show("draw")
    breathe(root, 0.3)
    report("pen event to bars, training", milliseconds(pen_times(root, draw.board, 600)))
    report("speed", train.progress.speed.cget("text"))
    from machine import peak_bytes  # not sooner: it loads what the window waits for

    own, *workers = (peak / 2**20 for peak in peak_bytes(os.getpid()).values())
    report("peak memory", f"{own:.0f} MiB, of worker processes {sum(workers):.0f} MiB")
    start = time.perf_counter()
    window.close()
    report("close while training", f"{1000 * (time.perf_counter() - start):.0f} ms")


def report(what: str, figure: str) -> None:
    sys.stdout.write(f"{what:34} {figure}\n")


def breathe(root, seconds: float) -> None:
    """Let the window live for a while."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        root.update()
        time.sleep(0.001)


def pen_times(root, board, count: int) -> list[float]:
    """Draw a spiral with mouse events; time from each event to the repainted answer."""
    side = board.winfo_width()
    board.event_generate("<Button-1>", x=side // 2, y=side // 2)
    times = []
    for k in range(count):
        angle, radius = k / 12, side * 0.4 * k / count
        x, y = side / 2 + radius * math.cos(angle), side / 2 + radius * math.sin(angle)
        start = time.perf_counter()
        board.event_generate("<B1-Motion>", x=int(x), y=int(y), state=0x100)
        root.update()
        times.append(time.perf_counter() - start)
    board.event_generate("<ButtonRelease-1>", x=side // 2, y=side // 2)
    return times


def heartbeat(root, seconds: float) -> list[float]:
    """How late a 10 ms timer of the window fires."""
    late: list[float] = []
    due = 0.0

    def beat() -> None:
        nonlocal due
        now = time.perf_counter()
        late.append(max(0.0, now - due))
        due = now + 0.010
        root.after(10, beat)

    due = time.perf_counter() + 0.010
    root.after(10, beat)
    end = root.after(int(seconds * 1000), root.quit)
    root.mainloop()
    root.after_cancel(end)
    return late


if __name__ == "__main__":
    main()
    gc.enable()
