"""Plans before they begin: read, written, checked, and how long they will take.

It is ``plans`` of the session's ``experiments``; any thread may call.
"""

from __future__ import annotations

from pathlib import Path

from digitdesk.experiments.optuna_rows import has_optuna
from digitdesk.experiments.plans.offered import offered_plan, offered_plans
from digitdesk.experiments.plans.plan_text import read_plan
from digitdesk.experiments.plans.plan_writer import written_plan
from digitdesk.experiments.plans.rows import listed_rows
from digitdesk.experiments.samplers import OPTUNA_MISSING
from digitdesk.files.paths import assets_folder
from digitdesk.messages.experiments.plan import Estimate, OfferedPlan, Plan, PlanSize
from digitdesk.session.dataset_cache import Folder
from digitdesk.session.experiments.measuring import measured_estimate
from digitdesk.session.experiments.process import facts_for
from digitdesk.session.progress import Cancelled, Progress, never, told_to_nobody

#: Rows that a plan is shown by, before it begins.
_MOST_FIRST = 200


class Plans:
    """What is known of an experiment before its first run.

    Args:
        user_data: The user's data folder.
        data_folder: The folder of data sets for a run that names this one or none.
    """

    def __init__(self, user_data: Path, data_folder: Folder) -> None:
        self._user_data = user_data
        self._data_folder = data_folder

    def offered(self) -> tuple[OfferedPlan, ...]:
        """Those that come with the program."""
        return offered_plans(assets_folder() / "plans")

    def named(self, name: str) -> OfferedPlan:
        """One of them by its name."""
        return offered_plan(assets_folder() / "plans", name)

    def read(self, text: str, source: str = "The plan") -> Plan:
        """A plan from its text; ``source`` is what a sentence about it calls it."""
        return read_plan(text, source)

    def written(self, plan: Plan) -> str:
        """A plan as text."""
        return written_plan(plan)

    def check(self, plan: Plan) -> PlanSize:
        """How large a plan is, and what it needs that is not here."""
        search = plan.search
        wants_optuna = search is not None and (search.sampler != "random" or bool(search.storage))
        needs = OPTUNA_MISSING if wants_optuna and not has_optuna() else ""
        first = listed_rows(plan)[:_MOST_FIRST] if search is None else ()
        return PlanSize(plan.row_count, plan.run_count, needs, first)

    @property
    def search_gain(self) -> str:
        """What the optional Optuna would add; empty where it is there."""
        return "" if has_optuna() else OPTUNA_MISSING

    def estimate(
        self, plan: Plan, progress: Progress = told_to_nobody, cancelled: Cancelled = never
    ) -> Estimate:
        """How long a plan will take, by a few steps of each kind of run, in another process."""
        facts, folder = facts_for(self._user_data), data_dir_of(self._data_folder)
        return measured_estimate(plan, facts, folder, progress, cancelled)


def data_dir_of(data_folder: Folder) -> str | None:
    """The folder of data sets as a process is told of it; ``None`` for none."""
    folder = data_folder(None)
    return None if folder is None else str(folder)
