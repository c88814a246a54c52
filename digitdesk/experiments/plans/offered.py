"""The plans that come with the program: texts in the assets, in the order of their names."""

from __future__ import annotations

from pathlib import Path

from digitdesk.errors import ConfigError, nearest
from digitdesk.experiments.plans.plan_text import read_plan
from digitdesk.messages.experiments.plan import OfferedPlan


def offered_plans(folder: Path) -> tuple[OfferedPlan, ...]:
    """All of them.

    Args:
        folder: Where they lie.
    """
    return tuple(_offered(path) for path in sorted(folder.glob("*.toml")))


def offered_plan(folder: Path, name: str) -> OfferedPlan:
    """One by its name.

    Raises:
        ConfigError: There is none.
    """
    plans = {plan.name: plan for plan in offered_plans(folder)}
    if name not in plans:
        raise ConfigError(
            "There is no such plan",
            expected=f"a file, or one of {', '.join(plans)}",
            received=name,
            hint=nearest(name, plans),
        )
    return plans[name]


def _offered(path: Path) -> OfferedPlan:
    text = path.read_text(encoding="utf-8")
    plan = read_plan(text, path.name)
    # The numbers in front keep their order, and are no part of a name.
    return OfferedPlan(path.stem.partition("-")[2], plan.title, plan.note, text)
