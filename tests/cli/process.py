"""The real command in a process of its own, with a home of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def run(*words: str, home: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "digitdesk", *words],
        capture_output=True,
        text=True,
        timeout=200,
        env=os.environ | {"DIGITDESK_HOME": str(home), "PYTHONPATH": str(ROOT)} | variables,
        cwd=home,
    )


def answer(*words: str, home: Path) -> dict[str, Any]:
    """The object a command ends with."""
    done = run(*words, "--json", home=home)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert isinstance(found, dict)
    return found


def refusal(*words: str, home: Path) -> str:
    """The one line with which a command is refused, before anything was trained."""
    done = run(*words, home=home)
    assert done.returncode == 2, (done.stdout, done.stderr)
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("digitdesk: ")
    return line
