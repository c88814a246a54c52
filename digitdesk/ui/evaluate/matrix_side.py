"""The left half of a page with a gallery: a matrix, and one picture large in its place."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

from digitdesk.ui.evaluate.page import Shown
from digitdesk.ui.evaluate.widgets.detail import DetailCommands, DetailView
from digitdesk.ui.evaluate.widgets.matrix import ConfusionMatrix
from digitdesk.ui.i18n.text import Sentence
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import set_shown


class MatrixSide(theme.Frame):
    """A matrix with a line below it that says what the mouse or the keys point at.

    Args:
        parent: The widget to sit in.
        services: What may be asked of the window.
        help_text: What the matrix shows.
        on_choose: Takes the names of the row and the column that are chosen.
        show_next: Shows the next picture large.

    Attributes:
        matrix: The matrix.
        detail: The picture.
    """

    def __init__(
        self,
        parent: tk.Misc,
        services: PageServices,
        help_text: Sentence,
        *,
        on_choose: Callable[[str | None, str | None], None],
        show_next: Callable[[], None],
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._shown: Shown | None = None
        self.rowconfigure(0, weight=1)
        self.columnconfigure(0, weight=1)
        self.matrix = ConfusionMatrix(self, on_choose, self._point)
        self.matrix.grid(row=0, column=0, sticky="nsew")
        explain(self.matrix, help_text)
        self.readout = theme.Label(self, style="Small.Figures.TLabel", width=1, anchor="w")
        self.readout.grid(row=1, column=0, sticky="ew", pady=(px(self, GAP / 2), 0))
        commands = DetailCommands(self._put_on_board, show_next, self.show_matrix)
        self.detail = DetailView(self, commands)
        self.detail.grid(row=0, column=0, rowspan=2, sticky="nsew")
        self.detail.grid_remove()

    def show_large(self, shown: Shown, index: int, next_title: Sentence) -> None:
        """Show a picture with what the model says of it, and the second one where there is one."""
        self._shown = shown
        with self._services.status.guarding():
            detail = shown.exams.detail(shown.exam.key, index)
            self.detail.show(detail, shown.exam.evaluation.class_names, next_title)
            if shown.other is not None:
                beside = shown.exams.detail(shown.other.key, index)
                names = shown.other.evaluation.class_names
                self.detail.bars.show_other(names, beside.probabilities)
            else:
                self.detail.bars.show_other((), ())
            self._show_detail(True)

    def show_matrix(self) -> None:
        """Show the matrix in place of a picture."""
        self._show_detail(False)

    def _show_detail(self, shown: bool) -> None:
        has_focus = str(self.focus_get()).startswith(str(self.detail))
        set_shown(self.detail, shown)
        for widget in (self.matrix, self.readout):
            set_shown(widget, not shown)
        if has_focus and not shown:
            self.matrix.focus_set()

    def _point(self, words: str) -> None:
        self.readout.configure(text=words)

    def _put_on_board(self) -> None:
        detail = self.detail.detail
        if detail is not None and self._shown is not None:
            content = detail.strokes or detail.item.picture
            self._services.put_on_board(content, self._shown.exam.model_key)
