"""The last exam, kept in a file, so that it is there when the program is next opened.

The file is written whole or not at all. One that is damaged, strange or too large is no memory.
"""

from __future__ import annotations

import hashlib
import itertools
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from digitdesk.errors import DataError, DigitDeskError
from digitdesk.evaluation.items import EvaluatedSet
from digitdesk.files.atomic import make_folder
from digitdesk.messages.exam import DataKind
from digitdesk.messages.model import ModelCard
from digitdesk.messages.prediction import Stroke
from digitdesk.recognition.reader import Answers, Reader
from digitdesk.storage.content import Content
from digitdesk.storage.model_file import read_content, write_content
from digitdesk.storage.plain_json import from_plain, to_plain

MOST_BYTES = 96 * 2**20
_KIND = "digitdesk-exam"

_log = logging.getLogger(__name__)

Strokes = tuple[tuple[Stroke, ...], ...]


@dataclass(frozen=True, slots=True)
class ExamFacts:
    """What an exam's file says in words; what is in ``Exam`` means the same here.

    Attributes:
        weights_hash: Of the network's weights, to know it again.
        reason_names: Why answers were refused; the first one is that they were not.
    """

    model_key: str
    model_title: str
    step: int | None
    card: ModelCard
    data_kind: str
    data_name: str
    data_title: str
    data_hash: str
    made_at: str
    seconds: float
    notes: tuple[str, ...]
    weights_hash: str
    reason_names: tuple[str, ...] = ("",)


def weights_hash(reader: Reader) -> str:
    """SHA-256 of the weights of a reader's network; empty where it has none of its own."""
    if reader.networks is None:
        return ""
    with reader.networks.lent() as network:
        digest = hashlib.sha256()
        for name, array in sorted(network.snapshot().items()):
            digest.update(name.encode("utf-8"))
            digest.update(np.ascontiguousarray(array).data)
        return digest.hexdigest()


class ExamFile:
    """One file, replaced by every exam.

    Args:
        path: Its folder is made when something is first put there.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(
        self, facts: Callable[[], ExamFacts], evaluated: EvaluatedSet, strokes: Strokes | None
    ) -> None:
        """Keep an exam in place of the one before; a disk that refuses costs the memory only."""
        try:
            names = tuple(dict.fromkeys(["", *evaluated.reasons]))
            arrays = _arrays(evaluated, names, strokes)
            if sum(array.nbytes for array in arrays.values()) > MOST_BYTES:
                self._path.unlink(missing_ok=True)
                return
            card = to_plain(facts()) | {"reason_names": list(names)}
            make_folder(self._path.parent)
            write_content(self._path, Content(_KIND, card, arrays))
        except (DigitDeskError, OSError):
            _log.warning("The exam is not kept", exc_info=True)

    def read(self) -> tuple[ExamFacts, EvaluatedSet, Strokes | None] | None:
        """The exam that was kept last, if there is one."""
        try:
            if not self._path.is_file() or self._path.stat().st_size > 2 * MOST_BYTES:
                return None
            content = read_content(self._path, _KIND)
            facts = from_plain(ExamFacts, content.card)
            return facts, _evaluated(facts, content.arrays), _strokes(content.arrays)
        except (DigitDeskError, OSError, ValueError, LookupError):
            _log.warning("The kept exam cannot be read", exc_info=True)
            return None


def _arrays(
    evaluated: EvaluatedSet, reason_names: tuple[str, ...], strokes: Strokes | None
) -> dict[str, NDArray[Any]]:
    answers = evaluated.answers
    places = {name: place for place, name in enumerate(reason_names)}
    arrays: dict[str, NDArray[Any]] = {
        "pictures": evaluated.pictures,
        "probabilities": answers.probabilities,
        "sureness": answers.sureness,
        "reasons": np.array([places[reason] for reason in evaluated.reasons], dtype=np.uint8),
    }
    if answers.rejects.size:
        arrays["rejects"] = answers.rejects
    if evaluated.labels is not None:
        arrays["labels"] = evaluated.labels.astype(np.int64)
    if strokes is not None:
        drawn = [stroke for drawing in strokes for stroke in drawing]
        points = [point[:2] for stroke in drawn for point in stroke]
        arrays["points"] = np.array(points, dtype=np.float64).reshape(-1, 2)
        arrays["stroke_lengths"] = np.array([len(stroke) for stroke in drawn], dtype=np.int64)
        arrays["stroke_counts"] = np.array([len(drawing) for drawing in strokes], dtype=np.int64)
    return arrays


def _evaluated(facts: ExamFacts, arrays: dict[str, NDArray[Any]]) -> EvaluatedSet:
    """The set as it was.

    Raises:
        DataError: The arrays do not belong together.
    """
    names, n = facts.card.class_names, len(arrays["reasons"])
    rejects = arrays.get("rejects", np.zeros((n, 0)))
    labels, reasons = arrays.get("labels"), arrays["reasons"].astype(np.int64)
    fits = (
        facts.data_kind in get_args(DataKind)
        and n > 0
        and _is(arrays["pictures"], "u", (n, 28, 28))
        and _is(arrays["probabilities"], "f", (n, len(names)))
        and _is(arrays["sureness"], "f", (n,))
        and _is(rejects, "f", (n, len(facts.card.reject_names)))
        and _is(reasons, "i", (n,))
        and int(reasons.max()) < len(facts.reason_names)
        and (labels is None or _is(labels, "i", (n,)))
        and (labels is None or 0 <= int(labels.min()) <= int(labels.max()) < len(names))
    )
    if not fits:
        raise DataError("The parts of the kept exam do not belong together")
    return EvaluatedSet(
        names,
        arrays["pictures"],
        labels,
        Answers(arrays["probabilities"], arrays["sureness"], rejects),
        tuple(facts.reason_names[place] for place in reasons.tolist()),
        facts.card.refusal_threshold,
    )


def _is(array: NDArray[Any], kind: str, shape: tuple[int, ...]) -> bool:
    is_finite = kind != "f" or bool(np.isfinite(array).all())
    return array.dtype.kind == kind and array.shape == shape and is_finite


def _strokes(arrays: dict[str, NDArray[Any]]) -> Strokes | None:
    """The drawings; none where their parts do not belong together."""
    if "points" not in arrays:
        return None
    points = [(x, y) for x, y in arrays["points"].tolist()]
    lengths, counts = arrays["stroke_lengths"], arrays["stroke_counts"]
    is_whole = (
        len(counts) == len(arrays["reasons"])
        and int(lengths.sum()) == len(points)
        and int(counts.sum()) == len(lengths)
        and min([*lengths.tolist(), *counts.tolist()], default=0) >= 0
    )
    if not is_whole:
        raise DataError("The parts of the kept exam do not belong together")
    ends = [0, *np.cumsum(lengths).tolist()]
    drawn = [tuple(points[a:b]) for a, b in itertools.pairwise(ends)]
    ends = [0, *np.cumsum(counts).tolist()]
    return tuple(tuple(drawn[a:b]) for a, b in itertools.pairwise(ends))
