"""The lines of a board's menu."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from digitdesk.ui.board.context_menu import Entry
from digitdesk.ui.board.tools import ToolCommands
from digitdesk.ui.i18n.text import _

if TYPE_CHECKING:
    from digitdesk.ui.draw.page import BoardPage


def page_menu(page: BoardPage[Any], tools: ToolCommands) -> tuple[tuple[Entry, ...], ...]:
    """What can be done with the board of a page, with a rule between two groups."""
    board = page.board

    def has_content() -> bool:
        return board.content is not None

    def is_attached() -> bool:
        return page.is_attached

    def classes() -> Sequence[tuple[str, Callable[[], None]]]:
        return [(name, partial(page.keep_as, name)) for name in page.can_be_kept_as]

    it_was = Entry(
        _("It was a …"), keys="0 … 9", is_usable=lambda: bool(classes()), choices=classes
    )
    return (
        (
            Entry(_("Undo"), tools.undo, "Ctrl+Z", lambda: board.can_undo),
            Entry(_("Redo"), tools.redo, "Ctrl+Y", lambda: board.can_redo),
            Entry(_("Clear"), tools.clear, "Esc", lambda: not board.is_empty),
        ),
        (
            Entry(page.copy_title, page.copy, "Ctrl+C", has_content),
            Entry(_("Paste"), tools.paste, "Ctrl+V", is_attached),
        ),
        (
            Entry(_("Open a picture …"), tools.open_picture, "Ctrl+O", is_attached),
            Entry(_("Save as a picture …"), page.save_picture, "", has_content),
            Entry(_("Print"), page.print_page, "Ctrl+P", has_content),
            Entry(_("Sample"), tools.sample, "", is_attached),
        ),
        *(((it_was,),) if page.keeps_drawings else ()),
    )
