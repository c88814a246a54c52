"""Numbers as colors, tiles on a sheet, bars with a sign: each pixel is the number it stands for."""

from __future__ import annotations

import tkinter as tk

import pytest

from digitdesk.ui.charts.scale_bar import ScaleBar
from digitdesk.ui.charts.signed_colors import (
    GROUND,
    ZERO,
    color_of,
    colored,
    level_of,
    text_color_of,
)
from digitdesk.ui.charts.tile_sheet import TileLayout, bars_of, sheet_of
from digitdesk.ui.toolkit import theme

pytestmark = pytest.mark.window


def test_a_level_says_sign_and_size() -> None:
    assert level_of(0.0, 2.0) == ZERO == 128
    assert level_of(2.0, 2.0) == 255 and level_of(-2.0, 2.0) == 1
    assert level_of(1.0, 2.0) - ZERO == ZERO - level_of(-1.0, 2.0)
    assert level_of(9.0, 2.0) == 255, "what is beyond the scale is at its end"
    assert level_of(0.0, 0.0) == ZERO, "a layer may give nothing but zeros"


@pytest.mark.parametrize("name", [theme.LIGHT, theme.DARK])
def test_colors_go_from_blue_through_the_ground_to_red(root: tk.Tk, name: str) -> None:
    theme.use_theme(name)
    try:
        colors = theme.palette()
        assert color_of(1) == colors.negative and color_of(255) == colors.positive
        assert color_of(0) == colors.background
        file = colored(bytes([1, 128, 255, 0]), 2, 2)
        assert file.startswith(b"P6 2 2 255\n")
        pixels = file.removeprefix(b"P6 2 2 255\n")
        told = ["#" + pixels[at : at + 3].hex() for at in range(0, 12, 3)]
        assert told == [color_of(level) for level in (1, 128, 255, 0)]
        for level in (1, 128, 255):
            assert text_color_of(level) != color_of(level)
    finally:
        theme.use_theme(theme.LIGHT)


@pytest.mark.parametrize(
    ("count", "side", "room"), [(32, 26, (300, 200)), (256, 28, (300, 300)), (1, 28, (400, 90))]
)
def test_tiles_fit_into_their_room_and_know_their_places(
    count: int, side: int, room: tuple[int, int]
) -> None:
    layout = TileLayout.of(count, side, side, room, (2, 12))
    wide, high = layout.size_px
    assert wide <= room[0] and high <= room[1]
    assert 1 <= layout.count <= count
    for tile in (0, layout.count - 1):
        for row, column in ((0, 0), (side - 1, side - 1)):
            left, top, right, bottom = layout.box(tile, row, column)
            assert layout.at((left + right) // 2, (top + bottom) // 2) == (tile, row, column)
    _left, _top, right, bottom = layout.tile_box(0)
    if layout.count > 1:
        assert layout.at(right + 1, 1) is None, "between two tiles there is nothing"
    assert layout.at(-1, 0) is None


def test_more_tiles_than_there_is_room_for_leave_a_page() -> None:
    layout = TileLayout.of(256, 28, 28, (120, 120), (2, 12))
    assert layout.count == 4
    assert TileLayout.of(256, 28, 28, (900, 900), (1, 12)).count == 256


def test_a_sheet_holds_every_number_once() -> None:
    levels = bytes(range(1, 1 + 3 * 4))  # three tiles of two rows and two columns
    layout = TileLayout(2, 2, 1, 2, 3)
    assert layout.size == (5, 5)
    sheet = sheet_of(levels, layout)
    rows = [sheet[at : at + 5] for at in range(0, 25, 5)]
    assert rows[0] == bytes([1, 2, 0, 5, 6])
    assert rows[1] == bytes([3, 4, 0, 7, 8])
    assert rows[2] == GROUND * 5
    assert rows[3] == bytes([9, 10, 0, 0, 0])
    assert sheet_of(levels, TileLayout(2, 2, 1, 1, 1), first=2) == bytes([9, 10, 11, 12])


def test_bars_go_to_the_right_above_zero_and_to_the_left_below() -> None:
    rows = bars_of(bytes([255, 1, 128, 192]), 20, 1)
    assert len(rows) == 80
    most, least, none, half = (rows[at : at + 20] for at in range(0, 80, 20))
    assert most.count(255) == least.count(1) == 9
    assert most.index(255) == 10 and least.rindex(1) == 9
    assert none == bytes([ZERO]) * 20
    assert half.count(255) == 5
    assert len(bars_of(bytes([255]), 20, 6)) == 120


def test_the_scale_says_what_its_ends_mean(host: theme.Frame) -> None:
    scale = ScaleBar(host, lambda value: f"{value:.1f}")
    scale.pack()
    scale.show(2.5)
    assert scale.words == ("-2.5", "2.5")
    scale.show(4.0)
    assert scale.words == ("-4.0", "4.0")
