"""The network from left to right, a column for each layer, with the drawing going through it.

Every column is one photo. Only those in view are asked for and drawn, so that a network of fifty
layers follows the pen as well as one of five.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from tkinter import font as tk_font

from digitdesk.messages.inside.explanation import Window
from digitdesk.messages.inside.look import LayerView, Place
from digitdesk.messages.inside.tiles import Tiles
from digitdesk.ui.charts.photos import ZoomedPhoto
from digitdesk.ui.charts.signed_colors import colored
from digitdesk.ui.charts.tile_sheet import TileLayout, bars_of, sheet_of
from digitdesk.ui.i18n.widgets import follow_language
from digitdesk.ui.inside.words import shape_text, short_name
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.timer import Timer

#: Room for the tiles of a layer, and for the bars of a flat one, in logical pixels.
_TILES, _BARS = (116, 116), 40
_LEAST_WIDTH = 240
_MOST_BAR = 10
_MOST_ZOOM = 4
Ask = Callable[[str, int, int], Tiles]


@dataclass(slots=True)
class _Column:
    """A layer on the canvas; lengths in screen pixels."""

    layer: LayerView
    photo: ZoomedPhoto
    image: int
    left: int
    right: int
    picture_left: int
    layout: TileLayout
    drawn: str = ""

    @property
    def size(self) -> tuple[int, int]:
        return self.layout.size_px


class Strip(theme.Frame):
    """Shows what each layer makes of the drawing; a click or the arrow keys choose a layer.

    Args:
        parent: The widget to sit in.
        on_choose: Takes the layer that was chosen, and the place that was pressed, if any.

    Attributes:
        chosen: Path of the layer that is chosen.
    """

    def __init__(
        self, parent: tk.Misc, on_choose: Callable[[LayerView, Place | None], None]
    ) -> None:
        super().__init__(parent)
        self._on_choose = on_choose
        self._layers: Sequence[LayerView] = ()
        self._columns: list[_Column] = []
        self._ask: Ask | None = None
        self._key = self.chosen = ""
        self._windows: Sequence[Window] = ()
        self.columnconfigure(0, weight=1)
        self.canvas = theme.Canvas(
            self, width=px(self, _LEAST_WIDTH), highlightthickness=0, borderwidth=0, takefocus=True
        )
        self.canvas.grid(row=0, column=0, sticky="ew")
        self._bar = theme.Scrollbar(self, orient="horizontal", command=self._on_bar)
        self._bar.grid(row=1, column=0, sticky="ew")
        self.canvas.configure(xscrollcommand=self._bar.set)
        self._draw_later = Timer(self, None, self._draw)
        self._build_later = Timer(self, None, self._build)
        self._listen()

    def _listen(self) -> None:
        canvas = self.canvas
        canvas.bind("<Configure>", lambda _event: self._draw_later.ask())
        self.bind("<<ThemeChanged>>", lambda _event: self._build_later.ask())
        theme.follow_size(self, self._build_later.ask)
        follow_language(self, self._build_later.ask)
        canvas.bind("<Button-1>", self._on_click)
        for turn, step in (("Button-4", -1), ("Button-5", 1), ("MouseWheel", 0)):
            canvas.bind(f"<{turn}>", lambda event, step=step: self._on_wheel(event, step))  # type: ignore[misc]
        for key, step in (("Left", -1), ("Right", 1)):
            canvas.bind(f"<{key}>", lambda _event, step=step: self._move(step))  # type: ignore[misc]
        for change in ("<FocusIn>", "<FocusOut>"):
            canvas.bind(change, lambda _event: self._frame())

    # -- what is asked of it

    def offer(self, layers: Sequence[LayerView]) -> None:
        """Show other layers; the same once more changes nothing."""
        if tuple(layers) == tuple(self._layers):
            return
        self.forget()
        self._layers = tuple(layers)
        paths = [layer.path for layer in layers]
        self.chosen = self.chosen if self.chosen in paths else ""
        self._windows = ()
        self._build()

    def show(self, key: str, ask: Ask) -> None:
        """Show what the layers made of another drawing.

        Args:
            key: Of the drawing: what is drawn by it already is not drawn again.
            ask: Gives so many tiles of a layer, by its path, from a first one on.
        """
        self._key, self._ask = key, ask
        self._draw_later.cancel()
        self._draw()

    def forget(self) -> None:
        """Ask for nothing any more: what was shown may be gone by the time it is drawn anew."""
        self._key, self._ask = "", None

    def choose(self, path: str) -> None:
        """Frame a layer and bring it into view."""
        self.chosen = path
        self._frame()
        column = self._column(path)
        if column is not None:
            self._reveal(column)

    def mark(self, windows: Sequence[Window]) -> None:
        """Frame what a number read of other layers."""
        self._windows = windows
        self._mark()

    @property
    def in_view(self) -> list[str]:
        """Paths of the layers that can be seen."""
        return [column.layer.path for column in self._seen()]

    def place_of(self, path: str, place: Place) -> tuple[int, int]:
        """The middle of a number on the part of the canvas that is seen."""
        column = self._column(path)
        assert column is not None
        left, top, right, bottom = self._box(column, place)
        shift = self.canvas.canvasx(0)
        return round((left + right) / 2 - shift), round((top + bottom) / 2)

    # -- laying out

    @property
    def _line(self) -> int:
        return tk_font.nametofont(theme.font("small"), root=self).metrics("linespace")

    @property
    def _top(self) -> int:
        """Where the tiles begin, below a name and a shape."""
        return 2 * self._line + px(self, GAP / 2)

    def _build(self) -> None:
        """Make the columns."""
        canvas, colors, gap = self.canvas, theme.palette(), px(self, GAP)
        canvas.delete("all")
        canvas.configure(background=colors.background)
        font = tk_font.nametofont(theme.font("small"), root=self)
        self._columns = []
        x = 2
        for layer in self._layers:
            layout = self._layout_of(layer)
            name, shape = short_name(layer.path), shape_text(layer.shape)
            wide = max(font.measure(name), font.measure(shape), layout.size_px[0]) + 2
            middle = x + wide // 2
            fill = colors.muted if layer.depth else colors.text
            canvas.create_text(
                middle, 0, text=name, anchor="n", fill=fill, font=theme.font("small")
            )
            canvas.create_text(middle, self._line, text=shape, anchor="n", fill=colors.muted,
                               font=theme.font("small"))  # fmt: skip
            photo, left = ZoomedPhoto(canvas), middle - layout.size_px[0] // 2
            image = canvas.create_image(left, self._top, anchor="nw", image=photo.image)
            self._columns.append(_Column(layer, photo, image, x, x + wide, left, layout))
            x += wide + 2 * gap
        high = self._top + px(self, _TILES[1]) + 2
        canvas.configure(height=high, scrollregion=(0, 0, max(1, x - 2 * gap), high))
        canvas.create_rectangle(0, 0, 0, 0, width=2, tags="frame", state="hidden")
        self._frame()
        self._draw()

    def _layout_of(self, layer: LayerView) -> TileLayout:
        room = (int(px(self, _TILES[0])), int(px(self, _TILES[1])))
        least = int(px(self, 1))
        if layer.is_image:
            count, high, wide = layer.shape
            return TileLayout.of(count, high, wide, room, (least, int(px(self, _MOST_ZOOM))))
        # A flat layer is a column of bars, of which each is a tile one pixel high.
        thick = max(least, min(int(px(self, _MOST_BAR)), room[1] // max(1, layer.tile_count)))
        return TileLayout(
            thick, int(px(self, _BARS)), 1, 1, min(layer.tile_count, room[1] // thick)
        )

    # -- drawing

    def _seen(self) -> list[_Column]:
        canvas = self.canvas
        if canvas.winfo_width() <= 1:
            return []
        first = canvas.canvasx(0)
        last = first + canvas.winfo_width()
        return [c for c in self._columns if c.right >= first and c.left <= last]

    def _draw(self) -> None:
        """Draw what is in view and is not drawn yet."""
        if self._ask is None or not self._key:
            return
        for column in self._seen():
            if column.drawn != self._key:
                column.drawn = self._key
                tiles = self._ask(column.layer.path, 0, column.layout.count)
                self._paint(column, tiles)

    def _paint(self, column: _Column, tiles: Tiles) -> None:
        layout = column.layout
        if column.layer.is_image:
            file = colored(sheet_of(tiles.levels, layout), *layout.size)
            column.photo.show_bytes(file, layout.zoom)
            return
        levels = tiles.levels[: layout.count]
        bars = bars_of(levels, layout.width, layout.height)
        file = colored(bars, layout.width, layout.height * len(levels))
        column.photo.show_bytes(file, 1)

    def _column(self, path: str) -> _Column | None:
        return next((column for column in self._columns if column.layer.path == path), None)

    def _frame(self) -> None:
        column, colors = self._column(self.chosen), theme.palette()
        if column is None:
            self.canvas.itemconfigure("frame", state="hidden")
            return
        has_focus = self.focus_get() is self.canvas
        wide, high = column.size
        left, top = column.picture_left, self._top
        self.canvas.itemconfigure(
            "frame", state="normal", outline=colors.accent if has_focus else colors.text
        )
        self.canvas.coords("frame", left - 2, top - 2, left + wide + 1, top + high + 1)

    def _box(self, column: _Column, place: Place) -> tuple[float, float, float, float]:
        layout = column.layout
        if column.layer.is_image:
            left, top, right, bottom = layout.box(*place)
        else:
            left, top, right, bottom = layout.tile_box(place[0])
            # Bars have no gap between them.
            top, bottom = place[0] * layout.height, (place[0] + 1) * layout.height
        x, y = column.picture_left, self._top
        return x + left, y + top, x + right, y + bottom

    def _mark(self) -> None:
        """Frame on each tile in view what the chosen number read of it."""
        canvas, color = self.canvas, theme.palette().accent
        canvas.delete("window")
        for window in self._windows:
            column = self._column(window.layer)
            if column is None or not column.layer.is_image:
                continue
            zoom = column.layout.zoom
            for tile in range(
                window.channel, min(column.layout.count, window.channel + window.channels)
            ):
                left, top, *_rest = self._box(column, (tile, window.top, window.left))
                canvas.create_rectangle(
                    left - 1, top - 1, left + window.width * zoom, top + window.height * zoom,
                    outline=color, tags="window",
                )  # fmt: skip

    # -- reactions

    def _reveal(self, column: _Column) -> None:
        canvas = self.canvas
        whole = max(1, self._columns[-1].right)
        first, wide = canvas.canvasx(0), canvas.winfo_width()
        if column.left < first:
            canvas.xview_moveto(max(0, column.left - px(self, GAP)) / whole)
        elif column.right > first + wide:
            canvas.xview_moveto((column.right + px(self, GAP) - wide) / whole)
        self._draw_later.ask()

    def _on_bar(self, *wish: str) -> None:
        self.canvas.xview(*wish)
        self._draw_later.ask()

    def _on_wheel(self, event: tk.Event[tk.Misc], step: int) -> str | None:
        if self.canvas.xview() == (0.0, 1.0):
            return None  # the window may scroll instead
        self.canvas.xview_scroll(2 * (step or (-1 if event.delta > 0 else 1)), "units")
        self._draw_later.ask()
        return "break"

    def _on_click(self, event: tk.Event[tk.Misc]) -> None:
        self.canvas.focus_set()
        x, y = self.canvas.canvasx(event.x), event.y - self._top
        column = next((c for c in self._columns if c.left <= x <= c.right), None)
        if column is None:
            return
        self.choose(column.layer.path)
        self._on_choose(column.layer, self._place_at(column, x - column.picture_left, y))

    def _place_at(self, column: _Column, x: float, y: float) -> Place | None:
        if column.layer.is_image:
            return column.layout.at(x, y)
        unit = int(y // column.layout.height)
        is_inside = 0 <= x < column.layout.width and 0 <= unit < column.layout.count
        return (unit,) if is_inside else None

    def _move(self, step: int) -> str:
        """Choose the neighbor of the layer that is chosen."""
        paths = [column.layer.path for column in self._columns]
        if paths:
            now = paths.index(self.chosen) if self.chosen in paths else -step
            column = self._columns[min(max(now + step, 0), len(paths) - 1)]
            self.choose(column.layer.path)
            self._on_choose(column.layer, None)
        return "break"
