"""Every tab in both languages and both themes: nothing is cut off, untranslated or logged.

What was seen is written to build/out/screens/.
"""

from __future__ import annotations

import os
import tkinter as tk
from dataclasses import replace
from pathlib import Path

import pytest
from fake_experiments import PLAN as FAKE_PLAN
from fake_session import FakeSession, run_events
from hands import FOUR, SEVEN, Pen, WaitUntil
from three_tabs import Window
from window_checks import check

from digitdesk.messages.experiments.progress import TrialState
from digitdesk.messages.run import RunDiagnosis, Suggestion
from digitdesk.ui.i18n.language import chinese_font
from digitdesk.ui.inside.pages import PAGES
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.user_settings import Settings

pytestmark = pytest.mark.window

SCREENS = Path(__file__).resolve().parents[3] / "build" / "out" / "screens"


@pytest.fixture(params=["en", "zh_CN"])
def language(request: pytest.FixtureRequest, root: tk.Tk) -> str:
    if request.param == "zh_CN" and not chinese_font(root):
        pytest.skip("no font with Chinese characters: apt install fonts-noto-cjk")
    return str(request.param)


@pytest.fixture(params=["light", "dark"])
def settings(request: pytest.FixtureRequest, language: str) -> Settings:
    return Settings(language=language, theme=request.param, tour_seen=True)


def take(window: Window, name: str) -> None:
    from PIL import ImageGrab

    window.root.update()
    x, y = window.root.winfo_rootx(), window.root.winfo_rooty()
    box = (x, y, x + window.root.winfo_width(), y + window.root.winfo_height())
    try:
        picture = ImageGrab.grab(bbox=box, xdisplay=os.environ.get("DISPLAY"))
    except OSError:
        return
    SCREENS.mkdir(parents=True, exist_ok=True)
    picture.save(SCREENS / f"{name}.png", compress_level=1)


def test_every_tab_in_every_language_and_theme(
    live: Window,
    session: FakeSession,
    settings: Settings,
    language: str,
    root: tk.Tk,
    wait_until: WaitUntil,
) -> None:
    root.geometry("1024x700" if settings.theme == "dark" else "1120x760")
    for name in ("mnist-cnn", "accurate-2"):
        session.add_file(Path(f"/m/{name}.npz"))
    live.models.refresh_files()
    dark = settings.theme == "dark"
    assert (theme.palette().background < "#808080") is dark

    def look(name: str) -> None:
        root.update()
        check(live, language)
        take(live, f"{name}-{language}-{settings.theme}")

    look("draw-empty")
    Pen(live.draw.board).stroke(*SEVEN)
    live.draw.compare_with("reader")
    look("draw")
    live.draw.show_mode("number")
    look("number-empty")
    session.doubts[1] = "letter"
    for left in (60, 200, 340):
        Pen(live.draw.board).stroke(*((x / 2 + left, y / 2 + 60) for x, y in SEVEN))
    look("number")
    live.draw.show_mode("digit")
    live.tour.start()
    for _stop in range(9):
        root.update()
        look(f"tour-{live.tour.index + 1}")
        live.tour.advance()
    assert not live.tour.is_shown
    live.show(live.train)
    look("train-empty")
    live.train.chart.build()
    session.play(*run_events(3))
    events = run_events(3, finish=False)
    session.play(*[replace(event, run_id=2) for event in events[:140]])
    wait_until(lambda: not session.events)
    session.change("learning_rate", 0.0005)
    session.play(RunDiagnosis(2, "overfitting", "overfitting", Suggestion("augmentation", 0.5)))
    wait_until(lambda: live.train.banner.text and not live.train.chart._is_dirty)
    live.train.tools.point_at(1.5)
    look("train")
    session.stop()
    wait_until(lambda: not live.train.is_running)
    live.train.form.advanced.toggle()
    live.train.form.values["augmentation"].set("0.5")
    wait_until(lambda: live.train.form.preview.pairs)
    live.train.form.show(live.train.form.preview)
    live.train.form.values["batch_size"].set("many")
    look("train-advanced")
    live.show(live.evaluate)
    look("evaluate-empty")
    live.evaluate.examine_model("reader", "")
    for page in live.evaluate.pages:
        live.evaluate.show_page(page)
        look(f"evaluate-{page}")
    live.show(live.inside)
    look("inside-empty")
    inside = live.inside.view
    assert inside is not None
    Pen(inside.desk.board).draw(FOUR)
    for page in PAGES:
        inside.show_page(page)
        look(f"inside-{page}")
    live.show(live.experiments)
    look("experiments-plan")
    experiments = live.experiments.view
    assert experiments is not None
    experiments.show_page("run")
    look("experiments-empty")
    key = session.experiments.start(FAKE_PLAN)
    session.experiments.finish(key, 8)
    session.experiments.finish(key, 1, TrialState.FAILED)
    experiments.refresh()
    look("experiments-run")
    experiments.show_page("results")
    experiments.results.table.select(2)
    look("experiments-results")
    live.show(live.data)
    wait_until(lambda: live.data.view is not None and live.data.view.shown is not None, 60)
    data = live.data.view
    assert data is not None
    for page in data.switch.buttons:
        data.show_page(page)
        look(f"data-{page}")
    live.show(live.hand)
    look("hand-empty")
    hand = live.hand.view
    assert hand is not None
    for page in hand.switch.buttons:
        hand.show_page(page)
        look(f"hand-{page}")
    live.show(live.models)
    look("models")
    live.models.bar.compare_box.current(1)
    live.models.bar._on_compare()
    assert live.tabs.in_front is live.evaluate
    look("compare")
    root.geometry("1120x760")
