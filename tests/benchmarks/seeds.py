"""Measures a recipe over several seeds: mean accuracy on MNIST's test set, with the spread.

``DIGITDESK_DATA=... .venv/bin/python tests/benchmarks/seeds.py accurate`` trains the recipe with
seeds 0, 1 and 2; ``--seeds N`` with more, ``--model SPEC`` with another network.
"""

from __future__ import annotations

import argparse
import dataclasses
import statistics
import sys
import time

from digitdesk.files.paths import UserPaths
from digitdesk.session.session import Session


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("recipe")
    parser.add_argument("--seeds", type=int, default=3, help="how many, from 0 (3)")
    parser.add_argument("--model", help="another network than the recipe's")
    options = parser.parse_args()
    session = Session(UserPaths.default())
    config = session.choices.recipe(options.recipe)
    if options.model:
        config = dataclasses.replace(config, model=options.model)
    accuracies = []
    for seed in range(options.seeds):
        began = time.perf_counter()
        finished = session.train(dataclasses.replace(config, seed=seed), emit=lambda event: None)
        assert finished.test_accuracy is not None
        accuracies.append(100 * finished.test_accuracy)
        say(f"seed {seed}: {accuracies[-1]:.2f} %, {time.perf_counter() - began:.0f} s")
    spread = statistics.stdev(accuracies) if len(accuracies) > 1 else 0.0
    say(f"{options.recipe}: mean {statistics.mean(accuracies):.3f} % ± {spread:.3f}")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
