"""Training recipes with a name; those with a title are the presets of the window's form."""

from __future__ import annotations

import dataclasses

from digitdesk.errors import ConfigError, nearest
from digitdesk.messages.run import Recipe, TrainingConfig

# The bundled reader: see assets/README.md for the command and what it reached.
_READER = TrainingConfig(
    model="cnn-deep",
    data="mnist+pendigits+unipen+handwriting+not-digits+unipen-letters",
    epochs=28,
    batch_size=256,
    optimizer="adamw",
    learning_rate=0.004,
    schedule="one-cycle",
    weight_decay=0.02,
    label_smoothing=0.05,
    augmentation=0.5,
    average=0.999,
    test_time_averaging=True,
    validation_fraction=0.05,
)

# Its second network, for strokes. They are drawn in many forms ahead, so pictures stay as they are.
_READER_STROKES = dataclasses.replace(
    _READER,
    model="reader",
    data="pen-strokes",
    epochs=12,
    augmentation=0.0,
    test_time_averaging=False,
    validation_fraction=0.03,
)

_RECIPES = (
    Recipe(
        "quick",
        TrainingConfig(model="cnn-light", epochs=3, batch_size=64, optimizer="adam"),
        "Quick",
        "A small convolutional network, for a first look.",
        seconds=(4, 10),
        built_in_seconds=(2, 4),
    ),
    # A tenth of MNIST's images needs more rounds: the first run of whoever has nothing else.
    Recipe(
        "few",
        TrainingConfig(
            model="cnn-light", epochs=12, batch_size=32, optimizer="adam", learning_rate=0.003
        ),
        "Few images",
        "The same network, for some thousands of images such as the built-in digits.",
        seconds=(27, 30),
        built_in_seconds=(4, 13),
    ),
    Recipe(
        "accurate",
        dataclasses.replace(
            _READER,
            model="reader",
            data="mnist",
            epochs=10,
            batch_size=128,
            learning_rate=0.003,
            label_smoothing=0.0,
            validation_fraction=0.02,
        ),
        "Accurate",
        "As well as a single network learns it, in some minutes.",
        seconds=(440, 1020),
        built_in_seconds=(90, 160),
    ),
    Recipe(
        "blog-mlp",
        TrainingConfig(
            model="flatten dense(128) relu dense(10)",
            epochs=10,
            batch_size=32,
            optimizer="sgd",
            schedule="constant",
        ),
        "Tutorial: dense layers",
        "Two dense layers and plain gradient descent.",
        seconds=(3, 8),
        built_in_seconds=(2, 5),
    ),
    Recipe(
        "blog-cnn",
        TrainingConfig(
            model="conv(8, 3) relu maxpool(2) flatten dense(10)",
            epochs=3,
            batch_size=32,
            optimizer="sgd",
            schedule="constant",
        ),
        "Tutorial: one convolution",
        "One convolution and plain gradient descent.",
        seconds=(3, 8),
        built_in_seconds=(2, 6),
    ),
    # As soon as possible 99 % on MNIST's test set. Chosen by 5,000 images held out of the training
    # set (99.11 % over four seeds); MNIST's empty border lets the convolutions do without padding.
    Recipe(
        "speedrun",
        TrainingConfig(
            model=(
                "conv(12, 5, padding=valid) relu maxpool(2) conv(40, 3, padding=valid) relu "
                "maxpool(2) flatten dense(96) relu dense(10, init=glorot)"
            ),
            epochs=2,
            batch_size=128,
            optimizer="adamw",
            learning_rate=0.012,
            schedule="one-cycle",
            label_smoothing=0.1,
            validation_fraction=0.0,
        ),
    ),
    # As "accurate", for whoever has a graphics card or an hour.
    Recipe(
        "accurate-long",
        dataclasses.replace(
            _READER, data="mnist", epochs=26, label_smoothing=0.0, validation_fraction=0.02
        ),
    ),
    Recipe("reader", _READER),
    Recipe("reader-strokes", _READER_STROKES),
    Recipe("softmax", TrainingConfig(model="softmax", epochs=10, optimizer="adam")),
    Recipe("mlp", TrainingConfig(model="mlp", epochs=10, optimizer="adam")),
    # What dense layers alone can do, given pictures that are never twice the same.
    Recipe(
        "mlp-augmented",
        TrainingConfig(
            model=(
                "flatten dense(1024) batchnorm relu dense(512) batchnorm relu "
                "dense(10, init=glorot)"
            ),
            epochs=80,
            batch_size=256,
            optimizer="adamw",
            learning_rate=0.003,
            schedule="one-cycle",
            weight_decay=0.02,
            augmentation=0.5,
            average=0.999,
            validation_fraction=0.02,
        ),
    ),
)

RECIPES: dict[str, Recipe] = {recipe.name: recipe for recipe in _RECIPES}


def recipe(name: str) -> TrainingConfig:
    """The settings behind a name.

    Raises:
        ConfigError: There is no such recipe.
    """
    try:
        return RECIPES[name].config
    except KeyError:
        raise ConfigError(
            "There is no such recipe",
            expected=f"one of {', '.join(RECIPES)}",
            received=name,
            hint=nearest(name, RECIPES),
        ) from None


def presets() -> tuple[Recipe, ...]:
    """The recipes that a form offers."""
    return tuple(recipe for recipe in _RECIPES if recipe.title)
