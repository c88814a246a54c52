"""A newcomer finds what they look for by names alone, and the README's *Map* is true."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "digitdesk"
README = (ROOT / "README.md").read_text(encoding="utf-8")
MOST_LINES = 30

#: What is looked for, the module it is in, and what it is called there.
FINDS = {
    "the backward pass of a convolution": ("nn/layers/convolution.py", "Conv2D.backward"),
    "the momentum rule": ("nn/optim/momentum.py", "Momentum"),
    "the place to add a layer": ("nn/spec/registry.py", "WORDS"),
    "the pen's width": ("ink/pen.py", "PEN_PX"),
    "the way from ink to what a network sees": ("ink/preprocessing.py", "preprocess_strokes"),
    "the MNIST reader": ("data/mnist.py", "read_mnist"),
    "the training loop": ("training/trainer.py", "Trainer.run"),
    "a preset": ("training/recipes.py", "RECIPES"),
    "a setting": ("messages/setting_table.py", "SETTINGS"),
    "the refusal threshold": ("recognition/refusal.py", "fit_refusal_threshold"),
    "the confusion matrix": ("metrics.py", "confusion_matrix"),
    "a way to spoil pictures": ("evaluation/damages.py", "DAMAGES"),
    "how a number of a network came about": ("inspection/explain/explain.py", "EXPLAINED"),
    "t-SNE": ("evaluation/tsne.py", "tsne"),
    "the model file's format": ("storage/npz_format.py", "write_npz"),
    "the color of a line": ("ui/toolkit/colors.py", "TRAIN"),
    "work beside the window": ("session/jobs.py", "JobPool"),
    "a tab": ("ui/window/tabs.py", "TABS"),
}
#: What has no name in Python: in which file, and with which words.
TEXTS = {"the text of a button": ("ui/i18n/locale/zh_CN.po", 'msgid "Start"')}


def map_section() -> str:
    return README.split("\n## Map\n")[1].split("\n## ")[0].strip("\n")


def map_paths() -> Iterator[Path]:
    """Every file and folder the Map names: a line's folders, and files behind a folder's name."""
    tree = re.findall(r"```\n(.*?)```", map_section(), re.DOTALL)[0]
    parents: list[tuple[int, Path]] = []
    for line in tree.splitlines():
        depth = len(line) - len(line.lstrip())
        while parents and parents[-1][0] >= depth:
            parents.pop()
        parent = parents[-1][1] if parents else ROOT
        folders = re.match(r"(?:\S+/ +)*\S+/(?= |$)", line.strip())
        named = [parent / name for name in (folders[0] if folders else "").split()]
        yield from named
        if len(named) == 1:
            parents.append((depth, named[0]))
            parent = named[0]
        for name in re.findall(r"[\w/]+\.(?:py|po|md|npz)\b", line):
            yield parent / name


def names_in(path: Path) -> set[str]:
    """Functions, classes and constants of a module, and methods with their class before them."""
    names: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        match node:
            case ast.FunctionDef(name=name):
                names.add(name)
            case ast.ClassDef(name=name, body=body):
                names |= {name, *(f"{name}.{f.name}" for f in body if hasattr(f, "name"))}
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                names.add(name)
    return names


@pytest.mark.parametrize("sought", FINDS)
def test_a_newcomer_finds_it(sought: str) -> None:
    path, name = FINDS[sought]
    assert name in names_in(PACKAGE / path)


@pytest.mark.parametrize("sought", TEXTS)
def test_a_newcomer_finds_a_text(sought: str) -> None:
    path, words = TEXTS[sought]
    assert words in (PACKAGE / path).read_text(encoding="utf-8")


def test_the_map_is_short_and_names_only_what_is_there() -> None:
    assert len(map_section().splitlines()) <= MOST_LINES
    named = list(map_paths())
    assert len(named) > 40
    assert not [path for path in named if not path.exists()]


def test_the_map_names_every_room() -> None:
    rooms = {path.parent for path in PACKAGE.rglob("*.py")} - {PACKAGE}
    assert not rooms - set(map_paths())


@pytest.mark.parametrize("page", ["README.md", "assets/README.md"])
def test_pages_name_only_files_that_are_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    named = re.findall(r"[`(]((?:digitdesk|assets|build|tests)/[\w/.-]+)", text)
    made = ("build/out/",)  # by the build, not kept
    assert named
    assert not [n for n in named if not n.startswith(made) and not (ROOT / n).exists()]


def scripts() -> list[Path]:
    """What uses the package from outside of it, and is seldom run."""
    folders = ("build", "tests/benchmarks", "tests/torture", "tests/ui", "tests")
    return sorted({path for folder in folders for path in (ROOT / folder).glob("*.py")})


@pytest.mark.parametrize("path", scripts(), ids=lambda path: str(path.relative_to(ROOT)))
def test_scripts_ask_for_nothing_that_has_moved(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ImportFrom) or not str(node.module).startswith("digitdesk"):
            continue
        place = ROOT / str(node.module).replace(".", "/")
        for alias in node.names:
            is_module = (place / f"{alias.name}.py").exists() or (place / alias.name).is_dir()
            source = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
            assert is_module or alias.name in defined_in(source), f"{node.module}: {alias.name}"


def defined_in(path: Path) -> set[str]:
    """All names a module offers, those it passes on included."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    passed_on = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    return names_in(path) | passed_on
