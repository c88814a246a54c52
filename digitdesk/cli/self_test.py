"""Whether this installation works: files, reader, training, saving and the window's toolkit.

``digitdesk --self-test`` runs it, so that a broken download or build says what it lacks.
"""

from __future__ import annotations

import logging
import math
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from digitdesk.app import toolkit_version
from digitdesk.errors import DigitDeskError
from digitdesk.files.paths import UserPaths, assets_folder
from digitdesk.messages.model import READER, TRAINING
from digitdesk.messages.prediction import Stroke
from digitdesk.messages.run import TrainingConfig
from digitdesk.session.session import Session

_log = logging.getLogger(__name__)

_CIRCLE: Stroke = tuple(
    (140 + 60 * math.cos(turn / 16 * math.pi), 140 + 90 * math.sin(turn / 16 * math.pi))
    for turn in range(33)
)
_SEVEN: Stroke = ((80.0, 60.0), (200.0, 60.0), (170.0, 130.0), (130.0, 230.0))
#: Drawings no reader may misread, in board units.
DRAWINGS: tuple[tuple[str, Stroke], ...] = (("0", _CIRCLE), ("7", _SEVEN))

_STEPS = TrainingConfig(
    model="softmax", data="handwriting", epochs=1, limit=256, schedule="constant", threads=1
)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was tried."""

    name: str
    passed: bool
    detail: str


def run_checks() -> Iterator[Check]:
    """Try each part of the installation; nothing of the user's is read or changed."""
    with tempfile.TemporaryDirectory(prefix="digitdesk-") as folder:
        home = Path(folder)
        session = Session(UserPaths.under(home), environ={})
        yield _check("bundled files", _files)
        yield _check("bundled reader", lambda: _reads(session))
        yield _check("its own lines", lambda: _shows_lines(session))
        yield _check("training", lambda: _trains(session))
        yield _check("saving and opening", lambda: _saves(session, home / "model.npz"))
        yield _check("window toolkit", lambda: f"Tk {toolkit_version()}")


def _check(name: str, work: Callable[[], str]) -> Check:
    """The outcome of one try; a surprise counts as a failure, and the others still run."""
    try:
        return Check(name, True, work())
    except DigitDeskError as error:
        return Check(name, False, str(error))
    except Exception as error:
        _log.warning("Self-test: %s failed", name, exc_info=True)
        return Check(name, False, repr(error))


def _files() -> str:
    files = [path for path in assets_folder().rglob("*") if path.is_file()]
    return f"{len(files)} files"


def _reads(session: Session) -> str:
    for label, stroke in DRAWINGS:
        said = session.read_strokes((stroke,), READER).label
        if said != label:
            raise DigitDeskError(
                "The bundled reader misreads a plain drawing", expected=label, received=said
            )
    return f"reads {' and '.join(label for label, _stroke in DRAWINGS)}"


def _shows_lines(session: Session) -> str:
    """What computes a number is shown beside it, from the sources of the layers."""
    drawing = (DRAWINGS[0][1],)
    look = session.inside.look_at_strokes(READER, drawing)
    layers = session.inside.layers(READER).layers[1:]
    told = (session.inside.explain(look.key, x.path, (0,) * len(x.shape)) for x in layers)
    sources = {source for each in told for source in each.sources}
    lacking = [source.file for source in sources if not source.lines]
    if lacking:
        raise DigitDeskError("Sources of the program are missing", received=", ".join(lacking))
    return f"{sum(len(source.lines) for source in sources)} lines"


def _trains(session: Session) -> str:
    finished = session.train(_STEPS)
    if finished.ending != "completed":
        why = "" if finished.problem is None else finished.problem.sentence
        raise DigitDeskError("A short training did not end well", received=why)
    return f"{finished.images_per_second:,.0f} images/s"


def _saves(session: Session, path: Path) -> str:
    drawing = (DRAWINGS[0][1],)
    before = session.read_strokes(drawing, TRAINING).probabilities
    entry = session.save_model(TRAINING, path)
    if session.read_strokes(drawing, entry.key).probabilities != before:
        raise DigitDeskError("A saved network does not answer as it did before")
    return "same answer"
