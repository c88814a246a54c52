"""Faults to plant: in what trains beside the window, and in the window itself.

Each notes when it broke, so that a test can tell how soon the user hears of it.
"""

from __future__ import annotations

import errno
import math
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from digitdesk.messages.run import Progress
from digitdesk.nn.layers.dense import Dense
from digitdesk.nn.layers.flatten import Flatten
from digitdesk.nn.losses import SoftmaxCrossEntropy
from digitdesk.nn.optim.optimizer import Optimizer
from digitdesk.session.dataset_cache import DatasetCache
from digitdesk.session.model_library import ModelLibrary
from digitdesk.session.samples import Samples
from digitdesk.session.training_control import TrainingControl
from digitdesk.training import reports, trainer
from digitdesk.training.parallel.data_parallel import DataParallelStep
from digitdesk.ui.board.drawing_board import DrawingBoard
from digitdesk.ui.charts.loss_chart import LossChart
from digitdesk.ui.charts.probability_bars import ProbabilityBars
from digitdesk.ui.controls import setting_fields
from digitdesk.ui.train.tab import TrainTab
from digitdesk.ui.window.preferences import Preferences


class Plant:
    """Breaks things, and remembers when one broke for the first time."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.patch = patch
        self.broke_at: float | None = None

    def note(self) -> None:
        if self.broke_at is None:
            self.broke_at = time.monotonic()

    def raising(self, error: BaseException) -> Callable[..., Any]:
        """A function that fails, whatever it is given."""

        def fail(*_arguments: object, **_settings: object) -> Any:
            self.note()
            # A new one each time: a raised error keeps the trace of where it was.
            raise type(error)(*error.args)

        return fail

    def breaks(self, owner: object, name: str, error: BaseException) -> None:
        self.patch.setattr(owner, name, self.raising(error))

    def spoils(self, owner: object, name: str, spoil: Callable[..., object]) -> None:
        """Let a method do its work, and then something to what it worked on."""
        honest = getattr(owner, name)

        def dishonest(*arguments: Any, **settings: Any) -> Any:
            result = honest(*arguments, **settings)
            spoiled = spoil(*arguments)
            self.note()
            return result if spoiled is None else spoiled

        self.patch.setattr(owner, name, dishonest)


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong.

    Attributes:
        name: For people.
        plant: Breaks it.
        says: What the user reads then, in part.
        in_log: What the log holds; empty where the sentence itself is all there is to say.
        act: What the user does that meets it; ``None`` for starting a run.
        ends: How the run ends that meets it.
    """

    name: str
    plant: Callable[[Plant], None]
    says: str
    in_log: str = ""
    act: Callable[[Any], None] | None = None
    ends: str = "failed"


def _infinite_weight(step: Any, *_others: object) -> None:
    step._network.parameters.values[5] = math.inf


def _refuse_threads(plant: Plant, names: str) -> None:
    start = threading.Thread.start

    def refuse(thread: threading.Thread) -> None:
        if thread.name.startswith(names):
            plant.note()
            raise RuntimeError("can't start new thread")
        start(thread)

    plant.patch.setattr(threading.Thread, "start", refuse)


def _fill_the_disk(plant: Plant) -> None:
    plant.patch.setattr(trainer, "KEEP_SECONDS", 0.0)
    plant.breaks(os, "fsync", OSError(errno.ENOSPC, "No space left on device"))


_DIVERGED = "no longer a number"
_UNEXPECTED = "Training stopped because of an unexpected error"

IN_TRAINING = (
    Fault(
        "no memory for a layer",
        lambda p: p.breaks(Dense, "forward", MemoryError()),
        "The computer ran out of memory. Take a smaller network",
        "MemoryError",
    ),
    Fault(
        "a loss that is no number",
        lambda p: p.spoils(SoftmaxCrossEntropy, "forward", lambda *_: math.nan),
        _DIVERGED,
    ),
    Fault(
        "an infinite weight",
        lambda p: p.spoils(DataParallelStep, "_update", _infinite_weight),
        _DIVERGED,
    ),
    Fault(
        "a layer that fails",
        lambda p: p.breaks(Flatten, "backward", ValueError("planted in a layer")),
        _UNEXPECTED,
        "planted in a layer",
    ),
    Fault(
        "an optimizer that fails",
        lambda p: p.breaks(Optimizer, "begin_step", ZeroDivisionError("planted in an optimizer")),
        _UNEXPECTED,
        "planted in an optimizer",
    ),
    Fault(
        "a full disk",
        _fill_the_disk,
        "the disk is full",
        ends="completed",
    ),
    Fault(
        "a report that fails",
        lambda p: p.breaks(reports, "progress", TypeError("planted in a report")),
        _UNEXPECTED,
        "planted in a report",
    ),
    Fault(
        "augmentation that fails",
        lambda p: p.breaks(trainer, "augment", IndexError("planted in augmentation")),
        _UNEXPECTED,
        "planted in augmentation",
    ),
    Fault(
        "a schedule that fails",
        lambda p: p.patch.setattr(
            trainer,
            "make_schedule",
            lambda *_, **__: p.raising(OverflowError("planted in a schedule")),
        ),
        _UNEXPECTED,
        "planted in a schedule",
    ),
    Fault(
        "an interruption of a thread",
        lambda p: p.breaks(Dense, "forward", KeyboardInterrupt("planted")),
        _UNEXPECTED,
        "KeyboardInterrupt",
    ),
    Fault(
        "an exit from a thread",
        lambda p: p.breaks(Optimizer, "begin_step", SystemExit("planted")),
        _UNEXPECTED,
        "SystemExit",
    ),
    Fault(
        "no more threads",
        lambda p: _refuse_threads(p, "replica"),
        _UNEXPECTED,
        "can't start new thread",
    ),
    Fault(
        "data that cannot be read",
        lambda p: p.breaks(DatasetCache, "load", OSError(errno.EIO, "planted in a file")),
        _UNEXPECTED,
        "planted in a file",
    ),
)


def _draw(desk: Any) -> None:
    desk.pen.stroke((100, 60), (140, 140), (150, 200))


def _see_chart(desk: Any) -> None:
    desk.window.show(desk.window.train)
    desk.root.update()
    desk.window.train.chart.records_changed()


def _put_event(event: object) -> Callable[[Any], None]:
    return lambda desk: desk.session._training._events.put(event)


def _choose_dark(desk: Any) -> None:
    desk.root.after(1, lambda: desk.window.preferences.choose_theme("dark"))


IN_THE_WINDOW = (
    Fault(
        "bars that cannot be painted",
        lambda p: p.breaks(ProbabilityBars, "show", ValueError("planted in the bars")),
        "planted in the bars",
        "planted in the bars",
        _draw,
    ),
    Fault(
        "a chart that cannot be drawn",
        lambda p: p.breaks(LossChart, "_draw", RuntimeError("planted in the chart")),
        "planted in the chart",
        "planted in the chart",
        _see_chart,
    ),
    Fault(
        "no memory for a button",
        lambda p: p.breaks(DrawingBoard, "_mark_all", MemoryError()),
        "Something went wrong: the computer ran out of memory.",
        "MemoryError",
        lambda desk: desk.window.draw.tools.clear_button.invoke(),
    ),
    Fault(
        "an event of the wrong kind",
        lambda p: p.note(),
        "Something went wrong",
        "Traceback",
        _put_event(Progress(0, None, "x", 5, None, 0.5, 0.1, 4.0, 1.0)),  # type: ignore[arg-type]
    ),
    Fault(
        "a field whose check fails",
        lambda p: p.breaks(setting_fields, "parse", RuntimeError("planted in a field")),
        "planted in a field",
        "planted in a field",
        lambda desk: desk.window.train.form.values["momentum"].set("0.8"),
    ),
    Fault(
        "events that cannot be fetched",
        lambda p: p.breaks(TrainingControl, "drain_events", RuntimeError("planted in the queue")),
        "planted in the queue",
        "planted in the queue",
        lambda desk: None,
    ),
    Fault(
        "a state that cannot be shown",
        lambda p: p.breaks(TrainTab, "after_events", KeyError("planted in a tab")),
        "planted in a tab",
        "planted in a tab",
        _put_event(Progress(0, 1, 1, 5, 0.5, 0.5, 0.1, 4.0, 1.0)),
    ),
    Fault(
        "a reader that fails",
        lambda p: p.breaks(ModelLibrary, "reader", ArithmeticError("planted in a reader")),
        "planted in a reader",
        "planted in a reader",
        _draw,
    ),
    Fault(
        "a pen that fails",
        lambda p: p.breaks(DrawingBoard, "_move_pen", AttributeError("planted in a pen")),
        "planted in a pen",
        "planted in a pen",
        _draw,
    ),
    Fault(
        "a sample that fails beside the window",
        lambda p: p.breaks(Samples, "test_sample", SystemExit("planted beside the window")),
        "planted beside the window",
        "planted beside the window",
        lambda desk: desk.window.draw.page.show_sample(),
    ),
    Fault(
        "colors that cannot be taken",
        lambda p: p.breaks(Preferences, "_apply_theme", RuntimeError("planted in the colors")),
        "planted in the colors",
        "planted in the colors",
        _choose_dark,
    ),
    Fault(
        "no thread to train on",
        lambda p: _refuse_threads(p, "training"),
        "can't start new thread",
        "can't start new thread",
        lambda desk: desk.window.train.buttons.start_button.invoke(),
    ),
)
