"""A plan is typed as values or ranges, and what is typed is the plan that runs."""

from __future__ import annotations

import dataclasses
import re

import pytest

from digitdesk.experiments.plans.offered import offered_plans
from digitdesk.experiments.plans.plan_text import read_plan
from digitdesk.files.paths import assets_folder
from digitdesk.messages.experiments.plan import Axis, OfferedPlan, Plan, Range, Search
from digitdesk.messages.run import TrainingConfig
from digitdesk.ui.experiments.plan.draft import Draft, DraftError, draft_of, plan_of
from digitdesk.ui.experiments.plan.typed_values import (
    holes,
    read_axis,
    read_values,
    usual_axis,
    written_axis,
)
from digitdesk.ui.i18n.error_translation import ErrorTranslation
from digitdesk.ui.i18n.language import read_catalogue

USUAL = TrainingConfig()
NETWORK = "flatten dense({units}) relu dense(10)"
GRID = Plan(
    "Two by two",
    "A note.",
    settings=(("model", NETWORK), ("epochs", 2)),
    grid=(Axis("units", (8, 16)), Axis("learning_rate", (0.01, 0.1))),
    seeds=(0, 1, 2),
    minutes=2.5,
    base=3,
)
SEARCH = Plan(
    "Search",
    settings=(("recipe", "quick"),),
    search=Search("tpe", (Range("learning_rate", 1e-4, 0.1, is_log=True),
                          Range("batch_size", 16, 256, is_log=True, is_whole=True),
                          Axis("optimizer", ("adam", "sgd"))), runs=20, storage="x", seed=7),
    seeds=(5,),
    early_end="median",
    grace=2,
)  # fmt: skip
ROWS = Plan(
    "Rows",
    rows=((("units", 8), ("epochs", 2)), (("units", 16), ("epochs", 1))),
    seeds=(4, 9),
)


@pytest.mark.parametrize(
    ("name", "text", "values"),
    [
        ("batch_size", "32, 64；128", (32, 64, 128)),
        ("learning_rate", "0.1, none, 1e-3", (0.1, None, 0.001)),
        ("optimizer", "adam, sgd", ("adam", "sgd")),
        ("model", "conv(8, 3) relu flatten dense(10), softmax",
         ("conv(8, 3) relu flatten dense(10)", "softmax")),
        ("keep_best", "off, on", (False, True)),
        ("units", "8, 0.5, relu", (8, 0.5, "relu")),
    ],
)  # fmt: skip
def test_values_are_typed_with_commas(name: str, text: str, values: tuple[object, ...]) -> None:
    axis = read_values(name, text)
    assert axis.values == values
    assert read_values(name, written_axis(axis)) == axis


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("learning_rate", "1e-4 … 0.1 log", Range("learning_rate", 1e-4, 0.1, is_log=True)),
        ("learning_rate", "0.1..0.5", Range("learning_rate", 0.1, 0.5)),
        ("batch_size", "16 … 256", Range("batch_size", 16, 256, is_whole=True)),
        ("units", "8 ... 64", Range("units", 8, 64, is_whole=True)),
        ("optimizer", "adam, sgd", Axis("optimizer", ("adam", "sgd"))),
    ],
)
def test_ranges_are_typed_with_dots(name: str, text: str, wanted: Axis | Range) -> None:
    assert read_axis(name, text) == wanted
    assert read_axis(name, written_axis(wanted)) == wanted


@pytest.mark.parametrize(
    ("name", "text"),
    [("batch_size", "32, x"), ("batch_size", ""), ("keep_best", "maybe"), ("epochs", "0"),
     ("learning_rate", "0.1 … 0.01")],
)  # fmt: skip
def test_what_is_no_value_is_refused_in_words(name: str, text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_axis(name, text)


@pytest.mark.parametrize("is_search", [False, True])
@pytest.mark.parametrize("name", ["learning_rate", "batch_size", "keep_best", "dropout", "units"])
def test_what_is_suggested_can_be_run(name: str, is_search: bool) -> None:
    read = read_axis if is_search else read_values
    assert read(name, usual_axis(name, (), is_search=is_search))


def test_what_a_network_leaves_open() -> None:
    assert holes("flatten dense({units}) {activation} dense({units}) dense(10)") == (
        "units",
        "activation",
    )


@pytest.mark.parametrize("plan", [GRID, SEARCH, ROWS], ids=lambda plan: plan.title)
def test_the_form_makes_the_plan_it_was_made_of(plan: Plan) -> None:
    quick = dataclasses.replace(USUAL, epochs=9)

    def config_of(recipe: str) -> TrainingConfig:
        return quick if recipe == "quick" else USUAL

    draft = draft_of(plan, config_of)
    assert draft is not None
    assert plan_of(draft, config_of(draft.recipe)) == plan


def test_what_no_form_can_hold_stays_text() -> None:
    rows = ((("units", 8),), (("epochs", 1),))
    assert draft_of(Plan("Unlike", rows=rows), lambda _recipe: USUAL) is None
    both = dataclasses.replace(ROWS, grid=GRID.grid)
    assert draft_of(both, lambda _recipe: USUAL) is None


def _draft(**changes: object) -> Draft:
    draft = draft_of(GRID, lambda _recipe: USUAL)
    assert draft is not None
    return dataclasses.replace(draft, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"seeds": "x"}, "seeds"),
        ({"seeds": "0"}, "seeds"),
        ({"minutes": "-1"}, "minutes"),
        ({"vary": (("units", ""),)}, "vary 0"),
        ({"vary": (("units", "8"), ("units", "9"))}, "vary 1"),
        ({"way": "rows", "vary": (("units", "8, 16"), ("epochs", "1"))}, "vary 1"),
        ({"way": "random", "minutes": ""}, "runs"),
        ({"way": "random", "runs": "2", "vary": ()}, "vary"),
    ],
)
def test_what_is_typed_wrong_is_said_of_its_field(changes: dict[str, object], field: str) -> None:
    with pytest.raises(DraftError) as caught:
        plan_of(_draft(**changes), USUAL)
    assert set(caught.value.sentences) == {field}


OFFERED = offered_plans(assets_folder() / "plans")


@pytest.mark.parametrize("offered", OFFERED, ids=lambda offered: offered.name)
def test_offered_plans_fit_into_the_form_and_are_said_in_chinese(offered: OfferedPlan) -> None:
    plan = read_plan(offered.text)
    draft = draft_of(plan, lambda _recipe: USUAL)
    if draft is None:
        assert offered.name == "regularization", "its rows name different settings: it is text"
    else:
        assert plan_of(draft, USUAL) == plan
    core = ErrorTranslation(read_catalogue("zh_CN.core"))
    for said in (plan.title, plan.note):
        assert re.search("[\u4e00-\u9fff]", core.phrase(said)), said
