"""What teaching has brought: sealed exams and MNIST, read by the old model and by the new one."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Mapping

from digitdesk.messages.own.hand import BeforeAfter, ExamScore, ExamSheet, Taught
from digitdesk.ui.controls.wrapped_label import WrappedLabel
from digitdesk.ui.hand.words import day_of, large
from digitdesk.ui.i18n.text import (
    NOTHING,
    Sentence,
    _,
    again,
    duration,
    interval,
    joined,
    percent,
    whole,
)
from digitdesk.ui.i18n.widgets import follow_language
from digitdesk.ui.layout.wrapping_row import WrappingRow
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import Column, Table

MNIST = "MNIST"


class TaughtView(theme.Frame):
    """A headline, a table, and what can be done with the new model.

    Args:
        parent: The widget to sit in.
        use: Reads the board with a model, by its key.
        show_models: Shows the Models tab.
    """

    def __init__(
        self, parent: tk.Misc, use: Callable[[str], None], show_models: Callable[[], None]
    ) -> None:
        super().__init__(parent)
        self._key = ""
        self._rows: tuple[tuple[str, ...], ...] = ()
        gap = px(self, GAP)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(2, weight=1)
        self.headline = theme.Label(self, style="Headline.TLabel")
        self.headline.grid(row=0, column=0, sticky="w")
        explain(self.headline, _("Before and after, on the newest sealed exam."))
        self.said = WrappedLabel(self)
        self.said.grid(row=1, column=0, sticky="ew", pady=(0, gap))
        columns = {
            "data": Column(_("read"), 184, "w", least=144),
            "count": Column(_("pictures"), 72, least=56),
            "before": Column(_("before"), 72, least=64),
            "before interval": Column(_("95 % interval"), 128, least=112),
            "after": Column(_("after"), 72, least=64),
            "after interval": Column(_("95 % interval"), 128, least=112),
            "calibration": Column(_("calibration error"), 112, least=104),
        }
        self.table = Table(self, columns, rows=3)
        self.table.grid(row=2, column=0, sticky="nsew")
        row = WrappingRow(self, apart=GAP)
        row.grid(row=3, column=0, sticky="ew", pady=(gap, 0))
        self.use_button = theme.Button(
            row, text=_("Use it on the board"), command=lambda: use(self._key)
        )
        theme.look(self.use_button, theme.ACCENT)
        explain(self.use_button, _("Reads what you draw with the new model."))
        self.models_button = theme.Button(row, text=_("Show it in Models"), command=show_models)
        explain(self.models_button, _("The new model and the old one, with their cards."))
        row.wrap(self.use_button, self.models_button)
        follow_language(self, self._fill)

    def show(self, found: Taught, sheets: Mapping[str, ExamSheet]) -> None:
        """Show what a lesson has brought.

        Args:
            found: It.
            sheets: The exams it speaks of, by their keys.
        """
        self._key = found.model.key
        exams = [pair for pair in found.scores if pair.data != MNIST]
        self.headline.configure(text=_step(exams[0]) if exams else _("Taught"))
        name = found.model.path.name if found.model.path is not None else found.model.card.title
        said = _("{name}: {n} drawings in {time}. The old model is kept.").format(
            name=name, n=whole(found.samples), time=duration(found.seconds)
        )
        hint = _("Take an exam first the next time, and you see here what teaching brings.")
        self.said.configure(text=said if exams else joined(" ", (said, hint)))
        self._rows = tuple(_cells(pair, sheets) for pair in found.scores)
        self._fill()

    def _fill(self) -> None:
        self.table.clear()
        for row in self._rows:
            self.table.tree.insert("", "end", values=tuple(str(again(cell)) for cell in row))


def _step(pair: BeforeAfter) -> str:
    return f"{large(pair.before)} → {large(pair.after)}"


def _cells(pair: BeforeAfter, sheets: Mapping[str, ExamSheet]) -> tuple[str, ...]:
    def of(score: ExamScore) -> tuple[str, str]:
        return large(score), interval(score.interval)

    after = pair.after.calibration_error
    return (
        _title(pair.data, sheets),
        whole(pair.after.count),
        *of(pair.before),
        *of(pair.after),
        NOTHING if after is None else percent(after, 2),
    )


def _title(data: str, sheets: Mapping[str, ExamSheet]) -> Sentence | str:
    if data == MNIST:
        return _("MNIST's test pictures")
    sheet = sheets.get(data)
    return _("exam of {day}").format(day=day_of(sheet.begun)) if sheet is not None else data
