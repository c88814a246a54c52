"""What the command line says to people: results as sentences and tables.

Every function returns a text; printing is left to the commands. ``json_output`` has the same for
machines.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from digitdesk.messages.dataset import DatasetInfo
from digitdesk.messages.evaluation import CONFIDENT, Evaluation
from digitdesk.messages.exam import DamageCurve, ExamHint
from digitdesk.messages.hint import hint as hint_sentence
from digitdesk.messages.hint import reason, reason_of_exam_hint
from digitdesk.messages.inspection import GradientRow
from digitdesk.messages.model import Exported
from digitdesk.messages.percent import percent, percent_number
from digitdesk.messages.prediction import NumberReading, Prediction
from digitdesk.messages.run import EpochFinished, RunDiagnosis, RunFinished, Suggestion


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


def interrupted(is_kept: bool, out: Path | None) -> str:
    """Why a run ended early, and how to go on with it."""
    if not is_kept:
        return "Interrupted; nothing was saved."
    again = "digitdesk train --resume" + (f" --out {shlex.quote(str(out))}" if out else "")
    return f"Interrupted; go on with: {again}"


def hint(diagnosis: RunDiagnosis) -> str:
    """What seems to go wrong with a run, what may help, and why."""
    said, suggestion = hint_sentence(diagnosis.sentence_id), diagnosis.suggestion
    if suggestion is not None:
        said = f"{said} Try {_on_the_command_line(suggestion)}."
    return _with_reason(said, reason(diagnosis))


def exam_hint(hint: ExamHint) -> str:
    """What an exam gives to think about, which setting may help, and why."""
    said = hint.sentence
    if hint.suggestion is not None:
        said = f"{said} Try training with {_on_the_command_line(hint.suggestion)}."
    return _with_reason(said, reason_of_exam_hint(hint))


def _with_reason(said: str, why: str) -> str:
    return f"{said}\n  Why: {why}" if why else said


def _on_the_command_line(suggestion: Suggestion) -> str:
    """A setting as it is typed; dropout is a part of the network."""
    if suggestion.name == "dropout":
        return f"dropout({suggestion.value:.3g}) in the network"
    return f"--{suggestion.name.replace('_', '-')} {suggestion.value:.3g}"


def training(finished: RunFinished, out: Path | None) -> str:
    """The end of a run in a sentence or two."""
    parts = []
    if finished.test_accuracy is not None:
        parts.append(f"Test accuracy {percent(finished.test_accuracy)}")
        if finished.test_interval is not None:
            low, high = finished.test_interval
            parts[-1] += f" (95 % interval {percent_number(low)} to {percent(high)})"
    if finished.best_epoch:
        parts.append(f"the network of epoch {finished.best_epoch}")
    parts.append(
        f"{finished.epochs} epoch{'s' * (finished.epochs != 1)} in "
        f"{finished.train_seconds:.1f} s ({finished.images_per_second:,.0f} images/s)"
    )
    kept = f"Saved {out}"
    if out is None:
        kept = "The network is not saved; do it with: digitdesk train --resume --out FILE"
    return f"{'; '.join(parts)}.\n{kept}"


def evaluation(result: Evaluation, title: str, curves: Sequence[DamageCurve] = ()) -> str:
    """Accuracy with its interval, the confusion matrix with a row per class, and damages."""
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
            *_absent_lines(result),
            *_loss_lines(result),
            *_refusals_lines(result),
            "",
            "Confusion matrix: a row is what was written, a column what was read",
            table([heading, *rows], right=[True] * len(heading)),
            *_damage_lines(curves),
        ]
    )


def _loss_lines(result: Evaluation) -> list[str]:
    """What training made small, and errors that no doubt gives away."""
    if result.loss is None:
        return []
    return [
        f"Loss {result.loss:.4f}; {result.confident_errors:,} of {result.errors:,} errors with a "
        f"confidence above {percent(CONFIDENT, 0)}"
    ]


def _damage_lines(curves: Sequence[DamageCurve]) -> list[str]:
    """A row per damage: how much is still read right at each strength."""
    if not curves:
        return []
    rows = [
        [
            curve.damage.name,
            *(
                f"{point.strength:g} {curve.damage.unit}: {percent_number(point.accuracy, 1)}"
                for point in curve.points
            ),
        ]
        for curve in curves
    ]
    n = curves[0].points[0].n
    right = [False] + [True] * (len(rows[0]) - 1)
    return ["", f"Spoiled pictures read right, in %, of {n:,}", table(rows, right)]


def _absent_lines(result: Evaluation) -> list[str]:
    """That a set shows only some of the model's classes, which makes it easier or another one."""
    classes = len(result.class_names)
    present = sum(share is not None for share in result.per_class_accuracy)
    return [] if present == classes else [f"It shows {present} of the model's {classes} classes"]


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


def predictions(answers: Sequence[tuple[str, Prediction]]) -> str:
    """A row per picture: file, label, confidence, second guess, and why it is not sure."""
    rows = [("file", "label", "confidence", "second guess", "", "")]
    for name, prediction in answers:
        if prediction.probabilities:
            (best, sure), *others = prediction.guesses
            second, share = others[0] if others else ("-", None)
            guesses = (best, percent(sure, 1), second, "" if share is None else percent(share, 1))
            rows.append((name, *guesses, _doubt(prediction.reason)))
        else:
            rows.append((name, "-", "-", f"none: {prediction.reason}", "", ""))
    return table(rows, right=(False, False, True, False, True, False))


def numbers(answers: Sequence[tuple[str, NumberReading]]) -> str:
    """A row per picture: file, number, confidence of the whole and of each digit, and doubts."""
    rows = [("file", "number", "confidence", "each digit", "")]
    for name, reading in answers:
        if reading.text:
            each = "  ".join(f"{d.label} {percent(d.confidence, 1)}" for d in reading.digits)
            sure = percent(reading.confidence, 1)
            text = ", ".join(reading.lines)
            rows.append((name, text, sure, each, _doubt(reading.reason)))
        else:
            rows.append((name, "-", "-", f"none: {reading.reason}", ""))
    return table(rows, right=(False, False, True, False, False))


def _doubt(reason: str) -> str:
    """Why an answer is only a guess; empty where it is more."""
    return f"not sure: {reason}" if reason else ""


def exported(written: Exported) -> str:
    """Which files were written, and what is to be known of them."""
    files = " and ".join(map(str, written.paths))
    sentences = [f"Wrote {files}, {written.size_bytes / 1e6:.2f} MB", *written.notes]
    return "\n".join(f"{sentence}." for sentence in sentences)


def datasets(infos: Sequence[DatasetInfo]) -> str:
    """A row per data set."""
    rows = [("name", "status", "title", "")]
    rows += [(info.name, info.status, info.title, info.detail) for info in infos]
    return table(rows, right=(False,) * 4)


def gradients(rows: Sequence[GradientRow]) -> str:
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
