"""A small model that every storage test may save, and its content as plain values."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from digitdesk.messages.model import LayerRow, ModelCard
from digitdesk.storage.content import MODEL_KIND, Array, Content
from digitdesk.storage.model_file import save_model
from digitdesk.storage.plain_json import to_plain

FORMATS = (".npz", ".pkl")


@pytest.fixture
def card() -> ModelCard:
    return ModelCard(
        title="Prüfling",
        spec="flatten dense(10)",
        layers=(LayerRow("flatten1", "Flatten", (4,), 0), LayerRow("dense1", "Dense", (3,), 15)),
        class_names=("null", "eins", "zwei"),
        parameter_count=15,
        dataset="mnist",
        seed=7,
        epochs=3,
        test_accuracy=0.985,
        test_interval=(0.982, 0.988),
        test_count=10_000,
        temperature=1.25,
        config={"epochs": 3, "learning_rate": None, "average": 0.5, "model": "x", "flag": True},
    )


@pytest.fixture
def arrays() -> dict[str, Array]:
    rng = np.random.default_rng(0)
    return {
        "dense1.kernel": rng.standard_normal((3, 4)).astype(np.float32),
        "dense1.bias": np.zeros(3, np.float32),
        "norm1.moving_mean": np.full((2, 1), 0.5),
        "steps": np.asarray(12, np.int64),
    }


@pytest.fixture
def content(card: ModelCard, arrays: dict[str, Array]) -> Content:
    return Content(MODEL_KIND, to_plain(card), arrays)


@pytest.fixture(params=FORMATS)
def model_path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return tmp_path / f"model{request.param}"


@pytest.fixture
def model_bytes(tmp_path: Path, card: ModelCard, arrays: dict[str, Array]) -> bytes:
    path = tmp_path / "whole.pkl"
    save_model(path, card, arrays)
    return path.read_bytes()
