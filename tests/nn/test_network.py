"""The network as a whole: order of work, replicas, saving, and learning something."""

from __future__ import annotations

import numpy as np
import pytest
from strict_array_module import STRICT_BACKEND

from digitdesk.errors import ArraysError, DeviceError
from digitdesk.nn.core.backend import cpu_backend, gpu_status, select_backend
from digitdesk.nn.core.random_stream import RandomStream
from digitdesk.nn.layers.layer import Layer
from digitdesk.nn.spec.build import build_network


def build(text, **settings):
    return build_network(text, backend=cpu_backend(), **settings)


@pytest.fixture
def images():
    return np.random.default_rng(0).random((6, 28, 28), dtype=np.float32)


def test_the_same_seed_gives_the_same_network(images):
    first, same, other = (build("cnn-light", seed=seed) for seed in (3, 3, 4))
    np.testing.assert_array_equal(first.predict_logits(images), same.predict_logits(images))
    assert np.abs(first.predict_logits(images) - other.predict_logits(images)).max() > 1e-3


def test_cpu_and_strict_networks_agree(images):
    mine = build("cnn-standard").predict_logits(images)
    strict = build_network("cnn-standard", backend=STRICT_BACKEND).predict_logits(images)
    np.testing.assert_allclose(mine, strict, atol=1e-4)


def test_bytes_are_taken_as_0_to_255(images):
    network = build("softmax")
    shades = np.round(images * 255).astype(np.uint8)
    numbers = (shades / 255).astype(np.float32)
    np.testing.assert_allclose(
        network.predict_logits(shades), network.predict_logits(numbers), atol=1e-6
    )


def test_reading_in_micro_batches_is_reading_at_once(images):
    network = build("cnn-light")
    many = np.concatenate([images] * 40)
    one_by_one = np.concatenate([network.predict_logits(image[None]) for image in many[:6]])
    np.testing.assert_allclose(network.predict_logits(many)[:6], one_by_one, atol=1e-5)
    assert network.predict_logits(many).shape == (240, 10)
    assert network.predict_logits(many[:0]).shape == (0, 10)


def test_a_replica_shares_values_but_not_gradients(images):
    network = build("conv(4, 3) batchnorm relu flatten dense(10)")
    replica = network.replica()
    network.parameters.values *= 0.5
    network.statistics.values += 0.1
    np.testing.assert_array_equal(network.predict_logits(images), replica.predict_logits(images))
    x = network.to_inside(images)
    replica.forward(x, training=True)
    replica.backward(np.ones((10, 6), dtype=np.float32))
    assert np.abs(replica.parameters.grads).max() > 0
    assert np.abs(network.parameters.grads).max() == 0


def test_running_statistics_follow_training_only(images):
    network = build("conv(4, 3) batchnorm flatten dense(10)")
    before = network.statistics.values.copy()
    network.predict_logits(images)
    np.testing.assert_array_equal(network.statistics.values, before)
    network.forward(network.to_inside(images), training=True)
    observed = network.statistics.grads
    np.testing.assert_allclose(network.statistics.values, 0.9 * before + 0.1 * observed, atol=1e-6)


def test_summary_counts_everything():
    network = build("cnn-standard")
    rows = network.summary()
    assert [row.name for row in rows][:3] == ["conv1", "relu1", "maxpool1"]
    assert rows[0].output_shape == (32, 28, 28)
    assert rows[0].parameter_count == 32 * 9 + 32
    assert sum(row.parameter_count for row in rows) == network.parameter_count == 421_642


def test_loading_is_strict_and_all_or_nothing():
    network = build("mlp(5)")
    before = network.parameters.values.copy()
    arrays = {name: array + 1 for name, array in network.snapshot().items()}
    missing = {name: array for name, array in arrays.items() if name != "dense2.bias"}
    with pytest.raises(ArraysError, match=r"dense2\.bias"):
        network.load_arrays(missing)
    with pytest.raises(ArraysError, match=r"dense3\.bias"):
        network.load_arrays({**arrays, "dense3.bias": np.zeros(3)})
    with pytest.raises(ArraysError, match=r"dense1\.kernel.*\(5, 784\).*\(784, 5\)"):
        network.load_arrays({**arrays, "dense1.kernel": arrays["dense1.kernel"].T})
    np.testing.assert_array_equal(network.parameters.values, before)


def test_a_snapshot_is_a_copy():
    network = build("mlp(5)")
    snapshot = network.snapshot()
    network.parameters.values[...] = 0
    assert np.abs(snapshot["dense1.kernel"]).max() > 0


def test_no_layer_before_the_first_learner_runs_backward():
    network = build("flatten dense(10)")
    network.forward(np.zeros((1, 28, 28, 2), dtype=np.float32), training=True)
    network.backward(np.ones((10, 2), dtype=np.float32))
    assert network.layers[1].backward(np.ones((10, 2), dtype=np.float32)) is None


def test_random_numbers_have_an_address():
    stream, other = (RandomStream(cpu_backend(), 7) for _ in range(2))
    stream.seek(3, 2)
    first, second = stream.uniform((4,), "float32"), stream.uniform((4,), "float32")
    assert not np.array_equal(first, second)
    other.seek(9, 9)
    other.uniform((100,), "float32")
    other.seek(3, 2)
    np.testing.assert_array_equal(other.uniform((4,), "float32"), first)
    other.seek(2, 3)
    assert not np.array_equal(other.uniform((4,), "float32"), first)
    other.seed = 8
    other.seek(3, 2)
    assert not np.array_equal(other.uniform((4,), "float32"), first)


def test_devices():
    assert select_backend("cpu").xp is np
    with pytest.raises(DeviceError, match="auto or cpu or gpu"):
        select_backend("tpu")
    status = gpu_status()
    if status.available:
        assert select_backend("auto").name == "gpu"
    else:
        assert status.reason
        assert select_backend("auto").name == "cpu"
        with pytest.raises(DeviceError) as caught:
            select_backend("gpu")
        assert status.reason.rstrip(".") in str(caught.value)


def test_the_base_layer_does_nothing_by_itself():
    with pytest.raises(NotImplementedError):
        Layer().forward(np.zeros(1), training=False)
    with pytest.raises(NotImplementedError):
        Layer().backward(np.zeros(1))
