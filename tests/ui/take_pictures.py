"""Takes the README's pictures of a real window and writes them to assets/screens/.

Run on a screen: ``build/with-screen .venv/bin/python tests/ui/take_pictures.py DATA_FOLDER``, where
the folder holds MNIST. It trains a small network for a few seconds.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from hands import FOUR, Pen
from PIL import ImageGrab
from three_tabs import Window

from digitdesk.data.catalog import needed_folder
from digitdesk.data.synthetic.handwriting import generate_strokes
from digitdesk.data.synthetic.numbers import NumberStyle, compose_number
from digitdesk.files.paths import UserPaths
from digitdesk.ink.stroke_file import StrokeSample
from digitdesk.messages.run import RunState
from digitdesk.session.session import Session
from digitdesk.ui.data.see.pictures_page import PicturesPage
from digitdesk.ui.inside.change.page import ChangePage
from digitdesk.ui.inside.layers_page import LayersPage
from digitdesk.ui.inside.learn.page import LearnPage
from digitdesk.ui.inside.pages import page_titles
from digitdesk.ui.inside.walk import STOPS
from digitdesk.ui.inside.why_page import WhyPage
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.tooltip import hide_tooltip
from digitdesk.ui.toolkit.user_settings import Settings, write_settings

SCREENS = Path(__file__).resolve().parents[2] / "assets" / "screens"
FIVE = (
    ((96, 66), (92, 96), (88, 126), (110, 118), (138, 118), (164, 128), (180, 150), (180, 178),
     (166, 202), (142, 216), (114, 218), (90, 208)),
    ((96, 66), (130, 64), (170, 62)),
)  # fmt: skip

GRID = """
title = "Rate, units and optimizer"
note = "Three settings at once, on five thousand pictures, each row with three seeds."
seeds = 3
[settings]
model = "flatten dense({units}) relu dense(10)"
limit = 5000
epochs = 4
[grid]
units = [8, 32, 128]
learning_rate = [0.003, 0.01]
optimizer = ["adam", "momentum"]
"""


class Photographer:
    """A window over a real session, and a camera; the home it sees is nobody's."""

    def __init__(self, data: Path) -> None:
        home = Path(tempfile.mkdtemp())
        os.environ["HOME"] = str(home)
        paths = UserPaths.under(home / "DigitDesk")
        paths.data.mkdir(parents=True)
        (paths.data / "mnist").symlink_to(needed_folder("mnist", data.resolve(), paths.data))
        write_settings(Settings(language="en", theme="light", tour_seen=True), paths.config)
        self.root = theme.create_root()
        self.window = Window(self.root, paths)
        self.root.geometry("1080x740+0+0")
        self.session = Session(paths, environ={})
        self.window.attach_session(self.session)
        self.live()

    def live(self, seconds: float = 0.5, until: Callable[[], object] = lambda: False) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end and not until():
            self.root.update()
            time.sleep(0.005)

    def take(self, name: str) -> None:
        # The pointer is out of the way, where nothing is explained.
        self.root.event_generate("<Motion>", warp=True, x=4, y=self.root.winfo_height() - 4)
        self.live()
        hide_tooltip(self.window)
        self.live(0.1)
        x, y = self.root.winfo_rootx(), self.root.winfo_rooty()
        box = (x, y, x + self.root.winfo_width(), y + self.root.winfo_height())
        picture = ImageGrab.grab(bbox=box, xdisplay=os.environ["DISPLAY"])
        SCREENS.mkdir(parents=True, exist_ok=True)
        picture.save(SCREENS / f"{name}.png", optimize=True)


def take_number(camera: Photographer) -> None:
    """A year on the wide board, in a made-up hand."""
    draw = camera.window.draw
    draw.show_mode("number")
    camera.live(0.3)
    rng = np.random.default_rng(11)
    digits = [StrokeSample(int(k), "", generate_strokes(int(k), rng)) for k in "2026"]
    number = compose_number(digits, rng, NumberStyle(gap=(0.25, 0.4)), height=130)
    Pen(draw.board).draw([[(x + 140, y + 70) for x, y in stroke] for stroke in number.strokes])
    camera.take("number")
    draw.show_mode("digit")


def take_inside(camera: Photographer) -> None:
    """The bundled reader from inside, and the guided walk as a page."""
    camera.window.show(camera.window.inside)
    camera.live(1)
    view = camera.window.inside.view
    assert view is not None
    view.desk.board.clear()
    Pen(view.desk.board).draw(FOUR)
    layers = view.page
    assert isinstance(layers, LayersPage)
    layers.choose_layer("conv2")
    camera.live(0.3)
    layers.choose_place((26, 6, 6))
    camera.take("inside")
    view.show_page("learn")
    learn = view.page
    assert isinstance(learn, LearnPage)
    learn.label.choose("9")
    learn.learn(1)
    camera.live(20, lambda: learn.lesson is not None and learn.result.chart.curves)
    camera.take("inside-learn")
    view.show_page("change")
    change = view.page
    assert isinstance(change, ChangePage)
    change.choose("conv1", 0)
    for unit in (0, 6, 9):
        change.toggle("conv1", unit)
    camera.live(30, lambda: change.result.accuracy[0] is not None)
    camera.take("inside-change")
    change.reset()
    view.show_page("why")
    why = view.page
    assert isinstance(why, WhyPage)
    camera.live(20, lambda: why.why)
    why.other.choose("9")
    why.turn()
    camera.live(20, lambda: why.turned is not None)
    camera.take("inside-why")
    write_walk()


def take_experiments(camera: Photographer) -> None:
    """A grid of three settings: planned, and what came of it."""
    camera.window.show(camera.window.experiments)
    camera.live(1)
    view = camera.window.experiments.view
    assert view is not None
    view.plan.take(camera.session.experiments.plans.read(GRID))
    camera.live(30, lambda: "about" in str(view.plan.preview.time.cget("text")))
    camera.take("experiments-plan")
    view.plan.start()
    camera.live(300, lambda: view.study.running is None)
    view.show_page("results")
    view.results.chart.choose("setting")
    view.results.sort_by("= mean")
    view.results.sort_by("= mean")
    view.results.table.select(view.results.table.row_keys[0])
    camera.live(2)
    camera.take("experiments")


def take_data(camera: Photographer) -> None:
    """MNIST, those pictures first whose label the bundled reader doubts."""
    camera.window.show(camera.window.data)
    camera.live(60, lambda: camera.window.data.view and camera.window.data.view.shown)
    view = camera.window.data.view
    assert view is not None
    page = view.pages["pictures"]
    assert isinstance(page, PicturesPage)
    page.bar.part.choose("test")
    page.see_doubtful("reader")
    camera.live(300, lambda: not view.line.is_busy)
    page.gallery.choose(0)
    camera.live(2)
    camera.take("data")


def take_hand(camera: Photographer) -> None:
    """A made-up person who writes 4, 7 and 9 from right to left: dictated to, and examined."""
    rng, hand = np.random.default_rng(5), camera.session.hand

    def written(word: str) -> list[list[tuple[float, float]]]:
        strokes = generate_strokes(int(word), rng)
        turned = word in "479"
        return [[(280 - x if turned else x, y) for x, y in stroke] for stroke in strokes]

    for k in range(126):
        hand.keep(str(k % 10), written(str(k % 10)))
    exam = hand.begin_exam()
    while exam.wanted:
        exam = hand.hand_in(exam.key, written(exam.wanted))
    camera.window.show(camera.window.hand)
    camera.window.hand.focus_set()
    camera.live(1)
    view = camera.window.hand.view
    assert view is not None and view.desk is not None
    Pen(view.desk.board).draw(written(view.desk.word.cget("text")))
    camera.take("hand")
    view.show_page("exam")
    camera.live(3)
    camera.take("hand-exam")


def write_walk() -> None:
    """The stops of the walk as a page, each page's picture above its first stop."""
    pictures = {
        "layers": "inside",
        **{page: f"inside-{page}" for page in ("learn", "change", "why")},
    }
    titles = page_titles()
    lines = [
        "# A walk through a network",
        "",
        "About ten minutes, alone or before a class. Open the *Inside* tab, press *Guided walk*,",
        "and the window shows these stops one after the other.",
    ]
    for number, stop in enumerate(STOPS, start=1):
        if picture := pictures.pop(stop.page, ""):
            lines += ["", f"![The {titles[stop.page][0]} page]({picture}.png)"]
        lines += ["", f"{number}. **{stop.title}** {stop.text}"]
    (SCREENS / "guided-walk.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main(data: Path) -> None:
    camera = Photographer(data)
    window, session = camera.window, camera.session
    train, form = window.train, window.train.form
    camera.root.focus_force()
    Pen(window.draw.board).draw(FIVE)
    camera.take("draw")
    take_number(camera)
    window.show(train)
    camera.live(0.2)
    train.chart.build()
    for values in (
        {"limit": "6000", "epochs": "4", "optimizer": "momentum"},
        {"limit": "6000", "epochs": "8", "optimizer": "adam"},
    ):
        for name, value in values.items():
            form.values[name].set(value)
        camera.live(0.6)
        train.buttons.start_button.invoke()
        last = int(values["epochs"]) - 3
        camera.live(60, lambda: session.state is RunState.TRAINING)
        camera.live(120, lambda last=last: len(train.chart.record.history.finished) >= last)
        if session.changeable_settings() and values["optimizer"] == "adam":
            train.live_settings.sliders["learning_rate"].set(0.5)
            camera.live(0.6)
            train.chart._on_pointed(2.0)
            camera.take("train")
        camera.live(120, lambda: session.state is RunState.IDLE)
    train.progress.next.mistakes_button.invoke()
    camera.live(60, window.evaluate.headline.winfo_viewable)
    camera.take("evaluate")
    take_inside(camera)
    take_experiments(camera)
    take_data(camera)
    take_hand(camera)
    window.show(window.models)
    camera.live(0.3)
    window.models.list.selection_set("training")
    window.models.bar.duplicate_button.invoke()
    camera.live(0.3)
    window.models.bar.rename_button.invoke()
    window.models.table.name.text.set("my first network")
    window.models.table.name.keep()
    window.models.list.selection_set("reader")
    camera.take("models")
    window.preferences.choose_theme("dark")
    if window.preferences.choose_language("zh_CN") is None:
        window.show(train)
        camera.take("train-zh-dark")
        window.show(window.draw)
        camera.take("draw-zh-dark")
    window.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
