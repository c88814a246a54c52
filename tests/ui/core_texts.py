"""Collects what the core can say to a user, by reading its source.

Every part of an error's sentence, every state of a data set, and the few other texts the window
shows as they arrive. A part is a pattern: ``{}`` stands for what is filled in while it runs.
"""

from __future__ import annotations

import ast
import functools
import itertools
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import digitdesk

PACKAGE = Path(digitdesk.__file__).parent

#: Besides the errors: what is called with a text for the user, and where among its arguments.
_OTHERS: dict[str, tuple[int | str, ...]] = {
    "DatasetInfo": (3, "detail"),
    "GpuStatus": (1, "reason"),
    "ExportTarget": (2, 3),
    "Importer": (1, 2),
    "ShapeError": (0, 2),
}
#: Modules whose ``ValueError`` texts end in a sentence for the user.
_SAID_BY_VALUE_ERRORS = {"nn/spec/registry.py"}
#: Calls that give a value, not words of a language.
_VALUES = {"str", "repr", "len", "shown", "shortened", "_some", "int", "hex"}
_DEPTH = 6


@dataclass(frozen=True)
class Text:
    """A part of a sentence, where it stands, and as what (``what``, ``expected`` …)."""

    pattern: str
    role: str
    place: str


def texts() -> list[Text]:
    """All parts, each once per role."""
    errors = _error_names(_MODULES)
    found = {
        (text.pattern, text.role): text for module in _MODULES for text in module.texts(errors)
    }
    return [text for text in found.values() if text.pattern.replace("{}", "").strip()]


def _error_names(modules: list[_Module]) -> set[str]:
    """``DigitDeskError`` and everything that inherits from it."""
    classes = [
        (node.name, {ast.unparse(base).split(".")[-1] for base in node.bases})
        for module in modules
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
    ]
    names = {"DigitDeskError"}
    for _round in classes:
        names |= {name for name, bases in classes if bases & names}
    return names


class _Module:
    def __init__(self, path: Path) -> None:
        self.name = path.relative_to(PACKAGE).as_posix()
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        self._functions: list[ast.FunctionDef] = []
        self._calls: dict[ast.FunctionDef | None, list[ast.Call]] = {None: []}
        self._sources: dict[str, str] = {}
        self._look_around()

    def _look_around(self) -> None:
        """Note each function with the calls of its own body, and where imported names come from."""
        waiting: deque[tuple[ast.AST, ast.FunctionDef | None]] = deque([(self.tree, None)])
        while waiting:
            node, around = waiting.popleft()
            match node:
                case ast.FunctionDef():
                    around = node
                    self._functions.append(node)
                    self._calls[node] = []
                case ast.Call():
                    self._calls[around].append(node)
                case ast.ImportFrom(module=str(module), names=names):
                    path = module.removeprefix("digitdesk.").replace(".", "/") + ".py"
                    for alias in names:
                        self._sources.setdefault(alias.name, path)
            waiting.extend((child, around) for child in ast.iter_child_nodes(node))

    def texts(self, errors: set[str]) -> Iterator[Text]:
        for function in [None, *self._functions]:
            for call in self._calls[function]:
                name = ast.unparse(call.func).split(".")[-1]
                for role, node in self._said(call, name, errors):
                    for pattern in self._patterns(node, function):
                        yield Text(pattern.rstrip("."), role, f"{self.name}:{call.lineno}")

    def _said(self, call: ast.Call, name: str, errors: set[str]) -> Iterator[tuple[str, ast.expr]]:
        """The arguments of a call that a user may read."""
        if name in errors | {"Problem"} or (
            name == "__init__" and "super" in ast.unparse(call.func)
        ):
            yield from (("what", node) for node in call.args[:1])
            yield from ((word.arg, word.value) for word in call.keywords if word.arg)
        elif name == "about":  # the parts of another error stay: its sentence follows a colon
            yield from (("about", node) for node in call.args[:1])
        elif name == "ValueError" and self.name in _SAID_BY_VALUE_ERRORS:
            yield from (("expected", node) for node in call.args[:1])
        for place in _OTHERS.get(name, ()):
            if isinstance(place, int):
                yield from (("text", node) for node in call.args[place : place + 1])
            else:
                yield from (("text", w.value) for w in call.keywords if w.arg == place)

    def _patterns(
        self, node: ast.expr, function: ast.FunctionDef | None, depth: int = _DEPTH
    ) -> list[str]:
        """What an expression may say; nothing where it is a value and not words."""
        again = depth - 1
        match node:
            case _ if not depth:
                return []
            case ast.Constant(value=str(text)):
                return [text]
            case ast.JoinedStr(values=values):
                parts = [self._gap(value, function, again) for value in values]
                return ["".join(chosen) for chosen in itertools.product(*parts)]
            case ast.IfExp(body=body, orelse=other):
                return [p for n in (body, other) for p in self._patterns(n, function, again)]
            case ast.BoolOp(values=choices):
                return [p for n in choices for p in self._patterns(n, function, again)]
            case ast.BinOp(left=left, right=right, op=ast.Add()):
                both = (self._patterns(n, function, again) or ["{}"] for n in (left, right))
                return ["".join(chosen) for chosen in itertools.product(*both)]
            case ast.Name(id=name):
                return self._of_name(name, function, again)
            case ast.Subscript(value=ast.Name(id=name)):
                return self._of_name(name, function, again)
            case ast.Dict(values=values):
                return [p for n in values for p in self._patterns(n, function, again)]
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="get"), args=args):
                named = self._of_name(name, function, again)
                return named + [p for n in args[1:] for p in self._patterns(n, function, again)]
            case ast.Call(func=ast.Name(id=name)) if name not in _VALUES:
                return self._of_function(name, again)
        return []

    def _gap(self, value: ast.expr, function: ast.FunctionDef | None, depth: int) -> list[str]:
        """A piece of an f-string: its words, or a gap."""
        if isinstance(value, ast.Constant):
            return [str(value.value)]
        assert isinstance(value, ast.FormattedValue)
        match value.value:
            case ast.IfExp() | ast.Subscript(value=ast.Name()) as either:
                return self._patterns(either, function, depth) or ["{}"]
            case ast.Call(func=ast.Name(id=name)) as call if name not in _VALUES:
                return self._patterns(call, function, depth) or ["{}"]
            case ast.Name(id=name) if function is not None:
                words = self._assigned(name, function)
                plain = [n.value for n in words if isinstance(n, ast.Constant) and n.value]
                plain = [text for text in plain if isinstance(text, str)]
                return plain or ["{}"]
        return ["{}"]

    @functools.cache  # noqa: B019  (modules live as long as the tests)
    def _of_name(self, name: str, function: ast.FunctionDef | None, depth: int) -> list[str]:
        """What a variable, a constant or a parameter may be."""
        for scope in (function, self.tree):
            found = [
                pattern
                for value in self._assigned(name, scope)
                for pattern in self._patterns(value, function, depth)
            ]
            if found:
                return found
        if function is None:
            return []
        return self._of_parameter(name, function, depth)

    def _assigned(self, name: str, scope: ast.AST | None) -> Iterator[ast.expr]:
        """What is assigned to a name, alone or in a row of names."""
        for node in ast.walk(scope) if scope is not None else ():
            match node:
                case (
                    ast.Assign(targets=[ast.Name(id=target)], value=value)
                    | ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as value)
                ) if target == name:
                    yield value
                case ast.Assign(
                    targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)
                ) if name in (names := [ast.unparse(target) for target in targets]):
                    yield values[names.index(name)]

    @functools.cache  # noqa: B019  (modules live as long as the tests)
    def _of_parameter(self, name: str, function: ast.FunctionDef, depth: int) -> list[str]:
        """What calls hand over for a parameter, the module's own and those of who imports it."""
        names = [a.arg for a in (*function.args.posonlyargs, *function.args.args)]
        if names[:1] in (["self"], ["cls"]):
            names = names[1:]
        found: list[str] = []
        importing = (m for m in _MODULES if m._imported_from(function.name) is self)
        for module in (self, *importing):
            for caller in [None, *module._functions]:
                for call in module._calls[caller]:
                    if ast.unparse(call.func).split(".")[-1] != function.name:
                        continue
                    given = [w.value for w in call.keywords if w.arg == name]
                    if name in names:
                        place = names.index(name)
                        given += call.args[place : place + 1]
                    for node in given:
                        found += module._patterns(node, caller, depth)
        return found

    @functools.cache  # noqa: B019  (modules live as long as the tests)
    def _of_function(self, name: str, depth: int) -> list[str]:
        """What a function of this module, or one it imports, may return."""
        own = name in {function.name for function in self._functions}
        home = self if own else self._imported_from(name)
        return [
            pattern
            for function in (home._functions if home is not None else ())
            if function.name == name
            for node in ast.walk(function)
            if isinstance(node, ast.Return) and node.value is not None
            for pattern in home._patterns(node.value, function, depth)
        ]

    def _imported_from(self, name: str) -> _Module | None:
        """The module of ours a name comes from."""
        return _BY_PATH.get(self._sources.get(name, ""))


_MODULES = [_Module(path) for path in sorted(PACKAGE.rglob("*.py")) if "ui" not in path.parts]
_BY_PATH = {module.name: module for module in _MODULES}
