"""A session without networks: plausible answers and a run that the test plays, event by event."""

from __future__ import annotations

import functools
import math
import tempfile
from collections import deque
from dataclasses import replace
from pathlib import Path

from fake_exams import FakeExams
from fake_experiments import FakeExperiments

from digitdesk.errors import ConfigError, DownloadError, ModelFileError, SpecError
from digitdesk.export.targets import TARGETS
from digitdesk.files.paths import UserPaths
from digitdesk.ink.board import Board, number_board
from digitdesk.messages.dataset import DatasetInfo, TestSample
from digitdesk.messages.inspection import GradientRow
from digitdesk.messages.model import (
    DIGITS,
    Exported,
    ExportTarget,
    LayerRow,
    LibraryEntry,
    ModelCard,
    ModelEntry,
    TrashTicket,
)
from digitdesk.messages.picture import Picture
from digitdesk.messages.prediction import NumberReading, Prediction, Stroke
from digitdesk.messages.problem import Problem
from digitdesk.messages.run import (
    EpochFinished,
    Progress,
    Recipe,
    RunEvent,
    RunExtended,
    RunFinished,
    RunPaused,
    RunResumed,
    RunStarted,
    RunState,
    SettingChanged,
    TrainingConfig,
    UnfinishedRun,
)
from digitdesk.session.hand.hand import Hand
from digitdesk.session.inside.inside import Inside
from digitdesk.session.pictures.pictures import Pictures
from digitdesk.session.session import Session
from digitdesk.session.writing import Writing
from digitdesk.training.recipes import presets

LAYERS = (
    LayerRow("conv1", "Conv2D", (8, 28, 28), 80),
    LayerRow("pool1", "MaxPool2D", (8, 14, 14), 0),
    LayerRow("conv2", "Conv2D", (16, 14, 14), 1168),
    LayerRow("pool2", "MaxPool2D", (16, 7, 7), 0),
    LayerRow("flatten", "Flatten", (784,), 0),
    LayerRow("dense1", "Dense", (32,), 25120),
    LayerRow("dense2", "Dense", (10,), 330),
)
CARD = ModelCard(
    title="cnn-light",
    spec="conv(8) relu pool conv(16) relu pool flatten dense(32) relu dense(10)",
    parameter_count=26698,
    layers=LAYERS,
    dataset="MNIST",
    seed=0,
    epochs=3,
    test_accuracy=0.9912,
    test_interval=(0.9892, 0.9928),
    test_count=10_000,
    created="2026-11-20T10:12:13",
    notes="Reads digits with conv(8), conv(16) and dense(32).",
)
LEARNING = replace(CARD, test_accuracy=None, test_interval=None, epochs=0)
STEPS_PER_EPOCH = 860
#: A seven.
SAMPLE = Picture(28, 28, bytes(
    255 if (row in (6, 7) and 7 <= column <= 20) or (row > 7 and row < 23 and
    abs(column - (20 - (row - 7) * 0.6)) < 1.3) else 0
    for row in range(28) for column in range(28)
))  # fmt: skip


@functools.cache
def real_session() -> Session:
    """A session of nobody's; made once, as reading the bundled reader takes a while."""
    return Session(UserPaths.under(Path(tempfile.mkdtemp())), environ={})


class FakeSession:
    """Answers like a session; ``play`` puts events into its queue."""

    gpu_reason = "CuPy is not installed."

    def __init__(self) -> None:
        self.state = RunState.IDLE
        self.events: deque[RunEvent] = deque()
        self.started: list[TrainingConfig] = []
        self.calls: list[str] = []
        self.reads: list[tuple[int, str]] = []
        self.glances: list[bool] = []
        self.entries = {"reader": ModelEntry("reader", CARD)}
        self.step: int | None = None
        self.closed = False
        self.settings = {"learning_rate": 0.002, "dropout": 0.25, "augmentation": 0.0}
        self.unfinished: UnfinishedRun | None = None
        self.files: dict[str, LibraryEntry] = {}
        self.deleted: list[TrashTicket] = []
        self.shown_pictures: list[tuple[int, int, str]] = []
        #: Reasons why digits of a number are not sure, by their place.
        self.doubts: dict[int, str] = {}
        self.exams = FakeExams(SAMPLE, CARD)
        self.experiments = FakeExperiments()

    @property
    def inside(self) -> Inside:
        """The bundled reader as it really is: no stand-in knows all of a network's numbers."""
        return real_session().inside

    @property
    def pictures(self) -> Pictures:
        """What is made up as it is wanted, as it really is."""
        return real_session().pictures

    @functools.cached_property
    def _at_home(self) -> Session:
        """A real session with nothing in it: writing needs no stand-in."""
        return Session(UserPaths.under(Path(tempfile.mkdtemp())), environ={})

    @functools.cached_property
    def writing(self) -> Writing:
        return self._at_home.writing

    @property
    def hand(self) -> Hand:
        return self._at_home.hand

    @property
    def choices(self) -> FakeSession:
        """What a form can offer stands here, too."""
        return self

    @property
    def export(self) -> FakeSession:
        """What writes models for other programs stands here, too."""
        return self

    # ink and models

    def new_board(self, scale: float = 1) -> Board:
        return Board(scale=scale)

    def read_strokes(
        self, strokes: tuple[Stroke, ...], source: str = "reader", *, at_a_glance: bool = False
    ) -> Prediction:
        self.reads.append((len(strokes), source))
        self.glances.append(at_a_glance)
        if not strokes:
            return Prediction((), DIGITS, None, reason="empty", source=source)
        best = sum(len(stroke) for stroke in strokes) % 10
        scores = [math.exp(-1.3 * abs(digit - best)) for digit in range(10)]
        scores[best] *= 12
        total = sum(scores)
        preprocessed = bytearray(28 * 28)
        for stroke in strokes:
            for x, y in stroke:
                column, row = int(x / 280 * 27), int(y / 280 * 27)
                preprocessed[row * 28 + column] = 255
        step = self.step if source == "training" else None
        return Prediction(
            tuple(score / total for score in scores),
            DIGITS,
            Picture(28, 28, bytes(preprocessed)),
            source=source,
            step=step,
        )

    def new_number_board(self, scale: float = 1) -> Board:
        return number_board(scale)

    def read_number(
        self, strokes: tuple[Stroke, ...], source: str = "reader", *, at_a_glance: bool = False
    ) -> NumberReading:
        """Every stroke is a digit, the number of its points modulo ten."""
        if not strokes:
            return NumberReading("", reason="empty", source=source)
        digits = tuple(
            replace(self.read_strokes((stroke,), source), reason=self.doubts.get(k, ""))
            for k, stroke in enumerate(strokes)
        )
        boxes = tuple(
            (min(xs), min(ys), max(xs), max(ys))
            for xs, ys in (tuple(zip(*stroke, strict=True)) for stroke in strokes)
        )
        return NumberReading(
            "".join(digit.label for digit in digits),
            digits,
            boxes,
            math.prod(digit.confidence for digit in digits),
            next((digit.reason for digit in digits if digit.reason), ""),
            source,
        )

    def read_number_picture(self, picture: Picture, source: str = "reader") -> NumberReading:
        """Two digits, one in each half of the picture."""
        width, height = picture.width, picture.height
        self.shown_pictures.append((width, height, source))
        halves = ((0, 0, width / 2, height), (width / 2, 0, width, height))
        strokes = (tuple((k, k) for k in range(4)), tuple((k, k) for k in range(2)))
        return replace(self.read_number(strokes, source), boxes=halves)

    def load(self, key: str) -> None:
        """Every model is ready to read with."""

    def models(self) -> tuple[ModelEntry, ...]:
        return tuple(self.entries.values())

    def card(self, key: str) -> ModelCard:
        return self.entries[key].card

    def open_model(self, path: Path) -> ModelEntry:
        if not path.exists():
            raise ModelFileError(
                f"{path.name} cannot be opened", expected="a model file", received="no file"
            )
        return self.keep(path)

    def save_model(self, key: str, path: Path) -> ModelEntry:
        path.write_bytes(b"model")
        self.calls.append(f"save {key} {path.name}")
        return self.keep(path)

    def keep(self, path: Path) -> ModelEntry:
        entry = ModelEntry(str(path), CARD, path)
        self.entries[entry.key] = entry
        return entry

    # training

    def start_training(self, config: TrainingConfig) -> int:
        self.started.append(config)
        self.state = RunState.PREPARING
        return len(self.started)

    def pause(self) -> None:
        self.play(RunPaused(len(self.started)))

    def resume(self) -> None:
        self.play(RunResumed(len(self.started)))

    def stop(self) -> None:
        self.state = RunState.STOPPING
        self.play(RunFinished(len(self.started), "stopped"))

    def play(self, *events: RunEvent) -> None:
        self.events.extend(events)

    def drain_events(self, limit: int = 200) -> list[RunEvent]:
        drained = []
        while self.events and len(drained) < limit:
            event = self.events.popleft()
            match event:
                case RunStarted():
                    self.state = RunState.TRAINING
                case RunPaused():
                    self.state = RunState.PAUSED
                case RunResumed():
                    self.state = RunState.TRAINING
                case RunFinished():
                    self.state = RunState.IDLE
                    if "training" in self.entries:
                        self.entries["training"] = ModelEntry("training", CARD)
                case Progress():
                    # As in a real run, the first weights come after the first event.
                    self.step = event.step
                    self.entries["training"] = ModelEntry("training", LEARNING, is_learning=True)
            drained.append(event)
        return drained

    # commands to a run

    def changeable_settings(self) -> dict[str, float]:
        return dict(self.settings) if self.state is not RunState.IDLE else {}

    def change(self, name: str, value: float) -> None:
        if name == "momentum" and value > 0.95:
            raise ConfigError("Momentum is too large")
        self.calls.append(f"change {name} {value:g}")
        self.settings[name] = value
        self.play(SettingChanged(len(self.started), self.step or 0, name, value))

    def add_epochs(self, count: int = 1) -> None:
        self.calls.append(f"add {count} epochs" if count > 1 else "add epoch")
        self.play(RunExtended(len(self.started), 2 + count, (2 + count) * STEPS_PER_EPOCH))

    def single_step(self) -> None:
        self.calls.append("single step")

    def unfinished_run(self) -> UnfinishedRun | None:
        return self.unfinished

    def resume_training(self, learning_rate: float | None = None) -> int:
        self.calls.append("resume training")
        self.state = RunState.PREPARING
        return 1

    def discard_unfinished_run(self) -> None:
        self.calls.append("discard")
        self.unfinished = None

    # samples and library

    def augmentation_preview(self, data, strength, count, data_dir=None, seed=0):
        self.calls.append(f"preview {data} {strength:g} {count}")
        plain = [Picture(28, 28, bytes([k * 20] * 784)) for k in range(count)]
        return tuple((one, Picture(28, 28, bytes(255 - p for p in one.pixels))) for one in plain)

    def test_sample(self, rng_seed: int, data: str = "mnist", data_dir=None) -> TestSample:
        return TestSample(SAMPLE, "7", "MNIST")

    def read_picture(self, picture: Picture, source: str = "reader") -> Prediction:
        self.shown_pictures.append((picture.width, picture.height, source))
        return replace(self.read_strokes(((tuple((k, k) for k in range(7))),), source), step=None)

    def library(self) -> tuple[LibraryEntry, ...]:
        return tuple(self.files.values())

    def add_file(self, path: Path, problem: str = "") -> None:
        card = None if problem else replace(CARD, title=path.stem)
        self.files[str(path)] = LibraryEntry(
            str(path),
            path,
            123_456,
            "2026-11-19T08:00:00+00:00",
            card,
            Problem(problem) if problem else None,
        )

    def rename_model(self, key: str, title: str) -> ModelEntry:
        path = Path(key).with_stem(title)
        del self.files[key]
        self.entries.pop(key, None)
        self.add_file(path)
        return self.keep(path)

    def duplicate_model(self, key: str) -> ModelEntry:
        path = Path(f"/models/copy of {Path(key).stem}.npz")
        self.add_file(path)
        return self.keep(path)

    def export_targets(self) -> tuple[ExportTarget, ...]:
        return tuple(TARGETS.values())

    def export_model(self, key: str, target: str, path: Path) -> Exported:
        if target == "onnx":
            raise ConfigError("Exporting to ONNX needs the package onnx")
        self.calls.append(f"export {key} {target} {path.name}")
        return Exported((path,), 1_500_000, ("It is whole",))

    def copy_model(self, key: str, path: Path) -> None:
        self.calls.append(f"copy {key}")
        path.write_bytes(b"model")

    def delete_model(self, key: str) -> TrashTicket:
        self.files.pop(key, None)
        self.entries.pop(key, None)
        ticket = TrashTicket(key, Path(key).name, Path("/trash") / Path(key).name)
        self.deleted.append(ticket)
        return ticket

    def trash(self) -> tuple[TrashTicket, ...]:
        return tuple(self.deleted[::-1])

    def restore_model(self, ticket: TrashTicket) -> Path:
        self.deleted.remove(ticket)
        self.add_file(Path(ticket.key))
        return Path(ticket.key)

    # choices

    def model_choices(self) -> tuple[str, ...]:
        return ("softmax", "mlp-128", "cnn-light", "cnn-standard")

    def optimizer_choices(self) -> tuple[str, ...]:
        return ("sgd", "momentum", "adam")

    def schedule_choices(self) -> tuple[str, ...]:
        return ("constant", "one-cycle")

    def loss_choices(self) -> tuple[str, ...]:
        return ("cross-entropy", "squared-error")

    def device_choices(self) -> tuple[str, ...]:
        return ("auto", "cpu")

    def presets(self) -> tuple[Recipe, ...]:
        return presets()

    def default_learning_rate(self, optimizer: str) -> float:
        return {"sgd": 0.1, "momentum": 0.05}.get(optimizer, 0.002)

    def check_spec(self, text: str) -> str:
        if text not in self.model_choices() and "dense" not in text:
            raise SpecError(f"Unknown layer {text!r}", hint="Try: flatten dense(10)")
        return f"{CARD.spec} (26,698 parameters)"

    def check_gradients(self, spec=None, progress=None, cancelled=None):
        self.calls.append(f"check gradients {spec}")
        rows = []
        for done, name in enumerate(("conv1.kernel", "conv1.bias", "dense1.kernel")):
            progress(done, 3)
            if cancelled():
                break
            wrong = spec == "flatten dense(10)" and name == "conv1.bias"
            rows.append(
                GradientRow(spec or "conv(2, 3)", name, 4, 1e-3 if wrong else 2e-9, not wrong)
            )
        return tuple(rows)

    # data

    def datasets(self) -> tuple[DatasetInfo, ...]:
        return (
            DatasetInfo("mnist", "MNIST", "verified", "60,000 + 10,000 images, verified"),
            DatasetInfo("handwriting", "Handwriting", "built-in", "made anew, no download"),
            DatasetInfo("pendigits", "Pen digits", "missing", "not here yet", can_download=True),
        )

    def load_ahead(self, config, progress=None, cancelled=None):
        self.calls.append(f"load ahead {config.data} {config.limit}")

    def download(self, name, progress, cancelled):
        self.calls.append(f"download {name}")
        progress(50, 100)
        return Path(name)

    def close(self, timeout_seconds: float = 3.0) -> bool:
        self.closed = True
        return True


class Offline(FakeSession):
    """A computer without MNIST and without a network."""

    def __init__(self) -> None:
        super().__init__()
        self.has_mnist = False

    def datasets(self):
        mnist, *others = super().datasets()
        missing = replace(
            mnist, status="missing", detail="It is not on this computer.", can_download=True,
            download_bytes=11_594_722,
        )  # fmt: skip
        return (mnist if self.has_mnist else missing, *others)

    def download(self, name, progress, cancelled):
        self.calls.append(f"download {name}")
        if not self.has_mnist:
            raise DownloadError("No internet connection", hint="Connect and try again")
        return Path(name)


def run_events(epochs: int = 3, *, finish: bool = True, per_epoch: int = 60) -> list[RunEvent]:
    """The events of a plausible run."""
    config = TrainingConfig(epochs=epochs)
    total = STEPS_PER_EPOCH * epochs
    events: list[RunEvent] = [
        RunStarted(1, config, "CPU, 2 threads", 26698, 55_000, 5_000, 10_000, STEPS_PER_EPOCH)
    ]
    for epoch in range(1, epochs + 1):
        for k in range(1, per_epoch + 1):
            step = round((epoch - 1 + k / per_epoch) * STEPS_PER_EPOCH)
            noise = 0.25 * math.sin(step * 12.9898) * math.exp(-step / 1500)
            loss = max(
                0.01, 2.3 * math.exp(-step / 220) + 0.12 * math.exp(-step / 2000) + 0.3 * noise
            )
            events.append(
                Progress(
                    1, epoch, step, total, loss, 1 - loss / 3, 0.002, 19_400.0, (total - step) / 300
                )
            )
        wrong = 0.035 / epoch
        events.append(
            EpochFinished(
                1, epoch, epoch * STEPS_PER_EPOCH, 0.2 / epoch, 1 - 1.4 * wrong, 0.11 / epoch,
                1 - wrong, 0.1 / epoch, 1 - 0.9 * wrong, 2.9,
            )
        )  # fmt: skip
    if finish:
        events.append(
            RunFinished(1, "completed", None, epochs, 0.9912, (0.9892, 0.9928), 8.7, 18_900.0)
        )
    return events
