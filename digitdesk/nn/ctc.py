"""Connectionist temporal classification: which labels stand in a line, though not where.

A network says of each column of a line which label it belongs to, or that it belongs to none
(blank). Many ways through the columns spell the same labels: a label may last for several
columns, and blanks stand between equal ones. Here all of them are summed up.

Source:
    Graves et al., "Connectionist temporal classification: labelling unsegmented sequence data with
    recurrent neural networks", ICML 2006; equations in sections 3 and 4.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.nn.core.backend import Array
from digitdesk.nn.losses import Loss, softmax

PADDING = -1
"""Stands after the labels of a line that has fewer than others."""

_NEVER = -1e30
"""The logarithm of no chance at all; a true infinity would give NaN where two of them meet."""

FOLLOWED = 8
"""Beginnings of a spelling that are followed at once."""

_LEAST = -9.0
"""What is less probable than this in a column begins no new spelling."""

Labels = Sequence[int]


class CTC(Loss):
    """Minus the logarithm of the probability that the columns spell the labels.

    The last class is blank. The gradient is simple once more: ``(p − q) / N``, with p the softmax
    of a column and q how probable each label is there, given that the line spells what it should.
    Computed on the host, in double precision.

    Shapes:
        logits (K, 1, T, N), labels (N, L) padded with ``PADDING`` → number; gradient (K, 1, T, N).
    """

    def forward(self, outputs: Array, targets: Array) -> Array:
        """Mean over the lines."""
        logits = np.asarray(outputs, dtype=np.float64)[:, 0].transpose(2, 1, 0)  # (N, T, K)
        probabilities: NDArray[np.float64] = softmax(logits, axis=2)
        logs = np.log(np.maximum(probabilities, 1e-300))
        posterior, likelihood = _posterior(logs, np.asarray(targets))
        self._difference = (probabilities - posterior).astype(outputs.dtype)
        return self.xp.asarray(-likelihood.mean())

    def backward(self, batch_size: float | None = None) -> Array:
        """(p − q) / batch_size."""
        grad = self._difference.transpose(2, 1, 0)[:, None]
        return self.xp.asarray(grad / np.float32(batch_size or len(self._difference)))


def log_likelihoods(logs: NDArray[np.float64], spellings: Sequence[Labels]) -> NDArray[np.float64]:
    """How probable each of several spellings is of one line.

    Args:
        logs: (T, K) logarithms of each column's probabilities, blank last.
        spellings: Labels from left to right, any number of them.

    Returns:
        (spellings,) logarithms.
    """
    most = max(map(len, spellings))
    labels = np.full((len(spellings), most), PADDING)
    for row, spelling in enumerate(spellings):
        labels[row, : len(spelling)] = spelling
    chain = _Chain(labels, logs.shape[1] - 1)
    every = np.broadcast_to(logs, (len(spellings), *logs.shape))
    return chain.likelihood(chain.forward(chain.of_states(every)))


def alignment(logs: NDArray[np.float64], labels: Labels) -> list[float]:
    """Where each label stands on the likeliest way through the columns.

    Args:
        logs: (T, K) logarithms of each column's probabilities, blank last.
        labels: At least one, and few enough for the columns.

    Returns:
        The middle of each label's columns.

    Source:
        Viterbi, "Error bounds for convolutional codes and an asymptotically optimum decoding
        algorithm" (1967).
    """
    chain = _Chain(np.array([labels]), logs.shape[1] - 1)
    scores = chain.of_states(logs[None])[:, 0]  # (T, S)
    best = np.full_like(scores, _NEVER)
    steps = np.zeros(scores.shape, dtype=np.intp)
    best[0, :2] = scores[0, :2]
    for t in range(1, len(scores)):
        ways = np.stack(chain.reached(best[t - 1][None]))[:, 0]  # stay, next, over a blank
        steps[t] = ways.argmax(axis=0)
        best[t] = ways.max(axis=0) + scores[t]
    state = len(best[-1]) - 1 - int(best[-1, -2] > best[-1, -1])
    columns: list[list[int]] = [[] for _ in labels]
    for t in range(len(scores) - 1, -1, -1):
        if state % 2:
            columns[state // 2].append(t)
        state -= int(steps[t, state])
    return [float(np.mean(own)) if own else float("nan") for own in columns]


def likeliest(
    logs: NDArray[np.float64], count: int, *, width: int = FOLLOWED
) -> list[tuple[int, ...]]:
    """The likeliest spellings of a line, by prefix beam search.

    Args:
        logs: (T, K) logarithms of each column's probabilities, blank last.
        count: How many spellings.
        width: Prefixes followed at once; more find a little better ones.

    Source:
        Graves and Jaitly, "Towards end-to-end speech recognition with recurrent neural networks",
        2014, algorithm 1, without a language model.
    """
    blank = logs.shape[1] - 1
    # Of each prefix: how probable it is with a blank at its end, and with its last label there.
    beam: dict[tuple[int, ...], tuple[float, float]] = {(): (0.0, _NEVER)}
    for column in logs.tolist():
        found: dict[tuple[int, ...], tuple[float, float]] = {}
        likely = [label for label in range(blank) if column[label] > _LEAST]
        for prefix, (with_blank, with_label) in beam.items():
            either = _log_add(with_blank, with_label)
            _add(found, prefix, either + column[blank], _NEVER)
            for label in likely:
                if prefix and prefix[-1] == label:
                    _add(found, prefix, _NEVER, with_label + column[label])
                    _add(found, (*prefix, label), _NEVER, with_blank + column[label])
                else:
                    _add(found, (*prefix, label), _NEVER, either + column[label])
        best = sorted(found.items(), key=lambda item: -_log_add(*item[1]))
        beam = dict(best[:width])
    return list(beam)[:count]


def _add(
    found: dict[tuple[int, ...], tuple[float, float]],
    prefix: tuple[int, ...],
    with_blank: float,
    with_label: float,
) -> None:
    before = found.get(prefix, (_NEVER, _NEVER))
    found[prefix] = (_log_add(before[0], with_blank), _log_add(before[1], with_label))


def _log_add(a: float, b: float) -> float:
    if a < b:
        a, b = b, a
    return a + math.log1p(math.exp(b - a))


class _Chain:
    """The states that spellings go through: blank, label, blank, label, …, blank.

    Args:
        labels: (N, L) padded with ``PADDING``.
        blank: The class between labels.
    """

    def __init__(self, labels: NDArray[Any], blank: int) -> None:
        count, most = labels.shape
        self._states = np.full((count, 2 * most + 1), blank)
        self._states[:, 1::2] = np.where(labels == PADDING, blank, labels)
        self._last = 2 * (labels != PADDING).sum(axis=1)
        # A blank may be left out between two labels, unless they are equal.
        may_skip = np.zeros(self._states.shape, dtype=np.bool_)
        may_skip[:, 3::2] = labels[:, 1:] != labels[:, :-1]
        self._skipping = np.where(may_skip, 0.0, _NEVER)
        beyond = np.arange(2 * most + 1) > self._last[:, None]
        self._beyond = np.where(beyond, _NEVER, 0.0)

    @property
    def states(self) -> NDArray[Any]:
        """(N, S) class of each state."""
        return self._states

    def of_states(self, logs: NDArray[np.float64]) -> NDArray[np.float64]:
        """(N, T, K) logarithms of the classes → (T, N, S) of the states."""
        own = np.take_along_axis(logs, self._states[:, None, :], axis=2)
        scores: NDArray[np.float64] = own.transpose(1, 0, 2) + self._beyond
        return scores

    def reached(self, scores: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
        """(N, S) before a step → after staying, going on, and leaving a blank out."""
        following = np.full_like(scores, _NEVER)
        following[:, 1:] = scores[:, :-1]
        skipping = np.full_like(scores, _NEVER)
        skipping[:, 2:] = scores[:, :-2]
        return scores, following, skipping + self._skipping

    def forward(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """(T, N, S) → logarithms of the probability of all ways from the left to each state."""
        sums = np.full_like(scores, _NEVER)
        sums[0, :, :2] = scores[0, :, :2]
        for t in range(1, len(scores)):
            stay, following, skipping = self.reached(sums[t - 1])
            sums[t] = np.logaddexp(np.logaddexp(stay, following), skipping) + scores[t]
        return sums

    def backward(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """(T, N, S) → the same of all ways from each state to the right end, itself left out."""
        sums = np.full_like(scores, _NEVER)
        rows = np.arange(scores.shape[1])
        sums[-1, rows, self._last] = 0.0
        sums[-1, rows, np.maximum(self._last - 1, 0)] = 0.0
        for t in range(len(scores) - 2, -1, -1):
            later = sums[t + 1] + scores[t + 1]
            following = np.full_like(later, _NEVER)
            following[:, :-1] = later[:, 1:]
            skipping = np.full_like(later, _NEVER)
            skipping[:, :-2] = (later + self._skipping)[:, 2:]
            sums[t] = np.logaddexp(np.logaddexp(later, following), skipping)
        return sums

    def likelihood(self, forward: NDArray[np.float64]) -> NDArray[np.float64]:
        """(N,) from the sums of ``forward``."""
        rows = np.arange(forward.shape[1])
        on_blank = forward[-1, rows, self._last]
        on_label = np.where(self._last > 0, forward[-1, rows, self._last - 1], _NEVER)
        total: NDArray[np.float64] = np.logaddexp(on_blank, on_label)
        return total


def _posterior(
    logs: NDArray[np.float64], labels: NDArray[Any]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How probable each class is in each column, given the spelling: (N, T, K); and (N,)."""
    count, columns, classes = logs.shape
    chain = _Chain(labels, classes - 1)
    scores = chain.of_states(logs)
    forward = chain.forward(scores)
    likelihood = chain.likelihood(forward)
    ways = np.exp(np.minimum(forward + chain.backward(scores) - likelihood[:, None], 0.0))
    posterior = np.zeros((columns, count, classes))
    rows = np.arange(count)
    for state, own in enumerate(chain.states.T):
        posterior[:, rows, own] += ways[:, :, state]
    return posterior.transpose(1, 0, 2), likelihood
