"""One window over a session without networks, for all tests of a file that look at the tab."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterator

import pytest
from fake_experiments import FakeExperiments
from fake_session import FakeSession
from hands import Dialogs
from three_tabs import Window

from digitdesk.files.paths import UserPaths
from digitdesk.ui.experiments.view import ExperimentsView
from digitdesk.ui.i18n.language import use_language
from digitdesk.ui.toolkit.user_settings import Settings, write_settings


@pytest.fixture(scope="module")
def fake_window(root: tk.Tk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    paths = UserPaths.under(tmp_path_factory.mktemp("home"))
    write_settings(Settings(language="en", theme="light", tour_seen=True), paths.config)
    window = Window(root, paths, dialogs=Dialogs())
    window.attach_session(FakeSession())  # type: ignore[arg-type]
    root.update()
    assert window.experiments.view is None, "nothing of it is made at the start"
    window.show(window.experiments)
    root.update()
    yield window
    window.destroy()
    use_language("en")
    root.update()


@pytest.fixture
def view(fake_window: Window) -> ExperimentsView:
    view = fake_window.experiments.view
    assert view is not None
    return view


@pytest.fixture
def experiments(view: ExperimentsView) -> FakeExperiments:
    found = view.study.experiments
    assert isinstance(found, FakeExperiments)
    return found
