"""What an exam gives to think about, in a line above the pages: one thing at a time."""

from __future__ import annotations

import tkinter as tk

from digitdesk.messages.exam import ExamHint
from digitdesk.messages.hint import reason_of_exam_hint
from digitdesk.ui.evaluate.page import Shown
from digitdesk.ui.i18n.text import _, core_phrase, setting, setting_title
from digitdesk.ui.toolkit.banner import Banner, Choice
from digitdesk.ui.toolkit.page_services import PageServices


class HintLine(Banner):
    """Hidden where there is nothing to say, and what was put away does not come back.

    Args:
        parent: The widget to sit in, which grids it.
        services: What may be asked of the window.
    """

    def __init__(self, parent: tk.Misc, services: PageServices) -> None:
        super().__init__(parent)
        self._services = services
        self._exam_key = ""
        self._put_away: set[str] = set()
        self._shown_kind = ""

    def look(self, shown: Shown | None) -> None:
        """Say what there is to say of an exam by now."""
        if shown is None:
            return
        if shown.exam.key != self._exam_key:
            self._exam_key, self._put_away, self._shown_kind = shown.exam.key, set(), ""
            self.dismiss()
        with self._services.status.guarding():
            hints = shown.session.exams.hints(shown.exam.key)
            left = [hint for hint in hints if hint.kind not in self._put_away]
            if left and left[0].kind != self._shown_kind:
                self._tell(left[0], shown)

    def _tell(self, hint: ExamHint, shown: Shown) -> None:
        self._shown_kind = hint.kind
        choices, suggestion = [], hint.suggestion
        if suggestion is not None:
            name, value = suggestion.name, suggestion.value
            title = _("Next run: {name} {value}").format(
                name=setting_title(name), value=setting(value)
            )
            choices.append(Choice(title, lambda: self._follow(hint, name, value)))
        self.show(
            core_phrase(hint.sentence),
            *choices,
            why=core_phrase(reason_of_exam_hint(hint)),
            when_dismissed=lambda: self._next(hint, shown),
        )

    def _follow(self, hint: ExamHint, name: str, value: float) -> None:
        self._put_away.add(hint.kind)
        self._services.prepare_run(name, value)

    def _next(self, hint: ExamHint, shown: Shown) -> None:
        self._put_away.add(hint.kind)
        self.look(shown)
