"""The core's English words in the user's language.

The core knows no language: it hands over its errors in parts, "The file is missing", "a model
file", and a few phrases such as the state of a data set. Each part is looked up as a pattern with
gaps, and the parts are put together as the language does it. An error whose main part is not known
is said in English as a whole: half a sentence in each language would be worse.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from digitdesk.errors import printable
from digitdesk.messages.problem import Problem

_GAP = "{}"


class ErrorTranslation:
    """Translates problems and phrases of the core.

    Args:
        patterns: Translations by English pattern; each ``{}`` stands for anything. Where another
            language wants the gaps in another order, it numbers them: ``{1} … {0}``. The words
            ``expected`` and ``received`` and the marks ``;`` and ``.`` join the parts.
    """

    def __init__(self, patterns: Mapping[str, str]) -> None:
        # The most definite patterns first: those with the most words outside of their gaps.
        ordered = sorted(patterns.items(), key=lambda item: -len(item[0].replace(_GAP, "")))
        self._exact = {english: own for english, own in ordered if _GAP not in english}
        self._patterns = [
            (re.compile("(.+?)".join(map(re.escape, english.split(_GAP))), re.DOTALL), own)
            for english, own in ordered
            if _GAP in english
        ]
        self._stop = self._exact.get(".", ".")
        self.problem = lru_cache(maxsize=256)(self._problem)
        self.phrase = lru_cache(maxsize=256)(self._phrase)

    def _problem(self, problem: Problem) -> str:
        """A problem as one line in the user's language."""
        what = self._known(problem.what)
        if not what:
            return problem.sentence
        parts = [what]
        for word, part in (("expected", problem.expected), ("received", problem.received)):
            if part:
                parts.append(self._exact.get(word, f"{word} ") + self._part(part))
        line = self._exact.get(";", "; ").join(parts) + self._stop
        hint = self._part(problem.hint) + self._stop if problem.hint else ""
        return printable(line + hint)

    def _phrase(self, text: str) -> str:
        """A phrase that stands by itself, in the user's language where it is known."""
        found = self._known(text)
        return found + self._stop * text.endswith(".") if found else text

    def _part(self, text: str) -> str:
        """A part in the user's language where it is known, else as it is."""
        return self._known(text) or text.rstrip(".")

    def _known(self, text: str) -> str:
        """The translation of a part, without a full stop; empty where it is not known."""
        return self._match(text.rstrip("."))

    def _match(self, text: str) -> str:
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
        return self._exact.get(gap) or self._match(sentence) or self._match(gap) or gap
