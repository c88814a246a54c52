"""Pictures, grids and tables hold what they say, refuse what does not fit, and never change."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from digitdesk.errors import ImageError
from digitdesk.messages.grid import Grid
from digitdesk.messages.picture import Picture
from digitdesk.messages.table import Table


def test_a_picture_holds_an_array_of_bytes_and_is_a_file_tk_reads() -> None:
    greys = np.arange(6, dtype=np.uint8).reshape(2, 3)
    picture = Picture.of(greys, "six")
    assert (picture.width, picture.height, picture.title) == (3, 2, "six")
    assert picture.pgm == b"P5 3 2 255\n\0\1\2\3\4\5"
    # A part of an array lies in memory with gaps; the picture has none.
    assert Picture.of(greys[:, 1:]).pixels == bytes([1, 2, 4, 5])


@pytest.mark.parametrize(
    ("width", "height", "count"), [(3, 2, 5), (2, 3, 7), (0, 0, 0), (-2, -3, 6)]
)
def test_a_picture_that_is_not_whole_is_refused(width: int, height: int, count: int) -> None:
    with pytest.raises(ImageError, match=f"bytes; received {count}"):
        Picture(width, height, bytes(count))


def test_pictures_stand_in_a_row() -> None:
    ones, twos = Picture(2, 3, b"\1" * 6), Picture(1, 3, b"\2" * 3)
    assert Picture.beside([ones, twos], "12") == Picture(3, 3, b"\1\1\2" * 3, "12")


def test_a_grid_is_read_without_numpy() -> None:
    array = np.arange(24, dtype=np.float32).reshape(2, 3, 4) / 8
    grid = Grid.of(array)
    assert grid.view[1, 2, 3] == array[1, 2, 3]
    assert grid.view.tolist() == array.tolist()
    assert Grid.of(array[:, ::2, 1]).view.tolist() == array[:, ::2, 1].tolist()
    assert Grid.of(np.empty((0, 3), np.float32)).view.tolist() == []
    array[...] = 0
    assert grid.view[1, 2, 3] == 23 / 8
    with pytest.raises(TypeError, match="read-only"):
        grid.view[0, 0, 0] = 1


@pytest.mark.parametrize("shape", [(2, 2), (4,), (), (-1, -3)])
def test_a_grid_of_another_shape_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="12 bytes are no float32 grid"):
        Grid(shape, bytes(12))


def test_a_grid_of_other_numbers_is_refused() -> None:
    with pytest.raises(ValueError, match="not 'd'"):
        Grid.of(np.zeros((2, 2)))


def test_a_table_gives_its_columns() -> None:
    table = Table(("layer", "parameters", "note"), (("dense1", 7850, None), ("relu1", 0, "none")))
    assert table.column("parameters") == (7850, 0)
    with pytest.raises(ValueError, match="not in tuple"):
        table.column("weights")


@pytest.mark.parametrize(
    ("columns", "rows", "kind"),
    [
        (("a", "a"), (), ValueError),
        (("a", "b"), ((1,),), ValueError),
        (("a",), ((np.float64(1),),), TypeError),
        (("a",), ((("nested",),),), TypeError),
    ],
)
def test_a_table_that_does_not_fit_is_refused(columns, rows, kind) -> None:
    with pytest.raises(kind):
        Table(columns, rows)


@pytest.mark.parametrize("value", [Picture(1, 1, b"\0"), Grid((1,), bytes(4)), Table(("a",))])
def test_plain_values_never_change(value: object) -> None:
    field = dataclasses.fields(value)[0].name  # type: ignore[arg-type]
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(value, field, None)
    assert hash(value) == hash(dataclasses.replace(value))  # type: ignore[type-var]
