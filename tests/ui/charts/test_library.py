"""The library that draws the chart says nothing where only the user can see it."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from digitdesk.ui.charts.loss_chart import import_matplotlib


def test_a_warning_of_fonts_goes_into_our_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told: list[str] = []
    ours = logging.Handler()
    ours.emit = lambda record: told.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger("digitdesk").addHandler(ours)
    logging.getLogger("digitdesk").propagate = False
    import_matplotlib(tmp_path)
    logging.getLogger("matplotlib.font_manager").warning("findfont: Failed to find font weight")
    assert told == ["findfont: Failed to find font weight"]
    assert capsys.readouterr().err == ""
