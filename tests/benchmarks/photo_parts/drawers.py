"""What draws a digit or a number on a sheet, and gives the content of a picture file."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
from PIL import Image

from .ink import Floats, Writing
from .light import soft
from .sheets import Shape, covered, in_the_middle, lines, placed, plain, squares
from .surroundings import rectangle

Draw = Callable[[Writing, np.random.Generator], bytes]
Light = Callable[[Shape, float, np.random.Generator], Floats]
Cover = Callable[[Shape, np.random.Generator], Floats]


def jpeg(greys: np.ndarray, quality: int = 85) -> bytes:
    """Greys or colors 0 … 1, (H, W) or (H, W, 3), as a JPEG file."""
    file = io.BytesIO()
    _image(greys).save(file, "JPEG", quality=quality)
    return file.getvalue()


def png(greys: np.ndarray) -> bytes:
    file = io.BytesIO()
    _image(greys).save(file, "PNG", compress_level=1)
    return file.getvalue()


def _image(greys: np.ndarray) -> Image.Image:
    return Image.fromarray(np.rint(np.clip(greys, 0, 1) * 255).astype(np.uint8))


def _on_paper(
    writing: Writing,
    rng: np.random.Generator,
    height: float,
    pen: float,
    margin: float = 0.6,
    ink_grey: float = 0.22,
    paper: float = 0.9,
) -> tuple[Floats, Floats]:
    """A sheet with the writing on it, and the writing alone; the margin in heights of a digit."""
    ink = writing.ink(height, pen)
    shape = tuple(round(side + 2 * margin * height * rng.uniform(0.8, 1.3)) for side in ink.shape)
    whole = in_the_middle(shape, ink, rng)
    return covered(plain(shape, paper, rng), whole, ink_grey), whole


def on_plain(height: float, pen: float) -> Draw:
    return lambda writing, rng: jpeg(_on_paper(writing, rng, height, pen)[0])


def pressure(least: float) -> Draw:
    """A ballpoint whose pressure falls and rises along the digit."""

    def draw(writing: Writing, rng: np.random.Generator) -> bytes:
        ink = writing.ink(70, 2.5)
        y, x = np.mgrid[0 : ink.shape[0], 0 : ink.shape[1]] / max(ink.shape[0], 1)
        wave = np.sin(rng.uniform(3, 7) * (x * rng.uniform(-1, 1) + y) + rng.uniform(0, 6.3))
        ink *= (least + (1 - least) * (0.5 + 0.5 * wave)).astype(np.float32)
        shape = (ink.shape[0] + 50, ink.shape[1] + 40)
        return jpeg(covered(plain(shape, 0.95, rng), in_the_middle(shape, ink, rng), 0.3), 90)

    return draw


def card(cover: Cover) -> Draw:
    """A small scanned card whose edge or table is in view."""

    def draw(writing: Writing, rng: np.random.Generator) -> bytes:
        ink = writing.ink(64, 2.4)
        shape = (140, max(90, ink.shape[1] + 46))
        sheet = covered(plain(shape, 0.95, rng), in_the_middle(shape, ink, rng), 0.3)
        return png(covered(sheet, cover(shape, rng), rng.uniform(0.15, 0.5)))

    return draw


def ruled(slope: float, bow: float = 0.0) -> Draw:
    """A photo of ruled paper: 1500×1130, lines of 6 px every 190."""

    def draw(writing: Writing, rng: np.random.Generator) -> bytes:
        shape = (1130, 1500)
        tall = len(writing.digits) == 1
        ink = writing.ink(480 if tall else min(300, 1250 / len(writing.digits)), 12)
        signed = slope * rng.choice([-1, 1])
        ruling = lines(shape, 190, 6, signed, bow * rng.choice([-1, 1]), rng.uniform())
        sheet = covered(plain(shape, 170 / 255, rng), ruling, 125 / 255)
        return jpeg(covered(sheet, in_the_middle(shape, ink, rng), 60 / 255))

    return draw


def dark_lines(slope: float) -> Draw:
    """Darker lines, nearer: 589×785."""

    def draw(writing: Writing, rng: np.random.Generator) -> bytes:
        shape = (785, 589) if len(writing.digits) == 1 else (589, 785)
        ink = writing.ink(340 if len(writing.digits) == 1 else 640 / len(writing.digits), 9)
        ruling = lines(shape, 95, 3, slope * rng.choice([-1, 1]), 0, rng.uniform())
        sheet = covered(plain(shape, 180 / 255, rng), ruling, 110 / 255)
        return jpeg(covered(sheet, in_the_middle(shape, ink, rng), 55 / 255))

    return draw


def squared(spacing: float, slope: float) -> Draw:
    def draw(writing: Writing, rng: np.random.Generator) -> bytes:
        ink = writing.ink(240, 9)
        shape = (620, max(480, ink.shape[1] + 240))
        ruling = squares(shape, spacing, 2.5, slope * rng.choice([-1, 1]))
        sheet = covered(plain(shape, 0.86, rng), ruling, 0.62)
        return jpeg(covered(sheet, in_the_middle(shape, ink, rng), 0.25))

    return draw


def on_a_line(grey: float, slope: float) -> Draw:
    """Digits that stand on a line, or just above it: 300 px high."""

    def draw(writing: Writing, rng: np.random.Generator) -> bytes:
        ink = writing.ink(140, 8)
        shape = (300, max(480, ink.shape[1] + 120))
        signed = slope * rng.choice([-1, 1])
        left = (shape[1] - ink.shape[1]) / 2
        ruling = lines(shape, 1000, 5, signed, 0, 0.21)
        whole = np.zeros(shape, dtype=np.float32)
        # Each stands on the line where it is, as a hand follows the ruling.
        for x, top, right, bottom in writing.boxes:
            base = 210 + signed * (left + (x + right) / 2 - shape[1] / 2)
            part = placed(shape, ink[top:bottom, x:right], base - (len(ink) - top) + 3, left + x)
            np.maximum(whole, part, out=whole)
        sheet = covered(plain(shape, 0.88, rng), ruling, grey)
        return jpeg(covered(sheet, whole, min(grey, 0.25)))

    return draw


def cropped(margin: int) -> Draw:
    """Cropped to its ink, or into it where the margin is negative."""

    def draw(writing: Writing, rng: np.random.Generator) -> bytes:
        ink = writing.ink(rng.uniform(60, 200), rng.uniform(5, 9))
        whole = np.pad(ink, max(margin, 0))
        if margin < 0:
            whole = ink[-margin:margin, -margin:margin]
        return png(covered(plain(whole.shape, 0.92, rng), whole, 0.2))

    return draw


def at_border(writing: Writing, rng: np.random.Generator) -> bytes:
    """So tall that it touches the upper and the lower edge, with room at its sides."""
    ink = writing.ink(rng.uniform(80, 200), 8)
    shape = (ink.shape[0] - 1, ink.shape[1] + 160)
    return png(covered(plain(shape, 0.92, rng), placed(shape, ink, 0, 80), 0.2))


def lit(light: Light, strength: float, height: float = 200) -> Draw:
    def draw(writing: Writing, rng: np.random.Generator) -> bytes:
        ink = writing.ink(height, height / 22)
        shape = (round(2.6 * height), ink.shape[1] + round(1.4 * height))
        sheet = covered(plain(shape, 0.88, rng), in_the_middle(shape, ink, rng), 0.25)
        return jpeg(sheet * light(shape, strength, rng))

    return draw


def on_table(cover: Cover, table: float = 0.16) -> Draw:
    """A photo of a sheet with the table beside it; the writing is all on the sheet."""

    def draw(writing: Writing, rng: np.random.Generator) -> bytes:
        ink = writing.ink(150, 7)
        shape = (520, ink.shape[1] + 420)
        beside = cover(shape, rng)
        grain = rng.normal(0, 0.03, shape).astype(np.float32)
        sheet = covered(plain(shape, 0.85, rng), beside, table) + beside * grain
        free = beside < 0.5
        top = int(np.median(np.flatnonzero(free[:, shape[1] // 2]))) - ink.shape[0] // 2
        left = int(np.median(np.flatnonzero(free[shape[0] // 2]))) - ink.shape[1] // 2
        return jpeg(covered(sheet, placed(shape, ink, top, left), 0.2))

    return draw


def dark_edge(cover: Cover) -> Draw:
    return on_table(lambda shape, rng: soft(cover(shape, rng), 8), 0.3)


def frame(width: int, room: float = 0.35) -> Draw:
    """One thin rectangle round all of the writing."""

    def draw(writing: Writing, rng: np.random.Generator) -> bytes:
        ink = writing.ink(120, 6)
        space = round(room * 120)
        shape = (ink.shape[0] + 4 * space, ink.shape[1] + 4 * space)
        top, left = (2 * space + rng.integers(-space // 2, space // 2 + 1, 2)).tolist()
        box = (space, space, shape[1] - space, shape[0] - space)
        sheet = covered(plain(shape, 0.95, rng), rectangle(shape, box, width), 0.25)
        return jpeg(covered(sheet, placed(shape, ink, top, left), 0.2))

    return draw


def cells(width: int) -> Draw:
    """A row of a form's cells, one digit in each."""

    def draw(writing: Writing, rng: np.random.Generator) -> bytes:
        inks = [Writing((digit,)).ink(80, 5) for digit in writing.digits]
        side = max(120, *(max(ink.shape) + 16 for ink in inks))
        shape = (side + 80, side * len(inks) + 80)
        sheet = plain(shape, 0.95, rng)
        whole = np.zeros(shape, dtype=np.float32)
        for place, ink in enumerate(inks):
            left = 40 + place * side
            box = rectangle(shape, (left, 40, left + side - width, 40 + side), width)
            sheet = covered(sheet, box, 0.35)
            y, x = (np.subtract(side, ink.shape) * rng.uniform(0.3, 0.7, 2)).tolist()
            np.maximum(whole, placed(shape, ink, 40 + y, left + x), out=whole)
        return jpeg(covered(sheet, whole, 0.15))

    return draw


def window(writing: Writing, rng: np.random.Generator) -> bytes:
    """A screenshot of a paint program: a title bar, a frame, a white board, a grey window."""
    ink = writing.ink(150, 9)
    shape = (ink.shape[0] + 260, ink.shape[1] + 240)
    screen: Floats = np.full(shape, 0.94, dtype=np.float32)
    screen[:30] = 0.25
    screen[:, :2] = screen[:, -2:] = screen[-2:] = 0.4
    board = (60, 70, shape[1] - 60, shape[0] - 50)
    screen = covered(screen, rectangle(shape, board, 2), 0.5)
    screen[board[1] : board[3], board[0] : board[2]] = 1
    at = (70 + (shape[0] - 120 - ink.shape[0]) / 2, (shape[1] - ink.shape[1]) / 2)
    return png(covered(screen, placed(shape, ink, *at), 0.0))


def dark_window(writing: Writing, rng: np.random.Generator) -> bytes:
    """A black board in a light window."""
    ink = writing.ink(150, 10)
    shape = (ink.shape[0] + 200, ink.shape[1] + 200)
    screen: Floats = np.full(shape, 0.92, dtype=np.float32)
    screen[40:-40, 40:-40] = 0.02
    return png(covered(screen, in_the_middle(shape, ink, rng, 0.1), 1.0))


def on_a_page(height: float) -> Draw:
    """Small writing on a page of 3000×2200."""

    def draw(writing: Writing, rng: np.random.Generator) -> bytes:
        shape = (2200, 3000)
        ink = writing.ink(height, max(1.6, height / 11))
        room = np.subtract(shape, ink.shape)
        top, left = room * rng.uniform(0.2, 0.8, 2)
        return jpeg(covered(plain(shape, 0.9, rng), placed(shape, ink, top, left), 0.2), 92)

    return draw


def colored(
    paper: tuple[float, float, float], ink_color: tuple[float, float, float], pen: float = 6
) -> Draw:
    def draw(writing: Writing, rng: np.random.Generator) -> bytes:
        ink = writing.ink(120, pen)
        shape = (ink.shape[0] + 120, ink.shape[1] + 120)
        whole = in_the_middle(shape, ink, rng)[..., None]
        sheet = np.asarray(paper) + rng.normal(0, 0.008, (*shape, 1))
        return png(sheet + whole * (np.asarray(ink_color) - sheet))

    return draw


def compressed(quality: int) -> Draw:
    return lambda writing, rng: jpeg(_on_paper(writing, rng, 90, 4)[0], quality)


def specks(count: int) -> Draw:
    """Dust, and a piece of another digit in a corner."""

    def draw(writing: Writing, rng: np.random.Generator) -> bytes:
        sheet, _ = _on_paper(writing, rng, 120, 6)
        dirt = np.zeros(sheet.shape, dtype=np.float32)
        for _ in range(count):
            y, x = (rng.uniform(0, 1, 2) * np.subtract(sheet.shape, 6)).astype(int)
            side = rng.integers(2, 5)
            dirt[y : y + side, x : x + side] = 0.8
        at = rng.integers(0, 2, 2) * np.subtract(sheet.shape, 16)
        dirt[at[0] : at[0] + 16, at[1] : at[1] + 5] = 1
        return jpeg(covered(sheet, dirt, 0.25))

    return draw


def rows(gap: float) -> Draw:
    """Two numbers, one below the other."""

    def draw(writing: Writing, rng: np.random.Generator) -> bytes:
        half = len(writing.digits) // 2
        parts = [
            Writing(digits, (0.25,) * (len(digits) - 1), (0.0,) * len(digits), (1.0,) * len(digits))
            for digits in (writing.digits[:half], writing.digits[half:])
        ]
        inks = [part.ink(110, 6) for part in parts]
        shape = (
            round(sum(len(ink) for ink in inks) + (gap + 1) * 110),
            max(ink.shape[1] for ink in inks) + 120,
        )
        whole = placed(shape, inks[0], 55, 60)
        second = placed(shape, inks[1], 55 + len(inks[0]) + gap * 110, 60)
        return jpeg(covered(plain(shape, 0.92, rng), np.maximum(whole, second), 0.2))

    return draw
