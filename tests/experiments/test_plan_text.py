"""Plans as text: read as they are written, and refused with the line and the word."""

from __future__ import annotations

import pytest

from digitdesk.errors import ConfigError
from digitdesk.experiments.plans.offered import offered_plan, offered_plans
from digitdesk.experiments.plans.plan_text import read_plan
from digitdesk.experiments.plans.plan_writer import written_plan
from digitdesk.experiments.plans.rows import config_of, differing, listed_rows, trial_places
from digitdesk.files.paths import assets_folder
from digitdesk.messages.experiments.plan import Axis, Plan, Range, Search
from digitdesk.nn.spec.build import check_spec

GRID = """\
title = "How many"
seeds = 3
base = 2

[settings]
model = "flatten dense({units}) relu dense(10)"
epochs = 5
limit = 5000

[grid]
units = [32, 128]
learning_rate = [0.01, 1]
"""
SEARCH = """\
title = "Drawn"
minutes = 3
[settings]
model = "flatten dense({units}) relu dense(10)"
[search]
sampler = "tpe"
[search.ranges]
units = { low = 4, high = 64, log = true }
learning_rate = { low = 1e-4, high = 0.1 }
optimizer = ["adam", "sgd"]
"""
PLANS = [
    read_plan(GRID),
    read_plan(SEARCH),
    Plan('A "title" \\ with\nlines', "note", rows=((("loss", "squared-error"),), (("l1", 0.5),))),
    Plan("None", settings=(("limit", None), ("keep_best", True)), seeds=(4, 9), early_end="median"),
]


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.title[:5])
def test_what_is_written_is_read_again(plan: Plan) -> None:
    assert read_plan(written_plan(plan)) == plan


def test_a_grid_is_every_combination_and_fills_the_holes() -> None:
    plan = read_plan(GRID)
    rows = listed_rows(plan)
    assert (plan.row_count, plan.run_count) == (4, 12) == (len(rows), 12)
    assert rows[1] == (("units", 32), ("learning_rate", 1.0))
    config = config_of(plan, rows[2], seed=2)
    assert config.model == "flatten dense(128) relu dense(10)"
    assert (config.learning_rate, config.epochs, config.limit, config.seed) == (0.01, 5, 5000, 2)
    assert differing(rows) == ("units", "learning_rate")
    assert [trial_places(plan, number) for number in (1, 3, 4, 12)] == [
        (1, 0),
        (1, 2),
        (2, 0),
        (4, 2),
    ]


def test_rows_stand_beside_each_combination() -> None:
    plan = Plan("x", grid=(Axis("epochs", (1, 2)),), rows=((("l2", 0.1),), (("l1", 0.1),)))
    assert listed_rows(plan) == (
        (("l2", 0.1), ("epochs", 1)), (("l2", 0.1), ("epochs", 2)),
        (("l1", 0.1), ("epochs", 1)), (("l1", 0.1), ("epochs", 2)),
    )  # fmt: skip


def test_a_search_has_ranges() -> None:
    search = read_plan(SEARCH).search
    assert search == Search(
        "tpe",
        (
            Range("units", 4, 64, is_log=True, is_whole=True),
            Range("learning_rate", 1e-4, 0.1),
            Axis("optimizer", ("adam", "sgd")),
        ),
    )


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("epochs = 5", "epochs = 0", "line 7: epochs cannot be used.*from 1"),
        ("epochs = 5", 'optimizer = "adm"', "line 7: optimizer cannot.*Perhaps adam"),
        ("epochs = 5", "seed = 5", "line 7: seed is not chosen.*seeds = "),
        ("epochs = 5", "epochs =", "no TOML.*line 7"),
        ("[0.01, 1]", "[]", "line 12: learning_rate lists nothing"),
        ("[0.01, 1]", '[0.01, "x"]', "line 12: learning_rate cannot be used"),
        ("units = [32", "unit = [32", "line 11: unit is no setting.*Perhaps units"),
        ("units = [32, 128]\n", "", "line 6: nothing is said for {units}"),
        ("title = ", "titel = ", "line 1: there is no titel here.*Perhaps title"),
        ('title = "How many"\n', "", "title is not given.*received nothing"),
        ("seeds = 3", "seeds = [1, 1]", "line 2: seeds are none"),
        ("base = 2", "base = 5", "line 3: base is no row; expected 1 to 4"),
        ("base = 2", 'early_end = "mean"', "line 3: early_end is unknown.*median"),
        ("seeds = 3", "seeds = 9999", "too many runs"),
        ("[grid]", '[search]\nruns = 3\n[search.ranges]\nunits = [1]\n[grid]', "beside grid"),
        ("epochs = 5", 'recipe = "quik"', "line 7: there is no such recipe.*quick"),
        ("epochs = 5", "epochs = 1979-05-27", "strange kind"),
    ],
)  # fmt: skip
def test_mistakes_are_refused_with_their_line(before: str, after: str, complaint: str) -> None:
    assert before in GRID
    with pytest.raises(ConfigError, match=f"(?s)my.toml.*{complaint}"):
        read_plan(GRID.replace(before, after, 1), "my.toml")


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("minutes = 3\n", "", "no end"),
        ("low = 1e-4, high = 0.1", "low = 0.1, high = 1e-4", "empty range"),
        ("low = 1e-4, high = 0.1", "high = 0.1", "no range"),
        ("{ low = 1e-4, high = 0.1 }", "3", "no range"),
        ('"tpe"', '"tpo"', "Perhaps tpe"),
    ],
)
def test_so_are_those_of_a_search(before: str, after: str, complaint: str) -> None:
    with pytest.raises(ConfigError, match=complaint):
        read_plan(SEARCH.replace(before, after, 1))


def test_a_network_that_keeps_a_hole_is_refused() -> None:
    plan = Plan("x", settings=(("model", "flatten dense({a}) dense({b})"), ("a", 3)))
    with pytest.raises(ConfigError, match="Nothing is said for b"):
        config_of(plan, (), 0)


def test_the_plans_that_come_along_can_be_run() -> None:
    folder = assets_folder() / "plans"
    plans = offered_plans(folder)
    assert [plan.name for plan in plans][:2] == ["article", "article-he"]
    for offered in plans:
        plan = read_plan(offered.text, offered.name)
        assert plan.title and plan.note and plan.run_count
        for row in listed_rows(plan) if plan.search is None else ():
            check_spec(config_of(plan, row, plan.seeds[0]).model)
    with pytest.raises(ConfigError, match="Perhaps article"):
        offered_plan(folder, "artikle")
