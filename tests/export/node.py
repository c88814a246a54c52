"""The page's scripts run by Node, without a page."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from digitdesk.export.html import _READING, page_file
from digitdesk.export.javascript import preparation_object
from digitdesk.export.number_constants import number_constants


def answers_of(run: str, given: dict[str, Any], folder: Path) -> list[Any]:
    """What the page's scripts say, and these lines after them, run by Node."""
    constants = {"PREPARATION": preparation_object(), "NUMBERS": number_constants()}
    script = [f"const {name} = {json.dumps(value)};" for name, value in constants.items()]
    script += [page_file(f"{name}.js") for name in _READING]
    (folder / "run.js").write_text("\n".join([*script, run]), encoding="utf-8")
    done = subprocess.run(
        ["node", folder / "run.js"], input=json.dumps(given), capture_output=True, text=True,
        check=True, timeout=60,
    )  # fmt: skip
    answers: list[Any] = json.loads(done.stdout)
    return answers
