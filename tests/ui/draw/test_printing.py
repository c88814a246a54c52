"""Printing the board: handed to a printer, else to what shows it; nobody is left without a word."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hands import SEVEN, Pen
from three_tabs import Window

from digitdesk.messages.picture import Picture
from digitdesk.ui.charts import paper
from digitdesk.ui.draw import printing

pytestmark = pytest.mark.window

Plant = Callable[..., None]


@pytest.fixture
def plant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Plant:
    """Nothing can be printed or shown, but by the programs that a test plants."""
    programs = tmp_path / "programs"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))

    def make(name: str, exit_code: int = 0) -> None:
        program = programs / name
        program.write_text(f'#!/bin/sh\n/bin/cp "$1" {tmp_path}/{name}.pdf\nexit {exit_code}\n')
        program.chmod(0o755)

    return make


@pytest.fixture(params=["digit", "number"])
def drawn(live: Window, request: pytest.FixtureRequest) -> Window:
    live.draw.show_mode(request.param)
    live.update()
    Pen(live.draw.board).stroke(*SEVEN)
    live.update()
    live.draw.board.focus_force()
    return live


def said(window: Window) -> str:
    return str(window.status.message.cget("text"))


def test_it_is_sent_to_the_printer(drawn: Window, plant: Plant, tmp_path: Path) -> None:
    plant("lp")
    drawn.draw.board.event_generate("<Control-p>")
    drawn.update()
    assert said(drawn) == "Sent to the printer."
    content = (tmp_path / "lp.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    assert content.rstrip().endswith(b"%%EOF")


def test_without_a_printer_the_page_is_shown(drawn: Window, plant: Plant, tmp_path: Path) -> None:
    plant("lp", exit_code=1)
    plant("xdg-open")
    drawn.draw.page.print_page()
    assert said(drawn).startswith("There is no printer here: the page is open, and is in /")
    assert (tmp_path / "xdg-open.pdf").read_bytes().startswith(b"%PDF-")


def test_with_nothing_at_all_one_is_told_where_the_page_is(drawn: Window, plant: Plant) -> None:
    plant("xdg-open", exit_code=3)
    drawn.draw.page.print_page()
    assert said(drawn).startswith("There is no printer here, nor anything to show the page")
    path = Path(said(drawn).rpartition(" in ")[2].rstrip("."))
    assert path.read_bytes().startswith(b"%PDF-")


def test_an_empty_board_is_not_printed(live: Window, plant: Plant, tmp_path: Path) -> None:
    plant("lp")
    live.draw.print_page()
    assert said(live) == "There is nothing to print yet: draw first."
    assert not (tmp_path / "lp.pdf").exists()


def test_a_folder_that_cannot_be_written_is_said(
    drawn: Window, plant: Plant, tmp_path: Path
) -> None:
    plant("lp")
    blocked = tmp_path / "blocked"
    blocked.write_text("no folder")
    drawn.draw.page._printing._file = blocked / "digit.pdf"
    drawn.draw.page.print_page()
    assert drawn.status.shows_error
    assert not (tmp_path / "lp.pdf").exists()


def test_what_was_read_stands_on_the_page(
    drawn: Window, plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages: list[paper.Page] = []
    monkeypatch.setattr(paper, "write_page", lambda page, _path: pages.append(page))
    monkeypatch.setattr(printing, "print_file", lambda _path: printing.PrintedBy.PRINTER)
    drawn.draw.page.print_page()
    (page,) = pages
    assert page.answer == "7"
    assert "sure" in page.lines[0]
    assert max(page.bars, key=lambda bar: bar[1])[0] == "7"
    assert page.foot.startswith("Bundled reader · 20")
    assert page.drawing.height == 4 * 280
    assert page.drawing.width / page.drawing.height == drawn.draw.board.sheet.width / 280


@pytest.mark.parametrize("country", ["de_DE", "en_US"])
@pytest.mark.parametrize("answer", ["", "7", "kangaroo", "123456789" * 4])
@pytest.mark.parametrize("size", [(280, 280), (840, 280), (28, 28), (3, 900)])
def test_nothing_on_the_page_is_cut_off(
    country: str, answer: str, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", f"{country}.UTF-8")
    width, height = paper.paper_size()
    assert (width, height) == (paper.LETTER if country == "en_US" else paper.A4)
    if size[0] > 1.4 * size[1]:
        width, height = height, width
    figure = paper.Figure(figsize=(width, height))
    canvas = paper.FigureCanvasPdf(figure)
    bars = tuple((f"class {k}", k / 40) for k in range(40))
    lines = (
        "This looks like more than one digit, and a long sentence about it follows.",
        "看" * 24,
    )
    page = paper.Page(Picture(*size, bytes(size[0] * size[1])), answer, lines, bars, "Reader")
    paper._Paper(figure, width, height).draw(page)
    renderer = canvas.get_renderer() if hasattr(canvas, "get_renderer") else None
    page_box = figure.bbox
    texts = figure.texts
    assert len(texts) > 20
    boxes = [text.get_window_extent(renderer) for text in texts]
    for text, box in zip(texts, boxes, strict=True):
        inside = box.x0 >= 0 and box.y0 >= 0 and box.x1 <= page_box.x1 and box.y1 <= page_box.y1
        assert inside, text.get_text()
    for k, (text, box) in enumerate(zip(texts, boxes, strict=True)):
        for other, other_box in zip(texts[k + 1 :], boxes[k + 1 :], strict=True):
            wide = min(box.x1, other_box.x1) - max(box.x0, other_box.x0)
            high = min(box.y1, other_box.y1) - max(box.y0, other_box.y0)
            assert not (wide > 1 and high > 2), (text.get_text(), other.get_text())


def test_ink_is_printed_dark_on_white() -> None:
    ink = Picture(2, 2, bytes((0, 0, 0, 255)))
    assert paper._on_paper(ink).pixels == bytes((255, 255, 255, 0))
    scan = Picture(2, 2, bytes((255, 255, 255, 0)))
    assert paper._on_paper(scan).pixels == scan.pixels


def test_a_file_that_lp_holds_for_ever_is_shown_instead(
    plant: Plant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from digitdesk.ui.toolkit import desktop

    monkeypatch.setattr(desktop, "_PRINT_SECONDS", 0.2)
    plant("xdg-open")
    lp = Path(os.environ["PATH"]) / "lp"
    lp.write_text("#!/bin/sh\nexec /bin/sleep 60\n")
    lp.chmod(0o755)
    file = tmp_path / "page.pdf"
    file.write_bytes(b"%PDF-")
    assert desktop.print_file(file) is desktop.PrintedBy.VIEWER
