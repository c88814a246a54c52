"""Each step of the preparation is what it is called, and leaving it out does what it would."""

from __future__ import annotations

import numpy as np
import pytest

from digitdesk.ink.frame import MASS_CENTER_PX
from digitdesk.ink.preprocessing import preprocess_strokes
from digitdesk.inspection.preparation import feature_histograms, ink_features, preparation_steps


def seven(size: float, left: float, top: float):
    """A 7 with a long bar, so that its middle and its mass are apart."""
    corners = [(0.0, 0.0), (1.0, 0.0), (0.55, 1.0)]
    return (tuple((left + x * size, top + y * size) for x, y in corners),)


def mass_center(picture):
    middles = np.arange(picture.shape[0]) + 0.5
    return picture.sum(axis=0) @ middles / picture.sum(), picture.sum(
        axis=1
    ) @ middles / picture.sum()


def test_with_all_steps_it_is_the_one_preparation():
    strokes = seven(100, 30, 40)
    steps = preparation_steps(strokes)
    assert [step.name for step in steps] == ["drawn", "cropped", "fitted", "pen", "centered"]
    np.testing.assert_array_equal(steps[-1].picture, preprocess_strokes(strokes))
    assert not preparation_steps(())


def test_without_cropping_a_drawing_stays_small_and_where_it_was():
    steps = {step.name: step for step in preparation_steps(seven(60, 20, 20))}
    seen = steps["cropped"].without
    rows, columns = np.nonzero(seen > 0.1)
    assert (rows.min(), columns.min()) == (1, 1)
    assert rows.max() < 10
    assert steps["cropped"].picture.shape[0] < steps["drawn"].picture.shape[0] / 2


def test_without_fitting_a_drawing_is_in_the_middle_but_small():
    steps = {step.name: step for step in preparation_steps(seven(60, 20, 20))}
    seen = steps["fitted"].without
    assert mass_center(seen) == pytest.approx((MASS_CENTER_PX, MASS_CENTER_PX), abs=0.05)
    small, fitted = ink_features(np.stack([seen, steps["centered"].picture]))[:, 1]
    assert small == pytest.approx(8, abs=1.01)
    assert fitted == pytest.approx(20, abs=1.01)


def test_without_the_usual_pen_small_writing_is_thick():
    small = {step.name: step for step in preparation_steps(seven(60, 20, 20))}
    seen = np.stack([small["pen"].without, small["centered"].picture])
    thick, usual = ink_features(seen)[:, 0]
    assert thick > 1.6 * usual
    assert usual == pytest.approx(2.5, rel=0.25)


def test_without_centering_the_box_is_in_the_middle_and_the_mass_is_not():
    steps = {step.name: step for step in preparation_steps(seven(200, 30, 40))}
    seen = steps["centered"].without
    rows, columns = np.nonzero(seen > 0.05)
    assert rows.min() + rows.max() == columns.min() + columns.max() == 27
    assert max(abs(at - MASS_CENTER_PX) for at in mass_center(seen)) > 1


@pytest.mark.parametrize("width", [1, 2, 4])
def test_a_bar_is_as_wide_and_as_long_and_as_dark_as_it_is(width):
    picture = np.zeros((1, 28, 28), dtype=np.float32)
    picture[0, 4:24, 10 : 10 + width] = 0.75
    stroke, size, darkness = ink_features(picture)[0]
    # Its ends are edge, too.
    assert stroke == pytest.approx(2 * 20 * width / (2 * (20 + width)), rel=0.1)
    assert size == pytest.approx(20 * 0.75)
    assert darkness == pytest.approx(0.75)


def test_every_picture_is_counted_once_for_each_feature():
    rng = np.random.default_rng(1)
    pictures = (rng.uniform(0, 1, (50, 28, 28)) > 0.8).astype(np.float32)
    pictures[0] = 0
    told = feature_histograms(pictures)
    assert [each.name for each in told] == ["stroke width", "size", "darkness"]
    assert {sum(each.counts) for each in told} == {50}
