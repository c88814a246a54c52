"""Widgets that change their language while they are on the screen.

A widget keeps the sentences it shows; ``say_again`` walks the window and shows them anew.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import Any

from digitdesk.ui.followers import Followers
from digitdesk.ui.i18n.text import Sentence

_followers = Followers()
"""What else to do when the language changes."""


class Translated:
    """Mixed into every widget class of the theme: remembers each option that is a sentence."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._remember_sentences(options)

    def configure(self, cnf: Any = None, **options: Any) -> Any:
        """Set options as every widget does."""
        self._remember_sentences(
            options if cnf is None or not isinstance(cnf, dict) else cnf | options
        )
        return super().configure(cnf, **options)  # type: ignore[misc]

    config = configure

    def say_again(self) -> None:
        """Show every kept sentence in the language of now."""
        kept: dict[str, Sentence] = self.__dict__.get("_sentences", {})
        if kept:
            self.configure(**{option: sentence.again() for option, sentence in kept.items()})

    def _remember_sentences(self, options: dict[str, Any]) -> None:
        # The library's constructors configure before ours has run: the dictionary is made late.
        kept: dict[str, Sentence] = self.__dict__.setdefault("_sentences", {})
        for option, value in options.items():
            if isinstance(value, Sentence):
                kept[option] = value
            else:
                kept.pop(option, None)


def follow_language(widget: tk.Misc, callback: Callable[[], None]) -> None:
    """Call back now, and again after each change of language for as long as the widget lives.

    For what is no option of a widget: headings, tabs, choices, texts of a canvas or a chart.
    """
    _followers.add(widget, callback)
    callback()


def say_again(root: tk.Misc) -> None:
    """Show everything below ``root`` in the language of now."""
    waiting = [root]
    while waiting:
        widget = waiting.pop()
        if isinstance(widget, Translated):
            widget.say_again()
        waiting.extend(widget.winfo_children())
    _followers.tell()


def translate_menu(menu: tk.Menu, titles: tuple[Sentence, ...]) -> None:
    """Keep the first entries of a menu in whatever language there is."""

    def show() -> None:
        for index, title in enumerate(titles):
            menu.entryconfigure(index, label=title.again())

    follow_language(menu, show)
