"""The settings of a run, each checked as it is typed.

What a value may be, the table of settings says; what there is to choose from, the session.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING

from digitdesk.errors import DigitDeskError
from digitdesk.messages.run import TrainingConfig
from digitdesk.messages.setting_table import SETTINGS
from digitdesk.ui.controls.setting_fields import SettingFields
from digitdesk.ui.controls.setting_grid import offer
from digitdesk.ui.i18n.text import _, core_phrase, core_problem, joined, translated
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.background import Background
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.timer import Timer
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import ScrollColumn, enable
from digitdesk.ui.train import form_memory
from digitdesk.ui.train.advanced_fields import AdvancedFields
from digitdesk.ui.train.dataset_field import DatasetField
from digitdesk.ui.train.preset_field import PresetField
from digitdesk.ui.train.recipe_fields import FIRST_IMAGES, RecipeFields
from digitdesk.ui.train.spec_note import SpecNote

if TYPE_CHECKING:
    from digitdesk.session.session import Session

#: Width of the form in logical pixels.
WIDTH = 304
#: Pause in typing after which a network spec is checked, in milliseconds.
_SPEC_PAUSE_MS = 200
_PREVIEW_PAUSE_MS = 300
#: The presets that a form begins with, for all of MNIST and for what stands in for it.
_FOR_MANY, _FOR_FEW = "quick", "few"
#: Height of a line of small print.
_NOTE_LINE = 17


class TrainingForm(ScrollColumn):
    """Fields for a ``TrainingConfig``.

    Args:
        parent: The widget to sit in.
        on_change: Called after each change that may make the form right or wrong.
        make_dataset_field: Makes the data set's field.
        check_gradients: Checks the gradients of the network that is typed.
        background: Draws the samples of augmentation beside the window.
        remembered: What was typed before the last end.
    """

    def __init__(
        self,
        parent: tk.Misc,
        on_change: Callable[[], None],
        make_dataset_field: Callable[[tk.Misc, Callable[[], None]], DatasetField],
        *,
        check_gradients: Callable[[], None],
        background: Background,
        remembered: str = "",
    ) -> None:
        super().__init__(parent, width=px(parent, WIDTH))
        self._remembered = remembered
        self._on_change = on_change
        self._session: Session | None = None
        self._fields = SettingFields(self._on_field)
        self._recipes = RecipeFields(self._fields)
        self.values = self._fields.texts
        self.controls = self._fields.controls
        self.problems: dict[str, str] = {}
        self.body.columnconfigure((0, 1), weight=1, uniform="half")
        self.presets = PresetField(
            self.body,
            self._recipes.fill_in,
            self._recipes.agrees,
            lambda recipe: self._recipes.took(recipe, self.data.name),
        )
        self.presets.grid(row=0, column=0, columnspan=2, sticky="ew", pady=(0, px(self, GAP)))
        self.data = make_dataset_field(self.body, self._on_data)
        self.data.grid(row=1, column=0, columnspan=2, sticky="ew", pady=(0, px(self, GAP)))
        self._check_spec_later = Timer(self, _SPEC_PAUSE_MS, self._check_spec)
        self._preview_later = Timer(self, _PREVIEW_PAUSE_MS, self._ask_preview)
        self._build_basic()
        self._build_gradient_button(check_gradients)
        self.advanced = AdvancedFields(
            self.body, self._fields, background, self._on_fold,
            when_previewed=lambda: self.show(self.preview),
        )  # fmt: skip
        self.advanced.grid(row=7, column=0, columnspan=2, sticky="ew")
        self.preview = self.advanced.preview
        explain(self.data.box, translated(SETTINGS["data"].help))

    def attach(self, session: Session) -> None:
        """Offer what the session has."""
        self._session = session
        self._recipes.attach(session)
        for name, choices in (
            ("model", session.choices.model_choices()),
            ("optimizer", session.choices.optimizer_choices()),
            ("schedule", session.choices.schedule_choices()),
            ("loss", session.choices.loss_choices()),
            ("device", session.choices.device_choices()),
        ):
            offer(self._fields, name, choices)
        if session.choices.gpu_reason:
            no_gpu = _("No GPU: {reason}").format(reason=core_phrase(session.choices.gpu_reason))
            usual = translated(SETTINGS["device"].help)
            explain(self.controls["device"], joined("\n", (usual, no_gpu)))
        self._take_usual_learning_rate()
        form_memory.recall(self._remembered, self._fields, self.data)
        self.presets.offer(session.choices.presets())
        self.data.attach(session)
        self._check_spec()

    def settings(self) -> TrainingConfig:
        """The settings as typed; only where there are no ``problems``."""
        return TrainingConfig(data=self.data.name, **self._fields.values())

    @property
    def remembered(self) -> str:
        """What is typed, for the next start."""
        is_for_few = self.presets.name == _FOR_FEW
        return form_memory.written(self._fields, self.data, is_for_few=is_for_few)

    def take(self, name: str, value: float) -> bool:
        """Put a value into a field and show it; False where there is no such field."""
        if name not in self.controls:
            return False
        self._fields.show(name, value)
        field = self.controls[name]
        if not self.advanced.is_open and str(field).startswith(str(self.advanced)):
            self.advanced.toggle()
        self.show(field.master)
        return True

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
        wrong = (self.problems.get(name, "") for name in self.values if SETTINGS[name].is_number)
        return next(filter(None, wrong), "")

    def show_settings(self, config: TrainingConfig) -> None:
        """Show the settings of a run that goes on: they need not have been typed here."""
        self._recipes.fill_in(config, but=("threads",))
        self.data.value.set(config.data)
        # Of data that stands in, a recipe leaves open how much: a run does not.
        self._fields.show("limit", config.limit)

    # -- building

    def _build_basic(self) -> None:
        body, fields = self.body, self._fields
        cell = fields.combobox(body, "model", 2, 0, columns=2)
        # Two lines have room, so that nothing moves as another network is chosen.
        cell.rowconfigure(2, minsize=px(self, 2 * _NOTE_LINE))
        self.spec_note = SpecNote(cell, px(self, WIDTH))
        self.spec_note.grid(row=2, column=0, sticky="w", pady=(px(self, GAP / 2), 0))
        fields.combobox(body, "optimizer", 3, 0, readonly=True)
        fields.entry(body, "learning_rate", 3, 1)
        fields.entry(body, "batch_size", 4, 0)
        fields.entry(body, "epochs", 4, 1)
        fields.entry(body, "seed", 5, 0)
        fields.combobox(body, "device", 5, 1, readonly=True)

    def _build_gradient_button(self, check_gradients: Callable[[], None]) -> None:
        """At the right of the network's title: the check is about what is typed below."""
        self.gradient_button = theme.Button(
            self.controls["model"].master, text=_("Check gradients"), command=check_gradients
        )
        theme.look(self.gradient_button, theme.TOOL)
        self.gradient_button.grid(row=0, column=0, sticky="e")
        explain(
            self.gradient_button,
            _("Compares each gradient of this network with a measured one, and explains how."),
        )

    # -- reactions

    def _on_fold(self) -> None:
        self._bind_wheel()
        if self.advanced.is_open:
            self.show(self.advanced)
            self._preview_later.restart()

    def _ask_preview(self) -> None:
        """Have samples drawn as the network would see them, beside the window."""
        session = self._session
        if session is None or not self.advanced.is_open:
            return
        if "augmentation" in self.problems or "data" in self.problems:
            return
        strength = float(self._fields.value("augmentation") or 0)
        self.preview.ask(session, self.data.name, strength)

    def _on_data(self) -> None:
        # Made-up digits take time to draw: some thousands, drawn at once, do for a first run.
        wanted, given = (FIRST_IMAGES, None) if self.data.stands_in else (None, FIRST_IMAGES)
        has_changed = self._recipes.stands_in is not self.data.stands_in
        # First, so that a preset is known again with so many images.
        self._recipes.stands_in = self.data.stands_in
        if has_changed:
            if self._fields.shows("limit", given) and not self._fields.is_somebodys("limit"):
                self._fields.show("limit", wanted)
            self._open_on_fitting_preset()
        self.presets.data_changed()
        self._set_problem("data", self.data.problem)

    def _open_on_fitting_preset(self) -> None:
        """Begin with the preset for the few images that stand in, as long as nobody has chosen.

        Which data there is may be known only after somebody has begun to fill the form in.
        """
        usual, fitting = (_FOR_MANY, _FOR_FEW) if self.data.stands_in else (_FOR_FEW, _FOR_MANY)
        is_somebodys = self.presets.is_chosen or self._recipes.are_somebodys()
        if self.presets.name == usual and not is_somebodys:
            self.presets.apply(fitting)

    def _on_field(self, name: str) -> None:
        if SETTINGS[name].is_number:
            self._check_number(name)
        elif name == "optimizer":
            self._take_usual_learning_rate()
        elif name == "model":
            self._check_spec_later.restart()
        if name == "augmentation":
            self._preview_later.restart()
        self.presets.settings_changed()

    def _check_number(self, name: str) -> None:
        problem = ""
        try:
            self._fields.value(name)
        except ValueError as error:
            problem = _("{field}: {expected}").format(
                field=self._fields.titles[name], expected=error.args[0]
            )
        self._set_problem(name, problem)

    def _check_spec(self) -> None:
        if self._session is None:
            return
        try:
            summary = self._session.choices.check_spec(self.values["model"].get().strip())
        except DigitDeskError as error:
            sentence = core_problem(error)
            self.spec_note.show_problem(sentence)
            self._set_problem("model", sentence)
        else:
            self.spec_note.show(summary)
            self._set_problem("model", "")

    def _take_usual_learning_rate(self) -> None:
        if self._session is not None:
            usual = self._session.choices.default_learning_rate(self.values["optimizer"].get())
            self._fields.show("learning_rate", usual)

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
