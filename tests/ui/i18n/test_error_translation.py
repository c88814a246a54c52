"""Whatever the core can say to a user is said in Chinese, down to the last word."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pytest
from core_texts import Text, texts

from digitdesk.data.doubts import doubts
from digitdesk.errors import ConfigError, DigitDeskError, SpecError
from digitdesk.messages.hint import HINTS, REASONS
from digitdesk.messages.model import DIGITS
from digitdesk.messages.problem import Problem
from digitdesk.messages.run import TrainingConfig
from digitdesk.messages.setting import Setting
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.spec.build import build_network, check_spec
from digitdesk.training.diagnosis.before_training import before_training
from digitdesk.training.settings import check_config, setting_table
from digitdesk.ui.i18n.error_translation import ErrorTranslation
from digitdesk.ui.i18n.language import read_catalogue

PATTERNS = read_catalogue("zh_CN.core")
CORE = ErrorTranslation(PATTERNS)
TEXTS = texts()
#: Names and words of code: the same in every language.
NAMES = re.compile(
    r"digitdesk data get mnist|DigitDesk|DIGITDESK_DATA|--[a-z-]+|MNIST|mnist|not-digits|"
    r"unipen-letters|pip install (?:onnx|flask waitress)|flask|waitress|https?://\S+|base64|"
    r"Content-Type: application/json|onnxruntime|ONNX|onnx|PyTorch|NumPy|Python|Triton|csv|npz|"
    r"MATLAB|Keras|Kaggle|x_train|y_train|NaN|CSV|NPZ|MAT\b|\.mat\b|'label'|“label”|'test'|“test”|"
    r"handwriting|UCI|UNIPEN|IDX|NVIDIA|CuPy|GPU|SHA-256|sha256|JSON|PNG|JPEG|BMP|GIF|TIFF|WebP|"
    r"PPM|UTF-\d+|GBK|EMNIST|softmax|gzip|pickle|uint8|logits|Save|\S*\.(?:npz|pkl)|\.SEGMENT|\.PEN_\w+|\b\w?train-\S*|idx\S*ubyte\S*|\bMB\b|"
    r"TOML|Optuna|PyTorch|pip install \w+|\blow\b|\bhigh\b|\blog\b|\.csv|\.md|\.tex|"
    r"\[+[a-z.]+\]+|\b\w+ = \S+|"
    r"kernel_size|padding|same|valid|glorot|normal|\bhe\b|conv|residual|flatten|dense|relu|ReLU|px|"
    r"'images'|'labels'|“images”|“labels”|'class_names'|“class_names”|\S+\.txt|\"\w+\"|card|arrays"
)


def english(text: str) -> list[str]:
    return re.findall(r"[A-Za-z]{2,}", NAMES.sub("", text))


SAID = [text for text in TEXTS if english(text.pattern)]


def in_chinese(text: Text) -> str:
    """What is said of an error with the part in it, its gaps filled in with a number."""
    filled = text.pattern.replace("{}", "7")
    if text.role == "text":
        return CORE.phrase(filled + ".")
    if text.role == "about":
        error = DigitDeskError.about(filled, DigitDeskError("The file is too large"))
        return CORE.problem(Problem.of(error))
    parts = {"what": "The file is too large", text.role: filled}
    return CORE.problem(Problem(**parts))


def test_the_collector_finds_what_it_should() -> None:
    found = {text.pattern for text in TEXTS}
    assert {
        "There is no data set '{}'",  # an f-string at the place of the error
        "The optimizer {} has no momentum to change",  # a table asked with .get
        "the disk is full",  # returned by a function of another module
        "Cannot restore {}",  # handed to a function that raises
        "put flatten before it",  # a layer's complaint, which the spec's error takes over
        "It is not on this computer (60,000 + 10,000 digits, 12 MB)",  # the state of a data set
        "Take a smaller network or batch size",  # a problem that no error of ours has told
    } <= found
    assert len(TEXTS) > 350


@pytest.mark.parametrize("text", SAID, ids=lambda text: f"{text.place} {text.pattern[:40]}")
def test_every_part_of_a_sentence_is_translated(text: Text) -> None:
    said = in_chinese(text)
    assert not english(said), f"{text.pattern!r} of {text.place}: add it to zh_CN.core.po"
    assert re.search("[\u4e00-\u9fff]", said)


@pytest.mark.parametrize(
    "setting",
    [setting for setting in setting_table() if setting.is_number or setting.choices],
    ids=lambda setting: setting.name,
)
def test_a_setting_out_of_its_range_is_refused_in_chinese(setting: Setting) -> None:
    """These sentences are made of the table of settings, not written where they are said."""
    config = dataclasses.replace(TrainingConfig(), **{setting.name: b"?"})
    with pytest.raises(ConfigError) as caught:
        check_config(config)
    assert f"The {setting.title.lower()} cannot be used" in PATTERNS
    said = CORE.problem(Problem.of(caught.value)).replace("b'?'", "")
    for name in setting.choices:
        said = said.replace(name, "")
    assert not english(said), said


@pytest.mark.parametrize(("pattern", "own"), PATTERNS.items())
def test_translations_keep_every_gap(pattern: str, own: str) -> None:
    wanted = pattern.count("{}")
    if wanted:
        marks = [f"<{k}>" for k in range(wanted)]
        filled = own.format(*marks)
        assert all(filled.count(mark) == 1 for mark in marks), own


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        (
            "conv(8, 3) dense(10)",
            "位置 2：dense(…) 需要一维输入，实际为 (28, 28, 8)。请在它前面加上 flatten。",
        ),
        (
            "flatten dense(0) dense(10)",
            "位置 2：dense 的 units 有误；应为：1 到 65536 的整数；实际为：0。",
        ),
        ("flatten dense(10", "网络描述的第 17 个字符有误；应为：逗号或右括号；实际为：结尾。"),
    ],
)
def test_whole_sentences_read_naturally(spec: str, said: str) -> None:
    with pytest.raises(SpecError) as caught:
        check_spec(spec)
    assert CORE.problem(Problem.of(caught.value)) == said


def test_gaps_may_change_places() -> None:
    core = ErrorTranslation({"Line {} of {}": "{1} 的第 {0} 行"})
    assert core.phrase("Line 3 of a.txt.") == "a.txt 的第 3 行."


@pytest.mark.parametrize("sentence", [*HINTS.values(), *REASONS.values()])
def test_what_is_said_of_a_run_is_translated(sentence: str) -> None:
    assert not english(CORE.phrase(sentence))


def test_what_is_said_of_data_and_networks_is_translated() -> None:
    greys = np.zeros((3, 28, 28), np.uint8)
    said = [
        *doubts(greys, np.array([0, 2, 2]), "123"),
        *doubts(greys + np.uint8(255) - np.eye(28, dtype=np.uint8), np.arange(3), "123"),
        *doubts(np.eye(28, dtype=np.uint8)[None] + greys, np.arange(3), "123"),
    ]
    network = build_network("flatten dense(10) batchnorm softmax", backend=cpu_backend())
    config = TrainingConfig(batch_size=1, augmentation=0.5)
    uneven = np.repeat(np.arange(10, dtype=np.uint8), [200, *[20] * 9])
    said += [one.sentence_id for one in before_training(network, config, uneven, DIGITS, 0)]
    assert len(said) == 7
    said += [
        "These are only 130 pictures: the accuracy could as well be 86 % or 96 %. Examine on more.",
        "Of 8, only 84.3 % are read right; most of the others are taken for 3.",
        "It is 97.1 % sure on average, and right 89.4 % of the time.",
        *(
            f"At 20 {unit} of {name} it reads 71.0 % instead of 97.2 %."
            for name, unit in (("rotation", "°"), ("shift", "px"), ("scale", "%"))
        ),
    ]
    assert [sentence for sentence in said if english(CORE.phrase(sentence))] == []
