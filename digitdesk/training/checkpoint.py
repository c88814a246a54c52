"""The complete state of a run as plain facts and arrays, from which it goes on as if never stopped.

Here is what belongs to it and how it is packed; writing files is others' business.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.errors import ModelFileError
from digitdesk.messages.run import EpochFinished, SettingChanged, TrainingConfig
from digitdesk.training.settings import LiveSettings

Arrays = dict[str, NDArray[Any]]

_WORD = 2**64
_CHANGE_NAMES = (
    "learning_rate",
    "momentum",
    "dropout",
    "weight_decay",
    "augmentation",
    "epochs",
)
"""Files hold places in this row, so it may only grow."""
_EPOCH_NUMBERS = (
    "train_loss",
    "train_accuracy",
    "validation_loss",
    "validation_accuracy",
    "test_loss",
    "test_accuracy",
    "seconds",
)


@dataclass(frozen=True, slots=True)
class RunFacts:
    """Where a run stands, in builtins.

    Attributes:
        config: The settings it began with; ``threads`` as they were, since they decide rounding.
        settings: The settings it now has.
        spec: The network as text.
        title: The run's name for the user.
        data_hash: SHA-256 of the training data, which must be the same when the run goes on.
        saved: When, in ISO form.
        epoch: Epochs finished, validated and reported.
        batch: Batches trained in the epoch after that.
        step: Steps done in all.
        steps_per_epoch: As the data and the batch size gave.
        average_steps: Steps of the weight average.
        epoch_sums: Sum of losses, right answers and samples of the begun epoch.
        network: Name of the file in which its network was kept when it was stopped; empty for
            none.
    """

    config: TrainingConfig
    settings: LiveSettings
    spec: str
    title: str = ""
    data_hash: str = ""
    saved: str = ""
    epoch: int = 0
    batch: int = 0
    step: int = 0
    steps_per_epoch: int = 0
    average_steps: int = 0
    epoch_sums: tuple[float, int, int] = (0.0, 0, 0)
    train_seconds: float = 0.0
    images_seen: int = 0
    network: str = ""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """All of a run that changes while it runs.

    Attributes:
        arrays: ``weights.…`` by the network's names, ``optimizer.…`` by the optimizer's,
            ``average`` where one is kept, the states of two random generators, and the tables
            of epochs, changes and losses.
    """

    facts: RunFacts
    arrays: Arrays

    def part(self, prefix: str) -> Arrays:
        """The arrays whose names begin with ``prefix.``, without it."""
        return {
            name.removeprefix(f"{prefix}."): array
            for name, array in self.arrays.items()
            if name.startswith(f"{prefix}.")
        }

    def array(self, name: str, dtype: str, shape: tuple[int | None, ...]) -> NDArray[Any]:
        """One array, once its type and shape are right; ``None`` is any length.

        Raises:
            ModelFileError: It is missing or another one.
        """
        array = self.arrays.get(name)
        if array is None:
            raise ModelFileError(f"The saved run lacks its {name}")
        fits = len(array.shape) == len(shape) and all(
            wanted in (None, length) for wanted, length in zip(shape, array.shape, strict=True)
        )
        if array.dtype.name != dtype or not fits:
            raise ModelFileError(
                f"The saved run's {name} has the wrong form",
                expected=f"{dtype} {shape}",
                received=f"{array.dtype.name} {array.shape}",
            )
        if array.dtype.kind == "f" and name not in ("history",) and not np.isfinite(array).all():
            raise ModelFileError(f"The saved run's {name} holds values that are not numbers")
        return array

    @property
    def history(self) -> tuple[EpochFinished, ...]:
        """The epochs so far, with run id 0.

        Raises:
            ModelFileError: The table is missing or damaged.
        """
        rows = self.array("history", "float64", (None, 2 + len(_EPOCH_NUMBERS))).tolist()
        return tuple(_epoch(row) for row in rows)

    @property
    def changes(self) -> tuple[SettingChanged, ...]:
        """The changes of settings so far, with run id 0.

        Raises:
            ModelFileError: The table is missing or damaged.
        """
        rows = self.array("changes", "float64", (None, 3)).tolist()
        if any(not 0 <= place < len(_CHANGE_NAMES) for _, place, _ in rows):
            raise ModelFileError("The saved run changed a setting that does not exist")
        return tuple(
            SettingChanged(0, int(step), _CHANGE_NAMES[int(place)], value)
            for step, place, value in rows
        )

    @property
    def losses(self) -> tuple[tuple[int, float], ...]:
        """Losses of single steps so far, by step; none in a file of a version that kept none.

        Raises:
            ModelFileError: The table is damaged.
        """
        if "losses" not in self.arrays:
            return ()
        rows = self.array("losses", "float64", (None, 2)).tolist()
        steps = [0, *(step for step, _ in rows)]
        if any(a >= b for a, b in itertools.pairwise(steps)) or steps[-1] > self.facts.step:
            raise ModelFileError("The saved run's table of losses is damaged")
        return tuple((int(step), loss) for step, loss in rows)


def history_table(history: Sequence[EpochFinished]) -> NDArray[np.float64]:
    """Finished epochs as rows of numbers, NaN where there is none."""
    rows = [
        [e.epoch, e.step, *(_or_nan(getattr(e, name)) for name in _EPOCH_NUMBERS)] for e in history
    ]
    return np.array(rows, dtype=np.float64).reshape(len(rows), 2 + len(_EPOCH_NUMBERS))


def loss_table(losses: Sequence[tuple[int, float]]) -> NDArray[np.float64]:
    """Losses as rows (step, loss)."""
    return np.array(losses, dtype=np.float64).reshape(len(losses), 2)


def change_table(changes: Sequence[SettingChanged]) -> NDArray[np.float64]:
    """Changes of settings as rows (step, place of the name, value)."""
    rows = [[c.step, _CHANGE_NAMES.index(c.name), c.value] for c in changes]
    return np.array(rows, dtype=np.float64).reshape(len(rows), 3)


def _or_nan(value: float | None) -> float:
    return float("nan") if value is None else value


def _epoch(row: list[float]) -> EpochFinished:
    if not all(np.isfinite(row[:4])) or not np.isfinite(row[-1]):
        raise ModelFileError("The saved run's table of epochs is damaged")
    train_loss, train_accuracy, *held_out, seconds = row[2:]
    known = [None if np.isnan(value) else value for value in held_out]
    return EpochFinished(
        0, int(row[0]), int(row[1]), train_loss, train_accuracy,
        known[0], known[1], known[2], known[3], seconds,
    )  # fmt: skip


def pack_generator(rng: np.random.Generator) -> NDArray[np.uint64]:
    """The whole state of a random generator (PCG64) as six words."""
    state: Any = rng.bit_generator.state
    numbers = state["state"]["state"], state["state"]["inc"]
    words = [word for number in numbers for word in divmod(number, _WORD)]
    return np.array([*words, state["has_uint32"], state["uinteger"]], dtype=np.uint64)


def unpack_generator(words: NDArray[np.uint64], rng: np.random.Generator) -> None:
    """Put a generator into the state that ``pack_generator`` gave.

    Raises:
        ModelFileError: No generator can be in this state.
    """
    high, low, inc_high, inc_low, has_uint32, uinteger = words.tolist()
    if has_uint32 > 1 or uinteger >= 2**32 or inc_low % 2 == 0:
        raise ModelFileError("The saved run's random numbers are damaged")
    rng.bit_generator.state = {
        "bit_generator": "PCG64",
        "state": {"state": high * _WORD + low, "inc": inc_high * _WORD + inc_low},
        "has_uint32": has_uint32,
        "uinteger": uinteger,
    }
