"""The Data tab: what a network learns from, and how one brings one's own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from digitdesk.messages.run import RunEvent
from digitdesk.ui.controls.late_tab import LateTab
from digitdesk.ui.i18n.text import Sentence, _
from digitdesk.ui.toolkit.tab import ClosingQuestion, TourStop

if TYPE_CHECKING:
    from digitdesk.session.session import Session
    from digitdesk.ui.data.view import DataView


class DataTab(LateTab["DataView"]):
    """Empty until it is shown for the first time."""

    key = "data"

    # -- what the window asks and tells

    @property
    def title(self) -> Sentence:
        """What stands on the tab."""
        return _("Data")

    @property
    def tour_stops(self) -> Sequence[TourStop]:
        """One card about all of it."""
        return (
            TourStop(
                self.hint,
                _("What does it learn from?"),
                _("Look at every picture of a data set, bring your own from a table, an archive or "
                  "a folder, and make new sets of parts of others."),
            ),
        )  # fmt: skip

    @property
    def closing_question(self) -> ClosingQuestion | None:
        """Whether labels that are not written yet shall be lost."""
        if self.view is None or not self.view.has_labels:
            return None
        return ClosingQuestion(
            _("Pictures you have labelled are not written yet. Close, and lose the labels?"),
            stay=_("Keep them"),
            stayed=_("Press Write on the Import page to keep them."),
        )

    @property
    def drop_invitation(self) -> Sentence:
        """What is said while files are dragged over the tab."""
        return _("Drop it to import it.")

    def make_view(self, session: Session) -> DataView:
        """A good part of the window, which most starts do without."""
        from digitdesk.ui.data.view import DataView

        return DataView(self, self._services, session)

    def take_files(self, paths: Sequence[Path]) -> None:
        """Read what was dropped, and show what would come of it."""
        if self._session is not None:
            self.made(self._session).bring_in(paths[0])

    def data_changed(self) -> None:
        """Offer the data sets there are now."""
        if self.view is not None:
            self.view.look_for_sets()

    def models_changed(self, key: str) -> None:
        """Offer the models there are now."""
        if self.view is not None:
            self.view.models_changed()

    def handle(self, event: RunEvent) -> None:
        """Offer a run's network."""
        if self.view is not None:
            self.view.handle(event)
