"""A run that can be held in hand has settings that can work, and nobody checks them again."""

from __future__ import annotations

from pathlib import Path

import pytest

from digitdesk.errors import ConfigError, SpecError
from digitdesk.files.paths import UserPaths
from digitdesk.messages.run import TrainingConfig
from digitdesk.session.session import Session
from digitdesk.training import run as module
from digitdesk.training.run import Run
from tests.training.small_runs import MLP, write_idx_folder


def test_settings_that_cannot_work_make_no_run() -> None:
    with pytest.raises(ConfigError, match="batch size"):
        Run(config=TrainingConfig(batch_size=0))
    with pytest.raises(SpecError):
        Run(config=TrainingConfig(model="dense(10"))


def test_settings_are_checked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[TrainingConfig] = []
    monkeypatch.setattr(module, "check_config", checked.append)
    write_idx_folder(tmp_path / "stripes", train_count=64)
    config = TrainingConfig(model=MLP, data=str(tmp_path / "stripes"), epochs=1, threads=1)
    session = Session(UserPaths.under(tmp_path / "home"), environ={})
    assert session.train(config).ending == "completed"
    assert checked == [config]
    assert session.close()
