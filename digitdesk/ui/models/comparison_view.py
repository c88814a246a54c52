"""Two models on the same pictures: how often they agree, and where they differ."""

from __future__ import annotations

import tkinter as tk

from digitdesk.messages.evaluation import ComparedItem, Comparison
from digitdesk.messages.picture import DIGIT_SIDE, Picture
from digitdesk.ui.i18n.text import _, percent, whole
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px

_CELL = 27
_LOWEST_CELL = 18
_MOST_EXAMPLES = 12
_EXAMPLE_COLUMNS = 6


class ComparisonView(theme.Frame):
    """Counts and matrix at the left, pictures they read differently at the right."""

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        gap = px(self, GAP)
        self.columnconfigure(1, weight=1)
        self.rowconfigure(2, weight=1)
        self.comparison: Comparison | None = None
        self.title = theme.Label(self, style="Title.TLabel")
        self.title.grid(row=0, column=0, columnspan=2, sticky="w")
        self.summary = theme.Label(self, justify="left", style="Muted.TLabel")
        self.summary.grid(row=1, column=0, columnspan=2, sticky="w", pady=(gap // 2, gap))
        self.matrix = theme.Canvas(self, highlightthickness=0, borderwidth=0, width=1, height=1)
        self.matrix.grid(row=2, column=0, sticky="nsw")
        right = theme.Frame(self)
        right.grid(row=2, column=1, sticky="nw", padx=(4 * gap, 0))
        self.heading = theme.Label(right, style="Muted.TLabel")
        self.heading.grid(row=0, column=0, sticky="w", pady=(0, gap))
        self.examples = theme.Canvas(right, highlightthickness=0, borderwidth=0, width=1, height=1)
        self.examples.grid(row=1, column=0, sticky="nw")
        self._photos: list[tk.PhotoImage] = []
        self._row_height = 0
        self.bind("<<ThemeChanged>>", lambda _event: self._draw())
        # Its own height changes, too, where only the words above it take more room.
        self.matrix.bind("<Configure>", self._fit)
        theme.follow_size(self, self._draw)

    def wait(self, first: str, second: str) -> None:
        """Say that the two are being compared."""
        self.comparison = None
        self.title.configure(text=_("{first} and {second}").format(first=first, second=second))
        self.summary.configure(text=_("Both read the same pictures …"))
        self.heading.configure(text="")
        for canvas in (self.matrix, self.examples):
            canvas.delete("all")

    def show(self, comparison: Comparison) -> None:
        """Show an outcome."""
        self.comparison = comparison
        n = max(1, comparison.n)
        self.summary.configure(
            text=_(
                "They agree on {agreed} of {n} pictures of {data}. Both right: {both}; only the "
                "first: {a}; only the second: {b}; both wrong: {none}."
            ).format(
                agreed=percent(comparison.agreed / n),
                n=whole(comparison.n),
                data=comparison.data,
                both=whole(comparison.both_right),
                a=whole(comparison.only_a),
                b=whole(comparison.only_b),
                none=whole(comparison.both_wrong),
            )
        )
        self.heading.configure(
            text=_("Read differently: first · second (what it is)")
            if comparison.examples
            else _("They read every picture alike.")
        )
        self._draw()

    def _draw(self) -> None:
        colors = theme.palette()
        for canvas in (self.matrix, self.examples):
            canvas.configure(background=colors.background)
            canvas.delete("all")
        if self.comparison is not None:
            self._draw_matrix(self.comparison)
            self._draw_examples(self.comparison.examples[:_MOST_EXAMPLES])

    def _fit(self, _event: object) -> None:
        """Draw the matrix anew where its rows have more or less room now."""
        if self.comparison is not None and self._fitting_row(self.comparison) != self._row_height:
            self._draw()

    def _fitting_row(self, comparison: Comparison) -> int:
        """Height of a row, so that the last one is not cut off in a low window."""
        rows = len(comparison.class_names) + 1
        room = self.matrix.winfo_height() // rows
        return max(px(self, _LOWEST_CELL), min(px(self, _CELL), room))

    def _draw_matrix(self, comparison: Comparison) -> None:
        """Rows are the first model's answers, columns the second's."""
        colors = theme.palette()
        names = comparison.class_names
        wide, high = px(self, _CELL), self._fitting_row(comparison)
        self._row_height = high
        # It asks for the least only: how much room there is must not depend on what is drawn.
        least = px(self, _LOWEST_CELL)
        self.matrix.configure(width=wide * (len(names) + 1), height=least * (len(names) + 1))
        small = theme.font("small")
        for k, name in enumerate(names):
            for x, y in ((k + 1.5, 0.5), (0.5, k + 1.5)):
                self.matrix.create_text(
                    x * wide, y * high, text=name[:2], fill=colors.muted, font=small
                )
        for i, row in enumerate(comparison.agreement_matrix[: len(names)]):
            for j, count in enumerate(row[: len(names)]):
                x, y = (j + 1) * wide, (i + 1) * high
                fill = colors.track
                if count:
                    fill = colors.agreed if i == j else colors.differed
                self.matrix.create_rectangle(x + 1, y + 1, x + wide, y + high, width=0, fill=fill)
                if count:
                    place = x + wide / 2, y + high / 2
                    self.matrix.create_text(*place, text=str(count), fill=colors.text, font=small)

    def _draw_examples(self, items: tuple[ComparedItem, ...]) -> None:
        colors = theme.palette()
        zoom = max(1, round(px(self, 200) / 100))
        wide, high = DIGIT_SIDE * zoom + px(self, GAP), DIGIT_SIDE * zoom + px(self, 3 * GAP)
        rows = -(-len(items) // _EXAMPLE_COLUMNS)
        self.examples.configure(width=wide * _EXAMPLE_COLUMNS, height=max(1, rows * high))
        self._photos = []
        for k, item in enumerate(items):
            row, column = divmod(k, _EXAMPLE_COLUMNS)
            photo = self._photo(item.picture, zoom)
            x, y = column * wide, row * high
            self.examples.create_image(x, y, anchor="nw", image=photo)
            self.examples.create_text(
                x + DIGIT_SIDE * zoom / 2,
                y + DIGIT_SIDE * zoom + px(self, GAP),
                text=f"{item.a} · {item.b} ({item.label})",
                fill=colors.text,
                font=theme.font("small"),
            )

    def _photo(self, picture: Picture, zoom: int) -> tk.PhotoImage:
        large = tk.PhotoImage(master=self, data=picture.pgm).zoom(zoom)
        self._photos.append(large)
        return large
