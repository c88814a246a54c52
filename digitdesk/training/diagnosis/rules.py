"""The rules: each looks at a run after an epoch and says what seems to go wrong, if it does.

A rule is a plain comparison of numbers: it can be read, tested, and disagreed with. Why it is so is
said by ``messages.hint``. They hold for every kind of network.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from digitdesk.messages.run import EpochFinished, Suggestion
from digitdesk.nn.layers.dropout import dropout_layers, dropout_rates
from digitdesk.training.diagnosis.dead_units import dead_part
from digitdesk.training.diagnosis.evidence import Evidence, Finding

Rule = Callable[[Evidence], Finding | None]

MUCH_SLOWER = 0.1
_SLOWER = 0.3
_WATCHED_EPOCHS = 3
_LITTLE_PROGRESS = 0.02
_GOOD_ENOUGH = 0.98
_NOT_GOOD = 0.9
"""Training accuracy below which something seems to hold the network back."""

_GUESSING = 0.1
"""Part of the way from blind guessing to all right below which nothing was learned; and the part
of blind guessing's loss that must be gone."""

_FEWEST_STEPS = 100
_FEWEST_WATCHED_STEPS = 50
"""Of a few pictures an epoch is one step, and three steps say nothing."""

_LOSS_RISE = 1.1
_GAP = 0.08
_JUMPS, _JUMPING_EPOCHS = 2, 5
_LOST_PART = 0.004
"""Of the held-out images that must be lost for a rise to count. Where nearly all are right, one of
them more or less changes their loss by a half, and nobody has overshot anything."""

_DEAD_PART = 0.4
_STRONG_DROPOUT, _USUAL_DROPOUT = 0.6, 0.25
_STRONG_DECAY, _USUAL_DECAY = 5e-3, 1e-4
_STRONG_AUGMENTATION, _EASIER_BY = 0.5, 0.03


def never_learned(run: Evidence) -> Finding | None:
    """It does no better than one that names the most frequent class."""
    last, blind = run.last, run.blind
    is_guessing = (
        last.step >= _FEWEST_STEPS
        and last.train_accuracy < blind.accuracy + _GUESSING * (1 - blind.accuracy)
        and last.train_loss > (1 - _GUESSING) * blind.loss
    )
    if not is_guessing or not (len(run.history) >= 2 or run.is_at_the_end):
        return None
    if run.much_below_usual and last.train_loss <= 1.01 * blind.loss:
        return _too_slow(run)
    return Finding("never-learned", run.slower(MUCH_SLOWER))


def learns_slowly(run: Evidence) -> Finding | None:
    """It gets better, by a learning rate that is far below the usual."""
    is_watched = run.last.step >= _FEWEST_STEPS and (len(run.history) >= 3 or run.is_at_the_end)
    is_slow = run.much_below_usual and run.last.train_accuracy < _NOT_GOOD
    return _too_slow(run) if is_watched and is_slow else None


def plateau(run: Evidence) -> Finding | None:
    """The loss falls no further, although there would be something left to learn."""
    last = run.last
    earlier = [
        epoch.train_loss
        for epoch in run.history[:-_WATCHED_EPOCHS]
        if last.step - epoch.step >= _FEWEST_WATCHED_STEPS
    ]
    if not earlier or last.train_accuracy >= _GOOD_ENOUGH or run.much_below_usual:
        return None
    if earlier[-1] - last.train_loss < _LITTLE_PROGRESS * earlier[-1]:
        return Finding("plateau", run.slower(_SLOWER))
    return None


def jumps(run: Evidence) -> Finding | None:
    """The loss goes up and down, at a learning rate above the usual."""
    watched = run.history[-_JUMPING_EPOCHS:]
    losses = _held_out_losses(run.history) or [epoch.train_loss for epoch in run.history]
    losses = losses[-_JUMPING_EPOCHS:]
    rises = sum(
        b > _LOSS_RISE * a and _loses_images(*epochs)
        for (a, b), epochs in zip(pairwise(losses), pairwise(watched), strict=True)
    )
    falls = sum(a > _LOSS_RISE * b for a, b in pairwise(losses))
    if rises >= _JUMPS and falls and run.settings.learning_rate > run.usual_rate:
        return Finding("jumping", run.slower(_SLOWER))
    return None


def overfitting(run: Evidence) -> Finding | None:
    """Held-out images are read worse and worse while the training images still improve."""
    history, losses = run.history, _held_out_losses(run.history)
    if len(losses) <= 2:
        return None
    best = int(np.argmin(losses))
    is_past = len(losses) - 1 - best >= 2 and losses[-1] > _LOSS_RISE * losses[best]
    # Who reads others still better than the changed pictures it trains on knows none by heart:
    # the held-out ones are few then, and a loss that small goes up and down by chance.
    if is_past and run.last.train_loss < min(history[best].train_loss, losses[-1]):
        return Finding("overfitting", _against_overfitting(run))
    return None


def learned_by_heart(run: Evidence) -> Finding | None:
    """Training images are read much better than held-out ones."""
    held_out = run.last.validation_accuracy
    is_watched = len(run.history) >= _WATCHED_EPOCHS and run.last.step >= _FEWEST_STEPS
    if is_watched and held_out is not None and run.last.train_accuracy - held_out >= _GAP:
        return Finding("overfitting-gap", _against_overfitting(run))
    return None


def dead_units(run: Evidence) -> Finding | None:
    """Units that never act any more."""
    if dead_part(run.network, run.images) < _DEAD_PART:
        return None
    return Finding("dead-relu", run.slower(_SLOWER))


def strong_dropout(run: Evidence) -> Finding | None:
    """Most units are switched off at every step, and the network does not get far."""
    rate = run.settings.dropout
    rates = dropout_rates(run.network.layers)
    if rates and rate is not None:
        rates = [rate]
    if _is_held_back(run, epochs=2) and max(rates, default=0.0) >= _STRONG_DROPOUT:
        return Finding("dropout", Suggestion("dropout", _USUAL_DROPOUT))
    return None


def strong_decay(run: Evidence) -> Finding | None:
    """Weights are pulled to zero faster than they can be learned."""
    usual = run.usual_decay or _USUAL_DECAY
    limit = max(_STRONG_DECAY, 10 * run.usual_decay)
    if _is_held_back(run, epochs=3) and run.settings.weight_decay >= limit:
        return Finding("weight-decay", Suggestion("weight_decay", usual))
    return None


def strong_augmentation(run: Evidence) -> Finding | None:
    """New pictures are easier than the changed ones that it trains on."""
    held_out, strength = run.last.validation_accuracy, run.settings.augmentation
    if not _is_held_back(run, epochs=3) or held_out is None or strength < _STRONG_AUGMENTATION:
        return None
    if held_out - run.last.train_accuracy < _EASIER_BY:
        return None
    return Finding("augmentation", Suggestion("augmentation", strength / 2))


RULES: dict[str, tuple[Rule, ...]] = {
    "plateau": (never_learned, learns_slowly, plateau),
    "jumping": (jumps,),
    "overfitting": (overfitting, learned_by_heart),
    "augmentation": (strong_augmentation,),
    "dropout": (strong_dropout,),
    "weight-decay": (strong_decay,),
    "dead-relu": (dead_units,),
}
"""By the kind of trouble; of several rules for a kind, the first that finds something is heard."""


def _too_slow(run: Evidence) -> Finding:
    return Finding("too-slow", Suggestion("learning_rate", run.usual_rate))


def _held_out_losses(history: Sequence[EpochFinished]) -> list[float]:
    """All of them, or none where an epoch has none."""
    losses = [epoch.validation_loss for epoch in history if epoch.validation_loss is not None]
    return losses if len(losses) == len(history) else []


def _loses_images(before: EpochFinished, after: EpochFinished) -> bool:
    """Whether clearly fewer of the held-out images are right; true where none are held out."""
    if before.validation_accuracy is None or after.validation_accuracy is None:
        return True
    return before.validation_accuracy - after.validation_accuracy >= _LOST_PART


def _is_held_back(run: Evidence, *, epochs: int) -> bool:
    last = run.last
    is_watched = len(run.history) >= epochs and last.step >= _FEWEST_STEPS
    return is_watched and last.train_accuracy < _NOT_GOOD


def _against_overfitting(run: Evidence) -> Suggestion:
    """What is not in use yet: more varied pictures, then dropout, then weight decay."""
    if run.settings.augmentation < _STRONG_AUGMENTATION:
        return Suggestion("augmentation", _STRONG_AUGMENTATION)
    if next(dropout_layers(run.network.layers), None) is not None:
        return Suggestion("dropout", 0.5)
    return Suggestion("weight_decay", max(_USUAL_DECAY, 10 * run.settings.weight_decay))
