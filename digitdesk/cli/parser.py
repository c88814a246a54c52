"""The command line's words: every command and flag, and how flags become training settings."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Callable
from pathlib import Path

from digitdesk import __version__
from digitdesk.cli.evaluation import ALL
from digitdesk.messages.experiments.results import MEASURES
from digitdesk.messages.model import READER
from digitdesk.messages.run import TrainingConfig
from digitdesk.messages.setting import Kind, Setting
from digitdesk.messages.setting_table import SETTINGS
from digitdesk.messages.typed_number import typed_number

_MODEL_HELP = f"a model file, or the word '{READER}' for the one that came with DigitDesk"

_WORDS: dict[Kind, str] = {
    "whole": "N",
    "number": "X",
    "choice": "NAME",
    "network": "SPEC",
    "data": "NAME",
    "model": "MODEL",
}
"""What the word after a flag is called, by the kind of the setting."""


def build_parser() -> argparse.ArgumentParser:
    """The whole command line; without a command, DigitDesk opens its window."""
    parser = argparse.ArgumentParser(
        prog="digitdesk",
        description="Train a network on handwritten digits and read your own. "
        "Without a command, the window opens.",
    )
    parser.add_argument("--version", action="version", version=f"digitdesk {__version__}")
    parser.add_argument(
        "--self-test", action="store_true", help="try whether this installation works, and end"
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    _add_train(commands)
    _add_evaluate(commands)
    _add_predict(commands)
    _add_explain(commands)
    _add_export(commands)
    _add_serve(commands)
    _add_data(commands)
    _add_experiment(commands)
    _add_check(commands)
    return parser


def training_config(arguments: argparse.Namespace, base: TrainingConfig) -> TrainingConfig:
    """The settings of a run: those of ``base``, except where a flag says otherwise.

    A flag is stored under the name of the setting it changes, or as None where it was not given.
    """
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


Commands = argparse._SubParsersAction  # argparse has no public name for what it returns


def _add_train(commands: Commands[argparse.ArgumentParser]) -> None:
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
    _add_data_dir(train)
    _add_json(train, "end with one JSON object instead of a sentence")


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


def _add_evaluate(commands: Commands[argparse.ArgumentParser]) -> None:
    evaluate = commands.add_parser(
        "evaluate",
        help="measure how often a model is right",
        description="Accuracy with its 95 % interval, per class, and what is confused with what.",
    )
    evaluate.add_argument("model", nargs="?", default=READER, metavar="MODEL", help=_MODEL_HELP)
    source = evaluate.add_mutually_exclusive_group()
    source.add_argument(
        "--data", default="mnist", metavar="NAME", help="test part of a data set (mnist)"
    )
    source.add_argument(
        "--strokes",
        type=Path,
        metavar="FILE",
        help="pen strokes (.json or .json.gz), replayed on the board",
    )
    source.add_argument(
        "--images",
        type=Path,
        metavar="FILE",
        help="pictures of any size: a folder for each class in a folder, or an .npz of images "
        "(ink = 255) and labels, or of no digits and no labels",
    )
    source.add_argument(
        "--photos",
        type=Path,
        metavar="PATH",
        help="photos or scans of one digit each, in a folder or a .zip; the label is the folder "
        "within, or the first digit of the name",
    )
    evaluate.add_argument(
        "--report",
        type=Path,
        metavar="FILE.html",
        help="also write a page with all figures and the worst errors, or, without an ending, a "
        "folder of it with tables (.csv) and figures (.svg)",
    )
    evaluate.add_argument(
        "--damage",
        nargs="?",
        const=ALL,
        metavar="NAMES",
        help="also spoil a thousand of the pictures, more and more, and see how many are still "
        f"read right: noise,blur … or {ALL} ({ALL})",
    )
    _add_data_dir(evaluate)
    _add_json(evaluate, "print one JSON object")


def _add_predict(commands: Commands[argparse.ArgumentParser]) -> None:
    predict = commands.add_parser(
        "predict",
        help="read digits or numbers from pictures",
        description="Read one digit per picture, or one number.",
    )
    predict.add_argument(
        "images",
        nargs="+",
        metavar="IMAGE",
        help="PNG, JPEG, …; a folder for all pictures in it, - for standard input",
    )
    predict.add_argument(
        "--number", action="store_true", help="read all digits of each picture, from left to right"
    )
    predict.add_argument("--model", default=READER, metavar="MODEL", help=_MODEL_HELP)
    form = predict.add_mutually_exclusive_group()
    form.add_argument(
        "--csv", action="store_true", help="print a table ImageId,Label of the best guesses"
    )
    _add_json(form, "print one JSON object")


def _add_explain(commands: Commands[argparse.ArgumentParser]) -> None:
    explain = commands.add_parser(
        "explain",
        help="show how a network reads a picture, number by number",
        description="What every layer makes of the digit in a picture, or how one number of a "
        "layer comes about, with the lines of DigitDesk that compute it.",
    )
    explain.add_argument(
        "picture", metavar="PICTURE", help="PNG, JPEG, … of one digit; - for standard input"
    )
    explain.add_argument("--model", default=READER, metavar="MODEL", help=_MODEL_HELP)
    explain.add_argument("--layer", metavar="NAME", help="explain a number of this layer: conv1")
    explain.add_argument(
        "--at",
        metavar="C,H,W",
        help="which number, each counted from 0: channel,row,column, or one unit (the largest)",
    )
    _add_json(explain, "print one JSON object")


def _add_export(commands: Commands[argparse.ArgumentParser]) -> None:
    export = commands.add_parser(
        "export",
        help="write a model for another program",
        description="Write a model as a web page that reads by itself, for onnxruntime or Triton, "
        "as a program in PyTorch, or as plain weights.",
    )
    export.add_argument("model", nargs="?", default=READER, metavar="MODEL", help=_MODEL_HELP)
    export.add_argument(
        "--to",
        required=True,
        metavar="KIND",
        help="html (one page, no network needed), onnx, torch (a .py with its weights), npz or csv",
    )
    export.add_argument("--out", required=True, type=Path, metavar="FILE", help="where to")
    export.add_argument(
        "--precision",
        default="float16",
        metavar="TYPE",
        help="of the weights in a page: float16 (half as large) or float32",
    )
    _add_json(export, "print one JSON object")


def _add_experiment(commands: Commands[argparse.ArgumentParser]) -> None:
    experiment = commands.add_parser(
        "experiment",
        help="try many settings, and tell which are better",
        description="Work off a plan of runs, several side by side, and compare what came out.",
    )
    actions = experiment.add_subparsers(dest="action", metavar="ACTION", required=True)
    run = actions.add_parser("run", help="work off a plan")
    run.add_argument(
        "plan", metavar="PLAN", help="a file (.toml), or the name of a plan that came along"
    )
    run.add_argument(
        "--out", type=Path, metavar="FOLDER", help="where to keep it (the user's own folder)"
    )
    run.add_argument(
        "--resume",
        action="store_true",
        help="go on with it after Ctrl-C, a kill or a power cut; begin it where there is nothing",
    )
    estimate = actions.add_parser(
        "estimate", help="measure how long a plan will take, by a few steps of each kind of run"
    )
    estimate.add_argument("plan", metavar="PLAN", help="as for run")
    _add_json(estimate, "print one JSON object")
    show = actions.add_parser("show", help="show what came out of an experiment")
    show.add_argument("folder", type=Path, metavar="FOLDER", help="where it is kept")
    show.add_argument(
        "--export", type=Path, metavar="FILE", help="write it to a file: .csv, .md or .tex"
    )
    for parser in (run, show):
        parser.add_argument(
            "--measure",
            choices=tuple(MEASURES),
            default="test_accuracy",
            help="what rows are compared by (test_accuracy)",
        )
        parser.add_argument(
            "--base", type=int, metavar="ROW", help="row that others are compared with (the plan's)"
        )
        _add_json(parser, "end with one JSON object instead of a table")
    plans = actions.add_parser("plans", help="list the plans that came along, or print one")
    plans.add_argument("name", nargs="?", metavar="NAME", help="the one to print")


def _add_serve(commands: Commands[argparse.ArgumentParser]) -> None:
    serve = commands.add_parser(
        "serve",
        help="answer other programs and browsers",
        description="A page with a drawing board, and answers for other programs over HTTP, until "
        "Ctrl-C. /openapi.json describes what may be asked.",
    )
    add = serve.add_argument
    add("--model", default=READER, metavar="MODEL", help=_MODEL_HELP)
    add(
        "--host",
        default="127.0.0.1",
        metavar="ADDRESS",
        help="where to listen (127.0.0.1: this computer alone); 0.0.0.0 for the whole network, "
        "with a random key in the address",
    )
    add("--port", type=_port, default=8765, metavar="N", help="which port (8765); 0: any free one")
    add("--open", action="store_true", help="open the page in the browser")
    add("--allow-origin", default="", metavar="ORIGIN", help="let pages of this site ask, too")


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) < 65_536:
        return int(text)
    raise argparse.ArgumentTypeError(f"expected 0 to 65535; received {text!r}")


def _add_data(commands: Commands[argparse.ArgumentParser]) -> None:
    data = commands.add_parser(
        "data",
        help="list, fetch or import data sets",
        description="What can be trained on, where it is, and whether it is verified.",
    )
    actions = data.add_subparsers(dest="action", metavar="ACTION")
    listing = actions.add_parser("list", help="show every data set (the default)")
    # Given twice: `digitdesk data --json` and `digitdesk data list --json` are the same.
    for parser, default in ((data, None), (listing, argparse.SUPPRESS)):
        _add_data_dir(parser, default=default)
        _add_json(parser, "print one JSON object", default=default)
    _add_data_import(actions)
    get = actions.add_parser("get", help="download a data set and verify it")
    get.add_argument("name", metavar="NAME", help="for example mnist")


def _add_data_import(actions: Commands[argparse.ArgumentParser]) -> None:
    brings = actions.add_parser(
        "import",
        help="make a set of your own data that can be trained on",
        description="Makes an IDX folder of a table (CSV), a NumPy archive (.npz), a MATLAB file, "
        "an IDX set of any size, or a folder of pictures with one folder for each class.",
    )
    brings.add_argument("source", type=Path, metavar="SOURCE", help="the file or folder")
    brings.add_argument(
        "--out", type=Path, required=True, metavar="FOLDER", help="the new folder to write"
    )
    brings.add_argument("--name", default="", metavar="N", help="what the set is called")
    brings.add_argument(
        "--classes", type=Path, metavar="FILE", help="names of the classes, one a line"
    )
    brings.add_argument(
        "--plain",
        action="store_true",
        help="only scale pictures that are not 28×28, in place of preparing them as the board does",
    )
    _add_json(brings, "print one JSON object")


def _add_check(commands: Commands[argparse.ArgumentParser]) -> None:
    check = commands.add_parser(
        "check", help="prove the mathematics", description="Checks DigitDesk runs on itself."
    )
    actions = check.add_subparsers(dest="action", metavar="WHAT", required=True)
    gradients = actions.add_parser(
        "gradients", help="compare every hand-derived gradient with a measured one"
    )
    gradients.add_argument(
        "--model", metavar="SPEC", help="a whole network instead of every layer by itself"
    )
    _add_json(gradients, "print one JSON object")
    torch = actions.add_parser(
        "torch", help="train a network here and in PyTorch, and compare every step"
    )
    torch.add_argument("--model", default="cnn-light", metavar="SPEC", help="network (cnn-light)")
    torch.add_argument("--data", default="mnist", metavar="NAME", help="data set (mnist)")
    torch.add_argument("--optimizer", default="momentum", metavar="NAME", help="(momentum)")
    torch.add_argument("--steps", type=int, default=200, metavar="N", help="of each (200)")
    torch.add_argument("--precise", action="store_true", help="64-bit numbers: more digits agree")
    torch.add_argument("--chart", type=Path, metavar="FILE.svg", help="draw the losses of both")
    _add_json(torch, "print one JSON object")


def _add_data_dir(parser: argparse.ArgumentParser, default: str | None = None) -> None:
    parser.add_argument(
        "--data-dir",
        metavar="DIR",
        default=default,
        help="folder of data sets, before DIGITDESK_DATA and the user's own",
    )


def _add_json(
    parser: argparse._ActionsContainer, text: str, default: str | bool | None = False
) -> None:
    parser.add_argument("--json", action="store_true", default=default, help=text)
