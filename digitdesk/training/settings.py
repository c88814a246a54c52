"""The settings of a run: whether they can work, and how those change that may change while it runs.

What each may be stands in the table among the messages. A change is plain data with the step it
was made at, so the run stays repeatable.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from digitdesk.errors import ConfigError, nearest
from digitdesk.messages.run import TrainingConfig
from digitdesk.messages.setting import Setting
from digitdesk.messages.setting_table import LIVE_SETTINGS, SETTINGS
from digitdesk.nn.layers.dropout import dropout_layers
from digitdesk.nn.losses import LOSSES, Loss, make_loss
from digitdesk.nn.network import Network
from digitdesk.nn.optim.optimizers import (
    DEFAULT_LEARNING_RATES,
    Momentum,
    Optimizer,
    make_optimizer,
)
from digitdesk.nn.optim.schedules import SCHEDULES
from digitdesk.nn.spec.build import parse_layers


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
        l1=config.l1,
        l2=config.l2,
        clip_norm=config.clip_norm,
    )


def loss_of(config: TrainingConfig) -> Loss:
    """What a run makes small.

    Raises:
        ConfigError: The loss has no use for a setting.
    """
    return make_loss(config.loss, label_smoothing=config.label_smoothing)


def judges_epochs(config: TrainingConfig) -> bool:
    """Whether a run ends with the best of its epochs."""
    return config.keep_best or config.patience is not None


def changeable(config: TrainingConfig) -> dict[str, float]:
    """The settings that a run of ``config`` can change while it runs, with their first values."""
    first = LiveSettings.of(config)
    values = {name: getattr(first, name) for name in LIVE_SETTINGS if name != "dropout"}
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
    _check(LIVE_SETTINGS[name], value)


def check_settings(config: TrainingConfig, settings: LiveSettings) -> None:
    """Refuse present values that no run of ``config`` could have come to.

    Raises:
        ConfigError: As for ``check_config``.
    """
    values = dataclasses.asdict(settings)
    dropout = values.pop("dropout")
    for name, value in values.items():
        _check(SETTINGS[name], value)
    if dropout is not None:
        check_change(config, "dropout", dropout)


def check_config(config: TrainingConfig) -> None:
    """Refuse settings that cannot work, before anything is loaded.

    Raises:
        ConfigError: Names the setting, what it may be, and what it is.
        SpecError: The network's text cannot be read. Whether its layers fit each other and the
            classes shows when it is built.
    """
    for setting in setting_table():
        _check(setting, getattr(config, setting.name))
    loss_of(config)
    if judges_epochs(config) and not config.validation_fraction:
        raise ConfigError(
            "The best epoch can only be told by images held out",
            expected="a validation part above 0",
            received="0",
        )
    if config.device == "gpu" and config.loss != LOSSES[0]:
        raise ConfigError(
            "A graphics card trains with cross-entropy only",
            expected="cross-entropy, or a processor to train on",
            received=config.loss,
        )
    parse_layers(config.model)


def setting_table() -> tuple[Setting, ...]:
    """The table of what a run begins with, with all names there are to choose from."""
    choices = {
        "optimizer": tuple(DEFAULT_LEARNING_RATES),
        "schedule": SCHEDULES,
        "loss": LOSSES,
    }
    return tuple(
        dataclasses.replace(setting, choices=choices.get(name, setting.choices))
        for name, setting in SETTINGS.items()
    )


def _check(setting: Setting, value: object) -> None:
    if not setting.accepts(value):
        raise ConfigError(
            f"The {setting.title.lower()} cannot be used",
            expected=setting.expected,
            received=str(value),
            hint=nearest(str(value), setting.choices),
        )
