"""Rows are sorted, filtered and drawn as what they reached says."""

from __future__ import annotations

import dataclasses

import pytest
from fake_experiments import PLAN, FakeExperiments

from digitdesk.messages.experiments.results import ResultTable, RowResult
from digitdesk.ui.charts.plots.plot import (
    BarPlot,
    HeatPlot,
    LinePlot,
    ParallelPlot,
    PointPlot,
    marked,
)
from digitdesk.ui.experiments.results import plots
from digitdesk.ui.experiments.results.rows import (
    MEAN,
    NUMBER,
    P,
    sorted_rows,
    table_row,
    wanted_rows,
)
from digitdesk.ui.experiments.row_table import setting_column

FAKE = FakeExperiments()
KEY = FAKE.start(PLAN)
FAKE.finish(KEY, 12)
TABLE = FAKE.table(KEY)


def test_rows_are_sorted_by_any_column_and_what_is_missing_comes_last() -> None:
    lost = dataclasses.replace(TABLE.rows[3], mean=None, values=(("optimizer", "adam"),))
    rows = (*TABLE.rows[:3], lost)

    def order(name: str, is_rising: bool = True) -> list[int]:
        return [row.number for row in sorted_rows(rows, name, is_rising=is_rising)]

    assert order(NUMBER, is_rising=False) == [4, 3, 2, 1]
    assert order(MEAN) == [1, 2, 3, 4]
    assert order(MEAN, is_rising=False) == [3, 2, 1, 4]
    assert order("batch_size") == [1, 3, 2, 4]
    assert order("batch_size", is_rising=False) == [2, 1, 3, 4]
    assert order(P)[-1] == 1, "the base is compared with nothing"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("", [1, 2, 3, 4]),
        ("batch_size=32", [1, 3]),
        ("batch_size>32 learning_rate<=0.01", [2]),
        ("base", [1]),
        ("nothing", []),
        ("learning_rate=x", []),
    ],
)
def test_words_choose_rows(text: str, numbers: list[int]) -> None:
    assert [row.number for row in wanted_rows(TABLE.rows, TABLE, text)] == numbers


def test_cells_say_mean_spread_and_verdict() -> None:
    first, last = (table_row(row, TABLE) for row in (TABLE.rows[0], TABLE.rows[3]))
    assert first.cells == ("1", "0.01", "32", "91.10 ± 0.10 %", "base", "3/3", "10.0 s")
    assert last.cells[4] == "▲ 0.004"
    assert (first.look, last.look) == ("", "best")
    lost = dataclasses.replace(TABLE.rows[1], mean=None, sd=None, p=None, count=0, failed=3)
    assert table_row(lost, TABLE).look == "failed"


def test_charts_show_every_row() -> None:
    one = plots.setting_plot(TABLE, "learning_rate")
    assert isinstance(one, PointPlot)
    assert [(point.key, point.x) for point in one.points] == [
        (1, 0.01), (2, 0.01), (3, 0.1), (4, 0.1),
    ]  # fmt: skip
    assert one.x.is_log and one.points[0].spread == pytest.approx(0.001)
    heat = plots.heat_plot(TABLE, "learning_rate", "batch_size")
    assert isinstance(heat, HeatPlot)
    assert {place: key for place, (_value, key) in heat.cells.items()} == {
        (0, 0): 1, (0, 1): 2, (1, 0): 3, (1, 1): 4,
    }  # fmt: skip
    assert plots.heat_plot(TABLE, "learning_rate", "learning_rate") is None
    parallel = plots.parallel_plot(TABLE)
    assert isinstance(parallel, ParallelPlot)
    assert [line.points[-1][1] for line in parallel.lines] == pytest.approx([0, 1 / 3, 2 / 3, 1])
    assert [line.points[0][1] for line in parallel.lines] == [0, 0, 1, 1]
    curves = plots.curve_plot(TABLE, FAKE.curves(KEY))
    assert isinstance(curves, LinePlot)
    assert len(curves.lines) == 12 and {line.key for line in curves.lines} == {1, 2, 3, 4}
    time = plots.time_plot(TABLE)
    assert isinstance(time, PointPlot)
    assert time.line == ((10.0, pytest.approx(0.911)),)
    bars = plots.importance_plot(FAKE.importance(KEY))
    assert isinstance(bars, BarPlot)
    assert bars.bars == (("Learning rate", 0.6), ("Batch size", 0.3))


def test_what_is_chosen_stands_out() -> None:
    plot = plots.setting_plot(TABLE, "batch_size")
    assert plot is not None
    shown = marked(plot, (2, 3))
    assert isinstance(shown, PointPlot)
    assert [point.key for point in shown.points if point.is_marked] == [2, 3]


def test_names_and_nothing_finished_are_borne() -> None:
    def row(number: int, name: str, mean: float | None) -> RowResult:
        return dataclasses.replace(
            TABLE.rows[0], number=number, values=(("optimizer", name),), mean=mean
        )

    rows = (row(1, "sgd", 0.9), row(2, "adam", 0.95), row(3, "nag", None))
    table = ResultTable("test_accuracy", True, ("optimizer",), 1, rows, 2)
    plot = plots.setting_plot(table, "optimizer")
    assert isinstance(plot, PointPlot)
    assert plot.x.names == ("sgd", "adam")
    assert [point.x for point in plot.points] == [0, 1]
    empty = dataclasses.replace(table, rows=rows[2:])
    for nothing in (
        plots.setting_plot(empty, "optimizer"), plots.parallel_plot(empty),
        plots.time_plot(empty), plots.curve_plot(empty, ()), plots.importance_plot(()),
        plots.heat_plot(empty, "optimizer", "optimizer"),
    ):  # fmt: skip
        assert nothing is None


def test_a_column_has_room_for_the_longest_of_its_values() -> None:
    narrow = setting_column("optimizer", ["sgd"])
    assert setting_column("optimizer", ["sgd", "momentum"]).least > narrow.least
    assert setting_column("optimizer", ["x" * 1000]).least < 200
