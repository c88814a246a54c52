"""What each setting of a run does, and a sensible range for it."""

from __future__ import annotations

from digitdesk.ui.i18n.text import Sentence, _


def field_help() -> dict[str, Sentence]:
    """Explanations by the name of the field in ``TrainingConfig``."""
    return {
        "preset": _("Fills in all settings for a purpose. Change any of them afterwards."),
        "data": _(
            "What the network learns from: MNIST, the built-in handwriting, pen strokes, several "
            "joined with + (mnist+handwriting), or a folder of your own."
        ),
        "model": _(
            "The network: a ready-made one, or layers in a row such as “flatten dense(128) relu "
            "dense(10)”. More layers read better and learn more slowly."
        ),
        "optimizer": _(
            "How weights follow their gradients. Adam works almost always; sgd and momentum need "
            "a well chosen learning rate."
        ),
        "learning_rate": _(
            "Size of a step. Too large: the loss jumps or explodes; too small: nothing happens. "
            "Usual: 0.001 for adam, 0.01 to 0.1 for sgd."
        ),
        "batch_size": _(
            "Images looked at before each step. 32 to 128 is usual; larger is faster per image "
            "and may need a larger learning rate."
        ),
        "epochs": _("How often the network sees every image. 2 to 20 is usual."),
        "seed": _(
            "Start of all random numbers: the same seed and settings give the same network. Any "
            "whole number."
        ),
        "device": _("Where it computes. “auto” takes a graphics card where there is one."),
        "schedule": _(
            "How the learning rate changes during the run. One-cycle rises, then falls to "
            "nothing, and mostly wins; constant stays."
        ),
        "momentum": _(
            "How much of the last step is kept, for momentum optimizers. 0.9 is usual; 0 to 0.99."
        ),
        "weight_decay": _(
            "Pulls weights toward zero, against learning by heart. 0 to 0.01 is usual."
        ),
        "label_smoothing": _(
            "Asks the network to be a little less than certain. 0 to 0.1 is usual."
        ),
        "augmentation": _(
            "Turns, shifts, stretches and bends the training images at random, so that the "
            "network sees more hands. 0 is off, 0.5 is usual, 1 is wild."
        ),
        "validation_fraction": _(
            "Part of the training images kept aside to judge by. 1/12 (5,000 of 60,000) is usual."
        ),
        "limit": _("Train on so many images only, for a quick try. Empty takes all of them."),
        "threads": _("Processor cores to use. Empty takes all of them."),
    }


def knob_help() -> dict[str, Sentence]:
    """Explanations of what can be changed while a network trains."""
    return {
        "learning_rate": _(
            "Multiplies the size of the steps from now on. If the loss jumps, make it smaller; if "
            "it creeps, larger."
        ),
        "momentum": _("How much of the last step is kept. 0.9 is usual; 0 to 0.99."),
        "dropout": _(
            "Share of values switched off at random while training, against learning by heart. "
            "0.2 to 0.5 is usual."
        ),
        "weight_decay": _("Pulls weights toward zero. 0 to 0.01 is usual."),
        "augmentation": _("How wildly training images are changed. 0 is off, 0.5 is usual."),
    }
