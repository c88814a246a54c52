"""A model as the page's JavaScript reads it: layers as plain objects, weights as base85."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from digitdesk.errors import ConfigError
from digitdesk.export.content import ExportContent, operation
from digitdesk.ink import frame, pen, preprocessing, rasterizer, stroke_planes, strokes
from digitdesk.messages.picture import DIGIT_SIDE
from digitdesk.nn.layers import activations
from digitdesk.nn.layers.convolution import Conv2D
from digitdesk.nn.layers.dense import Dense
from digitdesk.nn.layers.dropout import Dropout
from digitdesk.nn.layers.flatten import Flatten
from digitdesk.nn.layers.layer import Layer
from digitdesk.nn.layers.normalization import BatchNorm
from digitdesk.nn.layers.pooling import AveragePool2D, MaxPool2D
from digitdesk.nn.layers.residual import Residual

Object = dict[str, Any]
Precision = Literal["float16", "float32"]
PRECISIONS: tuple[Precision, ...] = ("float16", "float32")

_PREPARATION = 1
"""Version of the preprocessing that the page's ``ink.js`` and ``planes.js`` are written after."""

_IN_A_SCRIPT = str.maketrans("<{", ",.")
"""Letters of base85 that might end a script, or begin a place to be filled in, and what stands for
them in the page's ``weights.js``."""


def model_object(content: ExportContent, precision: Precision) -> Object:
    """Card and networks, as the page makes a reader of them.

    Args:
        content: The model.
        precision: Of the kernels; what is small is always ``float32``.

    Raises:
        ConfigError: A layer is unknown there.
    """
    card, write = content.card, _Writer(precision)
    return {
        "card": {
            "classNames": list(card.class_names),
            "rejectNames": list(card.reject_names),
            "temperature": card.temperature,
            "refusalThreshold": card.refusal_threshold,
            "views": [list(view) for view in content.views],
            "strokes": None
            if card.strokes is None
            else {"weight": card.strokes.weight, "temperature": card.strokes.temperature},
            "lines": None
            if card.lines is None
            else {"names": card.lines.names, "temperature": card.lines.temperature},
        },
        "networks": [
            {
                "name": part.name,
                "shape": list(part.shape),
                "layers": write.layers(part.network.layers),
            }
            for part in content.parts_for_drawing
        ],
    }


def preparation_object() -> Object:
    """The constants of the way from ink to 28×28, as the page is given them.

    Raises:
        ConfigError: The page's own preparation is that of an older program.
    """
    if preprocessing.PREPROCESSING_VERSION != _PREPARATION:
        raise ConfigError(
            "The page knows another ink preparation",
            expected=f"version {_PREPARATION}",
            received=f"version {preprocessing.PREPROCESSING_VERSION}",
        )
    return {
        "side": DIGIT_SIDE,
        "boardUnits": pen.BOARD_SIZE_PX,
        "boardPen": pen.BOARD_PEN_PX,
        "numberPen": pen.NUMBER_PEN_PX,
        "penPx": pen.PEN_PX,
        "boxPx": frame.BOX_PX,
        "massCenterPx": frame.MASS_CENTER_PX,
        "oversampling": preprocessing.OVERSAMPLING,
        "leastStepPx": rasterizer.LEAST_STEP_PX,
        "tapSize": strokes.TAP_SIZE,
        "planes": {
            "directions": stroke_planes.DIRECTIONS,
            "leastStepPx": stroke_planes.LEAST_STEP_PX,
            "piecePx": stroke_planes.PIECE_PX,
            "strength": stroke_planes.STRENGTH,
            "firstMoment": stroke_planes.FIRST_MOMENT,
        },
    }


class _Writer:
    """Writes layers, one operation of the table for each."""

    def __init__(self, precision: Precision) -> None:
        self._precision = precision

    def layers(self, layers: Sequence[Layer]) -> list[Object]:
        """Layers in a row."""
        return [operation(OPERATIONS, layer, "html")(self, layer) for layer in layers]

    def large(self, array: NDArray[Any]) -> Object:
        """A kernel; in half precision where its numbers can be said so."""
        half = self._precision == "float16" and _fits_half(array)
        return self._array(array, "float16" if half else "float32")

    def small(self, array: NDArray[Any]) -> Object:
        """A bias or the like."""
        return self._array(array, "float32")

    def _array(self, array: NDArray[Any], dtype: Precision) -> Object:
        data = np.ascontiguousarray(array, dtype=np.dtype(dtype).newbyteorder("<")).tobytes()
        # A sixteenth shorter than base64.
        text = base64.b85encode(data).decode("ascii").translate(_IN_A_SCRIPT)
        return {"dtype": dtype, "shape": list(array.shape), "data": text}

    def convolution(self, layer: Conv2D) -> Object:
        """Kernel and bias, and how the patches lie."""
        return {
            "kind": "conv",
            "filters": layer.filters,
            "size": layer.kernel_size,
            "stride": layer.stride,
            "padding": layer.padding_px,
            "kernel": self.large(layer.kernel.value),
            "bias": self.small(layer.bias.value),
        }

    def dense(self, layer: Dense) -> Object:
        """Kernel and bias."""
        return {
            "kind": "dense",
            "units": layer.units,
            "kernel": self.large(layer.kernel.value),
            "bias": self.small(layer.bias.value),
        }

    def normalization(self, layer: BatchNorm) -> Object:
        """Scale and shift, and what was seen while training."""
        arrays = {
            name: self.small(getattr(layer, name).value)
            for name in ("gamma", "beta", "mean", "variance")
        }
        return {"kind": "batchnorm", "epsilon": layer.epsilon, **arrays}

    def residual(self, layer: Residual) -> Object:
        """What it computes, and the way around it."""
        around = layer.shortcut
        return {
            "kind": "residual",
            "layers": self.layers(layer.layers),
            "shortcut": None if around is None else self.layers([around])[0],
        }


def _fits_half(array: NDArray[Any]) -> bool:
    """Whether no number is too large for half precision."""
    return float(np.abs(array).max(initial=0.0)) <= float(np.finfo(np.float16).max)


def _pool(kind: str) -> Callable[[_Writer, MaxPool2D | AveragePool2D], Object]:
    return lambda _writer, layer: {"kind": kind, "size": layer.pool_size, "stride": layer.step}


def _plain(kind: str, *settings: str) -> Callable[[_Writer, Layer], Object]:
    """A layer that has no weights."""
    return lambda _writer, layer: {
        "kind": kind,
        **{name: getattr(layer, name) for name in settings},
    }


OPERATIONS: Mapping[type[Layer], Callable[[_Writer, Any], Object]] = {
    Conv2D: _Writer.convolution,
    Dense: _Writer.dense,
    MaxPool2D: _pool("maxpool"),
    AveragePool2D: _pool("averagepool"),
    Flatten: _plain("flatten"),
    Dropout: _plain("dropout"),
    BatchNorm: _Writer.normalization,
    Residual: _Writer.residual,
    activations.ReLU: _plain("relu"),
    activations.LeakyReLU: _plain("leakyrelu", "slope"),
    activations.ELU: _plain("elu", "alpha"),
    activations.Swish: _plain("swish"),
    activations.GELU: _plain("gelu"),
    activations.Sigmoid: _plain("sigmoid"),
    activations.Tanh: _plain("tanh"),
    activations.Softmax: _plain("softmax"),
}
"""Each layer as an object whose ``kind`` is a key of ``LAYERS`` in the page's ``network.js``."""
