"""What all optimizers share: decay, clipping, and a memory for every parameter.

Every rule is element by element, so any part of the buffer can be updated by itself, by any thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from digitdesk.errors import ArraysError
from digitdesk.nn.core.backend import Array
from digitdesk.nn.core.buffers import aligned_empty, aligned_zeros
from digitdesk.nn.core.parameters import GradientSum, ParameterBuffer

_FLUSH_INTERVAL = 128
_NOTHING = 1e-30
"""Momentum 0.9 takes 175 steps from here to the smallest normal float32."""


class Optimizer:
    """What optimizers share: decay, clipping, memory per parameter, and saving it.

    Args:
        learning_rate: Used where ``step`` is given none.
        weight_decay: Decoupled decay λ: ``w ← w − lr λ w`` before the rule.
        l1: Adds ``l1 · sign(w)`` to the gradient.
        l2: Adds ``l2 · w`` to the gradient.
        clip_norm: Largest norm of the whole gradient; 0 for no limit.

    Decay, L1 and L2 apply to kernels only, not to biases and normalization.

    Source:
        Decoupled decay: Loshchilov and Hutter, 2019, algorithm 2. Clipping: Pascanu et al., 2013,
        algorithm 1.
    """

    slots: ClassVar[tuple[str, ...]] = ()
    """Names of the arrays remembered for each parameter."""

    def __init__(
        self,
        learning_rate: float,
        *,
        weight_decay: float = 0.0,
        l1: float = 0.0,
        l2: float = 0.0,
        clip_norm: float = 0.0,
    ) -> None:
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.l1 = l1
        self.l2 = l2
        self.clip_norm = clip_norm
        self.steps = 0
        self._memory: dict[str, Array] = {}
        self._scratch: Array = None
        self._loaded: Mapping[str, np.ndarray[Any, Any]] = {}

    def step(self, buffer: ParameterBuffer, learning_rate: float | None = None) -> None:
        """Follow the gradients in ``buffer`` once; they are used up by it."""
        self.begin_step(buffer, learning_rate)
        self.clip(buffer)
        self.update(buffer, slice(0, buffer.values.size))

    def begin_step(self, buffer: ParameterBuffer, learning_rate: float | None = None) -> None:
        """Count a step and do what concerns the buffer as a whole, before ``clip`` and ``update``.

        Args:
            buffer: The parameters; their gradients may be filled in later.
            learning_rate: For this step; ``None`` for the optimizer's own.
        """
        self.rate = self.learning_rate if learning_rate is None else learning_rate
        self.steps += 1
        self._remember(buffer)
        if self.steps % _FLUSH_INTERVAL == 0:
            self._flush(buffer.xp)

    @property
    def memory(self) -> Mapping[str, Array]:
        """What is remembered for each parameter, by the names in ``slots``; there once it began."""
        return self._memory

    def gradient_sum(self) -> GradientSum | None:
        """The rule's own sum of gradients, for a backward pass that adds to it at once.

        To be called between ``begin_step`` and that pass, if at all; ``update`` then asks for no
        gradients. See ``Network.add_gradients_to``.

        Returns:
            ``None`` where the rule needs each step's gradients by themselves.
        """
        return None

    def _remember(self, buffer: ParameterBuffer) -> None:
        """Make room for what is remembered, once."""
        if self._scratch is not None:
            return
        self._backend = buffer.backend
        size, dtype = buffer.values.size, buffer.dtype
        self._scratch = aligned_empty(buffer.xp, size, dtype)
        for name in self.slots:
            self._memory[name] = aligned_zeros(buffer.xp, size, dtype)
            if name in self._loaded:
                self._memory[name][...] = buffer.backend.asarray(self._loaded[name], buffer.dtype)

    def _flush(self, xp: Any) -> None:
        """Set to zero what has decayed to nothing.

        A memory that halves and halves again, as for a pixel at the border, ends in subnormal
        numbers, on which processors are a hundred times slower.
        """
        for memory in self._memory.values():
            memory *= xp.abs(memory) > _NOTHING

    def update(self, buffer: ParameterBuffer, part: slice, grads: Array = None) -> None:
        """Apply decay and the rule to one part of the buffer.

        Args:
            buffer: The parameters.
            part: Which of them.
            grads: Their gradients; ``None`` for the buffer's own. They are used up.
        """
        grads = buffer.grads[part] if grads is None else grads
        decayed = slice(part.start, min(part.stop, buffer.decayed_size))
        if decayed.start < decayed.stop and (self.l1 or self.l2 or self.weight_decay):
            self._decay(buffer, decayed, grads[: decayed.stop - decayed.start])
        memory = {name: array[part] for name, array in self._memory.items()}
        self._rule(buffer.xp, buffer.values[part], grads, self._scratch[part], **memory)

    def _decay(self, buffer: ParameterBuffer, part: slice, grads: Array) -> None:
        values, scratch = buffer.values[part], self._scratch[part]
        if self.l2:
            grads += buffer.xp.multiply(values, self.l2, out=scratch)
        if self.l1:
            buffer.xp.sign(values, out=scratch)
            scratch *= self.l1
            grads += scratch
        if self.weight_decay:
            values *= 1 - self.rate * self.weight_decay

    def clip(self, buffer: ParameterBuffer) -> None:
        """Scale the gradient down to ``clip_norm`` where it is longer."""
        if not self.clip_norm:
            return
        norm = buffer.xp.sqrt(buffer.xp.dot(buffer.grads, buffer.grads))
        # min(1, clip / norm), written so that a zero norm divides by clip_norm instead.
        buffer.grads *= self.clip_norm / buffer.xp.maximum(norm, self.clip_norm)

    def _rule(self, xp: Any, values: Array, grads: Array, scratch: Array, **memory: Array) -> None:
        """Change ``values`` in place.

        ``grads``, ``scratch`` and ``memory`` are arrays of the same length; the first two may be
        overwritten.
        """
        raise NotImplementedError

    def state_arrays(self) -> dict[str, np.ndarray[Any, Any]]:
        """Copies of all it remembers, to resume later."""
        arrays = {
            name: np.array(self._backend.to_host(array)) for name, array in self._memory.items()
        }
        return {"steps": np.array(self.steps, dtype=np.int64), **arrays}

    def load_state_arrays(self, arrays: Mapping[str, np.ndarray[Any, Any]]) -> None:
        """Go on from what ``state_arrays`` gave.

        Raises:
            ArraysError: The names or sizes do not belong to this optimizer.
        """
        expected = {"steps", *self.slots} if int(arrays.get("steps", 0)) else {"steps"}
        if set(arrays) != expected:
            raise ArraysError(
                "The optimizer state does not fit",
                expected=", ".join(sorted(expected)),
                received=", ".join(sorted(arrays)) or "nothing",
            )
        self.steps = int(arrays["steps"])
        self._loaded = {name: np.array(arrays[name]) for name in arrays if name != "steps"}
        self._scratch = None
