"""The example in nn's README runs as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

import digitdesk.nn

README = Path(digitdesk.nn.__file__).with_name("README.md")


def test_exclusive_or_is_learned() -> None:
    (example,) = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, object] = {}
    exec(example, names)
    assert float(str(names["value"])) < 0.01


def test_every_file_it_names_is_there() -> None:
    text = README.read_text(encoding="utf-8")
    named = re.findall(r"`((?:\w+/)*\w+\.py)`", text)
    assert len(named) > 20
    root = README.parents[2]
    missing = [n for n in named if not ((README.parent / n).exists() or (root / n).exists())]
    assert not missing
