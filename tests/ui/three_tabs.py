"""The window with its tabs by name, which the window itself does not know."""

from __future__ import annotations

import tkinter as tk
from typing import Any, cast

from digitdesk.ui.data.tab import DataTab
from digitdesk.ui.draw.tab import DrawTab
from digitdesk.ui.evaluate.tab import EvaluateTab
from digitdesk.ui.experiments.tab import ExperimentsTab
from digitdesk.ui.hand.tab import HandTab
from digitdesk.ui.inside.tab import InsideTab
from digitdesk.ui.models.tab import ModelsTab
from digitdesk.ui.toolkit.tab import Tab
from digitdesk.ui.train.tab import TrainTab
from digitdesk.ui.window.main_window import MainWindow


class Window(MainWindow):
    """One of many windows in the root that all tests share.

    What it bound there ends with it; else each event of a later test would be told to all windows
    that ever were. The first one's stays: the toolkit binds some of it once for all.
    """

    _was_one = False

    def __init__(self, root: tk.Tk, *args: Any, **named: Any) -> None:
        self._is_first, Window._was_one = not Window._was_one, True
        self._bound_before = _bound(root)
        super().__init__(root, *args, **named)

    def destroy(self) -> None:
        super().destroy()
        now = {} if self._is_first else _bound(self.root)
        for tag, scripts in now.items():
            for sequence in scripts:
                before = self._bound_before[tag].get(sequence, "")
                self.root.tk.call("bind", tag, sequence, before)

    @property
    def draw(self) -> DrawTab:
        return cast(DrawTab, self.tabs["draw"])

    @property
    def train(self) -> TrainTab:
        return cast(TrainTab, self.tabs["train"])

    @property
    def evaluate(self) -> EvaluateTab:
        return cast(EvaluateTab, self.tabs["evaluate"])

    @property
    def inside(self) -> InsideTab:
        return cast(InsideTab, self.tabs["inside"])

    @property
    def experiments(self) -> ExperimentsTab:
        return cast(ExperimentsTab, self.tabs["experiments"])

    @property
    def data(self) -> DataTab:
        return cast(DataTab, self.tabs["data"])

    @property
    def hand(self) -> HandTab:
        return cast(HandTab, self.tabs["hand"])

    @property
    def models(self) -> ModelsTab:
        return cast(ModelsTab, self.tabs["models"])

    def show(self, tab: Tab) -> None:
        self.tabs.show(tab.key)


def _bound(root: tk.Tk) -> dict[str, dict[str, str]]:
    """What is bound to each event of the root and of everything."""
    call = root.tk.call
    return {
        tag: {str(one): str(call("bind", tag, one)) for one in root.tk.splitlist(call("bind", tag))}
        for tag in (str(root), "all")
    }
