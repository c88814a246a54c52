"""Pictures that programs and telephones really write: transparent, in floats, and very large."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, features

from digitdesk.errors import ImageError
from digitdesk.files.picture_file import open_picture


def content(picture, kind, **options):
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()


def greys(data, side=1600):
    return np.asarray(open_picture(data, "The picture", side))


def clear(ink):
    """A bar of ink on nothing."""
    pixels = np.zeros((60, 50, 4), dtype=np.uint8)
    pixels[10:50, 22:28] = (*ink, 255)
    return content(Image.fromarray(pixels, "RGBA"), "PNG")


def test_white_ink_on_a_transparent_ground_is_seen():
    seen = greys(clear((255, 255, 255)))
    assert seen[30, 25] == 255 and seen[30, 5] == 0


def test_dark_ink_on_a_transparent_ground_is_on_white_paper():
    seen = greys(clear((20, 20, 20)))
    assert seen[30, 25] == 20 and seen[30, 5] == 255


@pytest.mark.parametrize("full", [1.0, 255.0])
def test_floats_are_read_from_0_to_1_and_to_255(full):
    pixels = np.full((60, 50), full, dtype=np.float32)
    pixels[10:50, 22:28] = 0.2 * full
    seen = greys(content(Image.fromarray(pixels), "TIFF"))
    assert abs(int(seen[30, 25]) - 51) <= 1 and seen[30, 5] == 255


@pytest.mark.skipif(not features.check("avif"), reason="the installed Pillow knows no AVIF")
def test_avif():
    pixels = np.full((60, 50), 250, dtype=np.uint8)
    pixels[10:50, 22:28] = 20
    seen = greys(content(Image.fromarray(pixels).convert("RGB"), "AVIF"))
    assert seen[30, 25] < 60 and seen[30, 5] > 230


def test_ink_and_paper_of_one_brightness_are_told_apart_by_color():
    pixels = np.full((60, 50, 3), (230, 51, 38), dtype=np.uint8)
    pixels[10:50, 22:28] = (26, 133, 51)
    seen = greys(content(Image.fromarray(pixels), "PNG"))
    assert int(seen[30, 5]) - int(seen[30, 25]) > 150


def test_black_on_white_is_taken_by_its_brightness():
    pixels = np.full((60, 50, 3), (240, 235, 220), dtype=np.uint8)
    pixels[10:50, 22:28] = (30, 40, 80)
    picture = Image.fromarray(pixels)
    assert (greys(content(picture, "PNG")) == np.asarray(picture.convert("L"))).all()


def test_a_telephones_108_megapixels_are_decoded_small():
    """The part of a megapixel that is decoded tells what the memory is: 12,000×9,000 / 16."""
    large = Image.new("L", (12_000, 9_000), 240)
    large.paste(30, (5_000, 3_000, 7_000, 6_000))
    data = content(large, "JPEG", quality=30)
    del large
    seen = greys(data)
    assert max(seen.shape) == 1600
    assert seen[600, 800] < 60 and seen[100, 100] > 220


def test_what_cannot_be_decoded_small_is_refused_as_before():
    large = Image.new("L", (8_000, 6_000), 240)
    for data in (content(large, "PNG"), content(large, "JPEG", progressive=True, quality=20)):
        with pytest.raises(ImageError, match="too many pixels"):
            greys(data)
