"""What is said of an exam: in captions, at the axes of its matrix, and of how it was made."""

from __future__ import annotations

from pathlib import Path
from tkinter import font as tk_font
from typing import TYPE_CHECKING

from digitdesk.messages.evaluation import EvaluatedItem
from digitdesk.messages.exam import Exam, ExamData, PairItem
from digitdesk.messages.model import DIGITS, READER, TRAINING
from digitdesk.ui.charts.probability_bars import shortened
from digitdesk.ui.evaluate.widgets.matrix import AxisWords
from digitdesk.ui.i18n.text import Sentence, _, core_phrase, joined, percent, plural, whole

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Of a name in a caption, in widths of a figure.
_NAME_FIGURES = 9


def axis_words(class_names: Sequence[str]) -> AxisWords:
    """What rows and columns of a confusion matrix are."""
    said = _("network said")
    is_digits = tuple(class_names) == DIGITS
    return AxisWords(_("true digit") if is_digits else _("true class"), said)


def model_name(exam: Exam) -> Sentence:
    """What the examined model is called; the network of the run, by the step it was at."""
    if exam.model_key == READER:
        return _("Bundled reader")
    if exam.model_key == TRAINING:
        if exam.step is None:
            return _("Trained network")
        return _("Network at step {step}").format(step=whole(exam.step))
    # Two files can have one title, but not one name.
    return joined("", (Path(exam.model_key).name,))


def data_title(data: ExamData) -> Sentence:
    """What a set of pictures is called in a list."""
    title = core_phrase(data.title or data.name)
    return title if data.kind != "dataset" else _("{set}, test part").format(set=title)


def made_of(exam: Exam) -> Sentence:
    """What was read, by whom and when, in a line."""
    count = plural("{n} picture", "{n} pictures", exam.evaluation.n)
    when = exam.made_at.replace("T", " ")[:16]
    seconds = f"{exam.seconds:.1f}"
    return joined(
        " · ",
        (
            model_name(exam),
            data_title(exam.data),
            count,
            when,
            _("read in {seconds} s").format(seconds=seconds),
        ),
    )


class _ShortNames:
    """Names of classes as they stand in captions: the end of a long one is left out."""

    def __init__(self, class_names: Sequence[str], font: tk_font.Font) -> None:
        widest = _NAME_FIGURES * font.measure("0")
        self._short = {name: shortened(name, font, widest) for name in class_names}
        self._is_long = any(font.measure(name) > font.measure("00") for name in class_names)
        self._longest = max(self._short.values(), key=font.measure, default="0")

    def _in_lines(self, first: str, second: str) -> str:
        """Beside each other, or one below the other where the names are long."""
        return f"{first}\n{second}" if self._is_long else f"{first}  {second}"


class Captions(_ShortNames):
    """What is said below the pictures of an exam, however long the names of its classes are.

    Args:
        class_names: All names that there are.
        font: What captions are written in.

    Attributes:
        widest: As wide as any of them.
    """

    def __init__(self, class_names: Sequence[str], font: tk_font.Font) -> None:
        super().__init__(class_names, font)
        self.widest = self._in_lines(f"{self._longest} → {self._longest}", percent(1.0))

    def of(self, item: EvaluatedItem) -> str:
        """``4 → 9  98.3 %``, or ``4  98.3 %`` where that is right."""
        answer = self._short.get(item.answer, item.answer)
        truth = self._short.get(item.label, item.label)
        names = answer if item.is_right or not item.label else f"{truth} → {answer}"
        return self._in_lines(names, percent(item.confidence))


class PairCaptions(_ShortNames):
    """So for two models: ``4 · 9 (4)`` is what each said, and what it is."""

    def __init__(self, class_names: Sequence[str], font: tk_font.Font) -> None:
        super().__init__(class_names, font)
        self.widest = self._in_lines(f"{self._longest} · {self._longest}", f"({self._longest})")

    def of(self, item: PairItem) -> str:
        """What is said below a picture."""
        a, b, label = (self._short.get(name, name) for name in (item.a, item.b, item.label))
        return self._in_lines(f"{a} · {b}", f"({label})")
