"""Networks with a name, each a line of the same text anyone may type.

The last layer gives one logit per class of the data set.
"""

from __future__ import annotations

from digitdesk.errors import SpecError

ARCHITECTURES = {
    "softmax": "flatten dense({classes}, init=glorot)",
    "mlp": "flatten {hidden} dense({classes}, init=glorot)",
    "conv-pool": "conv(8, 3) relu maxpool(2) flatten dense({classes}, init=glorot)",
    "cnn-light": (
        "conv(8, 3) relu maxpool(2) conv(16, 3) relu maxpool(2) "
        "flatten dense(32) relu dense({classes}, init=glorot)"
    ),
    "cnn-standard": (
        "conv(32, 3) relu maxpool(2) conv(64, 3) relu maxpool(2) "
        "flatten dense(128) relu dropout(0.25) dense({classes}, init=glorot)"
    ),
    "reader": (
        "conv(32, 3) maxpool(2) batchnorm relu conv(64, 3) batchnorm relu "
        "conv(64, 3) maxpool(2) batchnorm relu conv(96, 3) batchnorm relu "
        "conv(96, 3) batchnorm relu flatten dropout(0.3) dense({classes}, init=glorot)"
    ),
    "cnn-deep": (
        "conv(32, 3) batchnorm relu conv(32, 3) maxpool(2) batchnorm relu "
        "conv(64, 3) batchnorm relu conv(64, 3) maxpool(2) batchnorm relu "
        "conv(96, 3) batchnorm relu conv(96, 3) batchnorm relu "
        "flatten dropout(0.3) dense({classes}, init=glorot)"
    ),
    "resnet-small": (
        "conv(16, 3) batchnorm relu maxpool(2) "
        "residual(conv(32, 3) batchnorm relu conv(32, 3) batchnorm) relu maxpool(2) "
        "residual(conv(64, 3) batchnorm relu conv(64, 3) batchnorm) relu averagepool(7) "
        "flatten dense({classes}, init=glorot)"
    ),
}
"""Spec of each named network; ``{classes}`` and, for ``mlp``, ``{hidden}`` are filled in."""

_DEFAULT_HIDDEN = (128,)


def architecture_spec(name: str, *, classes: int, hidden: tuple[int, ...] = ()) -> str:
    """The text spec of a named network.

    Args:
        name: A key of ``ARCHITECTURES``.
        classes: Number of outputs.
        hidden: Units of the hidden layers, for ``mlp`` only; without any, one layer of 128.

    Raises:
        SpecError: There is no such network, or it takes no numbers.
    """
    if name not in ARCHITECTURES:
        raise SpecError(
            "There is no such network", expected=", ".join(ARCHITECTURES), received=repr(name)
        )
    if hidden and name != "mlp":
        raise SpecError(f"{name} takes no numbers", received=f"{name}{hidden}")
    sizes = hidden or _DEFAULT_HIDDEN
    layers = " ".join(f"dense({units}) relu" for units in sizes)
    return ARCHITECTURES[name].format(classes=classes, hidden=layers)
