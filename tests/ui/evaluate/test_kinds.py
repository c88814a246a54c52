"""Every kind of network on every page: from two classes to sixty-two, and the bundled reader."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from hands import WaitUntil, click
from real_desk import RealDesk, save_untrained
from window_checks import check

from digitdesk.files.paths import UserPaths
from digitdesk.messages.exam import ExamData
from digitdesk.messages.model import DIGITS, READER
from digitdesk.ui.evaluate.damage_page import DamagePage
from digitdesk.ui.evaluate.exam_bar import ExamChoice
from digitdesk.ui.evaluate.map_page import MapPage
from digitdesk.ui.toolkit.user_settings import Settings, write_settings
from tests.idx_files import write_split

pytestmark = pytest.mark.window

LONG = tuple(f"a class with quite a long name {number}" for number in range(62))


@pytest.fixture
def desk(root: tk.Tk, tmp_path: Path) -> Iterator[RealDesk]:
    paths = UserPaths.under(tmp_path)
    write_settings(Settings(language="en", theme="dark", tour_seen=True), paths.config)
    root.geometry("1024x700")
    desk = RealDesk(root, tmp_path)
    yield desk
    desk.close()
    root.geometry("1120x760+0+0")
    root.update()


def made_up(folder: Path, classes: Sequence[str]) -> ExamData:
    """A set of stripes that lie elsewhere for every class, with something of chance in them."""
    count, chance = 8 * len(classes), np.random.default_rng(3)
    labels = np.arange(count) % len(classes)
    images = chance.integers(0, 60, (count, 28, 28))
    for image, label in zip(images, labels, strict=True):
        image[4 + label % 20, 4:24] = image[4:24, 4 + label // 3] = 255
    write_split(folder, images, labels, "t10k")
    (folder / "classes.txt").write_text("\n".join(classes) + "\n", encoding="utf-8")
    return ExamData("folder", str(folder), folder.name, count)


@pytest.mark.parametrize(
    ("spec", "classes"),
    [
        ("softmax", ("yes", "no")),
        ("mlp", LONG),
        ("cnn-standard", DIGITS),
        (READER, DIGITS),
    ],
)
def test_all_pages(
    desk: RealDesk, tmp_path: Path, wait_until: WaitUntil, spec: str, classes: Sequence[str]
) -> None:
    evaluate, key = desk.window.evaluate, spec
    desk.window.show(evaluate)
    if spec != READER:
        key = desk.session.open_model(save_untrained(tmp_path / "m.npz", classes, spec=spec)).key
        evaluate.models_changed(key)
    data = made_up(tmp_path / "set", classes)
    wait_until(lambda: evaluate.bar.choice.data is not None)
    evaluate.bar.choose(ExamChoice(key, data))
    click(evaluate.bar.button)
    wait_until(lambda: evaluate.headline.winfo_viewable(), 60)
    assert evaluate._shown is not None
    exam = evaluate._shown.exam
    assert exam.evaluation.n == data.count
    assert set(classes) <= set(exam.evaluation.class_names)

    for name in evaluate.pages:
        click(evaluate.switch.buttons[name])
        page = evaluate.page
        if isinstance(page, DamagePage):
            wait_until(lambda page=page: page.chart.curves, 60)  # type: ignore[misc]
        if isinstance(page, MapPage):
            wait_until(lambda page=page: page.map is not None, 60)  # type: ignore[misc]
            assert len(page.map.points) == data.count  # type: ignore[union-attr]
        check(desk.window, "en")
    assert desk.said == "Examined."
