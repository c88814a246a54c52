"""One layer large: its tiles on a page, or its units as bars; any number in it can be chosen."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import font as tk_font

from digitdesk.messages.inside.look import Place
from digitdesk.messages.inside.tiles import Tiles
from digitdesk.ui.charts.photos import ZoomedPhoto
from digitdesk.ui.charts.signed_colors import colored
from digitdesk.ui.charts.tile_sheet import TileLayout, bars_of, sheet_of
from digitdesk.ui.inside.words import fixed
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.timer import Timer

#: What is asked for, in logical pixels, and the sides of a cell.
_LEAST, _ZOOMS = (232, 176), (2, 22)
#: Where all would be less wide than this, only a page of them is shown, in logical pixels.
_LEAST_TILE = 20
_THIN_BAR, _THICK_BAR = 4, 20
_STEPS = {"Left": (0, -1), "Right": (0, 1), "Up": (-1, 0), "Down": (1, 0)}
Ask = Callable[[int, int], Tiles]


class TileView(theme.Canvas):
    """Shows a page of tiles as large as there is room, and frames the number that is chosen.

    The arrow keys go from number to number, and from tile to tile at a tile's edge; Page Up and
    Page Down turn pages.

    Args:
        parent: The widget to sit in.
        on_choose: Takes the place that was chosen.
        on_page: Called when another part is in view.
        on_point: Takes the place of the number below the mouse; ``None`` when it leaves.

    Attributes:
        chosen: Place of the number that is chosen.
        first: Number of the first tile in view.
        total: How many tiles there are.
        enlarged: The only tile that is shown; ``None`` where all are.
    """

    def __init__(
        self,
        parent: tk.Misc,
        on_choose: Callable[[Place], None],
        on_page: Callable[[], None] = lambda: None,
        on_point: Callable[[Place | None], None] = lambda place: None,
    ) -> None:
        super().__init__(
            parent, width=px(parent, _LEAST[0]), height=px(parent, _LEAST[1]),
            highlightthickness=0, borderwidth=0, takefocus=True,
        )  # fmt: skip
        self._on_choose, self._on_page, self._on_point = on_choose, on_page, on_point
        self._pointed: Place | None = None
        self._ask: Ask | None = None
        self._tiles: Tiles | None = None
        self._names: Sequence[str] = ()
        self._is_flat = False
        self._tile_size = (1, 1)
        self._layout: TileLayout | None = None
        self._bars_left = 0
        self.total = self.first = 0
        self.enlarged: int | None = None
        self.chosen: Place | None = None
        self._photo = ZoomedPhoto(self)
        self._image = self.create_image(0, 0, anchor="nw", image=self._photo.image)
        self.create_rectangle(0, 0, 0, 0, tags="tile", state="hidden")
        self.create_rectangle(0, 0, 0, 0, width=2, tags="cell", state="hidden")
        self._later = Timer(self, None, self._lay_out)
        self._listen()

    def _listen(self) -> None:
        self.bind("<Configure>", lambda _event: self._later.ask())
        self.bind("<<ThemeChanged>>", lambda _event: self._later.ask())
        theme.follow_size(self, self._later.ask)
        self.bind("<Button-1>", self._on_click)
        self.bind("<Motion>", lambda event: self._point_at(self.place_at(event.x, event.y)))
        self.bind("<Leave>", lambda _event: self._point_at(None))
        self.bind("<Double-Button-1>", self._on_double_click)
        for key, step in _STEPS.items():
            self.bind(f"<{key}>", lambda _event, step=step: self._move(*step))  # type: ignore[misc]
        self.bind("<Prior>", lambda _event: self.turn(-1))
        self.bind("<Next>", lambda _event: self.turn(1))
        for change in ("<FocusIn>", "<FocusOut>"):
            self.bind(change, lambda _event: self._frame())
        for turn, pages in (("Button-4", -1), ("Button-5", 1), ("MouseWheel", 0)):
            self.bind(f"<{turn}>", lambda event, pages=pages: self._on_wheel(event, pages))  # type: ignore[misc]

    # -- what is asked of it

    def offer(self, shape: tuple[int, int, int], names: Sequence[str] = ()) -> None:
        """Show tiles of another layer.

        Args:
            shape: How many tiles there are, and their height and width; units are 1×1.
            names: Of the units, where they have any.
        """
        self.total, self._tile_size = shape[0], (shape[1], shape[2])
        self._is_flat = self._tile_size == (1, 1)
        self._names = names
        self.first, self.chosen, self.enlarged = 0, None, None
        self._ask = self._tiles = None
        self._lay_out()

    def show(self, ask: Ask) -> None:
        """Show other numbers of the same layer; asked are a first tile and how many."""
        self._ask = ask
        self._draw()

    def forget(self) -> None:
        """Ask for nothing any more: what was shown may be gone by the time it is drawn anew."""
        self._ask = None

    def choose(self, place: Place) -> None:
        """Frame a number, and turn to its page."""
        self.chosen = place
        if self.enlarged is not None:
            if self.enlarged != place[0]:
                self.enlarge(place[0])
        elif not self.first <= place[0] < self.first + self.count:
            self._turn_to(place[0] // self.count * self.count)
        self._frame()

    def enlarge(self, tile: int | None) -> None:
        """Show one tile alone, or all again."""
        self.enlarged = tile if not self._is_flat else None
        self._lay_out()

    def turn(self, pages: int) -> str:
        """Turn so many pages on; of one tile alone, to another one."""
        if self.enlarged is not None:
            self.enlarge(min(max(self.enlarged + pages, 0), self.total - 1))
        else:
            last = (self.total - 1) // self.count * self.count
            self._turn_to(min(max(self.first + pages * self.count, 0), last))
        return "break"

    @property
    def shape(self) -> tuple[int, int, int]:
        """How many tiles there are, and their height and width."""
        return (self.total, *self._tile_size)

    @property
    def count(self) -> int:
        """How many tiles have room on a page."""
        return self._layout.count if self._layout is not None else 1

    @property
    def in_view(self) -> range:
        """Numbers of the tiles that are seen."""
        if self.enlarged is not None:
            return range(self.enlarged, self.enlarged + 1)
        return range(self.first, min(self.first + self.count, self.total))

    @property
    def tiles(self) -> Tiles | None:
        """What is shown."""
        return self._tiles

    def value_at(self, place: Place) -> float | None:
        """A number that is in view."""
        tiles = self._tiles
        if tiles is None or place[0] not in self.in_view:
            return None
        row, column = place[1:] or (0, 0)
        return float(tiles.values.view[place[0] - tiles.first, row, column])

    def place_of(self, place: Place) -> tuple[int, int]:
        """The middle of a number on the canvas."""
        left, top, right, bottom = self._box(place)
        return round((left + right) / 2), round((top + bottom) / 2)

    # -- drawing

    def _lay_out(self) -> None:
        width, height = self.winfo_width(), self.winfo_height()
        self.configure(background=theme.palette().background)
        if width <= 1 or not self.total:
            return
        high, wide = self._tile_size
        least = max(px(self, _ZOOMS[0]), -(-px(self, _LEAST_TILE) // wide))
        zooms = (int(least), int(px(self, _ZOOMS[1])))
        if self._is_flat:
            self._layout = self._bar_layout(width, height)
        else:
            count = 1 if self.enlarged is not None else self.total
            self._layout = TileLayout.of(count, high, wide, (width - 4, height - 4), zooms)
        self.first = min(self.first, (self.total - 1) // self.count * self.count)
        self._draw()
        self._on_page()

    def _bar_layout(self, width: int, height: int) -> TileLayout:
        """Bars below each other, with room for names at the left and numbers at the right."""
        font = tk_font.nametofont(theme.font("figures"), root=self)
        names = self._names or (str(self.total - 1),)
        self._bars_left = max(map(font.measure, names)) + px(self, GAP)
        room = max(px(self, 24), width - self._bars_left - font.measure("−00.0000") - px(self, GAP))
        thin, thick = int(px(self, _THIN_BAR)), int(px(self, _THICK_BAR))
        high = min(thick, max(thin, height // max(1, self.total)))
        return TileLayout(high, room, 1, 1, min(self.total, max(1, height // high)))

    def _draw(self) -> None:
        layout = self._layout
        if self._ask is None or layout is None:
            return
        seen = self.in_view
        tiles = self._tiles = self._ask(seen.start, len(seen))
        if self._is_flat:
            self._draw_bars(tiles, layout)
        else:
            file = colored(sheet_of(tiles.levels, layout), *layout.size)
            self._photo.show_bytes(file, layout.zoom)
            self.coords(self._image, 2, 2)
            self.delete("words")
        self._frame()

    def _draw_bars(self, tiles: Tiles, layout: TileLayout) -> None:
        high, wide = layout.height, layout.width
        file = colored(bars_of(tiles.levels, wide, high), wide, high * tiles.count)
        self._photo.show_bytes(file, 1)
        self.coords(self._image, self._bars_left, 0)
        self.delete("words")
        line = tk_font.nametofont(theme.font("figures"), root=self).metrics("linespace")
        every = max(1, -(-line // high))
        values, colors = tiles.values.view, theme.palette()
        for place in range(0, tiles.count, every):
            unit, middle = tiles.first + place, (place + 0.5) * high
            name = self._names[unit] if self._names else str(unit)
            left = self._bars_left - px(self, GAP / 2)
            self._write(left, middle, name, colors.muted)
            if every == 1:
                self._write(self.winfo_width(), middle, fixed(values[place, 0, 0]), colors.text)

    def _write(self, x: float, y: float, text: str, color: str) -> None:
        self.create_text(
            x, y, anchor="e", text=text, fill=color, font=theme.font("figures"), tags="words"
        )

    def _box(self, place: Place) -> tuple[int, int, int, int]:
        assert self._layout is not None
        at = place[0] - self.in_view.start
        if self._is_flat:
            high, left = self._layout.height, self._bars_left
            return left, at * high, left + self._layout.width, (at + 1) * high
        left, top, right, bottom = self._layout.box(at, *place[1:])
        return left + 2, top + 2, right + 2, bottom + 2

    def _frame(self) -> None:
        """Frame the number that is chosen, and its tile."""
        place, colors = self.chosen, theme.palette()
        is_seen = self._layout is not None and place is not None and place[0] in self.in_view
        if not is_seen:
            for tag in ("cell", "tile"):
                self.itemconfigure(tag, state="hidden")
            return
        assert place is not None and self._layout is not None
        has_focus = self.focus_get() is self
        left, top, right, bottom = self._box(place)
        self.coords("cell", left - 1, top - 1, right, bottom)
        color = colors.accent if has_focus else colors.text
        self.itemconfigure("cell", state="normal", outline=color)
        self.tag_raise("cell")
        if not self._is_flat:
            left, top, right, bottom = self._layout.tile_box(place[0] - self.in_view.start)
            self.coords("tile", left + 1, top + 1, right + 2, bottom + 2)
            self.itemconfigure("tile", state="normal", outline=colors.muted)

    # -- reactions

    def place_at(self, x: int, y: int) -> Place | None:
        """The place of the number at a point of the canvas."""
        layout = self._layout
        if layout is None:
            return None
        start = self.in_view.start
        if self._is_flat:
            unit = y // layout.height
            return (start + unit,) if 0 <= unit < len(self.in_view) else None
        at = layout.at(x - 2, y - 2)
        return (start + at[0], *at[1:]) if at is not None else None

    def _point_at(self, place: Place | None) -> None:
        if place != self._pointed:
            self._pointed = place
            self._on_point(place)

    def _on_click(self, event: tk.Event[tk.Misc]) -> None:
        self.focus_set()
        place = self.place_at(event.x, event.y)
        if place is not None:
            self.choose(place)
            self._on_choose(place)

    def _on_double_click(self, event: tk.Event[tk.Misc]) -> None:
        place = self.place_at(event.x, event.y)
        if place is not None:
            self.enlarge(None if self.enlarged is not None else place[0])

    def _on_wheel(self, event: tk.Event[tk.Misc], step: int) -> str | None:
        if self.total <= self.count:
            return None  # the window may scroll instead
        self.turn(step or (-1 if event.delta > 0 else 1))
        return "break"

    def _turn_to(self, first: int) -> None:
        if first != self.first:
            self.first = first
            self._draw()
            self._on_page()

    def _move(self, down: int, right: int) -> str:
        if not self.total:
            return "break"
        place = self._neighbor(down, right)
        self.choose(place)
        self._on_choose(place)
        return "break"

    def _neighbor(self, down: int, right: int) -> Place:
        """The number beside the one that is chosen; over a tile's edge, in the next tile."""
        high, wide = self._tile_size
        if self.chosen is None:
            start = self.in_view.start
            return (start,) if self._is_flat else (start, high // 2, wide // 2)
        if self._is_flat:
            return (min(max(self.chosen[0] + down + right, 0), self.total - 1),)
        tile, row, column = self.chosen
        row, column = row + down, column + right
        if not 0 <= column < wide:
            step = 1 if column >= wide else -1
            if 0 <= tile + step < self.total:
                tile, column = tile + step, column % wide
        across = self._layout.across if self._layout is not None else 1
        if not 0 <= row < high:
            step = across if row >= high else -across
            if 0 <= tile + step < self.total and self.enlarged is None:
                tile, row = tile + step, row % high
        return tile, min(max(row, 0), high - 1), min(max(column, 0), wide - 1)
