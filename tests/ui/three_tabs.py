"""The window with its tabs by name, which the window itself does not know."""

from __future__ import annotations

from typing import cast

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
