"""Settings to begin with, by what one wants: a quick look, the best reading, or a known network."""

from __future__ import annotations

from collections.abc import Callable

from digitdesk.messages.run import TrainingConfig
from digitdesk.ui.i18n.text import Sentence, _

CUSTOM = "custom"

PRESETS: dict[str, TrainingConfig] = {
    "quick": TrainingConfig(model="cnn-light", epochs=2),
    # As the recipe "accurate" of the command line, as far as the form has fields for it.
    "accurate": TrainingConfig(
        model="reader",
        epochs=10,
        batch_size=128,
        optimizer="adamw",
        learning_rate=0.003,
        schedule="one-cycle",
        weight_decay=0.02,
        augmentation=0.5,
    ),
    "blog-mlp": TrainingConfig(
        model="flatten dense(128) relu dense(10)",
        epochs=10,
        batch_size=32,
        optimizer="sgd",
        schedule="constant",
    ),
    "blog-cnn": TrainingConfig(
        model="conv(8, 3) relu maxpool(2) flatten dense(10)",
        epochs=3,
        batch_size=32,
        optimizer="sgd",
        schedule="constant",
    ),
}

_TITLES: dict[str, Callable[[], Sentence]] = {
    "quick": lambda: _("Quick: about a minute"),
    "accurate": lambda: _("Accurate: some ten minutes"),
    "blog-mlp": lambda: _("As in tutorials: dense layers"),
    "blog-cnn": lambda: _("As in tutorials: one convolution"),
    CUSTOM: lambda: _("Custom"),
}


def preset_titles() -> dict[str, Sentence]:
    """What the presets are called, ``CUSTOM`` last."""
    return {name: title() for name, title in _TITLES.items()}
