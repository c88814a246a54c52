"""Reads a line of digits and signs as a whole, without dividing it first.

Where digits touch or one stroke writes several, no division of the ink can be trusted; a network
that sees all of them at once says which digits stand there, and about where.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.errors import ModelFileError
from digitdesk.ink.line_picture import ROWS, WIDTHS, LinePicture
from digitdesk.messages.model import LinePart
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.core.parameters import check_arrays
from digitdesk.nn.ctc import FOLLOWED, alignment, likeliest, log_likelihoods
from digitdesk.nn.network import Network
from digitdesk.nn.parallel.network_pool import NetworkPool
from digitdesk.nn.spec.build import declared_shapes, parse_layers

_NEAR = 0.03
"""Ink that a column nearer to the middle between two digits may have more, per column."""

_UNKNOWN = -1e30
"""The logarithm of what cannot be."""


@dataclass(frozen=True)
class LineReading:
    """What a network says of a line.

    Attributes:
        picture: What it saw.
        logs: (T, names + 1) logarithms of the probability that each name stands at a column of
            the network, and that none does.
        names: The digits and signs.
    """

    picture: LinePicture
    logs: NDArray[np.float64]
    names: str

    def log_likelihoods(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """How probable each text is, as logarithms; with signs it does not know, not at all."""
        known = [k for k, text in enumerate(texts) if set(text) <= set(self.names)]
        found = np.full(len(texts), _UNKNOWN)
        if known:
            labels = [[self.names.index(sign) for sign in texts[k]] for k in known]
            found[known] = log_likelihoods(self.logs, labels)
        return found

    def likeliest(self, count: int) -> list[str]:
        """The likeliest texts, of ``FOLLOWED`` at most."""
        return self._texts[:count]

    @functools.cached_property
    def _texts(self) -> list[str]:
        found = likeliest(self.logs, FOLLOWED)
        return ["".join(self.names[label] for label in labels) for labels in found]

    def edges(self, text: str) -> list[float] | None:
        """Where one digit or sign of a text ends and the next begins, in the line's own unit.

        That is the column with least ink between the two.

        Returns:
            One edge fewer than the text has signs; None where it does not fit on the line.
        """
        places = alignment(self.logs, [self.names.index(sign) for sign in text])
        if not np.isfinite(places).all():
            return None
        width = self.picture.grey.shape[1]
        step, first = _columns(width, len(self.logs))
        columns = [first + step * place for place in places]
        ink = np.pad(self.picture.grey.sum(axis=0), 1, mode="edge")
        ink = (ink[:-2] + ink[1:-1] + ink[2:]) / 3
        found = []
        for left, right in itertools.pairwise(columns):
            between = np.arange(int(left) + 1, min(max(int(right), int(left) + 2), width))
            cost = ink[between] + _NEAR * abs(between - (left + right) / 2)
            found.append(self.picture.x_of(int(between[cost.argmin()]) + 0.5))
        return found


class LineNetwork:
    """The network for lines of a model.

    Several threads may ask it at once.

    Args:
        part: What the model's card says of it.
        arrays: Its parameters and statistics by name.

    Raises:
        DigitDeskError: It cannot be built, or the arrays are not its own.
    """

    def __init__(self, part: LinePart, arrays: Mapping[str, NDArray[Any]]) -> None:
        self.part = part
        self._arrays = dict(arrays)
        self._networks: dict[int, NetworkPool] = {}
        shape = (1, ROWS, WIDTHS[0])
        backend, outputs = cpu_backend(), len(part.names) + 1
        wanted = declared_shapes(part.spec, input_shape=shape, classes=outputs, backend=backend)
        check_arrays(wanted, self._arrays)
        narrow = self.network(WIDTHS[0])
        built = narrow.output_shape
        if len(built) != 3 or built[:2] != (outputs, 1):
            raise ModelFileError(
                "Its network for lines does not give a row of columns",
                expected=f"{outputs} × 1 × columns",
                received=" × ".join(map(str, built)),
            )
        self._networks[WIDTHS[0]] = NetworkPool(narrow)

    def read(self, picture: LinePicture) -> LineReading | None:
        """What it says of a line; None where its numbers have overflowed."""
        width = picture.grey.shape[1]
        if width not in self._networks:
            self._networks[width] = NetworkPool(self.network(width))
        (outputs,) = self._networks[width].predict_logits(picture.grey[np.newaxis])
        logits = outputs[:, 0].T.astype(np.float64)
        if not np.isfinite(logits).all():
            return None
        logits /= self.part.temperature
        logits -= logits.max(axis=1, keepdims=True)
        logs = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
        return LineReading(picture, logs, self.part.names)

    def network(self, width: int) -> Network:
        """A network for lines of one of ``WIDTHS``; all of them have the same weights."""
        spec = self.part.spec
        network = Network(
            spec,
            lambda: parse_layers(spec),
            input_shape=(1, ROWS, width),
            backend=cpu_backend(),
        )
        network.load_arrays(self._arrays)
        return network


def _columns(width: int, columns: int) -> tuple[float, float]:
    """Columns of the picture from one of the network's to the next, and the middle of its first.

    Each pooling by two halves what is left of both; a last layer without padding takes as much
    from either end.
    """
    step = 2.0 ** round(np.log2(width / columns))
    return step, (width - step * (columns - 1)) / 2
