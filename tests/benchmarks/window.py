"""Measures the window: time to the screen, pen to answer, and how it breathes while training.

Run on a screen: ``build/with-screen .venv/bin/python tests/benchmarks/window.py``. The pen draws a
spiral of 600 events, which no digit has, and with ``DIGITDESK_DATA`` digits of ``crohme_dev``.
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
DIGITS = 20
"""Of so many digits, one is drawn."""


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
    measure_digits(window)
    measure_serving(window)  # with the reader: what comes next chooses other models
    measure_inside(window)
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
    report("speed while drawing", train.progress.speed.cget("text"))
    window.tabs.show("inside")
    breathe(root, 0.5)
    measure_tiles(window, "cnn-standard", ", training")
    report("speed", train.progress.speed.cget("text"))
    from machine import peak_bytes  # not sooner: it loads what the window waits for

    own, *workers = (peak / 2**20 for peak in peak_bytes(os.getpid()).values())
    report("peak memory", f"{own:.0f} MiB, of worker processes {sum(workers):.0f} MiB")
    start = time.perf_counter()
    window.close()
    report("close while training", f"{1000 * (time.perf_counter() - start):.0f} ms")


def measure_digits(window) -> None:
    """From the pen to the bars while people's digits are drawn, and when the pen is lifted."""
    if "DIGITDESK_DATA" not in os.environ:
        report("pen event to bars, digits", "not measured: DIGITDESK_DATA is not set")
        return
    from machine import data_folder

    from digitdesk.ink.stroke_file import read_stroke_file
    from digitdesk.ink.strokes import fit_to_board

    root, board = window.root, window.tabs["draw"].board
    moved, lifted = [], []
    for sample in read_stroke_file(next(data_folder().rglob("crohme_dev.json.gz")))[::DIGITS]:
        board.clear()
        root.update()
        for stroke in fit_to_board(sample.strokes, board.winfo_width()):
            press(board, stroke[0])
            moved += [timed_move(root, board, point) for point in stroke[1:]]
            start = time.perf_counter()
            board.event_generate("<ButtonRelease-1>", x=int(stroke[-1][0]), y=int(stroke[-1][1]))
            root.update()
            lifted.append(time.perf_counter() - start)
    board.clear()
    root.update()
    report("pen event to bars, digits", milliseconds(moved))
    report("pen lifted to bars, digits", milliseconds(lifted))


def measure_serving(window) -> None:
    """From the pen to the bars while fifty clients ask the window's own server."""
    import multiprocessing

    from serve import CLIENTS, MOST, clients

    root, button = window.root, window.tabs["models"].use_bar.serve_button
    button.invoke()
    breathe(root, 30.0, until=lambda: button.server is not None)
    processes = multiprocessing.get_context("spawn")  # a window cannot be forked
    results = processes.Queue()
    asked = (button.server.port, CLIENTS, 15.0, 0.0, MOST // CLIENTS, 0, results)
    process = processes.Process(target=clients, args=asked)
    process.start()
    breathe(root, 60.0, until=lambda: not results.empty())
    results.get()
    breathe(root, 1.0)
    window.tabs.show("draw")
    times = pen_times(root, window.tabs["draw"].board, 600)
    breathe(root, 60.0, until=lambda: not results.empty())
    answered = sum(len(tally.seconds) for tally in results.get())
    process.join()
    button.stop()
    window.tabs["draw"].board.clear()
    report("pen event to bars, serving", f"{milliseconds(times)}, {answered} drawings in 15 s")


def measure_inside(window) -> None:
    """From the pen to all tiles in view, for networks that have learned nothing: it is as much."""
    from digitdesk.messages.model import ModelCard
    from digitdesk.nn.core.backend import cpu_backend
    from digitdesk.nn.spec.architectures import architecture_spec
    from digitdesk.nn.spec.build import build_network
    from digitdesk.storage.model_file import save_model

    root, folder = window.root, Path(tempfile.mkdtemp())
    window.tabs.show("inside")
    breathe(root, 1.0)
    measure_tiles(window, "reader")
    for name in ("cnn-standard", "cnn-light"):
        spec = architecture_spec(name, classes=10)
        network = build_network(spec, classes=10, backend=cpu_backend(), seed=3)
        save_model(folder / f"{name}.npz", ModelCard(name, spec), network.snapshot())
        window._open_model(folder / f"{name}.npz")
        measure_tiles(window, name)
    window.tabs.show("draw")
    breathe(root, 0.3)


def measure_tiles(window, model: str, when: str = "") -> None:
    """From the pen to the tiles of one network, and to one large layer of it."""
    view = window.tabs["inside"].view
    key = next(key for key in view.desk.model.keys if model in key)
    view.choose_model(key)
    breathe(window.root, 1.0)
    view.desk.board.clear()
    breathe(window.root, 0.3)
    times = pen_times(window.root, view.desk.board, 600)
    count = len(view.page.strip.in_view)
    report(f"pen to tiles, {model}{when}", f"{milliseconds(times)}, {count} layers in view")


def report(what: str, figure: str) -> None:
    sys.stdout.write(f"{what:34} {figure}\n")


def breathe(root, seconds: float, until=lambda: False) -> None:
    """Let the window live for a while, or until something has come about."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end and not until():
        root.update()
        time.sleep(0.001)


def pen_times(root, board, count: int) -> list[float]:
    """Draw a spiral with mouse events; time from each event to the repainted answer."""
    side = board.winfo_width()
    press(board, (side // 2, side // 2))
    times = []
    for k in range(count):
        angle, radius = k / 12, side * 0.4 * k / count
        x, y = side / 2 + radius * math.cos(angle), side / 2 + radius * math.sin(angle)
        times.append(timed_move(root, board, (x, y)))
    board.event_generate("<ButtonRelease-1>", x=side // 2, y=side // 2)
    return times


def press(board, at: tuple[float, float]) -> None:
    """Put the pen down."""
    board.event_generate("<Button-1>", x=int(at[0]), y=int(at[1]))


def timed_move(root, board, to: tuple[float, float]) -> float:
    """Seconds from a movement of the pen to the repainted answer."""
    start = time.perf_counter()
    board.event_generate("<B1-Motion>", x=int(to[0]), y=int(to[1]), state=0x100)
    root.update()
    return time.perf_counter() - start


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
