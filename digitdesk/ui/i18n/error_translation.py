"""The core's English sentences in the user's language.

The core knows no language: it hands over finished sentences such as "The file is missing;
expected …; received …. Check the path.". Here they are taken apart again, each part is looked up
as a pattern with gaps, and a sentence whose main part is not known stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

_GAP = re.compile(r"{}")
_FORM = re.compile(
    r"(?P<what>.+?)(?:; expected (?P<expected>.+?))?(?:; received (?P<received>.+?))?"
    r"\.(?: (?P<hint>.+?)\.?)?",
    re.DOTALL,
)


class ErrorTranslation:
    """Translates sentences of the core.

    Args:
        patterns: Translations by English pattern; each ``{}`` stands for anything. Where another
            language wants the gaps in another order, it numbers them: ``{1} … {0}``.
    """

    def __init__(self, patterns: Mapping[str, str]) -> None:
        # The most definite patterns first: those with the most words outside of their gaps.
        ordered = sorted(patterns.items(), key=lambda item: -len(item[0].replace("{}", "")))
        self._exact = {english: own for english, own in ordered if "{}" not in english}
        self._patterns = [
            (re.compile("(.+?)".join(map(re.escape, _GAP.split(english))), re.DOTALL), own)
            for english, own in ordered
            if "{}" in english
        ]
        self.translate = lru_cache(maxsize=256)(self._translate)

    def _translate(self, sentence: str) -> str:
        # A full stop may also stand inside a name: try each place where the hint could begin.
        for end in (match.end() for match in re.finditer(r"\.(?= |$)", sentence)):
            found = _FORM.fullmatch(sentence[:end])
            what = self._part(found["what"]) if found else ""
            if found and what:
                return self._put_together(found, what, sentence[end:].strip().rstrip("."))
        return self._part(sentence) or sentence

    def _put_together(self, found: re.Match[str], what: str, hint: str) -> str:
        parts = [what]
        for pattern, text in (
            ("expected {}", found["expected"]),
            ("received {}", found["received"]),
        ):
            if text:
                frame = self._exact_frame(pattern)
                parts.append(frame.replace("{}", self._part(text) or text))
        stop = self._exact.get(".", ".")
        joined = self._exact.get(";", "; ").join(parts) + stop
        return joined + (self._part(hint) or hint) + stop if hint else joined

    def _exact_frame(self, pattern: str) -> str:
        words = pattern.removesuffix(" {}")
        return self._exact.get(words, words + " ") + "{}"

    def _part(self, text: str) -> str:
        """The translation of a part; empty where it is not known."""
        if text in self._exact:
            return self._exact[text]
        for pattern, own in self._patterns:
            found = pattern.fullmatch(text)
            if found:
                return own.format(*map(self._filling, found.groups()))
        return ""

    def _filling(self, gap: str) -> str:
        """What stands in a gap: a value, a part, or a sentence that is a clause there."""
        sentence = gap[:1].upper() + gap[1:]
        return self._exact.get(gap) or self._part(sentence) or self._part(gap) or gap
