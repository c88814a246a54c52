"""``digitdesk experiment``: plans worked off without a window, and the tables that come of them."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from digitdesk.cli.experiment_output import ExperimentReport, estimate_text, result_text, view_line
from digitdesk.cli.json_output import plain
from digitdesk.cli.streams import say
from digitdesk.cli.text_output import table
from digitdesk.cli.training import StopOnSignal
from digitdesk.errors import ConfigError, DataError
from digitdesk.files.atomic import reason
from digitdesk.files.paths import there_is
from digitdesk.messages.experiments.plan import Plan
from digitdesk.messages.experiments.progress import ExperimentState

if TYPE_CHECKING:
    from digitdesk.session.experiments.experiments import Experiments
    from digitdesk.session.session import Session

_LOOK_SECONDS = 0.1
_PATIENCE_SECONDS = 20.0


def experiment(session: Session, arguments: Namespace) -> int:
    """Do what is asked; returns the exit code."""
    actions = {"run": _run, "show": _show, "plans": _plans, "estimate": _estimate}
    return actions[arguments.action](session.experiments, arguments)


def _run(experiments: Experiments, arguments: Namespace) -> int:
    plan = _plan(experiments, arguments.plan)
    with ExperimentReport() as report, StopOnSignal() as stop:
        key = _begun(experiments, plan, arguments)
        while not experiments.join(key, _LOOK_SECONDS):
            report.show(experiments.drain_events())
            if stop.commands.is_stopping:
                experiments.close(_PATIENCE_SECONDS)
        report.show(experiments.drain_events())
    view = experiments.look(key)
    if view.state is not ExperimentState.FINISHED:
        report.complain(f"Interrupted; go on with: digitdesk experiment run "
                        f"{arguments.plan} --out {key} --resume")  # fmt: skip
        return stop.exit_code
    _tell(experiments, key, arguments)
    return 0


def _begun(experiments: Experiments, plan: Plan, arguments: Namespace) -> str:
    """Begin the plan, or go on with what there is of it."""
    key = _unfinished(experiments, plan, arguments.out) if arguments.resume else None
    if key is None:
        return experiments.start(plan, arguments.out)
    experiments.resume(key)
    return key


def _unfinished(experiments: Experiments, plan: Plan, out: Path | None) -> str | None:
    """The experiment to go on with; ``None`` where there is none yet.

    Raises:
        ConfigError: The folder holds another plan.
    """
    if out is not None:
        if not (out / "plan.toml").exists():
            return None
        key = str(out.resolve())
        if experiments.look(key).plan != plan:
            raise ConfigError(
                f"The experiment in {out} has another plan",
                expected=f"the plan in {out / 'plan.toml'}",
                hint="Choose another folder with --out",
            )
        return key
    same = (entry for entry in experiments.experiments() if entry.title == plan.title)
    return next((entry.key for entry in same if experiments.look(entry.key).plan == plan), None)


def _show(experiments: Experiments, arguments: Namespace) -> int:
    key = str(arguments.folder.resolve())
    if arguments.export is not None:
        experiments.export(key, arguments.export, arguments.measure, arguments.base)
        say(f"The table is in {arguments.export}")
        return 0
    _tell(experiments, key, arguments)
    return 0


def _tell(experiments: Experiments, key: str, arguments: Namespace) -> None:
    measure, base = arguments.measure, arguments.base
    found = experiments.table(key, measure, base)
    view = experiments.look(key)
    shares = experiments.importance(key, measure)
    if arguments.json:
        said: dict[str, Any] = {
            "folder": key, "title": view.plan.title, "state": view.state.value,
            "table": plain(found), "importance": plain(shares),
        }  # fmt: skip
        say(json.dumps(said, ensure_ascii=False))
        return
    say(f"{view_line(view)}\n{result_text(found, shares)}")


def _estimate(experiments: Experiments, arguments: Namespace) -> int:
    plan = _plan(experiments, arguments.plan)
    found = experiments.plans.estimate(plan)
    if arguments.json:
        say(json.dumps(plain(found)))
    else:
        say(estimate_text(found))
    return 0


def _plans(experiments: Experiments, arguments: Namespace) -> int:
    if arguments.name is not None:
        say(experiments.plans.named(arguments.name).text, end="")
        return 0
    rows = [("name", "title", "")]
    rows += [(plan.name, plan.title, plan.sentence) for plan in experiments.plans.offered()]
    say(table(rows, right=(False,) * 3))
    return 0


def _plan(experiments: Experiments, wanted: str) -> Plan:
    """The plan in a file, or one that came with the program by its name."""
    if not there_is(wanted) and not wanted.endswith(".toml"):
        offered = experiments.plans.named(wanted)
        return experiments.plans.read(offered.text, offered.name)
    try:
        text = Path(wanted).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise DataError(f"{wanted} is no text", expected="a plan in UTF-8") from None
    except OSError as error:
        raise DataError(f"Cannot read {wanted}", received=reason(error)) from error
    return experiments.plans.read(text, wanted)
