"""Every sentence of the window is in the Chinese catalogue, whole and with all its gaps."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

import digitdesk
from digitdesk.messages.setting_table import LIVE_SETTINGS, SETTINGS
from digitdesk.report.words import SENTENCES
from digitdesk.training.recipes import presets
from digitdesk.ui.i18n import text
from digitdesk.ui.i18n.language import CHINESE, Catalogue, read_catalogue

PACKAGE = Path(digitdesk.__file__).parent
UI = PACKAGE / "ui"
FILE = UI / "i18n" / "locale" / f"{CHINESE}.po"
#: Tables of the core whose words the window shows: settings and what they do, presets, a report's.
TABLES = {
    "messages/setting_table.py": {
        said
        for setting in {**SETTINGS, **LIVE_SETTINGS}.values()
        for said in (setting.title, setting.help, setting.live_help)
    },
    "training/recipes.py": {
        said for recipe in presets() for said in (recipe.title, recipe.sentence)
    },
    "report/words.py": set(SENTENCES),
}
#: The same word in both languages.
SAME = {"DigitDesk", "GPU", "CPU", "PCA", "t-SNE"}


def places() -> dict[str, set[str]]:
    """Every sentence, and the files in which it stands."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted(UI.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            # Of a plural, the catalogue is asked for the singular: Chinese has one form.
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"_", "plural"}:
                assert isinstance(node.args[0], ast.Constant), f"{path.name}: {ast.unparse(node)}"
                found[node.args[0].value].add(path.relative_to(PACKAGE).as_posix())
    for name, table in TABLES.items():
        for said in table - {""}:
            found[said].add(name)
    return found


def entries() -> Iterator[tuple[str, str]]:
    """The entries of the catalogue as they are written, each with its English sentence."""
    for entry in FILE.read_text(encoding="utf-8").strip().split("\n\n"):
        written = re.search(r"^msgid ((?:\".*\"\n)+)", entry, re.MULTILINE)
        assert written is not None, entry
        yield entry, "".join(map(ast.literal_eval, written[1].splitlines()))


PLACES = places()
SENTENCES = sorted(PLACES)
CATALOGUE = read_catalogue(CHINESE)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_every_sentence_is_translated(sentence: str) -> None:
    translated = CATALOGUE.get(sentence, "")
    assert translated, "add it to locale/zh_CN.po"
    assert set(re.findall(r"{\w*}", translated)) == set(re.findall(r"{\w*}", sentence))
    if sentence not in SAME and re.search(r"[A-Za-z]{3}", re.sub(r"{\w*}", "", sentence)):
        assert re.search("[\u4e00-\u9fff]", translated), translated


def test_each_entry_says_where_its_sentence_stands() -> None:
    """From the Chinese text of a button one finds the English one, and the button."""
    named = {
        said: found[1] if (found := re.search(r"^#: (.*)$", entry, re.MULTILINE)) else ""
        for entry, said in entries()
        if said
    }
    wanted = {said: " ".join(sorted(files)) for said, files in PLACES.items()}
    assert named == wanted, "run tests/ui/i18n/write_references.py"


def test_the_catalogue_holds_nothing_that_is_no_longer_said() -> None:
    assert set(CATALOGUE) == set(SENTENCES)


def test_what_is_not_translated_is_said_in_english() -> None:
    assert Catalogue({"Draw": "书写"}).gettext("Train") == "Train"


def test_a_sentence_is_said_again_in_another_language() -> None:
    said = text._("Saved {name}.").format(name=text._("Bundled reader"))
    both = text.joined(" / ", (said, "npz"))
    assert both == "Saved Bundled reader. / npz"
    text.use_catalogue(Catalogue(CATALOGUE))
    try:
        assert said.again() == "已保存 内置识别器。"
        assert both.again() == "已保存 内置识别器。 / npz"
        assert text.setting_title("momentum") == "动量"
    finally:
        text.use_catalogue(Catalogue({}))
    assert said.again() == "Saved Bundled reader."


def test_a_count_takes_the_form_that_fits() -> None:
    one, two = (text.plural("Done: {n} epoch", "Done: {n} epochs", n) for n in (1, 2))
    assert (one, two) == ("Done: 1 epoch", "Done: 2 epochs")
    text.use_catalogue(Catalogue(CATALOGUE))
    try:
        assert (one.again(), two.again()) == ("完成：1 轮", "完成：2 轮")
    finally:
        text.use_catalogue(Catalogue({}))
