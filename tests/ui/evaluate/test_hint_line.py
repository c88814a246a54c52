"""What an exam gives to think about: said, explained, followed, and put away for good."""

from __future__ import annotations

import pytest
from hands import WaitUntil, click
from three_tabs import Window

from digitdesk.messages.exam import ExamHint
from digitdesk.messages.run import Suggestion

pytestmark = pytest.mark.window

WEAK = ExamHint(
    "weak-class",
    "Of 8, only 84.3 % are read right; most of the others are taken for 3.",
    Suggestion("augmentation", 0.5),
)


@pytest.fixture
def evaluate(live: Window, session, wait_until: WaitUntil):
    session.exams.said = (WEAK, *session.exams.said)
    live.show(live.evaluate)
    wait_until(lambda: live.evaluate.bar.choice.data is not None)
    click(live.evaluate.bar.button)
    live.update()
    return live.evaluate


def test_the_first_is_said_with_its_reason_on_demand(evaluate) -> None:
    line = evaluate.hints
    assert line.text.startswith("Of 8, only 84.3 %")
    click(line.why_button)
    assert "The accuracy of all hides it." in line.text


def test_one_click_puts_the_advice_into_the_form(evaluate, live: Window) -> None:
    click(evaluate.hints.choices[0])
    live.update()
    assert live.tabs.in_front is live.train
    assert live.train.form.values["augmentation"].get() == "0.5"
    assert "in the form" in live.status.message.cget("text")
    live.show(live.evaluate)
    click(evaluate.switch.buttons["classes"])
    assert evaluate.hints.text.startswith("These are only 130 pictures")


def test_what_was_put_away_gives_room_to_the_next_and_does_not_come_back(evaluate) -> None:
    line = evaluate.hints
    line.dismiss()
    assert line.text.startswith("These are only 130 pictures")
    assert not line.choices
    line.dismiss()
    assert line.text == ""
    click(evaluate.switch.buttons["classes"])
    assert line.text == ""


def test_another_exam_is_looked_at_anew(evaluate) -> None:
    line = evaluate.hints
    line.dismiss()
    line.dismiss()
    evaluate.examine()
    assert line.text.startswith("Of 8, only 84.3 %")


def test_an_exam_that_gives_nothing_to_think_about_takes_no_room(evaluate, session) -> None:
    session.exams.said = ()
    evaluate.examine()
    assert evaluate.hints.text == ""
    assert not evaluate.hints.winfo_viewable()
