"""What the command line says: results as tables for people and as objects for machines.

Every function returns a text; printing is left to the commands.
"""

from __future__ import annotations

import dataclasses
import json
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from digitdesk.messages.dataset import DatasetInfo
from digitdesk.messages.evaluation import Evaluation
from digitdesk.messages.inspection import GradientRow
from digitdesk.messages.percent import percent, percent_number
from digitdesk.messages.prediction import NumberReading, Prediction
from digitdesk.messages.run import EpochFinished, RunFinished


def as_json(value: dict[str, Any]) -> str:
    """One object on one line."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def table(rows: Sequence[Sequence[str]], right: Sequence[bool]) -> str:
    """Rows of texts in aligned columns.

    Args:
        rows: The texts; the first row is the heading.
        right: Per column, whether it is aligned to the right, as numbers are.
    """
    widths = [max(len(row[k]) for row in rows) for k in range(len(right))]
    lines = (
        "  ".join(
            text.rjust(width) if is_right else text.ljust(width)
            for text, width, is_right in zip(row, widths, right, strict=True)
        ).rstrip()
        for row in rows
    )
    return "\n".join(lines)


def epoch_line(event: EpochFinished, epochs: int) -> str:
    """One epoch in one line."""
    parts = [
        f"Epoch {event.epoch}/{epochs}",
        f"train loss {event.train_loss:.4f}, accuracy {percent(event.train_accuracy)}",
    ]
    for name, accuracy in (
        ("validation", event.validation_accuracy),
        ("test", event.test_accuracy),
    ):
        if accuracy is not None:
            parts.append(f"{name} {percent(accuracy)}")
    return " | ".join([*parts, f"{event.seconds:.1f} s"])


def interrupted_text(is_kept: bool, out: Path | None) -> str:
    """Why a run ended early, and how to go on with it."""
    if not is_kept:
        return "Interrupted; nothing was saved."
    again = "digitdesk train --resume" + (f" --out {shlex.quote(str(out))}" if out else "")
    return f"Interrupted; go on with: {again}"


def training_text(finished: RunFinished, out: Path | None) -> str:
    """The end of a run in a sentence or two."""
    parts = []
    if finished.test_accuracy is not None:
        parts.append(f"Test accuracy {percent(finished.test_accuracy)}")
        if finished.test_interval is not None:
            low, high = finished.test_interval
            parts[-1] += f" (95 % interval {percent_number(low)} to {percent(high)})"
    parts.append(
        f"{finished.epochs} epoch{'s' * (finished.epochs != 1)} in "
        f"{finished.train_seconds:.1f} s ({finished.images_per_second:,.0f} images/s)"
    )
    kept = f"Saved {out}"
    if out is None:
        kept = "The network is not saved; do it with: digitdesk train --resume --out FILE"
    return f"{'; '.join(parts)}.\n{kept}"


def training_json(finished: RunFinished, seed: int, out: Path | None) -> dict[str, Any]:
    """The end of a run for machines; ``train_seconds`` counts training steps only."""
    return {
        "test_accuracy": finished.test_accuracy,
        "test_interval": finished.test_interval,
        "epochs": finished.epochs,
        "train_seconds": finished.train_seconds,
        "images_per_second": finished.images_per_second,
        "seed": seed,
        "out": None if out is None else str(out),
    }


def evaluation_text(result: Evaluation, title: str) -> str:
    """Accuracy with its interval, and the confusion matrix with a row per class."""
    if result.accuracy is None or result.interval is None:
        return "\n".join([title, f"{result.n:,} pictures of no digits", *_refusals_lines(result)])
    low, high = result.interval
    names = result.class_names
    heading = ["", *names, "items", "right"]
    rows = [
        [name, *(str(count) if count else "." for count in counts), str(sum(counts)), share]
        for name, counts, share in zip(
            names,
            result.confusion_matrix,
            ("-" if a is None else percent(a) for a in result.per_class_accuracy),
            strict=True,
        )
    ]
    return "\n".join(
        [
            title,
            f"Accuracy {percent(result.accuracy)}: {result.correct:,} of {result.n:,} right, "
            f"95 % interval {percent_number(low)} to {percent(high)}",
            *_refusals_lines(result),
            "",
            "Confusion matrix: a row is what was written, a column what was read",
            table([heading, *rows], right=[True] * len(heading)),
        ]
    )


def _refusals_lines(result: Evaluation) -> list[str]:
    """How sure the reader was, where it was asked."""
    lines = []
    if result.calibration_error is not None:
        lines.append(f"Confidence is off by {percent(result.calibration_error)} on average")
    if (refusals := result.refusals) is not None:
        reasons = ", ".join(f"{name} {count}" for name, count in refusals.reasons.items())
        lines.append(
            f"Not sure of {refusals.count:,} ({percent(refusals.rate)})"
            + (f": {reasons}" if reasons else "")
        )
        if refusals.count and refusals.answered_accuracy is not None:
            lines.append(f"Of those it was sure of, {percent(refusals.answered_accuracy)} right")
        if curve := _risk_at(refusals.risk_coverage, (0.5, 0.8, 0.9, 0.95, 1.0)):
            lines.append(f"Wrong when only the surest are answered: {curve}")
    return lines


def _risk_at(curve: Sequence[tuple[float, float]], coverages: Sequence[float]) -> str:
    """A few points of the risk-coverage curve: ``90 %: 0.08 %``."""
    points = [min(curve, key=lambda point: abs(point[0] - c)) for c in coverages if curve]
    return ", ".join(f"{percent(coverage, 0)}: {percent(risk)}" for coverage, risk in points)


def evaluation_json(result: Evaluation, title: str) -> dict[str, Any]:
    """An evaluation for machines."""
    return {
        "accuracy": result.accuracy,
        "n": result.n,
        "correct": result.correct,
        "interval": result.interval,
        "per_class_accuracy": result.per_class_accuracy,
        "confusion_matrix": result.confusion_matrix,
        "class_names": result.class_names,
        "model": title,
        "calibration_error": result.calibration_error,
        "refusals": None if result.refusals is None else dataclasses.asdict(result.refusals),
    }


def prediction_json(path: Path, prediction: Prediction) -> dict[str, Any]:
    """One picture's answer for machines; label and guesses are None where there is none."""
    best, second = _guesses(prediction)
    return {
        "file": str(path),
        "label": best[0],
        "confidence": best[1],
        "second_label": second[0],
        "second_confidence": second[1],
        "probabilities": prediction.probabilities,
        "reason": prediction.reason,
    }


def predictions_text(answers: Sequence[tuple[Path, Prediction]]) -> str:
    """A row per picture: file, label, confidence, second guess, and why it is not sure."""
    rows = [("file", "label", "confidence", "second guess", "", "")]
    for path, prediction in answers:
        best, second = _guesses(prediction)
        if best[0] is None or best[1] is None:
            rows.append((str(path), "-", "-", f"none: {prediction.reason}", "", ""))
        else:
            share = "" if second[1] is None else percent(second[1], 1)
            guesses = (best[0], percent(best[1], 1), second[0] or "-", share)
            rows.append((str(path), *guesses, _doubt(prediction.reason)))
    return table(rows, right=(False, False, True, False, True, False))


def number_json(path: Path, reading: NumberReading) -> dict[str, Any]:
    """A picture's number for machines; boxes are left, top, right and bottom in its pixels."""
    return {
        "file": str(path),
        "number": reading.text or None,
        "confidence": reading.confidence if reading.text else None,
        "digits": [
            {"label": digit.label, "confidence": digit.confidence, "box": box}
            for digit, box in zip(reading.digits, reading.boxes, strict=True)
        ],
        "reason": reading.reason,
    }


def numbers_text(answers: Sequence[tuple[Path, NumberReading]]) -> str:
    """A row per picture: file, number, confidence of the whole and of each digit, and doubts."""
    rows = [("file", "number", "confidence", "each digit", "")]
    for path, reading in answers:
        if reading.text:
            each = "  ".join(f"{d.label} {percent(d.confidence, 1)}" for d in reading.digits)
            sure = percent(reading.confidence, 1)
            rows.append((str(path), reading.text, sure, each, _doubt(reading.reason)))
        else:
            rows.append((str(path), "-", "-", f"none: {reading.reason}", ""))
    return table(rows, right=(False, False, True, False, False))


def _doubt(reason: str) -> str:
    """Why an answer is only a guess; empty where it is more."""
    return f"not sure: {reason}" if reason else ""


def _guesses(
    prediction: Prediction,
) -> tuple[tuple[str | None, float | None], tuple[str | None, float | None]]:
    """Name and probability of the best and the second class."""
    ranked = [
        (prediction.class_names[k], prediction.probabilities[k]) for k in prediction.ranking[:2]
    ]
    none = (None, None)
    return (ranked[0] if ranked else none, ranked[1] if len(ranked) > 1 else none)


def datasets_text(infos: Sequence[DatasetInfo]) -> str:
    """A row per data set."""
    rows = [("name", "status", "title", "")]
    rows += [(info.name, info.status, info.title, info.detail) for info in infos]
    return table(rows, right=(False,) * 4)


def datasets_json(infos: Sequence[DatasetInfo]) -> dict[str, Any]:
    """The data sets for machines."""
    return {
        "datasets": [
            {
                "name": info.name,
                "title": info.title,
                "status": info.status,
                "detail": info.detail,
                "location": info.location,
                "can_download": info.can_download,
            }
            for info in infos
        ]
    }


def gradients_text(rows: Sequence[GradientRow]) -> str:
    """A row per gradient, with the largest relative error found."""
    lines = [("what", "gradient by", "compared", "worst error", "")]
    lines += [
        (
            row.subject,
            row.gradient,
            str(row.comparisons),
            f"{row.worst_error:.1e}",
            "ok" if row.passed else "WRONG",
        )
        for row in rows
    ]
    wrong = sum(not row.passed for row in rows)
    verdict = f"{wrong} of {len(rows)} are wrong" if wrong else f"All {len(rows)} are right"
    aligned = table(lines, right=(False, False, True, True, False))
    return f"{aligned}\n{verdict}."


def gradients_json(rows: Sequence[GradientRow]) -> dict[str, Any]:
    """The gradient check for machines."""
    return {
        "passed": all(row.passed for row in rows),
        "gradients": [
            {
                "subject": row.subject,
                "gradient": row.gradient,
                "comparisons": row.comparisons,
                "worst_error": row.worst_error,
                "passed": row.passed,
            }
            for row in rows
        ],
    }
