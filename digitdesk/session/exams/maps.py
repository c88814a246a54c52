"""The maps of a session's exams, kept so that a drawing can be placed on them while it grows."""

from __future__ import annotations

import contextlib
from collections import deque
from dataclasses import dataclass

from digitdesk.errors import ConfigError, DataError
from digitdesk.evaluation.point_maps import MadeMap, make_map, map_points
from digitdesk.ink.picture.grey_picture import greys_of
from digitdesk.messages.picture import DIGIT_SIDE, Picture
from digitdesk.messages.point_map import PIXELS, MapMethod, PointMap
from digitdesk.nn.parallel.thread_pool import ThreadPool
from digitdesk.recognition.layer_outputs import layer_names
from digitdesk.session.exams.kept_exams import KeptExam
from digitdesk.session.progress import Progress

_MOST = 6
_METHODS: tuple[MapMethod, ...] = ("pca", "tsne")


@dataclass(frozen=True, slots=True, eq=False)
class _KeptMap:
    told: PointMap
    made: MadeMap


class KeptMaps:
    """Threads may make and ask at once."""

    def __init__(self) -> None:
        # Only ever appended to, and copied whole to be searched.
        self._kept: deque[_KeptMap] = deque(maxlen=_MOST)

    def sources(self, kept: KeptExam) -> tuple[str, ...]:
        """What a map of an exam can be made of: the pixels, or any layer's outputs."""
        return (PIXELS, *layer_names(kept.reader))

    def make(self, kept: KeptExam, method: MapMethod, source: str, advance: Progress) -> PointMap:
        """The map of an exam; one that was made before is there at once.

        Raises:
            ConfigError: There is no such method or layer.
        """
        if method not in _METHODS:
            raise ConfigError(f"There is no map by '{method}'", expected=", ".join(_METHODS))
        key = f"{kept.exam.key} {method} {source}"
        before = self._find(key)
        if before is not None:
            return before.told
        # Two threads of BLAS would wait for each other at each of many small products, longer than
        # they work where something else wants a core; a pool of one thread limits them.
        with contextlib.closing(ThreadPool(1)):
            made = make_map(kept.reader, kept.evaluated, method, source, advance)
        shares = [*made.projection.explained[:2].tolist(), 0.0, 0.0]
        told = PointMap(
            key,
            map_points(made, kept.evaluated),
            method,
            source,
            (shares[0], shares[1]) if method == "pca" else None,
        )
        self._kept.append(_KeptMap(told, made))
        return told

    def place(self, key: str, picture: Picture) -> tuple[float, float]:
        """Where a prepared picture would lie on a map.

        Raises:
            DataError: The map is kept no more, or the picture is of another size.
        """
        kept = self._find(key)
        if kept is None:
            raise DataError("This map is no longer at hand", hint="Make it once more")
        if (picture.width, picture.height) != (DIGIT_SIDE, DIGIT_SIDE):
            raise DataError(
                "Only a prepared picture has a place on a map",
                expected=f"{DIGIT_SIDE}×{DIGIT_SIDE} pixels",
                received=f"{picture.width}×{picture.height}",
            )
        return kept.made.place(greys_of(picture))

    def _find(self, key: str) -> _KeptMap | None:
        return next((kept for kept in list(self._kept) if kept.told.key == key), None)
