"""Network texts: what can be written, and how it is told where a text is wrong."""

from __future__ import annotations

import tracemalloc

import pytest

from digitdesk.errors import SpecError
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.gradient_check import LAYER_CASES
from digitdesk.nn.spec.architectures import ARCHITECTURES
from digitdesk.nn.spec.build import build_network, check_spec, format_layers, parse_layers


def build(text, **settings):
    return build_network(text, backend=cpu_backend(), **settings)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_named_networks_round_trip(name):
    network = build(name)
    again = build(network.spec)
    assert again.spec == network.spec
    assert again.summary() == network.summary()
    assert network.output_shape == (10,)


@pytest.mark.parametrize("text", [spec for spec, _ in LAYER_CASES])
def test_every_layer_round_trips(text):
    assert format_layers(parse_layers(format_layers(parse_layers(text)))) == format_layers(
        parse_layers(text)
    )


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("flatten dense(10)", "flatten dense(10)"),
        ("  FLATTEN\n Dense( 10 ) ", "flatten dense(10)"),
        ("flatten dense(units=10)", "flatten dense(10)"),
        ("conv(8,3,1) silu flatten dense(10)", "conv(8, 3) swish flatten dense(10)"),
        (
            "conv(8, 3, padding=0) flatten dense(10, init=he)",
            "conv(8, 3, padding=0) flatten dense(10)",
        ),
        ("flatten dense(10, init=normal(0.01))", "flatten dense(10, init=normal(0.01))"),
        ("flatten dense(5) leakyrelu dense(10)", "flatten dense(5) leakyrelu dense(10)"),
        (
            "flatten dense(5) leakyrelu(1e-1) dense(10)",
            "flatten dense(5) leakyrelu(slope=0.1) dense(10)",
        ),
        ("maxpool(2,stride=2) flatten dense(10)", "maxpool(2, stride=2) flatten dense(10)"),
        ("mlp(30)", "flatten dense(30) relu dense(10, init=glorot)"),
        (
            "MLP(30, 20)",
            "flatten dense(30) relu dense(20) relu dense(10, init=glorot)",
        ),
        ("softmax", "flatten dense(10, init=glorot)"),
        ("flatten dense(10) softmax", "flatten dense(10) softmax"),
        (
            "residual(conv(1, 3) relu conv(1, 3)) flatten dense(10)",
            "residual(conv(1, 3) relu conv(1, 3)) flatten dense(10)",
        ),
        (
            "residual(residual(relu) tanh) flatten dense(10)",
            "residual(residual(relu) tanh) flatten dense(10)",
        ),
    ],
)
def test_canonical_text(text, canonical):
    assert check_spec(text) == canonical
    assert check_spec(canonical) == canonical


def test_classes_fill_the_last_layer_of_named_networks():
    assert build("cnn-light", classes=26).output_shape == (26,)


def test_other_input_shapes():
    network = build("conv(4, 3) flatten dense(3)", input_shape=(3, 5, 6), classes=3)
    assert network.summary()[1].output_shape == (4 * 5 * 6,)


def test_the_sentence_of_the_issue():
    with pytest.raises(SpecError) as caught:
        check_spec("conv(32, 3) relu maxpool(4) dense(10)")
    assert str(caught.value) == (
        "position 4: dense(…) needs flat input, received (7, 7, 32). Put flatten before it."
    )


MALFORMED = [
    ("", "empty"),
    ("   ", "empty"),
    ("conv", "position 1: conv(…) needs filters"),
    ("conv()", "position 1: conv(…) needs filters"),
    ("conv(8)", "position 1: conv(…) needs kernel_size"),
    ("conv(8 3)", "character 8"),
    ("conv(8, 3", "character 10"),
    ("conv(8, 3))", "character 11"),
    ("conv(8,, 3)", "character 8"),
    ("conv(8, 3,)", "character 11"),
    ("(8)", "character 1"),
    ("conv 8, 3", "character 6"),
    ("conv(8, 3) & relu", "character 12"),
    ("conv(-8, 3)", "conv's filters is wrong"),
    ("conv(8, 0)", "conv's kernel_size is wrong"),
    ("conv(8, 2.5)", "conv's kernel_size is wrong"),
    ("conv(8, 4)", "needs an odd kernel_size"),
    ("conv(8, three)", "conv's kernel_size is wrong"),
    ("conv(8, 3, 1, same, he, zeros, 9)", "takes 6 arguments"),
    ("conv(8, 3, strides=2)", "has no argument strides"),
    ("conv(8, 3, kernel_size=3)", "given kernel_size twice"),
    ("conv(8, stride=2, 3)", "character 19"),
    ("conv(8, 3, padding=full)", "conv's padding is wrong"),
    ("conv(8, 3, padding=-1)", "conv's padding is wrong"),
    ("conv(8, 3, init=xavier)", "conv's init is wrong"),
    ("conv(8, 3, init=normal(-1))", "conv's init is wrong"),
    ("conv(8, 3, stride=)", "character 19"),
    ("konv(8, 3)", "position 1: there is no layer konv"),
    ("flatten dense(10) cnn-light", "position 3: there is no layer cnn-light"),
    ("flatten flatten(2)", "flatten takes no arguments"),
    ("dropout(1)", "dropout's rate is wrong"),
    ("dropout(-0.1)", "dropout's rate is wrong"),
    ("dropout", "dropout(…) needs rate"),
    ("dense(10)", "position 1: dense(…) needs flat input, received (28, 28, 1)"),
    ("flatten conv(8, 3)", "position 2: conv(…) needs images, received (784,)"),
    ("flatten maxpool(2)", "position 2: maxpool(…) needs images"),
    ("maxpool(29) flatten dense(10)", "position 1: maxpool(…) needs an image of at least 29"),
    ("conv(8, 31, padding=valid)", "position 1: conv(…) needs an image of at least 31"),
    ("flatten dense(12)", "position 2: the last layer must give 10"),
    ("conv(8, 3)", "position 1: the last layer must give 10"),
    ("residual() flatten dense(10)", "residual(…) takes layers"),
    ("residual(3) flatten dense(10)", "residual(…) takes layers"),
    ("residual(konv) flatten dense(10)", "position 1.1: there is no layer konv"),
    ("residual(flatten) flatten dense(10)", "position 1: residual(…) needs"),
    ("residual(conv(4, 3, padding=valid)) flatten dense(10)", "position 1: residual(…) needs"),
    ("residual(dense(4)) flatten dense(10)", "needs flat input"),
    ("mlp(0)", "mlp's units is wrong"),
    ("mlp(units=3)", "takes plain numbers"),
    ("cnn-light(3)", "cnn-light takes no numbers"),
    ("flatten dense(70000)", "dense's units is wrong"),
    ("relu " * 300 + "flatten dense(10)", "too long"),
    ("x" * 20_000, "too long"),
    ("flatten " + "x" * 41, "character 9 of the network text begins a word or number that is too"),
    ("flatten dense(1" + "0" * 5000 + ")", "character 15 of the network text begins a word or"),
    ("residual(" * 20 + "relu" + ")" * 20, "nested too deeply"),
    ("conv(60000, 3)", "At conv1 the network gets too many numbers per image"),
    ("residual(conv(65536, 1) conv(1, 1)) flatten dense(10)", "At residual1.conv1 the network"),
    ("conv(4, 999) flatten dense(10)", "At conv1 the network gets too many numbers per image"),
    ("conv(64, 3) " * 30 + "flatten dense(10)", "the network gets too many numbers per image"),
    ("flatten " + "dense(60000) " * 3 + "dense(10)", "too many parameters"),
]


@pytest.mark.parametrize(
    "text",
    ["conv(60000, 3)", "residual(conv(65536, 1) conv(1, 1))", "conv(16, 1001) flatten dense(10)"],
)
def test_a_network_too_large_is_refused_before_memory_is_asked_for(text):
    tracemalloc.start()
    try:
        with pytest.raises(SpecError, match="too many"):
            check_spec(text)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_wide_dense_layers_read_in_smaller_micro_batches():
    assert build("mlp").micro_batch_size == 1024
    assert build("flatten dense(4) dense(60000) dense(10)").micro_batch_size < 1024


@pytest.mark.parametrize(("text", "part"), MALFORMED)
def test_malformed(text, part):
    with pytest.raises(SpecError) as caught:
        check_spec(text)
    assert part in str(caught.value)
    assert "None" not in str(caught.value)


def test_full_width_signs_are_signs() -> None:
    plain = "conv(8, 3) relu maxpool(2) flatten dropout(0.5) dense(10)"
    wide = "conv（８，3） relu　maxpool（２） flatten dropout（０．５） dense（10）"
    assert check_spec(wide) == check_spec(plain)
