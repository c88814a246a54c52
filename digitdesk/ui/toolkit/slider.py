"""A slider from 0 to 1 that the arrow keys move in small steps."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from functools import partial

from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import px

_STEP, _LARGE_STEP = 0.02, 0.1


class Slider(theme.Scale):
    """Calls back with its ratio whenever it moves, by mouse or by keys.

    Args:
        parent: The widget to sit in.
        ratio: Where it stands at first.
        on_move: Called with the ratio.
        length: Length in logical pixels.
    """

    def __init__(
        self,
        parent: tk.Misc,
        ratio: float,
        on_move: Callable[[float], None],
        *,
        length: float,
    ) -> None:
        super().__init__(
            parent,
            from_=0.0,
            to=1.0,
            value=ratio,
            length=px(parent, length),
            command=lambda value: on_move(float(value)),
            takefocus=True,
        )
        for keys, step in (
            (("<Left>", "<Down>"), -_STEP),
            (("<Right>", "<Up>"), _STEP),
            (("<Prior>",), _LARGE_STEP),
            (("<Next>",), -_LARGE_STEP),
        ):
            for key in keys:
                self.bind(key, partial(self._move, step))

    def _move(self, step: float, _event: object) -> str:
        # Setting the value calls back, as moving by mouse does.
        self.set(min(max(float(self.get()) + step, 0.0), 1.0))
        return "break"
