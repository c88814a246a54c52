"""The process that makes runs, one after the other, as its parent hands them over.

Tasks and commands come as lines of JSON; when no more can come, as the parent is gone, the run that
goes on is kept and the process ends.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import threading
from typing import Any, BinaryIO

from digitdesk.experiments.estimates import seconds_of
from digitdesk.experiments.trial import PAUSE, Trial, TrialTask
from digitdesk.messages.run import TrainingConfig
from digitdesk.storage.plain_json import from_plain
from digitdesk.training.pipeline import RunServices

_NICENESS = 10
"""Whoever draws on the board, or works with another program, goes first."""


def serve(tasks: BinaryIO, answers: BinaryIO, services: RunServices) -> None:
    """Do what is asked until the parent closes the line or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to obey
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    _Server(answers, services).serve(tasks)


class _Server:
    def __init__(self, answers: BinaryIO, services: RunServices) -> None:
        self._answers = answers
        self._services = services
        self._tasks: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._trial: Trial | None = None
        self._is_over = False

    def serve(self, lines: BinaryIO) -> None:
        threading.Thread(target=self._listen, args=(lines,), daemon=True).start()
        while not self._is_over and (task := self._tasks.get()) is not None:
            self._do(task)

    def _listen(self, lines: BinaryIO) -> None:
        for line in lines:
            message = json.loads(line)
            if "stop" in message:
                self._stop(message["number"], message["stop"])
            else:
                if "train" in message:
                    # Made here, so that a command which follows at once finds it.
                    task = from_plain(TrialTask, message["train"])
                    self._trial = Trial(task, self._services, self._tell)
                self._tasks.put(message)
        self._is_over = True
        if self._trial is not None:
            self._trial.stop(PAUSE)
        self._tasks.put(None)

    def _stop(self, number: int, why: str) -> None:
        trial = self._trial
        if trial is not None and trial.number == number:
            trial.stop(why)

    def _do(self, message: dict[str, Any]) -> None:
        if "train" in message:
            trial = self._trial
            assert trial is not None
            trial.work()
        else:
            config = from_plain(TrainingConfig, message["measure"])
            self._tell({"kind": "measured", "seconds": seconds_of(config, self._services)})

    def _tell(self, message: dict[str, Any]) -> None:
        try:
            self._answers.write(json.dumps(message).encode() + b"\n")
            self._answers.flush()
        except OSError:
            self._is_over = True  # nobody listens any more
