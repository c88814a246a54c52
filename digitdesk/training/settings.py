"""The settings of a run: what they may be, and which of them may change while it runs.

A change is plain data with the step it was made at, so the run stays repeatable.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from digitdesk.errors import ConfigError
from digitdesk.messages.run import TrainingConfig
from digitdesk.nn.layers.dropout import dropout_layers
from digitdesk.nn.network import Network
from digitdesk.nn.optim.optimizers import (
    DEFAULT_LEARNING_RATES,
    Momentum,
    Optimizer,
    make_optimizer,
)
from digitdesk.nn.spec.build import parse_layers

CHANGEABLE = ("learning_rate", "momentum", "dropout", "weight_decay", "augmentation")
MAX_EPOCHS = 10_000


@dataclass(frozen=True, slots=True)
class LiveSettings:
    """Present values of what may change during a run.

    Attributes:
        learning_rate: The peak that the schedule scales.
        dropout: Rate of every dropout layer; ``None`` for each layer's own.
        epochs: How many epochs the run has in all.
    """

    learning_rate: float
    momentum: float
    weight_decay: float
    augmentation: float
    dropout: float | None
    epochs: int

    @classmethod
    def of(cls, config: TrainingConfig) -> LiveSettings:
        """The values a run begins with."""
        return cls(
            learning_rate=config.learning_rate or DEFAULT_LEARNING_RATES[config.optimizer],
            momentum=config.momentum,
            # Asked of the optimizer, as some have a decay of their own.
            weight_decay=optimizer_of(config).weight_decay,
            augmentation=config.augmentation,
            dropout=None,
            epochs=config.epochs,
        )

    def changed(self, name: str, value: float) -> LiveSettings:
        """The settings with another value of one of them."""
        change: dict[str, Any] = {name: value}
        return dataclasses.replace(self, **change)

    def apply(self, optimizer: Optimizer, networks: Iterable[Network]) -> None:
        """Let an optimizer and the networks that train follow these settings."""
        optimizer.weight_decay = self.weight_decay
        if isinstance(optimizer, Momentum):
            optimizer.momentum = self.momentum
        if self.dropout is not None:
            for network in networks:
                for layer in dropout_layers(network.layers):
                    layer.rate = self.dropout


def optimizer_of(config: TrainingConfig) -> Optimizer:
    """The optimizer a run begins with."""
    return make_optimizer(
        config.optimizer,
        momentum=config.momentum,
        weight_decay=config.weight_decay,
        clip_norm=config.clip_norm,
    )


def changeable(config: TrainingConfig) -> dict[str, float]:
    """The settings that a run of ``config`` can change while it runs, with their first values."""
    first = LiveSettings.of(config)
    values = {name: getattr(first, name) for name in CHANGEABLE if name != "dropout"}
    if not isinstance(optimizer_of(config), Momentum):
        del values["momentum"]
    dropout = next(dropout_layers(parse_layers(config.model)), None)
    if dropout is not None:
        values["dropout"] = dropout.rate
    return values


def check_change(config: TrainingConfig, name: str, value: float) -> None:
    """Refuse a change that the run of ``config`` cannot make.

    Raises:
        ConfigError: Names the setting, what it may be, and what it is.
    """
    possible = changeable(config)
    if name not in possible:
        why = {
            "momentum": f"The optimizer {config.optimizer} has no momentum to change",
            "dropout": "The network has no dropout layers",
        }
        raise ConfigError(
            why.get(name, f"The setting '{name}' cannot be changed during a run"),
            expected=f"one of {', '.join(possible)}",
        )
    if name != "dropout":
        change: dict[str, Any] = {name: value}
        check_config(dataclasses.replace(config, **change))
    elif not 0 <= value < 1:
        raise ConfigError(
            "The dropout cannot be used", expected="a number from 0 up to 1", received=str(value)
        )


def check_settings(config: TrainingConfig, settings: LiveSettings) -> None:
    """Refuse present values that no run of ``config`` could have come to.

    Raises:
        ConfigError: As for ``check_config``.
        SpecError: As for ``check_config``.
    """
    values = dataclasses.asdict(settings)
    dropout = values.pop("dropout")
    check_config(dataclasses.replace(config, **values))
    if dropout is not None:
        check_change(config, "dropout", dropout)


def check_config(config: TrainingConfig) -> None:
    """Refuse settings that cannot work, before anything is loaded.

    Raises:
        ConfigError: Names the field, what it may be, and what it is.
        SpecError: The network's text cannot be read. Whether its layers fit each other and the
            classes shows when it is built.
    """
    rate, names = config.learning_rate, ", ".join(DEFAULT_LEARNING_RATES)
    whole, below_one = "a whole number from 1", "a number from 0 up to 1"
    rules: tuple[tuple[bool, str, str, object], ...] = (
        (1 <= config.epochs <= MAX_EPOCHS, "epochs", f"{whole} to 10,000", config.epochs),
        (1 <= config.batch_size <= 8192, "batch size", f"{whole} to 8192", config.batch_size),
        (rate is None or 0 < rate <= 100, "learning rate", "above 0, at most 100", rate),
        (0 <= config.momentum < 1, "momentum", below_one, config.momentum),
        (0 <= config.weight_decay < 1, "weight decay", below_one, config.weight_decay),
        (0 <= config.label_smoothing < 1, "label smoothing", below_one, config.label_smoothing),
        (math.isfinite(config.clip_norm) and config.clip_norm >= 0, "gradient clipping",
         "0 or more", config.clip_norm),
        (0 <= config.augmentation <= 1, "augmentation", "a number from 0 to 1",
         config.augmentation),
        (0 <= config.average < 1, "weight average", below_one, config.average),
        (0 <= config.validation_fraction <= 0.5, "validation part", "a number from 0 to 0.5",
         config.validation_fraction),
        (config.limit is None or config.limit >= 1, "limit", whole, config.limit),
        (0 <= config.seed < 2**32, "seed", "a whole number from 0 to 4294967295", config.seed),
        (config.threads is None or 1 <= config.threads <= 64, "threads", f"{whole} to 64",
         config.threads),
        (config.optimizer in DEFAULT_LEARNING_RATES, "optimizer", f"one of {names}",
         config.optimizer),
    )  # fmt: skip
    for holds, field, expected, received in rules:
        if not holds:
            raise ConfigError(
                f"The {field} cannot be used", expected=expected, received=str(received)
            )
    parse_layers(config.model)
