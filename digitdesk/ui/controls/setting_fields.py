"""Controls for settings, made from their table: a field, a box of names, or a tick.

What somebody has changed is kept apart from what the program has filled in by itself.
"""

from __future__ import annotations

import contextlib
import tkinter as tk
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from digitdesk.messages.setting import Value
from digitdesk.messages.setting_table import SETTINGS
from digitdesk.ui.controls.typed_number import parse
from digitdesk.ui.i18n.text import Sentence, setting_title, translated
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import field, open_on_click


class Touch:
    """Which of some settings somebody has changed: what the program decides later leaves them."""

    def __init__(self) -> None:
        self._names: set[str] = set()
        self._is_filling = False

    def __contains__(self, name: str) -> bool:
        return name in self._names

    @contextlib.contextmanager
    def filling(self) -> Iterator[None]:
        """While the program fills in: what changes meanwhile is nobody's choice."""
        before, self._is_filling = self._is_filling, True
        try:
            yield
        finally:
            self._is_filling = before

    def changed(self, name: str) -> None:
        """Hear of a change, by somebody or by the program."""
        if not self._is_filling:
            self._names.add(name)

    def forget(self, name: str) -> None:
        """Take what a setting is for nobody's choice again."""
        self._names.discard(name)


def is_in_focus(control: tk.Misc) -> bool:
    """Whether somebody is at a control, or at the list it has dropped down.

    Not by tkinter's own question, which knows no widgets that Tk has made by itself.
    """
    focus = str(control.tk.call("focus"))
    return focus == str(control) or focus.startswith(f"{control}.")


class SettingFields:
    """The controls of a form by the names of their settings, the topmost first.

    Args:
        on_change: Called with the name of a setting whose control was changed.

    Attributes:
        texts: What is typed or chosen.
        ticks: What is switched on.
        titles: What the fields are called.
        controls: The controls themselves; ``boxes`` are those with names to choose from.
    """

    def __init__(self, on_change: Callable[[str], None]) -> None:
        self._on_change = on_change
        self._touch = Touch()
        self.texts: dict[str, tk.StringVar] = {}
        self.ticks: dict[str, tk.BooleanVar] = {}
        self.titles: dict[str, Sentence] = {}
        self.controls: dict[str, theme.Entry | theme.Checkbutton] = {}
        self.boxes: dict[str, theme.Combobox] = {}

    def entry(
        self, parent: tk.Misc, name: str, row: int, column: int, title: Sentence | None = None
    ) -> None:
        """A field for a number; ``title`` where the setting's own would not do."""
        cell, variable = self._cell(parent, name, row, column, title)
        made = theme.Entry(cell, textvariable=variable, width=1, font=theme.font("figures"))
        made.grid(row=1, column=0, sticky="ew")
        self._keep(name, made, variable)

    def combobox(
        self,
        parent: tk.Misc,
        name: str,
        row: int,
        column: int,
        *,
        columns: int = 1,
        readonly: bool = False,
    ) -> theme.Frame:
        """A box of names; returns the cell it lies in."""
        cell, variable = self._cell(parent, name, row, column, columns=columns)
        made = theme.Combobox(
            cell, textvariable=variable, width=1, state="readonly" if readonly else "normal"
        )
        made.grid(row=1, column=0, sticky="ew")
        made.bind("<<ComboboxSelected>>", lambda _event: made.selection_clear(), add="+")
        if not readonly:
            open_on_click(made)
        self.boxes[name] = made
        self._keep(name, made, variable)
        return cell

    def tick(self, parent: tk.Misc, name: str, row: int) -> None:
        """A box to tick, over both columns."""
        variable = self.ticks[name] = tk.BooleanVar(parent, bool(SETTINGS[name].default))
        made = theme.Checkbutton(parent, text=setting_title(name), variable=variable)
        made.grid(row=row, column=0, columnspan=2, sticky="w", pady=(0, px(parent, GAP)))
        self._keep(name, made, variable)

    def value(self, name: str) -> Value:
        """What is typed, chosen or ticked.

        Raises:
            ValueError: It is no value of the setting; what would be one, as a sentence.
        """
        if name in self.ticks:
            return self.ticks[name].get()
        text = self.texts[name].get().strip()
        known = SETTINGS[name]
        if known.is_number:
            return parse(known, text)
        return text or (None if known.none else text)

    def values(self) -> dict[str, Any]:
        """All of them."""
        return {name: self.value(name) for name in self.controls}

    def shows(self, name: str, value: Value) -> bool:
        """Whether a control has a value."""
        try:
            return self.value(name) == value
        except ValueError:
            return False

    @property
    def typed(self) -> dict[str, str | bool]:
        """What is typed, chosen and ticked, right or wrong."""
        texts = {name: text.get() for name, text in self.texts.items()}
        return {**texts, **{name: tick.get() for name, tick in self.ticks.items()}}

    def type_again(self, typed: Mapping[str, object]) -> None:
        """Put back what was typed at another time; what is no setting any more is left out."""
        with self._touch.filling():
            for name, value in typed.items():
                if name in self.texts and isinstance(value, str):
                    self.texts[name].set(value)
                elif name in self.ticks and isinstance(value, bool):
                    self.ticks[name].set(value)

    def show(self, name: str, value: Value) -> None:
        """Put a value into a control."""
        with self._touch.filling():
            if name in self.ticks:
                self.ticks[name].set(bool(value))
            else:
                self.texts[name].set(SETTINGS[name].written(value))

    def is_somebodys(self, name: str) -> bool:
        """Whether somebody has changed a control, or is about to."""
        return name in self._touch or is_in_focus(self.controls[name])

    def _cell(
        self,
        parent: tk.Misc,
        name: str,
        row: int,
        column: int,
        title: Sentence | None = None,
        *,
        columns: int = 1,
    ) -> tuple[theme.Frame, tk.StringVar]:
        """Room for a control below its title, and what will stand in it."""
        known = SETTINGS[name]
        title = self.titles[name] = title or setting_title(name)
        cell, _label = field(parent, row, column, title, columns=columns)
        variable = self.texts[name] = tk.StringVar(parent, known.written(known.default))
        return cell, variable

    def _keep(
        self, name: str, control: theme.Entry | theme.Checkbutton, variable: tk.Variable
    ) -> None:
        self.controls[name] = control
        explain(control, translated(SETTINGS[name].help))
        variable.trace_add("write", lambda *_: self._on_write(name))

    def _on_write(self, name: str) -> None:
        self._touch.changed(name)
        self._on_change(name)
