"""A run before it begins: its settings, checked once, where it goes on from, and who is told.

It is made by whoever wants a network trained, and passed whole from there to the training loop.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field

from digitdesk.messages.run import RunEvent, TrainingConfig
from digitdesk.training.checkpoint import Checkpoint
from digitdesk.training.commands import RunCommands
from digitdesk.training.settings import check_config
from digitdesk.training.weight_publisher import LiveModel

Emit = Callable[[RunEvent], None]


def _nobody(_told: object) -> None:
    """Whom a run tells where nobody wants to know."""


def _utc_now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run; with one of these in hand, nobody need look at its settings again.

    Attributes:
        config: The settings it begins with; with the same changes at the same steps, the same
            settings give the same weights.
        run_id: Written into every event.
        resume_from: A state of the same ``config`` to go on from.
        commands: What it is told while it runs.
        emit: Receives its events, but for the last, which whoever runs it emits.
        publish: Receives the network a few times a second, for reading while it learns, and last
            the finished one.
        keep: Receives the complete state after epochs, in pauses and at the end.
        now: The time, for what is written down.

    Raises:
        ConfigError: A setting cannot be used.
        SpecError: The network's text cannot be read.
    """

    config: TrainingConfig
    run_id: int = 0
    resume_from: Checkpoint | None = None
    commands: RunCommands = field(default_factory=RunCommands)
    emit: Emit = _nobody
    publish: Callable[[LiveModel], None] = _nobody
    keep: Callable[[Checkpoint], None] = _nobody
    now: Callable[[], datetime.datetime] = _utc_now

    def __post_init__(self) -> None:
        check_config(self.config)
