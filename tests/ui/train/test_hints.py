"""What a hint's button does: to the run that goes on, and to the form once it is over."""

from __future__ import annotations

import pytest
from fake_session import FakeSession, run_events
from hands import WaitUntil, click
from three_tabs import Window

from digitdesk.messages.run import DiagnosisLifted, RunDiagnosis, RunFinished, Suggestion

pytestmark = pytest.mark.window


@pytest.fixture
def train(live: Window):
    live.show(live.train)
    live.update()
    return live.train


def play(train, session: FakeSession, wait_until: WaitUntil, hint: RunDiagnosis) -> None:
    """A run that gives a hint on its way, and ends."""
    click(train.buttons.start_button)
    session.play(*run_events(2, finish=False)[:20], hint, RunFinished(1, "completed"))
    wait_until(lambda: train.banner.text and not train.is_running)


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [("learning_rate", 0.001, "0.001"), ("augmentation", 0.5, "0.5"),
     ("weight_decay", 1e-4, "0.0001")],
)  # fmt: skip
def test_after_the_run_the_form_takes_it(
    name: str, value: float, shown: str, train, live: Window, session, wait_until: WaitUntil
) -> None:
    train.form.values["learning_rate"].set("10")
    hint = RunDiagnosis(1, "plateau", "never-learned", Suggestion(name, value))
    play(train, session, wait_until, hint)
    click(train.banner.choices[0])
    assert not live.status.shows_error
    assert "in the form" in live.status.message.cget("text")
    assert train.form.values[name].get() == shown
    field, form = train.form.controls[name], train.form
    wait_until(
        lambda: (
            field.winfo_viewable()
            and field.winfo_rooty() + field.winfo_height()
            <= form.winfo_rooty() + form.winfo_height()
        )
    )
    assert not any(call.startswith("change") for call in session.calls)
    click(train.buttons.start_button)
    assert getattr(session.started[-1], name) == value


def test_what_only_a_run_can_follow_is_not_offered_after_it(train, session, wait_until) -> None:
    hint = RunDiagnosis(1, "overfitting", "overfitting", Suggestion("dropout", 0.5))
    play(train, session, wait_until, hint)
    assert "by heart" in train.banner.text
    assert train.banner.choices == []


def test_a_hint_goes_once_its_setting_is_changed(train, session, wait_until) -> None:
    click(train.buttons.start_button)
    session.play(*run_events(2, finish=False)[:20])
    session.play(RunDiagnosis(1, "plateau", "plateau", Suggestion("learning_rate", 0.0002)))
    wait_until(lambda: train.banner.text)
    session.change("augmentation", 0.1)
    wait_until(lambda: "Augmentation is" in train._status.message.cget("text"))
    assert train.banner.text
    session.change("learning_rate", 0.0005)
    wait_until(lambda: not train.banner.text)


def test_a_hint_that_no_longer_holds_goes(train, session, wait_until) -> None:
    click(train.buttons.start_button)
    hint = RunDiagnosis(1, "plateau", "plateau", Suggestion("learning_rate", 0.001))
    session.play(*run_events(2, finish=False)[:20], hint)
    wait_until(lambda: "stopped falling" in train.banner.text)
    session.play(DiagnosisLifted(1, "overfitting"), DiagnosisLifted(1, "plateau"))
    wait_until(lambda: not train.banner.text)


def test_what_misleads_in_the_data_is_said(train, session, wait_until) -> None:
    click(train.buttons.start_button)
    said = (
        "Of 181 classes, 171 have no picture: 1. Number the labels without gaps, or add pictures."
    )
    session.play(RunDiagnosis(1, "data", said), *run_events(2, finish=False)[:20])
    wait_until(lambda: "171 have no picture" in train.banner.text)


def test_why_is_told_to_who_asks_and_left_out_again(train, session, wait_until) -> None:
    hint = RunDiagnosis(1, "plateau", "plateau", Suggestion("learning_rate", 0.001))
    play(train, session, wait_until, hint)
    said = train.banner.text
    click(train.banner.why_button)
    assert train.banner.text.startswith(f"{said}\nNear the lowest point")
    label = train.banner.label
    assert label.winfo_reqheight() <= label.winfo_height()
    click(train.banner.why_button)
    assert train.banner.text == said
    train.banner.show("Something else")
    assert train.banner.why_button is None


def test_several_hints_wait_for_each_other(train, session, wait_until) -> None:
    click(train.buttons.start_button)
    data = RunDiagnosis(1, "data", "Of 181 classes, 171 have no picture: 1.")
    few = RunDiagnosis(1, "few-pictures", "few-pictures", Suggestion("augmentation", 0.5))
    slow = RunDiagnosis(1, "plateau", "plateau", Suggestion("learning_rate", 0.001))
    session.play(data, few, *run_events(2, finish=False)[:20], slow)
    wait_until(lambda: "stopped falling" in train.banner.text)
    click(train.banner.dismiss_button)
    assert "few images" in train.banner.text
    session.play(DiagnosisLifted(1, "few-pictures"))
    wait_until(lambda: "171 have no picture" in train.banner.text)
    assert train.banner.choices == []
    click(train.banner.dismiss_button)
    assert not train.banner.text


def test_following_a_hint_shows_the_next_one(train, session, wait_until) -> None:
    few = RunDiagnosis(1, "few-pictures", "few-pictures", Suggestion("augmentation", 0.5))
    slow = RunDiagnosis(1, "plateau", "plateau", Suggestion("learning_rate", 0.001))
    click(train.buttons.start_button)
    session.play(*run_events(2, finish=False)[:20], few, slow, RunFinished(1, "completed"))
    wait_until(lambda: "stopped falling" in train.banner.text and not train.is_running)
    click(train.banner.choices[0])
    assert train.form.values["learning_rate"].get() == "0.001"
    assert "few images" in train.banner.text
    click(train.buttons.start_button)
    assert not train.banner.text, "another run begins"
