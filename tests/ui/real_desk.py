"""The window as the app puts it together: a real session, and work beside the window."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Mapping, Sequence
from pathlib import Path

from hands import Dialogs, Pen
from three_tabs import Window

from digitdesk.files.paths import UserPaths
from digitdesk.messages.model import DIGITS, ModelCard
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.spec.build import build_network
from digitdesk.session.session import Session
from digitdesk.storage.model_file import save_model
from digitdesk.ui.toolkit.background import Beside


class RealDesk:
    """A start of the app in a home folder; closed, it can be started again in the same."""

    def __init__(self, root: tk.Tk, home: Path, environ: Mapping[str, str] | None = None) -> None:
        self.paths = UserPaths.under(home)
        self.dialogs = Dialogs()
        self.session = Session(self.paths, environ=environ or {})
        # Work beside the window ends with this widget, as it does with the root in the app.
        self._clock = tk.Frame(root)
        beside = Beside(self._clock)
        self.window = Window(root, self.paths, dialogs=self.dialogs, background=beside)
        self.window.attach_session(self.session)
        root.update()
        self.pen = Pen(self.window.draw.board)

    @property
    def said(self) -> str:
        return str(self.window.status.message.cget("text"))

    def close(self) -> None:
        assert self.session.close(60)
        self._clock.destroy()
        if self.window.winfo_exists():
            self.window.destroy()


def save_untrained(
    path: Path, classes: Sequence[str] = DIGITS, title: str = "", spec: str = "softmax"
) -> Path:
    """A model file that can be read with, whatever it answers."""
    path.parent.mkdir(parents=True, exist_ok=True)
    network = build_network(spec, classes=len(classes), backend=cpu_backend(), seed=3)
    card = ModelCard(title or path.stem, spec, class_names=tuple(classes))
    save_model(path, card, network.snapshot())
    return path
