"""What the status bar says of each event of a run."""

from __future__ import annotations

import pytest

from digitdesk.messages.problem import Problem
from digitdesk.messages.run import RunEvent, RunExtended, RunFinished, RunPaused, SettingChanged
from digitdesk.ui.train.announcements import announcement


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (SettingChanged(1, 12_345, "momentum", 0.5), "Momentum is 0.5 from step 12,345 on."),
        (RunExtended(1, 4, 400), "The run now has 4 epochs."),
        (RunFinished(1, "completed"), "Training is done."),
        (RunFinished(1, "stopped"), "Stopped."),
        (
            RunFinished(1, "completed", test_accuracy=0.9912),
            "Trained: 99.12 % of the test images read right. It is kept in Models, not saved yet.",
        ),
        (RunFinished(1, "failed", Problem("The loss is no longer a number")), None),
        (RunPaused(1), None),
    ],
)
def test_what_is_said_of_an_event(event: RunEvent, said: str | None) -> None:
    assert announcement(event) == said
