"""Models come back exactly as they were saved, and never as anything else."""

from __future__ import annotations

import dataclasses
import io
import json
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digitdesk.errors import ModelFileError
from digitdesk.messages.model import ModelCard
from digitdesk.storage import content as content_module
from digitdesk.storage import npz_format, pickle_format
from digitdesk.storage.content import DTYPES, MODEL_KIND, Array, ArraySlot, Content
from digitdesk.storage.model_file import load_model, read_content, save_model, write_content

GOLDEN = Path(__file__).parent / "golden"


def assert_same(one: dict[str, Array], other: dict[str, Array]) -> None:
    assert list(one) == list(other)
    for name, array in one.items():
        assert array.dtype == other[name].dtype, name
        assert array.shape == other[name].shape, name
        assert array.tobytes() == other[name].tobytes(), name


def test_a_model_comes_back_as_it_was(
    model_path: Path, card: ModelCard, arrays: dict[str, Array]
) -> None:
    save_model(model_path, card, arrays)
    stored = load_model(model_path)
    assert stored.card == card
    assert_same(stored.arrays, arrays)
    assert all(array.flags.writeable for array in stored.arrays.values())


def test_the_same_model_gives_the_same_bytes(
    model_path: Path, card: ModelCard, arrays: dict[str, Array]
) -> None:
    save_model(model_path, card, arrays)
    first = model_path.read_bytes()
    save_model(model_path, card, arrays)
    assert model_path.read_bytes() == first


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), suffix=st.sampled_from([npz_format, pickle_format]))
def test_any_arrays_survive_the_round_trip(data: st.DataObject, suffix: Any) -> None:
    names = data.draw(
        st.lists(st.from_regex(r"[a-z][a-z0-9_.]{0,12}", fullmatch=True), unique=True, max_size=5)
    )
    arrays = {}
    for name in names:
        if name in ("card", "sha256"):
            continue
        dtype = data.draw(st.sampled_from(sorted(DTYPES)))
        shape = tuple(data.draw(st.lists(st.integers(0, 5), max_size=4)))
        count = int(np.prod(shape)) * np.dtype(dtype).itemsize
        raw = data.draw(st.binary(min_size=count, max_size=count))
        if dtype == "bool":
            raw = bytes(byte & 1 for byte in raw)
        arrays[name] = np.frombuffer(raw, dtype).reshape(shape)
    content = Content("test", {"text": data.draw(st.text(max_size=20))}, arrays)
    write = suffix.write_npz if suffix is npz_format else suffix.write_pickle
    read = suffix.read_npz if suffix is npz_format else suffix.read_pickle
    stream = io.BytesIO()
    write(stream, content)
    stream.seek(0)
    back = read(stream, "test")
    assert back.card == content.card
    assert_same(back.arrays, arrays)


def test_awkward_layouts_are_stored_by_value(model_path: Path, card: ModelCard) -> None:
    source = np.arange(24, dtype=np.float32).reshape(4, 6)
    arrays = {
        "fortran": np.asfortranarray(source),
        "strided": source[::2, ::-1],
        "big_endian": source.astype(">f4"),
    }
    save_model(model_path, card, arrays)
    back = load_model(model_path).arrays
    for name, array in arrays.items():
        np.testing.assert_array_equal(back[name], array)
        assert back[name].dtype == np.dtype("float32")


@pytest.mark.parametrize("dtype", sorted(DTYPES))
@pytest.mark.parametrize("shape", [(), (1,), (3,), (2, 0), (123_456,), (1, 2, 3, 4)])
def test_our_npy_header_is_one_that_numpy_reads(dtype: str, shape: tuple[int, ...]) -> None:
    array = np.zeros(shape, dtype)
    raw = npz_format.npy_header(ArraySlot("a", dtype, shape)) + array.tobytes()
    back = np.load(io.BytesIO(raw), allow_pickle=False)
    assert back.dtype == array.dtype
    assert back.shape == shape


def test_other_programs_can_open_both_formats(
    tmp_path: Path, card: ModelCard, arrays: dict[str, Array]
) -> None:
    save_model(tmp_path / "m.npz", card, arrays)
    save_model(tmp_path / "m.pkl", card, arrays)
    with np.load(tmp_path / "m.npz", allow_pickle=False) as archive:
        np.testing.assert_array_equal(archive["dense1.kernel"], arrays["dense1.kernel"])
        text = json.loads(bytes(archive["card"]))
    document = pickle.loads((tmp_path / "m.pkl").read_bytes())
    assert json.loads(document["card"]) == text
    dtype, shape, raw = document["arrays"]["dense1.kernel"]
    np.testing.assert_array_equal(np.frombuffer(raw, dtype).reshape(shape), arrays["dense1.kernel"])


def test_the_format_is_chosen_by_the_first_bytes(
    tmp_path: Path, card: ModelCard, arrays: dict[str, Array]
) -> None:
    save_model(tmp_path / "m.npz", card, arrays)
    renamed = (tmp_path / "m.npz").rename(tmp_path / "m.pkl")
    assert load_model(renamed).card == card


@pytest.mark.parametrize("suffix", [".npz", ".pkl"])
def test_golden_files_stay_readable(suffix: str) -> None:
    stored = load_model(GOLDEN / f"model-version-1{suffix}")
    assert stored.card.title == "Golden model"
    assert stored.card.layers[1].output_shape == (3,)
    assert stored.card.config == {"epochs": 3, "learning_rate": None, "average": 0.5}
    np.testing.assert_array_equal(
        stored.arrays["dense1.kernel"], np.arange(12, dtype=np.float32).reshape(3, 4) / 8
    )


def test_unknown_keys_of_the_card_are_ignored_and_missing_ones_take_their_default(
    model_path: Path, arrays: dict[str, Array]
) -> None:
    write_content(
        model_path,
        Content(MODEL_KIND, {"title": "t", "spec": "s", "later": {"x": [1]}}, arrays),
    )
    assert load_model(model_path).card == ModelCard("t", "s")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", 3),
        ("spec", "  "),
        ("seed", 1.5),
        ("seed", True),
        ("epochs", -1),
        ("temperature", 0),
        ("temperature", "1"),
        ("test_accuracy", 1.01),
        ("test_interval", [0.9, 0.8]),
        ("test_interval", [0.9]),
        ("class_names", ["a"]),
        ("class_names", ["a", "a"]),
        ("class_names", "ab"),
        ("layers", [["dense1", "Dense", [3], 1]]),
        ("layers", [{"name": "d", "kind": "Dense", "output_shape": [3.0], "parameter_count": 1}]),
        ("config", {"nested": {}}),
        ("parameter_count", 10**30),
        ("notes", "x" * 30_000),
    ],
)
def test_a_card_with_wrong_values_is_refused_by_name(
    model_path: Path, content: Content, field: str, value: object
) -> None:
    wrong = dataclasses.replace(content, card=content.card | {field: value})
    write_content(model_path, wrong)
    with pytest.raises(ModelFileError, match=field):
        load_model(model_path)


def test_a_newer_format_is_refused_with_its_number(
    model_path: Path, content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content_module, "FORMAT_VERSION", 7)
    write_content(model_path, content)
    monkeypatch.undo()
    with pytest.raises(ModelFileError, match=r"newer DigitDesk.*version 1.*version 7"):
        load_model(model_path)


def test_another_kind_of_file_is_refused(model_path: Path, content: Content) -> None:
    write_content(model_path, dataclasses.replace(content, kind="digitdesk-checkpoint"))
    with pytest.raises(ModelFileError, match=r"another kind.*digitdesk-checkpoint"):
        load_model(model_path)
    assert read_content(model_path, "digitdesk-checkpoint").card == content.card


def rewrite_npz(path: Path, change: Callable[[dict[str, Array]], None]) -> None:
    with np.load(path) as archive:
        members = {name: archive[name] for name in archive.files}
    change(members)
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in members.items():
            slot = ArraySlot(name, array.dtype.name, array.shape)
            archive.writestr(f"{name}.npy", npz_format.npy_header(slot) + array.tobytes())


def test_a_carefully_changed_weight_does_not_pass(
    tmp_path: Path, card: ModelCard, arrays: dict[str, Array]
) -> None:
    """All check sums of the archive itself are right; only the digest can tell."""
    path = tmp_path / "m.npz"
    save_model(path, card, arrays)
    rewrite_npz(path, lambda members: None)
    assert load_model(path).card == card

    def change_one_weight(members: dict[str, Array]) -> None:
        members["dense1.kernel"] = members["dense1.kernel"] * np.float32(1.0001)

    rewrite_npz(path, change_one_weight)
    with pytest.raises(ModelFileError, match="checksum"):
        load_model(path)


def test_a_carefully_changed_card_does_not_pass(
    tmp_path: Path, card: ModelCard, arrays: dict[str, Array]
) -> None:
    path = tmp_path / "m.pkl"
    save_model(path, card, arrays)
    document = pickle.loads(path.read_bytes())
    document["card"] = document["card"].replace("0.985", "0.995")
    with path.open("wb") as stream:
        pickler = pickle.Pickler(stream, 3)
        pickler.fast = True
        pickler.dump(document)
    with pytest.raises(ModelFileError, match="checksum"):
        load_model(path)


@pytest.mark.parametrize(
    ("arrays", "sentence"),
    [
        ({"w": np.zeros(2, np.complex64)}, "strange type"),
        ({"w": np.zeros(2, object)}, "strange type"),
        ({"w": np.zeros(2, "U3")}, "strange type"),
        ({"w": np.zeros((1,) * 9)}, "strange shape"),
        ({"../w": np.zeros(2)}, "strange name"),
        ({"": np.zeros(2)}, "strange name"),
        ({"a": np.zeros(1), "A": np.zeros(1)}, "same name"),
        ({f"a{k}": np.zeros(1) for k in range(1025)}, "too many"),
        ({"w": np.array([1.0, np.nan])}, "not numbers"),
        ({"w": np.array([np.inf], np.float32)}, "not numbers"),
    ],
)
def test_what_could_not_be_opened_again_is_not_saved(
    model_path: Path, card: ModelCard, arrays: dict[str, Array], sentence: str
) -> None:
    model_path.write_bytes(b"the old file")
    with pytest.raises(ModelFileError, match=f"Cannot save {model_path.name}.*{sentence}"):
        save_model(model_path, card, arrays)
    assert model_path.read_bytes() == b"the old file"
    assert list(model_path.parent.iterdir()) == [model_path]


@pytest.mark.parametrize("name", ["card", "sha256", "Card"])
def test_reserved_names_are_refused(tmp_path: Path, card: ModelCard, name: str) -> None:
    with pytest.raises(ModelFileError, match="may have the name"):
        save_model(tmp_path / "m.npz", card, {name: np.zeros(1)})


def test_not_finite_weights_are_refused_on_opening(model_path: Path, content: Content) -> None:
    write_content(model_path, dataclasses.replace(content, arrays={"w": np.array([np.nan])}))
    with pytest.raises(ModelFileError, match="not numbers"):
        load_model(model_path)


@pytest.mark.parametrize("name", ["m.txt", "m", "m.npz.bak"])
def test_an_unknown_ending_is_refused(
    tmp_path: Path, card: ModelCard, arrays: dict[str, Array], name: str
) -> None:
    with pytest.raises(ModelFileError, match=r"\.npz or \.pkl"):
        save_model(tmp_path / name, card, arrays)


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "empty file"),
        (b"PK", "first bytes 50 4b"),
        (b"\x89PNG\r\n\x1a\n", "not a file DigitDesk has saved"),
        (b"\x93NUMPY\x01\x00", "not a file DigitDesk has saved"),
    ],
)
def test_other_files_are_refused_with_a_sentence(tmp_path: Path, raw: bytes, sentence: str) -> None:
    path = tmp_path / "holiday.npz"
    path.write_bytes(raw)
    with pytest.raises(ModelFileError, match=sentence) as caught:
        load_model(path)
    assert "holiday.npz" in str(caught.value)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="no such file"):
        load_model(tmp_path / "missing.npz")
    with pytest.raises(ModelFileError, match="is a folder"):
        load_model(tmp_path)
