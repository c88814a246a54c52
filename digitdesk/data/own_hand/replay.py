"""Some of what a network was trained on, so that it does not forget while it learns a hand.

Of the sets that its card names, those at hand; made-up handwriting where there are none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from digitdesk.data.catalog import find_folder
from digitdesk.data.dataset import Labelled
from digitdesk.data.datasets import load_dataset
from digitdesk.data.progress import StopIfTold, never_told
from digitdesk.data.strokes import pen_strokes, pendigits, traced_strokes, unipen
from digitdesk.data.synthetic import handwriting, not_digits
from digitdesk.errors import ConfigError, DataError
from digitdesk.ink.stroke_file import StrokeSample
from digitdesk.messages.model import DIGITS

FROM_FILES = 10_000
"""So many pictures of each set that lies in files."""
_MADE_UP = 3_000
_DRAWN = 1_200
_NO_DIGITS = 2_500
_STROKES = 1_500


@dataclass(frozen=True, slots=True)
class Source:
    """Where replay comes from.

    Attributes:
        trained_on: Names of data sets, joined with ``+``, as a model's card has them.
        class_names: Of the model.
        reject_names: Of the model.
        data_dir: The folder of data sets.
        user_data: The user's data folder.
        seed: Decides what is drawn and chosen.
    """

    trained_on: str
    class_names: tuple[str, ...]
    reject_names: tuple[str, ...]
    data_dir: Path | None
    user_data: Path
    seed: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """The sets there will be something of, as far as that is known without reading them."""
        parts = [part.strip() for part in self.trained_on.split("+") if part.strip()]
        found = [part for part in parts if self._is_at_hand(part)]
        is_digits = self.class_names == DIGITS
        if is_digits and not set(found) - {"not-digits", "unipen-letters"}:
            found.insert(0, "handwriting")
        if is_digits and self.reject_names and "not-digits" not in found:
            found.append("not-digits")
        return tuple(found)

    def _is_at_hand(self, part: str) -> bool:
        if part in ("handwriting", "not-digits"):
            return self.class_names == DIGITS and (part == "handwriting" or bool(self.reject_names))
        if part in ("mnist", "pendigits", "unipen", "unipen-letters"):
            is_there = find_folder(part, self.data_dir, self.user_data) is not None
            return is_there and (part != "unipen-letters" or bool(self.reject_names))
        return (
            part not in (pen_strokes.NAME, traced_strokes.NAME) and Path(part).expanduser().exists()
        )


def replayed_pictures(source: Source, stop_if_told: StopIfTold = never_told) -> Labelled:
    """Pictures of all sets at hand, (N, 28, 28) and (N,); none where there are no sets."""
    found = [_LOADERS.get(name, _of_files(name))(source, stop_if_told) for name in source.names]
    images = [np.zeros((0, 28, 28), dtype=np.uint8), *(images for images, _ in found)]
    labels = [np.zeros(0, dtype=np.uint8), *(labels for _, labels in found)]
    return np.concatenate(images), np.concatenate(labels)


def replayed_planes(source: Source, stop_if_told: StopIfTold = never_told) -> Labelled:
    """The same with direction and progress of the pen, (N, 10, 28, 28): of digits only."""
    digits: list[StrokeSample] = []
    letters: list[StrokeSample] = []
    for name, read in (
        ("pendigits", pendigits.read_pendigits),
        ("unipen", unipen.read_unipen_digits),
    ):
        folder = find_folder(name, source.data_dir, source.user_data)
        if folder is not None:
            digits += _some(read(folder), _STROKES // 2, source.seed)
    folder = find_folder("unipen-letters", source.data_dir, source.user_data)
    if folder is not None:
        letters = _some(unipen.read_unipen_letters(folder), _DRAWN // 3, source.seed)
    return pen_strokes.generate(
        digits,
        letters,
        seed=source.seed,
        limit=_STROKES if digits else 2 * _STROKES,
        renderings=3,
        stop_if_told=stop_if_told,
    )


def some_strokes(source: Source, count: int, seed: int) -> list[StrokeSample]:
    """Drawings of digits to calibrate by: real ones where there are any, else made-up ones."""
    folder = find_folder("unipen", source.data_dir, source.user_data)
    if folder is not None:
        return _some(unipen.read_unipen_digits(folder), count, seed)
    rng = np.random.default_rng(seed)
    return [
        StrokeSample(k % 10, "", handwriting.generate_strokes(k % 10, rng)) for k in range(count)
    ]


def _some(samples: list[StrokeSample], count: int, seed: int) -> list[StrokeSample]:
    order = np.random.default_rng(seed).permutation(len(samples))[:count]
    return [samples[k] for k in order.tolist()]


_Load = Callable[[Source, StopIfTold], Labelled]


def _of_files(name: str) -> _Load:
    """Pictures of a set in files that has the model's classes."""

    def load(source: Source, stop_if_told: StopIfTold) -> Labelled:
        try:
            dataset = load_dataset(
                name,
                data_dir=source.data_dir,
                user_data=source.user_data,
                stop_if_told=stop_if_told,
            )
        except (ConfigError, DataError):
            return _nothing()
        if dataset.class_names != source.class_names or dataset.input_planes != 1:
            return _nothing()
        rng = np.random.default_rng([source.seed, 1])
        order = rng.permutation(len(dataset.train_labels))[:FROM_FILES]
        return dataset.train_images[order], dataset.train_labels[order]

    return load


def _nothing() -> Labelled:
    return np.zeros((0, 28, 28), dtype=np.uint8), np.zeros(0, dtype=np.uint8)


def _made_up(source: Source, stop_if_told: StopIfTold) -> Labelled:
    count = _MADE_UP if "mnist" in source.names else 2 * _MADE_UP
    return handwriting.generate(count, seed=source.seed + 1, stop_if_told=stop_if_told)


def _no_digits(source: Source, stop_if_told: StopIfTold) -> Labelled:
    return not_digits.generate(_NO_DIGITS, seed=source.seed + 1, stop_if_told=stop_if_told)


def _drawn(
    name: str, read: Callable[[Path], Sequence[StrokeSample]]
) -> Callable[[Source, StopIfTold], Labelled]:
    def load(source: Source, stop_if_told: StopIfTold) -> Labelled:
        folder = find_folder(name, source.data_dir, source.user_data)
        assert folder is not None, "only sets at hand are asked"
        samples = _some(list(read(folder)), _DRAWN, source.seed)
        if name == "unipen-letters":
            return unipen.render_letters(samples, seed=source.seed, stop_if_told=stop_if_told)
        return pendigits.render_samples(
            samples, seed=source.seed, renderings=2, stop_if_told=stop_if_told
        )

    return load


_LOADERS: dict[str, _Load] = {
    "handwriting": _made_up,
    "not-digits": _no_digits,
    "pendigits": _drawn("pendigits", pendigits.read_pendigits),
    "unipen": _drawn("unipen", unipen.read_unipen_digits),
    "unipen-letters": _drawn("unipen-letters", unipen.read_unipen_letters),
}
