"""The whole of DigitDesk once, by hand: train, draw, save, open, and get the same answer."""

from __future__ import annotations

import time
import tkinter as tk
from collections.abc import Iterator
from pathlib import Path

import pytest
from hands import Dialogs, Pen, WaitUntil, click
from three_tabs import Window

from digitdesk.files.paths import UserPaths
from digitdesk.ink.stroke_file import read_unipen
from digitdesk.ink.strokes import fit_to_board
from digitdesk.messages.prediction import Stroke
from digitdesk.messages.run import RunState
from digitdesk.session.session import Session

pytestmark = [pytest.mark.window, pytest.mark.mnist]


class Desk:
    """A window over a real session, as the app puts it together."""

    def __init__(self, root: tk.Tk, home: Path, data_dir: Path, dialogs: Dialogs) -> None:
        paths = UserPaths.under(home)
        self.session = Session(paths, environ={"DIGITDESK_DATA": str(data_dir)})
        self.window = Window(root, paths, dialogs=dialogs)
        self.window.attach_session(self.session)
        self.window.train.chart.build()
        root.update()

    def close(self) -> None:
        assert self.session.close(60)
        self.window.destroy()


@pytest.fixture
def desks(root: tk.Tk, data_dir: Path, dialogs: Dialogs, tmp_path: Path) -> Iterator[list[Desk]]:
    """Opens one desk after the other; each is a fresh start of the app with the same home."""
    opened: list[Desk] = []

    class Opener(list[Desk]):
        def open(self) -> Desk:
            opened.append(Desk(root, tmp_path, data_dir, dialogs))
            return opened[-1]

    yield Opener()
    for desk in opened:
        if desk.window.winfo_exists():
            desk.close()
    root.update()


def one_of_each_digit(file: Path) -> list[tuple[int, tuple[Stroke, ...]]]:
    """The first pen drawing of each digit, fitted to the board."""
    first = {}
    for sample in read_unipen(file):
        first.setdefault(sample.label, fit_to_board(sample.strokes))
    return sorted(first.items())


def test_first_light(
    desks,
    mnist_dir: Path,
    pendigits_file: Path,
    dialogs: Dialogs,
    wait_until: WaitUntil,
    tmp_path: Path,
) -> None:
    desk = desks.open()
    window, session = desk.window, desk.session
    train, draw, models = window.train, window.draw, window.models

    # Train CNN-light on 2,000 images by clicking Start.
    window.show(train)
    for name, text in (("model", "cnn-light"), ("limit", "2000"), ("epochs", "10"), ("seed", "1")):
        train.form.values[name].set(text)
    wait_until(lambda: train.buttons.start_button.instate(["!disabled"]))
    click(train.buttons.start_button)
    wait_until(lambda: session.state is RunState.TRAINING, 60)
    wait_until(lambda: len(train.chart.series["step_loss"]) >= 3, 60)
    wait_until(lambda: train.chart.redraw_count >= 1, 60)

    # The board reads with the network while it learns.
    drawings = one_of_each_digit(pendigits_file)
    assert [digit for digit, _strokes in drawings] == list(range(10))
    window.show(draw)
    wait_until(lambda: "Network in training" in draw.page.choice.read_with.cget("values"), 60)
    choice = draw.page.choice.read_with
    choice.current(choice.cget("values").index("Network in training"))
    choice.event_generate("<<ComboboxSelected>>")
    pen = Pen(draw.board)
    pen.draw(drawings[3][1])
    answer = draw.digit.panel.answer
    wait_until(lambda: answer.label in set("0123456789") and answer.label)
    assert "step" in draw.page.choice.step_note.cget("text")

    # It ends well, and everything on the tab says so.
    wait_until(lambda: session.state is RunState.IDLE, 120)
    assert [row[0] for row in train.epochs.cells] == [str(epoch) for epoch in range(1, 11)]
    accuracy = float(train.epochs.cells[-1][5].removesuffix(" %"))
    assert accuracy > 88
    assert "Test accuracy" in train.progress.where.cget("text")
    losses = train.chart.series["train_loss"].points()[1]
    assert losses[-1] < 0.5 * losses[0]
    assert len(train.chart.series["test_accuracy"]) == 10

    # Real pen strokes, drawn with the mouse, are read, most of them right, by a network that
    # saw 2,000 pictures.
    right = 0
    for digit, strokes in drawings:
        draw.tools.clear_button.invoke()
        pen.draw(strokes)
        wait_until(lambda: draw.digit.answer and draw.digit.answer.probabilities)
        right += draw.digit.panel.answer.label == str(digit)
    assert right >= 5

    # Saved in both formats, opened in a fresh app, the network says the same.
    draw.tools.clear_button.invoke()
    pen.draw(drawings[7][1])
    wait_until(lambda: draw.digit.panel.answer.label != "")
    said, bars = draw.digit.panel.answer.label, draw.digit.panel.bars.values
    window.show(models)
    for suffix in (".npz", ".pkl"):
        models.list.selection_set("training")
        window.update()
        dialogs.path = str(tmp_path / f"light{suffix}")
        click(
            models.use_bar.save_npz_button if suffix == ".npz" else models.use_bar.save_pkl_button
        )
        wait_until(lambda: models.selected == dialogs.path)
        assert window.status.message.cget("text") == f"Saved light{suffix}."
        assert models.card.facts["seed"] == "1"
    desk.close()

    again = desks.open()
    for suffix in (".npz", ".pkl"):
        again.window.show(again.window.models)
        again.window.update()
        dialogs.path = str(tmp_path / f"light{suffix}")
        click(again.window.models.bar.open_button)
        wait_until(lambda: again.window.models.selected == dialogs.path)
        click(again.window.models.use_bar.use_button)
        wait_until(lambda: again.window.draw.winfo_viewable())
        assert again.window.draw.page.choice.read_with.get() == f"light{suffix}"
        again.window.draw.tools.clear_button.invoke()
        again.window.update()
        Pen(again.window.draw.board).draw(drawings[7][1])
        wait_until(lambda: again.window.draw.digit.panel.answer.label != "")
        assert again.window.draw.digit.panel.answer.label == said
        assert again.window.draw.digit.panel.bars.values == bars


def test_closing_while_training_takes_the_window_away_in_time(
    desks, mnist_dir: Path, root: tk.Tk, wait_until: WaitUntil, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desks.open()
    desk.window.show(desk.window.train)
    desk.window.train.form.values["limit"].set("20000")
    click(desk.window.train.buttons.start_button)
    wait_until(lambda: desk.session.state is RunState.TRAINING, 60)
    gone: list[str] = []
    monkeypatch.setattr(root, "withdraw", lambda: None)
    monkeypatch.setattr(root, "destroy", lambda: gone.append("destroy"))
    start = time.monotonic()
    desk.window.close()
    assert gone == ["destroy"]
    assert time.monotonic() - start < 5
    assert desk.session.close(60)
