"""Pictures as bytes become arrays of greys, or a sentence."""

from __future__ import annotations

import numpy as np
import pytest

from digitdesk.errors import ImageError
from digitdesk.ink.pictures import grey_picture
from digitdesk.ink.preprocessing import preprocess_image, preprocess_strokes


def test_bytes_are_rows_of_greys() -> None:
    picture = np.full((60, 90), 240, dtype=np.uint8)
    picture[10:50, 40:46] = 20
    np.testing.assert_array_equal(grey_picture(picture.tobytes(), 90, 60), picture)


@pytest.mark.parametrize(
    ("pixels", "width", "height"), [(b"", 0, 0), (bytes(5), 2, 3), (bytes(6), -2, -3)]
)
def test_a_picture_that_is_not_whole_is_refused(pixels: bytes, width: int, height: int) -> None:
    with pytest.raises(ImageError, match="not whole"):
        grey_picture(pixels, width, height)


def test_a_picture_of_a_data_set_is_read_as_it_is() -> None:
    preprocessed = preprocess_strokes([[(80, 60), (200, 60), (120, 220)]])
    assert preprocessed is not None
    pixels = np.rint(preprocessed * 255).astype(np.uint8)
    found = preprocess_image(pixels)
    assert found is not None
    np.testing.assert_array_equal(np.rint(found * 255), pixels)
