"""What the Train tab says by itself: diagnoses of a run, suggestions, and an old run to go on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from digitdesk.messages.hint import hint, reason
from digitdesk.messages.problem import Problem
from digitdesk.messages.run import RunDiagnosis, RunNotKept, Suggestion, UnfinishedRun
from digitdesk.ui.i18n.text import (
    Sentence,
    _,
    core_phrase,
    core_problem,
    joined,
    setting,
    setting_title,
    whole,
)
from digitdesk.ui.toolkit.banner import Banner, Choice
from digitdesk.ui.toolkit.status_bar import StatusBar

if TYPE_CHECKING:
    from digitdesk.session.session import Session


class RunOffers:
    """Puts its offers into a banner.

    Args:
        banner: Where they are shown.
        status: Where errors go.
        change: Changes a setting of the run that goes on, or of the next one where none does.
        can_change: Whether a setting can be changed so now.
        restart_with: Starts anew with another value of a setting.
        when_resumed: Called once an unfinished run goes on.
    """

    def __init__(
        self,
        banner: Banner,
        status: StatusBar,
        *,
        change: Callable[[str, float], None],
        can_change: Callable[[str], bool],
        restart_with: Callable[[str, float], None],
        when_resumed: Callable[[], None],
    ) -> None:
        self._banner = banner
        self._status = status
        self._change = change
        self._can_change = can_change
        self._restart_with = restart_with
        self._when_resumed = when_resumed
        self._warning = ""
        self._hints: list[RunDiagnosis] = []
        self._is_over = False

    def attach(self, session: Session) -> None:
        """Offer to go on with a run that the last session did not finish."""
        with self._status.guarding():
            unfinished = session.unfinished_run()
            if unfinished is not None:
                self._banner.show(
                    _sentence(unfinished),
                    Choice(_("Go on"), lambda: self._resume(session)),
                    Choice(_("Discard"), session.discard_unfinished_run),
                )

    def warn(self, event: RunNotKept) -> None:
        """Say that the run would be lost."""
        self._warning = core_problem(event.problem)
        self._hints = []
        self._banner.show(self._warning)

    def show_diagnosis(self, event: RunDiagnosis) -> None:
        """Say what is the matter with a run; what was said before waits until this is away."""
        self._hints = [one for one in self._hints if one.kind != event.kind]
        self._hints.append(event)
        self._show_last()

    def show_failure(self, problem: Problem) -> None:
        """Say why a run failed, where no hint says it better."""
        if self._suggestion is None or not self._banner.text:
            self._hints = []
            self._banner.show(core_problem(problem))

    def setting_changed(self, name: str) -> None:
        """Take hints away whose setting has another value by now."""
        self._take_away(lambda one: one.suggestion is not None and one.suggestion.name == name)

    def lift(self, kind: str) -> None:
        """Take a hint away that no longer holds."""
        self._take_away(lambda one: one.kind == kind)

    def clear(self) -> None:
        """Say nothing any more: another run begins."""
        self._hints, self._is_over = [], False
        if self._banner.text:
            self._banner.dismiss()

    def run_is_over(self) -> None:
        """Take the button of a hint away that only a run could follow."""
        self._is_over = True
        if self._suggestion is not None and not self._can_follow(self._suggestion):
            self._banner.offer_nothing()

    def _can_follow(self, suggestion: Suggestion) -> bool:
        return not self._is_over or self._can_change(suggestion.name)

    @property
    def _suggestion(self) -> Suggestion | None:
        """That of the hint which is shown."""
        return self._hints[-1].suggestion if self._hints else None

    def _show_last(self) -> None:
        """Show the newest hint, with its suggestion where there is one."""
        event = self._hints[-1]
        suggestion, choices = event.suggestion, []
        restart = event.kind == "diverged"
        if suggestion is not None and (restart or self._can_follow(suggestion)):
            name, value = suggestion.name, suggestion.value
            choices.append(
                Choice(
                    _suggestion_title(name, value, restart=restart),
                    lambda: self._apply(event.kind, name, value, restart=restart),
                )
            )
        sentence: str = core_phrase(hint(event.sentence_id))
        if self._warning and self._warning in self._banner.text:
            # Good advice does not push aside that the run would be lost.
            sentence = joined("\n", (self._warning, sentence))
        why = reason(event)
        self._banner.show(
            sentence,
            *choices,
            why=core_phrase(why) if why else "",
            when_dismissed=lambda: self.lift(event.kind),
        )

    def _take_away(self, is_over: Callable[[RunDiagnosis], bool]) -> None:
        """Forget hints; where the one that is shown is among them, show the next one."""
        shown = self._hints[-1:]
        self._hints = [one for one in self._hints if not is_over(one)]
        if self._hints[-1:] == shown:
            return
        if self._hints:
            self._show_last()
        elif self._warning and self._warning in self._banner.text:
            self._banner.show(self._warning)
        elif self._banner.text:
            self._banner.dismiss()

    def _apply(self, kind: str, name: str, value: float, *, restart: bool) -> None:
        self.lift(kind)
        if restart:
            self._restart_with(name, value)
        else:
            self._change(name, value)

    def _resume(self, session: Session) -> None:
        with self._status.guarding():
            session.resume_training()
            self._when_resumed()


def _sentence(unfinished: UnfinishedRun) -> Sentence:
    """What there is to go on with."""
    is_trained = unfinished.epoch >= unfinished.epochs
    said = (
        _("Trained, but not finished: {title}, {epochs} epochs, saved {when}.")
        if is_trained
        else _("Unfinished: {title}, {done} of {epochs} epochs, saved {when}.")
    )
    return said.format(
        title=unfinished.title,
        done=whole(unfinished.epoch),
        epochs=whole(unfinished.epochs),
        when=unfinished.saved.replace("T", " ")[:16],
    )


def _suggestion_title(name: str, value: float, *, restart: bool) -> Sentence:
    """What the button of a suggestion says."""
    pattern = _("Start again: {name} {value}") if restart else _("{name} to {value}")
    return pattern.format(name=setting_title(name), value=setting(value))
