"""How one number of a network came about, with all the numbers that it is made of."""

from __future__ import annotations

from dataclasses import dataclass

from digitdesk.messages.grid import Grid
from digitdesk.messages.inside.look import Place


@dataclass(frozen=True, slots=True)
class SourceLines:
    """The lines of this program that compute something.

    Attributes:
        file: For example ``digitdesk/nn/layers/dense.py``.
        first_line: Number of the first line.
        lines: The lines; none where the source is not at hand.
    """

    file: str
    first_line: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """Which numbers of another layer were read.

    A unit is a channel of one row and column. Rows and columns that do not exist, −1 for example,
    are the zeros around the image.

    Attributes:
        layer: Path of the layer.
    """

    layer: str
    channel: int
    channels: int
    top: int = 0
    left: int = 0
    height: int = 1
    width: int = 1


@dataclass(frozen=True, slots=True)
class ConvolutionParts:
    """A patch of the image times a kernel: a column of one matrix times a row of another.

    Attributes:
        patch: (C, K, K) what lies under the kernel; zeros beyond the border.
        kernel: (C, K, K).
        products: (C, K, K) of the two.
        sums_by_channel: Sum of the products of each channel.
        total: Sum of all products.
        result: With the bias.
        kernel_row: Row of the kernel matrix, of ``rows``; each has ``row_length`` = C·K·K numbers.
        column: Column of the im2col matrix, of ``columns``.
    """

    patch: Grid
    kernel: Grid
    products: Grid
    sums_by_channel: tuple[float, ...]
    total: float
    bias: float
    result: float
    stride: int
    padding: int
    kernel_row: int
    rows: int
    column: int
    columns: int
    row_length: int


@dataclass(frozen=True, slots=True)
class Term:
    """One product in a sum.

    Attributes:
        place: Where the input is in the layer before, or in the last image before ``flatten``.
    """

    place: Place
    input: float
    weight: float
    product: float


@dataclass(frozen=True, slots=True)
class DenseParts:
    """A sum of inputs times weights.

    Attributes:
        terms: The products that count most, the largest first.
        rest_count: How many other products there are.
        rest_sum: Their sum.
        total: Sum of all products.
        result: With the bias.
    """

    terms: tuple[Term, ...]
    rest_count: int
    rest_sum: float
    total: float
    bias: float
    result: float


@dataclass(frozen=True, slots=True)
class PoolParts:
    """One number for a window.

    Attributes:
        window: (K, K).
        is_maximum: Whether it is the largest; otherwise it is the mean.
        winner: Row and column in the window of the first of the largest; ``None`` for a mean.
    """

    window: Grid
    is_maximum: bool
    winner: tuple[int, int] | None
    total: float
    result: float


@dataclass(frozen=True, slots=True)
class CurveParts:
    """A function of one number.

    Attributes:
        slope: Of the curve at ``x``: what a gradient is multiplied by on its way back.
        curve: (M, 2) points of the curve, x growing.
    """

    x: float
    result: float
    slope: float
    curve: Grid


@dataclass(frozen=True, slots=True)
class NormalizationParts:
    """A number relative to the usual: (x − mean) / deviation · gamma + beta.

    Attributes:
        deviation: √(variance + epsilon).
    """

    x: float
    mean: float
    variance: float
    epsilon: float
    deviation: float
    normalized: float
    gamma: float
    beta: float
    result: float


@dataclass(frozen=True, slots=True)
class DropoutParts:
    """Nothing happens while reading; while training, a part is switched off by chance.

    Attributes:
        rate: Part that is switched off.
        scaled: What is kept becomes this: x / (1 − rate).
        mask: What a layer's numbers, or those of this channel, are multiplied by in one step of
            training: (H, W), or (1, units) of a flat layer.
    """

    x: float
    rate: float
    scaled: float
    mask: Grid


@dataclass(frozen=True, slots=True)
class FlattenParts:
    """The same number at another place.

    Attributes:
        place_before: Where it was.
        index: Where it is.
    """

    x: float
    place_before: Place
    index: int


@dataclass(frozen=True, slots=True)
class SoftmaxParts:
    """Numbers turned into probabilities, one per output and step.

    Attributes:
        names: Of the outputs, where they have any.
        logits: z, as they came.
        scaled: z / temperature.
        shifted: Less the largest of them.
        exponentials: e to the power of these.
        total: Their sum.
        temperature: 1 where there is none.
    """

    names: tuple[str, ...]
    logits: tuple[float, ...]
    scaled: tuple[float, ...]
    shifted: tuple[float, ...]
    exponentials: tuple[float, ...]
    total: float
    probabilities: tuple[float, ...]
    temperature: float = 1.0


@dataclass(frozen=True, slots=True)
class SumParts:
    """What a block computed plus what came in.

    Attributes:
        inner: F(x), of the block's last layer.
        outer: S(x): what came in, by a shortcut where there is one.
        shortcut: Path of the shortcut's layer; empty where x itself is added.
    """

    inner: float
    outer: float
    result: float
    shortcut: str = ""


@dataclass(frozen=True, slots=True)
class InputParts:
    """A pixel: its grey, 0 … 255, as a number 0 … 1."""

    grey: int
    result: float


Parts = (
    ConvolutionParts
    | DenseParts
    | PoolParts
    | CurveParts
    | NormalizationParts
    | DropoutParts
    | FlattenParts
    | SoftmaxParts
    | SumParts
    | InputParts
)


@dataclass(frozen=True, slots=True)
class Explanation:
    """How one number came about.

    Attributes:
        layer: Path of its layer.
        kind: The layer's word in a spec, ``input`` or ``answer``.
        place: Where it is.
        value: The number, as the network computed it.
        formula: In mathematical notation.
        sources: The lines that compute it, the layer's own first.
        parts: What it is made of; their ``result`` is the value but for rounding.
        reads: What was read for it; two windows where a block adds two numbers.
    """

    layer: str
    kind: str
    place: Place
    value: float
    formula: str
    sources: tuple[SourceLines, ...]
    parts: Parts
    reads: tuple[Window, ...] = ()
