"""The constants that numbers are divided and read by, as the page's JavaScript is given them."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from digitdesk.ink import line_picture
from digitdesk.ink.segmentation import (
    candidates,
    number_ink,
    rows,
    signs,
    spaces,
    stroke_cuts,
    stroke_number,
)
from digitdesk.nn import ctc
from digitdesk.recognition import (
    best_rows,
    digit_opinion,
    line_network,
    line_opinion,
    number_confidence,
    number_forms,
    number_parts,
    number_reader,
)

_MODULES = (
    line_picture,
    candidates,
    number_ink,
    rows,
    signs,
    spaces,
    stroke_cuts,
    stroke_number,
    ctc,
    best_rows,
    digit_opinion,
    line_network,
    line_opinion,
    number_confidence,
    number_forms,
    number_parts,
    number_reader,
)
_PLAIN = (int, float, str, tuple, dict)


def number_constants() -> dict[str, dict[str, Any]]:
    """Every constant of these modules by its own name, without the underscore before it."""
    found = {module.__name__.rpartition(".")[2]: _constants(module) for module in _MODULES}
    forms = found["number_forms"]
    forms["FORMS"] = [(_in_javascript(form), cost) for form, cost in forms["FORMS"]]
    return found


def _constants(module: ModuleType) -> dict[str, Any]:
    return {
        name.strip("_"): value
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, _PLAIN)
    }


def _in_javascript(form: str) -> str:
    """A regular expression whose named groups are written as there."""
    return form.replace("(?P<", "(?<").replace("(?P=sign)", r"\k<sign>")
