"""What numbers look like as a whole: dates, phone numbers and decimals have few forms.

A slash in a date has a second one beside it, points group digits by three, and no decimal begins
with a 0 before another digit: where one sign alone is hard to tell, the whole number is not.
"""

from __future__ import annotations

import re

_DAY, _MONTH, _YEAR = r"(0?[1-9]|[12]\d|3[01])", r"(0?[1-9]|1[0-2])", r"(\d\d|\d{4})"

_FORMS = (
    (r"\d+", 0.0),
    (rf"{_DAY}(?P<sign>[-./]){_MONTH}(?P=sign){_YEAR}", 0.5),
    (rf"{_MONTH}(?P<sign>[-/]){_DAY}(?P=sign){_YEAR}", 0.5),
    (rf"\d{{4}}(?P<sign>[-./]){_MONTH}(?P=sign){_DAY}", 0.5),
    (r"[-+]?(0|[1-9]\d*)[.,]\d{1,3}", 1.0),
    (r"[-+]?(0|[1-9]\d*)[.,]\d{4,}", 2.0),
    (r"[-+]?\d+[.,]\d+", 3.0),
    (r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?", 1.0),
    (r"[-+]?\d{1,3}(\.\d{3})+(,\d+)?", 1.0),
    (r"\+?\d{2,}(-\d{2,})+", 1.0),
    (r"\+?\d{3,}/\d{3,}(-\d{2,})*", 1.0),
    (r"\+?\d\d/\d{3,}(-\d{2,})*", 2.0),
    (r"[-+]\d+", 1.0),
    (r"\d{1,3}[/-]\d{1,3}", 1.0),
)
"""The forms, and how much rarer each is than digits alone, in nats."""

_OTHER = 5.0


def form_penalty(text: str) -> float:
    """What speaks against a number as a whole, in nats.

    Args:
        text: Digits and signs without spaces; anything else is one of the digits of its model.
    """
    if not any(sign in text for sign in "-./,+"):
        return 0.0
    return min((cost for form, cost in _FORMS if re.fullmatch(form, text)), default=_OTHER)
