"""Trains through the Train tab, by its fields and its Start button, and prints what the tab says.

Run on a screen, with the data named:
``DIGITDESK_DATA=... build/with-screen .venv/bin/python tests/benchmarks/train_tab.py softmax:10``.
Each argument is a model and its epochs.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from digitdesk.app import open_window
from digitdesk.files.paths import UserPaths


def main(jobs: list[str]) -> None:
    window = open_window(UserPaths.under(Path(tempfile.mkdtemp())))
    root, train = window.root, window.tabs["train"]
    window.tabs.show("train")
    for job in jobs:
        model, _, epochs = job.rpartition(":")
        train.form.values["model"].set(model)
        train.form.values["epochs"].set(epochs)
        _wait(root, lambda: train.buttons.start_button.instate(["!disabled"]))
        started = time.perf_counter()
        train.buttons.start_button.invoke()
        _wait(root, lambda: train.buttons.start_button.instate(["disabled"]))
        _wait(root, lambda: train.buttons.start_button.instate(["!disabled"]))
        sys.stdout.write(
            f"{job:20} {train.progress.where.cget('text')}, last epoch's row "
            f"{' | '.join(train.epochs.cells[-1])}; {time.perf_counter() - started:.0f} s\n"
        )
    window.close()


def _wait(root, is_true) -> None:
    while not is_true():
        root.update()
        time.sleep(0.005)


if __name__ == "__main__":
    main(sys.argv[1:] or ["softmax:10", "mlp:10", "cnn-standard:3"])
