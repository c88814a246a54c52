"""What the file dialogs ask for, and what they remember."""

from __future__ import annotations

import tkinter as tk
from pathlib import Path
from tkinter import filedialog
from typing import Any

import pytest

from digitdesk.ui.toolkit.dialogs import FileDialogs
from digitdesk.ui.toolkit.user_settings import Settings

pytestmark = pytest.mark.window


def test_strokes_are_asked_for_by_their_name_and_with_no_word_of_an_exam(
    root: tk.Tk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, Any]] = []

    def answer(**options: Any) -> str:
        asked.append(options)
        return str(tmp_path / "mine.json")

    monkeypatch.setattr(filedialog, "askopenfilename", answer)
    settings = Settings()
    dialogs = FileDialogs(root, settings, tmp_path)
    assert dialogs.strokes_file() == str(tmp_path / "mine.json")
    assert settings.data_folder == str(tmp_path)
    assert (asked[0]["title"], asked[0]["initialdir"]) == ("Open strokes", None)
    assert asked[0]["filetypes"][0] == ("Strokes", ("*.json", "*.json.gz"))
    dialogs.exam_file()
    assert asked[1]["title"] == "Open pictures or strokes to examine on"
    assert asked[1]["initialdir"] == str(tmp_path)
