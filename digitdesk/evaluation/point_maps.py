"""Maps of pictures: a thousand of a set as points of a plane, and where one more would lie."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitdesk.errors import DataError
from digitdesk.evaluation.items import EvaluatedSet
from digitdesk.evaluation.projection import Projection, principal_components
from digitdesk.evaluation.robustness import sample_places
from digitdesk.evaluation.slices import Advance
from digitdesk.evaluation.tsne import tsne
from digitdesk.ink.arrays import Float32Array, UInt8Array
from digitdesk.messages.point_map import PIXELS, MapMethod, MapPoint
from digitdesk.recognition.layer_outputs import layer_outputs
from digitdesk.recognition.reader import Reader

_COMPONENTS = 50
"""What t-SNE is told of a picture: more are mostly noise, and slow."""

_NEIGHBORS = 5


@dataclass(frozen=True, slots=True, eq=False)
class MadeMap:
    """A map, and all that is needed to place further pictures on it.

    Attributes:
        places: (N,) which pictures of the set are on it.
        points: (N, 2) where they lie, from -1 to 1.
        reader: The model whose layer was asked.
        source: ``PIXELS`` or the name of the layer.
        projection: The principal components of its outputs.
        scale: What those were multiplied by, for PCA.
        features: (N, components) of the pictures, for t-SNE.
    """

    places: NDArray[np.intp]
    points: Float32Array
    reader: Reader
    source: str
    projection: Projection
    scale: float
    features: Float32Array | None

    def place(self, picture: UInt8Array) -> tuple[float, float]:
        """Where a (28, 28) picture would lie.

        By PCA, where its components say. t-SNE knows no such rule: there, it is the middle of the
        pictures most alike, the more alike the weightier; one that is on the map lies at its point.
        """
        components = self.projection.of(_features(self.reader, picture[None], self.source))
        if self.features is None:
            x, y = (self.scale * components[0, :2]).tolist()
            return x, y
        # By the differences themselves: products would drown a small one in rounding.
        distances = ((self.features - components).astype(np.float64) ** 2).sum(axis=1)
        nearest = np.argsort(distances, kind="stable")[:_NEIGHBORS]
        weights = 1 / np.maximum(distances[nearest], 1e-6 * max(distances[nearest].max(), 1e-12))
        x, y = ((weights / weights.sum()) @ self.points[nearest]).tolist()
        return x, y


def make_map(
    reader: Reader,
    evaluated: EvaluatedSet,
    method: MapMethod,
    source: str,
    advance: Advance = lambda done, total: None,
) -> MadeMap:
    """Lay pictures of a set out on a plane.

    Args:
        reader: The model whose layers are asked.
        evaluated: The set.
        method: ``pca`` or ``tsne``.
        source: ``PIXELS``, or the name of a layer.
        advance: Told how far it is; raises to stop.

    Raises:
        ConfigError: There is no such layer.
        DataError: A layer's outputs are no numbers.
    """
    places = sample_places(len(evaluated))
    features = _features(reader, evaluated.pictures[places], source)
    if not np.isfinite(features).all():
        raise DataError(f"The outputs of {source} are no numbers", hint="Choose another layer")
    advance(0, 1)
    projection = principal_components(features, _COMPONENTS)
    components = projection.of(features)
    plane = _two_columns(components)
    if method == "tsne":
        points, scale = _fitted(tsne(components, plane, advance))
        return MadeMap(places, points, reader, source, projection, scale, components)
    points, scale = _fitted(plane)
    return MadeMap(places, points, reader, source, projection, scale, None)


def map_points(made: MadeMap, evaluated: EvaluatedSet) -> tuple[MapPoint, ...]:
    """A map's points with what is known of their pictures."""
    names, is_right = evaluated.class_names, evaluated.is_right
    said = evaluated.predicted
    return tuple(
        MapPoint(x, y, place, evaluated.label(place), names[said[place]], bool(is_right[place]))
        for (x, y), place in zip(made.points.tolist(), made.places.tolist(), strict=True)
    )


def _features(reader: Reader, pictures: UInt8Array, source: str) -> Float32Array:
    images = pictures.astype(np.float32) / np.float32(255)
    if source == PIXELS:
        return images.reshape(len(images), -1)
    return layer_outputs(reader, images, source)


def _two_columns(components: Float32Array) -> Float32Array:
    """The first two components; a second one of zeros where there is no other."""
    missing = max(0, 2 - components.shape[1])
    return np.pad(components[:, :2], ((0, 0), (0, missing)))


def _fitted(plane: Float32Array) -> tuple[Float32Array, float]:
    """Points scaled into -1 … 1, both axes alike, and by what."""
    scale = 1 / (float(np.abs(plane).max()) or 1.0)
    return (plane * np.float32(scale)).astype(np.float32), scale
