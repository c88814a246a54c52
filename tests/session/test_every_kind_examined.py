"""Everything that can be asked of an exam, of every kind of network, with two to 62 classes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from digitdesk.files.paths import UserPaths
from digitdesk.messages.exam import ExamData
from digitdesk.messages.model import DIGITS, READER, ModelCard
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.spec.build import build_network
from digitdesk.session.session import Session
from digitdesk.storage.model_file import save_model
from tests.training.small_runs import stripes

LETTERS = (*DIGITS, *map(chr, range(65, 91)), *map(chr, range(97, 123)))
LONG = ("a class with a long name", "另一个名字很长的类别")
COUNT = 70

cases = pytest.mark.parametrize(
    ("spec", "names", "rejects"),
    [
        ("softmax", DIGITS, ()),
        ("mlp", DIGITS, ()),
        ("cnn-standard", DIGITS, ()),
        ("cnn-light", LETTERS, ()),
        ("mlp", LONG, ()),
        ("cnn-light", LONG, ("letter", "scribble")),
        (READER, DIGITS, ()),
    ],
    ids=lambda value: value if isinstance(value, str) else str(len(value)),
)


def model(
    session: Session, folder: Path, spec: str, names: tuple[str, ...], rejects: tuple[str, ...]
) -> str:
    """The key of an untrained network of that kind, or of the bundled reader."""
    if spec == READER:
        return READER
    network = build_network(spec, classes=len(names) + len(rejects), backend=cpu_backend(), seed=1)
    card = ModelCard(
        spec, network.spec, names, reject_names=rejects, refusal_threshold=0.4 if rejects else None
    )
    path = folder / "model.npz"
    save_model(path, card, network.snapshot())
    return session.open_model(path).key


def data(folder: Path, names: tuple[str, ...]) -> ExamData:
    # Each picture a little its own, so that it has a place of its own on a map.
    noise = np.random.default_rng(0).integers(0, 90, (COUNT, 28, 28)).astype(np.uint8)
    images = np.maximum(stripes(COUNT, 3)[0], noise)
    labels = (np.arange(COUNT) % len(names)).astype(np.uint8)
    path = folder / "pictures.npz"
    np.savez(path, images=images, labels=labels, class_names=np.array(names))
    return ExamData("images", str(path), "pictures")


@cases
def test_all_of_it_can_be_asked(
    spec: str, names: tuple[str, ...], rejects: tuple[str, ...], tmp_path: Path
) -> None:
    session = Session(UserPaths.under(tmp_path / "home"), environ={})
    key, exams = model(session, tmp_path, spec, names, rejects), session.exams
    exam = exams.examine(key, data(tmp_path, names))
    found = exam.evaluation
    assert (found.n, found.class_names) == (COUNT, names)
    assert sum(row.support for row in found.by_class) == COUNT
    assert sum(part.count for part in found.reliability) == COUNT
    assert found.refusals is not None and (found.refusals.count > 0) <= (
        found.threshold is not None
    )
    detail = exams.detail(exam.key, COUNT - 1)
    assert len(detail.probabilities) == len(names)
    for damage in exams.damages():
        point = exams.damage_accuracy(exam.key, damage.name, damage.default)
        assert point.n == COUNT
    neutral = exams.damage_accuracy(exam.key, "scale", 100)
    # Pictures are kept in 256 greys; an untrained network may take one of them for another then.
    assert neutral.accuracy == pytest.approx(found.accuracy, abs=2.5 / COUNT)
    sources = exams.map_choices(exam.key)
    for source in sources:
        assert len(exams.point_map(exam.key, "pca", source).points) == COUNT
    layout = exams.point_map(exam.key, "tsne", sources[-1])
    assert exams.place(layout.key, detail.item.picture) == pytest.approx(
        (layout.points[-1].x, layout.points[-1].y), abs=0.05
    )
    again = exams.examine(key, data(tmp_path, names))
    pair = exams.pair(exam.key, again.key)
    assert (pair.only_a, pair.only_b, pair.p_value, pair.agreed) == (0, 0, 1.0, COUNT)
    exams.damage_curve(exam.key, "blur")
    files = exams.report(exam.key, tmp_path / "report", again.key)
    assert {"damage-blur.svg", "confusion-matrix.csv"} <= {file.name for file in files}
    kept = Session(UserPaths.under(tmp_path / "home"), environ={}).exams.last()
    assert kept is not None and kept.evaluation.confusion_matrix == found.confusion_matrix
