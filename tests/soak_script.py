"""Runs the whole app for a while: it trains all the time, and somebody draws all the time.

Prints one JSON line a second with what a leak would show in; see ``soak``.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import random
import sys
import threading
import time
from pathlib import Path

from digitdesk import app
from digitdesk.messages.run import RunState
from digitdesk.ui.window.main_window import MainWindow

_BEAT_MS = 10
_POINTS = 6


class Soak:
    """Trains, draws and measures on the window's own clock.

    Args:
        window: The app's window.
        seconds: How long.
        strokes: How many are drawn in that time, evenly spread.
        data: Folder of an IDX set to train on.
    """

    def __init__(self, window: MainWindow, seconds: float, strokes: int, data: str) -> None:
        self.window, self.root = window, window.root
        self._draw_tab, self._train_tab = window.tabs["draw"], window.tabs["train"]
        self._seconds, self._strokes, self._data = seconds, strokes, data
        self._drawn = 0
        self._late: list[float] = []
        self._due = self._withheld = 0.0
        self._began = math.inf
        self._random = random.Random(1)
        self.root.after(100, self._start)

    def _start(self) -> None:
        train, form = self._train_tab, self._train_tab.form
        form.data.value.set(self._data)
        form.values["epochs"].set("1000")
        form.values["batch_size"].set("64")
        if self.window._session is None or not train.buttons.start_button.instate(["!disabled"]):
            self.root.after(100, self._start)
            return
        train.buttons.start_button.invoke()
        self.window.tabs.show("draw")
        self._began, self._withheld = time.monotonic(), _withheld_seconds()
        self._due = self._began + _BEAT_MS / 1000
        self.root.after(_BEAT_MS, self._beat)
        self.root.after(1000, self._measure)
        self._draw()

    def _beat(self) -> None:
        """How late a timer fires is how long a pen would have waited on an idle machine."""
        now, withheld = time.monotonic(), _withheld_seconds()
        self._late.append(max(0.0, now - self._due - (withheld - self._withheld)))
        self._withheld = withheld
        self._due = now + _BEAT_MS / 1000
        self.root.after(_BEAT_MS, self._beat)

    def _draw(self) -> None:
        wanted = self._strokes * min(1.0, (time.monotonic() - self._began) / self._seconds)
        if self._drawn < wanted:
            self._drawn += 1
            self._stroke()
            if self._drawn % 4 == 0:
                self._draw_tab.clear()
            if self._drawn % 40 == 0:
                # Now and then somebody looks at the chart.
                self.window.tabs.show("train" if self._drawn % 80 else "draw")
        self.root.after(5, self._draw)

    def _stroke(self) -> None:
        board = self._draw_tab.board
        side = board.winfo_width()
        points = [
            {"x": self._random.randrange(side), "y": self._random.randrange(side)}
            for _ in range(_POINTS)
        ]
        board.event_generate("<Button-1>", **points[0])
        for point in points[1:]:
            board.event_generate("<B1-Motion>", state=0x100, **point)
        board.event_generate("<ButtonRelease-1>", state=0x100, **points[-1])

    def _measure(self) -> None:
        session = self.window._session
        late, self._late = sorted(self._late), []
        row = {
            "seconds": time.monotonic() - self._began,
            "memory": _resident_bytes(),
            "threads": threading.active_count(),
            "handles": sum(1 for _ in Path("/proc/self/fd").iterdir()),
            "queue": len(session._training._events),
            "late": late,
            "strokes": self._drawn,
            "epochs": len(self._train_tab.epochs.cells),
            "trains": session.state is RunState.TRAINING,
            "error": self.window.status.shows_error,
        }
        sys.stdout.write(json.dumps(row) + "\n")
        sys.stdout.flush()
        if row["seconds"] >= self._seconds:
            self.window.close()
        else:
            self.root.after(1000, self._measure)


def _withheld_seconds() -> float:
    """How long this thread could have gone on and other programs had the cores."""
    with contextlib.suppress(OSError):
        return int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e9
    return 0.0


def _resident_bytes() -> int:
    """Of this process and of those that help it to train."""
    processes = ["self"]
    for children in Path("/proc/self").glob("task/*/children"):
        # A thread, or a process below, may have ended since it was listed.
        with contextlib.suppress(OSError):
            processes += children.read_text().split()
    pages = 0
    for process in processes:
        with contextlib.suppress(OSError):
            pages += int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def main() -> int:
    seconds, strokes, data = float(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    open_window = app.open_window

    def open_and_begin(paths) -> MainWindow:
        window = open_window(paths)
        window.soak = Soak(window, seconds, strokes, data)
        return window

    app.open_window = open_and_begin
    return app.main()


if __name__ == "__main__":
    sys.exit(main())
