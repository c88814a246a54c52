"""How well each class is read: bars, and a table that can be put into another order."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import font as tk_font

from digitdesk.messages.evaluation import ClassScores
from digitdesk.ui.charts.probability_bars import shortened
from digitdesk.ui.evaluate.page import ExamPage, Shown
from digitdesk.ui.i18n.text import Sentence, _, percent, whole
from digitdesk.ui.i18n.widgets import follow_language
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.widgets import AutoScrollbar, Column, Table

#: Of a bar with its name, in logical pixels, and of all bars at least.
_ROW, _BARS = 22, 264
_MEASURES: dict[str, Callable[[ClassScores], float | None]] = {
    "recall": lambda scores: scores.recall,
    "precision": lambda scores: scores.precision,
    "f1": lambda scores: scores.f1,
    "support": lambda scores: float(scores.support),
}


class ClassPage(ExamPage):
    """Bars at the left and the table at the right, both in the order that is chosen."""

    def _build(self) -> None:
        gap = px(self, GAP)
        self.rowconfigure(0, weight=1)
        self.columnconfigure(0, weight=1, uniform="half")
        self.columnconfigure(1, weight=1, uniform="half")
        self._order, self._descends = "", False
        left = theme.Frame(self)
        left.grid(row=0, column=0, sticky="nsew", padx=(0, 2 * gap))
        left.rowconfigure(1, weight=1)
        left.columnconfigure(0, weight=1)
        theme.Label(left, text=_("Read right, by class (recall)"), style="Muted.TLabel").grid(
            row=0, column=0, sticky="w", pady=(0, gap)
        )
        self.bars = ClassBars(left)
        self.bars.grid(row=1, column=0, sticky="nsew")
        columns = {
            "name": Column(_("class"), 72, "w"),
            "recall": Column(_("recall"), 104),
            "precision": Column(_("precision"), 104),
            "f1": Column(_("F1"), 104),
            "support": Column(_("pictures"), 64),
        }
        self.table = Table(self, columns, bar_room=12)
        self.table.grid(row=0, column=1, sticky="nsew")
        for name in columns:
            self.table.tree.heading(name, command=lambda name=name: self.sort_by(name))  # type: ignore[misc]
        self.hint = theme.Label(self, style="Muted.TLabel", justify="left")

    def sort_by(self, name: str) -> None:
        """Put the classes into the order of a column; once more turns it round."""
        self._descends = not self._descends if name == self._order else name != "name"
        self._order = name
        self._show()

    @property
    def names(self) -> list[str]:
        """The classes from top to bottom."""
        return [scores.name for scores in self._ordered]

    def _fill(self, shown: Shown) -> None:
        self._order, self._descends = "", False
        self._show()

    @property
    def _ordered(self) -> list[ClassScores]:
        if self._shown is None:
            return []
        found = list(self._shown.exam.evaluation.by_class)
        if self._order == "name":
            return found[::-1] if self._descends else found
        measure = _MEASURES.get(self._order)
        if measure is not None:
            # Classes without a figure come last, whichever way it is turned.
            worst = -1.0 if self._descends else 2e9
            found.sort(
                key=lambda scores: worst if (value := measure(scores)) is None else value,
                reverse=self._descends,
            )
        return found

    def _show(self) -> None:
        shown, found = self._shown, self._ordered
        if shown is None:
            return
        others = {s.name: s for s in shown.other.evaluation.by_class} if shown.other else {}
        self.table.clear()
        for scores in found:
            self.table.tree.insert("", "end", values=_row(scores, others.get(scores.name)))
        self.bars.show(
            [(s.name, s.recall, others[s.name].recall if s.name in others else None) for s in found]
        )
        self.hint.configure(text=_("These pictures show none of the classes."))
        if found:
            self.hint.place_forget()
        else:
            self.hint.place(relx=0.5, rely=0.4, anchor="center")


def _row(scores: ClassScores, other: ClassScores | None) -> tuple[str | Sentence, ...]:
    """The cells of a class; a second model's figures stand behind a stroke."""

    def both(measure: Callable[[ClassScores], float | None]) -> str:
        first = percent(measure(scores))
        if other is None:
            return first
        return f"{first.removesuffix(' %')} | {percent(measure(other))}"

    return (
        scores.name, both(_MEASURES["recall"]), both(_MEASURES["precision"]),
        both(_MEASURES["f1"]), whole(scores.support),
    )  # fmt: skip


class ClassBars(theme.Frame):
    """A bar for each class, all of them: more than there is room for scroll.

    Args:
        parent: The widget to sit in.
    """

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self.rowconfigure(0, weight=1)
        self.columnconfigure(0, weight=1)
        self.canvas = theme.Canvas(
            self, width=px(self, _BARS), height=px(self, _ROW), highlightthickness=0, borderwidth=0
        )
        self.canvas.grid(row=0, column=0, sticky="nsew", padx=(0, px(self, 1.5 * GAP)))
        self._bar = AutoScrollbar(self, orient="vertical", command=self.canvas.yview)
        self.canvas.configure(yscrollcommand=self._bar.set)
        self._rows: list[tuple[str, float | None, float | None]] = []
        self.canvas.bind("<Configure>", lambda _event: self._draw())
        self.bind("<<ThemeChanged>>", lambda _event: self._draw())
        for turn, step in (("Button-4", -1), ("Button-5", 1), ("MouseWheel", 0)):
            self.canvas.bind(f"<{turn}>", lambda event, step=step: self._scroll(event, step))  # type: ignore[misc]
        follow_language(self, self._draw)
        theme.follow_size(self, self._draw)

    def show(self, rows: list[tuple[str, float | None, float | None]]) -> None:
        """Show a share 0 … 1 for each name, and a second model's where there is one."""
        self._rows = rows
        self._draw()

    def _draw(self) -> None:
        canvas, colors = self.canvas, theme.palette()
        canvas.configure(background=colors.background)
        canvas.delete("all")
        width = canvas.winfo_width()
        if width <= 1 or not self._rows:
            return
        font = tk_font.nametofont(theme.font("figures"), root=self)
        step = max(px(self, _ROW), font.metrics("linespace") + 2)
        step = min(max(step, canvas.winfo_height() // len(self._rows)), 2 * step)
        widest = min(max(font.measure(row[0]) for row in self._rows), round(0.4 * width))
        left = widest + px(self, GAP)
        right = width - font.measure("100.0 %") - px(self, GAP)
        for place, (name, share, other) in enumerate(self._rows):
            middle = (place + 0.5) * step
            half, thin = step * 0.28, px(self, 4)
            canvas.create_text(0, middle, anchor="w", text=shortened(name, font, widest),
                               fill=colors.text, font=theme.font("figures"))  # fmt: skip
            canvas.create_rectangle(left, middle - half, right, middle + half, width=0,
                                    fill=colors.track)  # fmt: skip
            if share is not None:
                end = left + share * (right - left)
                canvas.create_rectangle(left, middle - half, end, middle + half, width=0,
                                        fill=colors.agreed, tags="share")  # fmt: skip
            if other is not None:
                end = left + other * (right - left)
                canvas.create_rectangle(left, middle + half, end, middle + half + thin, width=0,
                                        fill=colors.validation)  # fmt: skip
            canvas.create_text(width, middle, anchor="e", text=percent(share), fill=colors.text,
                               font=theme.font("figures"))  # fmt: skip
        canvas.configure(scrollregion=(0, 0, width, step * len(self._rows)))

    def _scroll(self, event: tk.Event[tk.Misc], step: int) -> str | None:
        if self.canvas.yview() == (0.0, 1.0):
            return None
        self.canvas.yview_scroll(step or (-1 if event.delta > 0 else 1), "units")
        return "break"
