"""What docstrings and comments name in double backticks is there: no name outlives its thing."""

from __future__ import annotations

import ast
import builtins
import functools
import keyword
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "digitdesk"
SOURCES = sorted(
    [*PACKAGE.rglob("*.py"), *(ROOT / "tests").rglob("*.py"), *(ROOT / "build").glob("*.py")]
)
#: Files that are spoken of and are not sources; a name with such an end is not looked for.
FILES = ("py", "npz", "pkl", "po", "txt", "json")


def words_of(path: Path) -> Iterator[str]:
    """Every name a module makes or uses, and every text of one word: keys, choices, formats."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.Name(id=name):
                yield name
            case ast.Attribute(attr=name) | ast.arg(arg=name) | ast.keyword(arg=str(name)):
                yield name
            case ast.alias(name=name):
                yield from name.split(".")
            case ast.Constant(value=str(text)) if id(node) not in docstrings and " " not in text:
                yield from re.findall(r"\w+", text)
    yield from path.relative_to(ROOT).with_suffix("").parts


@functools.cache
def known_words() -> frozenset[str]:
    ours = {word for path in SOURCES for word in words_of(path)}
    return frozenset(ours | set(dir(builtins)) | set(keyword.kwlist))


def lost_names(text: str, path: Path) -> list[str]:
    """Names in double backticks that nothing has, and files that are not where they are named."""
    lost = []
    for named in re.findall(r"``([^`\n]+)``", text):
        for file in re.findall(r"[\w./-]+/[\w-]+\.py\b", named):
            if not any((folder / file).exists() for folder in (ROOT, PACKAGE, *path.parents)):
                lost.append(named)
        is_name = re.fullmatch(r"[A-Za-z_][\w.]*\w(\(\))?", named)
        if is_name and not named.endswith(FILES) and set(re.findall(r"\w+", named)) - known_words():
            lost.append(named)
    return lost


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_named_is_there(path: Path) -> None:
    assert not lost_names(path.read_text(encoding="utf-8"), path)


@pytest.mark.parametrize(
    "old", ["row" + "_products", "nn/" + "im2col.py", "messages.run" + "_messages"]
)
def test_a_name_that_is_gone_is_noticed(old: str) -> None:
    assert lost_names(f"Faster than ``{old}``.", PACKAGE / "nn" / "network.py") == [old]
