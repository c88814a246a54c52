"""One whole run, from a config to a trained network with its card.

The worker thread and the command line call the same function.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable
from dataclasses import dataclass

from digitdesk.data.datasets import Dataset
from digitdesk.errors import ConfigError
from digitdesk.messages import ModelCard, RunEvent, RunFinished, RunPreparing, TrainingConfig
from digitdesk.nn.backend import select_backend
from digitdesk.nn.optimizers import DEFAULT_LEARNING_RATES
from digitdesk.nn.spec import build_network, parse_layers
from digitdesk.training.split import split
from digitdesk.training.trainer import Trainer, Weights


class _StoppedEarlyError(Exception):
    """The run was told to stop before its first step."""


@dataclass(frozen=True, slots=True)
class LiveModel:
    """Weights of a network that is learning or has just learned, with the step they are from."""

    card: ModelCard
    weights: Weights
    step: int


def check_config(config: TrainingConfig) -> None:
    """Refuse settings that cannot work, before anything is loaded.

    Raises:
        ConfigError: Names the field, what it may be, and what it is.
        SpecError: The network's text cannot be read. Whether its layers fit each other and the
            classes shows when it is built.
    """
    rules: tuple[tuple[bool, str, str, object], ...] = (
        (1 <= config.epochs <= 10_000, "epochs", "a whole number from 1 to 10,000", config.epochs),
        (
            1 <= config.batch_size <= 8192,
            "batch size",
            "a whole number from 1 to 8192",
            config.batch_size,
        ),
        (
            config.learning_rate is None or 0 < config.learning_rate <= 100,
            "learning rate",
            "a number above 0, at most 100",
            config.learning_rate,
        ),
        (0 <= config.momentum < 1, "momentum", "a number from 0 up to 1", config.momentum),
        (0 <= config.weight_decay < 1, "weight decay", "0 up to 1", config.weight_decay),
        (
            0 <= config.label_smoothing < 1,
            "label smoothing",
            "a number from 0 up to 1",
            config.label_smoothing,
        ),
        (
            0 <= config.augmentation <= 1,
            "augmentation",
            "a number from 0 to 1",
            config.augmentation,
        ),
        (0 <= config.average < 1, "weight average", "a number from 0 up to 1", config.average),
        (
            0 <= config.validation_fraction <= 0.5,
            "validation part",
            "a number from 0 to 0.5",
            config.validation_fraction,
        ),
        (
            config.limit is None or config.limit >= 1,
            "limit",
            "a whole number from 1",
            config.limit,
        ),
        (0 <= config.seed < 2**32, "seed", "a whole number from 0 to 4294967295", config.seed),
        (
            config.threads is None or 1 <= config.threads <= 64,
            "threads",
            "a whole number from 1 to 64",
            config.threads,
        ),
        (
            config.optimizer in DEFAULT_LEARNING_RATES,
            "optimizer",
            f"one of {', '.join(DEFAULT_LEARNING_RATES)}",
            config.optimizer,
        ),
    )
    for holds, field, expected, received in rules:
        if not holds:
            raise ConfigError(
                f"The {field} cannot be used", expected=expected, received=str(received)
            )
    parse_layers(config.model)


def run_job(
    config: TrainingConfig,
    *,
    run_id: int,
    load: Callable[[TrainingConfig, Callable[[int, int], None]], Dataset],
    emit: Callable[[RunEvent], None],
    should_stop: Callable[[], bool],
    publish: Callable[[LiveModel], None],
    preparation_version: int,
    app_version: str,
    now: Callable[[], datetime.datetime],
) -> RunFinished:
    """Load the data, build the network, train it and publish the result with its card.

    Args:
        config: The settings of the run.
        run_id: Written into every event.
        load: Gives the data set that ``config`` names; told where to report images drawn.
        emit: Receives every event but the last, which is returned.
        should_stop: Asked before each step.
        publish: Receives the network as it learns, and last the finished one.
        preparation_version: Version of the ink preparation, kept in the card.
        app_version: Kept in the card.
        now: The time, for the card.

    Raises:
        DigitDeskError: A setting, a file or the training itself failed.
    """
    check_config(config)
    backend = select_backend(config.device)

    def prepare(done: int, total: int) -> None:
        emit(RunPreparing(run_id, done, total))
        if should_stop():
            raise _StoppedEarlyError

    try:
        dataset = load(config, prepare)
    except _StoppedEarlyError:
        return RunFinished(run_id, "stopped")
    data = split(dataset, config)
    network = build_network(
        config.model, classes=len(dataset.class_names), backend=backend, seed=config.seed
    )
    card = ModelCard(
        title=f"{config.model} · {dataset.title}",
        spec=network.spec,
        class_names=dataset.class_names,
        preparation_version=preparation_version,
        parameter_count=network.parameter_count,
        layers=network.summary(),
        dataset=dataset.name,
        data_hash=dataset.sha256,
        seed=config.seed,
        device=backend.name,
        created=now().isoformat(timespec="seconds"),
        app_version=app_version,
        config=_plain(config),
    )
    trainer = Trainer(
        config,
        data,
        network,
        emit=emit,
        should_stop=should_stop,
        publish=lambda step, weights: publish(LiveModel(card, weights, step)),
        run_id=run_id,
    )
    finished = trainer.run()
    final = dataclasses.replace(
        card,
        epochs=finished.epochs,
        test_accuracy=finished.test_accuracy,
        test_interval=finished.test_interval,
        test_count=len(data.test_labels) if finished.test_accuracy is not None else 0,
    )
    publish(LiveModel(final, network.snapshot(), trainer.step))
    return finished


def _plain(config: TrainingConfig) -> dict[str, str | int | float | bool | None]:
    """The settings for the card, without the folder: a path says where somebody lives."""
    settings = dataclasses.asdict(config)
    settings["data_dir"] = None
    return settings
