"""People who have written digits and sat exams, and lessons that take a moment."""

from __future__ import annotations

import random

import pytest

from digitdesk.data.own_hand import replay
from digitdesk.messages.own.hand import ExamSheet
from digitdesk.session.hand import teaching
from digitdesk.session.session import Session
from tests.benchmarks.made_up_hands import drawings

HAND = "mirrored"
LABELS = [k % 10 for k in range(60)]
DRAWN = drawings(HAND, LABELS, seed=1)


def keep(session: Session, count: int, person: str = "me") -> None:
    """Keep the first of these drawings as somebody's."""
    for label, strokes in list(zip(LABELS, DRAWN, strict=True))[:count]:
        session.writing.keep(str(label), strokes, person)


def take_exam(session: Session, count: int = 10, person: str = "me", seed: int = 50) -> ExamSheet:
    """Write an exam to its end."""
    # Else some exams would be harder than others.
    session.hand._rng = random.Random(seed)
    exam = session.hand.begin_exam(person, count)
    while exam.wanted:
        (strokes,) = drawings(HAND, [int(exam.wanted)], seed + exam.done)
        exam = session.hand.hand_in(exam.key, strokes)
    return exam


def make_lessons_short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a lesson show little, once."""
    for name in ("_MADE_UP", "_NO_DIGITS", "_STROKES"):
        monkeypatch.setattr(replay, name, 60)
    for name in ("_CALIBRATED_BY", "_OWN_LEAST", "_SHOWN_LEAST"):
        monkeypatch.setattr(teaching, name, 40)
    monkeypatch.setattr(teaching, "EPOCHS", 1)
