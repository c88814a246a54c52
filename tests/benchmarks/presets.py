"""How long the presets of the Train tab take here, from the press of Start to the run's end.

``DIGITDESK_DATA=... .venv/bin/python tests/benchmarks/presets.py``; names of presets choose some.
Each is trained with MNIST and with the built-in digits of a first run without it, as often as
``--times`` says. ``--one-epoch`` trains long ones for one epoch and counts that for all.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
import tempfile
import time
from pathlib import Path

from digitdesk.files.paths import UserPaths
from digitdesk.messages.run import Progress, RunEvent, RunFinished, TrainingConfig
from digitdesk.session.session import Session
from digitdesk.training.recipes import presets
from digitdesk.ui.train.recipe_fields import FIRST_IMAGES

#: Presets of more epochs than these are long.
_FEW_EPOCHS = 5


@dataclasses.dataclass
class Times:
    """Seconds from the start of a run."""

    first_step: float = 0.0
    end: float = 0.0
    accuracy: float | None = None


def measured(config: TrainingConfig) -> Times:
    """One run in a session of its own: nothing is loaded before."""
    times = Times()
    with tempfile.TemporaryDirectory() as home:
        session = Session(UserPaths.under(Path(home)))
        started = time.perf_counter()

        def hear(event: RunEvent) -> None:
            if isinstance(event, Progress) and not times.first_step:
                times.first_step = time.perf_counter() - started
            elif isinstance(event, RunFinished):
                times.end = time.perf_counter() - started
                times.accuracy = event.test_accuracy

        session.train(config, hear)
        session.close()
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--one-epoch", action="store_true")
    parser.add_argument("--data", choices=("mnist", "handwriting"))
    chosen = parser.parse_args()
    for preset in presets():
        if chosen.names and preset.name not in chosen.names:
            continue
        for data, limit in (("mnist", None), ("handwriting", FIRST_IMAGES)):
            if chosen.data not in (None, data):
                continue
            config = dataclasses.replace(preset.config, data=data, limit=limit)
            factor = 1
            if chosen.one_epoch and config.epochs > _FEW_EPOCHS:
                factor, config = config.epochs, dataclasses.replace(config, epochs=1)
            for _ in range(chosen.times):
                took = measured(config)
                seconds = took.first_step + factor * (took.end - took.first_step)
                sys.stdout.write(
                    f"{preset.name:10} {data:12} first step after {took.first_step:5.1f} s, "
                    f"all {seconds:6.1f} s"
                    + (f" (one epoch times {factor})" if factor > 1 else "")
                    + f", {100 * (took.accuracy or 0):.2f} % of the test images\n"
                )
                sys.stdout.flush()


if __name__ == "__main__":
    main()
