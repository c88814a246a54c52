"""How long a plan will take, measured in a process that has nothing else to do."""

from __future__ import annotations

import dataclasses
import queue
from typing import Any

from digitdesk.experiments.estimates import estimated
from digitdesk.experiments.processes import OwnProcess, TrialProcess
from digitdesk.experiments.size import is_large
from digitdesk.messages.experiments.plan import Estimate, Plan
from digitdesk.messages.run import TrainingConfig
from digitdesk.nn.parallel.thread_pool import usable_cores
from digitdesk.session.progress import Cancelled, Progress

_LOOK_SECONDS = 0.1


def measured_estimate(
    plan: Plan,
    facts: dict[str, Any],
    data_dir: str | None,
    progress: Progress,
    cancelled: Cancelled,
) -> Estimate:
    """Estimate a plan; what is known when ``cancelled`` says so is returned.

    Args:
        plan: The plan.
        facts: What the process must know first.
        data_dir: Folder of data sets for runs that name none.
        progress: Told kinds of runs measured, and in all.
        cancelled: Asked often.
    """
    answers: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()

    def hear(_process: TrialProcess, message: dict[str, Any] | None) -> None:
        answers.put(message)

    process = OwnProcess(facts, hear)
    cores = usable_cores()

    def measure(config: TrainingConfig) -> float:
        threads = cores if is_large(config) else 1
        folder = config.data_dir or data_dir
        process.measure(dataclasses.replace(config, threads=threads, data_dir=folder))
        while not cancelled():
            try:
                answer = answers.get(timeout=_LOOK_SECONDS)
            except queue.Empty:
                continue
            return 0.0 if answer is None else float(answer["seconds"])
        return 0.0

    try:
        return estimated(
            plan, cores, measure, is_large=is_large, progress=progress, cancelled=cancelled
        )
    finally:
        process.kill()
