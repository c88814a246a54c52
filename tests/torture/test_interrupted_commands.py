"""Thirty-two runs of the command line, interrupted in every way and gone on with bit for bit."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.cli.test_cli_resume import home, interrupted_run_goes_on  # noqa: F401
from tests.time_limits import quickest


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
@pytest.mark.parametrize("time", range(8))
def test_an_interrupted_run_goes_on(
    number: signal.Signals,
    time: int,
    home: Path,  # noqa: F811
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert quickest(lambda: interrupted_run_goes_on(number, home, capsys), 5) < 5
