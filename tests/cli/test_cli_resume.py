"""A run of the command line that is interrupted goes on as if it had not been."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from digitdesk.cli import main as cli
from digitdesk.files.paths import UserPaths
from digitdesk.session.checkpoint_store import COMMAND_FILE_NAME, FILE_NAME, CheckpointStore
from digitdesk.storage.model_file import load_model
from tests.kept_files import kept_files
from tests.time_limits import quickest
from tests.training.small_runs import write_idx_folder

MODEL = "conv(8, 3) relu maxpool(2) flatten dense(32) relu dropout(0.3) dense(10)"
EPOCHS = 10
# States are kept after every epoch, however short, so that a kill finds one.
COMMAND = """
import sys
from digitdesk.cli import main as cli
from digitdesk.training import trainer
trainer.KEEP_SECONDS = 0.0
sys.exit(cli.main(sys.argv[1:]))
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DIGITDESK_HOME", str(tmp_path))
    monkeypatch.delenv("DIGITDESK_DATA", raising=False)
    monkeypatch.chdir(tmp_path)
    write_idx_folder(tmp_path / "stripes", train_count=800, test_count=100)
    return tmp_path


def words(home: Path, epochs: int = EPOCHS) -> list[str]:
    return [
        *("train", "--data", str(home / "stripes"), "--model", MODEL, "--epochs", str(epochs)),
        *("--batch-size", "16", "--augmentation", "0.3", "--average", "0.9", "--threads", "2"),
    ]


def weights(path: Path) -> dict[str, bytes]:
    return {name: array.tobytes() for name, array in load_model(path).arrays.items()}


def interrupted_run_goes_on(
    number: signal.Signals, home: Path, capsys: pytest.CaptureFixture[str]
) -> float:
    """Interrupt a run in another process, go on with it here, and compare with a whole one.

    Returns:
        Seconds from the signal to the end of the process.
    """
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND, *words(home), "--out", "half.npz"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path(cli.__file__).parents[2])},
        # A shell that runs the tests in the background would pass on that Ctrl-C is ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("Epoch 2/"):
            break
    process.send_signal(number)
    began = time.perf_counter()
    out, err = process.communicate(timeout=30)
    seconds = time.perf_counter() - began
    assert out == ""
    assert "Traceback" not in err
    assert not (home / "half.npz").exists()
    if number is signal.SIGKILL:
        assert process.returncode == -number
    else:
        assert process.returncode == 128 + number
        said = "digitdesk: Interrupted; go on with: digitdesk train --resume --out half.npz"
        assert err.splitlines()[-1] == said
    file = CheckpointStore(home / "data", COMMAND_FILE_NAME)
    state = file.facts()
    assert state is not None
    assert 0 < state.step < state.total_steps
    file.release()

    assert cli.main(["train", "--resume", "--out", "half.npz", "--json"]) == 0
    resumed = json.loads(capsys.readouterr().out)
    assert file.load() is None, "the network is saved; nothing is left to go on with"
    assert cli.main([*words(home), "--out", "whole.npz", "--json"]) == 0
    whole = json.loads(capsys.readouterr().out)
    assert weights(home / "half.npz") == weights(home / "whole.npz")
    assert resumed["test_accuracy"] == whole["test_accuracy"]
    assert resumed["seed"] == whole["seed"]
    (home / "half.npz").unlink()
    return seconds


# Ctrl-C, and the kill that asks nobody: after it the last epoch is what there is.
@pytest.mark.skipif(sys.platform == "win32", reason="sends POSIX signals")
@pytest.mark.parametrize("name", ["SIGINT", "SIGKILL"])
def test_an_interrupted_run_goes_on_bit_for_bit(
    name: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    number = signal.Signals[name]
    assert quickest(lambda: interrupted_run_goes_on(number, home, capsys), 5) < 5


def test_a_network_that_was_not_saved_still_can_be(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([*words(home, epochs=1), "--json"]) == 0
    trained = json.loads(capsys.readouterr().out)
    assert cli.main(["train", "--resume", "--out", "late.npz", "--json"]) == 0
    saved = json.loads(capsys.readouterr().out)
    assert saved["test_accuracy"] == trained["test_accuracy"]
    assert cli.main([*words(home, epochs=1), "--out", "at-once.npz"]) == 0
    assert weights(home / "late.npz") == weights(home / "at-once.npz")


def test_commands_leave_the_run_of_the_window_alone(home: Path) -> None:
    of_window = home / "data" / FILE_NAME
    of_window.parent.mkdir()
    of_window.write_bytes(b"the window's")
    assert cli.main([*words(home, epochs=1), "--out", "m.npz"]) == 0
    assert of_window.read_bytes() == b"the window's"
    assert kept_files(UserPaths.default().data) == [FILE_NAME]


@pytest.mark.parametrize(
    ("extra", "sentence"),
    [
        ([], "There is no run to go on with"),
        (["--epochs", "3", "--seed", "1"], "received --epochs, --seed"),
        (["--recipe", "quick"], "received --recipe"),
    ],
)
def test_what_cannot_go_on_is_a_sentence(
    extra: list[str], sentence: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["train", "--resume", *extra]) == 2
    assert sentence in capsys.readouterr().err


def test_a_full_disk_is_said_and_the_network_still_saved(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "data").write_text("a file where the folder should be")
    assert cli.main([*words(home, epochs=1), "--out", "m.npz"]) == 0
    said = capsys.readouterr()
    assert "Cannot make the folder" in said.err
    assert "Saved m.npz" in said.out
    assert all(np.frombuffer(part, np.uint8).size for part in weights(home / "m.npz").values())
