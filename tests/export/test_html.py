"""The exported page: one file that needs nothing else, and holds the weights as they are."""

from __future__ import annotations

import base64
import json
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from digitdesk.errors import ConfigError
from digitdesk.export import html, javascript
from digitdesk.export.html import html_page, page_file
from digitdesk.export.javascript import OPERATIONS, model_object, preparation_object
from digitdesk.export.number_constants import number_constants
from digitdesk.files.paths import assets_folder
from digitdesk.ink import preprocessing
from digitdesk.storage.model_file import load_model
from tests.export.networks import content, model, model_of_two


def arrays_in(value: object, path: str = "") -> dict[str, np.ndarray]:
    """Every array of a model as the page holds it, by its place."""
    if isinstance(value, list):
        value = dict(enumerate(value))
    if not isinstance(value, dict):
        return {}
    if "dtype" in value:
        data = base64.b85decode(value["data"].translate(str.maketrans(",.", "<{")))
        return {path: np.frombuffer(data, value["dtype"]).reshape(value["shape"])}
    return {k: a for key, v in value.items() for k, a in arrays_in(v, f"{path}.{key}").items()}


def test_the_bundled_reader_is_one_file_below_two_megabytes() -> None:
    stored = load_model(assets_folder() / "reader.npz")
    page = html_page(content(stored))
    assert len(page.encode("utf-8")) <= 2_000_000
    (model_text,) = re.findall(r'<script type="application/json" id="model">(.*?)</script>', page)
    found = sorted(arrays_in(json.loads(model_text)).values(), key=lambda a: (a.shape, a.sum()))
    kept = sorted(stored.arrays.values(), key=lambda a: (a.shape, a.sum()))
    # The reader's kernels are float16 in its own file: the page has every number as it is.
    assert len(found) == len(kept)
    assert all(np.array_equal(a, b) for a, b in zip(found, kept, strict=True))


def test_nothing_is_fetched_from_anywhere() -> None:
    page = html_page(content(model_of_two()))
    assert not re.findall(r"https?://|\bfetch\(|XMLHttpRequest|import\(| src=| href=|@import", page)
    assert "Content-Security-Policy\" content=\"default-src 'none'" in page
    assert "{{" not in page


def test_a_title_is_shown_and_never_run() -> None:
    evil = "</script><script>alert(1)</script><!-- {{scripts}}"
    page = html_page(content(model(title=evil)))
    assert "<script>alert" not in page
    assert page.count("</script>") == 2
    assert "&lt;script&gt;alert(1)" in page


def test_the_page_knows_every_kind_of_layer() -> None:
    described = model_object(content(model()), "float32")
    table = re.findall(r"^  (\w+)[:(,]", page_file("network.js").split("};")[0], re.MULTILINE)
    kinds = {layer["kind"] for layer in described["networks"][0]["layers"]}
    assert kinds <= set(table)
    assert len(table) == len(OPERATIONS)


def test_half_precision_is_for_kernels_that_fit() -> None:
    stored = model()
    stored.arrays["dense1.kernel"][0, 0] = 1e6
    described = model_object(content(stored), "float16")["networks"][0]["layers"]
    dtypes = {layer["kind"]: layer["kernel"]["dtype"] for layer in described if "kernel" in layer}
    assert dtypes == {"conv": "float16", "dense": "float16"}  # the last of each kind
    first_dense = next(layer for layer in described if layer["kind"] == "dense")
    assert (first_dense["kernel"]["dtype"], first_dense["bias"]["dtype"]) == ("float32", "float32")
    whole = arrays_in(model_object(content(stored), "float32"))
    assert {array.dtype.name for array in whole.values()} == {"float32"}


def test_a_newer_preparation_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preprocessing, "PREPROCESSING_VERSION", 2)
    with pytest.raises(ConfigError, match="another ink preparation; expected version 1; received"):
        preparation_object()


def test_both_languages_say_the_same() -> None:
    words = page_file("words.js")
    english, chinese = (
        re.findall(r'^    ("?[\w-]+"?):', part, re.MULTILINE)
        for part in re.findall(r"(?:en|zh): \{(.*?)\n  \}", words, re.DOTALL)
    )
    assert english == chinese and len(english) > 10
    said = {*re.findall(r'say\("([\w-]+)"', "".join(map(page_file, ("answer.js", "page.js"))))}
    said |= {*re.findall(r'data-say(?:-label)?="([\w-]+)"', page_file("page.html"))}
    assert said <= {name.strip('"') for name in english}


def test_no_two_scripts_give_one_name_to_two_things() -> None:
    # They share one page, where the later one would silently be taken for both.
    folder = Path(html.__file__).with_name("page")
    named = Counter(
        name
        for path in folder.glob("*.js")
        for name in re.findall(
            r"^(?:async )?(?:function|const|let) (\w+)", path.read_text(encoding="utf-8"), re.M
        )
    )
    assert len(named) > 80
    assert {name for name, count in named.items() if count > 1} == set()


def test_the_page_asks_only_for_constants_that_it_is_given() -> None:
    given = number_constants()
    code = "".join(page_file(f"{name}.js") for name in html._READING)
    asked = set(re.findall(r"NUMBERS\.(\w+)\.(\w+)", code))
    asked |= {
        (module, name)
        for names, module in re.findall(r"const \{ ([\w, ]+) \} =\s+NUMBERS\.(\w+);", code)
        for name in names.split(", ")
    }
    assert len(asked) > 30
    assert [(m, name) for m, name in sorted(asked) if name not in given[m]] == []


def test_every_file_of_the_page_is_used() -> None:
    names = {path.name for path in Path(html.__file__).with_name("page").iterdir()}
    source = Path(html.__file__).read_text(encoding="utf-8")
    scripts = {name.removesuffix(".js") for name in names if name.endswith(".js")}
    assert {name for name in scripts if f'"{name}"' not in source} == set()
    assert javascript.PRECISIONS == ("float16", "float32")
