"""One whole run, from a config to a trained network with its card.

The worker thread and the command line call the same function.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from digitdesk.data.datasets import Dataset
from digitdesk.errors import DataError
from digitdesk.messages.model import LayerRow, ModelCard
from digitdesk.messages.run import (
    RunEvent,
    RunFinished,
    RunPreparing,
    SettingChanged,
    TrainingConfig,
)
from digitdesk.metrics import wilson_interval
from digitdesk.nn.core.backend import select_backend
from digitdesk.nn.network import Network
from digitdesk.nn.spec.build import build_network
from digitdesk.training.checkpoint import Checkpoint
from digitdesk.training.commands import RunCommands
from digitdesk.training.parallel.data_parallel import predict_logits
from digitdesk.training.settings import check_config
from digitdesk.training.split import TrainingData, split
from digitdesk.training.trainer import Trainer
from digitdesk.training.weight_publisher import Weights

Calibrate = Callable[[NDArray[Any], NDArray[Any], int], tuple[float, float]]
"""From logits (N, outputs), labels (N,) and the number of classes: temperature and threshold."""

Load = Callable[[TrainingConfig, Callable[[int, int], None], Callable[[], None]], Dataset]
"""From a config, where to report progress, and what to call often: the data set."""

Predict = Callable[[NDArray[Any]], NDArray[Any]]
"""From pictures (N, 28, 28) to logits (N, outputs)."""

ReadViews = Callable[[Predict, NDArray[Any]], NDArray[Any]]
"""As ``Predict``, from the mean of several views of each picture."""

_NOTED_CHANGES = 200
_STOPPED_CALIBRATION_IMAGES = 1000

__all__ = ["LiveModel", "check_config", "run_job"]


class _StoppedEarlyError(Exception):
    """The run was told to stop before its first step."""


@dataclass(frozen=True, slots=True)
class LiveModel:
    """Weights of a network that is learning or has just learned, with the step they are from."""

    card: ModelCard
    weights: Weights
    step: int


def run_job(
    config: TrainingConfig,
    *,
    run_id: int,
    load: Load,
    emit: Callable[[RunEvent], None],
    publish: Callable[[LiveModel], None],
    calibrate: Calibrate,
    read_views: ReadViews = lambda predict, images: predict(images),
    commands: RunCommands,
    keep: Callable[[Checkpoint], None] = lambda checkpoint: None,
    resume_from: Checkpoint | None = None,
    preparation_version: int,
    app_version: str,
    now: Callable[[], datetime.datetime],
) -> RunFinished:
    """Load the data, build the network, train it and publish the result with its card.

    Args:
        config: The settings of the run.
        run_id: Written into every event.
        load: Gives the data set that ``config`` names; told where to report images drawn, and
            what to call often, which raises once the run is told to stop.
        emit: Receives every event but the last, which is returned.
        publish: Receives the network as it learns, and last the finished one.
        calibrate: Fits how confidences are read to held-out images, once the run is over.
        read_views: How pictures are read where ``config`` asks for test-time averaging.
        commands: What the run is told while it runs.
        keep: Receives the complete state whenever it is worth keeping.
        resume_from: A state of the same ``config`` to go on from.
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

    def stop_if_told() -> None:
        if commands.is_stopping:
            raise _StoppedEarlyError

    try:
        dataset = load(config, prepare, stop_if_told)
        stop_if_told()
    except _StoppedEarlyError:
        return RunFinished(run_id, "stopped")
    if resume_from is not None and resume_from.facts.data_hash != dataset.sha256:
        raise DataError(
            f"{dataset.title} has changed since the run was interrupted",
            expected=f"SHA-256 {resume_from.facts.data_hash[:16]}…",
            received=f"{dataset.sha256[:16]}…",
            hint="Bring the old data back, or start a new run",
        )
    data = split(dataset, config)
    # What a name stands for may change from version to version; a begun run keeps its layers.
    spec = resume_from.facts.spec if resume_from is not None else config.model
    outputs = len(dataset.class_names) + len(dataset.reject_names)
    network = build_network(spec, classes=outputs, backend=backend, seed=config.seed)
    card = ModelCard(
        title=f"{config.model} · {dataset.title}",
        spec=network.spec,
        class_names=dataset.class_names,
        reject_names=dataset.reject_names,
        preparation_version=preparation_version,
        parameter_count=network.parameter_count,
        layers=tuple(
            LayerRow(row.name, row.kind, row.output_shape, row.parameter_count)
            for row in network.summary()
        ),
        dataset=dataset.name,
        data_hash=dataset.sha256,
        seed=config.seed,
        device=backend.name,
        created=now().isoformat(timespec="seconds"),
        app_version=app_version,
        config=_plain(config),
    )

    def keep_with_card(checkpoint: Checkpoint) -> None:
        facts = dataclasses.replace(
            checkpoint.facts,
            title=card.title,
            data_hash=dataset.sha256,
            saved=now().isoformat(timespec="seconds"),
        )
        keep(dataclasses.replace(checkpoint, facts=facts))

    trainer = Trainer(
        config,
        data,
        network,
        emit=emit,
        publish=lambda step, weights: publish(LiveModel(card, weights, step)),
        commands=commands,
        keep=keep_with_card,
        resume_from=resume_from,
        run_id=run_id,
        classes=len(dataset.class_names),
    )
    finished = trainer.run()
    if not commands.is_closing:
        card, finished = _judged(config, data, network, card, finished, calibrate, read_views)
    final = dataclasses.replace(
        card,
        epochs=finished.epochs,
        test_accuracy=finished.test_accuracy,
        test_interval=finished.test_interval,
        test_count=finished.test_count,
        config=_plain(config, trainer.changes),
    )
    publish(LiveModel(final, network.snapshot(), trainer.step))
    return finished


def _judged(
    config: TrainingConfig,
    data: TrainingData,
    network: Network,
    card: ModelCard,
    finished: RunFinished,
    calibrate: Calibrate,
    read_views: ReadViews,
) -> tuple[ModelCard, RunFinished]:
    """The card with its calibration; both with the accuracy of the way the network will read."""

    def predict(images: NDArray[Any]) -> NDArray[Any]:
        return predict_logits(network, images)

    is_completed = finished.ending == "completed"
    # Whoever stops a run waits for its end: one view, and a part of the held-out images, must do.
    if config.test_time_averaging and is_completed:
        card = dataclasses.replace(card, test_time_averaging=True)
        if finished.test_count:
            logits = read_views(predict, data.test_images)[:, : len(card.class_names)]
            correct = int((logits.argmax(axis=1) == data.test_labels).sum())
            finished = dataclasses.replace(
                finished,
                test_accuracy=correct / finished.test_count,
                test_interval=wilson_interval(correct, finished.test_count),
            )
    if len(data.validation_labels):
        held_out = slice(None if is_completed else _STOPPED_CALIBRATION_IMAGES)
        images, labels = data.validation_images[held_out], data.validation_labels[held_out]
        logits = read_views(predict, images) if card.test_time_averaging else predict(images)
        temperature, threshold = calibrate(logits, labels, len(card.class_names))
        card = dataclasses.replace(card, temperature=temperature, refusal_threshold=threshold)
    return card, finished


def _plain(
    config: TrainingConfig, changes: Sequence[SettingChanged] = ()
) -> dict[str, str | int | float | bool | None]:
    """The settings for the card, without the folder: a path says where somebody lives."""
    settings = dataclasses.asdict(config)
    settings["data_dir"] = None
    if changes:
        noted = [f"{c.name}={c.value:g}@{c.step}" for c in changes[:_NOTED_CHANGES]]
        settings["changes"] = " ".join(noted)
    return settings
