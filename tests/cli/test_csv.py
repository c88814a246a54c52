"""``digitdesk predict --csv``: the answers for a folder, as other programs take them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from PIL import Image

from tests.cli.process import run
from tests.data.importing.made_sources import digits


def test_a_folder_is_answered_picture_by_picture(tmp_path: Path) -> None:
    images, labels = digits()
    folder = tmp_path / "test"
    folder.mkdir()
    for number in range(1, 13):
        Image.fromarray(images[number]).save(folder / f"{number}.png")
    (folder / "13.png").write_bytes(b"no picture")
    done = run("predict", "test", "--csv", home=tmp_path)
    assert done.returncode == 2
    assert "13.png" in done.stderr
    head, *rows = csv.reader(io.StringIO(done.stdout))
    assert head == ["ImageId", "Label"]
    assert [row[0] for row in rows] == [str(number) for number in range(1, 13)]
    right = sum(row[1] == str(label) for row, label in zip(rows, labels[1:13], strict=True))
    assert right >= 10


def test_a_form_is_one_or_the_other(tmp_path: Path) -> None:
    done = run("predict", "x.png", "--csv", "--json", home=tmp_path)
    assert done.returncode == 2
    assert "not allowed with" in done.stderr
