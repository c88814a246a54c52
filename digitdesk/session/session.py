"""The facade between the core and whoever drives it: the window or the command line.

It holds the parts that do the work, and one flat list of methods, which any thread may call.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from digitdesk.data.catalog import list_datasets
from digitdesk.data.mnist_download import download_mnist
from digitdesk.errors import DataError
from digitdesk.files.paths import UserPaths, expanded
from digitdesk.ink.board import Board, number_board
from digitdesk.ink.picture.grey_picture import greys_of, open_grey
from digitdesk.messages.dataset import DatasetInfo, TestSample
from digitdesk.messages.model import READER, LibraryEntry, ModelCard, ModelEntry, TrashTicket
from digitdesk.messages.picture import Picture
from digitdesk.messages.prediction import NumberReading, Prediction, Stroke
from digitdesk.messages.run import RunEvent, RunFinished, RunState, TrainingConfig, UnfinishedRun
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.session.command_runs import CommandRuns
from digitdesk.session.exams.exam_data import ExamShelf
from digitdesk.session.exams.exam_file import ExamFile
from digitdesk.session.exams.exams import Exams
from digitdesk.session.exporting import Exporting
from digitdesk.session.form_choices import FormChoices
from digitdesk.session.made_once import made_once
from digitdesk.session.model_library import ModelLibrary
from digitdesk.session.pictures.own_sets import OwnSets
from digitdesk.session.progress import Cancelled, Progress
from digitdesk.session.run_network import RunNetwork
from digitdesk.session.samples import Samples
from digitdesk.session.training_control import TrainingControl
from digitdesk.session.writing import Writing
from digitdesk.storage.unsaved_models import UnsavedModels
from digitdesk.training.commands import RunCommands
from digitdesk.training.run import Emit

if TYPE_CHECKING:
    from digitdesk.session.experiments.experiments import Experiments
    from digitdesk.session.hand.hand import Hand
    from digitdesk.session.inside.inside import Inside
    from digitdesk.session.pictures.pictures import Pictures

__all__ = ["RunCommands", "Session"]


class Session:
    """One user's work: the models at hand and the run in progress.

    Any method may raise a ``DigitDeskError`` with a sentence for the user; its parts say which.
    Two threads may call any two of them at once: whoever reads has a network of its own, and
    whoever begins or forgets a run waits for the other to have done so.

    Args:
        user_paths: Where the user's data, models and settings live.
        environ: Environment; ``DIGITDESK_DATA`` names a folder of data sets.

    Attributes:
        choices: What a form about training can offer, and checks of what is typed into it.
        exams: How well models read, and whatever is asked of their answers.
        export: Models written for other programs.
        writing: Drawings that somebody has said the meaning of.
    """

    def __init__(self, user_paths: UserPaths, *, environ: Mapping[str, str] = os.environ) -> None:
        self._paths = user_paths
        self._data_dir = environ.get("DIGITDESK_DATA") or None
        self._backend = cpu_backend()
        self._unsaved = UnsavedModels(user_paths.data / "unsaved")
        network = RunNetwork(self._unsaved)
        self._training = TrainingControl(user_paths.data, self._folder, network)
        self._command_runs = CommandRuns(user_paths.data, self._training.train_here, network)
        self._library = ModelLibrary(self._backend, user_paths.models, network, self._unsaved)
        self._old_are_forgotten = False
        self._samples = Samples(user_paths.data)
        self.choices = FormChoices()
        self.export = Exporting(self._library)
        self.writing = Writing(user_paths.data / "writing")
        self._own_sets = OwnSets(user_paths.data / "sets")
        shelf = ExamShelf(
            self._samples, self._folder, user_paths.data, self.writing, self._own_sets.all
        )
        exam_file = ExamFile(user_paths.data / "exams" / "last.npz")
        self.exams = Exams(self._library, shelf, exam_file)
        self._shelf = shelf
        self._handling_runs = threading.RLock()

    @made_once
    def inside(self) -> Inside:
        """What is inside a network, for the picture that it reads; loaded when first asked for."""
        from digitdesk.session.inside.inside import Inside

        return Inside(self._library, self._shelf, self._samples, self._folder)

    @made_once
    def pictures(self) -> Pictures:
        """Data sets to see, to bring and to choose from; loaded when first asked for."""
        from digitdesk.session.pictures.pictures import Pictures

        return Pictures(self._own_sets, self.writing, self._library, self._folder, self._paths.data)

    @made_once
    def hand(self) -> Hand:
        """Own writing: dictated, examined and taught; loaded when first asked for."""
        from digitdesk.session.hand.exam_sheets import ExamSheets
        from digitdesk.session.hand.hand import Hand
        from digitdesk.session.hand.teacher import Teacher

        writing, library, own = self.writing, self._library, self._paths.data
        sheets = ExamSheets.of_user(own)
        teacher = Teacher(writing, sheets, library, self._samples, self._folder, own, self._backend)
        return Hand(writing, sheets, library, teacher, own)

    @made_once
    def experiments(self) -> Experiments:
        """Many runs by a plan, side by side; loaded when first asked for."""
        from digitdesk.session.experiments.experiments import Experiments

        return Experiments(self._paths.data, self._folder)

    # --- ink and reading -------------------------------------------------------------------

    def new_board(self, scale: float = 1) -> Board:
        """An empty 280×280 board, its picture ``scale`` times as large."""
        return Board(scale=scale)

    def read_strokes(
        self, strokes: tuple[Stroke, ...], source: str = READER, *, at_a_glance: bool = False
    ) -> Prediction:
        """What the model ``source`` says of strokes in board units; as for ``read_number``."""
        reader = self._library.reader(source)
        return (reader.at_a_glance() if at_a_glance else reader).read_strokes(strokes)

    def read_drawings(
        self, drawings: Sequence[tuple[Stroke, ...]], source: str = READER
    ) -> tuple[Prediction, ...]:
        """What the model ``source`` says of each of several drawings, read together."""
        return tuple(self._library.reader(source).read_drawings(drawings))

    def read_image_file(self, path: Path | bytes, source: str = READER) -> Prediction:
        """What the model ``source`` says of the one digit in a picture file, or its content."""
        return self._library.reader(source).read_picture(open_grey(path))

    def read_picture(self, picture: Picture, source: str = READER) -> Prediction:
        """What the model ``source`` says of the one digit in a picture, black = 0."""
        return self._library.reader(source).read_picture(greys_of(picture))

    def new_number_board(self, scale: float = 1) -> Board:
        """An empty 840×280 board for several digits beside each other."""
        return number_board(scale)

    def read_number(
        self, strokes: tuple[Stroke, ...], source: str = READER, *, at_a_glance: bool = False
    ) -> NumberReading:
        """What the model ``source`` says of a number, its strokes and boxes in board units.

        At a glance, what is new is read in one view: sooner, for a stroke that is under way.
        """
        return self._library.number_reader(source).read_strokes(strokes, at_a_glance=at_a_glance)

    def read_number_file(self, path: Path | bytes, source: str = READER) -> NumberReading:
        """What the model ``source`` says of the number in a picture file; boxes in its pixels."""
        return self._library.number_reader(source).read_picture(open_grey(path))

    def read_number_picture(self, picture: Picture, source: str = READER) -> NumberReading:
        """What the model ``source`` says of the number in a picture, black = 0."""
        return self._library.number_reader(source).read_picture(greys_of(picture))

    # --- models ----------------------------------------------------------------------------

    def load(self, key: str) -> None:
        """Make a model ready to read with, so that the first stroke need not wait."""
        self._library.reader(key)

    def models(self) -> tuple[ModelEntry, ...]:
        """The bundled reader, networks that are not saved, and every opened or saved file."""
        return self._library.entries()

    def card(self, key: str) -> ModelCard:
        """The card of a model."""
        return self._library.stored(key).card

    def open_model(self, path: Path) -> ModelEntry:
        """Read a model file and keep it at hand under its path."""
        return self._library.open(Path(path))

    def save_model(self, key: str, path: Path) -> ModelEntry:
        """Write a model to a ``.npz`` or ``.pkl`` file and keep it at hand."""
        return self._library.save(key, Path(path))

    def library(self) -> tuple[LibraryEntry, ...]:
        """Networks that are not saved, then the files in the models folder, the newest first.

        Damaged files are among them. The first call removes what earlier sessions did not save,
        but for the last ten.
        """
        if not self._old_are_forgotten:
            self._old_are_forgotten = True
            if self._training.is_alone:
                self._unsaved.forget_old()
        return self._library.files()

    def rename_model(self, key: str, title: str) -> ModelEntry:
        """Give a saved model another title and its file the name made of it; its key changes."""
        return self._library.rename(key, title)

    def duplicate_model(self, key: str) -> ModelEntry:
        """Copy any model, also the bundled or the learning one, into the models folder."""
        return self._library.duplicate(key)

    def delete_model(self, key: str) -> TrashTicket:
        """Move a model file into the trash; ``restore_model`` has it back for thirty days."""
        return self._library.delete(key)

    def restore_model(self, ticket: TrashTicket) -> Path:
        """Move a deleted file back; returns where it is now."""
        return self._library.restore(ticket)

    def trash(self) -> tuple[TrashTicket, ...]:
        """Deleted model files that can be had back, what was deleted last first."""
        return self._library.trash()

    def empty_trash(self) -> None:
        """Delete for good what is in the trash."""
        self._library.empty_trash()

    # --- training --------------------------------------------------------------------------

    @property
    def state(self) -> RunState:
        """Where the run is, as the drained events tell."""
        return self._training.state

    def start_training(self, config: TrainingConfig) -> int:
        """Begin a run on the worker thread; its events come by ``drain_events``."""
        with self._handling_runs:
            return self._training.start(config)

    def pause(self) -> None:
        """Wait before the next step."""
        self._training.pause()

    def resume(self) -> None:
        """Go on after a pause."""
        self._training.resume()

    def single_step(self) -> None:
        """In a pause: make one step and wait again."""
        self._training.single_step()

    def stop(self) -> None:
        """Finish after the step that is running."""
        self._training.stop()

    def change(self, name: str, value: float) -> None:
        """From the next step on, use another value of one of ``changeable_settings``."""
        self._training.change(name, value)

    def changeable_settings(self) -> dict[str, float]:
        """What the run that goes on can change, with the present values."""
        return self._training.changeable_settings()

    def add_epochs(self, count: int = 1) -> None:
        """Train epochs more: the run that goes on, or the one that was completed last."""
        with self._handling_runs:
            self._training.add_epochs(count)

    def unfinished_run(self) -> UnfinishedRun | None:
        """The interrupted run that can go on, if there is one."""
        with self._handling_runs:
            return self._training.unfinished_run()

    def resume_training(self, learning_rate: float | None = None) -> int:
        """Go on with the interrupted run, with another learning rate where one is given."""
        with self._handling_runs:
            return self._training.resume_unfinished(learning_rate)

    def discard_unfinished_run(self) -> None:
        """Forget the interrupted run."""
        with self._handling_runs:
            self._training.discard_unfinished_run()

    def load_ahead(
        self,
        config: TrainingConfig,
        progress: Progress = lambda done, total: None,
        cancelled: Cancelled = lambda: False,
    ) -> None:
        """Load the data that a run of these settings will want, while nobody waits for it."""
        self._training.load_ahead(config, progress, cancelled)

    def drain_events(self, limit: int = 200) -> list[RunEvent]:
        """The events since the last call, at most ``limit``; never waits."""
        return self._training.drain_events(limit)

    def train(
        self,
        config: TrainingConfig,
        emit: Emit = lambda event: None,
        commands: RunCommands | None = None,
        *,
        keeps: bool = False,
    ) -> RunFinished:
        """Train in the caller's thread; the network is then the model ``training``.

        With ``keeps``, ``resume_train`` can go on with it after an interruption.
        """
        with self._handling_runs:
            return self._command_runs.train(config, emit, commands or RunCommands(), keeps=keeps)

    def resume_train(self, emit: Emit, commands: RunCommands) -> RunFinished:
        """Go on in the caller's thread with the run that ``train`` kept last."""
        with self._handling_runs:
            return self._command_runs.resume(emit, commands)

    def discard_train(self) -> None:
        """Forget the run that ``train`` kept."""
        with self._handling_runs:
            self._command_runs.discard()

    def close(self, timeout_seconds: float = 3.0) -> bool:
        """End the run at once, its state kept to go on from; True when nothing runs any more."""
        if "experiments" in vars(self):
            self.experiments.close(timeout_seconds)
        has_ended = self._training.close(timeout_seconds)
        if has_ended:
            self._command_runs.release()
        return has_ended

    # --- data ------------------------------------------------------------------------------

    def datasets(self, data_dir: str | None = None) -> tuple[DatasetInfo, ...]:
        """What can be trained on, where it is, and whether it is verified."""
        known = list_datasets(data_dir=self._folder(data_dir), user_data=self._paths.data)
        return (*known, *self._own_sets.infos())

    def download(
        self, name: str, progress: Progress | None = None, cancelled: Cancelled | None = None
    ) -> Path:
        """Fetch a data set into the user's data folder, and verify it."""
        if name != "mnist":
            raise DataError("Only MNIST can be downloaded", expected="mnist", received=name)
        return download_mnist(self._paths.data, progress, cancelled)

    def test_sample(
        self, rng_seed: int, data: str = "mnist", data_dir: str | None = None
    ) -> TestSample:
        """A picture of a test set; a made-up one where the set is not on this computer."""
        return self._samples.test_sample(data, self._folder(data_dir), rng_seed)

    def augmentation_preview(
        self, data: str, strength: float, count: int, data_dir: str | None = None, seed: int = 0
    ) -> tuple[tuple[Picture, Picture], ...]:
        """Training pictures before and after augmentation, 28×28 with ink = 255."""
        folder = self._folder(data_dir)
        return self._samples.augmentation_preview(data, folder, strength, count, seed)

    def _folder(self, data_dir: str | None) -> Path | None:
        chosen = data_dir or self._data_dir
        return expanded(chosen) if chosen else None
