"""How far a model learns a hand that it is bad at: before and after *Teach it my hand*.

``DIGITDESK_DATA=... .venv/bin/python tests/benchmarks/own_hand.py``; names of hands choose some.
Three made-up hands (``made_up_hands.py``) each write 200 drawings to learn from, and a sealed exam
of 100. Without MNIST at hand, made-up handwriting takes its place in the mix, and is not measured.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from digitdesk.files.paths import UserPaths
from digitdesk.messages.own.hand import ExamScore, Taught
from digitdesk.session.hand.teacher import MNIST
from digitdesk.session.session import Session
from tests.benchmarks.made_up_hands import HANDS, drawings

LEARNED_FROM = 200
EXAMINED = 100
#: What is promised.
MOST_BEFORE, LEAST_AFTER, MOST_LOST, MOST_OFF, MOST_SECONDS = 0.90, 0.97, 0.001, 0.01, 120


def taught(hand: str, samples: int, home: Path) -> Taught:
    """What teaching the bundled reader a hand brings, in a session of its own."""
    session = Session(UserPaths.under(home))
    labels = [k % 10 for k in range(samples)]
    for label, strokes in zip(labels, drawings(hand, labels, seed=1), strict=True):
        session.writing.keep(str(label), strokes, hand)
    exam = session.hand.begin_exam(hand, EXAMINED)
    seed = 1000
    while exam.wanted:
        (strokes,) = drawings(hand, [int(exam.wanted)], seed)
        exam = session.hand.hand_in(exam.key, strokes)
        seed += 1
    try:
        return session.hand.teach(hand)
    finally:
        session.close()


def line(score: ExamScore) -> str:
    """A score as it is printed."""
    low, high = score.interval
    off = "" if score.calibration_error is None else f", off by {score.calibration_error:.2%}"
    unsure = f"not sure of {score.refused / score.count:.2%}"
    return f"{score.accuracy:7.2%} ({low:.2%} to {high:.2%}), {unsure}{off}"


def judged(hand: str, found: Taught) -> list[str]:
    """Print what came of a hand; what was promised and is not so."""
    print(f"{hand}: {found.samples} drawings, {found.seconds:.0f} s")  # noqa: T201
    missed = [] if found.seconds <= MOST_SECONDS else [f"{hand}: {found.seconds:.0f} s"]
    for pair in found.scores:
        print(f"  {pair.data[:24]:24} before {line(pair.before)}")  # noqa: T201
        print(f"  {'':24} after  {line(pair.after)}")  # noqa: T201
        if pair.data == MNIST:
            is_kept = pair.after.accuracy >= pair.before.accuracy - MOST_LOST
            is_honest = (pair.after.calibration_error or 0) <= MOST_OFF
            missed += [] if is_kept and is_honest else [f"{hand}: {pair.data}"]
        elif pair.before.accuracy > MOST_BEFORE or pair.after.accuracy < LEAST_AFTER:
            missed.append(f"{hand}: the exam")
    return missed


def main() -> int:
    """Print a line for each set of each hand; 1 where a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("hands", nargs="*", metavar="HAND", help=", ".join(HANDS))
    parser.add_argument("--samples", type=int, default=LEARNED_FROM)
    arguments = parser.parse_args()
    missed = []
    for hand in arguments.hands or HANDS:
        with tempfile.TemporaryDirectory() as home:
            missed += judged(hand, taught(hand, arguments.samples, Path(home)))
    print("Missed: " + "; ".join(missed) if missed else "All as promised.")  # noqa: T201
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
