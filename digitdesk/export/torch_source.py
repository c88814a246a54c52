"""A model as a short program in PyTorch: the same layers line by line, which checks itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk import __version__
from digitdesk.export.arrays import named_arrays
from digitdesk.export.content import (
    LINES_NETWORK,
    PICTURES_NETWORK,
    TRACED_NETWORK,
    ExportContent,
    Part,
    operation,
)
from digitdesk.export.samples import samples
from digitdesk.messages.model import LINES, TRACED
from digitdesk.nn.layers import activations
from digitdesk.nn.layers.convolution import Conv2D
from digitdesk.nn.layers.dense import Dense
from digitdesk.nn.layers.dropout import Dropout
from digitdesk.nn.layers.flatten import Flatten
from digitdesk.nn.layers.layer import Layer
from digitdesk.nn.layers.normalization import BatchNorm
from digitdesk.nn.layers.pooling import AveragePool2D, MaxPool2D
from digitdesk.nn.layers.residual import Residual

CHECK = "check."
"""What the names of the samples begin with, among the weights."""


def torch_arrays(content: ExportContent) -> dict[str, NDArray[np.float32]]:
    """The weights of what reads digits by name, with samples and what DigitDesk says of them."""
    every = named_arrays(content)
    weights = {name: array for name, array in every.items() if not name.startswith((LINES, TRACED))}
    found = samples(content.card, every)
    checks = {
        "pictures": found.pictures,
        "planes": found.planes,
        "of_pictures": found.of_pictures,
        "of_strokes": found.of_strokes,
    }
    return weights | {
        f"{CHECK}{name}": value for name, value in checks.items() if value is not None
    }


def torch_source(content: ExportContent, weights_name: str) -> str:
    """The program.

    Args:
        content: The model.
        weights_name: The file beside it that holds ``torch_arrays``.

    Raises:
        ConfigError: A layer cannot be said in PyTorch.
    """
    card = content.card
    networks = "\n\n".join(_network(part) for part in content.digit_parts)
    return "\n".join(
        [
            f'"""{_plain(card.title)}, a network of DigitDesk {__version__}, in PyTorch.',
            "",
            f"Weights are in {_plain(weights_name)} beside this file. Run it and it compares its "
            "answers with DigitDesk's.",
            *_left_out(content),
            '"""',
            "",
            _HEAD,
            f"WEIGHTS = Path(__file__).with_name({weights_name!r})",
            f"CLASSES = {card.class_names!r}",
            f"REJECTS = {card.reject_names!r}",
            f"TEMPERATURE = {card.temperature!r}",
            *_views(content),
            "",
            "",
            networks,
            "",
            _reader(content),
            _LOADING,
            _main(content),
        ]
    )


def _left_out(content: ExportContent) -> Iterator[str]:
    """What of the model the program does without."""
    if content.part(LINES_NETWORK) is not None:
        yield ""
        yield "It reads single digits: the model's network for lines is left out. DigitDesk asks it"
        yield "of drawn digits, too, and so reads a few more of them."
    if content.part(TRACED_NETWORK) is not None:
        yield ""
        yield "Its network for strokes that are traced in pictures is left out, too: DigitDesk asks"
        yield "it of pictures that are finer than 28×28, and so reads a few more of these."


def _plain(text: str) -> str:
    """A text that cannot end the docstring it stands in."""
    return text.replace("\\", "/").replace('"', "'")


@dataclass(slots=True)
class _Lines:
    """What a network's class says: layers that have weights, and what is done one by one."""

    layers: list[str] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    blocks: int = 0

    def add(self, layers: Sequence[Layer]) -> None:
        for layer in layers:
            operation(OPERATIONS, layer, "torch")(self, layer)

    def apply(self, layer: Layer, made: str, to: str = "x") -> None:
        """A layer with weights."""
        name = layer.path.replace(".", "_")
        self.layers.append(f"self.{name} = {made}")
        self.steps.append(f"{to} = self.{name}({to})")

    def convolution(self, layer: Conv2D, to: str = "x") -> None:
        made = (
            f"nn.Conv2d({layer.input_shape[0]}, {layer.filters}, {layer.kernel_size}, "
            f"stride={layer.stride}, padding={layer.padding_px})"
        )
        self.apply(layer, made, to)

    def dense(self, layer: Dense) -> None:
        self.apply(layer, f"nn.Linear({layer.input_shape[0]}, {layer.units})")

    def normalization(self, layer: BatchNorm) -> None:
        axes = "2" if len(layer.input_shape) == 3 else "1"
        self.apply(layer, f"nn.BatchNorm{axes}d({layer.input_shape[0]}, eps={layer.epsilon!r})")

    def residual(self, layer: Residual) -> None:
        self.blocks += 1
        around = f"around{self.blocks}"
        self.steps.append(f"{around} = x")
        if isinstance(layer.shortcut, Conv2D):
            self.convolution(layer.shortcut, around)
        self.add(layer.layers)
        self.steps.append(f"x = x + {around}")


def _step(text: str, *settings: str) -> Callable[[_Lines, Layer], None]:
    """A layer without weights; its settings stand in the text by their names."""

    def add(lines: _Lines, layer: Layer) -> None:
        values = {name: getattr(layer, name) for name in settings}
        lines.steps.append(f"x = {text.format(**values)}")

    return add


OPERATIONS: Mapping[type[Layer], Callable[[_Lines, Any], None]] = {
    Conv2D: _Lines.convolution,
    Dense: _Lines.dense,
    BatchNorm: _Lines.normalization,
    Residual: _Lines.residual,
    MaxPool2D: _step("F.max_pool2d(x, {pool_size}, stride={step})", "pool_size", "step"),
    AveragePool2D: _step("F.avg_pool2d(x, {pool_size}, stride={step})", "pool_size", "step"),
    Flatten: _step("torch.flatten(x, 1)"),
    Dropout: _step("F.dropout(x, {rate}, self.training)", "rate"),
    activations.ReLU: _step("F.relu(x)"),
    activations.LeakyReLU: _step("F.leaky_relu(x, {slope})", "slope"),
    activations.ELU: _step("F.elu(x, {alpha})", "alpha"),
    activations.Swish: _step("F.silu(x)"),
    activations.GELU: _step('F.gelu(x, approximate="tanh")'),
    activations.Sigmoid: _step("torch.sigmoid(x)"),
    activations.Tanh: _step("torch.tanh(x)"),
    activations.Softmax: _step("F.softmax(x, 1)"),
}
"""Each layer as lines of PyTorch."""

_HEAD = """\
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
"""


def _network(part: Part) -> str:
    lines = _Lines()
    lines.add(part.network.layers)
    return "\n".join(_class_lines(part, lines)) + "\n"


def _class_lines(part: Part, lines: _Lines) -> Iterator[str]:
    is_pictures = part.name == PICTURES_NETWORK
    shape = ", ".join(map(str, part.shape))
    what = "Pictures, ink 1 and paper 0" if is_pictures else "Drawing, directions and progress"
    yield f"class {part.name.capitalize()}(nn.Module):"
    yield f'    """{what}: (N, {shape}) to logits (N, {part.network.output_shape[0]})."""'
    yield ""
    yield "    def __init__(self):"
    yield "        super().__init__()"
    yield from (f"        {line}" for line in lines.layers)
    yield ""
    yield "    def forward(self, x):"
    yield from (f"        {line}" for line in lines.steps)
    yield "        return x"


def _views(content: ExportContent) -> Iterator[str]:
    if content.views:
        yield "# (a, b, c, d): the pixel (x, y) of a view comes from (a x + b y, c x + d y)."
        yield "VIEWS = ("
        yield from (f"    {view!r}," for view in content.views)
        yield ")"
    if content.card.strokes is not None:
        yield f"STROKES_TEMPERATURE = {content.card.strokes.temperature!r}"
        yield f"STROKES_WEIGHT = {content.card.strokes.weight!r}"


def _reader(content: ExportContent) -> str:
    """The class that turns logits into probabilities."""
    first, *others = content.digit_parts
    lines = [
        "",
        "class Reader(nn.Module):",
        '    """From pictures, and planes where strokes are known, to probabilities of CLASSES."""',
        "",
        "    def __init__(self):",
        "        super().__init__()",
        *(f"        self.{part.name} = {part.name.capitalize()}()" for part in content.digit_parts),
        "",
    ]
    if first.name == PICTURES_NETWORK:
        read = "self.read_views(pictures)" if content.views else "self.pictures(pictures)"
        if others:
            lines += [
                "    def forward(self, pictures, planes=None):",
                f"        logits = {read}",
                "        if planes is None:",
                "            return F.softmax(logits[:, : len(CLASSES)] / TEMPERATURE, 1)",
                "        own = self.strokes(planes)",
                "        logits = STROKES_WEIGHT * own + (1 - STROKES_WEIGHT) * logits",
                "        return F.softmax(logits[:, : len(CLASSES)] / STROKES_TEMPERATURE, 1)",
            ]
        else:
            lines += [
                "    def forward(self, pictures):",
                f"        logits = {read}",
                "        return F.softmax(logits[:, : len(CLASSES)] / TEMPERATURE, 1)",
            ]
    else:
        lines += [
            "    def forward(self, planes):",
            "        logits = self.strokes(planes)",
            "        return F.softmax(logits[:, : len(CLASSES)] / TEMPERATURE, 1)",
        ]
    return "\n".join(lines) + "\n" + (_READ_VIEWS if content.views else "")


_READ_VIEWS = '''
    def read_views(self, x):
        """The mean logits of pictures as they are, turned and slanted."""
        logits = self.pictures(x)
        for a, b, c, d in VIEWS:
            matrix = x.new_tensor([[a, b, 0], [c, d, 0]]).expand(len(x), 2, 3)
            grid = F.affine_grid(matrix, x.shape, align_corners=True)
            view = F.grid_sample(x, grid, padding_mode="zeros", align_corners=True)
            logits = logits + self.pictures(view)
        return logits / (1 + len(VIEWS))
'''

_LOADING = '''
# What DigitDesk calls an array, and what PyTorch calls it.
NAMES = {
    "kernel": "weight",
    "bias": "bias",
    "gamma": "weight",
    "beta": "bias",
    "mean": "running_mean",
    "variance": "running_var",
}


def load(reader, arrays):
    """Give a reader its weights."""
    state = reader.state_dict()
    for name, value in arrays.items():
        if name.startswith("check."):
            continue
        part = STROKES_PART if name.startswith("strokes.") else FIRST_PART
        path, _, what = name.removeprefix("strokes.").rpartition(".")
        place = f"{part}.{path.replace('.', '_')}.{NAMES[what]}"
        assert place in state, f"{name} belongs to no layer"
        state[place] = torch.from_numpy(value)
    reader.load_state_dict(state)
    return reader.eval()


def difference(mine, expected):
    """The largest difference of two arrays of probabilities."""
    return float(np.abs(mine.numpy() - expected).max())
'''


def _main(content: ExportContent) -> str:
    first, *others = content.digit_parts
    checks = []
    if first.name == PICTURES_NETWORK:
        checks.append(
            'difference(reader(torch.from_numpy(arrays["check.pictures"])), '
            'arrays["check.of_pictures"])'
        )
    if others:
        checks.append(
            'difference(\n                reader(*(torch.from_numpy(arrays[f"check.{name}"]) '
            'for name in ("pictures", "planes"))),\n                arrays["check.of_strokes"],'
            "\n            )"
        )
    if first.name != PICTURES_NETWORK:
        checks.append(
            'difference(reader(torch.from_numpy(arrays["check.planes"])), '
            'arrays["check.of_strokes"])'
        )
    listed = "".join(f"            {check},\n" for check in checks)
    return f'''
FIRST_PART, STROKES_PART = "{first.name}", "strokes"

if __name__ == "__main__":
    with np.load(WEIGHTS) as file:
        arrays = dict(file)
    reader = load(Reader(), arrays)
    with torch.no_grad():
        worst = max(
{listed}            0.0,
        )
    print(f"Largest difference to DigitDesk's probabilities: {{worst:.1e}}")
    raise SystemExit(worst > 1e-4)
'''
