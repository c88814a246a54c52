"""Reads numbers: of all ways to divide the ink into digits, the one its reader finds likeliest.

Every candidate digit is read once; dynamic programming finds the best row of candidates.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.ink.preparation import prepare_strokes
from digitdesk.ink.segmentation import Candidate, Line, between, candidates, stroke_line
from digitdesk.messages import NumberReading, Prediction, Stroke
from digitdesk.recognition.reader import Reader

Float32Array = NDArray[np.float32]

_LEAST = 1e-4


class NumberReader:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def read_strokes(self, strokes: Sequence[Stroke]) -> NumberReading:
        line = stroke_line(strokes)
        found = candidates(line)
        pictures = []
        for c in found:
            ink = [p.content for p in sorted(line.pieces[c.first : c.last], key=lambda p: p.time)]
            pictures.append(prepare_strokes(ink))
        return self._read(line, found, pictures)

    def _read(self, line: Line[Any], found: list[Candidate], pictures: list[Any]) -> NumberReading:
        if not found:
            return NumberReading("", (), (), 0.0, reason="empty")
        answers = self._reader.answer_many(np.stack(pictures))
        scores = [
            -c.penalty + math.log(max(float(s), _LEAST))
            for c, s in zip(found, answers.sureness, strict=True)
        ]
        best = best_row(line, found, scores)
        names = self._reader.card.class_names
        labels = [names[int(answers.probabilities[k].argmax())] for k in best]
        preds = tuple(Prediction(tuple(answers.probabilities[k].tolist()), names, b"") for k in best)
        return NumberReading("".join(labels), preds, tuple(found[k].box for k in best), 0.0)


def best_row(line: Line[Any], found: Sequence[Candidate], scores: Sequence[float]) -> list[int]:
    ending: dict[int, list[int]] = {}
    total: dict[int, float] = {}
    before: dict[int, int] = {}
    for k, c in enumerate(found):
        ending.setdefault(c.last, []).append(k)
        if c.first == 0:
            total[k] = scores[k]; before[k] = -1
            continue
        best, arg = -math.inf, -1
        for j in ending.get(c.first, ()):
            if j in total:
                s = total[j] - between(found[j], c, line)
                if s > best: best, arg = s, j
        if arg >= 0:
            total[k] = best + scores[k]; before[k] = arg
    k = max(ending[len(line.pieces)], key=lambda j: total.get(j, -math.inf))
    row = []
    while k >= 0:
        row.append(k); k = before[k]
    return row[::-1]
