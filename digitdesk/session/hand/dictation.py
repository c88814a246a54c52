"""What to write next: at random, so that nobody writes it by habit, and of each about as much."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from digitdesk.messages.model import DIGITS
from digitdesk.session.pictures.own_sets import OwnSets, read_card

_MOST_AHEAD = 1
"""So many more than of the rarest there may be of a word that is dictated."""


def next_word(
    class_names: Sequence[str], counts: Counter[str], before: str, rng: random.Random
) -> str:
    """The next word to dictate.

    Args:
        class_names: What may be dictated.
        counts: How many drawings there are of each.
        before: What was dictated last; not again, where there is anything else.
        rng: Chooses.
    """
    fewest = min(counts[name] for name in class_names)
    wanted = [name for name in class_names if counts[name] <= fewest + _MOST_AHEAD]
    others = [name for name in wanted if name != before]
    # The rarest twice as likely: else those that are ahead would be dictated as often.
    weights = [2 if counts[name] == fewest else 1 for name in others or wanted]
    return rng.choices(others or wanted, weights)[0]


def words_of_exam(class_names: Sequence[str], count: int, rng: random.Random) -> list[str]:
    """What an exam dictates: each class as often as any other, in an order nobody can foresee."""
    rounds = -(-count // len(class_names))
    all_of_them = list(class_names)
    words = [word for _ in range(rounds) for word in rng.sample(all_of_them, len(all_of_them))]
    words = words[:count]
    rng.shuffle(words)
    return words


def dictatable(
    of_models: Iterable[tuple[str, ...]], sets: Path, of_people: Iterable[tuple[str, ...]]
) -> tuple[tuple[str, ...], ...]:
    """Lists of classes that somebody may want to write, each once, digits first.

    Args:
        of_models: What models tell apart.
        sets: The folder of the user's own data sets.
        of_people: What people have written.
    """
    of_sets = [card.class_names for path in OwnSets(sets).all() if (card := read_card(path))]
    found = (DIGITS, *of_models, *of_sets, *of_people)
    return tuple(dict.fromkeys(names for names in found if len(names) > 1))
