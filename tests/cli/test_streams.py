"""Standard streams as shells hand them over: closed, full, cut off; and Ctrl-C at any moment."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from digitdesk.storage.model_file import load_model
from tests.cli.process import ROOT
from tests.training.small_runs import write_idx_folder

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="speaks to a POSIX shell")

TRAIN = "train --data stripes --model softmax --epochs 2 --threads 1 --out m.npz"
INTERRUPTED = "digitdesk: Interrupted; nothing was saved.\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    write_idx_folder(tmp_path / "stripes", train_count=400, test_count=100)
    drawn = "from PIL import Image; Image.new('L', (40, 40), 255).save('empty.png')"
    subprocess.run([sys.executable, "-c", drawn], cwd=tmp_path, check=True)
    return tmp_path


def environment(home: Path) -> dict[str, str]:
    return os.environ | {"DIGITDESK_HOME": str(home), "PYTHONPATH": str(ROOT)}


def shell(words: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Run a command with what a shell makes of its streams."""
    return subprocess.run(
        ["bash", "-c", f"{sys.executable} -m digitdesk {words}"],
        capture_output=True,
        text=True,
        timeout=120,
        env=environment(home),
        cwd=home,
    )


@pytest.mark.parametrize(
    "streams", ["2>&-", ">&-", ">&- 2>&-", "<&-", "<&- >&- 2>&-", "2>/dev/full", "2>&1 >&-"]
)
def test_a_network_is_trained_and_saved_whatever_becomes_of_its_progress(
    streams: str, home: Path
) -> None:
    done = shell(f"{TRAIN} {streams}", home)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    assert "wrong inside" not in done.stderr + done.stdout
    assert load_model(home / "m.npz").card.epochs == 2
    if streams == "2>&-":
        assert "Saved m.npz" in done.stdout


def test_a_result_that_cannot_be_written_is_said_with_what_was_done(home: Path) -> None:
    done = shell(f"{TRAIN} >/dev/full", home)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == (
        "digitdesk: Cannot write the result: the disk is full. The network is saved as m.npz."
    )
    assert load_model(home / "m.npz").card.epochs == 2


@pytest.mark.parametrize(
    "words", ["predict empty.png", "data", "--help", "--version", "check gradients --model softmax"]
)
def test_every_result_may_meet_a_closed_or_full_stream(words: str, home: Path) -> None:
    done = shell(f"{words} >/dev/full", home)
    assert (done.returncode, done.stderr) == (
        2,
        "digitdesk: Cannot write the result: the disk is full.\n",
    )
    done = shell(f"{words} >&-", home)
    assert (done.returncode, done.stderr) == (0, "")


def test_pictures_come_from_standard_input(home: Path) -> None:
    done = shell("predict --json - <empty.png", home)
    (found,) = json.loads(done.stdout)["predictions"]
    assert (found["file"], found["reason"]) == ("-", "empty")
    done = shell("predict --json - <&-", home)
    assert done.returncode == 2
    assert json.loads(done.stdout)["predictions"][0]["error"]


@pytest.mark.parametrize("words", [TRAIN, "predict empty.png", "evaluate --data stripes"])
def test_ctrl_c_at_any_moment_of_the_start_is_quiet(words: str, home: Path) -> None:
    """Once this program is heard of; what comes before is Python's."""
    rng = random.Random(0)
    for _try in range(12):
        ready, started = os.pipe()
        process = subprocess.Popen(
            [sys.executable, "-c", _STARTS, str(started), *words.split()],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(home),
            cwd=home,
            pass_fds=[started],
            # A shell that runs the tests in the background would pass on that it is ignored.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        os.close(started)
        os.read(ready, 1)
        os.close(ready)
        time.sleep(0.5 * rng.random() ** 2)
        process.send_signal(signal.SIGINT)
        _out, err = process.communicate(timeout=60)
        assert "Traceback" not in err, err
        assert "wrong inside" not in err, err
        assert process.returncode in (0, 2, 130), (process.returncode, err)
        if process.returncode == 130:
            assert err.splitlines()[-1].startswith("digitdesk: Interrupted; "), err


_STARTS = """
import os, sys
begun = int(sys.argv.pop(1))
try:
    from digitdesk.cli import interrupt
except ImportError:
    os.write(begun, b"!")
else:
    before = interrupt.end_quietly
    def end_quietly():
        listens = before()
        os.write(begun, b"!")
        return listens
    interrupt.end_quietly = end_quietly
try:
    from digitdesk.__main__ import main
except ImportError:
    from digitdesk.cli.main import main
sys.exit(main())
"""
