"""How many pictures of each class, how many of them are held out, and what the part is called."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence

from digitdesk.messages.own.choice import Choice
from digitdesk.messages.setting import Setting
from digitdesk.ui.controls.typed_number import parse
from digitdesk.ui.i18n.text import Sentence, _
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import enable, field

#: Width of the form, in logical pixels.
WIDTH = 248
_MOST_HELD_OUT = 90
_NUMBERS = {
    "per_class": Setting("per_class", "", "whole", "", "", low=1, none="all"),
    "share": Setting("share", "", "number", "", "", low=0, high=100, low_is_open=True),
    "held_out": Setting("held_out", "", "number", "", "", low=0, high=_MOST_HELD_OUT),
    "seed": Setting("seed", "", "whole", "", "", low=0),
}
_FIRST = {"per_class": "", "share": "100", "held_out": "0", "seed": "0"}


class ChoiceForm(theme.Frame):
    """Fields one below the other, and the button that writes the part.

    Args:
        parent: The widget to sit in.
        on_change: Called when other numbers are typed.
        on_save: Writes the part.

    Attributes:
        values: What is typed, by name.
        name: What the part is to be called.
    """

    def __init__(
        self, parent: tk.Misc, on_change: Callable[[], None], on_save: Callable[[], None]
    ) -> None:
        super().__init__(parent)
        self.columnconfigure(0, weight=1, minsize=px(self, WIDTH))
        self.values: dict[str, tk.StringVar] = {}
        self.entries: dict[str, theme.Entry] = {}
        for row, (name, (title, why)) in enumerate(_titles().items()):
            cell, _label = field(self, row, 0, title, columns=2)
            value = self.values[name] = tk.StringVar(self, _FIRST.get(name, ""))
            entry = self.entries[name] = theme.Entry(cell, textvariable=value, width=1)
            entry.grid(row=1, column=0, sticky="ew")
            explain(entry, why)
            if name in _NUMBERS:
                value.trace_add("write", lambda *_: on_change())
        self.save_button = theme.Button(self, text=_("Write as a new set"), command=on_save)
        theme.look(self.save_button, theme.ACCENT)
        explain(
            self.save_button,
            _("Writes the part among your own sets; it is offered in Train and Evaluate then."),
        )
        self.save_button.grid(row=len(self.values), column=0, sticky="ew", pady=(px(self, GAP), 0))

    @property
    def name(self) -> str:
        """What the part is to be called."""
        return self.values["name"].get().strip()

    def begin(self, name: str) -> None:
        """Begin anew for another set."""
        for field_name, value in self.values.items():
            value.set(_FIRST.get(field_name, name))

    def choice(self, classes: Sequence[str]) -> Choice:
        """What is typed, of these classes.

        Raises:
            ValueError: Something typed cannot be used; what it may be, as a sentence.
        """
        typed = {name: self._number(name) for name in _NUMBERS}
        per_class = typed["per_class"]
        return Choice(
            tuple(classes),
            None if per_class is None else int(per_class),
            (typed["share"] or 0) / 100,
            (typed["held_out"] or 0) / 100,
            int(typed["seed"] or 0),
        )

    def enable(self, usable: bool) -> None:
        """Let the part be written, or not."""
        enable(self.save_button, usable)

    def _number(self, name: str) -> int | float | None:
        text = self.values[name].get().strip().removesuffix("%")
        try:
            found = parse(_NUMBERS[name], text)
        except ValueError as error:
            self.entries[name].state(["invalid"])
            said = _("{field}: {expected}")
            raise ValueError(
                said.format(field=_titles()[name][0], expected=error.args[0])
            ) from None
        self.entries[name].state(["!invalid"])
        return found


def _titles() -> dict[str, tuple[Sentence, Sentence]]:
    """Titles and explanations of the fields, by their names."""
    return {
        "per_class": (
            _("At most of each class"), _("Training pictures of a class; all if nothing is typed.")
        ),
        "share": (
            _("Share of each class, in %"), _("So many of every hundred training pictures.")
        ),
        "held_out": (
            _("Of these to the test part, in %"),
            _("Held out: never learned from, so that a model can be measured by them. The test "
              "part that there is stays in it."),
        ),
        "seed": (
            _("Seed"), _("Decides which pictures are taken; the same number takes the same ones.")
        ),
        "name": (_("Name of the new set"), _("What the part is called here, and its folder.")),
    }  # fmt: skip
