"""The command line: the window's jobs without a window; with no command, the window itself.

Results go to standard output, progress and complaints to standard error.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from digitdesk.cli import json_output, text_output
from digitdesk.cli.parser import build_parser, given_settings, training_config
from digitdesk.cli.training import StopOnSignal, TrainingReport
from digitdesk.errors import ConfigError, DigitDeskError, ModelFileError
from digitdesk.files.paths import UserPaths
from digitdesk.messages.model import READER, TRAINING
from digitdesk.messages.run import TrainingConfig

if TYPE_CHECKING:
    from digitdesk.session.session import Session

T = TypeVar("T")

EXIT_OK = 0
EXIT_UNEXPECTED = 1
EXIT_ERROR = 2
EXIT_INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command, or open the window where there is none.

    Args:
        argv: The words after ``digitdesk``; those of the process where left out.

    Returns:
        0, or 2 where the user can do something about it, 130 after Ctrl-C, and 1 otherwise.
    """
    for stream in (sys.stdout, sys.stderr):
        # A console that lacks a letter shows a question mark; that is no reason to stop.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    arguments = build_parser().parse_args(argv)
    try:
        return _run(arguments)
    except DigitDeskError as error:
        return _complain(str(error), EXIT_ERROR)
    except KeyboardInterrupt:
        return _complain("Interrupted; nothing was saved.", EXIT_INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has stopped, as `head` does; keep the exit quiet, too.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_UNEXPECTED
    except Exception as error:
        return _complain(f"Something went wrong inside: {error!r}.{_log(error)}", EXIT_UNEXPECTED)


def _run(arguments: argparse.Namespace) -> int:
    if arguments.self_test:
        return _self_test()
    if arguments.command is None:
        from digitdesk.app import main as open_window

        return open_window()
    commands = {
        "train": _train,
        "evaluate": _evaluate,
        "predict": _predict,
        "data": _data,
        "check": _check,
    }
    code = commands[arguments.command](arguments)
    # Here and not at the exit of Python, where a closed pipe could not be caught any more.
    sys.stdout.flush()
    return code


def _train(arguments: argparse.Namespace) -> int:
    out: Path | None = arguments.out
    if out is not None:
        _check_out(out)
    given = given_settings(arguments)
    if arguments.resume and given:
        raise ConfigError(
            "A run that goes on keeps its settings",
            expected="--resume with --out or --json only",
            received=", ".join(given),
        )
    with contextlib.closing(_session()) as session:
        return _train_in(session, arguments, out)


def _train_in(session: Session, arguments: argparse.Namespace, out: Path | None) -> int:
    base = session.choices.recipe(arguments.recipe) if arguments.recipe else TrainingConfig()
    with TrainingReport() as report, StopOnSignal() as stop:
        try:
            if arguments.resume:
                finished = session.resume_train(report, stop.commands)
            else:
                config = training_config(arguments, base)
                finished = session.train(config, report, stop.commands, keeps=True)
        except KeyboardInterrupt:
            finished = None
    if finished is None or finished.ending == "stopped":
        return _complain(text_output.interrupted(report.is_kept, out), stop.exit_code)
    if out is not None:
        session.save_model(TRAINING, out)
        _forget_run(session)
    if arguments.json:
        print(json_output.training(finished, report.seed, out))
    else:
        print(text_output.training(finished, out))
    return EXIT_OK


def _forget_run(session: Session) -> None:
    """The network is saved, so nothing is lost any more; a state that stays does no harm."""
    try:
        session.discard_train()
    except DigitDeskError as error:
        _complain(str(error), EXIT_OK)


def _evaluate(arguments: argparse.Namespace) -> int:
    session = _session()
    key = _model_key(session, arguments.model)
    if arguments.strokes is not None:
        result = session.evaluate_strokes(key, arguments.strokes)
        source = arguments.strokes.name
    elif arguments.images is not None:
        result = session.evaluate_images(key, arguments.images)
        source = arguments.images.name
    else:
        result = session.evaluate_dataset(key, arguments.data, arguments.data_dir)
        source = arguments.data
    for note in result.notes:
        _complain(note, EXIT_OK)
    if arguments.json:
        print(json_output.evaluation(result, arguments.model))
    else:
        print(text_output.evaluation(result, f"{session.card(key).title} on {source}"))
    return EXIT_OK


def _predict(arguments: argparse.Namespace) -> int:
    session = _session()
    key = _model_key(session, arguments.model)
    if arguments.number:
        read_number = functools.partial(session.read_number_file, source=key)
        numbers, code = _read_each(arguments.images, read_number)
        if arguments.json:
            print(json_output.numbers(numbers, arguments.model))
        elif numbers:
            print(text_output.numbers(numbers))
    else:
        read_digit = functools.partial(session.read_image_file, source=key)
        predictions, code = _read_each(arguments.images, read_digit)
        if arguments.json:
            print(json_output.predictions(predictions, arguments.model))
        elif predictions:
            print(text_output.predictions(predictions))
    return code


def _read_each(
    paths: Sequence[Path], read: Callable[[Path], T]
) -> tuple[list[tuple[Path, T]], int]:
    """Read pictures one by one; a bad one does not cost the others their answer.

    Returns:
        The answers, each with its picture, and the exit code.
    """
    answers, code = [], EXIT_OK
    for path in paths:
        try:
            answers.append((path, read(path)))
        except DigitDeskError as error:
            code = _complain(str(error), EXIT_ERROR)
    return answers, code


def _data(arguments: argparse.Namespace) -> int:
    session = _session()
    if arguments.action == "get":
        from tqdm import tqdm

        with tqdm(unit="B", unit_scale=True, desc=arguments.name, disable=None) as bar:

            def show(done: int, total: int) -> None:
                bar.total = total or None
                bar.update(done - bar.n)

            path = session.download(arguments.name, show)
        print(f"{arguments.name} is in {path}")
        return EXIT_OK
    infos = session.datasets(arguments.data_dir)
    if arguments.json:
        print(json_output.datasets(infos))
    else:
        print(text_output.datasets(infos))
    return EXIT_OK


def _self_test() -> int:
    from digitdesk.cli.self_test import run_checks

    code = EXIT_OK
    for check in run_checks():
        print(f"{'ok    ' if check.passed else 'FAILED'}  {check.name}: {check.detail}")
        if not check.passed:
            code = EXIT_UNEXPECTED
    return code


def _check(arguments: argparse.Namespace) -> int:
    rows = _session().choices.check_gradients(arguments.model)
    if arguments.json:
        print(json_output.gradients(rows))
    else:
        print(text_output.gradients(rows))
    return EXIT_OK if all(row.passed for row in rows) else EXIT_UNEXPECTED


def _session() -> Session:
    # Only now, so that `--help` and a mistyped flag answer at once.
    from digitdesk.session.session import Session

    return Session(UserPaths.default())


def _model_key(session: Session, model: str) -> str:
    """The word ``reader``, or the key of a model file that is opened for it."""
    return READER if model == READER else session.open_model(Path(model)).key


def _check_out(out: Path) -> None:
    """Refuse a file that could not be written, before an hour of training goes into it."""
    problem = ""
    if out.suffix.lower() not in (".npz", ".pkl"):
        problem = "its name must end in .npz or .pkl"
    elif not out.parent.is_dir():
        problem = f"there is no folder {out.parent}"
    elif out.is_dir():
        problem = "it is a folder"
    elif not os.access(out if out.exists() else out.parent, os.W_OK):
        problem = "writing there is not permitted"
    if problem:
        raise ModelFileError(
            f"Cannot save the network as {out}: {problem}",
            hint="Choose another place with --out; nothing was trained yet",
        )


def _complain(sentence: str, code: int) -> int:
    print(f"digitdesk: {sentence}", file=sys.stderr)
    return code


def _log(error: Exception) -> str:
    """Keep the whole story of an unexpected error in the log file, and say where that is."""
    from digitdesk.files.logs import LOGGER_NAME, start_logging

    path = start_logging(UserPaths.default().logs)
    # A warning: errors would also go to the console, where only one sentence belongs.
    logging.getLogger(LOGGER_NAME).warning("The command failed", exc_info=error)
    return "" if path is None else f" The details are in {path}."
