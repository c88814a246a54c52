"""Files as earlier versions wrote them stay readable; models are in tests/storage."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from digitdesk.errors import ModelFileError
from digitdesk.files.paths import UserPaths
from digitdesk.ink.stroke_file import read_stroke_file
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.spec.build import build_network
from digitdesk.session.checkpoint_store import FILE_NAME, CheckpointStore
from digitdesk.session.session import Session
from digitdesk.storage import content as content_module
from digitdesk.storage.content import Content
from digitdesk.storage.model_file import load_model, write_content
from digitdesk.storage.plain_json import to_plain
from digitdesk.ui.toolkit.user_settings import Settings, read_settings
from tests.training.small_runs import STEPS, run, small_data, stripes

GOLDEN = Path(__file__).parent / "storage" / "golden"


@pytest.fixture
def unfinished(tmp_path: Path) -> CheckpointStore:
    shutil.copy(GOLDEN / "run-version-1.npz", tmp_path / FILE_NAME)
    return CheckpointStore(tmp_path)


def test_a_kept_run_stays_readable_and_goes_on(unfinished: CheckpointStore) -> None:
    checkpoint = unfinished.load()
    offered = unfinished.facts()
    assert checkpoint is not None
    assert offered is not None
    assert (offered.title, offered.saved) == ("Golden run", "2026-01-02T03:04:05+00:00")
    assert (offered.epoch, offered.step, offered.total_steps) == (1, 10, STEPS)
    assert checkpoint.history[0].train_loss == 2.475961627960205
    finished = run(checkpoint.facts.config, small_data(), resume_from=checkpoint)
    assert finished.finished.ending == "completed"
    assert finished.finished.epochs == 3


def test_a_run_with_momentum_goes_on_as_the_version_that_kept_it_would_have(
    tmp_path: Path,
) -> None:
    shutil.copy(GOLDEN / "run-0.1.0.npz", tmp_path / FILE_NAME)
    checkpoint = CheckpointStore(tmp_path).load()
    assert checkpoint is not None
    finished = run(checkpoint.facts.config, small_data(), resume_from=checkpoint)
    # What version 0.1.0 told of its own epochs, up to what processors round off differently.
    assert [epoch.train_loss for epoch in finished.last.history] == pytest.approx(
        [2.320732250213623, 2.296908302307129, 2.2909384059906004], rel=1e-5
    )


@pytest.mark.parametrize("suffix", [".npz", ".pkl"])
def test_a_trained_model_reads_as_in_the_version_that_saved_it(
    user_paths: UserPaths, suffix: str
) -> None:
    session = Session(user_paths)
    entry = session.open_model(GOLDEN / f"model-0.1.0{suffix}")
    assert (entry.card.app_version, entry.card.test_time_averaging) == ("0.1.0", True)
    stored = load_model(GOLDEN / f"model-0.1.0{suffix}")
    network = build_network(stored.card.spec, classes=10, backend=cpu_backend())
    network.load_arrays(stored.arrays)
    images, labels = stripes(3, 9)
    logits = network.predict_logits(images.astype(np.float32) / np.float32(255))[1]
    assert logits.argmax() == labels[1]
    assert logits.tolist() == pytest.approx(
        [-2.022684, 1.159932, -0.061818, 1.584646, 1.420917, 2.793366, -3.015224, -2.258947,
         6.961253, 6.355814],
        abs=1e-4,
    )  # fmt: skip


def test_a_run_kept_by_a_newer_version_is_refused_with_its_number(
    unfinished: CheckpointStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint = unfinished.load()
    assert checkpoint is not None
    monkeypatch.setattr(content_module, "FORMAT_VERSION", 3)
    facts = to_plain(checkpoint.facts)
    write_content(tmp_path / FILE_NAME, Content("digitdesk-run", facts, checkpoint.arrays))
    monkeypatch.undo()
    with pytest.raises(ModelFileError, match=r"newer DigitDesk.*version 1.*version 3"):
        unfinished.load()


def test_settings_stay_readable(tmp_path: Path) -> None:
    shutil.copy(GOLDEN / "window-version-1.json", tmp_path / "window.json")
    assert read_settings(tmp_path) == Settings(
        language="zh_CN",
        theme="dark",
        zoom=1.25,
        geometry="1120x760+40+40",
        tab="models",
        preset="accurate",
        model_folder="/home/somebody/models",
        export_folder="/home/somebody",
        tour_seen=True,
        recent=("/home/somebody/models/m.npz",),
    )


def test_stroke_files_stay_readable() -> None:
    first, second = read_stroke_file(GOLDEN / "strokes-version-1.json")
    assert (first.label, first.writer) == (7, "w12")
    assert first.strokes == (((0.0, 1.0), (2.5, 3.0)), ((4.0, 4.0),))
    assert (second.label, second.writer, len(second.strokes[0])) == (0, "", 3)
