"""Settings come back as they were kept, and what cannot be used is the default again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from digitdesk.errors import SaveError
from digitdesk.ui.i18n.language import CHINESE, ENGLISH, system_language
from digitdesk.ui.toolkit.user_settings import Settings, read_settings, write_settings


def test_settings_come_back_as_they_were(tmp_path: Path) -> None:
    kept = Settings("zh_CN", "dark", 1.5, "1200x800+5+6", "train", "number", tour_seen=True)
    kept.add_recent(tmp_path / "m.npz")
    write_settings(kept, tmp_path)
    assert read_settings(tmp_path) == kept


@pytest.mark.parametrize(
    "content",
    [
        "", "{", "[]", "null", "9" * 5000, '{"board": "letter"}',
        '{"theme": "pink", "zoom": 40, "tab": 7}', "\x00",
        '{"recent": "x", "tour_seen": "yes", "unknown": 1, "zoom": true}', "[" * 50_000,
        '{"geometry": "' + "x" * 60_000 + '"}', '{"zoom": NaN}',
    ],
)  # fmt: skip
def test_broken_settings_are_the_defaults(content: str, tmp_path: Path) -> None:
    (tmp_path / "window.json").write_text(content, encoding="utf-8")
    assert read_settings(tmp_path) == Settings()


def test_one_wrong_value_costs_only_itself(tmp_path: Path) -> None:
    (tmp_path / "window.json").write_text(json.dumps({"theme": "dark", "zoom": -1}))
    assert read_settings(tmp_path) == Settings(theme="dark")


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SaveError, match="Cannot make the folder"):
        write_settings(Settings(), tmp_path / "file" / "below")


def test_recent_files_are_few_and_each_is_there_once(tmp_path: Path) -> None:
    settings = Settings()
    for k in (*range(12), 5):
        settings.add_recent(tmp_path / f"{k}.npz")
    assert [Path(name).stem for name in settings.recent] == [
        "5", "11", "10", "9", "8", "7", "6", "4",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("environ", "code"),
    [
        ({"LANG": "zh_CN.UTF-8"}, CHINESE),
        ({"LANG": "en_US.UTF-8"}, ENGLISH),
        ({"LANGUAGE": "de:en", "LANG": "zh_CN.UTF-8"}, ENGLISH),
        ({"LC_ALL": "zh_TW"}, CHINESE),
    ],
)
def test_the_system_s_language(environ: dict[str, str], code: str) -> None:
    assert system_language(environ) == code
