"""What is done on the Draw tab by hand, and what it then shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_session import FakeSession
from hands import SEVEN, Dialogs, Pen
from PIL import Image
from three_tabs import Window

from digitdesk.files.paths import UserPaths

pytestmark = pytest.mark.window


def test_a_picture_file_is_read_and_gives_way_to_the_pen(
    live: Window, session: FakeSession, dialogs: Dialogs, pen: Pen, tmp_path: Path
) -> None:
    file = tmp_path / "seven.png"
    Image.new("L", (40, 60), 255).save(file)
    dialogs.path = str(file)
    live.draw.tools.open_button.invoke()
    live.update()
    assert session.shown_pictures == [(40, 60, "reader")]
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
    assert session.shown_pictures == [(30, 30, "reader")]
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
    assert session.shown_pictures == [(28, 28, "reader")]
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
