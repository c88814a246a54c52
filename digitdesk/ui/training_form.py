"""The settings of a run, each checked as it is typed.

The form knows what the session offers to choose from; what a value means, the session knows.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from digitdesk.errors import DigitDeskError
from digitdesk.messages import TrainingConfig
from digitdesk.ui import theme
from digitdesk.ui.dataset_field import DatasetField
from digitdesk.ui.form_rules import RULES
from digitdesk.ui.text import _, setting
from digitdesk.ui.theme import GAP, px
from digitdesk.ui.widgets import Fold, ScrollColumn, Timer, field

if TYPE_CHECKING:
    from digitdesk.session import Session

#: Width of the form in logical pixels.
WIDTH = 304
#: Pause in typing after which a network spec is checked, in milliseconds.
_SPEC_PAUSE_MS = 200

_DEFAULTS = TrainingConfig()


class TrainingForm(ScrollColumn):
    """Fields for a ``TrainingConfig``.

    Args:
        parent: The widget to sit in.
        on_change: Called after each change that may make the form right or wrong.
        data: Makes the data set's field.
    """

    def __init__(
        self,
        parent: tk.Misc,
        on_change: Callable[[], None],
        make_dataset_field: Callable[[tk.Misc, Callable[[], None]], DatasetField],
    ) -> None:
        super().__init__(parent, width=px(parent, WIDTH))
        self._on_change = on_change
        self._session: Session | None = None
        self._titles: dict[str, str] = {}
        self.values: dict[str, tk.StringVar] = {}
        self.controls: dict[str, theme.Entry] = {}
        self.boxes: dict[str, theme.Combobox] = {}
        self.problems: dict[str, str] = {}
        self.body.columnconfigure((0, 1), weight=1, uniform="half")
        self.data = make_dataset_field(self.body, self._on_data)
        self.data.grid(row=0, column=0, columnspan=2, sticky="ew", pady=(0, px(self, GAP)))
        self._check_spec_later = Timer(self, _SPEC_PAUSE_MS, self._check_spec)
        self._build_basic()
        self._build_advanced()

    def attach(self, session: Session) -> None:
        """Offer what the session has."""
        self._session = session
        for name, choices in (
            ("model", session.model_choices()),
            ("optimizer", session.optimizer_choices()),
            ("schedule", session.schedule_choices()),
            ("device", session.device_choices()),
        ):
            self.boxes[name].configure(values=list(choices))
            if name != "model" and self.values[name].get() not in choices:
                self.values[name].set(choices[0])
        self.device_note.configure(text=_("No GPU: {reason}").format(reason=session.gpu_reason))
        if not session.gpu_reason:
            self.device_note.grid_remove()
        self.data.attach(session)
        self._take_usual_learning_rate()
        self._check_spec()

    def settings(self) -> TrainingConfig:
        """The settings as typed; only where there are no ``problems``."""
        numbers: dict[str, Any] = {
            name: rule.parse(self.values[name].get()) for name, rule in RULES.items()
        }
        texts: dict[str, Any] = {
            name: self.values[name].get().strip()
            for name in ("model", "optimizer", "schedule", "device")
        }
        return replace(_DEFAULTS, data=self.data.name, **texts, **numbers)

    def set_usable(self, usable: bool) -> None:
        """Lock the fields while a run goes on."""
        for control in self.controls.values():
            control.state(["!disabled" if usable else "disabled"])
        self.data.set_usable(usable)

    @property
    def first_problem(self) -> str:
        """What is wrong with the topmost wrong number; empty where all are right.

        Data set and model say theirs below their own fields.
        """
        wrong = [name for name in RULES if name in self.problems]
        return self.problems[wrong[0]] if wrong else ""

    # -- building

    def _build_basic(self) -> None:
        cell = self._combobox("model", _("Model"), 1, 0, columns=2)
        self.spec_note = self._note(cell)
        self._combobox("optimizer", _("Optimizer"), 2, 0, readonly=True)
        self._entry("learning_rate", _("Learning rate"), 2, 1, "")
        self._entry("batch_size", _("Batch size"), 3, 0, setting(_DEFAULTS.batch_size))
        self._entry("epochs", _("Epochs"), 3, 1, setting(_DEFAULTS.epochs))
        self._entry("seed", _("Seed"), 4, 0, setting(_DEFAULTS.seed))
        self._combobox("device", _("Device"), 4, 1, readonly=True)
        self.device_note = theme.Label(
            self.body, style="Muted.TLabel", wraplength=px(self, WIDTH), justify="left"
        )
        self.device_note.grid(row=5, column=0, columnspan=2, sticky="w", pady=(0, px(self, GAP)))
        self.values["optimizer"].trace_add("write", lambda *_: self._take_usual_learning_rate())
        self.values["model"].trace_add("write", lambda *_: self._check_spec_later.restart())

    def _build_advanced(self) -> None:
        self.advanced = Fold(self.body, _("Advanced"), self._on_fold)
        self.advanced.grid(row=6, column=0, columnspan=2, sticky="ew")
        body = self.advanced.body
        body.columnconfigure((0, 1), weight=1, uniform="half")
        self._combobox("schedule", _("Schedule"), 0, 0, readonly=True, parent=body)
        self._entry("momentum", _("Momentum"), 0, 1, setting(_DEFAULTS.momentum), body)
        self._entry("weight_decay", _("Weight decay"), 1, 0, setting(_DEFAULTS.weight_decay), body)
        self._entry("label_smoothing", _("Label smoothing"), 1, 1, "0", body)
        self._entry("augmentation", _("Augmentation, 0 … 1"), 2, 0, "0", body)
        self._entry("validation_fraction", _("Validation part"), 2, 1, "1/12", body)
        self._entry("limit", _("Images (empty: all)"), 3, 0, "", body)
        self._entry("threads", _("Threads (empty: all)"), 3, 1, "", body)

    def _entry(
        self,
        name: str,
        title: str,
        row: int,
        column: int,
        value: str,
        parent: tk.Misc | None = None,
    ) -> None:
        cell, _label = field(parent or self.body, row, column, title)
        variable = self.values[name] = tk.StringVar(self, value)
        self._titles[name] = title
        entry = theme.Entry(cell, textvariable=variable, width=1, font=theme.font("figures"))
        entry.grid(row=1, column=0, sticky="ew")
        self.controls[name] = entry
        variable.trace_add("write", lambda *_: self._check_number(name))

    def _combobox(
        self,
        name: str,
        title: str,
        row: int,
        column: int,
        *,
        columns: int = 1,
        readonly: bool = False,
        parent: tk.Misc | None = None,
    ) -> theme.Frame:
        cell, _label = field(parent or self.body, row, column, title, columns=columns)
        variable = self.values[name] = tk.StringVar(self, getattr(_DEFAULTS, name))
        self._titles[name] = title
        box = theme.Combobox(
            cell, textvariable=variable, width=1, state="readonly" if readonly else "normal"
        )
        box.grid(row=1, column=0, sticky="ew")
        box.bind("<<ComboboxSelected>>", lambda _event: box.selection_clear(), add="+")
        self.controls[name] = self.boxes[name] = box
        return cell

    def _note(self, cell: theme.Frame) -> theme.Label:
        note = theme.Label(cell, style="Muted.TLabel", wraplength=px(self, WIDTH), justify="left")
        note.grid(row=2, column=0, sticky="w", pady=(px(self, GAP / 2), 0))
        return note

    # -- reactions

    def _on_fold(self) -> None:
        self._bind_wheel()
        if self.advanced.is_open:
            self.show(self.advanced)

    def _on_data(self) -> None:
        self._set_problem("data", self.data.problem)

    def _check_number(self, name: str) -> None:
        text = self.values[name].get()
        try:
            RULES[name].parse(text)
        except ValueError as expected:
            self._set_problem(name, f"{self._titles[name]}: {expected}")
        else:
            self._set_problem(name, "")

    def _check_spec(self) -> None:
        if self._session is None:
            return
        try:
            summary = self._session.check_spec(self.values["model"].get().strip())
        except DigitDeskError as error:
            self.spec_note.configure(text=error.sentence, style="Problem.TLabel")
            self._set_problem("model", error.sentence)
        else:
            self.spec_note.configure(text=summary, style="Muted.TLabel")
            self._set_problem("model", "")

    def _take_usual_learning_rate(self) -> None:
        if self._session is not None:
            usual = self._session.default_learning_rate(self.values["optimizer"].get())
            self.values["learning_rate"].set(setting(usual))

    def _set_problem(self, name: str, sentence: str) -> None:
        if sentence:
            self.problems[name] = sentence
        else:
            self.problems.pop(name, None)
        control = self.controls.get(name)
        if control is not None:
            control.state(["invalid" if sentence else "!invalid"])
        self._on_change()
