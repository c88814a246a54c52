"""What varies: rows of a setting and its values, one below the other."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Mapping, Sequence

from digitdesk.messages.setting_table import SETTINGS
from digitdesk.ui.controls.choice_box import ChoiceBox
from digitdesk.ui.experiments.plan.draft import APART
from digitdesk.ui.experiments.plan.typed_values import usual_axis
from digitdesk.ui.i18n.text import Sentence, _, joined, setting_title, translated
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain

#: What decides where and how quickly it is computed, and not what comes out.
_NOT_VARIED = (*APART, "device", "threads", "test_time_averaging")
#: What is offered first, where nothing varies yet.
_FIRST = ("learning_rate", "batch_size", "optimizer", "epochs", "dropout")


class VaryList(theme.Frame):
    """Rows that can be added and taken away.

    Args:
        parent: The widget to sit in.
        on_change: Called after each change.
    """

    def __init__(self, parent: tk.Misc, on_change: Callable[[], None]) -> None:
        super().__init__(parent)
        self._on_change = on_change
        self._choices: Mapping[str, Sequence[str]] = {}
        self._holes: tuple[str, ...] = ()
        self._is_search = False
        self.columnconfigure(0, weight=1)
        self.rows: list[_VaryRow] = []
        self.empty = theme.Label(
            self, text=_("Nothing varies yet: add a setting."), style="Muted.TLabel"
        )
        self.add_button = theme.Button(self, text=_("Add a setting"), command=self.add)
        theme.look(self.add_button, theme.TOOL)
        explain(
            self.add_button,
            _("One more setting with the values to try. What a network’s text leaves open, such as "
              "{units} in dense({units}), is in the list, too."),
        )  # fmt: skip
        self._lay_out()

    def offer(self, choices: Mapping[str, Sequence[str]]) -> None:
        """Know the names there are to choose from, by their setting."""
        self._choices = choices

    def set_holes(self, names: tuple[str, ...]) -> None:
        """Offer what the network's text leaves open, too."""
        if names != self._holes:
            self._holes = names
            for row in self.rows:
                row.offer(self._titles)

    def set_search(self, is_search: bool) -> None:
        """Suggest ranges, or values one by one."""
        self._is_search = is_search

    @property
    def vary(self) -> tuple[tuple[str, str], ...]:
        """Names, and what is typed."""
        return tuple((row.setting.chosen, row.text.get().strip()) for row in self.rows)

    def show(self, vary: Sequence[tuple[str, str]]) -> None:
        """Show other rows."""
        for row in self.rows:
            row.destroy()
        self.rows = []
        for name, text in vary:
            self._append(name, text)
        self._lay_out()

    def add(self) -> None:
        """One more row, with a setting that does not vary yet and what is usual to try."""
        taken = {row.setting.chosen for row in self.rows}
        wanted = [*self._holes, *_FIRST, *self._titles]
        name = next((name for name in wanted if name not in taken), wanted[0])
        row = self._append(name, self._usual(name))
        self._lay_out()
        row.entry.focus_set()
        row.entry.selection_range(0, "end")
        self._on_change()

    def mark(self, wrong: Mapping[str, Sentence]) -> None:
        """Mark the rows that are typed wrong, by ``vary 0`` and so on."""
        for place, row in enumerate(self.rows):
            row.entry.state(["invalid" if f"vary {place}" in wrong else "!invalid"])

    # -- inside

    @property
    def _titles(self) -> dict[str, Sentence | str]:
        holes: dict[str, Sentence | str] = {name: f"{{{name}}}" for name in self._holes}
        settings = {name: setting_title(name) for name in SETTINGS if name not in _NOT_VARIED}
        return {**holes, **settings}

    def _append(self, name: str, text: str) -> _VaryRow:
        titles = self._titles
        titles.setdefault(name, f"{{{name}}}")
        row = _VaryRow(self, titles, name, text, self._on_row)
        row.remove_button.configure(command=lambda: self._remove(row))
        self.rows.append(row)
        return row

    def _on_row(self, row: _VaryRow, is_other: bool) -> None:
        if is_other:
            row.text.set(self._usual(row.setting.chosen))
        self._on_change()

    def _usual(self, name: str) -> str:
        return usual_axis(name, self._choices.get(name, ()), is_search=self._is_search)

    def _remove(self, row: _VaryRow) -> None:
        self.rows.remove(row)
        row.destroy()
        self._lay_out()
        self.add_button.focus_set()
        self._on_change()

    def _lay_out(self) -> None:
        gap = px(self, GAP)
        for place, row in enumerate(self.rows):
            row.grid(row=place, column=0, sticky="ew", pady=(0, gap // 2))
        self.empty.grid(row=len(self.rows), column=0, sticky="w", pady=(0, gap // 2))
        if self.rows:
            self.empty.grid_remove()
        self.add_button.grid(row=len(self.rows) + 1, column=0, sticky="w")


class _VaryRow(theme.Frame):
    """A setting, the values to try, and a button that takes both away."""

    def __init__(
        self,
        parent: tk.Misc,
        titles: Mapping[str, Sentence | str],
        name: str,
        text: str,
        on_change: Callable[[_VaryRow, bool], None],
    ) -> None:
        super().__init__(parent)
        gap = px(self, GAP)
        self.columnconfigure(1, weight=1)
        self.setting = ChoiceBox(
            self, _("What is to be different from run to run."), self._on_setting, width=15
        )
        self.setting.widget.grid(row=0, column=0, padx=(0, gap))
        self.setting.offer(titles)
        self.setting.choose(name)
        self.text = tk.StringVar(self, text)
        self.entry = theme.Entry(self, textvariable=self.text, width=1, font=theme.font("figures"))
        self.entry.grid(row=0, column=1, sticky="ew")
        self.remove_button = theme.Button(self, text="×", width=2)
        theme.look(self.remove_button, theme.TOOL)
        self.remove_button.grid(row=0, column=2, padx=(gap // 2, 0))
        explain(self.remove_button, _("Takes this setting away: it is the same in all runs again."))
        self._on_change = on_change
        self._explain()
        self.text.trace_add("write", lambda *_: on_change(self, False))

    def offer(self, titles: Mapping[str, Sentence | str]) -> None:
        """Offer other settings; what is chosen stays."""
        chosen = self.setting.chosen
        self.setting.offer({chosen: f"{{{chosen}}}", **titles} if chosen not in titles else titles)

    def _on_setting(self) -> None:
        self._explain()
        self._on_change(self, True)

    def _explain(self) -> None:
        known = SETTINGS.get(self.setting.chosen)
        how = _("Values with commas between them: 32, 128, 512. For a search, a range, too: "
                "0.0001 … 0.1, with “log” behind it where ratios count.")  # fmt: skip
        about = translated(known.help) if known is not None else ""
        explain(self.entry, joined("\n", [part for part in (about, how) if part]))
