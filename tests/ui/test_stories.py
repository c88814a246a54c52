"""One test per thing a user comes for: what is done by hand, and what the window then shows."""

from __future__ import annotations

import csv
import itertools
import tkinter as tk
from dataclasses import replace
from pathlib import Path

import pytest
from fake_session import FakeSession, run_events
from hands import Dialogs, Pen, WaitUntil
from PIL import Image
from three_tabs import Window

from digitdesk.files.paths import UserPaths
from digitdesk.messages.problem import Problem
from digitdesk.messages.run import (
    RunDiagnosis,
    RunFinished,
    RunNotKept,
    RunPreparing,
    RunState,
    Suggestion,
    TrainingConfig,
    UnfinishedRun,
)
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.tooltip import shown_tooltip
from digitdesk.ui.toolkit.user_settings import Settings, read_settings
from digitdesk.ui.window.place import fits_screen

pytestmark = pytest.mark.window

SEVEN = ((80, 70), (120, 70), (200, 70), (180, 110), (160, 150), (145, 190), (130, 220))


@pytest.fixture
def train(live: Window):
    live.show(live.train)
    live.update()
    return live.train


# -- the first minute


def test_the_tour_does_not_call_back_who_is_on_another_tab(live: Window, root: tk.Tk) -> None:
    live.preferences.settings.tour_seen = False
    live.show(live.models)
    root.update()
    live._start_tour()
    root.update()
    assert not live.tour.is_shown
    assert live.models.winfo_viewable()


def test_the_first_start_shows_a_tour_that_can_be_skipped(
    live: Window, tmp_path: Path, wait_until: WaitUntil
) -> None:
    live.preferences.settings.tour_seen = False
    live._tour_later.ask(1)
    wait_until(lambda: live.tour.is_shown)
    assert live.tour.title.cget("text") == "Draw a digit"
    live.tour.next_button.invoke()
    live.tour.next_button.invoke()
    live.update()
    assert live.train.winfo_viewable()
    live.tour.skip_button.invoke()
    assert not live.tour.is_shown
    assert read_settings(UserPaths.under(tmp_path).config).tour_seen


def test_a_resting_mouse_and_f1_explain(live: Window, wait_until: WaitUntil) -> None:
    button = live.draw.tools.clear_button
    button.event_generate("<Enter>")
    wait_until(lambda: "Wipes the board" in shown_tooltip(live))
    button.event_generate("<Leave>")
    assert shown_tooltip(live) == ""
    live.root.focus_force()
    live.show(live.train)
    live.update()
    live.train.form.controls["epochs"].focus_force()
    live.update()
    live.train.form.controls["epochs"].event_generate("<F1>")
    assert "2 to 20 is usual" in shown_tooltip(live)
    live.train.form.controls["epochs"].event_generate("<F1>")
    assert shown_tooltip(live) == ""


# -- settings


def test_place_tab_language_and_theme_are_remembered(
    live: Window, root: tk.Tk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live.show(live.models)
    live.preferences.choose_theme("dark")
    live.menus._zoom.set(1.5)
    live.menus._on_zoom()
    live.update()
    monkeypatch.setattr(root, "withdraw", lambda: None)
    monkeypatch.setattr(root, "destroy", lambda: None)
    live.close()
    kept = read_settings(UserPaths.under(tmp_path).config)
    assert (kept.tab, kept.theme, kept.zoom) == ("models", "dark", 1.5)
    assert kept.geometry == root.geometry()
    live.pack_forget()
    again = Window(root, UserPaths.under(tmp_path))
    root.update()
    try:
        assert again.models.winfo_viewable()
        assert theme.palette().background < "#808080"
    finally:
        again.destroy()


def test_broken_settings_do_not_stop_the_start(root: tk.Tk, tmp_path: Path) -> None:
    paths = UserPaths.under(tmp_path)
    paths.config.mkdir(parents=True)
    (paths.config / "window.json").write_text('{"geometry": "9x9+-5+7", "tab": "none", "zoom": ')
    window = Window(root, paths)
    root.update()
    assert window.draw.winfo_viewable()
    window.destroy()


# -- drawing


def test_a_picture_file_is_read_and_gives_way_to_the_pen(
    live: Window, session: FakeSession, dialogs: Dialogs, pen: Pen, tmp_path: Path
) -> None:
    file = tmp_path / "seven.png"
    Image.new("L", (40, 60), 255).save(file)
    dialogs.path = str(file)
    live.draw.tools.open_button.invoke()
    live.update()
    assert session.pictures == [(40, 60, "reader")]
    assert live.draw.digit.panel.answer.label == "7"
    assert live.status.message.cget("text") == "Reading seven.png."
    live.draw.tools.clear_button.invoke()
    live.update()
    assert "Draw a digit" in live.draw.digit.panel.answer.hint
    live.draw.tools.undo_button.invoke()
    live.update()
    assert live.draw.board.shown is not None
    pen.stroke(*SEVEN)
    live.update()
    assert live.draw.board.shown is None
    assert len(live.draw.board.strokes) == 1


def test_a_file_that_is_no_picture_says_so(live: Window, dialogs: Dialogs, tmp_path: Path) -> None:
    file = tmp_path / "notes.png"
    file.write_text("not a picture")
    dialogs.path = str(file)
    live.draw.tools.open_button.invoke()
    sentence = str(live.status.message.cget("text"))
    assert sentence.startswith("notes.png is not a picture DigitDesk can open; expected PNG")


def test_pasting_a_copied_file_reads_it(live: Window, session: FakeSession, tmp_path: Path) -> None:
    picture, model = tmp_path / "a b.png", tmp_path / "m.npz"
    Image.new("RGBA", (30, 30), (0, 0, 0, 0)).save(picture)
    model.write_bytes(b"model")
    live.root.focus_force()
    live.clipboard_clear()
    live.clipboard_append(picture.as_uri() + "\r\n", type="text/uri-list")
    live.draw.board.event_generate("<Control-v>")
    live.update()
    assert session.pictures == [(30, 30, "reader")]
    live.clipboard_clear()
    live.clipboard_append(str(model))
    live.draw.paste()
    assert live.draw.source == str(model)


def test_the_preprocessed_picture_can_be_copied_and_pasted(
    live: Window, pen: Pen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("digitdesk.ui.board.pictures._COPIERS", ())
    live.draw.digit.panel.copy_button.invoke()
    assert "draw a digit first" in live.status.message.cget("text")
    pen.stroke(*SEVEN)
    live.update()
    preprocessed = live.draw.digit.panel.network_view.preprocessed
    live.draw.digit.panel.copy_button.invoke()
    with Image.open(UserPaths.under(tmp_path).cache / "digit.png") as image:
        assert image.size == (28, 28)
        assert preprocessed is not None and image.tobytes() == preprocessed.pixels
    live.draw.paste()
    assert live.draw.board.shown is not None


def test_a_random_sample_comes_onto_the_board(live: Window, session: FakeSession) -> None:
    live.draw.tools.sample_button.invoke()
    live.update()
    assert session.pictures == [(28, 28, "reader")]
    assert "it is meant as 7" in live.status.message.cget("text")
    board = live.draw.board
    side = board.winfo_width()
    photo = board.layers.photo
    assert photo is not None
    assert photo.get(side // 2, round(side * 6.7 / 28)) == (255, 255, 255)
    assert photo.get(3, 3) == (0, 0, 0)


def test_two_models_read_side_by_side(
    live: Window, session: FakeSession, pen: Pen, tmp_path: Path
) -> None:
    (tmp_path / "m.npz").write_bytes(b"model")
    live.models.open_file(tmp_path / "m.npz")
    pen.stroke(*SEVEN)
    live.update()
    box = live.draw.digit.choice.and_with
    box.current(2)
    box.event_generate("<<ComboboxSelected>>")
    live.update()
    assert {source for _count, source in session.reads[-2:]} == {"reader", str(tmp_path / "m.npz")}
    assert live.draw.digit.choice.other_note.cget("text").startswith("7 · ")
    lengths = live.draw.digit.panel.bars.other_lengths
    assert lengths[7] == max(lengths) > 0.9
    box.current(0)
    box.event_generate("<<ComboboxSelected>>")
    live.update()
    assert live.draw.digit.choice.other_note.cget("text") == ""


# -- training


def test_a_preset_fills_the_form_in_until_something_is_changed(train, wait_until) -> None:
    form = train.form
    form.presets.box.current(2)
    form.presets.box.event_generate("<<ComboboxSelected>>")
    assert form.presets.name == "blog-mlp"
    assert form.settings() == TrainingConfig(
        model="flatten dense(128) relu dense(10)", epochs=10, batch_size=32, optimizer="sgd",
        schedule="constant", learning_rate=0.1,
    )  # fmt: skip
    form.values["epochs"].set("4")
    assert form.presets.name == "custom"
    assert form.presets.box.get() == "Custom"


def test_settings_change_while_it_trains_and_the_chart_shows_where(
    train, live: Window, session: FakeSession, wait_until: WaitUntil
) -> None:
    train.chart.build()
    train.buttons.start_button.invoke()
    session.play(*run_events(2, finish=False)[:20])
    wait_until(lambda: session.state is RunState.TRAINING and train.live_settings.winfo_viewable())
    slider = train.live_settings.sliders["learning_rate"]
    slider.set(0.6)
    wait_until(lambda: session.calls)
    assert session.calls == ["change learning_rate 0.01"]
    wait_until(lambda: train.chart.record.history.marks)
    assert train.chart.record.history.marks[0].x == pytest.approx(session.step / 860)
    assert "Learning rate is 0.01" in live.status.message.cget("text")
    assert not train.live_settings.sliders["momentum"].winfo_ismapped()
    before = float(slider.get())
    slider.focus_force()
    slider.event_generate("<Left>")
    assert float(slider.get()) == pytest.approx(before - 0.02)


def test_pause_single_step_one_more_epoch(
    train, session: FakeSession, wait_until: WaitUntil
) -> None:
    train.buttons.start_button.invoke()
    session.play(*run_events(2, finish=False)[:10])
    wait_until(lambda: session.state is RunState.TRAINING)
    assert train.buttons.step_button.instate(["disabled"])
    train.buttons.pause_button.invoke()
    wait_until(lambda: session.state is RunState.PAUSED)
    train.buttons.step_button.invoke()
    train.buttons.epoch_button.invoke()
    assert session.calls == ["single step", "add epoch"]
    wait_until(lambda: train.chart.record.history.epochs == 3)
    session.play(RunFinished(1, "completed"))
    wait_until(lambda: not train.is_running)
    assert train.buttons.epoch_button.instate(["!disabled"])


def test_preparing_and_the_title_show_how_far_it_is(
    train, live: Window, session: FakeSession, wait_until: WaitUntil
) -> None:
    train.buttons.start_button.invoke()
    session.play(RunPreparing(1, 250, 1000))
    wait_until(lambda: "250 of 1,000" in train.progress.where.cget("text"))
    assert live.root.title() == "25 % – DigitDesk"
    session.play(*run_events(1))
    wait_until(lambda: not train.is_running)
    assert live.root.title() == "DigitDesk"


def test_a_diagnosis_comes_with_a_suggestion(
    train, session: FakeSession, wait_until: WaitUntil
) -> None:
    train.buttons.start_button.invoke()
    session.play(*run_events(2, finish=False)[:20])
    session.play(RunDiagnosis(1, "plateau", "plateau", Suggestion("learning_rate", 0.0002)))
    wait_until(lambda: "stopped falling" in train.banner.text)
    assert train.banner.choices[0].cget("text") == "Learning rate to 0.0002"
    train.banner.choices[0].invoke()
    assert session.calls == ["change learning_rate 0.0002"]
    assert train.banner.text == ""


def test_a_diverged_run_starts_again_with_one_click(
    train, session: FakeSession, wait_until: WaitUntil
) -> None:
    train.buttons.start_button.invoke()
    session.play(RunDiagnosis(1, "diverged", "diverged", Suggestion("learning_rate", 0.0002)))
    session.play(RunFinished(1, "failed", Problem("Training diverged")))
    wait_until(lambda: train.banner.text and not train.is_running)
    train.banner.choices[0].invoke()
    assert [config.learning_rate for config in session.started] == [0.002, 0.0002]


def test_a_state_that_cannot_be_kept_is_said(train, session, wait_until) -> None:
    session.play(RunNotKept(1, Problem("The disk is full")))
    wait_until(lambda: train.banner.text == "The disk is full.")
    train.banner.dismiss_button.invoke()
    assert train.banner.text == ""


@pytest.mark.parametrize(("choice", "call"), [(0, "resume training"), (1, "discard")])
def test_an_unfinished_run_is_offered(
    choice: int, call: str, window: Window, session: FakeSession
) -> None:
    session.unfinished = UnfinishedRun(
        "cnn-light", "mnist", TrainingConfig(), 2, 5, 900, 2150, "2026-11-20T09:30:00", 0.97
    )
    window.attach_session(session)  # type: ignore[arg-type]
    banner = window.train.banner
    assert str(banner.label.cget("text")) == (
        "Unfinished: cnn-light, 2 of 5 epochs, saved 2026-11-20 09:30."
    )
    banner.choices[choice].invoke()
    assert session.calls == [call]


def test_runs_are_overlaid_named_hidden_and_forgotten(
    train, session: FakeSession, wait_until: WaitUntil
) -> None:
    train.chart.build()
    for _run in range(2):
        session.play(*run_events(1))
        wait_until(lambda: not session.events and not train.is_running)
    wait_until(lambda: not train.chart._is_dirty)
    figure = train.chart._figure
    assert [record.name for record in train.chart.records] == [
        "2: cnn-light · adam", "1: cnn-light · adam",
    ]  # fmt: skip
    assert len(figure._extras) == 2
    train.tools.start_renaming()
    train.tools.name.set("bold one")
    train.tools.name_entry.event_generate("<Return>")
    train.tools._end_renaming("bold one")
    assert train.chart.record.name == "bold one"
    train.tools.runs_menu.invoke(0)
    wait_until(lambda: not train.chart._is_dirty)
    assert figure._extras == []
    train.tools.runs_menu.invoke("end")
    assert len(train.chart.records) == 1


def test_smoothing_log_scale_and_crosshair(train, session: FakeSession, wait_until) -> None:
    train.chart.build()
    session.play(*run_events(2))
    wait_until(lambda: not session.events and not train.chart._is_dirty)
    steps = train.chart.series["step_loss"].points()[1]
    train.tools.smoothing.set(0.0)
    rough = train.chart.series["train_loss"].points()[1]
    train.tools.smoothing.set(1.0)
    smooth = train.chart.series["train_loss"].points()[1]
    assert max(abs(a - b) for a, b in zip(rough, steps, strict=True)) < 0.05
    assert _roughness(smooth) < 0.9 * _roughness(rough)
    train.tools.log_box.invoke()
    wait_until(lambda: not train.chart._is_dirty)
    figure = train.chart._figure
    assert figure._loss.get_yscale() == "log"
    assert figure._loss.get_ylim()[0] > 0
    train.chart._on_pointed(1.4)
    assert train.tools.readout.cget("text").startswith("epoch 1.40")
    assert "test 0.100 / 96.9 %" in train.tools.readout.cget("text")
    assert all(line.get_visible() for line in figure._pointer)
    train.chart._on_pointed(None)
    assert train.tools.readout.cget("text") == ""


def _roughness(values: list[float]) -> float:
    return sum(abs(b - a) for a, b in itertools.pairwise(values))


@pytest.mark.parametrize("suffix", [".csv", ".png", ".svg", ".pdf"])
def test_a_run_is_exported(
    suffix: str, train, live, session: FakeSession, dialogs: Dialogs, tmp_path, wait_until
) -> None:
    session.play(*run_events(2))
    wait_until(lambda: not session.events)
    dialogs.path = str(tmp_path / "run")
    train.tools.export(suffix)
    content = (tmp_path / f"run{suffix}").read_bytes()
    assert live.status.message.cget("text") == f"Exported run{suffix}."
    if suffix == ".csv":
        rows = list(csv.DictReader(content.decode().splitlines()))
        assert [row["test_loss"] for row in rows if row["kind"] == "epoch"] == ["0.1", "0.05"]
        assert sum(row["kind"] == "step" for row in rows) == 120
    else:
        assert content.startswith({".png": b"\x89PNG", ".svg": b"<?xml", ".pdf": b"%PDF"}[suffix])


def test_an_export_that_fails_says_why(train, live, session, dialogs, tmp_path) -> None:
    dialogs.path = str(tmp_path / "no folder" / "run")
    train.tools.export(".csv")
    sentence = live.status.message.cget("text")
    assert sentence.startswith("Cannot write run.csv: the folder does not exist. Choose another")


def test_augmentation_is_previewed(train, session: FakeSession, wait_until: WaitUntil) -> None:
    train.form.advanced.toggle()
    train.form.values["augmentation"].set("0.5")
    wait_until(lambda: train.form.preview.pairs)
    assert session.calls[-1] == "preview mnist 0.5 8"
    assert train.form.preview.winfo_manager()
    train.form.values["augmentation"].set("0")
    wait_until(lambda: not train.form.preview.winfo_manager())


# -- models


@pytest.fixture
def models(live: Window, session: FakeSession):
    session.add_file(Path("/m/first.npz"))
    session.add_file(Path("/m/second.npz"))
    session.add_file(Path("/m/broken.npz"), "Cannot open broken.npz: the file is damaged.")
    live.models.refresh_files()
    live.show(live.models)
    live.update()
    return live.models


def select(models, key: str) -> None:
    models.list.selection_set(key)
    models.update()


def test_the_library_says_what_each_model_is(models) -> None:
    cells = models.list.item("/m/first.npz", "values")
    assert cells[:5] == ("first.npz", "99.12 ± 0.18 %", "MNIST", "2026-11-19", "123 kB")
    select(models, "/m/broken.npz")
    assert models.card.notes.cget("text") == "Cannot open broken.npz: the file is damaged."
    assert models.use_button.instate(["disabled"])
    assert models.bar.delete_button.instate(["!disabled"])
    select(models, "reader")
    assert models.bar.delete_button.instate(["disabled"])


def test_models_are_renamed_duplicated_deleted_and_brought_back(models, live) -> None:
    select(models, "/m/first.npz")
    models.bar.rename_button.invoke()
    models.table.name.set("best")
    models.table._end_renaming("best")
    assert models.selected == "/m/best.npz"
    models.bar.duplicate_button.invoke()
    assert models.selected == "/models/copy of best.npz"
    select(models, "/m/best.npz")
    models.bar.delete_button.invoke()
    live.update()
    assert not models.list.exists("/m/best.npz")
    assert live.status.message.cget("text") == "Deleted best."
    live.status.actions[0].invoke()
    assert models.selected == "/m/best.npz"


def test_two_models_are_compared(models, session: FakeSession) -> None:
    select(models, "/m/first.npz")
    models.bar.compare_box.current(models.bar.compare_box.cget("values").index("second.npz"))
    models.bar.compare_box.event_generate("<<ComboboxSelected>>")
    models.update()
    assert session.calls == ["compare /m/first.npz /m/second.npz"]
    assert "agree on 98.0 % of 2,000" in models.comparison.summary.cget("text")
    assert models.comparison.winfo_viewable()
    select(models, "reader")
    assert not models.comparison.winfo_viewable()
    assert models.card.winfo_viewable()


def test_a_model_is_shown_in_its_folder(models, live: Window) -> None:
    shown: list[Path] = []
    models._reveal = shown.append
    select(models, "/m/first.npz")
    models.bar.folder_button.invoke()
    assert shown == [Path("/m/first.npz")]


def test_recent_files_open_again(models, live: Window, dialogs: Dialogs, tmp_path) -> None:
    assert models.bar.recent_button.instate(["disabled"])
    file = tmp_path / "mine.npz"
    file.write_bytes(b"model")
    models.open_file(file)
    select(models, "reader")
    models.bar.recent_menu.invoke(0)
    assert models.selected == str(file)


# -- manners


def test_closing_while_training_asks_once_in_a_line(
    train, live: Window, session: FakeSession, wait_until, monkeypatch
) -> None:
    gone: list[str] = []
    monkeypatch.setattr(live.root, "withdraw", lambda: None)
    monkeypatch.setattr(live.root, "destroy", lambda: gone.append("destroy"))
    session.play(*run_events(2, finish=False)[:10])
    wait_until(lambda: session.state is RunState.TRAINING)
    live.ask_to_close()
    assert "go on from here the next time" in live.status.message.cget("text")
    live.status.actions[1].invoke()
    assert gone == []
    live.ask_to_close()
    live.status.actions[0].invoke()
    assert gone == ["destroy"]
    assert session.closed


def test_errors_and_the_help_menu_name_the_log(live: Window, tmp_path, logged_errors) -> None:
    live.status.show_error(RuntimeError("planted"))
    assert str(UserPaths.under(tmp_path).logs) in live.status.message.cget("text")
    logged_errors.clear()
    live.menus.help_menu.invoke(2)
    assert "digitdesk.log" in live.status.message.cget("text")


def test_the_keyboard_reaches_everything(live: Window, root: tk.Tk) -> None:
    root.focus_force()
    root.update()
    for tab in (live.draw, live.train, live.models):
        live.show(tab)
        root.update()
        wanted = {
            str(widget)
            for widget in _below(tab)
            if widget.winfo_class() in ("TButton", "TEntry", "TCombobox", "TScale", "TMenubutton")
            and widget.winfo_viewable()
            and widget.instate(["!disabled"])
        }
        reached = set()
        widget: tk.Misc | None = live.tabs.notebook
        for _step in range(120):
            widget = widget.tk_focusNext() if widget is not None else None
            if widget is None or str(widget) in reached:
                break
            reached.add(str(widget))
        assert wanted <= reached, wanted - reached


def _below(widget: tk.Misc):
    yield widget
    for child in widget.winfo_children():
        yield from _below(child)


def test_settings_of_another_window_size_are_left_alone_on_a_small_screen(
    live: Window,
) -> None:
    assert not fits_screen(live.root, "9000x9000+0+0")
    assert not fits_screen(live.root, "rubbish")
    assert fits_screen(live.root, "1000x700+10+10")
    assert replace(Settings()) == Settings()
