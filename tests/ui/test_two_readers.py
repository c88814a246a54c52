"""The board answers the same whether or not two models are compared meanwhile."""

from __future__ import annotations

import itertools
import tkinter as tk
from pathlib import Path

import pytest
import threadpoolctl
from hands import WaitUntil, click
from real_desk import RealDesk, save_untrained

from digitdesk.files.paths import UserPaths
from digitdesk.ink.stroke_file import read_unipen
from digitdesk.ink.strokes import fit_to_board
from digitdesk.messages.prediction import Stroke
from digitdesk.ui.toolkit.user_settings import Settings, write_settings

pytestmark = [pytest.mark.window, pytest.mark.mnist]


def answers(desk: RealDesk, drawings: list[tuple[Stroke, ...]]) -> list[tuple[float, ...]]:
    """Each drawing drawn by pen, and what the board says of it in full."""
    found = []
    for strokes in drawings:
        click(desk.window.draw.tools.clear_button)
        desk.pen.draw(strokes)
        answer = desk.window.draw.digit.answer
        assert answer is not None
        found.append(answer.probabilities)
    return found


def sketch(strokes: tuple[Stroke, ...]) -> tuple[Stroke, ...]:
    """A drawing on the board, of fewer points: every one of them is read."""
    return tuple((*stroke[:-1:5], stroke[-1]) for stroke in fit_to_board(strokes))


@pytest.fixture(autouse=True)
def _blas_as_in_the_program():
    """One thread, as the program has it from its start: how products round depends on that."""
    with threadpoolctl.threadpool_limits(1, user_api="blas"):
        yield


def test_the_board_is_drawn_on_while_two_models_are_compared(
    root: tk.Tk,
    tmp_path: Path,
    mnist_dir: Path,
    data_dir: Path,
    pendigits_file: Path,
    wait_until: WaitUntil,
) -> None:
    paths = UserPaths.under(tmp_path)
    write_settings(Settings(language="en", theme="light", tour_seen=True), paths.config)
    save_untrained(paths.models / "mine.npz")
    desk = RealDesk(root, tmp_path, {"DIGITDESK_DATA": str(data_dir)})
    window, models = desk.window, desk.window.models
    samples = itertools.islice(read_unipen(pendigits_file), 4)
    drawings = [sketch(sample.strokes) for sample in samples]
    quiet = answers(desk, drawings)

    window.show(models)
    wait_until(lambda: str(paths.models / "mine.npz") in models.table.rows)
    models.list.selection_set("reader")
    window.update()
    models.bar.compare_box.current(1)
    models.bar.compare_box.event_generate("<<ComboboxSelected>>")
    window.show(window.draw)
    for _round in range(3):
        assert answers(desk, drawings) == quiet
    assert window.evaluate.page._shown is None, "over before anything was drawn"
    desk.close()
