"""Runs the whole app in a process of its own and uses it as a plan says; see ``app_process``.

What is going on inside is read from the threads' stacks, so that nothing of the app is changed.
"""

from __future__ import annotations

import json
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator

from digitdesk import app
from digitdesk.messages.run import RunState
from digitdesk.ui.window.main_window import MainWindow

_LOOK_MS = 1
#: Functions in which a thread is found at a moment, by the moment's name.
WORK = {
    "loading": ("training", "load_dataset"),
    "first step": ("training", "_train_step"),
    "mid-epoch": ("training", "_train_step"),
    "evaluation": ("training", "validate"),
    "save": ("training", "write_atomically"),
    "preview": ("beside", "augmentation_preview"),
}


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def is_inside(thread_name: str, function: str) -> bool:
    """Whether a thread is now in a function, or in something called by it."""
    frames = sys._current_frames()
    for thread in threading.enumerate():
        if thread.name.startswith(thread_name) and thread.ident in frames:
            frame = frames[thread.ident]
            while frame is not None:
                if frame.f_code.co_name == function:
                    return True
                frame = frame.f_back
    return False


class Story:
    """Does one thing after the other, each when the app is ready for it.

    Args:
        window: The app's window.
        plan: See ``app_process.Plan``.
    """

    def __init__(self, window: MainWindow, plan: dict[str, object]) -> None:
        self.window = window
        self.train = window.tabs["train"]
        self._plan = plan
        self._random = random.Random(str(plan))
        self._steps = self._tell()
        self._wait: Callable[[], object] = lambda: True
        window.root.after(_LOOK_MS, self._look)

    def _look(self) -> None:
        if self._wait():
            step = next(self._steps, None)
            if step is None:
                return
            self._wait = step
        self.window.root.after(_LOOK_MS, self._look)

    def _tell(self) -> Iterator[Callable[[], object]]:
        train, plan = self.train, self._plan
        yield lambda: train.buttons.start_button.instate(["!disabled"])
        say("OFFERED", train.banner.text)
        if plan["resumes"]:
            train.banner.choices[0].invoke()
        else:
            yield from self._start()
        if plan["restarts"]:
            yield self._a_while(400)
            train.buttons.stop_button.invoke()
            # Not the start button: after a run that went on, the form may name data not there.
            yield lambda: self.window._session.state is RunState.IDLE
            yield from self._start()
        moment = str(plan["moment"])
        if moment == "pause":
            yield lambda: self.window._session.state is RunState.TRAINING
            train.buttons.pause_button.invoke()
            yield lambda: self.window._session.state is RunState.PAUSED
        elif moment == "mid-epoch":
            yield lambda: train.progress.share > 0
            yield self._a_while(700)
        elif moment == "preview":
            # A run that goes on has not been typed: its data may not be what the form shows.
            train.form.data.value.set(str(plan["data"]))
            train.form.values["augmentation"].set("0.5")
            train.form.advanced.toggle()
        if moment in WORK:
            # Samples may be drawn between two looks; then they have just been shown.
            yield lambda: is_inside(*WORK[moment]) or train.form.preview.winfo_manager()
        if self._random.random() < 0.5:
            yield self._a_while(30)
        say("CLOSING", time.monotonic(), self.window._session.state.name)
        if plan["waits"]:
            return
        self.window.ask_to_close()
        if self.window.status.notice.choices:
            self.window.status.notice.choices[0].invoke()

    def _start(self) -> Iterator[Callable[[], object]]:
        form = self.train.form
        data = "handwriting" if self._plan["moment"] == "loading" else self._plan["data"]
        values = {"model": "cnn-light", "epochs": "1000", "batch_size": "32"}
        for name, text in values.items():
            form.values[name].set(text)
        form.data.value.set(str(data))
        yield lambda: not form.problems and self.train.buttons.start_button.instate(["!disabled"])
        self.train.buttons.start_button.invoke()

    def _a_while(self, most_ms: float) -> Callable[[], bool]:
        end = time.monotonic() + self._random.uniform(0, most_ms) / 1000
        return lambda: time.monotonic() >= end


def main() -> int:
    plan = json.loads(sys.argv[1])
    open_window = app.open_window

    def open_and_begin(paths) -> MainWindow:
        window = open_window(paths)
        window.story = Story(window, plan)
        return window

    app.open_window = open_and_begin
    return app.main()


if __name__ == "__main__":
    sys.exit(main())
