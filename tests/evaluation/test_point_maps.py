"""Maps: components are NumPy's own, neighbors stay neighbors, one more picture has its place."""

from __future__ import annotations

import numpy as np
import pytest

from digitdesk.errors import CancelledError, ConfigError
from digitdesk.evaluation.evaluate import evaluate
from digitdesk.evaluation.items import EvaluatedSet
from digitdesk.evaluation.labelled_sets import LabelledSet
from digitdesk.evaluation.point_maps import make_map, map_points
from digitdesk.evaluation.projection import principal_components
from digitdesk.evaluation.tsne import squared_distances, tsne
from digitdesk.messages.model import ModelCard
from digitdesk.messages.point_map import PIXELS
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.spec.build import build_network
from digitdesk.recognition.layer_outputs import layer_names, layer_outputs
from digitdesk.recognition.reader import Reader
from digitdesk.storage.model_file import StoredModel
from tests.training.small_runs import stripes

SPEC = "conv(3, 3) relu maxpool(2) flatten dense(8) relu dense(10)"


def clusters(each: int = 40, count: int = 5) -> tuple[np.ndarray, np.ndarray]:
    """Points around a few middles, and which each belongs to."""
    rng = np.random.default_rng(1)
    middles = rng.normal(0, 4, (count, 20))
    owner = np.repeat(np.arange(count), each)
    return (middles[owner] + rng.normal(0, 1, (len(owner), 20))).astype(np.float32), owner


@pytest.fixture(scope="module")
def reader() -> Reader:
    network = build_network(SPEC, backend=cpu_backend(), seed=4)
    card = ModelCard("m", SPEC)
    return Reader.from_stored(StoredModel(card, network.snapshot()), cpu_backend())


@pytest.fixture(scope="module")
def evaluated(reader: Reader) -> EvaluatedSet:
    images, labels = stripes(120, 3)
    return evaluate(reader, LabelledSet.of(images.astype(np.float32) / 255, labels))


@pytest.mark.parametrize("shape", [(60, 12), (30, 200)])
def test_components_are_those_of_the_decomposition(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(0)
    features = (rng.normal(size=shape) * np.linspace(5, 1, shape[1])).astype(np.float32)
    found = principal_components(features, 4)
    _, values, axes = np.linalg.svd(features - features.mean(axis=0), full_matrices=False)
    np.testing.assert_allclose(found.explained, (values**2 / (values**2).sum())[:4], rtol=1e-4)
    np.testing.assert_allclose(np.abs((found.axes * axes[:4]).sum(axis=1)), 1, rtol=1e-4)
    assert (np.take_along_axis(found.axes, np.abs(found.axes).argmax(1)[:, None], 1) > 0).all()
    np.testing.assert_allclose(found.of(features).mean(axis=0), 0, atol=1e-3)


@pytest.mark.parametrize("features", [np.ones((3, 5)), np.zeros((1, 4)), np.eye(2)])
def test_few_or_equal_points_have_components_too(features: np.ndarray) -> None:
    found = principal_components(features.astype(np.float32), 50)
    assert np.isfinite(found.of(features.astype(np.float32))).all()
    assert np.isfinite(found.explained).all()


def test_planted_clusters_stay_together() -> None:
    features, owner = clusters()
    start = principal_components(features, 2).of(features)
    told: list[int] = []
    y = tsne(features, start, lambda done, total: told.append(done))
    distances = squared_distances(y, y)
    np.fill_diagonal(distances, np.inf)
    nearest = np.argsort(distances, axis=1)[:, :10]
    assert (owner[nearest] == owner[:, None]).mean() > 0.99
    # Apart, too: the middles lie much further from each other than the points from theirs.
    middles = np.stack([y[owner == k].mean(axis=0) for k in range(5)])
    within = max(float(y[owner == k].std(axis=0).max()) for k in range(5))
    between = squared_distances(middles, middles)
    np.fill_diagonal(between, np.inf)
    assert np.sqrt(between.min()) > 2 * within
    assert told[0] == 0 and told[-1] == 750
    np.testing.assert_array_equal(y, tsne(features, start))


def test_chance_alone_does_not_keep_clusters_together() -> None:
    """The measure above would notice: points at random have neighbors of every kind."""
    _, owner = clusters()
    y = np.random.default_rng(0).normal(size=(len(owner), 2)).astype(np.float32)
    distances = squared_distances(y, y)
    np.fill_diagonal(distances, np.inf)
    nearest = np.argsort(distances, axis=1)[:, :10]
    assert (owner[nearest] == owner[:, None]).mean() < 0.4


def test_a_map_can_be_stopped() -> None:
    features, _ = clusters()

    def advance(done: int, total: int) -> None:
        if done >= 20:
            raise CancelledError("enough")

    with pytest.raises(CancelledError):
        tsne(features, features[:, :2], advance)


@pytest.mark.parametrize("n", [1, 2, 3, 5, 12])
def test_few_points_are_laid_out_too(n: int) -> None:
    features = clusters()[0][::17][:n]
    assert np.isfinite(tsne(features, features[:, :2])).all()
    same = np.ones((n, 4), np.float32)
    assert np.isfinite(tsne(same, same[:, :2])).all()


def test_layers_are_asked_by_name(reader: Reader, evaluated: EvaluatedSet) -> None:
    names = layer_names(reader)
    assert len(names) == 7 and names[0] == "conv1"
    images = evaluated.pictures.astype(np.float32) / np.float32(255)
    logits = layer_outputs(reader, images, names[-1])
    assert logits.shape == (120, 10)
    np.testing.assert_allclose(
        np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True),
        reader.read_many(images),
        rtol=1e-4,
        atol=1e-6,
    )
    assert layer_outputs(reader, images[:2], "conv1").shape == (2, 3 * 28 * 28)
    with pytest.raises(ConfigError, match="no layer 'conv9'"):
        layer_outputs(reader, images, "conv9")


@pytest.mark.parametrize("method", ["pca", "tsne"])
@pytest.mark.parametrize("source", [PIXELS, "dense1"])
def test_a_picture_on_the_map_lies_at_its_point(
    reader: Reader, evaluated: EvaluatedSet, method: str, source: str
) -> None:
    made = make_map(reader, evaluated, method, source)  # type: ignore[arg-type]
    points = map_points(made, evaluated)
    assert [point.index for point in points] == list(range(120))
    assert np.abs(made.points).max() == pytest.approx(1)
    for place in (0, 50, 119):
        x, y = made.place(evaluated.pictures[place])
        assert (x, y) == pytest.approx((points[place].x, points[place].y), abs=1e-3)
    right = [point.is_right for point in points]
    assert right == evaluated.is_right.tolist()
    assert points[7].label == evaluated.label(7)
