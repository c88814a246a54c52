"""The command line: the window's jobs without a window; with no command, the window itself.

Results go to standard output, progress and complaints to standard error.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from digitdesk.cli import csv_output, json_output, text_output
from digitdesk.cli.arguments.train import given_settings, training_config
from digitdesk.cli.data_import import import_data
from digitdesk.cli.evaluation import damage_curves, exam_data, wanted_damages
from digitdesk.cli.interrupt import tell_of_it
from digitdesk.cli.parser import build_parser
from digitdesk.cli.prediction import pictures, read_each, source
from digitdesk.cli.streams import forget_output, say
from digitdesk.cli.training import StopOnSignal, TrainingReport
from digitdesk.errors import ConfigError, DigitDeskError, ModelFileError, SaveError
from digitdesk.files.atomic import check_place
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
    try:
        return _run(_arguments(argv))
    except DigitDeskError as error:
        return _complain(str(error), EXIT_ERROR)
    except KeyboardInterrupt:
        return _complain("Interrupted; nothing was saved.", EXIT_INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has stopped, as `head` does; keep the exit quiet, too.
        forget_output()
        return EXIT_UNEXPECTED
    except Exception as error:
        return _complain(f"Something went wrong inside: {error!r}.{_log(error)}", EXIT_UNEXPECTED)


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    try:
        return build_parser().parse_args(argv)
    except SystemExit:
        # Help and version are results like others.
        say("", end="")
        raise


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
        "explain": _explain,
        "export": _export,
        "serve": _serve,
        "data": _data,
        "hand": _hand,
        "experiment": _experiment,
        "check": _check,
    }
    return commands[arguments.command](arguments)


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
                config = _with_network(session, training_config(arguments, base), arguments)
                finished = session.train(config, report, stop.commands, keeps=True)
        except KeyboardInterrupt:
            finished = None
        # Saving takes a moment: a signal that comes now is too late to stop anything.
        if finished is not None and finished.ending != "stopped" and out is not None:
            session.save_model(TRAINING, out)
            _forget_run(session)
    if finished is None or finished.ending == "stopped":
        return _complain(text_output.interrupted(report.is_kept, out), stop.exit_code)
    saved = "" if out is None else f"The network is saved as {out}"
    if arguments.json:
        say(json_output.training(finished, report.seed, out), meanwhile=saved)
    else:
        say(text_output.training(finished, out), meanwhile=saved)
    return EXIT_OK


def _with_network(
    session: Session, config: TrainingConfig, arguments: argparse.Namespace
) -> TrainingConfig:
    """A run that starts from a saved model has its network, unless another is asked for."""
    if config.start_from is None or arguments.model is not None:
        return config
    card = session.card(_model_key(session, config.start_from))
    return dataclasses.replace(config, model=card.spec)


def _forget_run(session: Session) -> None:
    """The network is saved, so nothing is lost any more; a state that stays does no harm."""
    try:
        session.discard_train()
    except DigitDeskError as error:
        _complain(str(error), EXIT_OK)


def _evaluate(arguments: argparse.Namespace) -> int:
    session = _session()
    key = _model_key(session, arguments.model)
    damages = wanted_damages(session, arguments.damage)
    if arguments.report is not None:
        session.exams.check_report(arguments.report)
    exam = session.exams.examine(
        key, exam_data(arguments), data_dir=arguments.data_dir, is_remembered=False
    )
    for note in exam.evaluation.notes:
        _complain(note, EXIT_OK)
    if damages and exam.evaluation.accuracy is None:
        _complain("These pictures have no labels, so none is spoiled: none was right.", EXIT_OK)
        damages = ()
    curves = damage_curves(session, exam, damages)
    if arguments.report is not None:
        session.exams.report(exam.key, arguments.report)
        _complain(f"The report is in {arguments.report}", EXIT_OK)
    if arguments.json:
        say(json_output.evaluation(exam.evaluation, arguments.model, curves))
    else:
        title = f"{exam.model_title} on {exam.data.title}"
        say(text_output.evaluation(exam.evaluation, title, curves))
        for hint in session.exams.hints(exam.key):
            _complain(text_output.exam_hint(hint), EXIT_OK)
    return EXIT_OK


def _predict(arguments: argparse.Namespace) -> int:
    session = _session()
    key = _model_key(session, arguments.model)
    words, to_json = pictures(arguments.images), arguments.model if arguments.json else None
    output = csv_output if arguments.csv else text_output
    if arguments.number:
        numbers = read_each(words, lambda source: session.read_number_file(source, key))
        return _tell(numbers, to_json, json_output.numbers, output.numbers)
    digits = read_each(words, lambda source: session.read_image_file(source, key))
    return _tell(digits, to_json, json_output.predictions, output.predictions)


def _tell(
    answers: list[tuple[str, T | DigitDeskError]],
    to_json: str | None,
    as_json: Callable[[Sequence[tuple[str, T | DigitDeskError]], str], str],
    as_text: Callable[[Sequence[tuple[str, T]]], str],
) -> int:
    """Say what was read, and complain of what was not."""
    code = EXIT_OK
    for _name, answer in answers:
        if isinstance(answer, DigitDeskError):
            code = _complain(str(answer), EXIT_ERROR)
    read = [(name, answer) for name, answer in answers if not isinstance(answer, DigitDeskError)]
    if to_json is not None:
        say(as_json(answers, to_json))
    elif read:
        say(as_text(read))
    return code


def _explain(arguments: argparse.Namespace) -> int:
    from digitdesk.cli.explanation import explain  # reads much that no other command needs

    session = _session()
    key = _model_key(session, arguments.model)
    say(explain(session, source(arguments.picture), key, arguments))
    return EXIT_OK


def _export(arguments: argparse.Namespace) -> int:
    session = _session()
    key = _model_key(session, arguments.model)
    written = session.export.export_model(
        key, arguments.to, arguments.out, precision=arguments.precision
    )
    say((json_output if arguments.json else text_output).exported(written))
    return EXIT_OK


def _hand(arguments: argparse.Namespace) -> int:
    from digitdesk.cli.hand import hand  # reads much that no other command needs

    session = _session()
    return hand(session, arguments, lambda model: _model_key(session, model))


def _experiment(arguments: argparse.Namespace) -> int:
    from digitdesk.cli.experiment import experiment  # reads much that no other command needs

    with contextlib.closing(_session()) as session:
        return experiment(session, arguments)


def _serve(arguments: argparse.Namespace) -> int:
    from digitdesk.cli.serving import serve  # needs what only those have who serve

    session = _session()
    key = _model_key(session, arguments.model)
    serve(session, key, arguments)
    return EXIT_OK


def _data(arguments: argparse.Namespace) -> int:
    session = _session()
    if arguments.action == "get":
        from tqdm import tqdm

        with tqdm(unit="B", unit_scale=True, desc=arguments.name, disable=None) as bar:

            def show(done: int, total: int) -> None:
                bar.total = total or None
                bar.update(done - bar.n)

            path = session.download(arguments.name, show)
        say(f"{arguments.name} is in {path}")
        return EXIT_OK
    if arguments.action == "import":
        return import_data(session, arguments)
    infos = session.datasets(arguments.data_dir)
    if arguments.json:
        say(json_output.datasets(infos))
    else:
        say(text_output.datasets(infos))
    return EXIT_OK


def _self_test() -> int:
    from digitdesk.cli.self_test import run_checks

    tell_of_it()
    code = EXIT_OK
    for check in run_checks():
        say(f"{'ok    ' if check.passed else 'FAILED'}  {check.name}: {check.detail}")
        if not check.passed:
            code = EXIT_UNEXPECTED
    return code


def _check(arguments: argparse.Namespace) -> int:
    if arguments.action == "torch":
        from digitdesk.cli.beside_torch import beside_torch

        return beside_torch(_session(), arguments)
    rows = _session().choices.check_gradients(arguments.model)
    if arguments.json:
        say(json_output.gradients(rows))
    else:
        say(text_output.gradients(rows))
    return EXIT_OK if all(row.passed for row in rows) else EXIT_UNEXPECTED


def _session() -> Session:
    # Only now, so that `--help` and a mistyped flag answer at once.
    from digitdesk.session.session import Session

    session = Session(UserPaths.default())
    # What must not be interrupted half-way is read.
    tell_of_it()
    return session


def _model_key(session: Session, model: str) -> str:
    """The word ``reader``, or the key of a model file that is opened for it."""
    return READER if model == READER else session.open_model(Path(model)).key


def _check_out(out: Path) -> None:
    """Refuse a file that could not be written, before an hour of training goes into it."""
    try:
        if out.suffix.lower() not in (".npz", ".pkl"):
            raise SaveError(f"Cannot write {out}: its name must end in .npz or .pkl")
        check_place(out)
    except SaveError as error:
        raise ModelFileError(
            error.what, hint="Choose another place with --out; nothing was trained yet"
        ) from None


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
