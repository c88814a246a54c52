"""Writing that hardly stands out is told from paper with nothing on it."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from digitdesk.ink.picture.faintness import is_too_faint, writing_contrast
from digitdesk.ink.preprocessing import preprocess_image
from tests.number_support import paper_with, written

SEVEN = written("7", gap=0, height=180).strokes


@pytest.mark.parametrize("noise", [0.0, 0.01, 0.03])
@pytest.mark.parametrize("side", [120, 500, 1400])
def test_blank_paper_holds_no_writing(noise: float, side: int) -> None:
    for seed in range(5):
        paper = paper_with((), side=side, noise=noise, seed=seed)
        assert writing_contrast(paper) == 0
        assert not is_too_faint(paper, was_found=False)


@pytest.mark.parametrize(("contrast", "noise"), [(0.02, 0.004), (0.04, 0.012), (0.05, 0.03)])
@pytest.mark.parametrize("side", [280, 900])
def test_a_pencil_that_hardly_marks_is_too_faint(contrast: float, noise: float, side: int) -> None:
    for seed in range(5):
        photo = paper_with(SEVEN, side=side, contrast=contrast, noise=noise, seed=seed)
        assert preprocess_image(photo) is None
        assert is_too_faint(photo, was_found=False)


def test_bright_ink_on_a_dark_board_may_be_faint_too() -> None:
    photo = 255 - paper_with(SEVEN, side=400, contrast=0.03, noise=0.004)
    assert is_too_faint(photo, was_found=False)


def test_plain_writing_is_not_faint_whatever_else_is_wrong_with_it() -> None:
    photo = paper_with(SEVEN, side=400, contrast=0.6, noise=0.02)
    assert writing_contrast(photo) == pytest.approx(0.6, abs=0.1)
    assert not is_too_faint(photo, was_found=True)


def test_found_ink_that_stands_out_little_is_too_faint() -> None:
    photo = paper_with(SEVEN, side=400, contrast=0.08, noise=0.004)
    assert preprocess_image(photo) is not None
    assert is_too_faint(photo, was_found=True)


@pytest.mark.parametrize(
    "picture",
    [np.zeros((1, 1)), np.zeros((28, 28), np.uint8), np.full((30, 900), 255, np.uint8)],
)
def test_pictures_without_anything_are_empty(picture: NDArray[np.generic]) -> None:
    assert writing_contrast(picture) == 0
