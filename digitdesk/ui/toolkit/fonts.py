"""The window's fonts by what they are for, in a family that has the language's characters."""

from __future__ import annotations

import tkinter as tk
from tkinter import font as tk_font
from typing import Any


def font(name: str) -> str:
    """Name of one of the window's fonts.

    Args:
        name: ``body``, ``tiny``, ``small``, ``heading``, ``title``, ``headline``, ``number``,
            ``answer`` or ``figures``.
    """
    return f"DigitDesk{name.capitalize()}"


def use_fonts(root: tk.Misc, family: str = "") -> None:
    """Write everything in a font family; the system's own where none is named.

    Languages whose characters the system's font lacks get a font that was made for them.
    """
    usual, fixed = _usual_families(root)
    for name in tk_font.names(root):
        if name.startswith(("Tk", "DigitDesk")) and name != "TkFixedFont":
            tk_font.nametofont(name, root=root).configure(family=family or usual)
    body = tk_font.nametofont("TkDefaultFont", root=root)
    # Figures that change must not make their neighbors jump: take the text font where its
    # figures are all as wide, the typewriter font otherwise.
    if len({body.measure(figure) for figure in "0123456789"}) > 1:
        tk_font.nametofont(font("figures"), root=root).configure(family=fixed)


def create_fonts(root: tk.Misc) -> None:
    """Make the fonts; once, before the first widget."""
    size_fonts(root)
    size = tk_font.nametofont("TkDefaultFont", root=root).actual("size")
    for name, factor, weight in (
        ("body", 1.0, "normal"),
        ("figures", 1.0, "normal"),
        ("tiny", 0.75, "normal"),
        ("small", 0.9, "normal"),
        ("heading", 1.0, "bold"),
        ("title", 1.5, "normal"),
        ("headline", 2.4, "normal"),
        ("number", 4.0, "normal"),
        ("answer", 6.4, "normal"),
    ):
        _keep(root, name, size=round(size * factor), weight=weight)
    _usual_families(root)
    use_fonts(root)


def size_fonts(root: tk.Misc) -> None:
    """Write everything as large as the screen's scaling is now."""
    for name in tk_font.names(root):
        # Sizes are in points: set anew, they follow a scaling that came after them.
        named = tk_font.nametofont(name, root=root)
        named.configure(size=named.cget("size"))


def _usual_families(root: tk.Misc) -> tuple[str, str]:
    """The system's families for text and for typewriting, as they were at the start."""
    kept: tuple[str, str] | None = _kept(root).get("_digitdesk_families")
    if kept is None:
        text, fixed = (
            str(tk_font.nametofont(name, root=root).actual("family"))
            for name in ("TkDefaultFont", "TkFixedFont")
        )
        kept = _kept(root)["_digitdesk_families"] = (text, fixed)
    return kept


def _keep(root: tk.Misc, name: str, **options: Any) -> None:
    """Create a named font that lives as long as the root does."""
    kept: list[tk_font.Font] = _kept(root).setdefault("_digitdesk_fonts", [])
    kept.append(tk_font.Font(root=root, name=font(name), **options))


def _kept(root: tk.Misc) -> dict[str, Any]:
    """Where what lives as long as the window is kept."""
    return root.winfo_toplevel().__dict__
