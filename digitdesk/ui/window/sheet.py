"""A sheet over the window, put away with Escape: the keys of every tab, and what DigitDesk is."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from digitdesk import __version__
from digitdesk.ui.i18n.text import _
from digitdesk.ui.layout.scroll_area import ScrollArea
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.tab import Shortcut, Tab
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain

_KEY_NAMES = {
    "Control": "Ctrl",
    "Escape": "Esc",
    "bracketleft": "[",
    "bracketright": "]",
    "Delete": "Del",
    "space": "Space",
    "Return": "Enter",
    "KP_Enter": "Enter",
}
#: Headings are at most so wide, in logical pixels.
_WIDTH = 440


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under a heading, each of two cells; all of it words of the present language."""

    title: str
    rows: Sequence[tuple[str, str]]


class Sheet(theme.Frame):
    """Hidden until it is shown; what it says is written anew each time.

    Args:
        parent: The window it lies over.
    """

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, style="Card.TFrame", padding=px(parent, 3 * GAP))
        self._focus_before: tk.Misc | None = None
        self.columnconfigure(0, weight=1)
        self.title = theme.Label(self, style="Card.Heading.TLabel")
        self.title.grid(row=0, column=0, sticky="w")
        self._area = ScrollArea(self)
        self._area.grid(row=1, column=0, sticky="ew", pady=px(self, 2 * GAP))
        self._body = _Body(self._area)
        theme.follow_size(self, self._fit)
        self.close_button = theme.Button(self, text=_("Close"), command=self.close)
        theme.look(self.close_button, theme.ACCENT)
        explain(self.close_button, _("Puts this sheet away (Escape)."))
        self.close_button.grid(row=2, column=0, sticky="e")
        for widget in (self, self.close_button):
            widget.bind("<Escape>", lambda _event: self._escape())

    @property
    def is_shown(self) -> bool:
        """Whether it is on the screen."""
        return bool(self.winfo_manager())

    def show(self, title: str, columns: Iterable[Sequence[Section]]) -> None:
        """Show sections in columns beside each other."""
        self._focus_before = self.focus_get() if not self.is_shown else self._focus_before
        self.title.configure(text=title)
        self._body.destroy()
        self._body = _Body(self._area)
        for sections in columns:
            column = theme.Frame(self._body, style="Sheet.TFrame")
            self._write(column, sections)
            self._body.columns.append(column)
        self._area.hold(self._body, self._body)
        self.place(relx=0.5, rely=0.5, anchor="center")
        self._fit()
        self.lift()
        self.close_button.focus_set()

    def _fit(self) -> None:
        """Be as large as what it says, but within the window: the rest is scrolled to."""
        if not self.is_shown:
            return
        # How much room words take is known once they are laid out.
        self._body.stack(False)
        self.update_idletasks()
        around, frame = px(self, 2 * GAP), 2 * px(self, 3 * GAP)
        buttons = self.title.winfo_reqheight() + self.close_button.winfo_reqheight()
        most = (
            self.master.winfo_width() - around - frame,
            self.master.winfo_height() - around - frame - buttons - 2 * px(self, 2 * GAP),
        )
        if self._body.winfo_reqwidth() > most[0]:
            self._body.stack(True)
            self.update_idletasks()
        width, height = self._body.least_size
        bar = px(self, 2 * GAP)
        self._area.configure(
            width=min(most[0], width + (bar if height > most[1] else 0)),
            height=min(most[1], height + (bar if width > most[0] else 0)),
        )

    def close(self) -> None:
        """Put it away; keys go where they went before."""
        if self.is_shown:
            self.place_forget()
            if self._focus_before is not None and self._focus_before.winfo_exists():
                self._focus_before.focus_set()

    def _write(self, column: theme.Frame, sections: Sequence[Section]) -> None:
        gap, row = px(self, GAP / 2), 0
        for section in sections:
            heading = theme.Label(
                column, text=section.title, style="Card.Muted.TLabel", justify="left"
            )
            heading.configure(wraplength=px(self, _WIDTH))
            above = 2 * gap if row else 0
            heading.grid(row=row, column=0, columnspan=2, sticky="w", pady=(above, gap))
            for left, right in section.rows:
                row += 1
                theme.Label(column, text=left, style="Card.TLabel").grid(
                    row=row, column=0, sticky="w", padx=(0, 4 * gap), pady=gap // 2
                )
                theme.Label(column, text=right, style="Card.TLabel").grid(
                    row=row, column=1, sticky="w", pady=gap // 2
                )
            row += 1

    def _escape(self) -> str:
        self.close()
        return "break"


class _Body(theme.Frame):
    """What a sheet says, in columns; it is as large as it is."""

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, style="Sheet.TFrame")
        self.columns: list[theme.Frame] = []

    def stack(self, stacked: bool) -> None:
        """Put the columns below each other, or beside each other."""
        for place, column in enumerate(self.columns):
            apart = px(self, 5 * GAP) * bool(place)
            if stacked:
                column.grid(row=place, column=0, sticky="w", padx=0, pady=(apart // 2, 0))
            else:
                column.grid(row=0, column=place, sticky="n", padx=(apart, 0), pady=0)

    def fit(self, _width: int, _height: int) -> None:
        """Hear how much of it is seen."""

    @property
    def least_size(self) -> tuple[int, int]:
        """Width and height of all of it, in screen pixels."""
        return self.winfo_reqwidth(), self.winfo_reqheight()


def key_sections(tabs: Iterable[Tab], *, on_mac: bool) -> list[list[Section]]:
    """The keys of the first tab that has any, and beside them those of the others and of all."""
    first, *others = [
        Section(tab.title, key_rows(tab.shortcuts, on_mac=on_mac))
        for tab in tabs
        if any(shortcut.says for shortcut in tab.shortcuts)
    ] or [Section("", ())]
    command = "⌘" if on_mac else "Ctrl"
    everywhere = [
        ("Tab", _("To the next control")),
        (f"{command}+Tab", _("To the next tab")),
        (f"{command}+Shift+Tab", _("To the tab before")),
        ("F1", _("Explains the control that has the focus")),
        ("F11", _("Full screen, and back; so does Esc")),
        (f"{command}++, {command}+-", _("Larger or smaller")),
        (f"{command}+0", _("The size the screen asks for")),
    ]
    return [[first], [*others, Section(_("Everywhere"), everywhere)]]


def key_rows(shortcuts: Iterable[Shortcut], *, on_mac: bool) -> list[tuple[str, str]]:
    """One row for each thing that keys do, with all the keys that do it."""
    keys: dict[str, list[str]] = {}
    for shortcut in shortcuts:
        if shortcut.says is not None:
            keys.setdefault(shortcut.says, []).append(key_name(shortcut.keys, on_mac=on_mac))
    return [(", ".join(names), says) for says, names in keys.items()]


def key_name(keys: str, *, on_mac: bool = False) -> str:
    """A shortcut as people write it: ``Control-Z`` is Ctrl+Shift+Z."""
    *modifiers, key = keys.split("-")
    if len(key) == 1 and key.isupper():
        modifiers.append("Shift")
    names = [*modifiers, key.upper() if len(key) == 1 else key]
    if on_mac:
        names = ["⌘" if name == "Control" else name for name in names]
    return "+".join(_KEY_NAMES.get(name, name) for name in names)


def about(log: str) -> list[list[Section]]:
    """What DigitDesk is, which one this is, and where it keeps what went wrong."""
    rows: list[tuple[str, str]] = [
        (_("Version"), __version__),
        (_("License"), "MIT"),
        (_("Log"), log),
    ]
    reader = _(
        "The bundled reader learned from MNIST (CC BY-SA 3.0), from pen digits of UCI (CC BY 4.0), "
        "and from digits that DigitDesk drew itself."
    )
    return [[Section(reader, rows)]]
