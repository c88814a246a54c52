"""Trains the recipe ``speedrun`` with ten seeds and prints how good, and how soon.

``.venv/bin/python tests/benchmarks/speedrun.py``, with MNIST where ``digitdesk data`` finds it. The
clock runs from random weights to the last training step; loading and testing are not counted.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import statistics
import sys
import time
from dataclasses import dataclass

from digitdesk.files.paths import UserPaths
from digitdesk.messages.run import RunEvent, RunStarted
from digitdesk.session.session import Session


@dataclass(frozen=True)
class Run:
    """One seed: test accuracy, seconds of training, and seconds with reports and testing too."""

    seed: int
    accuracy: float
    train_seconds: float
    wall_seconds: float


def run(session: Session, recipe: str, seed: int) -> Run:
    """Train a recipe with one seed, as ``digitdesk train --recipe NAME --seed SEED`` does."""
    started = 0.0

    def emit(event: RunEvent) -> None:
        nonlocal started
        if isinstance(event, RunStarted):
            started = time.perf_counter()

    finished = session.train(
        dataclasses.replace(session.choices.recipe(recipe), seed=seed), emit=emit
    )
    wall_seconds = time.perf_counter() - started
    return Run(seed, finished.test_accuracy or 0.0, finished.train_seconds, wall_seconds)


def summary(runs: list[Run]) -> dict[str, float]:
    """Mean accuracy with its standard error, and median times."""
    accuracies = [run.accuracy for run in runs]
    spread = statistics.stdev(accuracies) if len(runs) > 1 else 0.0
    return {
        "seeds": len(runs),
        "mean_accuracy": statistics.mean(accuracies),
        "standard_error": spread / len(runs) ** 0.5,
        "worst_accuracy": min(accuracies),
        "train_seconds": statistics.median(run.train_seconds for run in runs),
        "wall_seconds": statistics.median(run.wall_seconds for run in runs),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recipe", default="speedrun")
    parser.add_argument("--seeds", type=int, default=10)
    options = parser.parse_args()
    session = Session(UserPaths.default())
    runs = []
    for seed in range(options.seeds):
        runs.append(run(session, options.recipe, seed))
        sys.stdout.write(
            f"seed {seed}: {100 * runs[-1].accuracy:.2f} % after {runs[-1].train_seconds:.1f} s of "
            f"training, {runs[-1].wall_seconds:.1f} s with reports and testing\n"
        )
        sys.stdout.flush()
    result = summary(runs)
    sys.stdout.write(
        f"mean of {len(runs)} seeds: {100 * result['mean_accuracy']:.3f} % "
        f"± {100 * result['standard_error']:.3f}, {result['train_seconds']:.1f} s of training "
        f"(load {os.getloadavg()[0]:.1f})\n"
    )


if __name__ == "__main__":
    main()
