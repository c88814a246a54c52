"""How it is tried: every combination, row by row or a search; with which seeds, and how long."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Mapping

from digitdesk.ui.controls.choice_box import ChoiceBox
from digitdesk.ui.experiments.plan.draft import SEARCHES
from digitdesk.ui.i18n.text import Sentence, _, core_phrase
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import field, set_shown


class SearchFields(theme.Frame):
    """Boxes and small fields in two columns.

    Args:
        parent: The widget to sit in.
        width: Of the column, in screen pixels: notes are wrapped to it.
        on_change: Called after each change.

    Attributes:
        texts: What is typed, by ``seeds``, ``runs`` and ``minutes``.
        entries: The fields, by the same names.
    """

    def __init__(self, parent: tk.Misc, width: int, on_change: Callable[[], None]) -> None:
        super().__init__(parent)
        self._gain = ""
        self._on_change = on_change
        self._is_filling = False
        self.columnconfigure((0, 1), weight=1, uniform="half")
        self.texts: dict[str, tk.StringVar] = {}
        self.entries: dict[str, theme.Entry] = {}
        self.way = self._box(
            0, 0, _("How"), _way_titles(),
            _("Every combination tries every value with every other. Row by row, the first values "
              "go together, then the second. A search tries what is likely to be good."),
        )  # fmt: skip
        self._entry(
            0, 1, "seeds", _("Seeds"),
            _("How many seeds each row is run with (3), or which (0, 1, 2): only so one sees "
              "whether a difference is more than chance."),
        )  # fmt: skip
        self.early_end = self._box(
            1, 0, _("Hopeless runs"), _early_titles(),
            _("Runs that lag behind others after as many epochs can be ended early. Judged by the "
              "images held out, never by the test images."),
        )  # fmt: skip
        self._entry(
            1, 1, "minutes", _("Minutes (empty: no limit)"),
            _("No run begins after so many minutes; those under way are finished."),
        )  # fmt: skip
        self._entry(2, 0, "runs", _("Runs of the search"), _("How many runs the search may take."))
        self.note = theme.Label(self, style="Muted.TLabel", wraplength=width, justify="left")
        self.note.grid(row=3, column=0, columnspan=2, sticky="w", pady=(0, px(self, GAP)))
        self._show_state()

    @property
    def is_search(self) -> bool:
        """Whether ranges are searched."""
        return self.way.chosen in SEARCHES

    def say_gain(self, sentence: str) -> None:
        """Know what a search would gain by a package that is not here; nothing where it is."""
        self._gain = sentence
        self._show_state()

    def show(self, way: str, early_end: str, texts: Mapping[str, str]) -> None:
        """Show other choices."""
        self._is_filling = True
        self.way.choose(way)
        self.early_end.choose(early_end or "never")
        for name, text in texts.items():
            self.texts[name].set(text)
        self._is_filling = False
        self._show_state()

    @property
    def chosen_early_end(self) -> str:
        """As a plan names it."""
        return self.early_end.chosen.replace("never", "")

    def mark(self, wrong: Mapping[str, Sentence]) -> None:
        """Mark the fields that are typed wrong."""
        for name, entry in self.entries.items():
            entry.state(["invalid" if name in wrong else "!invalid"])

    # -- inside

    def _box(
        self, row: int, column: int, title: Sentence, titles: Mapping[str, Sentence],
        help_text: Sentence,
    ) -> ChoiceBox:  # fmt: skip
        cell, _label = field(self, row, column, title)
        box = ChoiceBox(cell, help_text, self._changed, width=1)
        box.stretch()
        box.widget.grid(row=1, column=0, sticky="ew")
        box.offer(titles)
        return box

    def _entry(
        self, row: int, column: int, name: str, title: Sentence, help_text: Sentence
    ) -> None:
        cell, _label = field(self, row, column, title)
        text = self.texts[name] = tk.StringVar(self, "1" if name == "seeds" else "")
        entry = theme.Entry(cell, textvariable=text, width=1, font=theme.font("figures"))
        entry.grid(row=1, column=0, sticky="ew")
        explain(entry, help_text)
        self.entries[name] = entry
        text.trace_add("write", lambda *_: self._changed())

    def _changed(self) -> None:
        if not self._is_filling:
            self._show_state()
            self._on_change()

    def _show_state(self) -> None:
        cell = self.entries["runs"].master
        assert isinstance(cell, theme.Frame)
        set_shown(cell, self.is_search)
        self.note.configure(text=core_phrase(self._gain) if self._gain else "")
        set_shown(self.note, self.is_search and bool(self._gain))


def _way_titles() -> dict[str, Sentence]:
    return {
        "grid": _("every combination"),
        "rows": _("row by row"),
        "random": _("random search"),
        "tpe": _("TPE search (Optuna)"),
    }


def _early_titles() -> dict[str, Sentence]:
    return {
        "never": _("are finished, too"),
        "median": _("end below the median"),
        "halving": _("end by halves"),
    }
