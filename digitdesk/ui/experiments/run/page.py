"""Run: the queue, how each run goes, and what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from digitdesk.messages.experiments.plan import Row
from digitdesk.messages.experiments.progress import (
    ExperimentState,
    ExperimentView,
    TrialState,
    TrialView,
)
from digitdesk.ui.controls.explained_button import explained_button
from digitdesk.ui.controls.wrapped_label import WrappedLabel
from digitdesk.ui.experiments.page import StudyPage
from digitdesk.ui.experiments.row_table import RowTable, TableRow, column, setting_column
from digitdesk.ui.experiments.study import BUSY
from digitdesk.ui.experiments.words import (
    differing,
    measured,
    shown_value,
    state_title,
)
from digitdesk.ui.i18n.text import (
    Sentence,
    _,
    core_phrase,
    core_problem,
    duration,
    joined,
    plural,
    whole,
)
from digitdesk.ui.i18n.widgets import follow_language
from digitdesk.ui.layout.wrapping_row import WrappingRow
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.banner import Choice
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import Column, enable, set_shown

#: Beside its settings: what a run's row says.
_LOOKS = {
    TrialState.FAILED: "failed",
    TrialState.HOPELESS: "muted",
    TrialState.CANCELLED: "muted",
    TrialState.WAITING: "muted",
}
_LOST = (TrialState.FAILED, TrialState.CANCELLED)


class RunPage(StudyPage):
    """Progress above, the queue in the middle, its tools below."""

    def _build(self) -> None:
        gap = px(self, GAP)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(2, weight=1)
        self.headline = theme.Label(self, style="Heading.TLabel", width=1, anchor="w")
        self.headline.grid(row=0, column=0, sticky="ew")
        self.main_button = theme.Button(self, command=self.pause_or_go_on)
        self.main_button.grid(row=0, column=1, rowspan=2, sticky="e", padx=(2 * gap, 0))
        self.progress = theme.Progressbar(self, maximum=1.0)
        self.progress.grid(row=1, column=0, sticky="ew", pady=(gap // 2, 0))
        self.table = RowTable(self, self._show_state, on_open=self._on_open, rows=5)
        self.table.grid(row=2, column=0, columnspan=2, sticky="nsew", pady=gap)
        self.detail = WrappedLabel(self)
        self.detail.grid(row=3, column=0, columnspan=2, sticky="ew")
        self.tools = self._build_tools()
        self.tools.grid(row=4, column=0, columnspan=2, sticky="ew", pady=(gap, 0))
        follow_language(self, self.show)

    def _build_tools(self) -> WrappingRow:
        row = WrappingRow(self, apart=GAP)

        button = partial(explained_button, row)
        self.next_button = button(
            _("Run next"), self._run_next, _("Puts the selected runs before all that wait.")
        )
        self.up_button = button(_("Up"), lambda: self._move(-1), _("One place sooner."))
        self.down_button = button(_("Down"), lambda: self._move(1), _("One place later."))
        self.cancel_button = button(
            _("Cancel"), self._cancel,
            _("Takes the selected runs out of the queue; one that is under way ends."),
        )  # fmt: skip
        self.again_button = button(
            _("Again"), self._again, _("Puts selected runs that failed or were cancelled back.")
        )
        self.results_button = button(
            _("Results"), lambda: self._commands.show_page("results"),
            _("The table of what is finished so far, and charts of it."),
        )  # fmt: skip
        self.remove_button = button(
            _("Delete …"), self._ask_to_remove, _("Deletes this experiment with all its runs.")
        )
        row.wrap(
            self.next_button, self.up_button, self.down_button, self.cancel_button,
            self.again_button, self.results_button, self.remove_button,
            pushed=self.results_button,
        )  # fmt: skip
        return row

    # -- what is shown

    def show(self) -> None:
        """Show how the chosen experiment goes now."""
        view = self._study.shown
        if view is None:
            return
        names = differing(view.rows)
        columns = _columns(names, view.rows)
        if self.table.columns != tuple(columns):
            self.table.set_columns(columns)
        self.table.show([TableRow(run.number, _cells(run, names), _look(run)) for run in view.runs])
        self._show_progress(view)
        self._show_state()

    def _show_progress(self, view: ExperimentView) -> None:
        runs = view.runs
        done = sum(run.state.is_over for run in runs)
        parts = sum(_share(run) for run in runs)
        failed = sum(run.state is TrialState.FAILED for run in runs)
        self.progress.configure(value=parts / max(1, len(runs)))
        said: list[str] = [
            _("{done} of {total} runs").format(done=whole(done), total=whole(len(runs)))
        ]
        if failed:
            said.append(_("{n} failed").format(n=whole(failed)))
        if view.state in BUSY and view.seconds_left is not None:
            said.append(_("about {time} left").format(time=duration(view.seconds_left)))
        elif view.state is not ExperimentState.RUNNING:
            said.append(state_title(view.state))
        self.headline.configure(text=joined("  ·  ", said))
        is_busy, is_over = view.state in BUSY, view.state is ExperimentState.FINISHED
        self.main_button.configure(text=_("Pause") if is_busy else _("Go on"))
        theme.look(self.main_button, theme.QUIET if is_busy else theme.ACCENT)
        explain(
            self.main_button,
            _("Runs that are under way keep where they are, and stop.")
            if is_busy
            else _("Goes on where it was left; nothing that is finished is run again."),
        )
        enable(self.main_button, view.state is not ExperimentState.PAUSING)
        set_shown(self.main_button, not is_over)

    def _show_state(self) -> None:
        chosen, view = self._chosen, self._study.shown
        is_busy = view is not None and view.state in BUSY
        waiting = [run for run in chosen if run.state is TrialState.WAITING]
        going = [run for run in chosen if not run.state.is_over]
        lost = [run for run in chosen if run.state in _LOST]
        for button in (self.next_button, self.up_button, self.down_button):
            enable(button, is_busy and bool(waiting))
        enable(self.cancel_button, is_busy and bool(going))
        enable(self.again_button, bool(lost))
        self.detail.configure(text=self._said_of(chosen))

    def _said_of(self, chosen: list[TrialView]) -> Sentence | str:
        if len(chosen) > 1:
            return plural("{n} run is selected.", "{n} runs are selected.", len(chosen))
        if not chosen:
            return _("Select runs to put them first, cancel them, or read why one failed.")
        run = chosen[0]
        title = _("Run {n}").format(n=str(run.number))
        if run.problem is not None:
            return joined(": ", (title, core_problem(run.problem)))
        parts = [title, state_title(run.state)]
        if run.parameter_count:
            parts.append(_("{n} parameters").format(n=whole(run.parameter_count)))
        return joined("  ·  ", parts)

    # -- what can be done

    @property
    def _chosen(self) -> list[TrialView]:
        found = (self._study.run(number) for number in self.table.selected)
        return [run for run in found if run is not None]

    @property
    def _waiting(self) -> list[int]:
        """Numbers of those that wait, in their order."""
        view = self._study.shown
        return [run.number for run in view.runs if run.state is TrialState.WAITING] if view else []

    def pause_or_go_on(self) -> None:
        """Pause what runs; go on with what does not."""
        view, experiments = self._study.shown, self._study.experiments
        if view is None:
            return
        with self._status.guarding():
            (experiments.pause if view.state in BUSY else experiments.resume)(view.key)
        self._commands.refresh()

    def _run_next(self) -> None:
        chosen = [run.number for run in self._chosen if run.state is TrialState.WAITING]
        self._reorder([(number, place) for place, number in enumerate(chosen)])

    def _move(self, step: int) -> None:
        waiting = self._waiting
        chosen = [run.number for run in self._chosen if run.state is TrialState.WAITING]
        # The one that goes ahead moves first, so that they stay side by side.
        moves = [
            (number, min(max(waiting.index(number) + step, 0), len(waiting) - 1))
            for number in (chosen if step < 0 else reversed(chosen))
        ]
        self._reorder(moves)

    def _reorder(self, moves: list[tuple[int, int]]) -> None:
        key, experiments = self._study.key, self._study.experiments
        with self._status.guarding():
            for number, place in moves:
                experiments.move(key, number, place)
        self._commands.refresh()

    def _cancel(self) -> None:
        numbers = [run.number for run in self._chosen if not run.state.is_over]
        with self._status.guarding():
            self._study.experiments.cancel(self._study.key, tuple(numbers))
        self._commands.refresh()

    def _again(self) -> None:
        numbers = [run.number for run in self._chosen if run.state in _LOST]
        with self._status.guarding():
            self._study.experiments.again(self._study.key, tuple(numbers))
        self._commands.refresh()

    def _ask_to_remove(self) -> None:
        view = self._study.shown
        if view is None:
            return
        key = view.key
        self._status.notice.ask(
            _("Delete “{title}” with all its runs and models?").format(
                title=core_phrase(view.plan.title)
            ),
            Choice(_("Delete"), lambda: self._remove(key)),
            Choice(_("Keep"), lambda: self._status.say(_("It is kept."))),
        )

    def _remove(self, key: str) -> None:
        with self._status.guarding():
            self._study.experiments.remove(key)
            self._status.say(_("Deleted."))
        self._commands.refresh()

    def _on_open(self) -> None:
        if any(run.state.is_over for run in self._chosen):
            self._commands.show_page("results")


def _columns(names: tuple[str, ...], rows: Sequence[Row]) -> dict[str, Column]:
    return {
        "#": column(_("run")),
        **{name: setting_column(name, (dict(row).get(name) for row in rows)) for name in names},
        "seed": column(_("seed")),
        "state": column(_("state"), side="w", least=96),
        "epoch": column(_("epoch"), least=56),
        "validation": column(_("validation"), least=72),
        "test": column(_("test"), least=72),
        "time": column(_("time"), least=56),
    }


def _cells(run: TrialView, names: tuple[str, ...]) -> tuple[str, ...]:
    values = dict(run.values)
    return (
        str(run.number),
        *(shown_value(name, values.get(name)) for name in names),
        str(run.seed),
        state_title(run.state),
        f"{run.epoch}/{run.epochs}" if run.epochs else "",
        measured("validation_accuracy", run.validation_accuracy),
        measured("test_accuracy", run.test_accuracy),
        measured("seconds", run.seconds or None),
    )


def _look(run: TrialView) -> str:
    return _LOOKS.get(run.state, "")


def _share(run: TrialView) -> float:
    """How much of a run is done, 0 … 1."""
    if run.state.is_over:
        return 1.0
    return run.epoch / run.epochs if run.epochs else 0.0
