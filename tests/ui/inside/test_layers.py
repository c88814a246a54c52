"""A four on the board, the bundled reader inside out: what the widgets say is what it computed."""

from __future__ import annotations

import tkinter as tk

import pytest
from hands import Pen, WaitUntil, click, key, press, written
from real_desk import RealDesk

from digitdesk.messages.inside.explanation import ConvolutionParts, SoftmaxParts
from digitdesk.messages.inside.look import ANSWER, INPUT
from digitdesk.ui.inside.layers_page import LayersPage
from digitdesk.ui.inside.view import InsideView
from digitdesk.ui.inside.widgets.explain_convolution import largest_channel

pytestmark = pytest.mark.window

#: Numbers are written with four decimals.
WRITTEN = 6e-5


@pytest.fixture
def page(view: InsideView) -> LayersPage:
    view.show_page("layers")
    assert isinstance(view.page, LayersPage)
    return view.page


def test_the_answer_stands_below_the_board(view: InsideView) -> None:
    assert str(view.desk.answer.cget("text")).startswith("4  9")
    assert view.desk.bars.values["4"].startswith("9")


def test_every_layer_is_in_the_strip(
    desk: RealDesk, page: LayersPage, wait_until: WaitUntil
) -> None:
    layers = desk.session.inside.layers("reader").layers
    paths = [column.layer.path for column in page.strip._columns]
    assert paths == [layer.path for layer in layers]
    assert paths[0] == INPUT and paths[-1] == ANSWER
    # Those out of view are not drawn; brought into view, they are.
    last = page.strip._columns[-1]
    assert not last.drawn
    page.strip.choose(ANSWER)
    wait_until(lambda: bool(last.drawn))
    page.strip.choose(INPUT)


def test_a_cell_of_a_convolution_is_explained_with_its_own_numbers(
    desk: RealDesk, view: InsideView, page: LayersPage, root: tk.Tk
) -> None:
    page.choose_layer("conv2")
    root.update()
    place = (3, 6, 7)
    press(page.panel.view, page.panel.view.place_of(place))
    explained = page.explained
    assert "conv2, channel 3, row 6, column 7" in str(explained.title.cget("text"))
    look = page._subject.look  # type: ignore[union-attr]
    tiles = desk.session.inside.tiles(look.key, "conv2", 3, 1)
    value = tiles.values.view[0, 6, 7]
    result, total, bias = (written(explained.said(tag)) for tag in ("result", "sum", "bias"))
    assert result == pytest.approx(value, abs=WRITTEN)
    assert total + bias == pytest.approx(result, abs=2 * WRITTEN)
    told = desk.session.inside.explain(look.key, "conv2", place)
    assert isinstance(told.parts, ConvolutionParts)
    assert total == pytest.approx(told.parts.total, abs=WRITTEN)
    # The shown channel, cell by cell.
    channel = largest_channel(told.parts)
    for i in range(3):
        for j in range(3):
            cell = written(explained.said(f"product-{i}-{j}"))
            assert cell == pytest.approx(told.parts.products.view[channel, i, j], abs=0.051)
    assert "digitdesk/nn/layers/convolution.py" in explained.said("source")
    assert "def forward" in explained.said("code")
    # What it read is framed in the layer before.
    assert page.strip.canvas.find_withtag("window")


def test_the_mouse_explains_what_is_below_it_until_it_leaves(
    page: LayersPage, root: tk.Tk, wait_until: WaitUntil
) -> None:
    page.choose_layer("conv2")
    root.update()
    page.choose_place((3, 6, 7))
    view = page.panel.view
    x, y = view.place_of((5, 2, 1))
    view.event_generate("<Motion>", x=x, y=y)
    wait_until(lambda: "channel 5, row 2, column 1" in str(page.explained.title.cget("text")))
    assert view.chosen == (3, 6, 7)
    view.event_generate("<Leave>", x=0, y=0)
    wait_until(lambda: "channel 3, row 6, column 7" in str(page.explained.title.cget("text")))


def test_another_channel_is_shown_by_the_buttons_and_by_its_bar(
    page: LayersPage, root: tk.Tk
) -> None:
    page.choose_layer("conv2")
    page.choose_place((3, 6, 7))
    explained = page.explained
    first = explained.said("channel-sum")
    click(explained.after_button)
    assert explained.said("channel-sum") != first
    click(explained.before_button)
    assert explained.said("channel-sum") == first
    canvas = explained.pad.canvas
    left, top, right, bottom = canvas.bbox("pick-5")
    middle = ((left + right) // 2, round((top + bottom) // 2 - canvas.canvasy(0)))
    canvas.event_generate("<Motion>", x=middle[0], y=middle[1])
    press(canvas, middle)
    assert "channel 5," in explained.said("channel-sum")


def test_keys_reach_layers_and_cells(page: LayersPage, root: tk.Tk) -> None:
    paths = [column.layer.path for column in page.strip._columns]
    start_at = paths.index("conv1")
    page.choose_layer("conv1")
    key(page.strip.canvas, "Right", "Right")
    assert page.strip.chosen == paths[start_at + 2]
    key(page.strip.canvas, "Left")
    assert page.strip.chosen == paths[start_at + 1] and page.panel.layer is page.layer
    key(page.panel.view, "Right")
    start = page.panel.view.chosen
    key(page.panel.view, "Right", "Down")
    assert start is not None
    channel, row, column = start
    assert page.panel.view.chosen == (channel, row + 1, column + 1)
    assert f"row {row + 1}, column {column + 1}" in str(page.explained.title.cget("text"))
    # Over the edge of a tile lies the next one.
    page.choose_place((0, 3, page.panel.view.shape[2] - 1))
    key(page.panel.view, "Right")
    assert page.panel.view.chosen == (1, 3, 0)


def test_step_and_play_go_from_number_to_number(page: LayersPage, wait_until: WaitUntil) -> None:
    page.choose_layer("conv1")
    page.choose_place((2, 0, 26))
    click(page.explained.step_button)
    click(page.explained.step_button)
    assert page.panel.view.chosen == (2, 1, 0)
    click(page.explained.play_button)
    wait_until(lambda: page.panel.view.chosen == (2, 1, 3))
    click(page.explained.play_button)
    assert not page.explained.is_playing


def test_every_kind_of_layer_says_its_result(desk: RealDesk, page: LayersPage) -> None:
    look = page._subject.look  # type: ignore[union-attr]
    for layer in desk.session.inside.layers("reader").layers:
        page.choose_layer(layer.path)
        place = tuple(size // 2 for size in layer.shape)
        page.choose_place(place)
        told = desk.session.inside.explain(look.key, layer.path, place)
        said = page.explained.said("result")
        assert written(said) == pytest.approx(told.value, abs=WRITTEN, rel=1e-3), layer.path


def test_the_temperature_changes_the_sureness(page: LayersPage) -> None:
    page.choose_layer(ANSWER)
    page.choose_place((4,))
    before = written(page.explained.said("result"))
    page.explained.slider.set(1.0)
    told = page.explained.explanation
    assert told is not None and isinstance(told.parts, SoftmaxParts)
    assert told.parts.temperature == pytest.approx(4.0)
    assert written(page.explained.said("result")) < before
    page.explained.slider.set(0.5)


def test_weights_enlarging_and_pages(page: LayersPage, root: tk.Tk) -> None:
    page.choose_layer("conv2")
    view = page.panel.view
    layer = page.layer
    assert layer is not None
    root.update()
    assert view.in_view == range(0, layer.tile_count)
    click(page.panel.large_button)
    assert len(view.in_view) == 1
    click(page.panel.after_button)
    assert view.in_view == range(1, 2)
    click(page.panel.large_button)
    assert len(view.in_view) == layer.tile_count
    click(page.panel.kind.buttons["weights"])
    assert view.total == layer.kernel_count
    seen = view.in_view
    assert len(seen) < view.total
    click(page.panel.after_button)
    assert view.in_view.start == seen.stop
    assert page.panel.scale.words[1] != ""
    click(page.panel.kind.buttons["outputs"])
    assert view.total == layer.tile_count


def test_the_tiles_follow_the_pen_and_an_empty_board(
    desk: RealDesk, view: InsideView, page: LayersPage, wait_until: WaitUntil
) -> None:
    page.choose_layer("conv1")
    page.choose_place((0, 14, 14))
    before = page._subject.look.key  # type: ignore[union-attr]
    pen = Pen(view.desk.board)
    pen.down((60, 60))
    pen.move((100, 60))
    view.desk.board.update()
    assert page._subject.look.key != before  # type: ignore[union-attr]
    assert page.strip._columns[1].drawn == page._subject.look.key  # type: ignore[union-attr]
    pen.up((100, 60))
    desk.window.root.update()
    click(view.desk.clear_button)
    assert str(view.desk.answer.cget("text")) == ""
    assert page._subject.look.is_empty  # type: ignore[union-attr]
    click(view.desk.undo_button)
    wait_until(lambda: str(view.desk.answer.cget("text")).startswith("4"))
