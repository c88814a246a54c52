"""How DigitDesk looks: its themes, the looks of widgets, and the 8-px grid.

The one module that knows the theme library; everything else takes widgets and colors from here.
"""

from __future__ import annotations

import tkinter as tk
from typing import TYPE_CHECKING, Any

import ttkbootstrap

from digitdesk.ui.i18n.widgets import Translated
from digitdesk.ui.sizing.lengths import Length, factor, use_factor
from digitdesk.ui.sizing.widgets import Sized, follow_size, size_again
from digitdesk.ui.toolkit.colors import Palette, palette_of
from digitdesk.ui.toolkit.fonts import create_fonts, font, size_fonts, use_fonts
from digitdesk.ui.toolkit.screen import desktop_dpi

# The theme library's widgets are the standard ones with a coat of paint. The type checker reads
# the standard ones, whose types are complete; the coat is put on by ``look``. All of them
# keep the sentences they show, and say them again when the language changes; and so the lengths
# they were given, when the size changes.
if TYPE_CHECKING:
    from tkinter import Canvas
    from tkinter.ttk import (
        Button,
        Checkbutton,
        Combobox,
        Entry,
        Frame,
        Label,
        Menubutton,
        Notebook,
        Progressbar,
        Radiobutton,
        Scale,
        Scrollbar,
        Treeview,
    )
else:

    def _remembering(name: str) -> type:
        """The library's widget class with a memory for sentences and lengths."""
        return type(name, (Translated, Sized, getattr(ttkbootstrap, name)), {})

    class Canvas(Sized, tk.Canvas):
        """The standard canvas with a memory for lengths."""

    Button = _remembering("Button")
    Checkbutton = _remembering("Checkbutton")
    Combobox = _remembering("Combobox")
    Entry = _remembering("Entry")
    Frame = _remembering("Frame")
    Label = _remembering("Label")
    Menubutton = _remembering("Menubutton")
    Notebook = _remembering("Notebook")
    Progressbar = _remembering("Progressbar")
    Radiobutton = _remembering("Radiobutton")
    Scale = _remembering("Scale")
    Scrollbar = _remembering("Scrollbar")
    Treeview = _remembering("Treeview")

__all__ = [
    "ACCENT",
    "DARK",
    "GAP",
    "LIGHT",
    "QUIET",
    "SWITCH",
    "TOOL",
    "Button",
    "Canvas",
    "Checkbutton",
    "Combobox",
    "Entry",
    "Frame",
    "Label",
    "Menubutton",
    "Notebook",
    "Palette",
    "Progressbar",
    "Radiobutton",
    "Scale",
    "Scrollbar",
    "Treeview",
    "create_root",
    "fit_tabs",
    "follow_size",
    "font",
    "icon",
    "look",
    "paint",
    "palette",
    "px",
    "use_fonts",
    "use_theme",
    "use_zoom",
]

LIGHT = "one-light"
DARK = "one-dark"

_POINTS_PER_INCH = 72
_MANY = 10_000
#: Kept with the window: pixels per point at a size of 100 %, and how large things were at first.
_SCALING, _FIRST_FACTOR = "_digitdesk_scaling", "_digitdesk_first_factor"
#: Also with it: the room beside the title of a tab, in logical pixels, and the title's font.
_TAB_LOOK = "_digitdesk_tab_look"

#: The grid: every distance in the window is a multiple of this, in logical pixels.
GAP = 8

_FIRST_TAB_LOOK = (2 * GAP, "body")

# What a button means, not how it looks: one thing to press next, the others, and tools.
ACCENT = "primary"
QUIET = "neutral"
TOOL = "ghost"
SWITCH = "neutral toolbutton"

_library: Any = ttkbootstrap


def create_root(theme: str = LIGHT, *, zoom: float = 1.0) -> tk.Tk:
    """The root window, themed and scaled for its screen, not yet shown.

    Args:
        theme: Name of one of the themes, ``LIGHT`` or ``DARK``.
        zoom: How much larger than the desktop asks for everything shall be.
    """
    dpi = desktop_dpi()
    root: tk.Tk = _library.App(
        theme=theme,
        iconphoto=None,
        className="DigitDesk",
        scaling=None if dpi is None else dpi * zoom / _POINTS_PER_INCH,
    )
    if dpi is None and zoom != 1.0:
        root.tk.call("tk", "scaling", float(root.tk.call("tk", "scaling")) * zoom)
    _kept(root)[_SCALING] = float(root.tk.call("tk", "scaling")) / zoom
    use_factor(_measured_factor(root))
    _kept(root)[_FIRST_FACTOR] = factor()
    root.withdraw()
    create_fonts(root)
    _let_the_wheel_scroll(root)
    _let_space_press(root)
    root.bind_class("ComboboxPopdown", "<Map>", lambda event: _color_list(root, event), add="+")
    root.bind_class("Menu", "<Map>", lambda event: _color_menu(root, event), add="+")
    _library.on_theme_change(lambda *_event: paint(root))
    return root


def _let_the_wheel_scroll(root: tk.Tk) -> None:
    """Have a closed box keep what is chosen while the pointer passes over it.

    Tk lets the wheel choose the next one, so that whoever scrolls a form changes it unseen.
    """
    for kind in ("TCombobox", "TSpinbox"):
        for turn in ("<MouseWheel>", "<Button-4>", "<Button-5>"):
            root.unbind_class(kind, turn)


def _let_space_press(root: tk.Tk) -> None:
    """Have the space bar press a button, as everywhere; ttkbootstrap leaves that to Return."""
    root.tk.call("bind", "TButton", "<Key-space>", "ttk::button::activate %W")


def _color_list(root: tk.Tk, event: tk.Event[tk.Misc]) -> None:
    """Show in a list that has dropped down what is chosen as every other list does."""
    colors = palette()
    root.tk.call(
        f"{event.widget}.f.l", "configure",
        "-selectbackground", colors.selected, "-selectforeground", colors.text,
    )  # fmt: skip


def _color_menu(root: tk.Tk, event: tk.Event[tk.Misc]) -> None:
    """Show a menu that has opened in the theme's colors: Tk's own is light in the dark, too."""
    colors = palette()
    root.tk.call(
        str(event.widget), "configure",
        "-background", colors.card, "-foreground", colors.text, "-selectcolor", colors.text,
        "-activebackground", colors.selected, "-activeforeground", colors.text,
        "-disabledforeground", colors.muted, "-relief", "raised", "-borderwidth", 1,
    )  # fmt: skip


def use_theme(theme: str) -> None:
    """Switch the theme; widgets hear of it by ``<<ThemeChanged>>``."""
    style = _library.Style.get_instance()
    wanted = _as_large_as_now(theme)
    # Painting everything anew in the same colors would cost the start a while.
    if style.theme_use() != wanted:
        style.theme_use(wanted)


def use_zoom(root: tk.Tk, zoom: float) -> None:
    """Make everything larger or smaller at once; ``follow_size`` tells who draws for himself.

    Args:
        root: The window, from ``create_root``.
        zoom: How much larger than the desktop asks for everything shall be.
    """
    root.tk.call("tk", "scaling", _kept(root)[_SCALING] * zoom)
    use_factor(_measured_factor(root))
    size_fonts(root)
    is_dark = _library.Style.get_instance().theme_mode == "dark"
    use_theme(DARK if is_dark else LIGHT)
    size_again(root)


def _as_large_as_now(theme: str) -> str:
    """A theme's name for the present size.

    The library draws the parts of its widgets once for each theme, as large as things are then:
    another size gets a theme of its own, with the same colors.
    """
    style = _library.Style.get_instance()
    if factor() == _kept(style.master)[_FIRST_FACTOR]:
        return theme
    name = f"{theme}-{round(100 * factor())}"
    if name not in style.theme_names():
        of_old = style._theme_definitions[theme]
        style.register_theme(type(of_old)(name, of_old.colors, of_old.mode))
    return name


def _measured_factor(root: tk.Misc) -> float:
    """Screen pixels per logical pixel as the library counts them."""
    return float(_library.scale_size(root, _MANY)) / _MANY


def _kept(root: tk.Misc) -> dict[str, Any]:
    """Where what lives as long as the window is kept."""
    return root.winfo_toplevel().__dict__


def px(_widget: tk.Misc, logical: float) -> int:
    """Screen pixels of a length in logical pixels (1/96 inch).

    It is a ``Length``: a widget that is given it follows the size of everything.
    """
    return Length.of(logical)


def look(widget: tk.Misc, meaning: str) -> None:
    """Paint a widget by what it means: ``ACCENT``, ``QUIET``, ``TOOL`` or ``SWITCH``."""
    _library.apply_bootstyle(widget, meaning)


def icon(widget: tk.Misc, name: str, *, alone: bool = False) -> None:
    """Put a small line icon before a button's text, or in its place; it follows the theme."""
    _library.apply_icon(widget, name, compound="left", icon_only=alone)


def palette() -> Palette:
    """Colors of the theme in use."""
    style = _library.Style.get_instance()
    theirs = style.colors
    return palette_of(
        ground=str(theirs.bg),
        text=str(theirs.fg),
        border=str(theirs.border),
        accent=str(theirs.primary),
        danger=str(theirs.danger),
        is_dark=style.theme_mode == "dark",
    )


def paint(root: tk.Misc) -> None:
    """Put styles of our own on top of the theme's.

    The library makes a widget's style when the first such widget is made, so call this when all
    are there; at a change of theme it is called by itself.
    """
    style = _library.Style.get_instance()
    colors = palette()
    configure = style.configure
    configure("Muted.TLabel", foreground=colors.muted, font=font("small"))
    configure("Other.TLabel", foreground=colors.validation, font=font("small"))
    configure("Small.Figures.TLabel", foreground=colors.muted, font=font("small"))
    configure("Heading.TLabel", foreground=colors.text, font=font("heading"))
    configure("Title.TLabel", foreground=colors.text, font=font("title"))
    configure("Headline.TLabel", foreground=colors.text, font=font("headline"))
    configure("Figures.TLabel", foreground=colors.text, font=font("figures"))
    configure("Problem.TLabel", foreground=colors.danger, font=font("small"))
    configure("Ghost.TButton", padding=(px(root, GAP / 2), px(root, GAP / 2)))
    # What is not chosen can be all the same: the library's grey looks as if it could not.
    configure("neutral.Toolbutton", foreground=colors.muted)
    configure("TLabel", padding=0, borderwidth=0)
    for field in ("TEntry", "TCombobox"):
        # A locked field still says what the run was started with: quiet, but legible.
        style.map(field, foreground=[("disabled", colors.muted)])
    style.map(
        "Treeview",
        background=[("selected", colors.selected)],
        foreground=[("selected", colors.text)],
    )
    configure("Treeview", rowheight=px(root, 26), font=font("figures"))
    configure("Treeview.Cell", padding=(px(root, GAP / 2), 0))
    configure(
        "Treeview.Heading",
        foreground=colors.muted,
        font=font("small"),
        padding=(px(root, GAP - 2), px(root, GAP / 2)),
    )
    configure("Banner.TFrame", background=colors.banner)
    configure("Banner.TLabel", background=colors.banner, foreground=colors.text)
    configure("Card.TFrame", background=colors.card, bordercolor=colors.accent, relief="solid")
    configure("Sheet.TFrame", background=colors.card)
    configure("Card.TLabel", background=colors.card, foreground=colors.text)
    configure("Card.Error.TLabel", background=colors.card, foreground=colors.danger)
    configure("Card.Heading.TLabel", background=colors.card, font=font("heading"))
    configure("Card.Muted.TLabel", background=colors.card, foreground=colors.muted)
    configure("Bar.TFrame", background=colors.card)
    configure("Bar.TLabel", background=colors.card, foreground=colors.muted, font=font("small"))
    configure("Error.Bar.TLabel", background=colors.card, foreground=colors.danger)
    _style_tabs(root, colors)


def fit_tabs(root: tk.Misc, side: int, font_name: str) -> None:
    """Leave so many logical pixels at both sides of each tab's title, and write it in a font."""
    kept = _kept(root)
    # Every change of a style tells all widgets that the theme has changed.
    if kept.get(_TAB_LOOK, _FIRST_TAB_LOOK) != (side, font_name):
        kept[_TAB_LOOK] = (side, font_name)
        _library.Style.get_instance().configure("TNotebook.Tab", **_tab_look(root))


def _tab_look(root: tk.Misc) -> dict[str, Any]:
    side, font_name = _kept(root).get(_TAB_LOOK, _FIRST_TAB_LOOK)
    return {"padding": (px(root, side), px(root, GAP)), "font": font(font_name)}


def _style_tabs(root: tk.Misc, colors: Palette) -> None:
    """Flat notebook tabs: text with an accent line under the selected one."""
    style = _library.Style.get_instance()
    theme = style.theme_use()
    line, side = px(root, 3), px(root, 8)

    def picture(line_color: str) -> tk.PhotoImage:
        image = tk.PhotoImage(master=root, width=side, height=side)
        image.put(colors.background, to=(0, 0, side, side))
        image.put(line_color, to=(0, side - line, side, side))
        return image

    kept: dict[str, tuple[tk.PhotoImage, ...]] = _kept(root).setdefault("_digitdesk_tabs", {})
    element = f"DigitDesk.{theme}.tab"
    if theme not in kept:
        images = (picture(colors.background), picture(colors.accent), picture(colors.border))
        kept[theme] = images
        style.element_create(
            element,
            "image",
            images[0],
            ("selected", images[1]),
            ("active", images[2]),
            border=(0, 0, 0, line),
            sticky="nswe",
        )
    label = ("Notebook.label", {"side": "top", "sticky": ""})
    focus = ("Notebook.focus", {"side": "top", "sticky": "nswe", "children": [label]})
    padding = ("Notebook.padding", {"side": "top", "sticky": "nswe", "children": [focus]})
    style.layout("TNotebook.Tab", [(element, {"sticky": "nswe", "children": [padding]})])
    style.configure("TNotebook", bordercolor=colors.background, tabmargins=(px(root, 8), 0, 0, 0))
    style.configure(
        "TNotebook.Tab",
        **_tab_look(root),
        focuscolor=colors.accent,
        focussolid=True,
    )
    style.map("TNotebook.Tab", foreground=[("selected", colors.text), ("!selected", colors.muted)])
