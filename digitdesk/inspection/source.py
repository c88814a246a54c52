"""The lines of this program that compute something, as they are run."""

from __future__ import annotations

import functools
import inspect
import textwrap
from collections.abc import Callable
from typing import Any

from digitdesk.messages.inside.explanation import SourceLines


@functools.cache
def source_of(function: Callable[..., Any]) -> SourceLines:
    """A function's or a method's lines; none where only the compiled program is at hand."""
    module = inspect.getmodule(function)
    file = f"{module.__name__.replace('.', '/')}.py" if module else ""
    first = function.__code__.co_firstlineno
    try:
        lines, first = inspect.getsourcelines(function)
    except OSError:
        lines = []
    return SourceLines(file, first, tuple(textwrap.dedent("".join(lines)).splitlines()))
