"""What the command line says to machines, with ``--json``: one object on one line.

The names and their order are promised: what reads them today reads them tomorrow.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from digitdesk.errors import DigitDeskError
from digitdesk.messages.dataset import DatasetInfo
from digitdesk.messages.evaluation import Evaluation
from digitdesk.messages.exam import DamageCurve
from digitdesk.messages.grid import Grid
from digitdesk.messages.inspection import GradientRow
from digitdesk.messages.model import Exported
from digitdesk.messages.prediction import NumberReading, Prediction
from digitdesk.messages.run import RunFinished

if TYPE_CHECKING:
    from digitdesk.messages.inside.explanation import Explanation
    from digitdesk.messages.inside.look import Look, NetworkView

Object = dict[str, Any]


def training(finished: RunFinished, seed: int, out: Path | None) -> str:
    """The end of a run; ``train_seconds`` counts training steps only."""
    names = ("test_accuracy", "test_interval", "epochs", "train_seconds", "images_per_second")
    best = {"best_epoch": finished.best_epoch} if finished.best_epoch else {}
    return _line(
        **_fields(finished, *names),
        seed=seed,
        out=None if out is None else str(out),
        **best,
    )


def evaluation(result: Evaluation, title: str, curves: Sequence[DamageCurve] = ()) -> str:
    """How well a model read a labelled set; lists by class are in the order of ``class_names``.

    ``damage`` is there where spoiled pictures were asked for.
    """
    scores = ("accuracy", "n", "correct", "interval", "per_class_accuracy", "confusion_matrix")
    return _line(
        **_fields(result, *scores, "class_names"),
        model=title,
        **_fields(result, "calibration_error", "refusals", "loss", "confident_errors"),
        **{name: [getattr(row, name) for row in result.by_class] for name in _BY_CLASS},
        calibration_bins=result.reliability,
        **_damage(curves),
    )


_BY_CLASS = ("precision", "recall", "f1", "support")


def _damage(curves: Sequence[DamageCurve]) -> Object:
    found = [_fields(curve.damage, "name", "unit") | {"points": curve.points} for curve in curves]
    return {"damage": found} if found else {}


def predictions(answers: Sequence[tuple[str, Prediction | DigitDeskError]], model: str) -> str:
    """Each picture's answer; label and guesses are null where there is none.

    Of a picture that could not be opened, ``error`` says why.
    """
    return _line(model=model, predictions=[_prediction(*answer) for answer in answers])


def _prediction(name: str, answer: Prediction | DigitDeskError) -> Object:
    prediction, error = _with_error(answer, Prediction((), (), None))
    return {"file": name, **prediction.plain, **({} if error is None else {"error": error})}


_Answer = TypeVar("_Answer", Prediction, NumberReading)


def _with_error(answer: _Answer | DigitDeskError, nothing: _Answer) -> tuple[_Answer, str | None]:
    """An answer and no error, or no answer and why there is none."""
    if isinstance(answer, DigitDeskError):
        return nothing, answer.sentence
    return answer, None


def numbers(answers: Sequence[tuple[str, NumberReading | DigitDeskError]], model: str) -> str:
    """Each picture's number; boxes are left, top, right and bottom in its pixels.

    Where there are separators, each says how many of the digits stand before it. Of a picture that
    could not be opened, ``error`` says why.
    """
    return _line(model=model, numbers=[_number(*answer) for answer in answers])


def _number(name: str, answer: NumberReading | DigitDeskError) -> Object:
    reading, error = _with_error(answer, NumberReading(""))
    return {"file": name, **reading.plain, **({} if error is None else {"error": error})}


def exported(written: Exported) -> str:
    """What was written for another program."""
    return _line(files=list(map(str, written.paths)), **_fields(written, "size_bytes", "notes"))


def datasets(infos: Sequence[DatasetInfo]) -> str:
    """The data sets and where they are."""
    names = ("name", "title", "status", "detail", "location", "can_download")
    return _line(datasets=[_fields(info, *names) for info in infos])


def layers(view: NetworkView, look: Look) -> str:
    """A network's layers, and the answer to a picture."""
    return _line(
        **_fields(view, "title", "spec", "layers"),
        **_fields(look, "outputs", "probabilities"),
    )


def explanation(told: Explanation) -> str:
    """How one number came about; numbers in bulk are lists within lists."""
    return _line(**plain(told))


def plain(value: Any) -> Any:
    """A message as objects and lists."""
    if isinstance(value, Grid):
        return value.view.tolist()
    if dataclasses.is_dataclass(value):
        return {each.name: plain(getattr(value, each.name)) for each in dataclasses.fields(value)}
    return [plain(each) for each in value] if isinstance(value, tuple) else value


def gradients(rows: Sequence[GradientRow]) -> str:
    """The gradient check and its verdict."""
    return _line(passed=all(row.passed for row in rows), gradients=rows)


def _fields(message: object, *names: str) -> Object:
    """Some of a message's fields and properties, by name."""
    return {name: getattr(message, name) for name in names}


def _line(**values: Any) -> str:
    """One object on one line; a message in it is an object of its fields."""
    return json.dumps(values, ensure_ascii=False, allow_nan=False, default=dataclasses.asdict)
