"""Thinned ink is one pixel wide, and hangs together as before."""

from __future__ import annotations

import numpy as np
import pytest

from digitdesk.ink.picture.regions import label_regions
from digitdesk.ink.tracing.skeleton_ways import ways_of
from digitdesk.ink.tracing.thinning import thin


def ring(outer: float, inner: float, side: int = 60) -> np.ndarray:
    y, x = np.mgrid[:side, :side] - (side - 1) / 2
    distance = np.hypot(x, y)
    return (distance <= outer) & (distance >= inner)


def test_a_bar_becomes_its_middle_line() -> None:
    bar = np.zeros((20, 40), dtype=np.bool_)
    bar[7:12, 4:36] = True
    thinned = thin(bar[None])[0]
    ys, xs = np.nonzero(thinned)
    assert set(ys) == {9}
    assert np.ptp(xs) > 25
    assert (thinned.sum(axis=0) <= 1).all()


def test_a_ring_stays_a_ring() -> None:
    thinned = thin(ring(22, 14)[None])[0]
    ys, xs = np.nonzero(thinned) - np.float64(29.5)
    assert np.hypot(xs, ys) == pytest.approx(18, abs=1.5)
    (way,) = ways_of(thinned)
    assert way[0] == way[-1] and len(way) == thinned.sum() + 1


def test_parts_stay_apart_and_none_is_lost() -> None:
    picture = np.zeros((40, 40), dtype=np.bool_)
    picture[3:9, 3:30] = picture[20:36, 8:13] = picture[20:36, 20:25] = True
    assert label_regions(thin(picture[None])[0])[1] == 3


def test_pictures_of_a_batch_do_not_know_of_each_other() -> None:
    pictures = np.stack([ring(20, 10), ring(8, 0), np.zeros((60, 60), dtype=np.bool_)])
    alone = np.concatenate([thin(one[None]) for one in pictures])
    np.testing.assert_array_equal(thin(pictures), alone)
    assert not thin(pictures)[2].any()


def test_what_it_is_given_is_left_as_it_was() -> None:
    picture = ring(20, 10)
    before = picture.copy()
    thin(picture[None])
    np.testing.assert_array_equal(picture, before)


def test_ink_at_the_border_of_a_picture_is_thinned_as_elsewhere() -> None:
    bar = np.zeros((5, 30), dtype=np.bool_)
    bar[:, 2:28] = True
    np.testing.assert_array_equal(thin(bar[None])[0], thin(np.pad(bar, 6)[None])[0][6:-6, 6:-6])
