"""A model's card: what it is, how it was made, how well it reads, and its layers.

The same facts stand at the same places for every model, so that two cards compare at a glance.
"""

from __future__ import annotations

import tkinter as tk

from digitdesk.messages.model import ModelCard
from digitdesk.ui.i18n.text import NOTHING, _, core_phrase, interval, percent, shape, whole
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.widgets import Column, Table


class CardView(theme.Frame):
    """Title, facts and layer table of one model."""

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(3, weight=1)
        gap = px(self, GAP)
        self.title = theme.Label(self, style="Title.TLabel")
        self.title.grid(row=0, column=0, sticky="w")
        self.notes = theme.Label(self, style="Muted.TLabel", justify="left")
        self.notes.grid(row=1, column=0, sticky="ew", pady=(gap // 2, 2 * gap))
        self._facts = theme.Frame(self)
        self._facts.grid(row=2, column=0, sticky="ew", pady=(0, 2 * gap))
        self._facts.columnconfigure((1, 3), weight=1)
        self._build_facts()
        self._build_layers()
        self.bind("<Configure>", lambda event: self._wrap(event.width))
        theme.follow_size(self, lambda: self._wrap(self.winfo_width()))

    @property
    def facts(self) -> dict[str, str]:
        """What the card says, by the names of the facts."""
        return {name: str(label.cget("text")) for name, label in self._values.items()}

    def show(self, title: str, card: ModelCard) -> None:
        """Show a card."""
        self.title.configure(text=title)
        self.notes.configure(text=core_phrase(card.notes) if card.notes else card.spec)
        texts = {
            "accuracy": percent(card.test_accuracy, 2),
            "interval": interval(card.test_interval),
            "dataset": card.dataset or NOTHING,
            "epochs": whole(card.epochs),
            "parameters": whole(card.parameter_count),
            "seed": str(card.seed),
            "device": card.device or NOTHING,
            "created": card.created.replace("T", " ")[:16] or NOTHING,
            "arithmetic": card.arithmetic or NOTHING,
        }
        for name, text in texts.items():
            self._values[name].configure(text=text)
        self.layers.clear()
        for row in card.layers:
            self.layers.tree.insert(
                "",
                "end",
                values=(row.name, row.kind, shape(row.output_shape), whole(row.parameter_count)),
            )

    def show_problem(self, title: str, sentence: str) -> None:
        """Say why a file has no card."""
        self.title.configure(text=title)
        self.notes.configure(text=sentence)
        for value in self._values.values():
            value.configure(text=NOTHING)
        self.layers.clear()

    def _build_facts(self) -> None:
        names = {
            "accuracy": _("Test accuracy"),
            "interval": _("95 % interval"),
            "dataset": _("Data set"),
            "epochs": _("Epochs"),
            "parameters": _("Parameters"),
            "seed": _("Seed"),
            "device": _("Device"),
            "created": _("Made"),
            "arithmetic": _("Computed by"),
        }
        self._values: dict[str, theme.Label] = {}
        for index, (name, title) in enumerate(names.items()):
            row, column = divmod(index, 2)
            theme.Label(self._facts, text=title, style="Muted.TLabel").grid(
                row=row, column=2 * column, sticky="w", pady=px(self, 3)
            )
            value = theme.Label(self._facts, text=NOTHING, style="Figures.TLabel")
            value.grid(
                row=row,
                column=2 * column + 1,
                columnspan=3 if name == "arithmetic" else 1,
                sticky="w",
                padx=(px(self, 2 * GAP), px(self, GAP)),
            )
            self._values[name] = value

    def _build_layers(self) -> None:
        columns = {
            "name": Column(_("layer"), 120, "w"),
            "kind": Column(_("kind"), 120, "w"),
            "shape": Column(_("output"), 120),
            "parameters": Column(_("parameters"), 120),
        }
        self.layers = Table(self, columns, rows=2, bar_room=12)
        self.layers.grid(row=3, column=0, sticky="nsew")

    def _wrap(self, width: int) -> None:
        self.notes.configure(wraplength=max(px(self, 200), width))
        self._values["arithmetic"].configure(wraplength=max(px(self, 150), width - px(self, 150)))
