"""The settings of a run, each checked as it is typed.

The form knows what the session offers to choose from; what a value means, the session knows.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from digitdesk.errors import DigitDeskError
from digitdesk.messages.run import TrainingConfig
from digitdesk.ui.i18n.text import Sentence, _, core_phrase, core_problem, setting
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.background import Background
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.timer import Timer
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import Fold, ScrollColumn, enable, field
from digitdesk.ui.train.augmentation_view import COUNT, AugmentationView, Pairs
from digitdesk.ui.train.dataset_field import DatasetField
from digitdesk.ui.train.field_help import field_help
from digitdesk.ui.train.form_rules import RULES
from digitdesk.ui.train.preset_field import PresetField

if TYPE_CHECKING:
    from digitdesk.session.session import Session

#: Width of the form in logical pixels.
WIDTH = 304
#: Pause in typing after which a network spec is checked, in milliseconds.
_SPEC_PAUSE_MS = 200
_PREVIEW_PAUSE_MS = 300

_DEFAULTS = TrainingConfig()


class TrainingForm(ScrollColumn):
    """Fields for a ``TrainingConfig``.

    Args:
        parent: The widget to sit in.
        on_change: Called after each change that may make the form right or wrong.
        make_dataset_field: Makes the data set's field.
        check_gradients: Checks the gradients of the network that is typed.
        background: Draws the samples of augmentation beside the window.
    """

    def __init__(
        self,
        parent: tk.Misc,
        on_change: Callable[[], None],
        make_dataset_field: Callable[[tk.Misc, Callable[[], None]], DatasetField],
        *,
        check_gradients: Callable[[], None],
        background: Background | None = None,
    ) -> None:
        super().__init__(parent, width=px(parent, WIDTH))
        self._on_change = on_change
        self._session: Session | None = None
        self._background = background
        self._titles: dict[str, Sentence] = {}
        self.values: dict[str, tk.StringVar] = {}
        self.controls: dict[str, theme.Entry] = {}
        self.boxes: dict[str, theme.Combobox] = {}
        self.problems: dict[str, str] = {}
        self.body.columnconfigure((0, 1), weight=1, uniform="half")
        self.presets = PresetField(self.body, self._fill_in)
        self.presets.grid(row=0, column=0, columnspan=2, sticky="ew", pady=(0, px(self, GAP)))
        self.data = make_dataset_field(self.body, self._on_data)
        self.data.grid(row=1, column=0, columnspan=2, sticky="ew", pady=(0, px(self, GAP)))
        self._check_spec_later = Timer(self, _SPEC_PAUSE_MS, self._check_spec)
        self._preview_later = Timer(self, _PREVIEW_PAUSE_MS, self._ask_preview)
        self._build_basic()
        self._build_gradient_button(check_gradients)
        self._build_advanced()
        helps = field_help()
        for name, control in {**self.controls, "data": self.data.box}.items():
            explain(control, helps[name])

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
        self.device_note.configure(
            text=_("No GPU: {reason}").format(reason=core_phrase(session.gpu_reason))
        )
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
        self.presets.set_usable(usable)

    @property
    def first_problem(self) -> str:
        """What is wrong with the topmost wrong number; empty where all are right.

        Data set and model say theirs below their own fields.
        """
        wrong = [name for name in RULES if name in self.problems]
        return self.problems[wrong[0]] if wrong else ""

    def _fill_in(self, config: TrainingConfig) -> None:
        for name in ("model", "optimizer", "schedule"):
            self.values[name].set(getattr(config, name))
        for name in ("batch_size", "epochs", "momentum", "weight_decay", "augmentation"):
            self.values[name].set(setting(getattr(config, name)))
        self.values["label_smoothing"].set(setting(config.label_smoothing))
        self.values["limit"].set("")
        if config.learning_rate is not None:
            self.values["learning_rate"].set(setting(config.learning_rate))

    # -- building

    def _build_basic(self) -> None:
        cell = self._combobox("model", _("Model"), 2, 0, columns=2)
        self.spec_note = self._note(cell)
        self._combobox("optimizer", _("Optimizer"), 3, 0, readonly=True)
        self._entry("learning_rate", _("Learning rate"), 3, 1, "")
        self._entry("batch_size", _("Batch size"), 4, 0, setting(_DEFAULTS.batch_size))
        self._entry("epochs", _("Epochs"), 4, 1, setting(_DEFAULTS.epochs))
        self._entry("seed", _("Seed"), 5, 0, setting(_DEFAULTS.seed))
        self._combobox("device", _("Device"), 5, 1, readonly=True)
        self.device_note = theme.Label(
            self.body, style="Muted.TLabel", wraplength=px(self, WIDTH), justify="left"
        )
        self.device_note.grid(row=6, column=0, columnspan=2, sticky="w", pady=(0, px(self, GAP)))
        self.values["optimizer"].trace_add("write", lambda *_: self._take_usual_learning_rate())
        self.values["model"].trace_add("write", lambda *_: self._check_spec_later.restart())
        for name in ("model", "optimizer"):
            self.values[name].trace_add("write", lambda *_: self.presets.leave())

    def _build_gradient_button(self, check_gradients: Callable[[], None]) -> None:
        """At the right of the network's title: the check is about what is typed below."""
        self.gradient_button = theme.Button(
            self.boxes["model"].master, text=_("Check gradients"), command=check_gradients
        )
        theme.look(self.gradient_button, theme.TOOL)
        self.gradient_button.grid(row=0, column=0, sticky="e")
        explain(
            self.gradient_button,
            _("Compares each gradient of this network with a measured one, and explains how."),
        )

    def _build_advanced(self) -> None:
        self.advanced = Fold(self.body, _("Advanced"), self._on_fold)
        explain(self.advanced.button, _("Shows or hides what a first run does not need."))
        self.advanced.grid(row=7, column=0, columnspan=2, sticky="ew")
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
        self.preview = AugmentationView(body)
        self.preview.grid(row=4, column=0, columnspan=2, sticky="w", pady=(0, px(self, GAP)))
        self.preview.grid_remove()

    def _entry(
        self,
        name: str,
        title: Sentence,
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
        title: Sentence,
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
            self._preview_later.restart()

    def _ask_preview(self) -> None:
        """Have samples drawn as the network would see them, beside the window where possible."""
        session, background = self._session, self._background
        if session is None or not self.advanced.is_open:
            return
        if "augmentation" in self.problems or "data" in self.problems:
            return
        strength = float(RULES["augmentation"].parse(self.values["augmentation"].get()) or 0)
        if not strength:
            self.preview.grid_remove()
            return
        data = self.data.name

        def draw() -> Pairs:
            return session.augmentation_preview(data, strength, COUNT)

        if background is None:
            self._show_preview(draw())
        else:
            background(draw, self._show_preview, lambda _error: self.preview.grid_remove())

    def _show_preview(self, pairs: Pairs) -> None:
        self.preview.show(pairs)
        self.preview.grid()

    def _on_data(self) -> None:
        self._set_problem("data", self.data.problem)

    def _check_number(self, name: str) -> None:
        text = self.values[name].get()
        try:
            RULES[name].parse(text)
        except ValueError as expected:
            self._set_problem(
                name,
                _("{field}: {expected}").format(
                    field=self._titles[name], expected=expected.args[0]
                ),
            )
        else:
            self._set_problem(name, "")
        self.presets.leave()
        if name == "augmentation":
            self._preview_later.restart()

    def _check_spec(self) -> None:
        if self._session is None:
            return
        try:
            summary = self._session.check_spec(self.values["model"].get().strip())
        except DigitDeskError as error:
            sentence = core_problem(error)
            self.spec_note.configure(text=sentence, style="Problem.TLabel")
            self._set_problem("model", sentence)
        else:
            self.spec_note.configure(text=core_phrase(summary), style="Muted.TLabel")
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
        if name == "model":
            enable(self.gradient_button, not sentence)
        self._on_change()
