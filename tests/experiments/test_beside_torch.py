"""Without PyTorch, the check says so; with it, both train the same."""

from __future__ import annotations

import pytest

from digitdesk.errors import ConfigError
from digitdesk.experiments.beside_torch import Pictures, has_torch, train_beside_torch
from tests.training.small_runs import CNN, MLP, stripes

PICTURES = Pictures(*stripes(200, 1), *stripes(100, 2))


@pytest.mark.skipif(has_torch(), reason="PyTorch is installed")
def test_without_it_the_check_says_what_to_install() -> None:
    with pytest.raises(ConfigError, match="pip install torch"):
        train_beside_torch(MLP, PICTURES)


@pytest.mark.skipif(not has_torch(), reason="PyTorch is not installed: make bench has it")
@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam"])
def test_both_train_the_same(optimizer: str) -> None:
    found = train_beside_torch(
        CNN, PICTURES, optimizer=optimizer, steps=8, batch_size=32, dtype="float64"
    )
    assert found.agrees
    assert max(step.weight for step in found.steps) < 1e-6
    assert found.accuracy == found.torch_accuracy
