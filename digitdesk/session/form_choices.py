"""What a form about training can offer, and checks of what is typed into it.

None of it depends on the session's state; it is the session's ``choices``.
"""

from __future__ import annotations

from collections.abc import Callable

from digitdesk.messages.inspection import GradientRow
from digitdesk.messages.run import Recipe, TrainingConfig
from digitdesk.nn.core.backend import cpu_backend, gpu_status
from digitdesk.nn.losses import LOSSES
from digitdesk.nn.optim.optimizers import DEFAULT_LEARNING_RATES
from digitdesk.nn.optim.schedules import SCHEDULES
from digitdesk.nn.spec.architectures import ARCHITECTURES
from digitdesk.nn.spec.build import build_network
from digitdesk.training.recipes import presets, recipe


class FormChoices:
    """Names, usual values and checks for a form."""

    def model_choices(self) -> tuple[str, ...]:
        """Names of the ready-made architectures."""
        return tuple(ARCHITECTURES)

    def optimizer_choices(self) -> tuple[str, ...]:
        """Names of the optimizers."""
        return tuple(DEFAULT_LEARNING_RATES)

    def schedule_choices(self) -> tuple[str, ...]:
        """Names of the learning rate schedules."""
        return tuple(SCHEDULES)

    def loss_choices(self) -> tuple[str, ...]:
        """Names of the losses."""
        return tuple(LOSSES)

    def device_choices(self) -> tuple[str, ...]:
        """``gpu`` is offered only where there is one; ``gpu_reason`` says why not."""
        return ("auto", "cpu", "gpu") if gpu_status().available else ("cpu",)

    @property
    def gpu_reason(self) -> str:
        """Why there is no GPU to choose; empty where there is one."""
        return gpu_status().reason

    def default_learning_rate(self, optimizer: str) -> float:
        """The rate an optimizer usually works with."""
        return DEFAULT_LEARNING_RATES[optimizer]

    def recipe(self, name: str) -> TrainingConfig:
        """The settings of a named recipe."""
        return recipe(name)

    def presets(self) -> tuple[Recipe, ...]:
        """The recipes that a form offers."""
        return presets()

    def check_spec(self, text: str, classes: int = 10) -> str:
        """Build the network a user describes and say how large it is."""
        network = build_network(text, classes=classes, backend=cpu_backend())
        return f"{network.spec} ({network.parameter_count:,} parameters)"

    def check_gradients(
        self,
        spec: str | None = None,
        progress: Callable[[int, int], None] = lambda done, total: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> tuple[GradientRow, ...]:
        """Compare hand-derived gradients with measured ones, of every layer or of one network.

        Works on a network of its own, so it may be called beside the main thread. What is checked
        when ``cancelled`` says so is returned.
        """
        from digitdesk.nn.gradient_check import check_every_layer, check_network

        if spec:
            checked = check_network(spec, progress=progress, cancelled=cancelled)
        else:
            checked = check_every_layer(progress=progress, cancelled=cancelled)
        return tuple(
            GradientRow(row.subject, row.gradient, row.comparisons, row.worst_error, row.passed)
            for row in checked
        )
