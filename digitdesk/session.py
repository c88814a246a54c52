"""The facade between the core and whoever drives it: the window or the command line.

It owns the models, the training worker and the files. All its methods are called from one
thread; the worker reaches it only through a queue and one attribute that is replaced whole.
"""

from __future__ import annotations

import datetime
import os
import queue
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from digitdesk import __version__
from digitdesk.data.datasets import Dataset, download_mnist, list_datasets, load_dataset
from digitdesk.errors import ConfigError, DataError
from digitdesk.exams import exam_on_dataset, exam_on_images, exam_on_strokes
from digitdesk.ink.board import Board
from digitdesk.ink.pictures import open_grey
from digitdesk.ink.preparation import PREPARATION_VERSION, prepare_image
from digitdesk.messages import (
    DatasetInfo,
    Evaluation,
    ModelCard,
    ModelEntry,
    Prediction,
    RunEvent,
    RunFinished,
    RunPaused,
    RunResumed,
    RunStarted,
    RunState,
    Stroke,
    TrainingConfig,
)
from digitdesk.model_library import READER, ModelLibrary
from digitdesk.nn.architectures import ARCHITECTURES
from digitdesk.nn.backend import cpu_backend, gpu_status
from digitdesk.nn.optimizers import DEFAULT_LEARNING_RATES
from digitdesk.nn.schedules import SCHEDULES
from digitdesk.nn.spec import build_network
from digitdesk.paths import UserPaths
from digitdesk.recognition.reader import Reader
from digitdesk.storage.model_file import StoredModel, save_model, sweep_temporaries
from digitdesk.training.job import LiveModel, check_config, run_job
from digitdesk.training.recipes import recipe
from digitdesk.training.worker import Emit, ShouldStop, TrainingWorker

if TYPE_CHECKING:
    from digitdesk.nn.gradient_check import GradientRow

TRAINING = "training"

__all__ = ["READER", "TRAINING", "Session"]


class Session:
    """One user's work: the models at hand and the run in progress.

    Args:
        user_paths: Where the user's data, models and settings live.
        environ: Environment; ``DIGITDESK_DATA`` names a folder of data sets.
    """

    def __init__(self, user_paths: UserPaths, *, environ: Mapping[str, str] = os.environ) -> None:
        self._paths = user_paths
        self._data_dir = environ.get("DIGITDESK_DATA") or None
        self._backend = cpu_backend()
        self._library = ModelLibrary(self._backend)
        self._events: queue.SimpleQueue[RunEvent] = queue.SimpleQueue()
        self._worker: TrainingWorker | None = None
        self._run_id = 0
        self._state = RunState.IDLE
        # Replaced whole by the worker, read by the window: either the old or the new one is seen.
        self._live: LiveModel | None = None
        self._live_reader: tuple[LiveModel, Reader] | None = None
        self._dataset: tuple[object, Dataset] | None = None
        sweep_temporaries(user_paths.models)

    # --- ink and reading -------------------------------------------------------------------

    def new_board(self, scale: float = 1) -> Board:
        """An empty 280×280 board, its picture ``scale`` times as large."""
        return Board(scale=scale)

    def read_strokes(self, strokes: tuple[Stroke, ...], source: str = READER) -> Prediction:
        """What the model ``source`` says of strokes in board units.

        Raises:
            DigitDeskError: There is no such model, or it was trained with other preparation.
        """
        return self._reader(source).read_strokes(strokes)

    def read_image_file(self, path: Path, source: str = READER) -> Prediction:
        """What the model ``source`` says of the one digit in a picture file.

        Raises:
            ImageError: The picture cannot be opened.
        """
        return self._reader(source).read_prepared(prepare_image(open_grey(path)))

    # --- models ----------------------------------------------------------------------------

    def load(self, key: str) -> None:
        """Make a model ready to read with, so that the first stroke need not wait.

        Raises:
            ModelFileError: The file cannot be read or trusted.
        """
        self._reader(key)

    def models(self) -> tuple[ModelEntry, ...]:
        """The bundled reader, the network of the current run, and every opened or saved file."""
        reader, *files = self._library.entries()
        live = self._live
        training = [] if live is None else [ModelEntry(TRAINING, live.card)]
        return (reader, *training, *files)

    def card(self, key: str) -> ModelCard:
        """The card of a model."""
        return self._stored_model(key).card

    def open_model(self, path: Path) -> ModelEntry:
        """Read a model file and keep it at hand under its path.

        Raises:
            ModelFileError: The file cannot be trusted or read.
        """
        return self._library.open(Path(path))

    def save_model(self, key: str, path: Path) -> ModelEntry:
        """Write a model to a ``.npz`` or ``.pkl`` file and keep it at hand.

        Raises:
            ModelFileError: The file cannot be written; what was there before stays.
        """
        path = Path(path).expanduser().absolute()
        stored = self._stored_model(key)
        save_model(path, stored.card, stored.arrays)
        return self._library.open(path)

    # --- training --------------------------------------------------------------------------

    @property
    def state(self) -> RunState:
        """Where the run is, as the drained events tell."""
        return self._state

    def start_training(self, config: TrainingConfig) -> int:
        """Begin a run on the worker thread; its events come by ``drain_events``.

        Raises:
            ConfigError: A setting cannot be used, or a run is already going on.
        """
        if self._state is not RunState.IDLE:
            raise ConfigError("A run is already going on", hint="Stop it before you start another")
        check_config(config)
        self._run_id += 1
        run_id = self._run_id

        def job(emit: Emit, should_stop: ShouldStop) -> RunFinished:
            return self._run(config, run_id, emit, should_stop)

        self._worker = TrainingWorker(job, run_id, self._events)
        self._state = RunState.PREPARING
        self._worker.start()
        return run_id

    def pause(self) -> None:
        """Wait before the next step."""
        if self._worker is not None:
            self._worker.pause()

    def resume(self) -> None:
        """Go on after a pause."""
        if self._worker is not None:
            self._worker.resume()

    def stop(self) -> None:
        """Finish after the step that is running."""
        if self._worker is not None and self._state is not RunState.IDLE:
            self._state = RunState.STOPPING
            self._worker.stop()

    def drain_events(self, limit: int = 200) -> list[RunEvent]:
        """The events since the last call, at most ``limit``; never waits."""
        drained: list[RunEvent] = []
        while len(drained) < limit:
            try:
                event = self._events.get_nowait()
            except queue.Empty:
                break
            self._follow(event)
            drained.append(event)
        return drained

    def train(
        self,
        config: TrainingConfig,
        emit: Emit = lambda event: None,
        should_stop: ShouldStop = lambda: False,
    ) -> RunFinished:
        """Train in the caller's thread; the network is then the model ``training``.

        Raises:
            DigitDeskError: A setting, a file or the training failed.
        """
        self._run_id += 1
        finished = self._run(config, self._run_id, emit, should_stop)
        emit(finished)
        return finished

    def close(self, timeout_seconds: float = 3.0) -> bool:
        """Stop the run, waiting no longer than asked; True when nothing runs any more."""
        if self._worker is None:
            return True
        self._worker.stop()
        return self._worker.join(timeout_seconds)

    # --- choices for forms -----------------------------------------------------------------

    def model_choices(self) -> tuple[str, ...]:
        """Names of the ready-made architectures."""
        return tuple(ARCHITECTURES)

    def optimizer_choices(self) -> tuple[str, ...]:
        """Names of the optimizers."""
        return tuple(DEFAULT_LEARNING_RATES)

    def schedule_choices(self) -> tuple[str, ...]:
        """Names of the learning rate schedules."""
        return tuple(SCHEDULES)

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
        """The settings of a named recipe.

        Raises:
            ConfigError: There is no such recipe.
        """
        return recipe(name)

    def check_spec(self, text: str, classes: int = 10) -> str:
        """Build the network a user describes and say how large it is.

        Raises:
            SpecError: Says which position is wrong, and why.
        """
        network = build_network(text, classes=classes, backend=self._backend)
        return f"{network.spec} ({network.parameter_count:,} parameters)"

    def check_gradients(self, spec: str | None = None) -> tuple[GradientRow, ...]:
        """Compare hand-derived gradients with measured ones, of every layer or of one network.

        Raises:
            SpecError: The network cannot be built.
        """
        from digitdesk.nn.gradient_check import check_every_layer, check_network

        return check_network(spec) if spec else check_every_layer()

    # --- data ------------------------------------------------------------------------------

    def datasets(self, data_dir: str | None = None) -> tuple[DatasetInfo, ...]:
        """What can be trained on, where it is, and whether it is verified."""
        return list_datasets(data_dir=self._folder(data_dir), user_data=self._paths.data)

    def download(
        self,
        name: str,
        progress: Callable[[int, int], None] = lambda done, total: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Path:
        """Fetch a data set into the user's data folder, and verify it.

        Raises:
            DownloadError: No mirror had it, or the download was cancelled.
        """
        if name != "mnist":
            raise DataError("Only MNIST can be downloaded", expected="mnist", received=name)
        return download_mnist(self._paths.data, progress, cancelled)

    # --- evaluation ------------------------------------------------------------------------

    def evaluate_dataset(self, key: str, name: str, data_dir: str | None = None) -> Evaluation:
        """Read the test part of a data set; see ``exams``."""
        # Only the test part counts, so made-up training images need not be drawn.
        dataset = load_dataset(
            name, data_dir=self._folder(data_dir), user_data=self._paths.data, limit=1
        )
        return exam_on_dataset(self._reader(key), dataset)

    def evaluate_strokes(self, key: str, path: Path) -> Evaluation:
        """Replay a stroke file on the board and read every drawing; see ``exams``."""
        return exam_on_strokes(self._reader(key), Path(path))

    def evaluate_images(self, key: str, path: Path) -> Evaluation:
        """Read the pictures of an ``.npz`` file; see ``exams``."""
        return exam_on_images(self._reader(key), Path(path))

    # --- inside ----------------------------------------------------------------------------

    def _run(
        self, config: TrainingConfig, run_id: int, emit: Emit, should_stop: ShouldStop
    ) -> RunFinished:
        return run_job(
            config,
            run_id=run_id,
            load=self._load_for_training,
            emit=emit,
            should_stop=should_stop,
            publish=self._publish,
            preparation_version=PREPARATION_VERSION,
            app_version=__version__,
            now=lambda: datetime.datetime.now(datetime.UTC),
        )

    def _publish(self, live: LiveModel) -> None:
        self._live = live

    def _follow(self, event: RunEvent) -> None:
        if isinstance(event, RunStarted | RunResumed):
            after = RunState.TRAINING
        elif isinstance(event, RunPaused):
            after = RunState.PAUSED
        elif isinstance(event, RunFinished):
            after = RunState.IDLE
        else:
            return
        # A run that was told to stop stays so until its last event, whatever was on its way.
        if self._state is not RunState.STOPPING or after is RunState.IDLE:
            self._state = after

    def _folder(self, data_dir: str | None) -> Path | None:
        chosen = data_dir or self._data_dir
        return Path(chosen).expanduser() if chosen else None

    def _load_for_training(
        self, config: TrainingConfig, progress: Callable[[int, int], None]
    ) -> Dataset:
        """Load a data set, keeping the last one: the next run often wants the same."""
        key = (config.data, config.data_dir, config.seed, config.limit)
        if self._dataset is None or self._dataset[0] != key:
            self._dataset = None  # two large sets are never held at once
            loaded = load_dataset(
                config.data,
                data_dir=self._folder(config.data_dir),
                user_data=self._paths.data,
                seed=config.seed,
                limit=config.limit,
                progress=progress,
            )
            self._dataset = (key, loaded)
        return self._dataset[1]

    def _stored_model(self, key: str) -> StoredModel:
        if key == TRAINING:
            live = self._live_model()
            return StoredModel(live.card, live.weights)
        return self._library.stored(key)

    def _live_model(self) -> LiveModel:
        if self._live is None:
            raise ConfigError(
                "No network has been trained yet", hint="Start a run on the Train tab first"
            )
        return self._live

    def _reader(self, key: str) -> Reader:
        return self._training_reader() if key == TRAINING else self._library.reader(key)

    def _training_reader(self) -> Reader:
        """A reader with the newest weights the worker has handed over."""
        live = self._live_model()
        if self._live_reader is None or self._live_reader[0] is not live:
            stored = StoredModel(live.card, live.weights)
            reader = Reader.from_stored(stored, self._backend, step=live.step)
            self._live_reader = (live, reader)
        return self._live_reader[1]
