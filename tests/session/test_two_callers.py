"""Two threads use one session at once, and each gets what it would have got alone."""

from __future__ import annotations

import json
import math
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import threadpoolctl
from PIL import Image

from digitdesk.errors import DigitDeskError
from digitdesk.files.paths import UserPaths
from digitdesk.messages.evaluation import ItemSelection
from digitdesk.messages.exam import Exam, ExamData
from digitdesk.messages.inside.edits import Edit
from digitdesk.messages.model import READER, TRAINING, LibraryEntry, ModelEntry, TrashTicket
from digitdesk.messages.picture import Picture
from digitdesk.messages.prediction import NumberReading, Prediction, Stroke
from digitdesk.messages.run import TrainingConfig
from digitdesk.session.exams.exams import Exams
from digitdesk.session.exporting import Exporting
from digitdesk.session.form_choices import FormChoices
from digitdesk.session.inside.inside import Inside
from digitdesk.session.session import RunCommands, Session
from tests.session.furnished_home import FurnishedHome
from tests.training.small_runs import stripes as pictures_of_stripes
from tests.training.small_runs import write_idx_folder

BATCH, FEW = 300, 100
"""Pictures of a data set: what is examined by itself, and what an exam is made of for more."""


def drawing(k: int) -> tuple[Stroke, ...]:
    """An arc that is wound up further and further as ``k`` grows from 0 to 11."""
    turn = (k % 12 + 1) * math.pi / 6
    angles = [turn * step / 20 for step in range(21)]
    return (tuple((140 + 70 * math.cos(a), 140 - 90 * math.sin(a)) for a in angles),)


@pytest.fixture(autouse=True)
def threads_take_turns_often() -> Iterator[None]:
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-4)
    # As in the app: threads of BLAS wait for cores that others have, and round otherwise.
    with threadpoolctl.threadpool_limits(1, user_api="blas"):
        yield
    sys.setswitchinterval(usual)


@pytest.fixture
def session(user_paths: UserPaths) -> Session:
    return Session(user_paths, environ={})


@pytest.fixture(scope="module")
def stripes(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("data") / "stripes"
    write_idx_folder(folder, train_count=20, test_count=BATCH)
    return str(folder)


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("data") / "few"
    write_idx_folder(folder, train_count=20, test_count=FEW)
    return str(folder)


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> FurnishedHome:
    return FurnishedHome.made(tmp_path_factory.mktemp("furnished") / "home")


def together(*calls: Callable[[], Any]) -> list[Any]:
    """What the calls return or raise, each on a thread of its own, all begun at the same moment."""
    outcomes: list[Any] = [None] * len(calls)
    start = threading.Barrier(len(calls))

    def run(place: int) -> None:
        start.wait()
        try:
            outcomes[place] = calls[place]()
        except Exception as error:
            outcomes[place] = error

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


def test_the_board_is_read_right_beside_a_batch(session: Session, stripes: str) -> None:
    def batch() -> object:
        return plain(session.exams.examine(READER, ExamData("dataset", stripes)))

    def board() -> list[tuple[float, ...]]:
        return [session.read_strokes(drawing(k)).probabilities for k in range(60)]

    alone = batch(), board()
    for _ in range(3):
        read_in_batches, one_by_one = together(batch, board)
        assert read_in_batches == alone[0]
        wrong = sum(a != b for a, b in zip(one_by_one, alone[1], strict=True))
        assert not wrong, f"{wrong} of {len(one_by_one)} answers on the board differ"


SMALL = TrainingConfig(model="softmax", epochs=1, seed=3, device="cpu", threads=1)


@dataclass
class Scene:
    """A session with something of everything in it, as each of the two callers sees it.

    Attributes:
        data: A folder of ``BATCH`` pictures.
        few: One of ``FEW``.
        caller: 0 or 1, for what two cannot have both: a file name, a title.
    """

    session: Session
    files: Path
    data: str
    few: str
    caller: int
    own: str
    other: str
    ticket: TrashTicket

    def file(self, name: str) -> Path:
        return self.files / name

    def look(self, k: int = 0) -> str:
        """Key of a look at a drawing."""
        return self.session.inside.look_at_strokes(READER, drawing(k)).key

    def lesson(self, k: int = 0) -> str:
        """Key of a lesson on that drawing."""
        return self.session.inside.learn(self.look(k), k).key

    def off(self, k: int) -> tuple[Edit, ...]:
        """Another channel that is switched off for each of the two."""
        return (Edit("off", "conv1", 2 * k + self.caller),)

    def examined(self) -> Exam:
        """An exam of its own."""
        return self.session.exams.examine(READER, ExamData("dataset", self.few))


def scenes(furnished: FurnishedHome, home: Path, files: Path, data: str, few: str) -> list[Scene]:
    """What each of two callers sees in a home of their own."""
    copy = furnished.copied(home)
    session = Session(UserPaths.under(home), environ={})
    return [
        Scene(session, files, data, few, caller, has.own, has.other, has.ticket)
        for caller, has in enumerate(copy.belongings)
    ]


def of(entry: ModelEntry | LibraryEntry) -> tuple[str, str]:
    """What two homes have in common of a model."""
    return Path(entry.key).name, entry.card.title if entry.card else ""


def readings(read: Callable[[int], Prediction]) -> list[tuple[str, tuple[float, ...]]]:
    return [((p := read(k)).label, p.probabilities) for k in range(24)]


def numbers(read: Callable[[int], NumberReading]) -> list[tuple[str, float]]:
    # How many candidates are read at once depends on what is remembered, and rounding on that.
    return [((n := read(k)).text, round(n.confidence, 3)) for k in range(8)]


def two_digits(k: int) -> tuple[Stroke, ...]:
    """A one and an arc, each at a size and place of its own."""
    one = ((180.0 + k, 70.0), (176.0, 140.0), (174.0, 210.0 - k))
    return (one, tuple((x + 300, y) for x, y in drawing(k + 5)[0]))


def plain(exam: Exam) -> Exam:
    """An exam without what it alone has: its key, its time, and how long it took."""
    assert exam.key == exam.evaluation.key
    evaluation = replace(exam.evaluation, key="")
    return replace(exam, key="", made_at="", seconds=0.0, evaluation=evaluation)


def begin(scene: Scene) -> str:
    """Start a run."""
    return f"run {scene.session.start_training(replace(SMALL, data=scene.data))}"


def train(scene: Scene) -> float | None:
    """Train here; how well it went."""
    return scene.session.train(replace(SMALL, data=scene.data)).test_accuracy


def test_both_are_read_right_while_a_network_learns(session: Session, stripes: str) -> None:
    def board(source: str) -> list[tuple[float, ...]]:
        return [session.read_strokes(drawing(k), source).probabilities for k in range(24)]

    def check_two(source: str, alone: list[tuple[float, ...]]) -> None:
        for got in together(partial(board, source), partial(board, source)):
            # A run changes on how many threads BLAS multiplies, and so how it rounds.
            np.testing.assert_allclose(got, alone, rtol=0, atol=1e-6)

    alone = board(READER)
    session.start_training(replace(SMALL, model="cnn-light", data=stripes, epochs=500))
    for _ in range(3):
        check_two(READER, alone)
    assert session.close(30)
    check_two(TRAINING, board(TRAINING))


#: What each method is asked, and what must come back to each of two who ask at once.
CALLS: dict[str, Callable[[Scene], object]] = {
    "accuracy": lambda s: s.session.inside.accuracy(READER, s.off(0), s.data),
    "add_epochs": lambda s: s.session.add_epochs(),
    "augmentation_preview": lambda s: [
        s.session.augmentation_preview(data, 0.5, 3) for data in ("handwriting", s.data) * 3
    ],
    "card": lambda s: [s.session.card(key).title for key in (READER, s.own, s.other)],
    "change": lambda s: s.session.change("learning_rate", 0.1),
    "changeable_settings": lambda s: s.session.changeable_settings(),
    "check_gradients": lambda s: s.session.choices.check_gradients(
        "conv(2, 3) relu flatten dense(10)"
    ),
    "check_report": lambda s: s.session.exams.check_report(s.file("r.html")),
    "check_spec": lambda s: [s.session.choices.check_spec(spec) for spec in ("mlp", "cnn-light")],
    "close": lambda s: s.session.close(),
    "damage_accuracy": lambda s: s.session.exams.damage_accuracy(s.examined().key, "blur", 1.5),
    "damage_curve": lambda s: s.session.exams.damage_curve(s.examined().key, "contrast"),
    "damaged": lambda s: s.session.exams.damaged(s.examined().key, 7, "shift", 3),
    "damages": lambda s: s.session.exams.damages(),
    "data_sets": lambda s: s.session.inside.data_sets(),
    "datasets": lambda s: [(info.name, info.status) for info in s.session.datasets()],
    "default_learning_rate": lambda s: s.session.choices.default_learning_rate("adam"),
    "delete_model": lambda s: s.session.delete_model(s.own).title,
    "device_choices": lambda s: s.session.choices.device_choices(),
    "discard_train": lambda s: s.session.discard_train(),
    "discard_unfinished_run": lambda s: s.session.discard_unfinished_run(),
    "download": lambda s: s.session.download("handwriting"),
    "drain_events": lambda s: s.session.drain_events(),
    "duplicate_model": lambda s: [of(s.session.duplicate_model(READER))[1] for _ in range(3)],
    "empty_trash": lambda s: s.session.empty_trash(),
    "detail": lambda s: [s.session.exams.detail(s.examined().key, k) for k in (0, 19)],
    "examine": lambda s: [
        plain(s.session.exams.examine(READER, data))
        for data in (
            ExamData("dataset", s.data),
            ExamData("images", str(s.file("images.npz"))),
            ExamData("strokes", str(s.file("strokes.json"))),
        )
    ],
    "exam_choices": lambda s: s.session.exams.choices(),
    "export_model": lambda s: [
        [path.name for path in exported.paths]
        for exported in (
            s.session.export.export_model(READER, "html", s.file(f"page {s.caller}.html")),
            s.session.export.export_model(s.other, "npz", s.file(f"weights {s.caller}.npz")),
        )
    ],
    "export_targets": lambda s: s.session.export.export_targets(),
    "copy_model": lambda s: [
        s.session.export.copy_model(key, s.file(f"copy {k} {s.caller}.npz"))
        for k, key in enumerate((READER, s.other))
    ],
    "explain": lambda s: [s.session.inside.explain(s.look(), "conv1", (c, 5, 9)) for c in range(9)],
    "explain_weight": lambda s: [
        s.session.inside.explain_weight(s.lesson(k), "conv3.kernel", (k, 1, 2, 0)) for k in range(2)
    ],
    "find": lambda s: s.session.inside.find(s.data, 7, model_key=READER),
    "gpu_reason": lambda s: s.session.choices.gpu_reason,
    "gradient_tiles": lambda s: [s.session.inside.gradient_tiles(s.lesson(), "conv2", 9, 2)],
    "hints": lambda s: s.session.exams.hints(s.examined().key),
    "ink_distribution": lambda s: s.session.inside.ink_distribution(s.data),
    "items": lambda s: s.session.exams.items(
        s.examined().key, 3, 20, ItemSelection(is_right=False)
    ),
    "keep_threshold": lambda s: s.session.exams.keep_threshold(s.own, 0.25).card.refusal_threshold,
    "known_curves": lambda s: s.session.exams.known_curves(s.examined().key),
    "last": lambda s: [s.examined().evaluation.n, s.session.exams.last() is not None],
    "layers": lambda s: [s.session.inside.layers(READER, s.off(k)).layers for k in range(5)],
    "learn": lambda s: [
        s.session.inside.learn(s.look(k), k, 0.01, 2).steps[-1].probabilities for k in range(3)
    ],
    "library": lambda s: sorted(map(of, s.session.library())),
    "load": lambda s: [s.session.load(key) for key in (READER, s.other)],
    "look_at_picture": lambda s: [
        s.session.inside.look_at_picture(READER, SQUARE, s.off(k)).probabilities for k in range(2)
    ],
    "look_at_strokes": lambda s: [
        s.session.inside.look_at_strokes(READER, drawing(k)).probabilities for k in range(6)
    ],
    "load_ahead": lambda s: s.session.load_ahead(replace(SMALL, data=s.data)),
    "loss_choices": lambda s: s.session.choices.loss_choices(),
    "model_choices": lambda s: s.session.choices.model_choices(),
    "map_choices": lambda s: s.session.exams.map_choices(s.examined().key),
    "models": lambda s: sorted(map(of, s.session.models())),
    "new_board": lambda s: s.session.new_board().strokes,
    "new_number_board": lambda s: s.session.new_number_board().width_px,
    "open_model": lambda s: [of(s.session.open_model(Path(s.own))) for _ in range(5)],
    "optimizer_choices": lambda s: s.session.choices.optimizer_choices(),
    "pair": lambda s: s.session.exams.pair(s.examined().key, s.examined().key),
    "pair_items": lambda s: s.session.exams.pair_items(s.examined().key, s.examined().key, 0, 9),
    "pause": lambda s: s.session.pause(),
    "preparation": lambda s: [s.session.inside.preparation(READER, drawing(k)) for k in range(3)],
    "rates": lambda s: [s.session.inside.rates(s.look(k), k, (0.01, 0.1)) for k in range(2)],
    "read_drawings": lambda s: readings(
        s.session.read_drawings([drawing(k) for k in range(24)]).__getitem__
    ),
    "read_image_file": lambda s: readings(
        lambda k: s.session.read_image_file(s.file("digit.png"), (READER, s.other)[k % 2])
    ),
    "read_number": lambda s: numbers(lambda k: s.session.read_number(two_digits(k))),
    "read_number_file": lambda s: numbers(
        lambda k: s.session.read_number_file(s.file("digit.png"), (READER, s.other)[k % 2])
    ),
    "read_number_picture": lambda s: numbers(lambda k: s.session.read_number_picture(PAPER)),
    "read_picture": lambda s: readings(lambda k: s.session.read_picture(PAPER)),
    "read_strokes": lambda s: readings(lambda k: s.session.read_strokes(drawing(k))),
    "recipe": lambda s: s.session.choices.recipe("accurate"),
    "place": lambda s: s.session.exams.place(
        s.session.exams.point_map(s.examined().key, "pca").key, Picture(28, 28, bytes(784))
    ),
    "point_map": lambda s: s.session.exams.point_map(s.examined().key, "pca", "conv1").points,
    "presets": lambda s: s.session.choices.presets(),
    "rename_model": lambda s: of(s.session.rename_model(s.own, f"renamed {s.caller}")),
    "report": lambda s: [
        path.name for path in s.session.exams.report(s.examined().key, s.file(f"r{s.caller}.html"))
    ],
    "restore_model": lambda s: s.session.restore_model(s.ticket).name,
    "resume": lambda s: s.session.resume(),
    "resume_train": lambda s: s.session.resume_train(lambda event: None, RunCommands()),
    "resume_training": lambda s: s.session.resume_training(),
    "sample": lambda s: [s.session.inside.sample(s.data, k) for k in range(9)],
    "save": lambda s: of(s.session.inside.save(READER, s.off(0), s.file(f"off {s.caller}.npz"))),
    "save_model": lambda s: of(s.session.save_model(READER, s.file(f"saved {s.caller}.npz"))),
    "schedule_choices": lambda s: s.session.choices.schedule_choices(),
    "single_step": lambda s: s.session.single_step(),
    "start_training": begin,
    "state": lambda s: s.session.state,
    "stop": lambda s: s.session.stop(),
    "test_sample": lambda s: [
        s.session.test_sample(seed, data) for seed in range(6) for data in ("mnist", s.data)
    ],
    "tiles": lambda s: [s.session.inside.tiles(s.look(k), "relu3", 30, 4) for k in range(6)],
    "train": train,
    "training": lambda s: s.session.inside.training(),
    "trash": lambda s: sorted(ticket.title for ticket in s.session.trash()),
    "turn_into": lambda s: s.session.inside.turn_into(s.look(), 9),
    "unfinished_run": lambda s: s.session.unfinished_run(),
    "weight_gradient_tiles": lambda s: s.session.inside.weight_gradient_tiles(
        s.lesson(), "conv4", 5, 2
    ),
    "weight_tiles": lambda s: [
        s.session.inside.weight_tiles(READER, "conv2", 7, 3, s.off(k)) for k in range(3)
    ],
    "why": lambda s: s.session.inside.why(s.look(), 3),
}

PAPER = Picture(
    90, 60, bytes(0 if 40 <= k % 90 < 46 and 8 < k // 90 < 52 else 255 for k in range(90 * 60))
)
"""A one on paper."""

SQUARE = Picture(
    28, 28, bytes(255 if 8 < k % 28 < 20 and 8 < k // 28 < 20 else 0 for k in range(784))
)
"""As a network sees it."""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    images, labels = pictures_of_stripes(40, 5)
    np.savez(folder / "images.npz", images=images, labels=labels)
    drawings = [{"label": k % 10, "strokes": drawing(k)} for k in range(20)]
    (folder / "strokes.json").write_text(json.dumps(drawings))
    Image.frombytes("L", (90, 60), PAPER.pixels).save(folder / "digit.png")
    return folder


def said(outcome: object, home: Path) -> str:
    """An outcome as text that two homes have in common; errors of other kinds are faults."""
    if isinstance(outcome, Exception) and not isinstance(outcome, DigitDeskError):
        raise outcome
    return repr(outcome).replace(str(home), "HOME")


def test_every_method_of_the_session_is_called_here() -> None:
    parts = (Session, FormChoices, Exams, Exporting, Inside)
    names = {name for part in parts for name in dir(part)}
    # Experiments and pictures have a test of their own.
    methods = names - {"choices", "inside", "experiments", "hand", "pictures"} | {"exam_choices"}
    assert set(CALLS) == {name for name in methods if not name.startswith("_")}


@pytest.mark.parametrize("name", sorted(CALLS))
def test_two_who_ask_at_once_get_what_each_gets_alone(
    name: str, tmp_path: Path, files: Path, furnished: FurnishedHome, stripes: str, few: str
) -> None:
    call, homes = CALLS[name], [tmp_path / "alone", tmp_path / "together"]
    alone, both = (scenes(furnished, home, files, stripes, few) for home in homes)
    one_after_another = [together(partial(call, scene))[0] for scene in alone]
    at_once = together(*(partial(call, scene) for scene in both))
    # Who of the two comes first is chance: a run can be started once, by either.
    wanted, got = (
        sorted(said(outcome, home) for outcome in outcomes)
        for outcomes, home in zip((one_after_another, at_once), homes, strict=True)
    )
    assert got == wanted
    for scene in (alone[0], both[0]):
        assert scene.session.close(30)
