"""The window as the app puts it together, on the My hand tab; one for all tests of a file."""

from __future__ import annotations

import random
import tkinter as tk
from collections.abc import Iterator

import pytest
from hand_desk import HandDesk
from hands import WaitUntil

from digitdesk.files.paths import UserPaths
from digitdesk.ui.i18n.language import use_language
from digitdesk.ui.toolkit.user_settings import Settings, write_settings


@pytest.fixture(scope="module")
def desk(
    root: tk.Tk, tmp_path_factory: pytest.TempPathFactory, wait_until: WaitUntil
) -> Iterator[HandDesk]:
    home = tmp_path_factory.mktemp("home")
    settings = Settings(language="en", theme="light", tour_seen=True)
    write_settings(settings, UserPaths.under(home).config)
    desk = HandDesk(root, home)
    # Else some exams would be harder than others.
    desk.session.hand._rng = random.Random(3)
    assert desk.window.hand.view is None, "nothing of it is made at the start"
    desk.window.show(desk.window.hand)
    root.update()
    root.focus_force()
    desk.window.hand.focus_set()
    root.update()
    yield desk
    desk.close()
    use_language("en")
    root.update()
