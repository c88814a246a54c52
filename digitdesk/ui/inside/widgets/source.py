"""Lines of this program on a pad, with their file and numbers: screen and code are one."""

from __future__ import annotations

import textwrap

from digitdesk.messages.inside.explanation import SourceLines
from digitdesk.ui.i18n.text import _
from digitdesk.ui.inside.widgets.pad import Pad
from digitdesk.ui.toolkit.theme import GAP


def write_source(pad: Pad, source: SourceLines) -> None:
    """Write the lines, without their docstring, which says what the page says already."""
    if not source.lines:
        pad.line(_("computed in {file}").format(file=source.file), "muted", tag="source")
        return
    last = source.first_line + len(source.lines) - 1
    pad.line(f"{source.file}, {source.first_line}–{last}", "muted", tag="source")
    pad.line("\n".join(_without_docstring(source.lines)), "code", tag="code")
    pad.gap(GAP / 2)


def _without_docstring(lines: tuple[str, ...]) -> list[str]:
    """The lines of a function but those of its docstring, as far left as may be."""
    flush = textwrap.dedent("\n".join(lines)).splitlines()
    begin = next((k for k, line in enumerate(flush) if line.strip().startswith('"""')), None)
    if begin is None:
        return flush
    first = flush[begin].strip()
    closes = len(first) > 3 and first.endswith('"""')
    end = begin
    while not closes and end + 1 < len(flush):
        end += 1
        closes = flush[end].rstrip().endswith('"""')
    return [*flush[:begin], *flush[end + 1 :]]
