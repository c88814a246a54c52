"""What may follow ``digitdesk train``: a flag for every setting of a run.

A flag is stored under the name of the setting it changes, or as None where it was not given.
"""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Callable
from pathlib import Path

from digitdesk.cli.arguments.common import Commands, add_data_dir, add_json
from digitdesk.messages.run import TrainingConfig
from digitdesk.messages.setting import Kind, Setting
from digitdesk.messages.setting_table import SETTINGS
from digitdesk.messages.typed_number import typed_number

_WORDS: dict[Kind, str] = {
    "whole": "N",
    "number": "X",
    "choice": "NAME",
    "network": "SPEC",
    "data": "NAME",
    "model": "MODEL",
}
"""What the word after a flag is called, by the kind of the setting."""


def add_to(commands: Commands) -> None:
    """Add the command ``train``."""
    train = commands.add_parser(
        "train", help="train a network", description="Train a network and save it."
    )
    add = train.add_argument
    add("--recipe", metavar="NAME", help="start from complete settings that are known to work")
    for setting in SETTINGS.values():
        _add_setting(train, setting)
    add("--out", type=Path, metavar="FILE", help="where to save the network: .npz or .pkl")
    add(
        "--resume",
        action="store_true",
        help="go on with the last run, with its own settings, as if it had never been interrupted",
    )
    add_data_dir(train)
    add_json(train, "end with one JSON object instead of a sentence")


def _add_setting(parser: argparse.ArgumentParser, setting: Setting) -> None:
    """The flag of a setting; what may be said with it, the core checks."""
    flag = _flag(setting.name)
    usual = setting.none if setting.default is None else setting.written(setting.default)
    text = f"{setting.brief} ({usual})".strip()
    if setting.kind == "switch":
        parser.add_argument(flag, action=argparse.BooleanOptionalAction, help=text)
    elif setting.choices:
        parser.add_argument(flag, choices=setting.choices, help=text)
    else:
        read = _number_of(setting) if setting.is_number else str
        parser.add_argument(flag, type=read, metavar=_WORDS[setting.kind], help=text)


def _number_of(setting: Setting) -> Callable[[str], object]:
    """Reads a number as people type it; whether there may be such a one, the core checks."""

    def read(text: str) -> object:
        try:
            number = typed_number(setting, text)
        except ValueError:
            number = None
        if number is None:
            raise argparse.ArgumentTypeError(f"expected {setting.expected}; received {text!r}")
        return number

    return read


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def training_config(arguments: argparse.Namespace, base: TrainingConfig) -> TrainingConfig:
    """The settings of a run: those of ``base``, except where a flag says otherwise."""
    names = {field.name for field in dataclasses.fields(TrainingConfig)}
    given = {
        name: value
        for name, value in vars(arguments).items()
        if name in names and value is not None
    }
    return dataclasses.replace(base, **given)


def given_settings(arguments: argparse.Namespace) -> list[str]:
    """The flags that were given and change settings of a run."""
    names = [field.name for field in dataclasses.fields(TrainingConfig)]
    given = [name for name in ("recipe", *names) if getattr(arguments, name, None) is not None]
    return [_flag(name) for name in given]
