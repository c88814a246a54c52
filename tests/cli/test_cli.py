"""The command line: its words, its two kinds of output, and its exit codes."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from digitdesk import __version__
from digitdesk.cli import main as cli
from digitdesk.cli.arguments.train import training_config
from digitdesk.cli.parser import build_parser
from digitdesk.errors import DataError, ImageError
from digitdesk.messages.dataset import DatasetInfo
from digitdesk.messages.evaluation import Evaluation
from digitdesk.messages.exam import Damage, DamageCurve, DamagePoint, Exam, ExamData, ExamHint
from digitdesk.messages.model import DIGITS, Exported, ModelCard, ModelEntry
from digitdesk.messages.prediction import NumberReading, Prediction, Separator
from digitdesk.messages.run import EpochFinished, Progress, RunFinished, RunStarted, TrainingConfig
from digitdesk.session.exams.reports import check_report_path

BLUR = Damage("blur", 0, 3, 0.1, "px", 0, 1, (0.0, 1.5, 3.0))
NOISE = Damage("noise", 0, 4, 1, "%", 0, 2, (0.0, 2.0, 4.0))


class FakeSession:
    """Answers at once, and remembers what it was asked."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.config: TrainingConfig | None = None

    @property
    def choices(self) -> FakeSession:
        return self

    def recipe(self, name: str) -> TrainingConfig:
        return TrainingConfig(model=f"recipe {name}", epochs=9, batch_size=17)

    def train(
        self, config: TrainingConfig, emit: Any, commands: Any, *, keeps: bool
    ) -> RunFinished:
        assert keeps
        self.config = config
        emit(RunStarted(1, config, "cpu", 10, 100, 10, 10, 5))
        emit(Progress(1, 1, 3, 5, 0.5, 0.9, 0.001, 4000.0, 1.0))
        emit(EpochFinished(1, 1, 5, 0.4, 0.91, 0.3, 0.92, 0.3, 0.93, 0.5))
        return RunFinished(1, "completed", None, 1, 0.93, (0.9, 0.95), 0.5, 4000.0)

    def save_model(self, key: str, path: Path) -> None:
        self.calls.append(("save", key, path))

    def discard_train(self) -> None:
        self.calls.append(("discard",))

    def close(self) -> bool:
        return True

    def open_model(self, path: Path) -> ModelEntry:
        return ModelEntry(f"/opened/{path}", self.card(""), path)

    def card(self, key: str) -> ModelCard:
        return ModelCard("A title", "spec")

    @property
    def exams(self) -> FakeSession:
        return self

    def examine(
        self, key: str, data: ExamData, *, data_dir: str | None, is_remembered: bool
    ) -> Exam:
        assert not is_remembered, "what the window shows last is the window's"
        self.calls.append((data.kind, key, data.name, data_dir))
        matrix = [[5 if actual == read else 0 for read in range(10)] for actual in range(10)]
        matrix[1][7] = 1
        rows = tuple(tuple(row) for row in matrix)
        found = Evaluation(
            50 / 51, 51, 50, (0.9, 0.99), (1.0, 5 / 6, *[1.0] * 7, None), rows, DIGITS
        )
        return Exam("exam-1", key, "A title", None, self.card(""), data, "", "", 0.1, found)

    def check_report(self, path: Path) -> None:
        check_report_path(path)

    def report(self, exam_key: str, path: Path) -> tuple[Path, ...]:
        self.calls.append(("report", exam_key, path))
        return (path,)

    def damages(self) -> tuple[Damage, ...]:
        return BLUR, NOISE

    def hints(self, exam_key: str) -> tuple[ExamHint, ...]:
        return ()

    def damage_curve(self, exam_key: str, name: str, progress: Any) -> DamageCurve:
        self.calls.append(("damage", exam_key, name))
        progress(1, 2)
        damage = {damage.name: damage for damage in self.damages()}[name]
        return DamageCurve(
            damage, tuple(DamagePoint(s, 1 - s / 10, (0.5, 1.0), 1000) for s in damage.strengths)
        )

    def read_image_file(self, path: Path, source: str) -> Prediction:
        self.calls.append(("read", path, source))
        if path.name == "bad.png":
            raise ImageError("Cannot open bad.png", hint="Choose another picture")
        if path.name == "empty.png":
            return Prediction((), DIGITS, None, reason="empty")
        reason = "letter" if path.name == "doubtful.png" else ""
        return Prediction((0.75, 0.25, *[0.0] * 8), DIGITS, None, reason=reason)

    @property
    def export(self) -> FakeSession:
        return self

    def export_model(self, key: str, target: str, path: Path, precision: str) -> Exported:
        self.calls.append(("export", key, target, path, precision))
        return Exported((path,), 1_500_000, ("It is whole",))

    def read_number_file(self, path: Path, source: str) -> NumberReading:
        self.calls.append(("number", path, source))
        if path.name == "empty.png":
            return NumberReading("", reason="empty")
        digit = self.read_image_file(path, source)
        boxes = ((1.0, 2.0, 3.0, 4.0),) * 2
        if path.name == "rows.png":
            signs = (Separator("-", 1, (3.0, 2.0, 4.0, 3.0)),)
            return NumberReading(
                "0-0\n0", (digit,) * 3, (boxes[0],) * 3, 0.5, "", "", (2, 1), signs
            )
        return NumberReading("00", (digit, digit), boxes, 0.5, reason=digit.reason)

    def datasets(self, data_dir: str | None) -> tuple[DatasetInfo, ...]:
        self.calls.append(("datasets", data_dir))
        return (DatasetInfo("mnist", "MNIST", "missing", "Not here yet.", "", True),)

    def download(self, name: str, progress: Any) -> Path:
        progress(10, 20)
        if name != "mnist":
            raise DataError("Only MNIST can be downloaded", received=name)
        return Path("/there")


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> FakeSession:
    fake = FakeSession()
    monkeypatch.setattr(cli, "_session", lambda: fake)
    return fake


def run_json(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert cli.main([*words, "--json"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1, "one object and nothing else"
    found = json.loads(lines[0])
    assert isinstance(found, dict)
    return found


# Training


def test_flags_override_the_recipe_and_only_they(session: FakeSession) -> None:
    assert cli.main(["train", "--recipe", "x", "--epochs", "2", "--learning-rate", "0.5"]) == 0
    expected = dataclasses.replace(session.choices.recipe("x"), epochs=2, learning_rate=0.5)
    assert session.config == expected


def test_without_flags_the_settings_are_the_usual_ones(session: FakeSession) -> None:
    assert cli.main(["train"]) == 0
    assert session.config == TrainingConfig()


def test_every_flag_reaches_its_setting() -> None:
    words = (
        "train --model m --data d --epochs 4 --batch-size 5 --learning-rate 0.6 --optimizer o "
        "--schedule s --momentum 0.7 --weight-decay 0.8 --label-smoothing 0.9 --augmentation 0.1 "
        "--clip-norm 1.5 --validation-fraction 0.25 --test-time-averaging "
        "--average 0.2 --seed 11 --limit 12 --device cpu --threads 13 --data-dir dir"
    )
    config = training_config(build_parser().parse_args(words.split()), TrainingConfig())
    assert config == TrainingConfig(
        model="m",
        data="d",
        epochs=4,
        batch_size=5,
        learning_rate=0.6,
        optimizer="o",
        schedule="s",
        momentum=0.7,
        weight_decay=0.8,
        label_smoothing=0.9,
        clip_norm=1.5,
        augmentation=0.1,
        test_time_averaging=True,
        average=0.2,
        validation_fraction=0.25,
        seed=11,
        limit=12,
        device="cpu",
        threads=13,
        data_dir="dir",
    )


def test_a_zero_is_a_value_and_not_a_flag_left_out() -> None:
    arguments = build_parser().parse_args(["train", "--average", "0", "--seed", "0"])
    base = TrainingConfig(average=0.9, seed=5)
    assert training_config(arguments, base) == TrainingConfig(average=0.0, seed=0)


def test_training_ends_with_one_object(
    session: FakeSession, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "m.npz"
    found = run_json(capsys, "train", "--seed", "3", "--out", str(out))
    assert found == {
        "test_accuracy": 0.93,
        "test_interval": [0.9, 0.95],
        "epochs": 1,
        "train_seconds": 0.5,
        "images_per_second": 4000.0,
        "seed": 3,
        "out": str(out),
    }
    assert session.calls == [("save", "training", out), ("discard",)]


def test_training_speaks_to_people(
    session: FakeSession, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["train", "--epochs", "1"]) == 0
    text = capsys.readouterr()
    assert "Test accuracy 93.00 % (95 % interval 90.00 to 95.00 %)" in text.out
    assert "1 epoch in 0.5 s (4,000 images/s)" in text.out
    assert "not saved" in text.out
    assert "Epoch 1/1 | train loss 0.4000, accuracy 91.00 % | validation 92.00 %" in text.err
    assert session.calls == []


@pytest.mark.parametrize(
    ("out", "sentence"),
    [
        ("m.txt", "must end in .npz or .pkl"),
        ("none/m.npz", "the folder does not exist"),
        ("folder.npz", "there is a folder of this name"),
    ],
)
def test_a_file_that_cannot_be_written_is_refused_before_training(
    session: FakeSession,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    out: str,
    sentence: str,
) -> None:
    (tmp_path / "folder.npz").mkdir()
    assert cli.main(["train", "--out", str(tmp_path / out)]) == 2
    assert session.config is None, "nothing may be trained"
    text = capsys.readouterr()
    assert text.out == ""
    assert sentence in text.err
    assert len(text.err.splitlines()) == 1


# Evaluating


def test_an_evaluation_is_one_object(
    session: FakeSession, capsys: pytest.CaptureFixture[str]
) -> None:
    found = run_json(capsys, "evaluate", "m.npz")
    assert found["accuracy"] == 50 / 51
    assert (found["n"], found["correct"], found["interval"]) == (51, 50, [0.9, 0.99])
    assert found["per_class_accuracy"] == [1.0, 5 / 6, *[1.0] * 7, None]
    assert len(found["confusion_matrix"]) == 10
    assert found["confusion_matrix"][1][7] == 1
    assert session.calls == [("dataset", "/opened/m.npz", "mnist", None)]


@pytest.mark.parametrize(
    ("words", "call"),
    [
        ([], ("dataset", "reader", "mnist", None)),
        (["reader", "--data", "x", "--data-dir", "d"], ("dataset", "reader", "x", "d")),
        (["reader", "--strokes", "s.json.gz"], ("strokes", "reader", "s.json.gz", None)),
        (["m.npz", "--images", "i.npz"], ("images", "/opened/m.npz", "i.npz", None)),
        (["m.npz", "--photos", "p.zip"], ("photos", "/opened/m.npz", "p.zip", None)),
    ],
)
def test_each_kind_of_evaluation_is_asked_for(
    session: FakeSession, words: list[str], call: tuple[Any, ...]
) -> None:
    assert cli.main(["evaluate", *words]) == 0
    assert session.calls == [call]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ([], []),
        (["--damage"], ["blur", "noise"]),
        (["--damage", "all"], ["blur", "noise"]),
        (["--damage", "noise"], ["noise"]),
        (["--damage", "noise, blur,noise"], ["noise", "blur"]),
    ],
)
def test_pictures_are_spoiled_in_the_ways_that_are_named(
    session: FakeSession, capsys: pytest.CaptureFixture[str], words: list[str], names: list[str]
) -> None:
    found = run_json(capsys, "evaluate", "m.npz", *words)
    assert [call[2] for call in session.calls[1:]] == names
    assert [entry["name"] for entry in found.get("damage", [])] == names
    if names == ["noise"]:
        assert found["damage"][0]["unit"] == "%"
        point = {"strength": 4.0, "accuracy": 0.6, "interval": [0.5, 1.0], "n": 1000}
        assert found["damage"][0]["points"][2] == point


def test_spoiled_pictures_are_a_table_of_their_own(
    session: FakeSession, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["evaluate", "--damage"]) == 0
    *_, heading, blur, noise = capsys.readouterr().out.splitlines()
    assert heading == "Spoiled pictures read right, in %, of 1,000"
    assert blur == "blur   0 px: 100.0  1.5 px: 85.0  3 px: 70.0"
    assert noise == "noise   0 %: 100.0     2 %: 80.0   4 %: 60.0"


def test_an_unknown_damage_is_refused_before_anything_is_read(
    session: FakeSession, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["evaluate", "--damage", "blurr"]) == 2
    assert session.calls == []
    said = capsys.readouterr().err
    assert "no damage 'blurr'" in said and "Perhaps blur was meant" in said


@pytest.mark.parametrize("name", ["r.html", "folder"])
def test_a_report_is_written_once_all_is_known(
    session: FakeSession, capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    assert cli.main(["evaluate", "--damage", "blur", "--report", str(path), "--json"]) == 0
    assert [call[0] for call in session.calls] == ["dataset", "damage", "report"]
    assert session.calls[-1] == ("report", "exam-1", path)
    captured = capsys.readouterr()
    assert json.loads(captured.out)["n"] == 51
    assert captured.err.strip().endswith(f"digitdesk: The report is in {path}")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("missing/r.html", "the folder does not exist"), ("r.pdf", "a name ending in .html")],
)
def test_a_report_that_could_not_be_written_is_refused_before_anything_is_read(
    session: FakeSession,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    name: str,
    sentence: str,
) -> None:
    assert cli.main(["evaluate", "--report", str(tmp_path / name)]) == 2
    assert session.calls == []
    assert sentence in capsys.readouterr().err


def test_the_confusion_matrix_is_aligned(
    session: FakeSession, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["evaluate"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "A title on mnist"
    assert lines[1] == "Accuracy 98.04 %: 50 of 51 right, 95 % interval 90.00 to 99.00 %"
    matrix = lines[lines.index("") + 2 :]
    assert matrix[0].split() == [*DIGITS, "items", "right"]
    assert matrix[2].split() == ["1", ".", "5", *["."] * 5, "1", ".", ".", "6", "83.33", "%"]
    assert len({len(line) for line in matrix[1:10]}) == 1


# Predicting


def test_predictions_are_a_table(session: FakeSession, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["predict", "one.png", "empty.png", "doubtful.png"]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert rows[1] == ["one.png", "0", "75.0", "%", "1", "25.0", "%"]
    guess = ["0", "75.0", "%", "1", "25.0", "%"]
    assert rows[3] == ["doubtful.png", *guess, "not", "sure:", "letter"]
    assert rows[2][0] == "empty.png"
    assert "empty" in rows[2][-1]
    assert session.calls[0] == ("read", Path("one.png"), "reader")


def test_predictions_are_one_object(
    session: FakeSession, capsys: pytest.CaptureFixture[str]
) -> None:
    found = run_json(capsys, "predict", "one.png", "empty.png", "--model", "m.npz")
    one, empty = found["predictions"]
    assert (one["file"], one["label"], one["confidence"]) == ("one.png", "0", 0.75)
    assert (one["second_label"], one["second_confidence"]) == ("1", 0.25)
    assert (empty["label"], empty["reason"]) == (None, "empty")
    assert session.calls[0] == ("read", Path("one.png"), "/opened/m.npz")


def test_one_bad_picture_does_not_cost_the_others_their_answer(
    session: FakeSession, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["predict", "bad.png", "one.png"]) == 2
    text = capsys.readouterr()
    assert "one.png" in text.out
    assert text.err == "digitdesk: Cannot open bad.png. Choose another picture.\n"


def test_numbers_are_a_table(session: FakeSession, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["predict", "--number", "one.png", "empty.png", "doubtful.png"]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert rows[3][-3:] == ["not", "sure:", "letter"]
    assert rows[1] == ["one.png", "00", "50.0", "%", *["0", "75.0", "%"] * 2]
    assert rows[2] == ["empty.png", "-", "-", "none:", "empty"]
    assert session.calls[0] == ("number", Path("one.png"), "reader")


def test_numbers_come_with_their_separators_and_rows(
    session: FakeSession, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["predict", "--number", "rows.png"]) == 0
    assert capsys.readouterr().out.splitlines()[1].split()[:3] == ["rows.png", "0-0,", "0"]
    (found,) = run_json(capsys, "predict", "--number", "rows.png")["numbers"]
    assert (found["number"], len(found["digits"])) == ("0-0\n0", 3)
    assert found["separators"] == [{"sign": "-", "before": 1, "box": [3, 2, 4, 3]}]


def test_numbers_are_one_object(session: FakeSession, capsys: pytest.CaptureFixture[str]) -> None:
    found = run_json(capsys, "predict", "--number", "one.png", "empty.png", "--model", "m.npz")
    one, empty = found["numbers"]
    assert (one["number"], one["confidence"], one["reason"]) == ("00", 0.5, "")
    assert one["digits"][1] == {"label": "0", "confidence": 0.75, "box": [1, 2, 3, 4]}
    assert (empty["number"], empty["digits"], empty["reason"]) == (None, [], "empty")
    assert cli.main(["predict", "--number", "bad.png", "one.png"]) == 2


# Data


@pytest.mark.parametrize(
    "words", [["data"], ["data", "list"], ["data", "--data-dir", "d"], ["data", "list", "--json"]]
)
def test_data_sets_are_listed(
    session: FakeSession, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert cli.main(words) == 0
    assert session.calls == [("datasets", "d" if "d" in words else None)]
    out = capsys.readouterr().out
    if "--json" in words:
        assert json.loads(out)["datasets"][0]["status"] == "missing"
    else:
        assert "mnist  missing  MNIST  Not here yet." in out


def test_flags_of_the_listing_work_in_front_and_behind(session: FakeSession) -> None:
    for words in (["--data-dir", "d", "list"], ["list", "--data-dir", "d"]):
        assert cli.main(["data", *words]) == 0
    assert session.calls == [("datasets", "d")] * 2


def test_a_data_set_is_fetched(session: FakeSession, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["data", "get", "mnist"]) == 0
    assert capsys.readouterr().out == f"mnist is in {Path('/there')}\n"
    assert cli.main(["data", "get", "other"]) == 2


# Checking


def test_gradients_are_checked(capsys: pytest.CaptureFixture[str]) -> None:
    found = run_json(capsys, "check", "gradients", "--model", "flatten dense(10)")
    assert found["passed"] is True
    assert {row["gradient"] for row in found["gradients"]} == {"dense1.kernel", "dense1.bias"}
    assert cli.main(["check", "gradients", "--model", "flatten dense(10)"]) == 0
    assert "All 2 are right." in capsys.readouterr().out


def test_a_wrong_spec_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", "gradients", "--model", "flatten dense(ten)"]) == 2
    text = capsys.readouterr()
    assert text.err.startswith("digitdesk: ")
    assert len(text.err.splitlines()) == 1


# Ends of every kind


def test_no_command_opens_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    import digitdesk.app

    monkeypatch.setattr(digitdesk.app, "main", lambda: 7)
    assert cli.main([]) == 7


def test_an_unexpected_error_is_a_sentence_and_a_story_in_the_log(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DIGITDESK_HOME", str(tmp_path))

    def broken() -> Any:
        raise ZeroDivisionError("planted")

    monkeypatch.setattr(cli, "_session", broken)
    assert cli.main(["data"]) == 1
    text = capfd.readouterr()
    assert text.out == ""
    assert "planted" in text.err
    assert "Traceback" not in text.err
    (log,) = (tmp_path / "logs").glob("*.log")
    assert str(log) in text.err
    assert "Traceback" in log.read_text(encoding="utf-8")


def test_ctrl_c_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted() -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_session", interrupted)
    assert cli.main(["train"]) == 130
    assert capsys.readouterr().err == "digitdesk: Interrupted; nothing was saved.\n"


def test_a_model_is_written_for_another_program(
    session: FakeSession, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = str(tmp_path / "page.html")
    assert (
        cli.main(["export", "m.npz", "--to", "html", "--out", out, "--precision", "float32"]) == 0
    )
    asked = ("export", "/opened/m.npz", "html", Path(out), "float32")
    assert session.calls == [asked]
    assert capsys.readouterr().out == f"Wrote {out}, 1.50 MB.\nIt is whole.\n"
    assert cli.main(["export", "--to", "html", "--out", out, "--json"]) == 0
    assert session.calls[1] == ("export", "reader", "html", Path(out), "float16")
    assert json.loads(capsys.readouterr().out) == {
        "files": [out], "size_bytes": 1_500_000, "notes": ["It is whole"],
    }  # fmt: skip


@pytest.mark.parametrize("words", [["nonsense"], ["train", "--epochs", "x"], ["predict"]])
def test_a_mistyped_command_is_explained(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(words)
    assert ended.value.code == 2
    assert "usage: digitdesk" in capsys.readouterr().err


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"digitdesk {__version__}\n"


@pytest.mark.parametrize(
    "words", [["--help"], *([name, "--help"] for name in ("train", "evaluate", "predict", "data"))]
)
def test_help_imports_nothing_heavy(words: list[str]) -> None:
    code = (
        "import sys; from digitdesk.cli.main import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit as end: assert end.code == 0\n"
        "heavy = {'numpy', 'matplotlib', 'tkinter', 'PIL', 'scipy', 'pooch', 'tqdm'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, check=True
    )
    assert "usage: digitdesk" in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"


def run(*words: str, home: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """The real command in a process of its own, with a home of its own."""
    return subprocess.run(
        [sys.executable, "-m", "digitdesk", *words],
        capture_output=True,
        text=True,
        timeout=200,
        env=os.environ | {"DIGITDESK_HOME": str(home)} | variables,
        cwd=home,
    )


def test_missing_files_are_sentences(tmp_path: Path) -> None:
    (tmp_path / "noise.npz").write_bytes(b"noise")
    for words in (
        ["evaluate", "missing.npz"],
        ["evaluate", "noise.npz"],
        ["train", "--data", "nowhere"],
        ["train", "--recipe", "unknown"],
        ["train", "--epochs", "-1"],
    ):
        done = run(*words, home=tmp_path)
        assert done.returncode == 2, (words, done.stderr)
        assert done.stdout == ""
        assert "Traceback" not in done.stderr
        assert done.stderr.splitlines()[-1].startswith("digitdesk: "), done.stderr


@pytest.mark.mnist
def test_train_evaluate_and_predict_for_real(mnist_dir: Path, tmp_path: Path) -> None:
    words = [
        *("--model", "softmax", "--epochs", "1", "--limit", "3000"),
        *("--learning-rate", "0.02", "--out", "m.npz"),
    ]
    done = run("train", *words, "--json", "--data-dir", str(mnist_dir), home=tmp_path)
    assert done.returncode == 0, done.stderr
    trained = json.loads(done.stdout.splitlines()[-1])
    assert trained["out"] == "m.npz"
    assert trained["seed"] == 0
    assert trained["test_accuracy"] > 0.75
    assert trained["images_per_second"] > 100

    done = run("evaluate", "m.npz", "--json", "--data-dir", str(mnist_dir), home=tmp_path)
    assert done.returncode == 0, done.stderr
    evaluated = json.loads(done.stdout)
    assert evaluated["n"] == 10_000
    assert evaluated["accuracy"] == pytest.approx(trained["test_accuracy"], abs=2e-4)

    again = run("train", *words, "--json", "--data-dir", str(mnist_dir), home=tmp_path)
    assert json.loads(again.stdout.splitlines()[-1])["test_accuracy"] == trained["test_accuracy"]

    from PIL import Image, ImageDraw

    picture = Image.new("L", (200, 200), 255)
    ImageDraw.Draw(picture).line([(100, 30), (100, 170)], fill=0, width=14)
    picture.save(tmp_path / "one.png")
    Image.new("L", (50, 50), 255).save(tmp_path / "empty.png")
    (tmp_path / "noise.png").write_bytes(b"noise")
    done = run("predict", "one.png", "empty.png", "--model", "m.npz", "--json", home=tmp_path)
    assert done.returncode == 0, done.stderr
    one, empty = json.loads(done.stdout)["predictions"]
    assert one["label"] == "1"
    assert empty["label"] is None
    done = run("train", "--model", "conv(", "--data-dir", str(mnist_dir), home=tmp_path)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("digitdesk: ")
    done = run("predict", "noise.png", "one.png", "--model", "m.npz", home=tmp_path)
    assert done.returncode == 2
    assert "noise.png" in done.stderr
    assert "one.png" in done.stdout
