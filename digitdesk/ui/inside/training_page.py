"""While it learns: filters as they form, gradients and weights of every layer, and slow motion."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from digitdesk.messages.grid import Grid
from digitdesk.messages.inside.health import TrainingLook
from digitdesk.messages.inside.preparation import Histogram
from digitdesk.messages.inside.tiles import Tiles
from digitdesk.messages.run import Progress, RunEvent, RunFinished, RunStarted, RunState
from digitdesk.ui.charts.scale_bar import ScaleBar
from digitdesk.ui.controls.latest_job import LatestJob
from digitdesk.ui.i18n.text import NOTHING, _, decimal, joined, percent, whole
from digitdesk.ui.inside.page import InsidePage
from digitdesk.ui.inside.subject import Subject
from digitdesk.ui.inside.widgets.pad import Pad
from digitdesk.ui.inside.widgets.table import write_table
from digitdesk.ui.inside.widgets.tile_view import TileView
from digitdesk.ui.inside.words import number
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.timer import Timer
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import enable, set_shown

#: How often the network that learns is looked at, and how long a step takes in slow motion.
_LOOK_MS, _STEP_MS = 400, 1000
_HISTOGRAM = (120, 40)
_MOST_FILTERS = 256


class TrainingPage(InsidePage):
    """Filters at the left, a row for each layer at the right.

    Attributes:
        looked: What was seen last.
        is_slow: Whether one step a second is made.
    """

    seen = _(
        "The network of the run as it learns: its first filters, and for every layer how long its "
        "gradient is, how many units are dead, and how its weights are spread."
    )
    to_try = _("Start a run on the Train tab, come back, and slow it down.")

    def _build(self) -> None:
        gap, body = px(self, GAP), self.body
        self.looked: TrainingLook | None = None
        self.is_slow = False
        self._job = LatestJob(self._services.background, self._status.show_error)
        self._look_later = Timer(self, _LOOK_MS, self._look)
        self._step_later = Timer(self, _STEP_MS, self._step)
        body.columnconfigure(0, weight=2, uniform="half")
        body.columnconfigure(1, weight=3, uniform="half")
        body.rowconfigure(2, weight=1)
        head = theme.Frame(body)
        head.grid(row=0, column=0, columnspan=2, sticky="ew", pady=(0, gap))
        head.columnconfigure(0, weight=1)
        self.said = theme.Label(head, style="Figures.TLabel", anchor="w", width=1)
        self.said.grid(row=0, column=0, sticky="ew")
        self.slow_button = theme.Button(head, command=self.toggle_slow)
        theme.look(self.slow_button, theme.QUIET)
        explain(self.slow_button, _("Makes one step a second, so that each can be watched."))
        self.slow_button.grid(row=0, column=1)
        self.hint = theme.Label(
            body, style="Muted.TLabel", anchor="nw", justify="left", width=1,
            text=_("No network has been trained yet: start a run on the Train tab."),
        )  # fmt: skip
        self.hint.grid(row=1, column=0, columnspan=2, sticky="ew")
        self.left = theme.Frame(body)
        self.left.grid(row=2, column=0, sticky="nsew", padx=(0, 2 * gap))
        self.left.columnconfigure(0, weight=1)
        self.left.rowconfigure(1, weight=1)
        theme.Label(self.left, text=_("First filters"), style="Heading.TLabel").grid(
            row=0, column=0, sticky="w", pady=(0, gap // 2)
        )
        self.view = TileView(self.left, lambda _place: None)
        self.view.grid(row=1, column=0, sticky="nsew")
        self.scale = ScaleBar(self.left, lambda value: number(value, 2))
        self.scale.grid(row=2, column=0, sticky="w", pady=(gap // 2, 0))
        self.pad = Pad(body, self._write)
        self.pad.grid(row=2, column=1, sticky="nsew")
        self._show_parts()

    # -- what is shown

    def _show(self, subject: Subject, before: Subject | None) -> None:
        self._show_parts()
        if before is None or before.session is not subject.session or self.looked is None:
            self._look()

    def show(self, subject: Subject) -> None:
        """Look at the run; the drawing does not matter here."""
        super().show(subject)
        self._look_later.ask()

    def handle(self, event: RunEvent) -> None:
        """Look again when the network has learned on."""
        match event:
            case RunFinished():
                self._stop_slow()
                self._look_later.ask()
            case RunStarted() | Progress():
                self._look_later.ask()
        self._show_parts()

    def leave(self) -> None:
        """Look no further, and let the run go on as quickly as it can."""
        self._job.cancel()
        self._look_later.cancel()
        if self.is_slow:
            self.toggle_slow()

    def _look(self) -> None:
        subject = self._subject
        if subject is not None and not self._job.is_busy:
            inside = subject.inside
            self._job.ask(lambda _job: inside.training(_MOST_FILTERS), self._take)

    def _take(self, looked: TrainingLook | None) -> None:
        before, self.looked = self.looked, looked
        self._show_parts()
        if looked is None:
            return
        filters = looked.filters
        if filters is not None:
            shape = (filters.count, filters.height, filters.width)
            if before is None or shape != self.view.shape:
                self.view.offer(shape)
            self.view.show(partial(_part_of, filters))
            self.scale.show(filters.limit)
        said = _("after step {step}").format(step=whole(looked.step))
        loss = _("loss {loss}").format(loss=decimal(looked.loss))
        self.said.configure(text=joined(" · ", (said, loss)))
        self._write()

    def _show_parts(self) -> None:
        subject = self._subject
        has_run = self.looked is not None
        for widget in (self.left, self.pad):
            set_shown(widget, has_run)
        set_shown(self.hint, not has_run)
        is_running = subject is not None and subject.session.state in (
            RunState.TRAINING, RunState.PAUSED,
        )  # fmt: skip
        enable(self.slow_button, is_running)
        self.slow_button.configure(text=_("Full speed") if self.is_slow else _("Slow motion"))

    def _write(self) -> None:
        pad, looked = self.pad, self.looked
        pad.begin()
        if looked is not None:
            rows = [
                (layer.layer, _or_nothing(layer.gradient_norm), _or_nothing(layer.weight_norm),
                 percent(layer.dead_share, 0))
                for layer in looked.layers
            ]  # fmt: skip
            heads = (_("layer"), _("gradient"), _("weights"), _("dead units"))
            bars = [layer.gradient_norm or 0.0 for layer in looked.layers]
            write_table(pad, heads, rows, bars=bars)
            pad.gap()
            pad.row(
                [_Spread(layer.layer, layer.weights) for layer in looked.layers
                 if layer.weights is not None]
            )  # fmt: skip
        pad.end()

    # -- slow motion

    def toggle_slow(self) -> None:
        """Make one step a second, or go on at full speed."""
        subject = self._subject
        if subject is None:
            return
        with self._status.guarding():
            if self.is_slow:
                self._stop_slow()
                subject.session.resume()
            else:
                self.is_slow = True
                subject.session.pause()
                self._step_later.ask()
        self._show_parts()

    def _stop_slow(self) -> None:
        self.is_slow = False
        self._step_later.cancel()

    def _step(self) -> None:
        subject = self._subject
        if subject is None or not self.is_slow:
            return
        if subject.session.state is RunState.PAUSED:
            subject.session.single_step()
            self._look_later.ask()
        self._step_later.ask()


def _or_nothing(value: float | None) -> str:
    return NOTHING if value is None else number(value)


def _part_of(tiles: Tiles, first: int, count: int) -> Tiles:
    """Some of the tiles that are here already."""
    size = tiles.height * tiles.width
    levels = tiles.levels[first * size : (first + count) * size]
    shown = len(levels) // size
    values = tiles.values.values[4 * first * size :][: 4 * shown * size]
    grid = Grid((shown, tiles.height, tiles.width), values)
    return replace(tiles, first=first, values=grid, levels=levels)


class _Spread:
    """How the weights of a layer are spread, as a block on a pad."""

    def __init__(self, name: str, histogram: Histogram) -> None:
        self._name, self._histogram = name, histogram

    def size(self, pad: Pad) -> tuple[int, int]:
        """Width and height in screen pixels."""
        line = pad.font("small").metrics("linespace")
        return int(px(pad, _HISTOGRAM[0])), int(px(pad, _HISTOGRAM[1])) + 2 * line

    def draw(self, pad: Pad, x: int, y: int) -> None:
        """Draw it."""
        colors, small = theme.palette(), theme.font("small")
        line = pad.font("small").metrics("linespace")
        wide, high = (int(px(pad, side)) for side in _HISTOGRAM)
        counts, canvas = self._histogram.counts, pad.canvas
        canvas.create_text(x, y, anchor="nw", text=self._name, fill=colors.text, font=small)
        most, bottom = max(counts) or 1, y + line + high
        for k, count in enumerate(counts):
            left, right = x + wide * k / len(counts), x + wide * (k + 1) / len(counts)
            canvas.create_rectangle(left, bottom - high * count / most, right - 1, bottom, width=0,
                                    fill=colors.train, tags="spread")  # fmt: skip
        canvas.create_line(x, bottom, x + wide, bottom, fill=colors.border)
        low, top = number(self._histogram.low, 2), number(self._histogram.high, 2)
        canvas.create_text(x, bottom, anchor="nw", text=low, fill=colors.muted, font=small)
        canvas.create_text(x + wide, bottom, anchor="ne", text=top, fill=colors.muted, font=small)
