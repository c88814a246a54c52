"""Which runs to end before their time, as others did much better by the same epoch.

Judged by held-out images, never by the test set.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence

from digitdesk.messages.run import EpochFinished

_ENOUGH_OTHERS = 4
_REDUCTION = 3
"""Of so many runs, one goes on at each rung."""


def is_hopeless(
    rule: str,
    grace: int,
    history: Sequence[EpochFinished],
    others: Iterable[Sequence[EpochFinished]],
) -> bool:
    """Whether a run promises little after its last epoch.

    Args:
        rule: ``median``, ``halving`` or nothing.
        grace: Epochs in which nothing is judged.
        history: Its epochs so far.
        others: Those of all other runs, also of those that are over.
    """
    epoch = len(history)
    if not rule or epoch <= grace - (rule == "halving"):
        return False
    mine = _best(history, epoch)
    theirs = [best for other in others if (best := _best(other, epoch)) is not None]
    if mine is None:
        return False
    return _RULES[rule](epoch, grace, mine, theirs)


def _is_below_median(epoch: int, grace: int, mine: float, theirs: list[float]) -> bool:
    """Whether half of the others were better by then.

    Source:
        Golovin et al., "Google Vizier", 2017, section 3.2.2 (in its simplest form).
    """
    return len(theirs) >= _ENOUGH_OTHERS and mine < statistics.median(theirs)


def _is_not_promoted(epoch: int, grace: int, mine: float, theirs: list[float]) -> bool:
    """Whether it is not in the upper third of those that came as far as this rung.

    Source:
        Li et al., "A system for massively parallel hyperparameter tuning" (ASHA), 2020, algorithm
        2, in the form that ends runs and takes none up again.
    """
    rung = max(1, grace)
    while rung < epoch:
        rung *= _REDUCTION
    there = len(theirs) + 1
    if rung != epoch or there < _REDUCTION:
        return False
    better = sum(value > mine for value in theirs)
    return better >= there // _REDUCTION


_RULES = {"median": _is_below_median, "halving": _is_not_promoted}


def _best(history: Sequence[EpochFinished], epoch: int) -> float | None:
    """The best accuracy on held-out images by an epoch; ``None`` for one that came not so far."""
    if len(history) < epoch:
        return None
    judged = [e.validation_accuracy for e in history[:epoch] if e.validation_accuracy is not None]
    return max(judged, default=None)
