"""The color of everything, by what it means: the same in every tab, as ``#rrggbb``.

The colors of lines are Okabe and Ito's, which stay apart for color-blind eyes; they are lightened
on a dark ground. Text and ground come from the theme, and shades of them are mixed here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

#: Lines of a run, on a light and on a dark ground.
TRAIN = ("#0072b2", "#56b4e9")
VALIDATION = ("#d07c00", "#f0b94d")
TEST = ("#00875f", "#3fc79a")
#: Numbers below and above zero: in tiles, kernels and gradients.
NEGATIVE = ("#0060a8", "#6cb6f0")
POSITIVE = ("#c4391b", "#ff8a66")
#: Earlier runs on the chart: quiet beside the three lines of the present one.
EARLIER_RUNS = ("#a07fb8", "#8f8f5c", "#b5827a", "#7a8ba8", "#9a9a9a")


@dataclass(frozen=True, slots=True)
class Palette:
    """Colors by meaning, on one ground.

    Attributes:
        card: Ground of what lies upon the window: cards, tooltips, the status bar.
        muted: Text that is not to be read first.
        track: The empty part of a bar, grid lines, empty cells.
        accent: The one thing to press next, and the best answer.
        selected: Ground of a selected row.
        banner: Ground of a line with something to decide.
        train: Lines of the training set; so for ``validation`` and ``test``.
        runs: Lines of earlier runs.
        agreed: Cells where two models agree; ``differed`` where they do not.
        negative: The lowest number of a picture of numbers; ``positive`` the highest.
        ink_ground: The board, which is black in every theme.
        ink_hint: What the empty board says.
        ink_mark: Boxes around digits that are sure; ``ink_doubt`` around those that are not.
    """

    background: str
    card: str
    text: str
    muted: str
    border: str
    track: str
    accent: str
    danger: str
    selected: str
    banner: str
    train: str
    validation: str
    test: str
    runs: tuple[str, ...]
    agreed: str
    differed: str
    negative: str
    positive: str
    ink_ground: str = "#000000"
    ink_hint: str = "#6f7480"
    ink: str = "#ffffff"
    ink_mark: str = TRAIN[1]
    ink_doubt: str = VALIDATION[1]


@lru_cache(maxsize=8)
def palette_of(
    *, ground: str, text: str, border: str, accent: str, danger: str, is_dark: bool
) -> Palette:
    """All colors, from the few that a theme decides."""
    return Palette(
        background=ground,
        card=mixed(ground, text, 0.04),
        text=text,
        muted=mixed(text, ground, 0.28),
        border=border,
        track=mixed(ground, text, 0.09),
        accent=accent,
        danger=danger,
        selected=mixed(ground, accent, 0.16),
        banner=mixed(ground, accent, 0.1),
        train=TRAIN[is_dark],
        validation=VALIDATION[is_dark],
        test=TEST[is_dark],
        runs=EARLIER_RUNS,
        agreed=mixed(ground, TEST[0], 0.3),
        differed=mixed(ground, VALIDATION[0], 0.35),
        negative=NEGATIVE[is_dark],
        positive=POSITIVE[is_dark],
    )


def mixed(first: str, second: str, share: float) -> str:
    """A color between two, ``share`` of the way to the second."""
    parts = [(int(first[i : i + 2], 16), int(second[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in parts)
