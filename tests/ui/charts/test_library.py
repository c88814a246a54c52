"""The library that draws the chart says nothing where only the user can see it."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
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


_SHOWS_A_RUN = """
import sys, time
from pathlib import Path
from digitdesk.messages.run import Progress, RunStarted, TrainingConfig
from digitdesk.ui.charts.loss_chart import LossChart, import_matplotlib
from digitdesk.ui.toolkit import theme
root = theme.create_root()
root.deiconify()
chart = LossChart(root)
chart.pack(fill="both", expand=True)
import_matplotlib(Path(sys.argv[1]))
chart.library_is_loaded()
chart.handle(RunStarted(1, TrainingConfig(), "CPU", 10, 100, 10, 10, 10))
chart.handle(Progress(1, 1, 1, 30, 2.3, 0.1, 0.001, 100.0, 1.0))
end = time.monotonic() + 20
while chart.redraw_count == 0 and time.monotonic() < end:
    root.update()
print("drawn", chart.redraw_count > 0)
"""


@pytest.mark.window
@pytest.mark.parametrize(
    "backend", ["module://matplotlib_inline.backend_inline", "nonsense", "agg"]
)
def test_what_a_notebook_or_the_user_has_set_up_does_not_empty_the_chart(
    backend: str, tmp_path: Path
) -> None:
    (tmp_path / "matplotlibrc").write_text("text.usetex: True\nfont.size: 40\n")
    done = subprocess.run(
        [sys.executable, "-c", _SHOWS_A_RUN, str(tmp_path)],
        env=os.environ | {"MPLBACKEND": backend, "PYTHONPATH": str(Path(__file__).parents[3])},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.stdout == "drawn True\n", done.stderr
