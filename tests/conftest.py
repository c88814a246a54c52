"""Fixtures every test may use: the real data, where it is, and folders of the test's own."""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import logging
import os
import tkinter as tk
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from digitdesk.files.paths import UserPaths

_LONGEST = ("test_soak.py", "test_sizes.py")


def pytest_configure(config: pytest.Config) -> None:
    """Each process that tests beside others has a screen, a pointer and a focus of its own."""
    screens = os.environ.get("DISPLAYS", "").split()
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    if screens:
        os.environ["DISPLAY"] = screens[number % len(screens)]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files begin first, so that nobody waits for one of them at the end."""
    places = {name: place for place, name in enumerate(_LONGEST)}
    items.sort(key=lambda item: places.get(item.path.name, len(places)))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini("soak_seconds", "how long tests/test_soak.py trains and draws", default="120")


def _missing(what: str) -> None:
    """Skip with a reason; on CI, where the data must be, fail instead."""
    reason = f"{what} not found: point DIGITDESK_DATA at a folder that holds it"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def data_dir() -> Path:
    folder = os.environ.get("DIGITDESK_DATA")
    if not folder or not Path(folder).is_dir():
        _missing("The data folder")
    return Path(str(folder))


@pytest.fixture(scope="session")
def mnist_dir(data_dir: Path) -> Path:
    for folder in (data_dir, data_dir / "mnist"):
        if list(folder.glob("train-images*idx3-ubyte*")):
            return folder
    _missing("MNIST")
    raise AssertionError


@pytest.fixture(scope="session")
def pendigits_file(data_dir: Path) -> Path:
    for folder in (data_dir, data_dir / "pendigits", data_dir.parent / "pendigits"):
        file = folder / "pendigits-orig.tra.gz"
        if file.is_file():
            return file
    _missing("The pen strokes (pendigits-orig.tra.gz)")
    raise AssertionError


@pytest.fixture(scope="session")
def root() -> Iterator[tk.Tk]:
    """The window of the process: a second one would keep files from being dropped on the first."""
    from digitdesk.ui.toolkit import theme

    try:
        window = theme.create_root()
    except tk.TclError as error:
        reason = f"no screen for the window tests: {error}"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    window.geometry("1120x760+0+0")
    window.deiconify()
    window.update()
    yield window
    window.destroy()


@pytest.fixture
def user_paths(tmp_path: Path) -> UserPaths:
    return UserPaths.under(tmp_path / "home")


@pytest.fixture
def recipe(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], ModuleType]:
    """Imports a script of build/ by its name."""
    monkeypatch.syspath_prepend(str(Path(__file__).resolve().parents[1] / "build"))
    return importlib.import_module


@pytest.fixture(autouse=True, scope="module")
def memory_given_back() -> Iterator[None]:
    """What one module has freed is the machine's again before the next begins.

    The C library of Linux keeps freed memory in pieces for each thread it has seen: after some
    thousand tests a process held 4 to 7 GB, and ends with 3 or 4 so.
    """
    yield
    with contextlib.suppress(OSError, TypeError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


@pytest.fixture(autouse=True)
def logging_restored() -> Iterator[None]:
    """A test that starts the app's logging leaves no handler and no silence to the next one."""
    logger = logging.getLogger("digitdesk")
    before = list(logger.handlers), logger.propagate, logger.level
    yield
    for handler in set(logger.handlers) - set(before[0]):
        handler.close()
    logger.handlers[:], logger.propagate, logger.level = before
