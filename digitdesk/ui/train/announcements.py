"""What the status bar says of a run, event by event."""

from __future__ import annotations

from digitdesk.messages.run import RunEvent, RunExtended, RunFinished, RunStarted, SettingChanged
from digitdesk.ui.i18n.text import Sentence, _, percent, setting, setting_title, whole


def announcement(event: RunEvent) -> Sentence | None:
    """What there is to say of an event; ``None`` for those that show elsewhere, and for errors."""
    match event:
        case RunStarted():
            return _("Training has begun.")
        case SettingChanged():
            return _("{name} is {value} from step {step} on.").format(
                name=setting_title(event.name), value=setting(event.value), step=whole(event.step)
            )
        case RunExtended():
            return _("The run now has {n} epochs.").format(n=whole(event.epochs))
        case RunFinished(problem=None):
            return _end(event)
    return None


def _end(event: RunFinished) -> Sentence:
    if event.test_accuracy is not None:
        said = _("Trained: {percent} of the test images read right. It is kept in Models, not "
                 "saved yet.")  # fmt: skip
        return said.format(percent=percent(event.test_accuracy, 2))
    return _("Stopped.") if event.ending == "stopped" else _("Training is done.")
