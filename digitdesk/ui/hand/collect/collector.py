"""What is dictated to whom, and what has been kept of it; no widget stands here.

Words are known ahead: the next one is shown at once, while the drawing before it is being kept.
"""

from __future__ import annotations

import random
from collections import Counter, deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from digitdesk.messages.own.hand import KeptPicture
from digitdesk.messages.writing import ME, KeptDrawing
from digitdesk.ui.board.timed_board import TimedPoint
from digitdesk.ui.hand.in_turn import InTurn
from digitdesk.ui.toolkit.background import Background

if TYPE_CHECKING:
    from digitdesk.session.session import Session

_AHEAD = 3
#: So many drawings may wait to be kept, where the disk is slow or full.
_MOST_WAITING = 20
_LATEST = 60

Begun = tuple[Counter[str], tuple[KeptPicture, ...], list[str]]


class Collector:
    """Keeps one drawing after the other.

    Args:
        session: Keeps the drawings.
        background: Works beside the window.
        on_change: Called when something else is wanted, or was kept.
        on_failed: Takes the error where a drawing cannot be kept; it waits, and is not lost.

    Attributes:
        person: Who writes.
        class_names: What may be dictated.
        counts: How many drawings there are of each class.
        latest: Drawings kept last, the newest first.
        sitting: How many of them were written since the person was chosen.
        changes: Counts what was kept and taken back.
    """

    def __init__(
        self,
        session: Session,
        background: Background,
        on_change: Callable[[], None],
        on_failed: Callable[[Exception], None],
    ) -> None:
        self._hand, self._writing = session.hand, session.writing
        self._on_change = on_change
        self._turn = InTurn(background, on_failed)
        self._words: deque[str] = deque()
        self._begun = 0
        self.person = ME
        self.class_names: tuple[str, ...] = ()
        self.counts: Counter[str] = Counter()
        self.latest: tuple[KeptPicture, ...] = ()
        self.sitting = self.changes = 0

    @property
    def wanted(self) -> str:
        """What to write; empty where that is not known yet."""
        return self._words[0] if self._words else ""

    @property
    def waiting(self) -> int:
        """Pieces of work that are not done yet."""
        return self._turn.count

    @property
    def can_undo(self) -> bool:
        """Whether there is a drawing of this sitting to be taken back."""
        return self.sitting > 0 or self.waiting > 0

    def begin(self, person: str, class_names: tuple[str, ...]) -> None:
        """Dictate to somebody, or something else than before; look again at what there is."""
        if (person, class_names) != (self.person, self.class_names):
            self._words.clear()
        if person != self.person:
            self.sitting, self.counts, self.latest = 0, Counter(), ()
        self.person, self.class_names = person, class_names
        self._begun += 1
        number = self._begun
        before = tuple(self._words)

        def look() -> Begun:
            counts = Counter(dict(self._writing.of(person).counts))
            return counts, self._hand.drawings(person, 0, _LATEST).drawings, self._more(before)

        def begun(found: Begun) -> None:
            if number == self._begun:
                self.counts, self.latest, words = found
                self._words.extend(words[len(before) :] if before else words)
                self._on_change()

        self._turn.ask(lambda: look, begun)
        self._on_change()

    def take(self, strokes: Sequence[Sequence[TimedPoint]]) -> None:
        """Keep a drawing as what was wanted, and want the next."""
        word, person, names = self._words.popleft(), self.person, self.class_names
        if not self._words and self._turn.count < _MOST_WAITING:
            # The pen is faster than the disk: any other word will do.
            others = [name for name in names if name != word] or names
            self._words.append(random.choice(others))
        before = self._words[-1] if self._words else word

        def keep() -> tuple[KeptPicture, str]:
            kept = self._hand.keep(word, strokes, person)
            return kept, self._hand.next_word(person, names, before)

        def done(found: tuple[KeptPicture, str]) -> None:
            self.changes += 1
            is_same = (person, names) == (self.person, self.class_names)
            if is_same and len(self._words) < _AHEAD:
                self._words.append(found[1])
            if person == self.person:
                self.counts[word] += 1
                self.latest = (found[0], *self.latest[: _LATEST - 1])
                self.sitting += 1
            self._on_change()

        self._turn.ask(lambda: keep, done)
        self._on_change()

    def undo(self) -> None:
        """Take the last drawing of this sitting back, and dictate it again."""
        person = self.person

        def begin() -> Callable[[], KeptPicture | None]:
            # What was being kept is kept by now: it is the last one.
            last = self.latest[0] if self.sitting and person == self.person else None
            return partial(self._take_back, last)

        def done(gone: KeptPicture | None) -> None:
            if gone is not None:
                self._is_gone(gone)
                self._words.appendleft(gone.label)
            self._on_change()

        self._turn.ask(begin, done)

    def remove(self, drawing: KeptPicture) -> None:
        """Remove any drawing that was kept."""

        def done(gone: KeptPicture | None) -> None:
            if gone is not None:
                self._is_gone(gone)
            self._on_change()

        self._turn.ask(lambda: partial(self._take_back, drawing), done)

    def try_again(self) -> None:
        """Do what has failed once more."""
        self._turn.go_on()

    def give_up(self) -> None:
        """Throw away what cannot be kept."""
        self._turn.give_up()
        self._on_change()

    # -- inside

    def _take_back(self, drawing: KeptPicture | None) -> KeptPicture | None:
        if drawing is not None:
            self._writing.take_back(drawing.kept)
        return drawing

    def _is_gone(self, drawing: KeptPicture) -> None:
        self.changes += 1
        kept: KeptDrawing = drawing.kept
        if kept.writer != self.person or drawing not in self.latest:
            return
        if self.latest.index(drawing) < self.sitting:
            self.sitting -= 1
        self.latest = tuple(other for other in self.latest if other is not drawing)
        self.counts[drawing.label] -= 1

    def _more(self, before: Sequence[str]) -> list[str]:
        """The words that are known, and as many more as are wanted ahead."""
        words = list(before)
        while len(words) < _AHEAD:
            last = words[-1] if words else ""
            words.append(self._hand.next_word(self.person, self.class_names, last))
        return words
