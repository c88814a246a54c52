"""A batch may be the whole set: worked on in pieces, its gradient is that of the whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.losses import SoftmaxCrossEntropy
from digitdesk.nn.optim.optimizers import make_optimizer
from digitdesk.nn.spec.build import build_network
from digitdesk.training.parallel.data_parallel import DataParallelStep
from tests.cli.process import answer, run
from tests.training.small_runs import MLP, stripes, write_idx_folder


def test_plain_descent_over_the_whole_set_from_the_command_line(tmp_path: Path) -> None:
    write_idx_folder(tmp_path / "stripes", train_count=9000, test_count=200)
    words = (
        *("train", "--data", "stripes", "--model", "softmax", "--batch-size", "9,000"),
        *("--optimizer", "sgd", "--learning-rate", "0.5", "--schedule", "constant"),
        *("--epochs", "60", "--validation-fraction", "0"),
    )
    assert answer(*words, home=tmp_path)["test_accuracy"] > 0.9
    # Larger than the set is the whole set.
    assert run(*words, "--batch-size", "10,000,000", "--epochs", "1", home=tmp_path).returncode == 0


@pytest.mark.parametrize("model", [MLP, "conv(4, 3) relu maxpool(2) flatten dense(10)"])
def test_pieces_give_the_gradient_of_the_whole(model: str) -> None:
    images, labels = stripes(9000, 1)
    greys = images.astype(np.float32) / np.float32(255)
    after = []
    for size in (None, 9000):
        network = build_network(model, backend=cpu_backend(), seed=1)
        step = DataParallelStep(
            network,
            SoftmaxCrossEntropy(),
            make_optimizer("sgd"),
            threads=2,
            micro_batch_size=size,
        )
        try:
            step.run(greys, labels, 0.1)
        finally:
            step.close()
        after.append(network.parameters.values.copy())
    np.testing.assert_allclose(after[0], after[1], rtol=0, atol=2e-6)
