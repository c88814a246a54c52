"""The house rules: who may import whom, and what no module may do, read from the source."""

from __future__ import annotations

import ast
import graphlib
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "digitdesk"
CORE = {
    "files",
    "metrics",
    "nn",
    "ink",
    "data",
    "recognition",
    "training",
    "evaluation",
    "inspection",
    "report",
    "storage",
    "export",
    "experiments",
}

OURS: dict[str, set[str]] = {
    # What a room may import beside itself, and errors and messages, which everybody may.
    "__init__": set(),
    "__main__": {"cli", "training", "experiments", "session", "web"},
    "app": {"files", "session", "ui"},
    "errors": set(),
    "messages": set(),
    # The core. Inside nn nobody knows messages, and what is learned stands apart from what is fast.
    "files": set(),
    "metrics": set(),
    "nn": {"errors"},
    "nn.core": {"errors"},
    "nn.kernels": {"nn.core"},
    "nn.layers": {"errors", "nn.core", "nn.kernels"},
    "nn.fusion": {"nn.core", "nn.kernels", "nn.layers"},
    "nn.optim": {"errors", "nn.core", "nn.kernels"},
    "nn.parallel": {"nn.core", "nn.network", "nn.piece_reader"},
    "nn.spec": {"errors", "nn.core", "nn.layers", "nn.network"},
    "ink": {"files"},
    "data": {"ink", "files"},
    "recognition": {"nn", "ink", "metrics"},
    "training": {"nn", "data", "metrics"},
    "evaluation": {"recognition", "data", "ink", "metrics"},
    "inspection": {"nn", "recognition", "ink"},
    "report": set(),
    "export": {"nn", "ink", "recognition", "files"},
    "storage": {"files"},
    "experiments": {"training", "storage", "nn", "files"},
    "session": CORE,
    # The screen. A tab knows what tabs are made of, and no other tab.
    "ui.followers": set(),
    "ui.i18n": {"ui.followers"},
    "ui.sizing": {"ui.followers"},
    "ui.toolkit": {"ui.i18n", "ui.sizing", "files", "session.jobs"},
    "ui.layout": {"ui.toolkit"},
    "ui.controls": {"ui.i18n", "ui.toolkit"},
    "ui.charts": {"ui.i18n", "ui.toolkit", "ui.controls", "files", "training.history"},
    "ui.board": {"ui.i18n", "ui.toolkit", "ui.layout", "files", "ink.board", "ink.pen"},
    "ui.draw": {
        "ui.i18n",
        "ui.toolkit",
        "ui.controls",
        "ui.board",
        "ui.charts",
        "session",
        "files",
    },
    "ui.train": {
        "ui.i18n",
        "ui.toolkit",
        "ui.layout",
        "ui.controls",
        "ui.charts",
        "session",
        "files",
    },
    "ui.evaluate": {
        "ui.i18n",
        "ui.toolkit",
        "ui.layout",
        "ui.controls",
        "ui.board",
        "ui.charts",
        "session",
        "files",
    },
    "ui.inside": {
        "ui.i18n",
        "ui.toolkit",
        "ui.layout",
        "ui.controls",
        "ui.board",
        "ui.charts",
        "session",
        "files",
    },
    "ui.experiments": {
        "ui.i18n",
        "ui.toolkit",
        "ui.layout",
        "ui.controls",
        "ui.charts",
        "session",
        "files",
    },
    "ui.data": {
        "ui.i18n",
        "ui.toolkit",
        "ui.layout",
        "ui.controls",
        "ui.charts",
        "session",
        "files",
    },
    "ui.hand": {
        "ui.i18n",
        "ui.toolkit",
        "ui.layout",
        "ui.controls",
        "ui.board",
        "ui.charts",
        "session",
        "files",
    },
    "ui.models": {
        "ui.i18n",
        "ui.toolkit",
        "ui.layout",
        "ui.controls",
        "ui.charts",
        "session",
        "web",
    },
    # The window knows what a tab is; one module of it lists which there are.
    "ui.window": {"ui.i18n", "ui.toolkit", "ui.layout", "session", "files"},
    "ui.window.tabs": {
        "ui.toolkit",
        "ui.draw",
        "ui.train",
        "ui.evaluate",
        "ui.inside",
        "ui.experiments",
        "ui.data",
        "ui.hand",
        "ui.models",
    },
    "web": {"session", "export", "files", "training.parallel.program"},
    "cli": {"session", "files", "web", "app"},
}
EVERYBODY = {"errors", "messages"}
BY_THEMSELVES = {row for row in OURS if row == "nn" or row.startswith("nn.")} | {
    "__init__",
    "__main__",
    "errors",
    "metrics",
}
"""Who must do without ``EVERYBODY``, but for what their row names."""

OUTSIDE: dict[str, set[str]] = {
    "files": {"platformdirs", "PIL"},
    "metrics": {"numpy"},
    "nn": {"numpy", "threadpoolctl"},
    "ink": {"numpy", "PIL"},
    "data": {"numpy", "pooch", "requests"},
    "recognition": {"numpy"},
    "training": {"numpy", "threadpoolctl"},
    "evaluation": {"numpy"},
    "inspection": {"numpy"},
    "storage": {"numpy"},
    "export": {"numpy", "onnx", "onnxruntime"},
    "experiments": {"numpy", "optuna", "torch"},
    "session": {"numpy"},
    "ui.charts": {"matplotlib"},
    "ui.board": {"PIL"},
    "ui.draw": {"PIL"},
    "ui.toolkit": {"PIL"},
    "web": {"flask", "segno", "waitress", "werkzeug"},
    "cli": {"tqdm"},
}
ONLY_IN = {
    "cupy": "nn/core/backend.py",
    "optuna": "experiments/optuna_rows.py",
    "torch": "experiments/beside_torch.py",
    "ttkbootstrap": "ui/toolkit/theme.py",
    "tkinterdnd2": "ui/window/file_drop.py",
}
MAY_THREAD = {
    # Begin threads, or say who of several comes first.
    "session/session.py",
    "session/model_library.py",
    "session/dataset_cache.py",
    "session/exams/exams.py",
    "session/hand/exam_sheets.py",
    "session/made_once.py",
    "session/pictures/open_sets.py",
    "training/worker.py",
    "nn/parallel/network_pool.py",
    "nn/parallel/thread_pool.py",
    "data/download.py",
    "data/side_by_side.py",
    "session/jobs.py",
    "session/experiments/experiments.py",
    "experiments/queue.py",
    "experiments/books.py",
    "experiments/processes.py",
    "experiments/trial_process.py",
    "session/writing.py",
    "ui/window/shutdown.py",
    "files/logs.py",
    "web/beside.py",
    "web/desk.py",
    "web/server.py",
}
MOST_FILES = 20
MOST_MODULES_AT_THE_ROOT = 4


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def dotted(path: Path) -> str:
    """The module's name without ``digitdesk.``; a package's own file is the package."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if len(parts) > 1 and parts[-1] == "__init__" else parts)


def is_in(name: str, rooms: Iterable[str]) -> bool:
    """Whether a module is one of these rooms or inside one."""
    return any(name == room or name.startswith(f"{room}.") for room in rooms)


def row(name: str) -> str:
    """The row of the table that a module belongs to: the longest that fits."""
    return max((room for room in OURS if is_in(name, [room])), key=len, default="")


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


def test_every_room_has_a_row() -> None:
    rooms = {dotted(path) for path in modules()}
    without = sorted(room for room in rooms if not row(room) and room != "ui")
    assert not without, f"no row in the table of who may import whom: {without}"
    assert not sorted(room for room in OURS if not any(is_in(name, [room]) for name in rooms))


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_follow_the_table(path: Path) -> None:
    here = row(dotted(path))
    allowed = OURS.get(here, set()) | {here} | (set() if here in BY_THEMSELVES else EVERYBODY)
    if here == "nn":
        allowed |= {room for room in OURS if room.startswith("nn.")}
    is_screen = here in {"cli", "app"} or here.startswith("ui.")
    for name in imports(path, at_run_time=is_screen):
        top, _, rest = name.partition(".")
        if top == "digitdesk":
            if not rest.startswith("__"):
                assert is_in(rest, allowed), f"{here} must not import {name}"
        elif top in ONLY_IN:
            assert path == PACKAGE / ONLY_IN[top]
        elif top == "tkinter":
            assert here.startswith("ui.") or here == "app"
        elif top not in sys.stdlib_module_names:
            outside = OUTSIDE.get(here, OUTSIDE.get(here.split(".")[0], set()))
            assert top in outside, f"{here} must not import {name}"


def module_graph() -> dict[str, set[str]]:
    """What each module imports of ours at run time, as names of modules."""
    names = {dotted(path) for path in modules()}
    graph: dict[str, set[str]] = {}
    for path in modules():
        wanted: set[str] = set()
        for name in imports(path, at_run_time=True):
            _, _, rest = name.partition("digitdesk.")
            # ``from a.b import c`` names a module c of a package, or a name in a module b.
            found = next((n for n in (rest, rest.rpartition(".")[0]) if n in names), "")
            wanted |= {found} - {""}
        graph[dotted(path)] = wanted - {dotted(path)}
    return graph


def test_no_module_imports_itself_in_a_circle() -> None:
    graphlib.TopologicalSorter(module_graph()).prepare()


def test_no_room_imports_itself_in_a_circle() -> None:
    rooms: dict[str, set[str]] = {}
    for name, wanted in module_graph().items():
        # Modules that lie directly in nn stand over its rooms, each for itself.
        here = name if row(name) == "nn" else row(name)
        others = {other if row(other) == "nn" else row(other) for other in wanted}
        rooms.setdefault(here, set()).update(others - {here})
    graphlib.TopologicalSorter(rooms).prepare()


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_no_module_does_what_the_house_forbids(path: Path) -> None:
    relative = path.relative_to(PACKAGE).as_posix()
    top = relative.split("/")[0]
    source = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called == "print":
                assert top == "cli", f"{relative}: print belongs to the command line"
            if top == "ui":
                assert not called.endswith((".update",)) or called.startswith("dict"), (
                    f"{relative}:{node.lineno}: .update() re-enters the event loop"
                )
                assert not called.endswith(".event_generate"), relative
    names = set(imports(path))
    assert not any("pyplot" in name for name in names), f"{relative}: pyplot keeps global state"
    if any(name.split(".")[0] in {"threading", "concurrent", "_thread"} for name in names):
        assert relative in MAY_THREAD, f"{relative}: threads live in few places"


def test_networks_know_of_no_files() -> None:
    for path in modules():
        if is_in(dotted(path), ["nn"]):
            found = {name for name in imports(path) if name.startswith("digitdesk.errors.")}
            of_files = {"ModelFileError", "DataError", "SaveError", "ImageError", "DownloadError"}
            assert not {name.rpartition(".")[2] for name in found} & of_files, path


def test_the_worker_side_never_meets_the_screen() -> None:
    for path in modules():
        if is_in(dotted(path), CORE):
            tops = {name.split(".")[0] for name in imports(path)}
            assert not tops & {"tkinter", "matplotlib", "ttkbootstrap"}, path


def test_files_stay_small() -> None:
    long = {
        p.relative_to(PACKAGE).as_posix(): n
        for p in modules()
        if (n := len(p.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert not long, f"split these files: {long}"


def test_rooms_stay_small() -> None:
    folders = {path.parent for path in modules()}
    counts = {
        folder.relative_to(PACKAGE).as_posix(): len(list(folder.glob("*.py"))) for folder in folders
    }
    assert not {folder: n for folder, n in counts.items() if n > MOST_FILES}
    assert counts["."] - 1 <= MOST_MODULES_AT_THE_ROOT  # __init__ is the package itself


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
