"""A network: layers in a row, all their parameters in one buffer.

Outside it, pictures are (N, H, W); inside, the batch is the last axis, and the door is here.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from digitdesk.nn.core.backend import Array, Backend, Shape
from digitdesk.nn.core.buffers import short_ufunc_buffers
from digitdesk.nn.core.parameters import GradientSum, Parameter, ParameterBuffer, check_arrays
from digitdesk.nn.core.random_stream import RandomStream
from digitdesk.nn.fusion.execution_order import ExecutionOrder
from digitdesk.nn.kernels.gpu.philox import DeviceRandomStream
from digitdesk.nn.layers.layer import BuildContext, Layer, build_layers
from digitdesk.nn.piece_reader import PieceReader

HostArrays = dict[str, "np.ndarray[Any, Any]"]

#: From so many pictures on, the stretches of memory worked on are long enough for NumPy's buffers
#: to be in the way; see ``short_ufunc_buffers``.
_BATCH = 16
_CACHE_BYTES = 4 * 2**20
_MICRO_BATCH_BYTES = 256 * 2**20
_MICRO_BATCH_SIZES = (4, 8, 16, 32, 64)
_DENSE_MICRO_BATCH_SIZES = (4, 16, 64, 256, 1024)
_GPU_MICRO_BATCH_SIZE = 2048
_STATISTICS_MOMENTUM = 0.1


@dataclass(frozen=True, slots=True)
class LayerSummary:
    """One line of a network's layer table; ``output_shape`` is without the batch."""

    name: str
    kind: str
    output_shape: Shape
    parameter_count: int


class Network:
    """Layers in a row.

    Args:
        spec: The network as canonical text, see ``spec``.
        make_layers: Makes the named layers, not built yet; a replica calls it again.
        input_shape: Shape of one sample, (C, H, W).
        backend: Where to compute.
        dtype: Number type, ``float32`` or ``float64``.
        seed: Decides the starting values and the random numbers of training.
        shared: A network of the same spec whose values and statistics to share.

    Attributes:
        layers: As written; what runs is ``fusion.execution_order``, which gives the same.
        parameters: Buffer of the learned arrays.
        is_dense: Whether the layers that learn are all dense: few, large matrix products.
        statistics: Buffer of running statistics; ``grads`` there is what the last step observed.
        random: Random numbers for training; ``seek`` goes to a step and one of its micro-batches.

    Raises:
        ShapeError: A layer cannot take what comes to it (``spec`` turns it into a sentence).
        SpecError: The network is too large.
    """

    def __init__(
        self,
        spec: str,
        make_layers: Callable[[], Sequence[Layer]],
        *,
        input_shape: Shape,
        backend: Backend,
        dtype: str = "float32",
        seed: int = 0,
        shared: Network | None = None,
    ) -> None:
        self.spec = spec
        self._make_layers = make_layers
        self.layers = tuple(make_layers())
        self.input_shape = input_shape
        self.backend = backend
        self.dtype = dtype
        self.seed = seed
        self.parameters = ParameterBuffer(backend, dtype)
        self.statistics = ParameterBuffer(backend, dtype)
        stream = DeviceRandomStream if backend.name == "gpu" else RandomStream
        self.random: RandomStream = stream(backend, seed)
        rng = np.random.default_rng(seed)
        self.is_dense = not any(layer.works_on_images for layer in self.layers)
        context = BuildContext(backend, dtype, self.parameters, self.statistics, rng, self.random)
        self.output_shape = build_layers(self.layers, input_shape, context)
        self._order = ExecutionOrder(self.layers, backend)
        for buffer in (self.parameters, self.statistics):
            if shared is None:
                buffer.allocate(rng)
        if shared is not None:
            self.parameters.allocate_sharing(shared.parameters)
            self.statistics.allocate_sharing(shared.statistics)
        self._follows_statistics = shared is None and len(self.statistics) > 0
        first_learner = next((layer for layer in self.layers if layer.has_parameters), None)
        if first_learner is not None:
            first_learner.input_grad_needed = False

    def forward(self, x: Array, *, training: bool) -> Array:
        """Map a batch to logits.

        Args:
            x: (C, H, W, N) on the device, batch last; see ``to_inside``.
            training: Whether ``backward`` follows.

        Returns:
            The last layer's output, (classes, N); valid until the next call.
        """
        logits = self._order.forward(x, training=training)
        if training and self._follows_statistics:
            self.follow_statistics(1)
        return logits

    def backward(self, grad_logits: Array) -> None:
        """Fill ``parameters.grads`` from the gradient of the loss by the last output."""
        self._order.backward(grad_logits)

    @property
    def can_add_gradients(self) -> bool:
        """Whether ``add_gradients_to`` can be used: only dense layers learn, on the processor."""
        return self._order.can_add_gradients

    def add_gradients_to(self, total: GradientSum | None) -> None:
        """Have ``backward`` add gradients to a sum in place of filling ``parameters.grads``.

        The gradient of the loss must come multiplied by ``total.scale``. What this is for, and
        what it gains, is in ``fusion/dense.py``.

        Args:
            total: The sum; ``None`` to fill ``parameters.grads`` again.
        """
        self._order.add_gradients_to(total)

    def follow_statistics(self, micro_batches: int) -> None:
        """Blend the observed statistics into the running ones.

        Args:
            micro_batches: How many micro-batches' statistics are summed in ``statistics.grads``.
        """
        statistics = self.statistics
        statistics.values += (
            statistics.grads * (1 / micro_batches) - statistics.values
        ) * _STATISTICS_MOMENTUM

    def replica(self) -> Network:
        """A network that shares values and statistics, with gradients and buffers of its own."""
        return Network(
            self.spec,
            self._make_layers,
            input_shape=self.input_shape,
            backend=self.backend,
            dtype=self.dtype,
            seed=self.seed,
            shared=self,
        )

    def use_values(self, values: Array, statistics: Array) -> None:
        """Take parameters and statistics from other flat arrays from now on, and change those."""
        self.parameters.use_values(values)
        self.statistics.use_values(statistics)

    def to_inside(self, images: Any, out: Array | None = None) -> Array:
        """(N, H, W) or (N, C, H, W) host images → (C, H, W, N) on the device.

        Numbers are taken as they are, 0 … 1; bytes as 0 … 255.

        Args:
            images: The images.
            out: Where to, on the host; made anew where ``None``.
        """
        samples = images.reshape(len(images), -1)  # (N, C·H·W)
        if self.is_dense and samples.dtype == self.dtype:
            inside = samples.T  # a matrix product reads it either way round
        else:
            shape = samples.shape[::-1]
            inside = np.empty(shape, self.dtype) if out is None else out.reshape(shape)
            inside[...] = samples.T
            if images.dtype == np.uint8:
                inside *= 1 / 255
        return self.backend.asarray(inside.reshape(*self.input_shape, len(images)))

    def predict_logits(self, images: Any) -> np.ndarray[Any, Any]:
        """Read host images.

        Args:
            images: (N, H, W) or (N, C, H, W), ink 1 and paper 0.

        Returns:
            Logits (N, classes) on the host.
        """
        count, size = len(images), self.images_read_at_once
        logits = np.empty((count, *self.output_shape), dtype=self.dtype)
        reader = PieceReader(self)
        with short_ufunc_buffers() if count >= _BATCH else contextlib.nullcontext():
            for start in range(0, count, size):
                piece = slice(start, start + size)
                logits[piece] = reader.predict_logits(images[piece])
        return logits

    @property
    def images_read_at_once(self) -> int:
        """Of how many images ``predict_logits`` makes one product; cut so, results are the same.

        Nothing is kept for a way back, so twice as many as in a micro-batch fit into the cache.
        """
        if self.backend.name == "gpu":
            return _GPU_MICRO_BATCH_SIZE
        return self.micro_batch_size * (1 if self.is_dense else 2)

    @property
    def micro_batch_size(self) -> int:
        """Images worked on at once: as many as keep the largest layer in the processor's cache.

        A fixed function of the layers, never of the machine, because batch normalization and
        dropout depend on it. Dense networks take the batch whole where memory allows: their
        weights are what is large.
        """
        numbers = max(
            math.prod(shape)
            for shape in (self.input_shape, *(layer.output_shape for layer in self.layers))
        )
        sizes = _DENSE_MICRO_BATCH_SIZES if self.is_dense else _MICRO_BATCH_SIZES
        fitting = [
            size
            for size in sizes
            if (self.is_dense or 4 * numbers * size <= _CACHE_BYTES)
            and 4 * self._order.numbers_per_image * size <= _MICRO_BATCH_BYTES
        ]
        return max(fitting, default=min(sizes))

    def snapshot(self) -> HostArrays:
        """Host copies of all parameters and statistics, by dotted name."""
        return {
            parameter.name: np.array(self.backend.to_host(parameter.value))
            for parameter in self._saved()
        }

    def load_arrays(self, arrays: Mapping[str, np.ndarray[Any, Any]]) -> None:
        """Take over what ``snapshot`` gave; nothing changes unless everything fits.

        Raises:
            ArraysError: A name is missing or unknown, or a shape differs.
        """
        check_arrays({parameter.name: parameter.shape for parameter in self._saved()}, arrays)
        for parameter in self._saved():
            parameter.value[...] = self.backend.asarray(arrays[parameter.name], self.dtype)

    def _saved(self) -> list[Parameter]:
        return [*self.parameters, *self.statistics]

    def summary(self) -> tuple[LayerSummary, ...]:
        """One row per layer, in the order written."""
        rows = []
        for layer in self.layers:
            prefix = f"{layer.name}."
            count = sum(p.size for p in self.parameters if p.name.startswith(prefix))
            rows.append(LayerSummary(layer.name, type(layer).__name__, layer.output_shape, count))
        return tuple(rows)

    @property
    def parameter_count(self) -> int:
        """How many numbers are learned."""
        return self.parameters.size
