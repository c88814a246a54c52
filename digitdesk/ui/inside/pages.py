"""The pages of the Inside tab, from left to right: the one place that names them."""

from __future__ import annotations

from digitdesk.ui.i18n.text import Sentence, _
from digitdesk.ui.inside.layers_page import LayersPage
from digitdesk.ui.inside.page import InsidePage

FIRST_PAGE = "layers"
PAGES: dict[str, type[InsidePage]] = {
    "layers": LayersPage,
}


def page_titles() -> dict[str, tuple[Sentence, Sentence]]:
    """Titles and explanations of the pages, by their names."""
    return {
        "layers": (
            _("Layers"), _("What each layer makes of the drawing, down to every single number.")
        ),
    }  # fmt: skip
