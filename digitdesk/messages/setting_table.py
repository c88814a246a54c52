"""The table of all settings of a run; forms, flags, checks and searches read it.

It stands with the messages because the window shows its form before there is a session to ask.
"""

from __future__ import annotations

import dataclasses

from digitdesk.messages.run import TrainingConfig
from digitdesk.messages.setting import Setting, Span

_TABLE = (
    Setting(
        "model",
        "Model",
        "network",
        "network, by name or as text",
        "The network: a ready-made one, or layers in a row such as “flatten dense(128) relu "
        "dense(10)”. More layers read better and learn more slowly.",
    ),
    Setting(
        "data",
        "Data",
        "data",
        "data set, or folder of an IDX set",
        "What the network learns from: MNIST, the built-in handwriting, pen strokes, several "
        "joined with + (mnist+handwriting), or a folder of your own.",
    ),
    Setting(
        "epochs",
        "Epochs",
        "whole",
        "passes over the data",
        "How often the network sees every image. 2 to 20 is usual.",
        low=1,
        high=10_000,
        usual=Span(2, 20),
    ),
    Setting(
        "batch_size",
        "Batch size",
        "whole",
        "images per step",
        "Images looked at before each step. 32 to 128 is usual; larger is faster per image "
        "and may need a larger learning rate.",
        low=1,
        high=10_000_000,
        usual=Span(32, 128, is_log=True),
    ),
    Setting(
        "learning_rate",
        "Learning rate",
        "number",
        "highest rate",
        "Size of a step. Too large: the loss jumps or explodes; too small: nothing happens. "
        "Usual: 0.001 for adam, 0.01 to 0.1 for sgd.",
        low=0.0,
        high=100.0,
        low_is_open=True,
        none="the optimizer's own",
        usual=Span(1e-5, 1.0, is_log=True),
        is_live=True,
        live_help="Multiplies the size of the steps from now on. If the loss jumps, make it "
        "smaller; if it creeps, larger.",
    ),
    Setting(
        "optimizer",
        "Optimizer",
        "choice",
        "how to step",
        "How weights follow their gradients. Adam works almost always; sgd and momentum need "
        "a well chosen learning rate.",
    ),
    Setting(
        "schedule",
        "Schedule",
        "choice",
        "rate over time",
        "How the learning rate changes during the run. One-cycle rises, then falls to "
        "nothing, and mostly wins; constant stays.",
    ),
    Setting(
        "momentum",
        "Momentum",
        "number",
        "0 up to 1",
        "How much of the last step is kept, for momentum optimizers. 0.9 is usual; 0 to 0.99.",
        low=0.0,
        high=1.0,
        high_is_open=True,
        usual=Span(0.0, 0.99),
        is_live=True,
        live_help="How much of the last step is kept. 0.9 is usual; 0 to 0.99.",
    ),
    Setting(
        "dropout",
        "Dropout",
        "number",
        "rate of every dropout layer",
        "Share of values switched off at random while training, against learning by heart. "
        "0.2 to 0.5 is usual.",
        low=0.0,
        high=1.0,
        high_is_open=True,
        none="each layer's own",
        usual=Span(0.0, 0.8),
        is_live=True,
    ),
    Setting(
        "weight_decay",
        "Weight decay",
        "number",
        "0 for none",
        "Pulls weights toward zero, against learning by heart. 0 to 0.01 is usual.",
        low=0.0,
        high=1.0,
        high_is_open=True,
        usual=Span(1e-6, 0.1, is_log=True),
        is_live=True,
        live_help="Pulls weights toward zero. 0 to 0.01 is usual.",
    ),
    Setting(
        "l1",
        "L1 penalty",
        "number",
        "weight of the sum of all |w| in the loss",
        "Pulls every weight toward zero with the same force, so that those that are not needed "
        "become zero. 0 is off, 0.00001 to 0.001 is usual.",
        low=0.0,
        high=1.0,
        usual=Span(1e-6, 1e-3, is_log=True),
    ),
    Setting(
        "l2",
        "L2 penalty",
        "number",
        "weight of half the sum of all w² in the loss",
        "Pulls large weights toward zero through their gradients; for sgd the same as weight "
        "decay. 0 is off, 0.00001 to 0.01 is usual.",
        low=0.0,
        high=1.0,
        usual=Span(1e-6, 1e-2, is_log=True),
    ),
    Setting(
        "loss",
        "Loss",
        "choice",
        "what is to become small",
        "What training makes small. Cross-entropy is usual for telling classes apart; squared "
        "error asks the outputs for 1 at the right class and 0 elsewhere, and learns more slowly.",
    ),
    Setting(
        "label_smoothing",
        "Label smoothing",
        "number",
        "0 for none",
        "Asks the network to be a little less than certain. 0 to 0.1 is usual.",
        low=0.0,
        high=1.0,
        high_is_open=True,
        usual=Span(0.0, 0.1),
    ),
    Setting(
        "clip_norm",
        "Gradient clipping",
        "number",
        "largest norm of a gradient, 0 for any",
        "Shortens gradients that are longer than this. 0 is off, 1 is usual.",
        low=0.0,
        high=1e6,
    ),
    Setting(
        "augmentation",
        "Augmentation",
        "number",
        "strength of random changes, 0 to 1",
        "Turns, shifts, stretches and bends the training images at random, so that the "
        "network sees more hands. 0 is off, 0.5 is usual, 1 is wild.",
        low=0.0,
        high=1.0,
        usual=Span(0.0, 1.0),
        is_live=True,
        live_help="How wildly training images are changed. 0 is off, 0.5 is usual.",
    ),
    Setting(
        "test_time_averaging",
        "Several views",
        "switch",
        "let the finished network read each picture in five views",
        "Lets the finished network read every picture in five views, turned and slanted a "
        "little: it is right more often, and takes five times as long.",
    ),
    Setting(
        "average",
        "Weight average",
        "number",
        "decay of the weight average, 0 for none",
        "Keeps the mean of the weights of many steps instead of the last ones. 0 is off, 0.999 "
        "is usual.",
        low=0.0,
        high=1.0,
        high_is_open=True,
    ),
    Setting(
        "validation_fraction",
        "Validation part",
        "number",
        "part of the training images held out to judge by",
        "Part of the training images kept aside to judge by. 1/12 (5,000 of 60,000) is usual.",
        low=0.0,
        high=0.5,
    ),
    Setting(
        "keep_best",
        "Best epoch",
        "switch",
        "take the network of the epoch that read held-out images best",
        "The finished network is that of the epoch that read the validation part best, not that "
        "of the last one.",
    ),
    Setting(
        "patience",
        "Early stopping",
        "whole",
        "epochs without a better one after which to end, with the best",
        "Ends after so many epochs in a row that read the validation part no better, and takes "
        "the best one. 3 to 10 is usual; empty trains all epochs.",
        low=1,
        high=10_000,
        none="never",
        usual=Span(2, 10),
    ),
    Setting(
        "start_from",
        "Start from",
        "model",
        "model to take the first weights from",
        "A saved model of the same layers whose weights the network begins with. Empty begins "
        "with random ones.",
        none="random weights",
    ),
    Setting(
        "seed",
        "Seed",
        "whole",
        "same seed, same network",
        "Start of all random numbers: the same seed and settings give the same network. Any "
        "whole number.",
        low=0,
        high=2**32 - 1,
    ),
    Setting(
        "limit",
        "Limit",
        "whole",
        "train on this many images only",
        "Train on so many images only, for a quick try. Empty takes all of them.",
        low=1,
        high=1_000_000_000,
        none="all",
    ),
    Setting(
        "device",
        "Device",
        "choice",
        "",
        "Where it computes. “auto” takes a graphics card where there is one.",
        choices=("cpu", "gpu", "auto"),
    ),
    Setting(
        "threads",
        "Threads",
        "whole",
        "threads that share the work",
        "Processor cores to use. Empty takes all of them.",
        low=1,
        high=64,
        none="one per core",
    ),
)

_DEFAULTS = dataclasses.asdict(TrainingConfig())

SETTINGS: dict[str, Setting] = {
    setting.name: dataclasses.replace(setting, default=_DEFAULTS[setting.name])
    for setting in _TABLE
    if setting.name in _DEFAULTS
}
"""Those a run begins with, by their name in ``TrainingConfig``."""

LIVE_SETTINGS: dict[str, Setting] = {setting.name: setting for setting in _TABLE if setting.is_live}
"""Those that may change while a network trains; dropout's rates a run takes from its layers."""
