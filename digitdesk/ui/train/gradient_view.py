"""The gradient check for people: what is compared, and a table of how well it agrees.

The check itself runs beside the window; here are its progress, its end and its outcome.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING

from digitdesk.errors import CancelledError
from digitdesk.messages.inspection import GradientRow
from digitdesk.ui.controls.explained_button import explained_button
from digitdesk.ui.i18n.text import Sentence, _, percent, plural, tiny, whole
from digitdesk.ui.i18n.widgets import follow_language
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.background import Background
from digitdesk.ui.toolkit.status_bar import StatusBar
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import Column, Table, enable, set_shown

if TYPE_CHECKING:
    from digitdesk.session.jobs import Job
    from digitdesk.session.session import Session

_WRONG = "wrong"


class GradientView(theme.Frame):
    """Explains, checks and shows; hidden until ``check`` is called.

    Args:
        parent: The widget to sit in, which grids it.
        status: Where errors go.
        typed_model: The network as it is typed now.
        when_shown: Called with whether it wants to be seen.
        background: Checks beside the window.
    """

    def __init__(
        self,
        parent: tk.Misc,
        status: StatusBar,
        typed_model: Callable[[], str],
        when_shown: Callable[[bool], None],
        background: Background,
    ) -> None:
        super().__init__(parent)
        self._status = status
        self._typed_model = typed_model
        self._when_shown = when_shown
        self._background = background
        self._session: Session | None = None
        self._checked = ""
        self._rows: tuple[GradientRow, ...] = ()
        self._is_checking = False
        self._job: Job[tuple[GradientRow, ...]] | None = None
        self.columnconfigure(0, weight=1)
        self.rowconfigure(2, weight=1)
        self._build_words()
        self._build_table()
        self._build_foot()
        self.bind("<Configure>", lambda event: self._wrap(event.width))
        theme.follow_size(self, lambda: self._wrap(self.winfo_width()))
        self.bind("<Destroy>", lambda _event: self._on_cancel(), add="+")
        self.bind("<<ThemeChanged>>", lambda _event: self._recolor())
        self._recolor()
        follow_language(self, lambda: self._show_rows(self._rows))

    def attach(self, session: Session) -> None:
        """Check with what the session has."""
        self._session = session

    def check_network(self) -> None:
        """Show itself and check the network that is typed."""
        self._check(self._typed_model())

    def check_layers(self) -> None:
        """Check every kind of layer by itself."""
        self._check("")

    def close(self) -> None:
        """Put itself away; a check under way ends."""
        self._on_cancel()
        self._when_shown(False)

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """What the table shows, row by row."""
        return self.table.cells

    # -- building

    def _build_words(self) -> None:
        self.title = theme.Label(self, style="Heading.TLabel")
        self.title.grid(row=0, column=0, sticky="w")
        self.close_button = theme.Button(self, text=_("Back to the chart"), command=self.close)
        theme.look(self.close_button, theme.TOOL)
        self.close_button.grid(row=0, column=1, sticky="e")
        explain(self.close_button, _("Puts the gradient check away."))
        self.words = theme.Label(
            self,
            text=_(
                "A network learns by gradients: they say how the loss changes with each of its "
                "numbers. DigitDesk's are derived by hand, layer by layer. Here they are "
                "measured: the numbers are moved by a millionth, forth and back, and the loss is "
                "computed both times. Where both agree to five figures, the derivation is right."
            ),
            style="Muted.TLabel",
            justify="left",
        )
        self.words.grid(row=1, column=0, columnspan=2, sticky="w", pady=(px(self, GAP), 0))

    def _build_table(self) -> None:
        columns = {
            "layer": Column(_("layer"), 200, "w", least=64),
            "numbers": Column(_("gradient by"), 96, "w", least=64),
            "comparisons": Column(_("compared"), 96, least=64),
            "error": Column(_("largest error"), 96, least=64),
            "verdict": Column(_("verdict"), 96, "w", least=64),
        }
        self.table = Table(self, columns)
        self.table.grid(row=2, column=0, columnspan=2, sticky="nsew", pady=(px(self, 2 * GAP), 0))

    def _build_foot(self) -> None:
        foot = theme.Frame(self)
        foot.grid(row=3, column=0, columnspan=2, sticky="ew", pady=(px(self, GAP), 0))
        foot.columnconfigure(0, weight=1)
        self.verdict = theme.Label(foot, style="Figures.TLabel", anchor="w")
        self.verdict.grid(row=0, column=0, sticky="w")

        def button(
            column: int, title: Sentence, run: Callable[[], None], help_text: Sentence
        ) -> theme.Button:
            made = explained_button(foot, title, run, help_text)
            made.grid(row=0, column=column, padx=(px(self, GAP), 0))
            return made

        self.cancel_button = button(
            1, _("Cancel"), self._on_cancel, _("Ends the check; what is compared so far stays.")
        )
        self.network_button = button(
            2,
            _("This network"),
            self.check_network,
            _("Compares all gradients of the network in the form."),
        )
        self.layers_button = button(
            3,
            _("Every layer alone"),
            self.check_layers,
            _("Compares each kind of layer in each way it can work, entry by entry."),
        )

    # -- the check

    def _check(self, model: str) -> None:
        session = self._session
        if session is None or self._is_checking:
            return
        self._checked = model
        self._show_rows(())
        self.title.configure(
            text=_("Gradients of {model}").format(model=model) if model else _("Every layer alone")
        )
        self._show_checking(True)
        self._show_progress(0, 0)
        self._when_shown(True)
        self._job = self._background(
            lambda job: session.choices.check_gradients(model, job.report, job.is_cancelled),
            self._end,
            self._fail,
            self._show_progress,
        )

    def _show_checking(self, is_checking: bool) -> None:
        self._is_checking = is_checking
        for button in (self.network_button, self.layers_button):
            enable(button, not is_checking)
        set_shown(self.cancel_button, is_checking)

    def _show_progress(self, done: int, total: int) -> None:
        share = percent(done / total, 0) if total else "…"
        self.verdict.configure(text=_("Comparing: {percent}").format(percent=share))

    def _on_cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _end(self, rows: tuple[GradientRow, ...]) -> None:
        self._show_checking(False)
        self._show_rows(rows)
        self.verdict.configure(text=self._verdict())

    def _fail(self, error: Exception) -> None:
        self._end(())
        if not isinstance(error, CancelledError):
            self._status.show_error(error)

    def _verdict(self) -> str:
        wrong = sum(not row.passed for row in self._rows)
        if wrong:
            return plural("{n} gradient is wrong.", "{n} gradients are wrong.", wrong)
        if self._job is not None and self._job.is_cancelled():
            return _("Ended early. Compared: {n}, all agree.").format(n=whole(len(self._rows)))
        return _("All {n} gradients agree.").format(n=whole(len(self._rows)))

    def _show_rows(self, rows: tuple[GradientRow, ...]) -> None:
        self._rows = rows
        self.table.clear()
        for row in rows:
            tags = () if row.passed else (_WRONG,)
            item = self.table.tree.insert("", "end", values=self._cells(row), tags=tags)
            if not row.passed:
                self.table.tree.see(item)

    def _cells(self, row: GradientRow) -> tuple[str, ...]:
        """A row as people read it: the layer by its name, or by its text where it is alone."""
        if self._checked:
            layer, _dot, numbers = row.gradient.rpartition(".")
        else:
            layer, numbers = row.subject, row.gradient.partition(".")[2]
        return (
            layer,
            numbers or _("input"),
            whole(row.comparisons),
            tiny(row.worst_error),
            _("agrees") if row.passed else _("wrong"),
        )

    def _recolor(self) -> None:
        self.table.tree.tag_configure(_WRONG, foreground=theme.palette().danger)

    def _wrap(self, width: int) -> None:
        self.words.configure(wraplength=max(px(self, 200), width))
