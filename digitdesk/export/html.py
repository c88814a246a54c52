"""A model as one page for the browser, with board, preparation and network within it.

The page's own files lie in ``page/`` and are put together here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from digitdesk import __version__
from digitdesk.export.content import ExportContent
from digitdesk.export.javascript import Precision, model_object, preparation_object
from digitdesk.export.number_constants import number_constants
from digitdesk.messages.percent import percent

_FOLDER = Path(__file__).with_name("page")
_SHARED = ("words", "board", "answer", "page")
_READING = (
    *("weights", "network", "ink", "planes", "reader"),
    *("number_ink", "candidates", "number_parts"),
    *("line_picture", "ctc", "line_network", "line_opinion", "number"),
)
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'"
)
"""The page fetches nothing, from anywhere: a browser holds it to that."""

_STRICT = '"use strict";\n'
"""Said once, before everything else, it holds for all of a script."""


def page_file(name: str) -> str:
    """One of the page's own files."""
    return (_FOLDER / name).read_text(encoding="utf-8")


def filled(places: Mapping[str, str]) -> str:
    """The page's frame with its places filled in; what comes from elsewhere must be escaped."""
    head, *parts = page_file("page.html").split("{{")
    pieces = [head]
    for part in parts:
        name, _, rest = part.partition("}}")
        pieces += [places[name], rest]
    return "".join(pieces)


def html_page(content: ExportContent, precision: Precision = "float16") -> str:
    """The whole page.

    Args:
        content: The model.
        precision: Of the kernels.

    Raises:
        ConfigError: A layer, or the model's ink preparation, is unknown to the page.
    """
    card = content.card
    files = [page_file(f"{name}.js") for name in (*_READING, *_SHARED, "export")]
    code = "\n".join(file.replace(_STRICT, "") for file in files)
    constants = "\n".join(
        f"const {name} = {_json(value)};"
        for name, value in (("PREPARATION", preparation_object()), ("NUMBERS", _named_in(code)))
    )
    model = _json(model_object(content, precision))
    return filled(
        {
            "policy": f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            "title": f"DigitDesk · {escape(card.title)}",
            "subtitle": escape(card.title),
            "style": f"<style>\n{page_file('page.css')}</style>",
            "notes": _notes(content, precision),
            "scripts": f'<script type="application/json" id="model">{model}</script>\n'
            f"<script>\n{_STRICT}{constants}\n{code}</script>",
        }
    )


def _named_in(code: str) -> dict[str, dict[str, Any]]:
    """The constants for numbers that these scripts name; others are of pictures of numbers."""
    words = set(re.findall(r"\w+", code))
    return {
        module: {name: value for name, value in constants.items() if name in words}
        for module, constants in number_constants().items()
    }


def _json(value: Any) -> str:
    """As JSON that cannot end the script it stands in."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _notes(content: ExportContent, precision: Precision) -> str:
    """What the page is, in both languages."""
    card = content.card
    english = [
        "This page holds the whole network: it needs no connection and sends nothing anywhere.",
        "It reads single digits, and whole numbers with their signs, spaces and rows.",
        f"Kernels are kept as {precision}, everything else as float32; sums are float64.",
    ]
    chinese = [
        "整个网络都在本页中：无需联网，也不发送任何数据。",
        "可识别单个数字，也可识别带符号、空格和分行的多位数。",
        f"卷积核与权重为 {precision}，其余为 float32，求和用 float64。",
    ]
    if card.test_accuracy is not None:
        accuracy = percent(card.test_accuracy, 2)
        english.append(f"Of {card.test_count:,} test pictures it read {accuracy} right.")
        chinese.append(f"在 {card.test_count:,} 张测试图上的准确率为 {accuracy}。")
    made = f"{escape(card.spec)} · DigitDesk {__version__}"
    return _sentences("en", english) + _sentences("zh", chinese) + f'<p lang="en">{made}</p>'


def _sentences(language: str, sentences: Sequence[str]) -> str:
    between = "" if language == "zh" else " "
    text = between.join(map(escape, sentences))
    return f'<p data-lang="{language}" lang="{language}">{text}</p>'
