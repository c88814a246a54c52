"""Pictures as bytes become arrays of greys, or a sentence."""

from __future__ import annotations

import numpy as np

from digitdesk.ink.picture.grey_picture import as_bytes, greys_of
from digitdesk.ink.preprocessing import preprocess_image, preprocess_strokes
from digitdesk.messages.picture import Picture


def test_bytes_are_rows_of_greys() -> None:
    picture = np.full((60, 90), 240, dtype=np.uint8)
    picture[10:50, 40:46] = 20
    np.testing.assert_array_equal(greys_of(Picture(90, 60, picture.tobytes())), picture)


def test_greys_are_rounded_to_bytes() -> None:
    greys = np.array([-0.1, 0, 0.5 / 255, 0.6 / 255, 254.4 / 255, 1, 1.1], dtype=np.float32)
    assert as_bytes(greys).tolist() == [0, 0, 0, 1, 254, 255, 255]


def test_a_picture_of_a_data_set_is_read_as_it_is() -> None:
    preprocessed = preprocess_strokes([[(80, 60), (200, 60), (120, 220)]])
    assert preprocessed is not None
    pixels = np.rint(preprocessed * 255).astype(np.uint8)
    found = preprocess_image(pixels)
    assert found is not None
    np.testing.assert_array_equal(np.rint(found * 255), pixels)
