"""What numbers look like as a whole: dates, phone numbers and decimals have few forms.

A slash in a date has a second one beside it, points group digits by three, and no decimal begins
with a 0 before another digit: where one sign alone is hard to tell, the whole number is not.
"""

from __future__ import annotations

import functools
import re

from digitdesk.ink.segmentation.signs import SIGNS

_DAY, _MONTH = r"(0?[1-9]|[12]\d|3[01])", r"(0?[1-9]|1[0-2])"
_YEAR, _OTHER_YEAR = r"(19|20)\d\d", r"\d{4}"

_FORMS = (
    (r"\d+", 0.0),
    (rf"{_DAY}(?P<sign>[-./]){_MONTH}(?P=sign){_YEAR}", -2.0),
    (rf"{_MONTH}(?P<sign>[-/]){_DAY}(?P=sign){_YEAR}", -2.0),
    (rf"{_YEAR}(?P<sign>[-./]){_MONTH}(?P=sign){_DAY}", -2.0),
    (rf"{_DAY}(?P<sign>[-./]){_MONTH}(?P=sign)\d\d", 0.0),
    (rf"{_MONTH}(?P<sign>[-/]){_DAY}(?P=sign)\d\d", 0.5),
    (rf"{_DAY}(?P<sign>[-./]){_MONTH}(?P=sign){_OTHER_YEAR}", 3.0),
    (rf"{_OTHER_YEAR}(?P<sign>[-./]){_MONTH}(?P=sign){_DAY}", 3.0),
    (r"-?(0|[1-9]\d*)[.,]\d{1,3}", 1.0),
    (r"\+(0|[1-9]\d*)[.,]\d{1,3}", 2.0),
    (r"[-+]?(0|[1-9]\d*)[.,]\d{4,}", 2.5),
    (r"[-+]?\d+[.,]\d+", 3.0),
    (r"[-+]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?", 1.0),
    (r"[-+]?[1-9]\d{0,2}(\.\d{3})+(,\d+)?", 1.0),
    (r"\+?\d{2,5}(-\d{3,})+", 1.0),
    (r"\d\d(-\d\d){3,}", 1.0),
    (r"\+?\d{2,}(-\d{2,})+", 2.5),
    (r"\+?\d{3,5}/[1-9]\d{2,}(-\d{2,})*", 1.0),
    (r"\+?0\d/[1-9]\d{2,}(-\d{2,})*", 2.0),
    (r"\+?\d{2,5}/\d{3,}(-\d{2,})*", 3.0),
    (r"\+\d{7,}", 1.0),
    (r"-\d+", 1.0),
    (r"\+\d+", 2.0),
    (r"\d{1,3}[/-]\d{1,3}", 1.0),
    (r"(\d{3}-)?\d{3}-\d{4}", 0.0),
    (r"\d{3} \d{3} \d{4}", -1.0),
    (r"1\d\d \d{4} \d{4}", -1.0),
    (r"\d{1,5}( \d{2,4})+", 0.0),
    (r"\+\d{1,3}( \d{2,4}){2,}", 0.0),
    (r"\d{3,5}/\d{3}( \d{3})+", 0.0),
    (r"\d{2,5}/\d{2,4}( \d{2,4})+", 1.0),
    (r"\d{3} \d{3}-\d{4}", 1.0),
    (r"[-+]?[1-9]\d{0,2}( \d{3})+[.,]\d+", 1.0),
)
"""The forms, and how much rarer each is than digits alone, in nats.

Of eight digits as they come, with two such signs between them, one in a thousand is a day of these
centuries. So rarely is a date one by chance that this speaks for its signs and for each digit. So
do spaces where telephone numbers have them.
"""

_OTHER, _OTHER_SIGN = 3.0, 2.0
"""What any other form costs, and each of its signs."""

_APART = 1.0
"""What it costs that several numbers stand in a row, beside what each of them does."""


@functools.lru_cache(1024)
def form_penalty(text: str) -> float:
    """What speaks against a number as a whole, in nats.

    Args:
        text: Digits and signs, and spaces where the writer left some; anything else is one of the
            digits of its model.
    """
    costs = [cost for form, cost in _FORMS if re.fullmatch(form, text)]
    if " " in text:
        costs.append(_APART + sum(map(form_penalty, text.split(" "))))
    signs = sum(letter in SIGNS for letter in text)
    return min(costs, default=_OTHER + _OTHER_SIGN * signs if signs else 0.0)
