"""What is trained can be saved: the smallest and the largest of everything a model's file holds.

Whatever could not be saved is refused before the first step.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from digitdesk.data.synthetic import handwriting
from digitdesk.errors import DigitDeskError
from digitdesk.files.paths import UserPaths
from digitdesk.messages.model import TRAINING
from digitdesk.messages.run import Progress, RunEvent, RunFinished, RunStarted, TrainingConfig
from digitdesk.session.session import Session
from digitdesk.storage import content
from tests.idx_files import write_split
from tests.training.small_runs import Script

SMALL = "flatten dense(2)"


def write_classes(folder: Path, count: int, images: int, *, test: int = 0, names: str = "") -> None:
    """Noise with labels of so many classes, each of which occurs."""
    rng = np.random.default_rng(0)
    for split, size in (("train", images), ("t10k", test)):
        if size:
            labels = np.arange(size) % count
            write_split(folder, rng.integers(0, 256, (size, 28, 28)), labels, split)
    if names:
        (folder / "classes.txt").write_text(names, encoding="utf-8")


def config(folder: Path, **settings: Any) -> TrainingConfig:
    usual = {"model": SMALL, "epochs": 1, "threads": 1, "data": str(folder)}
    return TrainingConfig(**(usual | settings))


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Session(UserPaths.under(tmp_path / "home"), environ={})


@pytest.mark.parametrize("suffix", [".npz", ".pkl"])
@pytest.mark.parametrize(
    ("classes", "images", "test", "settings"),
    [
        (2, 2, 0, {"limit": 1}),  # the smallest there is: one image, nothing held out, no test
        (2, 2, 1, {"validation_fraction": 0.5, "batch_size": 1}),
        (256, 512, 256, {"model": "flatten dense(256)", "seed": 2**32 - 1, "limit": 10**9}),
        (2, 4, 2, {"epochs": 200, "limit": 1, "schedule": "constant"}),
        (2, 4, 2, {"model": "flatten " + "dense(2) " * 199}),
        (2, 4, 2, {"clip_norm": 1e6, "learning_rate": 1e-300, "momentum": 0.0}),
    ],
)
def test_the_smallest_and_the_largest_run_can_be_saved(
    session: Session,
    tmp_path: Path,
    classes: int,
    images: int,
    test: int,
    settings: dict[str, Any],
    suffix: str,
) -> None:
    names = "".join(f"{k:0>40}\n" for k in range(classes))
    write_classes(tmp_path / "set", classes, images, test=test, names=names)
    finished = session.train(config(tmp_path / "set", **settings))
    assert finished.ending == "completed"
    entry = session.save_model(TRAINING, tmp_path / f"m{suffix}")
    assert len(session.card(entry.key).class_names) == classes
    assert session.read_strokes((((50.0, 50.0), (200.0, 200.0)),), entry.key).probabilities


def test_a_run_with_many_changes_can_be_saved(session: Session, tmp_path: Path) -> None:
    write_classes(tmp_path / "set", 2, 500)

    class Changing:
        """As the trainer that a script asks for the step: here the events tell it."""

        step = 0

    script = Script({k: [("change", "learning_rate", 1e-5 * (k + 1))] for k in range(400)})
    script.trainer = Changing()  # type: ignore[assignment]

    def count(event: RunEvent) -> None:
        if isinstance(event, Progress):
            Changing.step = event.step

    session.train(config(tmp_path / "set", batch_size=1), count, script)
    assert "learning_rate=" in str(session.card(TRAINING).config["changes"])
    session.save_model(TRAINING, tmp_path / "m.npz")


@pytest.mark.parametrize("held_out", [0.25, 0.5])
def test_held_out_pictures_of_no_digits_cost_no_network(
    session: Session, tmp_path: Path, held_out: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four images, of which those held out may all be letters and scribbles."""
    monkeypatch.setattr(handwriting, "TEST_COUNT", 20)
    for seed in range(12):
        settings = {"data": "handwriting+not-digits", "limit": 4, "seed": seed}
        finished = session.train(
            config(tmp_path, **settings, model="softmax", validation_fraction=held_out)
        )
        assert finished.ending == "completed"
    session.save_model(TRAINING, tmp_path / "m.npz")


def test_one_class_is_refused_before_the_first_step(session: Session, tmp_path: Path) -> None:
    write_classes(tmp_path / "sevens", 1, 20, test=5)
    with pytest.raises(DigitDeskError, match="sevens has only one class"):
        session.train(config(tmp_path / "sevens", model="softmax"), unexpected)


@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        ("flatten dense(400) dense(2)", "array dense1.kernel has a strange shape"),
        ("flatten dense(200) dense(800) dense(2)", "arrays are too large"),
    ],
)
def test_a_network_that_no_file_holds_is_refused_before_the_first_step(
    session: Session,
    tmp_path: Path,
    model: str,
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write_classes(tmp_path / "set", 2, 4)
    monkeypatch.setattr(content, "MAX_FILE_BYTES", 1_000_000)
    with pytest.raises(DigitDeskError, match=rf"could not be saved: .*{sentence}"):
        session.train(config(tmp_path / "set", model=model), unexpected)


@pytest.mark.skipif(sys.platform != "linux", reason="needs a file system that takes any bytes")
def test_a_folder_whose_name_is_no_text_is_refused_before_the_first_step(
    session: Session, tmp_path: Path
) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    write_classes(folder, 2, 4)
    with pytest.raises(DigitDeskError, match="is no text"):
        session.train(config(folder), unexpected)


def test_a_run_that_went_on_is_refused_as_well(session: Session, tmp_path: Path) -> None:
    """The same question is asked of the window's runs, which a worker trains."""
    write_classes(tmp_path / "sevens", 1, 20)
    session.start_training(config(tmp_path / "sevens", model="softmax"))
    events: list[RunEvent] = []
    while not any(isinstance(event, RunFinished) for event in events):
        events += session.drain_events()
    assert session.close(60)
    assert not [event for event in events if isinstance(event, RunStarted)]
    assert "only one class" in events[-1].problem.what  # type: ignore[union-attr]


def unexpected(event: RunEvent) -> None:
    """Told of a run that should not have begun."""
    raise AssertionError(event)
