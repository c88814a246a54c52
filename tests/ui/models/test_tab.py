"""The Models tab: the card that is shown, saving, opening, and reading with what was opened."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_session import LAYERS, FakeSession, run_events
from hands import Dialogs, WaitUntil
from three_tabs import Window

pytestmark = pytest.mark.window


@pytest.fixture
def models(live: Window):
    live.show(live.models)
    live.update()
    return live.models


def test_the_card_of_the_bundled_reader_is_shown_first(models) -> None:
    assert models.selected == "reader"
    facts = models.card.facts
    assert facts["accuracy"] == "99.12 %"
    assert facts["interval"] == "98.9 … 99.3 %"
    assert facts["parameters"] == "26,698"
    assert facts["dataset"] == "MNIST"
    rows = models.card.layers.cells
    assert len(rows) == len(LAYERS)
    assert tuple(str(cell) for cell in rows[0]) == ("conv1", "Conv2D", "8 × 28 × 28", "80")


@pytest.mark.parametrize("suffix", [".npz", ".pkl"])
def test_saving_adds_the_model_to_the_list(
    suffix: str, models, live: Window, session: FakeSession, dialogs: Dialogs, tmp_path: Path
) -> None:
    dialogs.path = str(tmp_path / "mine")
    button = models.use_bar.save_npz_button if suffix == ".npz" else models.use_bar.save_pkl_button
    button.invoke()
    live.update()
    assert dialogs.asked == [suffix]
    assert session.calls == [f"save reader mine{suffix}"]
    assert live.status.message.cget("text") == f"Saved mine{suffix}."
    assert models.selected == str(tmp_path / f"mine{suffix}")
    assert f"mine{suffix}" in live.draw.page.choice.read_with.cget("values")


def test_nothing_happens_when_the_dialog_is_left(
    models, session: FakeSession, dialogs: Dialogs
) -> None:
    models.use_bar.save_npz_button.invoke()
    models.bar.open_button.invoke()
    assert dialogs.asked == [".npz", ""]
    assert session.calls == []


def test_a_file_that_cannot_be_opened_says_why(
    models, live: Window, dialogs: Dialogs, tmp_path: Path
) -> None:
    dialogs.path = str(tmp_path / "gone.npz")
    models.bar.open_button.invoke()
    assert live.status.shows_error
    assert "gone.npz" in live.status.message.cget("text")
    assert models.selected == "reader"


def test_an_opened_model_can_read_the_board(
    models, live: Window, session: FakeSession, dialogs: Dialogs, tmp_path: Path
) -> None:
    file = tmp_path / "m.npz"
    file.write_bytes(b"model")
    dialogs.path = str(file)
    models.bar.open_button.invoke()
    live.update()
    models.use_bar.use_button.invoke()
    live.update()
    assert live.draw.source == str(file)
    assert live.draw.winfo_viewable()
    assert live.draw.page.choice.read_with.get() == "m.npz"
    assert "m.npz" in live.status.model.cget("text")


def test_the_network_in_training_appears(
    models, session: FakeSession, wait_until: WaitUntil
) -> None:
    session.play(*run_events(1))
    wait_until(lambda: models.list.exists("training"))
    assert models.selected == "reader"
