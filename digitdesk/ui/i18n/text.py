"""Every word and number the window shows passes through here.

Sentences go through ``_`` and remember how they were made, so that they can be said again in
another language; ratios become percent, and counts get their thousands separated.
"""

from __future__ import annotations

import gettext
import math
from collections.abc import Callable, Iterable

from digitdesk.errors import DigitDeskError
from digitdesk.messages import percent as plain
from digitdesk.messages.problem import Problem
from digitdesk.messages.setting_table import LIVE_SETTINGS, SETTINGS
from digitdesk.ui.i18n.error_translation import ErrorTranslation

_catalogue: gettext.NullTranslations = gettext.NullTranslations()
_core = ErrorTranslation({})

#: No value: an en dash, as wide as a figure, so that columns keep their shape.
NOTHING = "–"


def use_catalogue(
    catalogue: gettext.NullTranslations, core: ErrorTranslation | None = None
) -> None:
    """Take sentences from another catalogue from now on.

    Args:
        catalogue: The window's own sentences.
        core: Translates what the core says; nothing of it by default.
    """
    global _catalogue, _core
    _catalogue, _core = catalogue, core or ErrorTranslation({})


class Sentence(str):
    """Words in the user's language that know how to be said in another.

    It is an ordinary string to whoever shows it; a widget that keeps it can ask ``again`` after
    the language has changed.
    """

    _make: Callable[[], str]

    @classmethod
    def of(cls, make: Callable[[], str]) -> Sentence:
        """The sentence ``make`` says now; it will be asked again in another language."""
        sentence = cls(make())
        sentence._make = make
        return sentence

    def again(self) -> Sentence:
        """The same in the language of now."""
        return Sentence.of(self._make)

    def format(self, *_args: object, **values: object) -> Sentence:
        """Fill the gaps in; values that are sentences are said again with it."""

        def make() -> str:
            now = {name: again(value) for name, value in values.items()}
            return str.format(self.again(), **now)

        return Sentence.of(make)


def again(value: object) -> object:
    """A sentence in the language of now; anything else as it is."""
    return value.again() if isinstance(value, Sentence) else value


def _(message: str) -> Sentence:
    """The sentence in the user's language."""
    return translated(message)


def translated(message: str) -> Sentence:
    """A sentence of a table of the core, which the window's catalogue holds as its own."""
    return Sentence.of(lambda: _catalogue.gettext(message))


def plural(singular: str, several: str, count: int) -> Sentence:
    """The form that fits a count, with ``{n}`` replaced by it."""
    return Sentence.of(lambda: _catalogue.ngettext(singular, several, count).format(n=whole(count)))


def joined(separator: str, parts: Iterable[str]) -> Sentence:
    """Several sentences as one text."""
    kept = tuple(parts)
    return Sentence.of(lambda: separator.join(str(again(part)) for part in kept))


def core_phrase(phrase: str) -> Sentence:
    """Words of the core, which speaks English, in the user's language where they are known.

    Its catalogue holds them as patterns with gaps, ``{}``; see ``error_translation``.
    """
    return Sentence.of(lambda: _core.phrase(phrase))


def core_problem(problem: Problem | DigitDeskError) -> Sentence:
    """What went wrong in the core, in the user's language, part by part."""
    parts = Problem.of(problem) if isinstance(problem, DigitDeskError) else problem
    return Sentence.of(lambda: _core.problem(parts))


def percent(ratio: float | None, digits: int = 1) -> str:
    """A ratio 0 … 1 as percent: ``0.982`` → ``98.2 %``; see ``messages.percent``."""
    if ratio is None or not math.isfinite(ratio):
        return NOTHING
    return plain.percent(ratio, digits)


def interval(bounds: tuple[float, float] | None) -> str:
    """A confidence interval of ratios: ``98.9 … 99.2 %``."""
    if bounds is None:
        return NOTHING
    low, high = bounds
    return f"{plain.percent_number(low, 1)} … {plain.percent(high, 1)}"


def accuracy(ratio: float, bounds: tuple[float, float]) -> str:
    """A ratio and half the width of its 95 % interval: ``99.12 ± 0.18 %``."""
    low, high = bounds
    return f"{plain.percent_number(ratio)} ± {plain.percent((high - low) / 2)}"


def whole(number: int | float) -> str:
    """A count with thousands separated: ``12,345``."""
    return f"{round(number):,}"


def decimal(number: float | None, digits: int = 4) -> str:
    """A loss or similar with a fixed number of decimals."""
    if number is None or not math.isfinite(number):
        return NOTHING
    return f"{number:.{digits}f}"


def tiny(number: float) -> str:
    """A number far below 1 by its order: ``1.2e-10``."""
    return f"{number:.1e}"


def setting(number: float) -> str:
    """A number as a person would type it into a field: ``0.001``, ``64``."""
    return f"{number:g}"


def duration(seconds: float | None) -> str:
    """A time span: ``0:42``, ``12:05`` or ``1:02:03``."""
    if seconds is None or not math.isfinite(seconds):
        return NOTHING
    total = max(0, round(seconds))
    hours, rest = divmod(total, 3600)
    minutes, second = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{second:02}" if hours else f"{minutes}:{second:02}"


def time_range(low: int, high: int) -> Sentence:
    """How long something usually takes, in seconds: ``4 to 15 s``, ``6 to 20 min``."""
    if high < 120:
        return _("{low} to {high} s").format(low=whole(low), high=whole(high))
    return _("{low} to {high} min").format(low=whole(low / 60), high=whole(high / 60))


def size(count: int) -> str:
    """Size of a file: ``842 kB``."""
    return f"{count / 1e6:.1f} MB" if count >= 1_000_000 else f"{max(1, round(count / 1000))} kB"


def rate(images_per_second: float) -> str:
    """Speed of training or reading."""
    return _("{n} images/s").format(n=whole(images_per_second))


def shape(sizes: tuple[int, ...]) -> str:
    """An array shape: ``8 × 28 × 28``."""
    return " × ".join(str(size) for size in sizes)


def setting_title(name: str) -> Sentence:
    """What a setting of a run is called."""
    known = SETTINGS.get(name) or LIVE_SETTINGS.get(name)
    return translated(known.title if known else name)


def refusal(reason: str) -> str:
    """Why there is no answer, as a sentence."""
    sentences: dict[str, Callable[[], str]] = {
        "empty": lambda: _("Draw a digit and the answer appears as you draw."),
        "faint": lambda: _("Too faint to read: more light or a darker pen helps."),
        "scribble": lambda: _("This looks like a scribble."),
        "letter": lambda: _("This looks like a letter, not a digit."),
        "two-digits": lambda: _("This looks like more than one digit."),
        "unsure": lambda: _("Not sure enough to say."),
        "not a digit": lambda: _("This does not look like a digit."),
    }
    sentence = sentences.get(reason)
    return sentence() if sentence else reason


def number_refusal(reason: str) -> str:
    """Why a number is not sure, as a sentence."""
    sentences: dict[str, Callable[[], str]] = {
        "scribble": lambda: _("A part of it looks like a scribble."),
        "letter": lambda: _("A part of it looks like a letter, not a digit."),
        "two-digits": lambda: _("A part of it looks like more than one digit."),
        "unsure": lambda: _("It may as well be another number."),
        "not a digit": lambda: _("A part of it does not look like a digit."),
    }
    sentence = sentences.get(reason)
    return sentence() if sentence else refusal(reason)
