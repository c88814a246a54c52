"""``digitdesk explain`` prints the arithmetic as it is: products, sums and lines of the program."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

import pytest
from PIL import Image, ImageDraw

from digitdesk.cli.explanation import explanation_text
from digitdesk.cli.main import main
from digitdesk.files.paths import UserPaths
from digitdesk.messages.inside.explanation import Parts
from digitdesk.messages.model import ModelCard
from digitdesk.messages.picture import Picture
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.spec.build import build_network
from digitdesk.session.session import Session
from digitdesk.storage.model_file import save_model
from tests.inspection.networks import EVERYTHING

LAST = 2


@pytest.fixture(scope="module")
def four(tmp_path_factory: pytest.TempPathFactory) -> str:
    image = Image.new("L", (140, 140), 255)
    draw = ImageDraw.Draw(image)
    draw.line([(50, 20), (40, 80), (100, 80)], fill=0, width=9)
    draw.line([(85, 30), (82, 120)], fill=0, width=9)
    path = tmp_path_factory.mktemp("pictures") / "four.png"
    image.save(path)
    return str(path)


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["explain", *words]) == 0
    return capsys.readouterr().out


def test_all_layers_and_the_answer(four: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, four).splitlines()
    assert lines[0].split() == ["layer", "written", "as", "gives", "largest", "zeros"]
    assert lines[1].split()[:3] == ["input", "input", "1×28×28"]
    assert any(re.match(r"conv1 +conv\(32, 3\) +32×28×28 ", line) for line in lines)
    assert re.search(r": 4 \d", lines[-1])
    assert "5 views are read" in lines[-1]


def test_the_sum_that_is_printed_is_the_number(
    four: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = said(capsys, four, "--layer", "conv2", "--at", "5,7,3")
    assert text.startswith("conv2 (5, 7, 3) = ")
    value = float(text.split("=")[1].split()[0])
    rows = [line.split("|") for line in text.splitlines() if line.count("|") == LAST]
    assert len(rows) == 32 * 3
    total = 0.0
    for patch, kernel, products in rows:
        numbers = [float(n) for n in products.split("=")[0].split()]
        factors = zip(map(float, patch.split()), map(float, kernel.split()), strict=True)
        assert numbers == pytest.approx([a * b for a, b in factors], abs=3e-5)
        total += sum(numbers)
    bias = float(re.search(r"^bias +(\S+)$", text, re.MULTILINE)[1])
    assert total + bias == pytest.approx(value, abs=2e-3)
    assert "row 5 of the kernel (32×288) times column 199 of the patches (288×784)" in text
    assert "digitdesk/nn/layers/convolution.py" in text
    assert "self.xp.matmul(_rows(self.kernel.value), self._columns, out=_rows(y))" in text


def test_the_largest_number_is_told_of_where_nobody_says_which(
    four: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = said(capsys, four, "--layer", "answer")
    assert answer.startswith("answer (4) = 0.9")
    assert re.search(r"^4 .* 0.9\d+$", answer, re.MULTILINE)


def test_every_kind_of_layer_has_words(tmp_path: Path) -> None:
    network = build_network(EVERYTHING, backend=cpu_backend())
    save_model(tmp_path / "m.npz", ModelCard("all", network.spec), network.snapshot())
    session = Session(UserPaths.under(tmp_path), environ={})
    key = session.open_model(tmp_path / "m.npz").key
    look = session.inside.look_at_picture(key, Picture(28, 28, bytes(range(28)) * 28))
    kinds = set()
    for layer in session.inside.layers(key).layers:
        told = session.inside.explain(look.key, layer.path, (0,) * len(layer.shape))
        text = explanation_text(told)
        assert text.startswith(f"{layer.path} (0")
        assert told.formula in text
        # Words and numbers stand between the formula and the lines of the program.
        assert len(text.split("\n\n")) >= 4
        kinds.add(type(told.parts))
    assert kinds == set(get_args(Parts))


def test_the_same_for_machines(four: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(said(capsys, four, "--layer", "dense1", "--at", "4", "--json"))
    assert (told["layer"], told["kind"], told["place"]) == ("dense1", "dense", [4])
    parts = told["parts"]
    products = [term["input"] * term["weight"] for term in parts["terms"]]
    assert sum(products) + parts["rest_sum"] + parts["bias"] == pytest.approx(
        told["value"], rel=1e-4
    )
    whole = json.loads(said(capsys, four, "--json"))
    assert whole["layers"][0]["path"] == "input"
    assert len(whole["probabilities"]) == len(whole["outputs"])
    conv = json.loads(said(capsys, four, "--layer", "conv1", "--json"))
    assert [len(conv["parts"]["patch"]), len(conv["parts"]["patch"][0])] == [1, 3]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--layer", "conv9"), "no layer 'conv9'"),
        (("--layer", "conv1", "--at", "1,2"), "channel 0 to 31, row 0 to 27"),
        (("--layer", "conv1", "--at", "a,b,c"), "whole numbers with commas"),
        (("--at", "1,2,3"), "expected --at with --layer"),
    ],
)
def test_what_cannot_be_explained_is_said_in_a_sentence(
    words: tuple[str, ...], sentence: str, four: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", four, *words]) == 2
    assert sentence in capsys.readouterr().err


def test_a_blank_picture_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "blank.png"
    Image.new("L", (60, 60), 255).save(path)
    assert main(["explain", str(path)]) == 2
    assert "no ink in the picture" in capsys.readouterr().err
