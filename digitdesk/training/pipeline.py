"""The whole work of a run: load the data, build the network, train it, and judge what came out.

The worker thread and the command line call the same function.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.data.dataset import Dataset
from digitdesk.errors import ArraysError, ConfigError, DataError
from digitdesk.messages.model import LayerRow, ModelCard
from digitdesk.messages.run import (
    RunDiagnosis,
    RunFinished,
    RunPreparing,
    SettingChanged,
    TrainingConfig,
)
from digitdesk.metrics import accuracy, count_right, wilson_interval
from digitdesk.nn.core.arithmetic import arithmetic
from digitdesk.nn.core.backend import select_backend
from digitdesk.nn.losses import LOSSES
from digitdesk.nn.network import Network
from digitdesk.nn.parallel.network_pool import NetworkPool
from digitdesk.nn.spec.build import INPUT_SHAPE, build_network
from digitdesk.training.diagnosis.before_training import before_training
from digitdesk.training.run import Run
from digitdesk.training.split import TrainingData, split
from digitdesk.training.trainer import Trainer
from digitdesk.training.weight_publisher import LiveModel

Calibrate = Callable[[NDArray[Any], NDArray[Any], int], tuple[float, float]]
"""From logits (N, outputs), labels (N,) and the number of classes: temperature and threshold."""

Load = Callable[[TrainingConfig, Callable[[int, int], None], Callable[[], None]], Dataset]
"""From a config, where to report progress, and what to call often: the data set."""

Predict = Callable[[NDArray[Any]], NDArray[Any]]
"""From pictures (N, 28, 28) to logits (N, outputs)."""

ReadViews = Callable[[Predict, NDArray[Any]], NDArray[Any]]
"""As ``Predict``, from the mean of several views of each picture."""

CheckModel = Callable[[ModelCard, Mapping[str, NDArray[Any]]], None]
"""From a card and a network's arrays by name: raises where they could not be saved."""

StoredWeights = Callable[[str, int], Mapping[str, NDArray[Any]]]
"""From ``reader`` or a model's file, and how many planes a run is shown: arrays by name."""

_NOTED_CHANGES = 200
_STOPPED_CALIBRATION_IMAGES = 1000


class _StoppedEarlyError(Exception):
    """The run was told to stop before its first step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunServices:
    """What runs need of rooms that training does not know; the same for all runs of a session.

    Attributes:
        load: Gives the data set that a config names; told where to report images drawn, and what
            to call often, which raises once the run is told to stop.
        calibrate: Fits how confidences are read to held-out images, once the run is over.
        check_model: Whether the network can be saved at all, asked before the first step.
        stored_weights: Those of a saved model, for a run that starts from one and is shown so many
            planes of each drawing.
        read_views: How pictures are read where a config asks for test-time averaging.
        preprocessing_version: Version of the preprocessing, kept in the card.
        app_version: Kept in the card.
        notes: Gives what else the card says.
    """

    load: Load
    calibrate: Calibrate
    check_model: CheckModel
    stored_weights: StoredWeights = lambda model, planes: {}
    read_views: ReadViews = lambda predict, images: predict(images)
    preprocessing_version: int
    app_version: str
    notes: Callable[[], str] = lambda: ""


def train(run: Run, services: RunServices) -> RunFinished:
    """Do a run's work, publish the network with its card, and return the run's last event.

    Raises:
        DigitDeskError: A file or the training itself failed.
    """
    # A graphics card knows one loss.
    is_usual = run.config.loss == LOSSES[0]
    backend = select_backend(run.config.device if is_usual else "cpu")
    try:
        dataset = _load(run, services)
    except _StoppedEarlyError:
        return RunFinished(run.run_id, "stopped")
    _check_classes(dataset)
    data = split(dataset, run.config)
    # What a name stands for may change from version to version; a begun run keeps its layers.
    spec = run.resume_from.facts.spec if run.resume_from is not None else run.config.model
    outputs = len(dataset.class_names) + len(dataset.reject_names)
    network = build_network(
        spec,
        input_shape=(dataset.input_planes, *INPUT_SHAPE[1:]),
        classes=outputs,
        backend=backend,
        seed=run.config.seed,
    )
    if run.resume_from is None and run.config.start_from is not None:
        _start_from(network, run.config.start_from, services)
    card = _first_card(run, services, dataset, network)
    services.check_model(card, network.snapshot())
    _tell_doubts(run, dataset, network, data.train_labels)
    trainer = Trainer(run, data, network, card)
    finished = trainer.run()
    if not run.commands.is_closing:
        card, finished = _judged(run, services, data, network, card, finished)
    final = dataclasses.replace(
        card,
        epochs=finished.epochs,
        test_accuracy=finished.test_accuracy,
        test_interval=finished.test_interval,
        test_count=finished.test_count,
        config=_plain(run.config, trainer.changes),
    )
    run.publish(LiveModel(final, network.snapshot(), trainer.step))
    return finished


def _load(run: Run, services: RunServices) -> Dataset:
    """The run's data, which for a run that goes on must be what it began with."""

    def prepare(done: int, total: int) -> None:
        run.emit(RunPreparing(run.run_id, done, total))

    def stop_if_told() -> None:
        if run.commands.is_stopping:
            raise _StoppedEarlyError

    dataset = services.load(run.config, prepare, stop_if_told)
    stop_if_told()
    if run.resume_from is not None and run.resume_from.facts.data_hash != dataset.sha256:
        raise DataError(
            f"{dataset.title} has changed since the run was interrupted",
            expected=f"SHA-256 {run.resume_from.facts.data_hash[:16]}…",
            received=f"{dataset.sha256[:16]}…",
            hint="Bring the old data back, or start a new run",
        )
    return dataset


def _start_from(network: Network, model: str, services: RunServices) -> None:
    """Begin with the weights of a saved model."""
    try:
        network.load_arrays(services.stored_weights(model, network.input_shape[0]))
    except ArraysError as error:
        raise ConfigError(
            f"A network of other layers cannot start from {Path(model).name}",
            expected=error.expected,
            received=error.received,
            hint="Choose the network that the saved model has, and data of as many classes",
        ) from error


def _check_classes(dataset: Dataset) -> None:
    if len(dataset.class_names) < 2:
        raise DataError(
            f"{dataset.title} has only one class",
            expected="at least two, for a network to tell apart",
            received=", ".join(dataset.class_names),
            hint="Choose or join data of several classes",
        )


def _tell_doubts(run: Run, dataset: Dataset, network: Network, labels: NDArray[np.uint8]) -> None:
    """Say before the first step what will mislead; a run that goes on has heard it."""
    if run.resume_from is not None:
        return
    for note in dataset.notes:
        run.emit(RunDiagnosis(run.run_id, "data", note))
    for diagnosis in before_training(network, run.config, labels, dataset.class_names, run.run_id):
        run.emit(diagnosis)


def _first_card(run: Run, services: RunServices, dataset: Dataset, network: Network) -> ModelCard:
    """What can be said of a network before it has learned."""
    return ModelCard(
        title=f"{run.config.model} · {dataset.title}",
        spec=network.spec,
        input_planes=dataset.input_planes,
        class_names=dataset.class_names,
        reject_names=dataset.reject_names,
        preparation_version=services.preprocessing_version,
        parameter_count=network.parameter_count,
        layers=tuple(
            LayerRow(row.name, row.kind, row.output_shape, row.parameter_count)
            for row in network.summary()
        ),
        dataset=dataset.name,
        data_hash=dataset.sha256,
        seed=run.config.seed,
        device=network.backend.name,
        arithmetic=arithmetic(network.backend),
        created=run.now().isoformat(timespec="seconds"),
        app_version=services.app_version,
        notes=services.notes(),
        config=_plain(run.config),
    )


def _judged(
    run: Run,
    services: RunServices,
    data: TrainingData,
    network: Network,
    card: ModelCard,
    finished: RunFinished,
) -> tuple[ModelCard, RunFinished]:
    """The card with its calibration; both with the accuracy of the way the network will read."""
    predict = NetworkPool(network).predict_logits
    is_completed = finished.ending == "completed"
    # Whoever stops a run waits for its end: one view, and a part of the held-out images, must do.
    if run.config.test_time_averaging and is_completed:
        card = dataclasses.replace(card, test_time_averaging=True)
        if finished.test_count:
            logits = services.read_views(predict, data.test_images)[:, : len(card.class_names)]
            correct = count_right(logits.argmax(axis=1), data.test_labels)
            finished = dataclasses.replace(
                finished,
                test_accuracy=accuracy(correct, finished.test_count),
                test_interval=wilson_interval(correct, finished.test_count),
            )
    held_out = slice(None if is_completed else _STOPPED_CALIBRATION_IMAGES)
    images, labels = data.validation_images[held_out], data.validation_labels[held_out]
    # Of a small set, what is held out may be none of the classes.
    if (labels < len(card.class_names)).any():
        logits = (
            services.read_views(predict, images) if card.test_time_averaging else predict(images)
        )
        temperature, threshold = services.calibrate(logits, labels, len(card.class_names))
        card = dataclasses.replace(card, temperature=temperature, refusal_threshold=threshold)
    return card, finished


def _plain(
    config: TrainingConfig, changes: Sequence[SettingChanged] = ()
) -> dict[str, str | int | float | bool | None]:
    """The settings for the card, without folders: a path says where somebody lives."""
    settings = dataclasses.asdict(config)
    settings["data_dir"] = None
    if config.start_from is not None:
        settings["start_from"] = Path(config.start_from).name
    if changes:
        noted = [f"{c.name}={c.value:g}@{c.step}" for c in changes[:_NOTED_CHANGES]]
        settings["changes"] = " ".join(noted)
    return settings
