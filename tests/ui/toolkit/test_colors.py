"""Colors mean the same on both grounds, and stay apart from each other and from their ground."""

from __future__ import annotations

import itertools

import pytest

from digitdesk.ui.toolkit.colors import Palette, mixed, palette_of

GROUNDS = {False: ("#ffffff", "#202020"), True: ("#202020", "#eeeeee")}


def on(is_dark: bool) -> Palette:
    ground, text = GROUNDS[is_dark]
    return palette_of(
        ground=ground,
        text=text,
        border="#888888",
        accent="#4078f2",
        danger="#e45649",
        is_dark=is_dark,
    )


def distance(first: str, second: str) -> int:
    return max(abs(int(first[i : i + 2], 16) - int(second[i : i + 2], 16)) for i in (1, 3, 5))


@pytest.mark.parametrize("is_dark", [False, True])
def test_lines_stay_apart(is_dark: bool) -> None:
    palette = on(is_dark)
    lines = (palette.train, palette.validation, palette.test, palette.background)
    assert min(distance(*pair) for pair in itertools.combinations(lines, 2)) > 60


def test_ink_is_the_same_in_every_theme() -> None:
    light, dark = on(False), on(True)
    assert (light.ink, light.ink_ground) == (dark.ink, dark.ink_ground) == ("#ffffff", "#000000")


def test_a_mix_lies_between_its_colors() -> None:
    assert mixed("#000000", "#ffffff", 0.0) == "#000000"
    assert mixed("#000000", "#ffffff", 1.0) == "#ffffff"
    assert mixed("#000000", "#ff8000", 0.5) == "#804000"
