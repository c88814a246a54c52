"""While MNIST is downloaded the window lives, and Cancel works even when the server is silent."""

from __future__ import annotations

import time
import tkinter as tk
from functools import partial
from pathlib import Path

import pytest
from fake_session import FakeSession
from hands import WaitUntil
from three_tabs import Window

from digitdesk.data import mnist_download
from digitdesk.ui.toolkit.background import Beside
from tests.time_limits import quickest
from tests.torture import mirror as mirrors


def test_the_window_lives_and_cancel_works_at_once(
    root: tk.Tk,
    live: Window,
    session: FakeSession,
    wait_until: WaitUntil,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    field = live.train.form.data
    field._background = beside = Beside(root)
    with mirrors.mirror() as server:
        get = partial(mnist_download.download_mnist, mirrors=[server.way("stall")])
        monkeypatch.setattr(
            session,
            "download",
            lambda _name, progress, cancelled: get(tmp_path / "user", progress, cancelled),
        )
        field.value.set("pendigits")

        def cancel() -> float:
            """Cancel a download under which the window has lived; seconds until it is over."""
            server.asked.clear()
            field.download_button.invoke()
            wait_until(lambda: server.asked)
            ticks = 0

            def tick() -> None:
                nonlocal ticks
                ticks += 1
                if field.is_downloading:
                    root.after(5, tick)

            tick()
            wait_until(lambda: ticks > 20)
            assert field.is_downloading
            assert "Downloading" in str(live.status.message.cget("text"))
            field.download_button.invoke()
            cancelled = time.monotonic()
            wait_until(lambda: not field.is_downloading)
            seconds = time.monotonic() - cancelled
            wait_until(lambda: not beside.is_busy)
            return seconds

        assert quickest(cancel, 1) < 1
    assert str(live.status.message.cget("text")).startswith("The download was stopped")
    assert list((tmp_path / "user" / "mnist").iterdir()) == []
