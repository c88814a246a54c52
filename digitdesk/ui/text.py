"""Every word and number the window shows passes through here.

Sentences go through ``_`` so that a catalogue can translate them; ratios become percent here only.
"""

from __future__ import annotations

import gettext
import math
from collections.abc import Callable

_catalogue: gettext.NullTranslations = gettext.NullTranslations()

#: No value: an en dash, as wide as a figure, so that columns keep their shape.
NOTHING = "–"


def use_catalogue(catalogue: gettext.NullTranslations) -> None:
    """Take sentences from another catalogue from now on."""
    global _catalogue
    _catalogue = catalogue


def _(message: str) -> str:
    """The sentence in the user's language."""
    return _catalogue.gettext(message)


def plural(singular: str, several: str, count: int) -> str:
    """The form that fits a count, with ``{n}`` replaced by it."""
    return _catalogue.ngettext(singular, several, count).format(n=whole(count))


def percent(ratio: float | None, digits: int = 1) -> str:
    """A ratio 0 … 1 as percent: ``0.982`` → ``98.2 %``.

    Never rounds up to 100 % what is not: an almost sure answer is not a sure one.
    """
    if ratio is None or not math.isfinite(ratio):
        return NOTHING
    step = 10.0**-digits
    shown = round(ratio * 100, digits)
    if shown >= 100 and ratio < 1:
        shown = 100 - step
    return f"{shown:.{digits}f} %"


def interval(bounds: tuple[float, float] | None) -> str:
    """A confidence interval of ratios: ``98.9 … 99.2 %``."""
    if bounds is None:
        return NOTHING
    low, high = bounds
    return f"{low * 100:.1f} … {high * 100:.1f} %"


def whole(number: int | float) -> str:
    """A count with thousands separated: ``12,345``."""
    return f"{round(number):,}"


def decimal(number: float | None, digits: int = 4) -> str:
    """A loss or similar with a fixed number of decimals."""
    if number is None or not math.isfinite(number):
        return NOTHING
    return f"{number:.{digits}f}"


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


def rate(images_per_second: float) -> str:
    """Speed of training or reading."""
    return _("{n} images/s").format(n=whole(images_per_second))


def shape(sizes: tuple[int, ...]) -> str:
    """An array shape: ``8 × 28 × 28``."""
    return " × ".join(str(size) for size in sizes)


def refusal(reason: str) -> str:
    """Why there is no answer, as a sentence."""
    sentences: dict[str, Callable[[], str]] = {
        "empty": lambda: _("Draw a digit and the answer appears as you draw."),
        "unsure": lambda: _("Not sure enough to say."),
        "not a digit": lambda: _("This does not look like a digit."),
    }
    sentence = sentences.get(reason)
    return sentence() if sentence else reason
