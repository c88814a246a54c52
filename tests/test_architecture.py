"""The house rules: who may import whom, and what no module may do, read from the source."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "digitdesk"
LAYERS = {"nn", "ink", "data", "training", "recognition", "storage"}
CORE = {"errors", "messages", "paths", "intervals", "atomic", "picture_file", "gzip_file"}
SESSION_PARTS = {
    "model_library",
    "training_control",
    "form_choices",
    "samples",
    "comparison",
    "exams",
}

OURS = {
    "errors": {"errors"},
    "atomic": {"errors"},
    "gzip_file": {"errors"},
    "picture_file": {"errors"},
    "run_messages": {"errors"},
    "messages": {"errors", "run_messages"},
    "intervals": {"errors"},
    "paths": {"errors"},
    "logs": {"errors", "paths"},
    "nn": {"nn", "errors", "messages"},
    "ink": {"ink", "errors", "messages", "picture_file", "gzip_file"},
    "data": {"data", "ink", "errors", "messages", "paths", "atomic", "gzip_file"},
    "training": {"training", "nn", "data", "messages", "errors", "intervals"},
    "storage": {"storage", "nn", "errors", "messages", "atomic"},
    "recognition": {"recognition", "nn", "ink", "messages", "errors", "intervals"},
    "models_folder": {"storage", "messages", "errors", "atomic"},
    "model_library": {
        "models_folder",
        "nn",
        "recognition",
        "storage",
        "messages",
        "paths",
        "errors",
    },
    "own_file": set(),
    "unfinished": {"own_file", "training", "storage", "messages", "errors", "atomic"},
    "training_control": {
        "unfinished",
        "training",
        "recognition",
        "data",
        "ink",
        "messages",
        "errors",
        "",
    },
    "samples": {"data", "ink", "messages", "errors"},
    "comparison": {"recognition", "messages", "errors"},
    "form_choices": {"nn", "training", "messages"},
    "exams": {"data", "ink", "recognition", "messages", "errors"},
    "session": LAYERS | CORE | SESSION_PARTS,
    "ui": {"ui", "messages", "errors", "paths", "atomic", "picture_file", ""},
    "self_test": {"app", "session", "paths", "errors", "messages"},
    "ending": set(),
    "app": {"ending", "ui", "session", "logs", "paths", "errors", "messages", "atomic"},
    "cli": {
        "cli",
        "cli_parser",
        "cli_output",
        "cli_training",
        "self_test",
        "app",
        "session",
        "logs",
        "paths",
        "errors",
        "messages",
        "",
    },
    "__main__": {"cli", "training"},
    "__init__": set(),
}
OUTSIDE = {
    "errors": set(),
    "atomic": set(),
    "gzip_file": set(),
    "picture_file": {"PIL"},
    "run_messages": set(),
    "messages": set(),
    "intervals": set(),
    "paths": {"platformdirs"},
    "logs": set(),
    "nn": {"numpy", "threadpoolctl"},
    "ink": {"numpy", "PIL"},
    "data": {"numpy", "pooch", "requests"},
    "training": {"numpy", "threadpoolctl"},
    "storage": {"numpy"},
    "recognition": {"numpy"},
    "models_folder": set(),
    "model_library": {"numpy"},
    "own_file": set(),
    "unfinished": set(),
    "training_control": set(),
    "samples": {"numpy"},
    "comparison": {"numpy"},
    "form_choices": set(),
    "exams": {"numpy"},
    "session": set(),
    "self_test": set(),
    "ending": set(),
    "ui": {"matplotlib", "PIL"},
    "app": set(),
    "cli": {"tqdm"},
    "__main__": set(),
    "__init__": set(),
}
MAY_THREAD = {
    "training/worker.py",
    "training/team.py",
    "data/download.py",
    "app.py",
    "ending.py",
    "logs.py",
}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def place(path: Path) -> str:
    """The row of the table a file belongs to."""
    relative = path.relative_to(PACKAGE)
    if len(relative.parts) > 1:
        return relative.parts[0]
    return "cli" if relative.stem.startswith("cli") else relative.stem


def imports(path: Path, *, at_run_time: bool = False) -> Iterator[str]:
    """Dotted names a file imports; ``at_run_time`` leaves out ``if TYPE_CHECKING`` blocks."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    hidden: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            hidden.update(inner for part in node.body for inner in ast.walk(part))
    for node in ast.walk(tree):
        if at_run_time and node in hidden:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute here"
            for alias in node.names:
                yield f"{node.module}.{alias.name}"


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_follow_the_table(path: Path) -> None:
    row = place(path)
    assert row in OURS, f"{path.name} has no row in the table of who may import whom"
    for name in imports(path, at_run_time=row in {"ui", "cli", "app"}):
        top, _, rest = name.partition(".")
        if top == "digitdesk":
            part = rest.split(".")[0]
            part = "" if part.startswith("__") else part
            assert part in OURS[row], f"{row} must not import {name}"
        elif top == "cupy":
            assert path == PACKAGE / "nn" / "backend.py"
        elif top == "tkinter":
            assert row == "ui" or path.name == "app.py"
        elif top == "ttkbootstrap":
            assert path == PACKAGE / "ui" / "theme.py"
        elif top == "tkinterdnd2":
            assert path == PACKAGE / "ui" / "dropping.py"
        elif top not in sys.stdlib_module_names:
            assert top in OUTSIDE[row], f"{row} must not import {name}"


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_no_module_does_what_the_house_forbids(path: Path) -> None:
    relative = path.relative_to(PACKAGE).as_posix()
    source = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called == "print":
                assert place(path) == "cli", f"{relative}: print belongs to the command line"
            if place(path) == "ui":
                assert not called.endswith((".update",)) or called.startswith("dict"), (
                    f"{relative}:{node.lineno}: .update() re-enters the event loop"
                )
                assert not called.endswith(".event_generate"), relative
    names = set(imports(path))
    assert not any("pyplot" in name for name in names), f"{relative}: pyplot keeps global state"
    if any(name.split(".")[0] in {"threading", "concurrent", "_thread"} for name in names):
        assert relative in MAY_THREAD, f"{relative}: threads live in few places"


def test_the_worker_side_never_meets_the_screen() -> None:
    for path in modules():
        if place(path) in LAYERS:
            tops = {name.split(".")[0] for name in imports(path)}
            assert not tops & {"tkinter", "matplotlib", "ttkbootstrap"}, path


def test_files_stay_small() -> None:
    long = {
        p.relative_to(PACKAGE).as_posix(): n
        for p in modules()
        if (n := len(p.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert not long, f"split these files: {long}"


@pytest.mark.parametrize(
    ("statement", "forbidden"),
    [
        ("import digitdesk", {"numpy", "matplotlib", "scipy", "tkinter"}),
        ("import digitdesk.cli.main", {"numpy", "matplotlib", "scipy", "tkinter"}),
        ("import digitdesk.ui.window.main_window", {"numpy", "matplotlib", "scipy"}),
        ("import digitdesk.app", {"numpy", "matplotlib", "scipy"}),
        ("import digitdesk.session.session", {"matplotlib", "scipy", "tkinter", "cupy", "pooch"}),
    ],
)
def test_heavy_modules_wait_until_they_are_needed(statement: str, forbidden: set[str]) -> None:
    code = (
        f"{statement}\nimport sys\nprint(*[m for m in {sorted(forbidden)!r} if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split() == []
