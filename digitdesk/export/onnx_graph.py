"""A model as an ONNX graph: from pictures to calibrated probabilities, the five views within it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk import __version__
from digitdesk.errors import ConfigError, DigitDeskError
from digitdesk.export.content import PICTURES_NETWORK, ExportContent, operation
from digitdesk.nn.layers import activations
from digitdesk.nn.layers.convolution import Conv2D
from digitdesk.nn.layers.dense import Dense
from digitdesk.nn.layers.dropout import Dropout
from digitdesk.nn.layers.flatten import Flatten
from digitdesk.nn.layers.layer import Layer
from digitdesk.nn.layers.normalization import BatchNorm
from digitdesk.nn.layers.pooling import AveragePool2D, MaxPool2D
from digitdesk.nn.layers.residual import Residual

OPSET = 17
_IR_VERSION = 8
"""Old enough for every runtime of the last years."""

INPUTS = {PICTURES_NETWORK: "pictures", "strokes": "planes"}
"""What the input is called, by the network that reads it."""


def onnx_bytes(content: ExportContent) -> bytes:
    """The model as a file, looked over by ONNX's own checker.

    The input is ``pictures`` (N, 1, 28, 28), float32, ink 1 and paper 0; a model that reads
    strokes alone has ``planes`` (N, 10, 28, 28). The outputs are ``probabilities`` (N, classes),
    ``sureness`` (N), which is compared with the refusal threshold, and, where the model was taught
    what is no class, ``rejects`` (N, rejects).

    Raises:
        ConfigError: The package ``onnx`` is missing, or a layer has no operation there.
    """
    onnx = _onnx()
    graph = _Graph(onnx)
    part = content.parts[0]
    source = INPUTS[part.name]
    views = 1 + len(content.views)
    x = graph.views(source, content.views, part.shape) if content.views else source
    logits = graph.layers(part.network.layers, x)
    if content.views:
        rows = graph.constant("rows", np.array([-1, views, len(content.outputs)], np.int64))
        logits = graph.node("Reshape", [logits, rows])
        logits = graph.node("ReduceMean", [logits], axes=[1], keepdims=0)
    outputs = graph.answers(logits, content)
    helper, kind = onnx.helper, onnx.TensorProto.FLOAT
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "digitdesk",
            [helper.make_tensor_value_info(source, kind, ["N", *part.shape])],
            [helper.make_tensor_value_info(name, kind, ["N", *shape]) for name, shape in outputs],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=_IR_VERSION,
        producer_name="DigitDesk",
        producer_version=__version__,
    )
    helper.set_model_props(model, _properties(content))
    onnx.checker.check_model(model, full_check=True)
    data: bytes = model.SerializeToString()
    return data


def _onnx() -> ModuleType:
    try:
        import onnx
    except ImportError:
        raise ConfigError(
            "Exporting to ONNX needs the package onnx, which is not installed here",
            hint="Where DigitDesk runs with Python, pip install onnx adds it; the packaged program "
            "does without",
        ) from None
    module: ModuleType = onnx
    return module


def check_with_runtime(
    data: bytes, samples: NDArray[np.float32], expected: NDArray[Any]
) -> float | None:
    """How far onnxruntime's answers are from ours; ``None`` where it is not installed.

    Args:
        data: The file.
        samples: What goes in.
        expected: Our probabilities.

    Raises:
        DigitDeskError: They differ by more than rounding.
    """
    try:
        import onnxruntime
    except ImportError:
        return None
    session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    (probabilities,) = session.run(["probabilities"], {name: samples})
    worst = float(np.abs(probabilities - expected).max())
    if worst > 1e-4:
        raise DigitDeskError(
            "onnxruntime reads the exported network differently",
            expected="probabilities within 0.0001",
            received=f"{worst:.2g}",
        )
    return worst


def _properties(content: ExportContent) -> dict[str, str]:
    """What the file says about itself."""
    card = content.card
    threshold = "" if card.refusal_threshold is None else repr(card.refusal_threshold)
    return {
        "title": card.title,
        "spec": card.spec,
        "class_names": "\n".join(card.class_names),
        "reject_names": "\n".join(card.reject_names),
        "refusal_threshold": threshold,
    }


class _Graph:
    """Nodes and weights of a graph as it grows."""

    def __init__(self, onnx: ModuleType) -> None:
        self._onnx = onnx
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def node(self, kind: str, inputs: Sequence[str], name: str = "", **settings: Any) -> str:
        """Add an operation; the name of its output."""
        output = name or f"{kind.lower()}_{len(self.nodes)}"
        self.nodes.append(self._onnx.helper.make_node(kind, inputs, [output], **settings))
        return output

    def constant(self, name: str, value: NDArray[Any]) -> str:
        """Add numbers under a name."""
        value = np.ascontiguousarray(value)
        self.constants.append(self._onnx.numpy_helper.from_array(value, name))
        return name

    def number(self, value: float) -> str:
        """Add one number."""
        return self.constant(f"number_{len(self.constants)}", np.array(value, np.float32))

    def layers(self, layers: Sequence[Layer], x: str) -> str:
        """Add layers in a row."""
        for layer in layers:
            x = operation(OPERATIONS, layer, "onnx")(self, layer, x)
        return x

    def weights(self, layer: Layer, *names: str) -> list[str]:
        """A layer's arrays, under their names with DigitDesk."""
        return [self.constant(f"{layer.path}.{name}", getattr(layer, name).value) for name in names]

    def convolution(self, layer: Conv2D, x: str) -> str:
        """Convolve: y = kernel * x + b."""
        pads = [layer.padding_px] * 4
        weights = self.weights(layer, "kernel", "bias")
        return self.node("Conv", [x, *weights], pads=pads, strides=[layer.stride] * 2)

    def dense(self, layer: Dense, x: str) -> str:
        """Multiply: y = W x + b, samples in rows."""
        return self.node("Gemm", [x, *self.weights(layer, "kernel", "bias")], transB=1)

    def normalization(self, layer: BatchNorm, x: str) -> str:
        """With the running statistics."""
        weights = self.weights(layer, "gamma", "beta", "mean", "variance")
        return self.node("BatchNormalization", [x, *weights], epsilon=layer.epsilon)

    def residual(self, layer: Residual, x: str) -> str:
        """Add what came in: y = F(x) + S(x)."""
        around = x if layer.shortcut is None else self.layers([layer.shortcut], x)
        return self.node("Add", [self.layers(layer.layers, x), around])

    def swish(self, _layer: Layer, x: str) -> str:
        """Multiply x and σ(x)."""
        return self.node("Mul", [x, self.node("Sigmoid", [x])])

    def gelu(self, _layer: Layer, x: str) -> str:
        """Compute x/2 (1 + tanh √(2/π) (x + a x³))."""
        cube = self.node("Mul", [x, self.node("Mul", [x, x])])
        inner = self.node("Add", [x, self.node("Mul", [cube, self.number(0.044715)])])
        scaled = self.node("Mul", [inner, self.number(float(np.sqrt(2 / np.pi)))])
        shifted = self.node("Add", [self.node("Tanh", [scaled]), self.number(1.0)])
        return self.node("Mul", [self.node("Mul", [x, shifted]), self.number(0.5)])

    def views(self, source: str, matrices: Sequence[Sequence[float]], shape: Sequence[int]) -> str:
        """Each picture as it is, turned and slanted: (N, 1, H, W) → (views · N, 1, H, W).

        All views of a picture are sampled at once, as one picture of so many times the height.
        """
        _, height, width = shape
        places = np.concatenate([_grid(matrix, height, width) for matrix in matrices])
        grid = self.constant("views", places[np.newaxis])
        count = self.node(
            "Slice",
            [
                self.node("Shape", [source]),
                *(self.constant(f"first_{k}", _whole(k)) for k in (0, 1)),
            ],
        )
        rest = self.constant("grid_shape", np.array(places.shape, np.int64))
        each = self.node("Expand", [grid, self.node("Concat", [count, rest], axis=0)])
        changed = self.node(
            "GridSample", [source, each], mode="bilinear", padding_mode="zeros", align_corners=1
        )
        both = self.node("Concat", [source, changed], axis=2)
        return self.node(
            "Reshape", [both, self.constant("one_each", np.array([-1, 1, height, width]))]
        )

    def answers(self, logits: str, content: ExportContent) -> list[tuple[str, tuple[int, ...]]]:
        """Probabilities of the classes, how sure the best is, and of what is no class."""
        classes, rejects = len(content.card.class_names), len(content.card.reject_names)
        scaled = self.node("Div", [logits, self.number(content.card.temperature)])
        joint = self.node("Softmax", [scaled], axis=1)
        outputs: list[tuple[str, tuple[int, ...]]] = [
            ("probabilities", (classes,)),
            ("sureness", ()),
        ]
        of_classes = self._columns(scaled, 0, classes)
        self.node("Softmax", [of_classes], "probabilities", axis=1)
        of_classes = self._columns(joint, 0, classes)
        self.node("ReduceMax", [of_classes], "sureness", axes=[1], keepdims=0)
        if rejects:
            self._columns(joint, classes, classes + rejects, "rejects")
            outputs.append(("rejects", (rejects,)))
        return outputs

    def _columns(self, x: str, first: int, last: int, name: str = "") -> str:
        number = len(self.constants)
        bounds = [
            self.constant(f"columns_{number}_{k}", _whole(value))
            for k, value in enumerate((first, last, 1))
        ]
        return self.node("Slice", [x, *bounds], name)


def _whole(value: int) -> NDArray[np.int64]:
    return np.array([value], np.int64)


def _grid(matrix: Sequence[float], height: int, width: int) -> NDArray[np.float32]:
    """Where the pixels of a view come from, from −1 to 1 over the picture: (H, W, 2)."""
    a, b, c, d = matrix
    y, x = np.meshgrid(
        (np.arange(height) - (height - 1) / 2), (np.arange(width) - (width - 1) / 2), indexing="ij"
    )
    across, down = (a * x + b * y) * 2 / (width - 1), (c * x + d * y) * 2 / (height - 1)
    return np.stack([across, down], axis=-1).astype(np.float32)


def _node(kind: str, **names: str) -> Callable[[_Graph, Layer, str], str]:
    """A layer without weights; its settings by their names with ONNX."""

    def add(graph: _Graph, layer: Layer, x: str) -> str:
        settings = {theirs: getattr(layer, ours) for theirs, ours in names.items()}
        return graph.node(kind, [x], **settings)

    return add


def _pool(kind: str) -> Callable[[_Graph, MaxPool2D | AveragePool2D, str], str]:
    return lambda graph, layer, x: graph.node(
        kind, [x], kernel_shape=[layer.pool_size] * 2, strides=[layer.step] * 2
    )


OPERATIONS: Mapping[type[Layer], Callable[[_Graph, Any, str], str]] = {
    Conv2D: _Graph.convolution,
    Dense: _Graph.dense,
    BatchNorm: _Graph.normalization,
    Residual: _Graph.residual,
    MaxPool2D: _pool("MaxPool"),
    AveragePool2D: _pool("AveragePool"),
    Flatten: _node("Flatten"),
    # Nothing is left out while reading.
    Dropout: _node("Identity"),
    activations.ReLU: _node("Relu"),
    activations.LeakyReLU: _node("LeakyRelu", alpha="slope"),
    activations.ELU: _node("Elu", alpha="alpha"),
    activations.Swish: _Graph.swish,
    activations.GELU: _Graph.gelu,
    activations.Sigmoid: _node("Sigmoid"),
    activations.Tanh: _node("Tanh"),
    activations.Softmax: lambda graph, _layer, x: graph.node("Softmax", [x], axis=1),
}
"""Each layer as operations of ONNX."""
