"""The pages of the Inside tab, from left to right: the one place that names them."""

from __future__ import annotations

from digitdesk.ui.i18n.text import Sentence, _
from digitdesk.ui.inside.change.page import ChangePage
from digitdesk.ui.inside.layers_page import LayersPage
from digitdesk.ui.inside.learn.page import LearnPage
from digitdesk.ui.inside.page import InsidePage
from digitdesk.ui.inside.prepare_page import PreparePage
from digitdesk.ui.inside.training_page import TrainingPage
from digitdesk.ui.inside.why_page import WhyPage

FIRST_PAGE = "layers"
PAGES: dict[str, type[InsidePage]] = {
    "prepare": PreparePage,
    "layers": LayersPage,
    "learn": LearnPage,
    "why": WhyPage,
    "change": ChangePage,
    "training": TrainingPage,
}


def page_titles() -> dict[str, tuple[Sentence, Sentence]]:
    """Titles and explanations of the pages, by their names."""
    return {
        "prepare": (
            _("From ink"), _("Every step from your ink to what the network sees.")
        ),
        "layers": (
            _("Layers"), _("What each layer makes of the drawing, down to every single number.")
        ),
        "learn": (
            _("Learning"), _("One step of learning on this drawing, and every gradient of it.")
        ),
        "why": (
            _("Why"), _("Which ink the answer rests on, and what would turn it into another one.")
        ),
        "change": (
            _("Change"), _("Switch parts of the network off, and see what it still reads.")
        ),
        "training": (
            _("In training"), _("The network of the run while it learns, step by step if need be.")
        ),
    }  # fmt: skip
