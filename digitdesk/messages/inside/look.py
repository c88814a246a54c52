"""A network with its layers in a row, and one picture's way through it."""

from __future__ import annotations

from dataclasses import dataclass

from digitdesk.messages.inside.edits import Edit
from digitdesk.messages.picture import Picture
from digitdesk.messages.prediction import Prediction

INPUT = "input"
"""The path of what stands before the first layer: the picture."""

ANSWER = "answer"
"""The path of what stands behind the last: the probabilities."""

Place = tuple[int, ...]
"""Where a number is in a layer, from 0: (channel, row, column) of an image, (unit,) otherwise."""


@dataclass(frozen=True, slots=True)
class ParameterView:
    """An array of numbers that a layer has learned, by its dotted name."""

    name: str
    shape: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LayerView:
    """One layer, in the order in which they run; those in a block come before the block itself.

    Attributes:
        path: Dotted name, for example ``conv1`` or ``residual1.conv2``.
        kind: The word of a spec, ``input`` or ``answer``.
        text: As it is written in a spec: ``conv(8, 3)``.
        input_shape: Shape of what comes in, without the batch: (C, H, W) or (D,).
        shape: Shape of what goes out.
        depth: How many blocks it is in.
        parameters: What it has learned.
        kernel_count: How many tiles its kernel is seen as; 0 where it is not seen as pictures.
    """

    path: str
    kind: str
    text: str
    input_shape: tuple[int, ...]
    shape: tuple[int, ...]
    depth: int = 0
    parameters: tuple[ParameterView, ...] = ()
    kernel_count: int = 0

    @property
    def is_image(self) -> bool:
        """Whether its numbers lie in channels, rows and columns."""
        return len(self.shape) == 3

    @property
    def tile_count(self) -> int:
        """How many channels or units it has."""
        return self.shape[0]


@dataclass(frozen=True, slots=True)
class NetworkView:
    """A network as it is looked into.

    Attributes:
        key: The model's.
        spec: The network as text.
        class_names: One per class.
        reject_names: What else it was taught to tell, one per output after those of the classes.
        temperature: What logits are divided by before softmax.
        views: In how many views it reads a picture, whose mean counts.
        reads_strokes_too: Whether a second network reads strokes beside this one, and the mean of
            both counts on the board.
        step: The training step that the weights are from, for a network that is still learning.
        layers: In the order in which they run, ``INPUT`` first and ``ANSWER`` last.
        edits: What was changed.
    """

    key: str
    title: str
    spec: str
    class_names: tuple[str, ...]
    reject_names: tuple[str, ...]
    temperature: float
    views: int
    reads_strokes_too: bool
    step: int | None
    parameter_count: int
    layers: tuple[LayerView, ...]
    edits: tuple[Edit, ...] = ()

    @property
    def outputs(self) -> tuple[str, ...]:
        """A name for each output."""
        return (*self.class_names, *self.reject_names)

    def layer(self, path: str) -> LayerView:
        """The layer of that path.

        Raises:
            KeyError: There is none.
        """
        for layer in self.layers:
            if layer.path == path:
                return layer
        raise KeyError(path)


@dataclass(frozen=True, slots=True)
class Look:
    """One picture's way through a network; its numbers are asked for by the key.

    Attributes:
        key: What to ask with.
        model_key: Which model it is.
        picture: What the network saw, 28×28 with ink = 255; in the view that was chosen.
        prediction: What the model says of the picture, as on the board: in all views it takes.
        outputs: A name for each output: classes, then what is no class.
        probabilities: One per output, as they come of this view alone.
        view: Which of its views this is; 0 is the picture as it is.
        step: The training step that the weights are from, for a network that is still learning.
        edits: What was changed about the network.
    """

    key: str
    model_key: str
    picture: Picture
    prediction: Prediction
    outputs: tuple[str, ...]
    probabilities: tuple[float, ...]
    view: int = 0
    step: int | None = None
    edits: tuple[Edit, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there was no ink."""
        return self.prediction.preprocessed is None
