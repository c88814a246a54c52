"""The plan as fields: what varies above, how it is tried below, and what all runs share."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, cast

from digitdesk.messages.dataset import DatasetInfo
from digitdesk.messages.experiments.plan import Plan
from digitdesk.ui.experiments.plan.draft import Draft, DraftError, Way, plan_of
from digitdesk.ui.experiments.plan.fixed_fields import FixedFields
from digitdesk.ui.experiments.plan.search_fields import SearchFields
from digitdesk.ui.experiments.plan.typed_values import holes
from digitdesk.ui.experiments.plan.vary_list import VaryList
from digitdesk.ui.i18n.text import Sentence, _
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.widgets import Fold, ScrollColumn, field

if TYPE_CHECKING:
    from digitdesk.session.session import Session

#: Width of the form in logical pixels.
WIDTH = 400
_READY = ("verified", "built-in")
#: Names of wrong fields that stand outside of the fold.
_OUTSIDE = ("vary", "seeds", "runs", "minutes")


class PlanForm(ScrollColumn):
    """Fields for a ``Plan``.

    Args:
        parent: The widget to sit in.
        services: What may be asked of the window.
        session: What knows the names there are to choose from.
        on_change: Called after each change.
    """

    def __init__(
        self,
        parent: tk.Misc,
        services: PageServices,
        session: Session,
        on_change: Callable[[], None],
    ) -> None:
        super().__init__(parent, width=px(parent, WIDTH))
        self._on_change = on_change
        self._rest = Plan("")
        gap, body = px(self, GAP), self.body
        body.columnconfigure(0, weight=1)
        cell, _label = field(body, 0, 0, _("Title"), columns=2)
        self.title = tk.StringVar(self)
        theme.Entry(cell, textvariable=self.title, width=1).grid(row=1, column=0, sticky="ew")
        heading = theme.Label(body, text=_("What varies"), style="Heading.TLabel")
        heading.grid(row=1, column=0, sticky="w", pady=(gap, gap))
        self.vary = VaryList(body, self._changed)
        self.vary.grid(row=2, column=0, sticky="ew")
        heading = theme.Label(body, text=_("How it is tried"), style="Heading.TLabel")
        heading.grid(row=3, column=0, sticky="w", pady=(2 * gap, gap))
        self.search = SearchFields(body, px(self, WIDTH), self._changed)
        self.search.grid(row=4, column=0, sticky="ew")
        self.fold = Fold(body, _("The same in all runs"), self._bind_wheel)
        self.fold.grid(row=5, column=0, sticky="ew", pady=(gap, 0))
        self.fold.body.columnconfigure(0, weight=1)
        self.fixed = FixedFields(self.fold.body, self._changed)
        self.fixed.grid(row=0, column=0, sticky="ew")
        self._services, self._session = services, session
        self._attach(session)
        self.title.trace_add("write", lambda *_: on_change())

    def _attach(self, session: Session) -> None:
        choices = session.choices
        self.fixed.attach(session, choices.presets())
        self.vary.offer(
            {
                "model": choices.model_choices(),
                "optimizer": choices.optimizer_choices(),
                "schedule": choices.schedule_choices(),
                "loss": choices.loss_choices(),
            }
        )
        self.look_for_data()

    def look_for_data(self) -> None:
        """Look again at which data sets there are.

        Checking their files takes a moment, so it is done beside the window.
        """
        session, services = self._session, self._services
        services.background(
            lambda _job: session.datasets(), self._offer_data, services.status.show_error
        )

    def _offer_data(self, known: tuple[DatasetInfo, ...]) -> None:
        self.fixed.offer_data([info.name for info in known if info.status in _READY])

    # -- what is typed

    @property
    def plan(self) -> Plan:
        """The plan that is typed.

        Raises:
            DraftError: Something is typed wrong.
        """
        varies = self.vary.vary
        fixed, wrong = self.fixed.values([name for name, _text in varies])
        draft = Draft(
            title=self.title.get(),
            recipe=self.fixed.recipe.chosen,
            fixed=fixed,
            vary=varies,
            way=cast(Way, self.search.way.chosen),
            seeds=self.search.texts["seeds"].get(),
            runs=self.search.texts["runs"].get(),
            minutes=self.search.texts["minutes"].get(),
            early_end=self.search.chosen_early_end,
            rest=self._rest,
        )
        try:
            plan = plan_of(draft, self.fixed.config_of(draft.recipe))
        except DraftError as problems:
            raise DraftError(problems.sentences | wrong) from None
        if wrong:
            raise DraftError(wrong)
        return plan

    def fill_in(self, draft: Draft) -> None:
        """Show another plan."""
        self._rest = draft.rest
        self.title.set(draft.title)
        self.search.show(
            draft.way,
            draft.early_end,
            {"seeds": draft.seeds, "runs": draft.runs, "minutes": draft.minutes},
        )
        self.vary.show(draft.vary)
        self.fixed.show(draft.recipe, draft.fixed)
        self._follow()

    def mark(self, wrong: Mapping[str, Sentence]) -> None:
        """Mark what is typed wrong, and open the fold where it is in there."""
        self.vary.mark(wrong)
        self.search.mark(wrong)
        hidden = [name for name in wrong if not name.startswith(_OUTSIDE)]
        if hidden and not self.fold.is_open:
            self.fold.toggle()

    def _changed(self) -> None:
        self._follow()
        self._on_change()

    def _follow(self) -> None:
        """Let each part know what the others say."""
        self.vary.set_search(self.search.is_search)
        self.vary.set_holes(holes(self.fixed.fields.texts["model"].get()))
        self.fixed.lock({name for name, _text in self.vary.vary})
        self._bind_wheel()
