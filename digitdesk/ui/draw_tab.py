"""The Draw tab: the board, and what a network reads on it while the pen moves.

It knows three things of the session: a new board, the models, and how to read strokes.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING

from digitdesk.messages import ModelEntry, Prediction
from digitdesk.ui import theme
from digitdesk.ui.answer_view import AnswerView, NetworkView
from digitdesk.ui.drawing_board import DEFAULT_PEN_WIDTH, PEN_WIDTHS, SIDE, DrawingBoard
from digitdesk.ui.probability_bars import ProbabilityBars
from digitdesk.ui.status_bar import StatusBar
from digitdesk.ui.text import _, whole
from digitdesk.ui.theme import GAP, px
from digitdesk.ui.widgets import Timer, enable

if TYPE_CHECKING:
    from digitdesk.session import Session

READER = "reader"
TRAINING = "training"
_PANEL_WIDTH = 352
_PEN_STEP = 2
#: While a network learns, the same ink is read again at this pace, in milliseconds.
_REREAD_MS = 250


class DrawTab(theme.Frame):
    """Board and tools at the left, the answer at the right."""

    def __init__(self, parent: tk.Misc, status: StatusBar) -> None:
        super().__init__(parent, padding=px(parent, 3 * GAP))
        self._status = status
        self._session: Session | None = None
        self._models: tuple[ModelEntry, ...] = ()
        self._source = READER
        self._prediction: Prediction | None = None
        self._reread_later = Timer(self, _REREAD_MS, self._read)
        self.rowconfigure(0, weight=1)
        self.columnconfigure((0, 3), weight=1)
        self.board = DrawingBoard(self, self._read)
        self.board.grid(row=0, column=1, sticky="nw")
        self._build_tools()
        self._build_panel()
        self.bind("<Configure>", self._on_configure)
        self._show_history()

    # -- what others ask of the tab

    @property
    def source(self) -> str:
        """Key of the model that reads the board."""
        return self._source

    @property
    def prediction(self) -> Prediction | None:
        """The answer on show."""
        return self._prediction

    def attach(self, session: Session) -> None:
        """Begin to read; ink drawn before is read at once."""
        self._session = session
        self.refresh_models()
        self.board.attach(session.new_board)

    def refresh_models(self) -> None:
        """Take the session's present models into the choice."""
        if self._session is None:
            return
        self._models = self._session.models()
        self.read_with.configure(values=[model_title(entry) for entry in self._models])
        keys = [entry.key for entry in self._models]
        self.choose(self._source if self._source in keys else READER)

    def choose(self, key: str) -> None:
        """Read the board with another model."""
        changed = key != self._source
        self._source = key
        for index, entry in enumerate(self._models):
            if entry.key == key:
                self.read_with.current(index)
                self._status.show_model(model_title(entry))
        self.read_with.selection_clear()
        if changed:
            self._read()

    @property
    def offers_learning_network(self) -> bool:
        """Whether the network of a run that goes on can be chosen."""
        return any(entry.key == TRAINING and _is_learning(entry) for entry in self._models)

    def weights_moved(self) -> None:
        """A network in training has learned on: read the board again, soon."""
        if self._source == TRAINING and self.board.strokes:
            self._reread_later.ask()

    # -- commands

    def undo(self) -> None:
        """Take the last change of the board back."""
        self.board.undo()

    def redo(self) -> None:
        """Make it again."""
        self.board.redo()

    def clear(self) -> None:
        """Wipe the board."""
        self.board.clear()

    def change_pen(self, steps: int) -> None:
        """Make the pen wider (1) or thinner (-1)."""
        self.pen.set(self.board.pen_width + steps * _PEN_STEP)

    # -- building

    def _build_tools(self) -> None:
        tools = theme.Frame(self)
        tools.grid(row=1, column=1, sticky="ew", pady=(px(self, 2 * GAP), 0))
        tools.columnconfigure(3, weight=1)

        def tool(column: int, text: str, icon: str, command: Callable[[], None]) -> theme.Button:
            button = theme.Button(tools, text=text, command=command)
            theme.look(button, theme.TOOL)
            theme.icon(button, icon)
            button.grid(row=0, column=column, padx=(0, px(self, GAP)))
            return button

        self.undo_button = tool(0, _("Undo"), "arrow-counterclockwise", self.undo)
        self.redo_button = tool(1, _("Redo"), "arrow-clockwise", self.redo)
        self.clear_button = tool(2, _("Clear"), "trash", self.clear)
        theme.Label(tools, text=_("Pen"), style="Muted.TLabel").grid(
            row=0, column=4, padx=(0, px(self, GAP))
        )
        low, high = PEN_WIDTHS
        self.pen = theme.Scale(
            tools,
            from_=low,
            to=high,
            value=DEFAULT_PEN_WIDTH,
            length=px(self, 120),
            command=self._on_pen,
        )
        self.pen.grid(row=0, column=5)

    def _build_panel(self) -> None:
        panel = theme.Frame(self, width=px(self, _PANEL_WIDTH))
        panel.grid(row=0, column=2, rowspan=2, sticky="ns", padx=(px(self, 4 * GAP), 0))
        panel.columnconfigure(1, weight=1, minsize=px(self, 176))
        panel.rowconfigure(2, weight=1)
        gap = px(self, GAP)
        theme.Label(panel, text=_("What the network sees"), style="Muted.TLabel").grid(
            row=0, column=0, sticky="w", pady=(0, gap)
        )
        self.network_view = NetworkView(panel)
        self.network_view.grid(row=1, column=0, sticky="nw")
        self.answer = AnswerView(panel)
        self.answer.grid(row=1, column=1, sticky="nw", padx=(3 * gap, 0))
        self.bars = ProbabilityBars(panel)
        self.bars.grid(row=2, column=0, columnspan=2, sticky="nsew", pady=(3 * gap, 2 * gap))
        choice = theme.Frame(panel)
        choice.grid(row=3, column=0, columnspan=2, sticky="ew")
        choice.columnconfigure(1, weight=1)
        theme.Label(choice, text=_("Read with"), style="Muted.TLabel").grid(
            row=0, column=0, padx=(0, gap)
        )
        self.read_with = theme.Combobox(choice, state="readonly", takefocus=True)
        self.read_with.grid(row=0, column=1, sticky="ew")
        self.read_with.set(_("loading …"))
        self.read_with.bind("<<ComboboxSelected>>", lambda _event: self._on_source())
        self.step_note = theme.Label(choice, style="Muted.TLabel")
        self.step_note.grid(row=1, column=1, sticky="w", pady=(gap // 2, 0))

    # -- reactions

    def _on_configure(self, event: tk.Event[tk.Misc]) -> None:
        """Give the board the largest square that is left."""
        edge = 2 * px(self, 3 * GAP)
        wide = event.width - edge - px(self, _PANEL_WIDTH + 4 * GAP)
        tools = self.undo_button.winfo_reqheight() + px(self, 2 * GAP)
        self.board.resize(max(px(self, SIDE), min(wide, event.height - edge - tools)))

    def _on_source(self) -> None:
        index = self.read_with.current()
        if 0 <= index < len(self._models):
            self.choose(self._models[index].key)

    def _on_pen(self, value: str) -> None:
        self.board.pen_width = round(float(value))

    def _read(self) -> None:
        """Read the board and show the answer."""
        self._show_history()
        if self._session is None:
            return
        with self._status.guarding():
            self._show(self._session.read_strokes(self.board.strokes, self._source))

    def _show(self, prediction: Prediction) -> None:
        self._prediction = prediction
        self.network_view.show(prediction.prepared)
        self.answer.show(prediction)
        self.bars.show(prediction.class_names, prediction.probabilities)
        step = prediction.step
        self.step_note.configure(
            text="" if step is None else _("as it was at step {step}").format(step=whole(step))
        )

    def _show_history(self) -> None:
        for button, usable in (
            (self.undo_button, self.board.can_undo),
            (self.redo_button, self.board.can_redo),
            (self.clear_button, bool(self.board.strokes)),
        ):
            enable(button, usable)


def model_title(entry: ModelEntry) -> str:
    """A model's name in a list."""
    if entry.key == READER:
        return _("Bundled reader")
    if entry.key == TRAINING:
        return _("Network in training") if _is_learning(entry) else _("Trained network")
    if entry.path is not None:
        return entry.path.name
    return entry.card.title


def _is_learning(entry: ModelEntry) -> bool:
    """Whether a run's network still learns: only a run that has ended knows a test accuracy."""
    return entry.card.test_accuracy is None
