"""A run that was interrupted and went on is, bit for bit, the run that was not."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from digitdesk.errors import DigitDeskError, ModelFileError
from digitdesk.messages.run import EpochFinished, RunStarted
from digitdesk.session.checkpoint_store import CheckpointStore
from digitdesk.training.checkpoint import Checkpoint, pack_generator, unpack_generator
from digitdesk.training.gpu import choice
from tests.training.small_runs import (
    CNN,
    MLP,
    STEPS,
    Outcome,
    config,
    differences,
    run,
    small_data,
    through_a_file,
)

DATA = small_data()


@pytest.fixture(scope="module")
def whole() -> Outcome:
    return run(config(CNN, "adam"), DATA)


# In an epoch, at its first step, between epochs, before the last step, and not begun at all.
@pytest.mark.parametrize("step", [0, 1, 7, 10, 20])
def test_resumed_equals_uninterrupted(whole: Outcome, step: int, tmp_path: Path) -> None:
    settings = config(CNN, "adam")
    stopped = run(settings, DATA, close_at=step)
    assert stopped.finished.ending == "stopped"
    assert stopped.last.facts.step == step
    resumed = run(settings, DATA, resume_from=through_a_file(stopped.last, tmp_path))
    assert resumed.finished.ending == "completed"
    assert differences(resumed.last, whole.last) == []
    np.testing.assert_array_equal(*(o.published[-1][1]["dense2.kernel"] for o in (resumed, whole)))
    assert resumed.finished.test_accuracy == whole.finished.test_accuracy


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_two_interruptions_are_none(optimizer: str, tmp_path: Path) -> None:
    settings = config(MLP, optimizer)
    once = run(settings, DATA, close_at=5).last
    # Closed again before a step was made: what was not used yet must be kept too.
    again = run(settings, DATA, close_at=5, resume_from=through_a_file(once, tmp_path)).last
    assert differences(once, again) == []
    end = run(settings, DATA, resume_from=through_a_file(again, tmp_path)).last
    assert differences(end, run(settings, DATA).last) == []


def test_a_resumed_run_tells_what_was_before(tmp_path: Path) -> None:
    settings = config(MLP, "adam")
    stopped = run(settings, DATA, close_at=16, commands={9: [("change", "learning_rate", 0.002)]})
    resumed = run(settings, DATA, resume_from=through_a_file(stopped.last, tmp_path))
    started = resumed.events[0]
    assert isinstance(started, RunStarted)
    assert started.first_step == 16
    told = [e for e in stopped.events if isinstance(e, EpochFinished)]
    assert [e.epoch for e in started.history] == [1, 2]
    assert list(started.history) == told
    assert [(c.step, c.name, c.value) for c in started.changes] == [(9, "learning_rate", 0.002)]
    straight = run(settings, DATA, commands={9: [("change", "learning_rate", 0.002)]})
    assert differences(resumed.last, straight.last) == []


@pytest.mark.parametrize("dropped", ["augmentation_rng", "order_rng", "step"])
def test_the_comparison_notices_lost_random_numbers(
    whole: Outcome, dropped: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proof that the comparison can fail: without the random states it does."""
    settings = config(CNN, "adam")
    stopped = run(settings, DATA, close_at=10).last
    if dropped == "step":
        # Dropout draws by the step; a resumed run that counts from 0 draws others.
        class Forgetful(choice.DataParallelStep):
            forgets = True

            def run(self, *arguments, **settings):
                if self.forgets:
                    self.step, self.forgets = 0, False
                return super().run(*arguments, **settings)

        monkeypatch.setattr(choice, "DataParallelStep", Forgetful)
    else:
        fresh = pack_generator(np.random.default_rng(0))
        stopped = dataclasses.replace(stopped, arrays={**stopped.arrays, dropped: fresh})
    resumed = run(settings, DATA, resume_from=stopped)
    found = differences(resumed.last, whole.last)
    assert any(name.startswith("weights.") for name in found)


def test_a_generator_goes_on_where_it_was() -> None:
    rng, other = np.random.default_rng(5), np.random.default_rng(6)
    rng.integers(0, 10, 3, dtype=np.uint32)  # leaves half a word over
    unpack_generator(pack_generator(rng), other)
    assert rng.bit_generator.state == other.bit_generator.state
    np.testing.assert_array_equal(rng.random(9), other.random(9))


def damaged() -> list[tuple[str, object]]:
    """Ways in which a state can fail to be one of this run."""
    return [
        ("facts", {"step": 11}),
        ("facts", {"epoch": 4, "step": 31}),
        ("facts", {"batch": -1, "step": 6}),
        ("facts", {"epoch_sums": (float("nan"), 0, 96)}),
        ("facts", {"spec": "flatten dense(10)"}),
        ("facts", {"average_steps": 9}),
        ("order_rng", None),
        ("augmentation_rng", np.zeros(5, dtype=np.uint64)),
        ("augmentation_rng", np.full(6, 2**64 - 1, dtype=np.uint64)),
        ("changes", np.array([[np.nan, 0, 0.5]])),
        ("history", np.array([[np.inf, 0, 1, 1, 1, 1, 1, 1, 1]])),
        ("average", np.zeros(3, dtype=np.float32)),
        ("weights.dense2.bias", np.full(10, np.nan, dtype=np.float32)),
        ("weights.dense2.bias", np.zeros(10, dtype=np.float64)),
        ("weights.dense9.bias", np.zeros(10, dtype=np.float32)),
        ("optimizer.squares", None),
        ("optimizer.mean", np.zeros(7, dtype=np.float32)),
        ("optimizer.steps", np.array(3, dtype=np.int64)),
        ("history", np.full((1, 9), np.nan)),
        ("changes", np.array([[1.0, 99.0, 0.5]])),
        ("losses", np.array([[2.0, 2.3], [1.0, 2.3]])),
        ("losses", np.array([[11.0, 2.3]])),
        ("losses", np.array([[1.0, np.nan]])),
    ]


@pytest.mark.parametrize(("name", "value"), damaged(), ids=str)
def test_a_state_that_does_not_fit_is_refused(name: str, value: object) -> None:
    settings = config(CNN, "adam")
    good = run(settings, DATA, close_at=10).last
    if name == "facts":
        assert isinstance(value, dict)
        bad = Checkpoint(dataclasses.replace(good.facts, **value), good.arrays)
    else:
        arrays = {key: array for key, array in good.arrays.items() if key != name}
        bad = Checkpoint(good.facts, arrays if value is None else {**arrays, name: value})
    with pytest.raises(DigitDeskError):
        run(settings, DATA, resume_from=bad)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("weights.dense2.bias", r"saved run cannot be used: it lacks weights.*dense2\.bias"),
        ("optimizer.squares", "saved run cannot be used: the optimizer state does not fit"),
    ],
)
def test_a_state_with_an_array_missing_is_a_file_that_cannot_be_used(
    name: str, sentence: str
) -> None:
    good = run(config(MLP, "adam"), DATA, close_at=3).last
    arrays = {key: array for key, array in good.arrays.items() if key != name}
    assert len(arrays) < len(good.arrays)
    with pytest.raises(ModelFileError, match=sentence):
        run(config(MLP, "adam"), DATA, resume_from=Checkpoint(good.facts, arrays))


def test_a_damaged_file_is_a_sentence(tmp_path: Path) -> None:
    good = run(config(MLP, "sgd"), DATA, close_at=3).last
    through_a_file(good, tmp_path)
    file = tmp_path / "unfinished.npz"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(ModelFileError, match=r"Cannot open unfinished\.npz"):
        CheckpointStore(tmp_path).load()


def test_every_epoch_is_kept_where_epochs_take_their_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("digitdesk.training.trainer.KEEP_SECONDS", 0.0)
    kept = run(config(MLP, "sgd"), DATA).kept
    assert [c.facts.step for c in kept] == [7, 14, STEPS]
