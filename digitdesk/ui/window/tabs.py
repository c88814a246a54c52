"""The tabs, from left to right: the one place that names them."""

from __future__ import annotations

from digitdesk.ui.data.tab import DataTab
from digitdesk.ui.draw.tab import DrawTab
from digitdesk.ui.evaluate.tab import EvaluateTab
from digitdesk.ui.experiments.tab import ExperimentsTab
from digitdesk.ui.hand.tab import HandTab
from digitdesk.ui.inside.tab import InsideTab
from digitdesk.ui.models.tab import ModelsTab
from digitdesk.ui.toolkit.tab import Tab
from digitdesk.ui.train.tab import TrainTab

TABS: tuple[type[Tab], ...] = (
    DrawTab,
    TrainTab,
    EvaluateTab,
    InsideTab,
    ExperimentsTab,
    DataTab,
    HandTab,
    ModelsTab,
)
