"""The Experiments tab: which setting is better, and is the difference real?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from digitdesk.ui.controls.late_tab import LateTab
from digitdesk.ui.i18n.text import Sentence, _
from digitdesk.ui.toolkit.tab import ClosingQuestion, TourStop

if TYPE_CHECKING:
    from digitdesk.session.session import Session
    from digitdesk.ui.experiments.view import ExperimentsView


class ExperimentsTab(LateTab["ExperimentsView"]):
    """Empty until it is shown for the first time."""

    key = "experiments"

    # -- what the window asks and tells

    @property
    def title(self) -> Sentence:
        """What stands on the tab."""
        return _("Experiments")

    @property
    def tour_stops(self) -> Sequence[TourStop]:
        """One card about all of it."""
        return (
            TourStop(
                self.hint,
                _("Which setting is better?"),
                _("Try many settings in one go, each with several seeds, and see in a table and "
                  "in charts which differences are more than chance."),
            ),
        )  # fmt: skip

    @property
    def is_untouched(self) -> bool:
        """Whether no experiment runs."""
        return self.view is None or not self.view.is_running

    @property
    def progress_in_title(self) -> float:
        """How far the experiment is that runs."""
        return self.view.share if self.view is not None else 0.0

    @property
    def closing_question(self) -> ClosingQuestion | None:
        """Whether an experiment shall be interrupted."""
        if self.is_untouched:
            return None
        return ClosingQuestion(
            _("An experiment is running. Close, and go on from here the next time?"),
            stay=_("Keep it running"),
            stayed=_("The experiment goes on."),
        )

    def make_view(self, session: Session) -> ExperimentsView:
        """A good part of the window, which most starts do without."""
        from digitdesk.ui.experiments.view import ExperimentsView

        return ExperimentsView(self, self._services, session)

    def data_changed(self) -> None:
        """Offer the data sets there are now."""
        if self.view is not None:
            self.view.plan.form.look_for_data()

    # -- how large it is

    def fit(self, width: int, height: int) -> None:
        """Put charts below their table where both have no room beside each other."""
        super().fit(width, height)
        if self.view is not None:
            left, _top, right, _bottom = self._edges
            self.view.fit(width - left - right)
