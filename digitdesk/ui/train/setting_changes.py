"""Changes of one setting, by a slider or by a hint: of the run that goes on, or of the form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digitdesk.errors import DigitDeskError
from digitdesk.messages.run import RunState
from digitdesk.ui.i18n.text import _, setting, setting_title
from digitdesk.ui.toolkit.status_bar import StatusBar

if TYPE_CHECKING:
    from digitdesk.session.session import Session
    from digitdesk.ui.train.form import TrainingForm

_UNDER_WAY = (RunState.TRAINING, RunState.PAUSED)


class SettingChanges:
    """Changes what can be changed.

    Args:
        status: Where it is said what came of it.
    """

    def __init__(self, status: StatusBar) -> None:
        self._status = status
        self._session: Session | None = None
        self._form: TrainingForm | None = None

    def attach(self, session: Session, form: TrainingForm) -> None:
        """Change the session's runs, and the form for the next one."""
        self._session, self._form = session, form

    @property
    def present(self) -> dict[str, float]:
        """What the run that goes on can change, with the present values."""
        session = self._session
        is_under_way = session is not None and session.state in _UNDER_WAY
        return session.changeable_settings() if session is not None and is_under_way else {}

    def can_change(self, name: str) -> bool:
        """Whether the run that goes on, or else the form, has a setting."""
        if self._session is not None and self._is_running:
            return name in self._session.changeable_settings()
        return self._form is not None and name in self._form.controls

    def change_or_set(self, name: str, value: float) -> None:
        """Change a setting of the run, or of the form where no run goes on."""
        if self._is_running:
            self.change(name, value)
        else:
            self.set_in_form(name, value)

    def set_in_form(self, name: str, value: float) -> None:
        """Change a setting of the next run."""
        if self._form is not None and self._form.take(name, value):
            said = _("{name} is now {value} in the form. Start trains with it.")
            self._status.say(said.format(name=setting_title(name), value=setting(value)))

    def change(self, name: str, value: float) -> bool:
        """Change a setting of the run; False where that is not allowed."""
        if self._session is None:
            return False
        try:
            self._session.change(name, value)
        except DigitDeskError as error:
            self._status.show_error(error)
            return False
        return True

    @property
    def _is_running(self) -> bool:
        return self._session is not None and self._session.state is not RunState.IDLE
