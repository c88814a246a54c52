"""The grammar of network specs: words, each with arguments in brackets, separated by spaces.

``spec = call+``, ``call = word ["(" argument, … ")"]``, ``argument = [word "="] (number | call+)``.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from digitdesk.errors import SpecError

MAX_SPEC_LENGTH = 10_000
MAX_WORD_LENGTH = 40
_MAX_DEPTH = 8


@dataclass(frozen=True, slots=True)
class Call:
    """A word with its arguments, such as ``conv(8, 3, stride=2)``."""

    name: str
    arguments: tuple[Value, ...] = ()
    keywords: tuple[tuple[str, Value], ...] = field(default=())
    bracketed: bool = False

    def __str__(self) -> str:
        """As it was written, more or less."""
        inside = [*map(str, self.arguments), *(f"{key}={value}" for key, value in self.keywords)]
        return f"{self.name}({', '.join(inside)})" if self.bracketed else self.name


Value = int | float | str | Call

_TOKEN = re.compile(
    r"\s*(?:(?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)"
    r"|(?P<word>[A-Za-z][A-Za-z0-9_]*(?:-[A-Za-z]+)*)"
    r"|(?P<mark>[(),=]))"
)


def parse_calls(text: str) -> list[Call]:
    """Read a whole spec.

    Raises:
        SpecError: With the number of the character where reading stopped.
    """
    if len(text) > MAX_SPEC_LENGTH:
        raise SpecError("The network text is too long", expected=f"up to {MAX_SPEC_LENGTH} signs")
    # Chinese keyboards give full-width brackets, commas and figures.
    return _Parser(unicodedata.normalize("NFKC", text)).spec()


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int


class _Parser:
    """Recursive descent over the tokens, with one method per rule of the grammar."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._next = 0

    def spec(self) -> list[Call]:
        calls = self._calls(depth=0)
        if self._peek().kind != "end":
            raise self._unexpected("a layer")
        if not calls:
            raise SpecError("The network text is empty", expected="for example flatten dense(10)")
        return calls

    def _calls(self, depth: int) -> list[Call]:
        calls = []
        while self._peek().kind == "word":
            calls.append(self._call(depth))
        return calls

    def _call(self, depth: int) -> Call:
        name = self._take().text.lower()
        if self._peek().text != "(":
            return Call(name)
        if depth == _MAX_DEPTH:
            raise SpecError("The brackets are nested too deeply", expected=f"up to {_MAX_DEPTH}")
        self._take()
        arguments: list[Value] = []
        keywords: list[tuple[str, Value]] = []
        while self._peek().text != ")":
            self._argument(arguments, keywords, depth + 1)
            if self._peek().text == ",":
                self._take()
                if self._peek().text == ")":
                    raise self._unexpected("an argument after the comma")
            elif self._peek().text != ")":
                raise self._unexpected("a comma or a closing bracket")
        self._take()
        return Call(name, tuple(arguments), tuple(keywords), bracketed=True)

    def _argument(
        self, arguments: list[Value], keywords: list[tuple[str, Value]], depth: int
    ) -> None:
        """A number, a word, ``name=value``, or the layers of a residual block."""
        token = self._peek()
        if token.kind == "number":
            if keywords:
                raise self._unexpected("name=value after a named argument")
            arguments.append(_number(self._take().text))
            return
        if token.kind != "word":
            raise self._unexpected("an argument")
        if self._tokens[self._next + 1].text == "=":
            key = self._take().text.lower()
            self._take()
            keywords.append((key, self._value(depth)))
            return
        arguments.extend(self._calls(depth))

    def _value(self, depth: int) -> Value:
        token = self._peek()
        if token.kind == "number":
            return _number(self._take().text)
        if token.kind != "word":
            raise self._unexpected("a value after =")
        call = self._call(depth)
        return call if call.bracketed else call.name

    def _peek(self) -> _Token:
        return self._tokens[self._next]

    def _take(self) -> _Token:
        token = self._tokens[self._next]
        self._next += 1
        return token

    def _unexpected(self, expected: str) -> SpecError:
        token = self._peek()
        received = "the end" if token.kind == "end" else repr(token.text)
        return SpecError(
            f"character {token.start + 1} of the network text is unexpected",
            expected=expected,
            received=received,
        )


def _tokens(text: str) -> list[_Token]:
    tokens = []
    place = 0
    end = len(text.rstrip())
    while place < end:
        match = _TOKEN.match(text, place)
        if match is None:
            start = place + len(text[place:]) - len(text[place:].lstrip())
            raise SpecError(
                f"character {start + 1} of the network text cannot be read",
                expected="layers such as conv(8, 3) relu",
                received=repr(text[start]),
            )
        kind = match.lastgroup or ""
        if len(match[kind]) > MAX_WORD_LENGTH:
            raise SpecError(
                f"character {match.start(kind) + 1} of the network text begins a word or number "
                "that is too long",
                expected=f"up to {MAX_WORD_LENGTH} signs",
            )
        tokens.append(_Token(kind, match[kind], match.start(kind)))
        place = match.end()
    return [*tokens, _Token("end", "", end)]


def _number(text: str) -> int | float:
    return int(text) if re.fullmatch(r"[-+]?\d+", text) else float(text)
