"""A mistyped word is answered with the one that is most like it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.process import refusal


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("train", "--model", "flattn dense(10)"), "flatten"),
        (("train", "--model", "MaxPooling(2) flatten dense(10)"), "maxpool"),
        (("train", "--model", "residual(conv(8, 3) rellu)"), "relu"),
        (("train", "--model", "conv(8, kernel=3) flatten dense(10)"), "kernel_size"),
        (("check", "gradients", "--model", "cnn-lite"), "cnn-light"),
        (("train", "--optimizer", "adamm"), "adam"),
        (("train", "--schedule", "onecycle"), "one-cycle"),
        (("train", "--recipe", "acurate"), "accurate"),
        (("train", "--data", "mnsit"), "mnist"),
        (("evaluate", "--data", "handwritten"), "handwriting"),
    ],
)
def test_the_nearest_word_is_offered(words: tuple[str, ...], meant: str, tmp_path: Path) -> None:
    assert refusal(*words, home=tmp_path).endswith(f" Perhaps {meant} was meant.")


def test_what_is_like_nothing_gets_no_offer(tmp_path: Path) -> None:
    for words in (("train", "--model", "xyz"), ("train", "--data", "qqq")):
        assert "was meant" not in refusal(*words, home=tmp_path)
