"""Any size from 100 to 200 % applies at once, at any window: nothing is overprinted or cut off."""

from __future__ import annotations

import _tkinter
import tkinter as tk
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_experiments import PLAN as FAKE_PLAN
from fake_session import FakeSession, run_events
from hands import SEVEN, Dialogs, Pen, WaitUntil
from three_tabs import Window
from window_checks import below

from digitdesk.files.paths import UserPaths
from digitdesk.messages.experiments.progress import TrialState
from digitdesk.messages.run import RunDiagnosis, Suggestion
from digitdesk.ui.i18n.language import chinese_font, use_language
from digitdesk.ui.inside.pages import PAGES
from digitdesk.ui.layout.scroll_area import ScrollArea
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.fonts import use_fonts
from digitdesk.ui.toolkit.theme import px
from digitdesk.ui.toolkit.user_settings import Settings, read_settings, write_settings

pytestmark = pytest.mark.window

WINDOWS = ["1400x1000", "1920x1080", "1024x700"]
ZOOMS = (1.0, 1.25, 1.5, 2.0)
#: A place is a left, top, right and bottom edge on the screen.
Place = tuple[int, int, int, int]


@pytest.fixture(scope="module", params=["en", "zh_CN"])
def paths(
    request: pytest.FixtureRequest, root: tk.Tk, tmp_path_factory: pytest.TempPathFactory
) -> UserPaths:
    if request.param == "zh_CN" and not chinese_font(root):
        pytest.skip("no font with Chinese characters: apt install fonts-noto-cjk")
    paths = UserPaths.under(tmp_path_factory.mktemp("home"))
    write_settings(Settings(language=request.param, theme="light", tour_seen=True), paths.config)
    return paths


@pytest.fixture(scope="module")
def furnished(root: tk.Tk, paths: UserPaths, wait_until: WaitUntil) -> Iterator[Window]:
    """A window with an answer on both boards, a run on the chart, and models in the list.

    It takes a while to get there: the tests of one language share it.
    """
    session = FakeSession()
    live = Window(root, paths, dialogs=Dialogs())
    live.attach_session(session)  # type: ignore[arg-type]
    root.update()
    live.root.minsize(1, 1)
    session.add_file(Path("/m/mnist-cnn.npz"))
    live.models.refresh_files()
    live.draw.show_mode("number")
    live.update()
    for left in (60, 200, 340):
        Pen(live.draw.board).stroke(*((x / 2 + left, y / 2 + 60) for x, y in SEVEN))
    live.draw.show_mode("digit")
    live.update()
    Pen(live.draw.board).stroke(*SEVEN)
    live.draw.compare_with("reader")
    live.evaluate.examine_model("reader", "reader")
    key = session.experiments.start(FAKE_PLAN)
    session.experiments.finish(key, 8)
    session.experiments.finish(key, 1, TrialState.FAILED)
    live.show(live.train)
    live.train.chart.build()
    session.play(*run_events(3, finish=False)[:140])
    session.play(RunDiagnosis(1, "overfitting", "overfitting", Suggestion("augmentation", 0.5)))
    wait_until(lambda: live.train.banner.text and not live.train.chart._is_dirty)
    yield live
    live.destroy()
    use_language("en")
    use_fonts(root)
    theme.use_theme(theme.LIGHT)
    root.update()


@pytest.fixture
def busy(furnished: Window) -> Iterator[Window]:
    """It at its usual size, with its first tab in front."""
    furnished.show(furnished.draw)
    furnished.draw.show_mode("digit")
    furnished.update()
    yield furnished
    furnished.preferences.choose_zoom(1.0)
    furnished.root.geometry("1120x760+0+0")
    furnished.update()


def place(widget: tk.Misc) -> Place:
    x, y = widget.winfo_rootx(), widget.winfo_rooty()
    return x, y, x + widget.winfo_width(), y + widget.winfo_height()


def is_inside(inner: Place, outer: Place) -> bool:
    return (
        inner[0] >= outer[0] and inner[1] >= outer[1]
        and inner[2] <= outer[2] and inner[3] <= outer[3]
    )  # fmt: skip


def overlap(first: Place, second: Place) -> bool:
    wide = min(first[2], second[2]) - max(first[0], second[0])
    high = min(first[3], second[3]) - max(first[1], second[1])
    return wide > 0 and high > 0


def leaves(tab: tk.Misc) -> list[tk.Misc]:
    """What is seen of a tab: the widgets that hold no others; scrollbars lie over their lists."""
    return [
        widget
        for widget in below(tab)
        if widget.winfo_viewable()
        and not any(child.winfo_viewable() for child in widget.winfo_children())
        and widget.winfo_class() not in ("TScrollbar", "TFrame", "Menu")
    ]


def clipped(widget: tk.Misc, window: Window) -> Place:
    """What is seen of a widget: no more than what everything that it lies in lets be seen."""
    shown = place(widget)
    holder = widget.master
    while holder is not None and holder is not window.root:
        around = place(holder)
        shown = (
            max(shown[0], around[0]), max(shown[1], around[1]),
            min(shown[2], around[2]), min(shown[3], around[3]),
        )  # fmt: skip
        holder = holder.master
    return shown


def check_geometry(window: Window, tab: tk.Misc) -> None:
    area = tab.master
    assert isinstance(area, ScrollArea)
    assert is_inside(place(window.status), place(window.root)), "the status bar is cut off"
    for label in (window.status.device, window.status.model):
        assert label.winfo_width() >= label.winfo_reqwidth() - 1
        assert is_inside(place(label), place(window.status))
    seen = leaves(tab)
    assert seen
    view = window.experiments.view
    forms = (str(window.train.form), *([str(view.plan.form)] if view is not None else []))
    for widget in seen:
        # Whatever is out of sight can be scrolled to; of a form that scrolls, too.
        if not str(widget).startswith(forms):
            assert is_inside(place(widget), place(tab)), f"leaves the tab: {widget}"
    places = [(widget, clipped(widget, window)) for widget in seen]
    for index, (first, one) in enumerate(places):
        for second, other in places[index + 1 :]:
            inside = str(second).startswith(f"{first}.") or str(first).startswith(f"{second}.")
            assert inside or not overlap(one, other), f"{first} {one} and {second} {other}"
    below, beside = area._bars["x"], area._bars["y"]
    # A bar takes room from the other axis, which may need one for that.
    high = area.winfo_height() - below.winfo_height() * below.winfo_ismapped()
    wide = area.winfo_width() - beside.winfo_width() * beside.winfo_ismapped()
    assert bool(below.winfo_ismapped()) == (tab.winfo_width() > wide)
    assert bool(beside.winfo_ismapped()) == (tab.winfo_height() > high)


@pytest.mark.parametrize("window_size", WINDOWS)
def test_every_tab_at_every_size(busy: Window, root: tk.Tk, window_size: str) -> None:
    root.geometry(f"{window_size}+0+0")
    root.update()
    for zoom in (*ZOOMS, 1.0):
        busy.full_screen.choose_zoom(zoom)
        for mode in ("digit", "number"):
            busy.show(busy.draw)
            busy.draw.show_mode(mode)
            root.update()
            check_geometry(busy, busy.draw)
            answer = busy.draw.page.panel.answer if mode == "digit" else busy.draw.page.view
            for widget in (busy.draw.board, answer):
                assert is_inside(place(widget), place(busy.draw.master)), f"{zoom}: {widget}"
        for tab in (busy.train, busy.models):
            busy.show(tab)
            root.update()
            check_geometry(busy, tab)
        busy.show(busy.evaluate)
        for page in busy.evaluate.pages:
            busy.evaluate.show_page(page)
            root.update()
            check_geometry(busy, busy.evaluate)
        busy.show(busy.inside)
        root.update()
        assert busy.inside.view is not None
        for page in PAGES:
            busy.inside.view.show_page(page)
            root.update()
            check_geometry(busy, busy.inside)
        busy.show(busy.experiments)
        root.update()
        assert busy.experiments.view is not None
        for page in busy.experiments.view.switch.buttons:
            busy.experiments.view.show_page(page)
            root.update()
            check_geometry(busy, busy.experiments)
        busy.show(busy.data)
        root.update()
        assert busy.data.view is not None
        for page in busy.data.view.switch.buttons:
            busy.data.view.show_page(page)
            root.update()
            check_geometry(busy, busy.data)
        busy.show(busy.hand)
        root.update()
        assert busy.hand.view is not None
        for page in busy.hand.view.switch.buttons:
            busy.hand.view.show_page(page)
            root.update()
            check_geometry(busy, busy.hand)


def test_everything_follows_the_size_at_once(busy: Window, root: tk.Tk) -> None:
    root.geometry("1920x1080+0+0")
    root.update()

    def measures() -> dict[str, float]:
        busy.show(busy.train)
        root.update()
        figure = busy.train.chart._figure
        assert figure is not None
        found = {
            "field": busy.train.form.controls["epochs"].winfo_height(),
            "button": busy.train.buttons.start_button.winfo_height(),
            "slider": busy.train.tools.smoothing.winfo_width(),
            "dots per inch of the chart": figure._figure.dpi,
            "status bar": busy.status.winfo_height(),
            "menu icon": busy.menus.winfo_height(),
            "edge of the menus": root.winfo_width() - place(busy.menus)[2] + root.winfo_rootx(),
            "tabs": busy.train.master.winfo_y(),
        }
        busy.show(busy.models)
        root.update()
        found["row"] = busy.models.list.bbox("reader")[3]
        found["tool"] = busy.models.bar.open_button.winfo_height()
        busy.show(busy.draw)
        busy.draw.show_mode("digit")
        root.update()
        found["what the network sees"] = busy.draw.digit.panel.network_view.winfo_width()
        found["answer"] = busy.draw.digit.panel.answer.winfo_height()
        return found

    before = measures()
    busy.full_screen.choose_zoom(2.0)
    after = measures()
    for name, small in before.items():
        assert after[name] == pytest.approx(2 * small, rel=0.12, abs=3), name
    busy.full_screen.choose_zoom(1.0)
    assert measures() == before


def test_the_size_is_chosen_in_the_menu_and_remembered(
    busy: Window, root: tk.Tk, paths: UserPaths
) -> None:
    entries = busy.menus.look_menu
    labels = {
        entries.entrycget(k, "label"): k
        for k in range(int(entries.index("end") or 0) + 1)
        if entries.type(k) != "separator"
    }
    before = int(px(root, 100))
    entries.invoke(labels["150 %"])
    root.update()
    assert px(root, 100) == pytest.approx(before * 1.5, abs=1)
    assert read_settings(paths.config).zoom == 1.5
    for keys, zoom in (("<Control-plus>", 1.75), ("<Control-minus>", 1.5), ("<Control-0>", 1.0)):
        busy.draw.board.focus_force()
        busy.draw.board.event_generate(keys)
        root.update()
        assert busy.preferences.settings.zoom == zoom
        assert px(root, 100) == pytest.approx(before * zoom, abs=1)


def test_a_sheet_of_keys_is_whole_or_scrolls(busy: Window, root: tk.Tk) -> None:
    root.geometry("1024x700+0+0")
    for zoom in ZOOMS:
        busy.full_screen.choose_zoom(zoom)
        root.update()
        busy._show_keys()
        root.update()
        assert is_inside(place(busy.sheet), place(busy)), zoom
        assert is_inside(place(busy.sheet.close_button), place(busy.sheet))
        busy.sheet.close()


def test_all_one_does_with_a_model_is_in_view_on_a_small_screen(busy: Window, root: tk.Tk) -> None:
    root.geometry("1024x700+0+0")
    busy.show(busy.models)
    root.update()
    for button in busy.models.use_bar.winfo_children():
        assert is_inside(place(button), place(busy.models.master))


def test_a_list_can_be_scrolled_to_by_wheel_and_keys(busy: Window, root: tk.Tk) -> None:
    root.geometry("1024x700+0+0")
    busy.full_screen.choose_zoom(2.0)
    busy.show(busy.models)
    root.update()
    area = busy.models.master
    button = busy.models.use_bar.use_button
    assert not is_inside(place(button), place(area))
    button.focus_force()
    button.event_generate("<<TraverseIn>>")
    root.update()
    assert is_inside(place(button), place(area))
    for _notch in range(40):
        busy.models.card.title.event_generate("<Button-4>")
    root.update()
    assert busy.models.winfo_y() == 0
    busy.models.card.title.event_generate("<Button-5>")
    root.update()
    assert busy.models.winfo_y() < 0


def test_every_width_comes_to_rest(busy: Window, root: tk.Tk) -> None:
    """Between two layouts, and with or without a bar, nothing goes to and fro."""
    for tab in (
        busy.train, busy.models, busy.evaluate, busy.inside, busy.experiments, busy.data, busy.hand,
        busy.draw,
    ):  # fmt: skip
        busy.show(tab)
        for width in (*range(700, 840, 6), 1012, 1024):
            root.geometry(f"{width}x480+0+0")
            for _event in range(20_000):
                if not root.tk.dooneevent(_tkinter.DONT_WAIT):
                    break
            else:
                pytest.fail(f"{tab.key} does not come to rest at {width}")


def test_the_theme_changes_at_every_size(busy: Window, root: tk.Tk) -> None:
    busy.full_screen.choose_zoom(1.5)
    busy.preferences.choose_theme("dark")
    root.update()
    assert theme.palette().background < "#808080"
    busy.full_screen.choose_zoom(1.0)
    root.update()
    assert theme.palette().background < "#808080"
    busy.preferences.choose_theme("light")
    root.update()
    assert theme.palette().background > "#808080"
