"""Whole runs on a graphics card: the trainer, its reports and its interruptions."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from strict_cuda import COUNTS, get_current_stream

from digitdesk.data.dataset import Dataset
from digitdesk.files.paths import UserPaths
from digitdesk.messages.model import DIGITS
from digitdesk.messages.run import EpochFinished
from digitdesk.nn.spec.build import build_network
from digitdesk.session.session import Session
from digitdesk.storage.model_file import load_model
from digitdesk.training import pipeline
from tests.training.small_runs import (
    CNN,
    MLP,
    Outcome,
    config,
    differences,
    run,
    small_data,
    write_idx_folder,
)

DATA = small_data()


def run_on(backend, settings, **how) -> Outcome:
    network = build_network(settings.model, backend=backend, seed=settings.seed)
    return run(settings, DATA, network=network, **how)


def test_a_run_learns_and_gives_the_thread_back_its_stream(gpu):
    outcome = run_on(gpu, dataclasses.replace(config(MLP, "adam"), epochs=20))
    assert outcome.finished.ending == "completed"
    assert outcome.finished.test_accuracy > 0.8
    assert COUNTS.graph_launches > 0
    assert get_current_stream().ptr == 0


def test_a_run_is_the_processors_up_to_rounding(gpu):
    settings = config(MLP, "momentum")
    mine, other = run_on(gpu, settings), run(settings, DATA)
    for name, array in other.published[-1][1].items():
        np.testing.assert_allclose(mine.published[-1][1][name], array, rtol=1e-2, atol=1e-3)
    losses = [
        [event.train_loss for event in outcome.events if isinstance(event, EpochFinished)]
        for outcome in (mine, other)
    ]
    assert losses[0] == pytest.approx(losses[1], rel=1e-3)


@pytest.mark.parametrize("step", [1, 7, 10])
def test_resumed_equals_uninterrupted(step, gpu):
    settings = config(CNN, "adam")
    whole = run_on(gpu, settings)
    stopped = run_on(gpu, settings, close_at=step)
    resumed = run_on(gpu, settings, resume_from=stopped.last)
    assert differences(resumed.last, whole.last) == []


def test_the_session_trains_on_a_graphics_card(gpu, tmp_path, monkeypatch):
    """From the command's settings to the model file, which says what computed it."""
    monkeypatch.setattr(pipeline, "select_backend", lambda name: gpu)
    write_idx_folder(tmp_path / "stripes", train_count=200, test_count=40)
    settings = dataclasses.replace(
        config(CNN, "adamw"), data=str(tmp_path / "stripes"), test_time_averaging=True
    )
    session = Session(UserPaths.under(tmp_path / "home"), environ={})
    assert session.train(settings).ending == "completed"
    session.save_model("training", tmp_path / "model.npz")
    card = load_model(tmp_path / "model.npz").card
    assert (card.device, card.arithmetic.partition(" · ")[0]) == ("gpu", gpu.description)
    assert COUNTS.graph_launches > 0
    assert session.close()


def test_planes_of_strokes_are_trained_on(gpu, tmp_path, monkeypatch):
    """Ten planes in place of one picture, and two convolutions before the first pool."""
    monkeypatch.setattr(pipeline, "select_backend", lambda name: gpu)
    rng = np.random.default_rng(0)
    planes = rng.integers(0, 255, (60, 10, 28, 28), dtype=np.uint8)
    data = Dataset.of(
        "p", "Planes", (planes, np.arange(60, dtype=np.uint8) % 10), class_names=DIGITS
    )
    monkeypatch.setattr("digitdesk.session.dataset_cache.load_dataset", lambda *_, **__: data)
    model = (
        "conv(4, 3) batchnorm relu conv(4, 3) maxpool(2) batchnorm relu flatten dense({classes})"
    )
    settings = dataclasses.replace(
        config(model.format(classes=10), "adamw"), data="p", epochs=2, average=0.9, batch_size=10
    )
    session = Session(UserPaths.under(tmp_path / "home"), environ={})
    assert session.train(settings).ending == "completed"
    session.save_model("training", tmp_path / "model.npz")
    assert load_model(tmp_path / "model.npz").card.input_planes == 10
    assert COUNTS.graph_launches > 0
    assert session.close()


def test_steps_are_not_waited_for(gpu):
    """The host waits when it reports, validates and keeps, not when it trains."""
    short = dataclasses.replace(config(MLP, "sgd"), batch_size=32)
    long = dataclasses.replace(short, batch_size=4)
    waits = []
    for settings in (short, long):
        COUNTS.reset()
        run_on(gpu, settings)
        waits.append(COUNTS.waits)
    assert waits[1] < waits[0] + 60, "eight times the steps, and 129 more in all"
