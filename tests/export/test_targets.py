"""Every kind of export writes its files, and refuses what it cannot say."""

from __future__ import annotations

import csv
import dataclasses
import sys
from pathlib import Path

import numpy as np
import pytest

from digitdesk.errors import ConfigError, ModelFileError, SaveError
from digitdesk.export import javascript, onnx_graph, torch_source
from digitdesk.export.content import ExportContent
from digitdesk.export.samples import samples
from digitdesk.export.targets import TARGETS, export_model
from digitdesk.messages.model import LINES, TRACED
from digitdesk.nn.layers.layer import Layer
from digitdesk.nn.spec.registry import KINDS
from digitdesk.storage.model_file import StoredModel
from tests.export.networks import (
    content,
    model,
    model_of_four,
    model_of_strokes,
    model_of_three,
    model_of_two,
)


@pytest.mark.parametrize("module", [javascript, onnx_graph, torch_source])
def test_a_target_knows_every_layer_there_is(module: object) -> None:
    assert set(module.OPERATIONS) == set(KINDS)  # type: ignore[attr-defined]


class Unknown(Layer):
    """A layer nobody has told the exports of."""


@pytest.mark.parametrize("name", ["html", "onnx", "torch"])
def test_a_layer_that_is_unknown_is_refused(name: str, tmp_path: Path) -> None:
    if name == "onnx":
        pytest.importorskip("onnx", reason="ONNX is not installed here")
    made = content(model())
    network = made.parts[0].network
    unknown = Unknown()
    unknown.path = "unknown1"
    network.layers = (*network.layers[:3], unknown, *network.layers[3:])
    path = tmp_path / f"model{TARGETS[name].suffix}"
    with pytest.raises(ConfigError, match=r"unknown1 cannot be exported.*received Unknown.*csv"):
        export_model(made, name, path)
    assert not list(tmp_path.iterdir())


def test_every_number_is_in_the_table(tmp_path: Path) -> None:
    stored = model_of_three()
    export_model(content(stored), "csv", tmp_path / "m.csv")
    with (tmp_path / "m.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    read = {name: np.full(array.shape, np.nan, np.float32) for name, array in stored.arrays.items()}
    for row in rows:
        read[row["name"]][tuple(map(int, row["place"].split()))] = np.float32(row["value"])
    assert len(rows) == sum(array.size for array in stored.arrays.values())
    assert all(np.array_equal(read[name], array) for name, array in stored.arrays.items())


def test_arrays_are_read_with_numpy_alone(tmp_path: Path) -> None:
    stored = model_of_four()
    export_model(content(stored), "npz", tmp_path / "m.npz")
    with np.load(tmp_path / "m.npz", allow_pickle=False) as file:
        assert set(file) == set(stored.arrays)
        assert all(np.array_equal(file[name], array) for name, array in stored.arrays.items())


@pytest.mark.parametrize(
    "stored", [model(), model_of_two(), model_of_three(), model_of_four(), model_of_strokes()]
)
def test_the_program_for_torch_is_python_and_comes_with_its_weights(
    stored: StoredModel, tmp_path: Path
) -> None:
    written = export_model(content(stored), "torch", tmp_path / "m.py")
    assert [path.name for path in written.paths] == ["m.py", "m.weights.npz"]
    assert written.size_bytes == sum(path.stat().st_size for path in written.paths)
    source = (tmp_path / "m.py").read_text(encoding="utf-8")
    compile(source, "m.py", "exec")
    with np.load(tmp_path / "m.weights.npz") as file:
        weights = [name for name in file if not name.startswith("check.")]
        assert file["check.pictures"].shape == (12, 1, 28, 28)
    others = LINES, TRACED
    assert set(weights) == {name for name in stored.arrays if not name.startswith(others)}
    for part, said, told in (
        (stored.card.lines, "network for lines is left out", "network for lines is left out"),
        (stored.card.traced, "pictures is left out, too", "network for traced strokes is left out"),
    ):
        assert (said in source) is (part is not None)
        assert any(told in note for note in written.notes) is (part is not None)
    for name in weights:
        path = name.removeprefix("strokes.").rpartition(".")[0].replace(".", "_")
        assert f"self.{path} = nn." in source


def test_a_program_is_compared_with_what_it_has() -> None:
    """The network for lines has a say in drawn digits, and no program has it."""
    stored = model_of_three()
    without = {name: one for name, one in stored.arrays.items() if not name.startswith(LINES)}
    expected = samples(dataclasses.replace(stored.card, lines=None), without).of_strokes
    np.testing.assert_array_equal(samples(stored.card, stored.arrays).of_strokes, expected)


def test_a_page_traces_no_pictures() -> None:
    """It has a board and no pictures, so it is as small as without that network."""
    models = model_of_three(), model_of_four()
    three, four = (javascript.model_object(content(one), "float16") for one in models)
    assert three == four


def test_a_model_of_the_same_name_beside_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "m.npz").write_bytes(b"a model")
    export_model(content(model()), "torch", tmp_path / "m.py")
    assert (tmp_path / "m.npz").read_bytes() == b"a model"


def test_a_title_cannot_end_the_programs_first_words(tmp_path: Path) -> None:
    stored = model(title='x"""\nimport os  # \\')
    export_model(content(stored), "torch", tmp_path / "m.py")
    source = (tmp_path / "m.py").read_text(encoding="utf-8")
    assert "import os" not in [line.strip() for line in source.splitlines()]
    compile(source, "m.py", "exec")


@pytest.mark.parametrize(
    ("name", "file", "precision", "sentence"),
    [
        ("htm", "m.html", "float16", "expected html, onnx, .*Perhaps html"),
        ("html", "m.txt", "float16", "expected a name ending in .html; received .txt"),
        ("csv", "m", "float16", "received no ending"),
        ("html", "m.html", "int3", "expected float16 or float32; received 'int3'"),
    ],
)
def test_what_cannot_be_is_said(
    name: str, file: str, precision: str, sentence: str, tmp_path: Path
) -> None:
    with pytest.raises((ConfigError, SaveError), match=sentence):
        export_model(content(model()), name, tmp_path / file, precision)
    assert not list(tmp_path.iterdir())


def test_weights_of_another_network_are_refused() -> None:
    stored = model()
    arrays = dict(stored.arrays)
    del arrays["conv1.bias"]
    with pytest.raises(ModelFileError, match=r"cannot be exported.*conv1.bias"):
        ExportContent.of(stored.card, arrays)


def test_without_onnx_it_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(ConfigError, match=r"needs the package onnx.*pip install"):
        export_model(content(model()), "onnx", tmp_path / "m.onnx")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "stored", [model(), model_of_two(), model_of_three(), model_of_four(), model_of_strokes()]
)
def test_the_graph_is_valid_and_says_what_goes_in_and_out(
    stored: StoredModel, tmp_path: Path
) -> None:
    onnx = pytest.importorskip("onnx", reason="ONNX is not installed here")
    written = export_model(content(stored), "onnx", tmp_path / "m.onnx")
    graph = onnx.load(tmp_path / "m.onnx").graph
    assert [value.name for value in graph.input] == [
        "pictures" if stored.card.input_planes == 1 else "planes"
    ]
    assert [value.name for value in graph.output] == ["probabilities", "sureness", "rejects"]
    for network, part in (("strokes", stored.card.strokes), ("lines", stored.card.lines)):
        note = f"The network for {network} is left out"
        assert any(note in one for one in written.notes) is (part is not None)
