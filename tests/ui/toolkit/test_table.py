"""A table: its rows, its headings in both languages, and its scrollbar."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from digitdesk.ui.i18n import text
from digitdesk.ui.i18n.language import CHINESE, Catalogue, read_catalogue
from digitdesk.ui.i18n.text import _
from digitdesk.ui.i18n.widgets import say_again
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.widgets import AutoScrollbar, Column, Table

pytestmark = pytest.mark.window


@pytest.fixture
def table(host: theme.Frame) -> Table:
    columns = {"name": Column(_("layer"), 80, "w"), "size": Column(_("size"), 60, least=40)}
    made = Table(host, columns, rows=2, bar_room=8)
    made.pack()
    return made


def test_rows_come_and_go(table: Table) -> None:
    table.tree.insert("", "end", values=("conv1", 80))
    assert table.cells == [("conv1", "80")]
    table.clear()
    assert table.cells == []


def test_headings_are_said_in_the_language_of_now(table: Table) -> None:
    assert table.tree.heading("name", "text") == "layer"
    text.use_catalogue(Catalogue(read_catalogue(CHINESE)))
    try:
        say_again(table)
        assert table.tree.heading("name", "text") == _("layer") != "layer"
    finally:
        text.use_catalogue(Catalogue({}))


def test_the_scrollbar_is_there_while_rows_are_out_of_view(
    table: Table, wait_until: Callable[..., None]
) -> None:
    (bar,) = (child for child in table.winfo_children() if isinstance(child, AutoScrollbar))
    for number in range(9):
        table.tree.insert("", "end", values=(number, number))
    wait_until(lambda: bar.winfo_manager() == "place")
    table.clear()
    wait_until(lambda: bar.winfo_manager() == "")
