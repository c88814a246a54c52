"""Pictures as points of a plane, colored by what they show, ringed where they were read wrong."""

from __future__ import annotations

import colorsys
import math
import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from tkinter import font as tk_font

from digitdesk.messages.picture import Picture
from digitdesk.messages.point_map import MapPoint
from digitdesk.ui.charts.photos import ZoomedPhoto, zoom_for
from digitdesk.ui.i18n.widgets import follow_language
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px

#: What is asked for, the edge around the points, and how far the mouse may be from one.
_LEAST, _EDGE, _NEAR = 264, 16, 12
_RADIUS, _RING = 2.5, 5
_PICTURE = 84
#: Air around the outermost points, as a ratio of their distance from the middle.
_AIR = 1.04


@dataclass(frozen=True, slots=True)
class Pointed:
    """What is said of the point below the mouse."""

    picture: Picture
    words: str


class PointView(theme.Canvas):
    """Shows a map; the mouse asks for pictures, and a drawing has a place of its own.

    Args:
        parent: The widget to sit in.
        ask: Gives the picture of a point, and a line about it.
        on_choose: Takes the point that was pressed.
    """

    def __init__(
        self,
        parent: tk.Misc,
        ask: Callable[[MapPoint], Pointed | None],
        on_choose: Callable[[MapPoint], None],
    ) -> None:
        side = px(parent, _LEAST)
        super().__init__(parent, width=side, height=side, highlightthickness=0, borderwidth=0)
        self._ask, self._on_choose = ask, on_choose
        self._points: Sequence[MapPoint] = ()
        self._names: Sequence[str] = ()
        self._places: list[tuple[float, float]] = []
        self._near = -1
        self._reach = (1.0, 1.0)
        self._own: tuple[float, float, str] | None = None
        self._photo = ZoomedPhoto(self)
        self.bind("<Configure>", lambda _event: self._draw())
        self.bind("<<ThemeChanged>>", lambda _event: self._draw())
        self.bind("<Motion>", lambda event: self._point_at(event.x, event.y))
        self.bind("<Leave>", lambda _event: self._point_at(-math.inf, 0))
        self.bind("<Button-1>", self._on_click)
        follow_language(self, self._draw)
        theme.follow_size(self, self._draw)

    # -- what is shown

    def show(self, points: Sequence[MapPoint], names: Sequence[str]) -> None:
        """Show points of these classes."""
        self._points, self._names, self._near = points, names, -1
        furthest = [max((abs(v) for v in axis), default=0.0) for axis in (
            [point.x for point in points], [point.y for point in points]
        )]  # fmt: skip
        self._reach = (_AIR * furthest[0] or 1.0, _AIR * furthest[1] or 1.0)
        self._draw()

    def place_own(self, at: tuple[float, float] | None, words: str = "") -> None:
        """Show where a drawing lies, and what it is read as; nothing for no place."""
        self._own = None if at is None else (*at, words)
        self._draw_own()

    @property
    def own(self) -> tuple[float, float, str] | None:
        """Where the drawing lies, and what is said of it."""
        return self._own

    @property
    def pointed(self) -> MapPoint | None:
        """The point whose picture is seen."""
        return self._points[self._near] if self._near >= 0 else None

    def place_of(self, number: int) -> tuple[int, int]:
        """Where a point lies on the canvas."""
        x, y = self._places[number]
        return round(x), round(y)

    # -- drawing

    def _on_canvas(self, x: float, y: float) -> tuple[float, float]:
        """A place of the map on the canvas, the nearest one at its edge for what lies outside."""
        edge, wide, high = px(self, _EDGE), self.winfo_width(), self.winfo_height()
        across, up = (
            (min(max(value / reach, -1.0), 1.0) + 1) / 2
            for value, reach in zip((x, y), self._reach, strict=True)
        )
        return edge + across * (wide - 2 * edge), high - edge - up * (high - 2 * edge)

    def _draw(self) -> None:
        colors = theme.palette()
        self.configure(background=colors.card)
        self.delete("all")
        if self.winfo_width() <= 1:
            return
        self._places = [self._on_canvas(point.x, point.y) for point in self._points]
        is_dark = colors.background < "#808080"
        by_name = dict(zip(self._names, class_colors(len(self._names), is_dark), strict=True))
        radius, ring = px(self, _RADIUS), px(self, _RING)
        for point, (x, y) in zip(self._points, self._places, strict=True):
            fill = by_name.get(point.label, colors.muted)
            self.create_oval(x - radius, y - radius, x + radius, y + radius, width=0, fill=fill)
        for point, (x, y) in zip(self._points, self._places, strict=True):
            if point.label and not point.is_right:
                self.create_oval(
                    x - ring, y - ring, x + ring, y + ring, outline=colors.danger, width=2,
                    tags="wrong",
                )  # fmt: skip
        self._write_names()
        self._draw_own()

    def _write_names(self) -> None:
        """Each class's name in the middle of those read right."""
        colors = theme.palette()
        font = tk_font.nametofont(theme.font("heading"), root=self)
        for name in self._names:
            places = [
                place
                for point, place in zip(self._points, self._places, strict=True)
                if point.label == name and point.is_right
            ]
            if not places:
                continue
            x, y = (sorted(axis)[len(places) // 2] for axis in zip(*places, strict=True))
            half = font.measure(name) / 2 + 2
            high = font.metrics("ascent") / 2
            self.create_rectangle(x - half, y - high, x + half, y + high, width=0,
                                  fill=colors.card, outline="")  # fmt: skip
            self.create_text(x, y, text=name, fill=colors.text, font=theme.font("heading"),
                             tags="name")  # fmt: skip

    def _draw_own(self) -> None:
        self.delete("own")
        if self._own is None or self.winfo_width() <= 1:
            return
        colors, size = theme.palette(), px(self, 7)
        x, y = self._on_canvas(*self._own[:2])
        self.create_polygon(
            x, y - size, x + size, y, x, y + size, x - size, y,
            fill=colors.accent, outline=colors.text, width=2, tags="own",
        )  # fmt: skip
        is_right = x > self.winfo_width() * 0.7
        self.create_text(
            x - 1.5 * size if is_right else x + 1.5 * size, y, anchor="e" if is_right else "w",
            text=self._own[2], fill=colors.text, font=theme.font("heading"), tags="own",
        )  # fmt: skip

    # -- the mouse

    def _point_at(self, x: float, y: float) -> None:
        near = self._nearest(x, y)
        if near == self._near:
            return
        self._near = near
        self.delete("pointed")
        said = self._ask(self._points[near]) if near >= 0 else None
        if said is not None:
            self._show_pointed(said, self._places[near])

    def _nearest(self, x: float, y: float) -> int:
        """Number of the point that is nearest to a place, where one is near enough; else -1."""
        distances = ((math.dist(place, (x, y)), k) for k, place in enumerate(self._places))
        distance, number = min(distances, default=(math.inf, -1))
        return number if distance <= px(self, _NEAR) else -1

    def _show_pointed(self, said: Pointed, place: tuple[float, float]) -> None:
        """A picture beside a point, inside the canvas."""
        colors, gap = theme.palette(), px(self, GAP / 2)
        zoom = zoom_for(self, _PICTURE)
        self._photo.show(said.picture, zoom)
        side = said.picture.width * zoom
        font = tk_font.nametofont(theme.font("small"), root=self)
        wide = max(side, font.measure(said.words)) + 2 * gap
        high = side + font.metrics("linespace") + 3 * gap
        left = place[0] + 3 * gap
        if left + wide > self.winfo_width():
            left = place[0] - 3 * gap - wide
        top = min(max(0.0, place[1] - high / 2), self.winfo_height() - high)
        self.create_rectangle(left, top, left + wide, top + high, fill=colors.background,
                              outline=colors.border, tags="pointed")  # fmt: skip
        self.create_image(left + wide / 2, top + gap, anchor="n", image=self._photo.image,
                          tags="pointed")  # fmt: skip
        self.create_text(left + wide / 2, top + high - gap, anchor="s", text=said.words,
                         fill=colors.text, font=theme.font("small"), tags="pointed")  # fmt: skip

    def _on_click(self, event: tk.Event[tk.Misc]) -> None:
        near = self._nearest(event.x, event.y)
        if near >= 0:
            self._on_choose(self._points[near])


def class_colors(count: int, is_dark: bool) -> list[str]:
    """As many colors, apart in hue; of many, every other one is lighter."""
    found = []
    for place in range(count):
        light = 0.62 if is_dark else 0.44
        if count > 12 and place % 2:
            light += 0.14
        rgb = colorsys.hls_to_rgb(place / max(1, count), light, 0.62)
        found.append("#" + "".join(f"{round(255 * part):02x}" for part in rgb))
    return found
