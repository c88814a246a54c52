"""What is done with the chart of a run: overlaid, smoothed, read off and exported."""

from __future__ import annotations

import csv
import itertools

import pytest
from fake_session import FakeSession, run_events
from hands import Dialogs, WaitUntil
from three_tabs import Window

pytestmark = pytest.mark.window


@pytest.fixture
def train(live: Window):
    live.show(live.train)
    live.update()
    return live.train


def test_runs_are_overlaid_named_hidden_and_forgotten(
    train, session: FakeSession, wait_until: WaitUntil
) -> None:
    train.chart.build()
    for _run in range(2):
        session.play(*run_events(1))
        wait_until(lambda: not session.events and not train.is_running)
    wait_until(lambda: not train.chart._is_dirty)
    figure = train.chart._figure
    assert [record.name for record in train.chart.records] == [
        "2: cnn-light · adam", "1: cnn-light · adam",
    ]  # fmt: skip
    assert len(figure.panels.extras) == 2
    train.tools.start_renaming()
    train.tools.name.text.set("bold one")
    train.tools.name.keep()
    assert train.chart.record.name == "bold one"
    train.tools.runs_menu.invoke(0)
    wait_until(lambda: not train.chart._is_dirty)
    assert figure.panels.extras == []
    train.tools.runs_menu.invoke("end")
    assert len(train.chart.records) == 1


def test_smoothing_log_scale_and_crosshair(train, session: FakeSession, wait_until) -> None:
    train.chart.build()
    session.play(*run_events(2))
    wait_until(lambda: not session.events and not train.chart._is_dirty)
    steps = train.chart.series["step_loss"].points()[1]
    train.tools.smoothing.set(0.0)
    rough = train.chart.series["train_loss"].points()[1]
    train.tools.smoothing.set(1.0)
    smooth = train.chart.series["train_loss"].points()[1]
    assert max(abs(a - b) for a, b in zip(rough, steps, strict=True)) < 0.05
    assert _roughness(smooth) < 0.9 * _roughness(rough)
    train.tools.log_box.invoke()
    wait_until(lambda: not train.chart._is_dirty)
    figure = train.chart._figure
    assert figure.panels.loss.get_yscale() == "log"
    assert figure.panels.loss.get_ylim()[0] > 0
    train.chart._on_pointed(1.4)
    assert train.tools.readout.cget("text").startswith("epoch 1.40")
    assert "test 0.100 / 96.9 %" in train.tools.readout.cget("text")
    assert all(line.get_visible() for line in figure._pointer)
    train.chart._on_pointed(None)
    assert train.tools.readout.cget("text") == ""


def _roughness(values: list[float]) -> float:
    return sum(abs(b - a) for a, b in itertools.pairwise(values))


@pytest.mark.parametrize("suffix", [".csv", ".png", ".svg", ".pdf"])
def test_a_run_is_exported(
    suffix: str, train, live, session: FakeSession, dialogs: Dialogs, tmp_path, wait_until
) -> None:
    session.play(*run_events(2))
    wait_until(lambda: not session.events)
    dialogs.path = str(tmp_path / "run")
    train.tools.export(suffix)
    content = (tmp_path / f"run{suffix}").read_bytes()
    assert live.status.message.cget("text") == f"Exported run{suffix}."
    if suffix == ".csv":
        rows = list(csv.DictReader(content.decode().splitlines()))
        assert [row["test_loss"] for row in rows if row["kind"] == "epoch"] == ["0.1", "0.05"]
        assert sum(row["kind"] == "step" for row in rows) == 120
    else:
        assert content.startswith({".png": b"\x89PNG", ".svg": b"<?xml", ".pdf": b"%PDF"}[suffix])


def test_an_export_that_fails_says_why(train, live, session, dialogs, tmp_path) -> None:
    dialogs.path = str(tmp_path / "no folder" / "run")
    train.tools.export(".csv")
    sentence = live.status.message.cget("text")
    assert sentence.startswith("Cannot write run.csv: the folder does not exist. Choose another")
