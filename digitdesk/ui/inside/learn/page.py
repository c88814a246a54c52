"""Learn from this one: the gradient of one drawing flows back, and one step changes the network."""

from __future__ import annotations

import math
import tkinter as tk

from digitdesk.messages.inside.lesson import Lesson, RatePoint
from digitdesk.messages.inside.look import LayerView, Place
from digitdesk.messages.inside.tiles import Tiles
from digitdesk.ui.controls.choice_box import ChoiceBox
from digitdesk.ui.controls.latest_job import LatestJob
from digitdesk.ui.controls.mode_switch import ModeSwitch
from digitdesk.ui.i18n.text import Sentence, _
from digitdesk.ui.inside.learn.layers import LearnLayers
from digitdesk.ui.inside.learn.result import LearnResult
from digitdesk.ui.inside.learn.weight import LearnWeight
from digitdesk.ui.inside.page import InsidePage
from digitdesk.ui.inside.subject import Subject
from digitdesk.ui.inside.widgets.strip import Strip
from digitdesk.ui.inside.words import output_name
from digitdesk.ui.layout.wrapping_row import WrappingRow
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.slider import Slider
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.timer import Timer
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import enable, set_shown

#: The rate at both ends of its slider, and where it stands at first.
_LEAST_RATE, _MOST_RATE, _FIRST_RATE = 0.0003, 3.0, 0.01
#: Rates that are tried for the curve.
_TRIED = tuple(_LEAST_RATE * (_MOST_RATE / _LEAST_RATE) ** (k / 12) for k in range(13))
_MANY_STEPS = 10
_PAUSE_MS = 80
_RESULT, _LAYERS, _WEIGHT = "result", "layers", "weight"


class LearnPage(InsidePage):
    """What is learned above, the gradients in a strip, and below what came of it.

    Attributes:
        lesson: The steps that are shown; ``None`` before the first.
    """

    seen = _(
        "How one step of learning on your drawing goes back through the network: red and blue say "
        "in which direction each number should move."
    )
    to_try = _("Say what it really is, learn, and compare the answers; then pull the rate too far.")

    def _build(self) -> None:
        gap, body = px(self, GAP), self.body
        self.lesson: Lesson | None = None
        self.rate = _FIRST_RATE
        self._steps = 1
        self._job = LatestJob(self._services.background, self._status.show_error)
        self._rates_job = LatestJob(self._services.background, self._status.show_error)
        self._learn_later = Timer(self, _PAUSE_MS, self._learn)
        body.columnconfigure(0, weight=1)
        body.rowconfigure(4, weight=1)
        self._build_bar(body)
        self.strip = Strip(body, self._on_strip)
        self.strip.grid(row=1, column=0, sticky="ew", pady=(gap, 0))
        self.switch = ModeSwitch(
            body,
            {
                _RESULT: (_("Result"), _("The answer and the loss before and after.")),
                _LAYERS: (_("By layer"), _("How much of the gradient arrives at each layer.")),
                _WEIGHT: (_("One weight"), _("How the gradient of a single weight comes about.")),
            },
            self._show_part,
        )
        self.switch.grid(row=2, column=0, sticky="w", pady=gap)
        self.hint = theme.Label(
            body, style="Muted.TLabel", justify="left", anchor="nw", width=1,
            text=_("Draw a digit, choose what it really is, and press Learn from this one."),
        )  # fmt: skip
        self.hint.grid(row=3, column=0, sticky="ew")
        self.result = LearnResult(body, self._on_rate_picked)
        self.layers = LearnLayers(body)
        self.weight = LearnWeight(body, self._status)
        self._parts: dict[str, theme.Frame] = {
            _RESULT: self.result, _LAYERS: self.layers, _WEIGHT: self.weight,
        }  # fmt: skip
        for part in self._parts.values():
            part.grid(row=4, column=0, sticky="nsew")
        self.switch.show(_RESULT)
        self._forget()

    def _build_bar(self, body: tk.Misc) -> None:
        bar = WrappingRow(body, apart=1.5 * GAP)
        bar.grid(row=0, column=0, sticky="ew")
        self.label = ChoiceBox(
            bar, _("What the drawing really is: towards this the network learns."), self._on_label,
            title=_("It is a"), width=9,
        )  # fmt: skip
        rate = theme.Frame(bar)
        self.rate_label = theme.Label(rate, style="Figures.TLabel", width=12, anchor="w")
        self.rate_label.grid(row=0, column=0)
        self.slider = Slider(rate, _ratio_of(self.rate), self._on_rate, length=128)
        self.slider.grid(row=0, column=1)
        explain(
            self.slider,
            _("The learning rate, 0.0003 to 3: how far a step goes against the gradient. It is "
              "learned anew as you move it."),
        )  # fmt: skip
        self.learn_button = theme.Button(
            bar, text=_("Learn from this one"), command=lambda: self.learn(1)
        )
        theme.look(self.learn_button, theme.ACCENT)
        explain(self.learn_button, _("Makes one step of gradient descent, on a copy."))
        self.ten_button = theme.Button(
            bar, text=_("Ten steps"), command=lambda: self.learn(_MANY_STEPS)
        )
        theme.look(self.ten_button, theme.QUIET)
        explain(self.ten_button, _("Ten steps on this one drawing: it is soon learned by heart."))
        bar.wrap(self.label.widget, rate, self.learn_button, self.ten_button)
        self._say_rate()

    # -- what is shown

    def _show(self, subject: Subject, before: Subject | None) -> None:
        network = subject.network
        if before is None or not _is_same(subject, before):
            self._forget()
        if before is None or before.network.layers != network.layers:
            # Behind the last layer there is no gradient to show: the loss is there.
            self.strip.offer(network.layers[:-1])
            self.label.offer({name: output_name(name) for name in network.outputs})
            self.weight.offer(network.layers)
        if before is None or before.truth != subject.truth or not self.label.chosen:
            self.label.choose(subject.truth or _second(subject))

    def _forget(self) -> None:
        """Show no lesson: there is another drawing."""
        self.lesson = None
        self.strip.forget()
        self.weight.forget()
        self._job.cancel()
        self._rates_job.cancel()
        is_empty = self._subject is None or self._subject.look.is_empty
        for button in (self.learn_button, self.ten_button):
            enable(button, not is_empty)
        self._show_part(self.switch.mode)

    def _show_part(self, name: str) -> None:
        has_lesson = self.lesson is not None
        self.switch.show(name)
        set_shown(self.hint, not has_lesson)
        set_shown(self.strip, has_lesson)
        set_shown(self.switch, has_lesson)
        for key, part in self._parts.items():
            set_shown(part, has_lesson and key == name)

    def learn(self, steps: int) -> None:
        """Make so many steps."""
        self._steps = steps
        self._learn()

    def _learn(self) -> None:
        subject, steps, rate = self._subject, self._steps, self.rate
        if subject is None or subject.look.is_empty or not self.label.chosen:
            return
        label = subject.look.outputs.index(self.label.chosen)
        inside, key = subject.inside, subject.look.key
        self._job.ask(lambda _job: inside.learn(key, label, rate, steps), self._take)

    def _take(self, lesson: Lesson) -> None:
        subject = self._subject
        if subject is None:
            return
        is_new = self.lesson is None or self.lesson.label != lesson.label
        self.lesson = lesson
        inside, key = subject.inside, subject.look.key
        self.strip.show(lesson.key, self._gradients)
        self.result.show(lesson, [output_name(name) for name in subject.look.outputs])
        self.layers.show(lesson)
        self.weight.show(subject, lesson)
        self._show_part(self.switch.mode)
        if is_new:
            self.result.show_rates((), self.rate)
            self._rates_job.ask(
                lambda _job: inside.rates(key, lesson.label, _TRIED), self._take_rates
            )
        self.result.mark_rate(self.rate)

    def _take_rates(self, points: tuple[RatePoint, ...]) -> None:
        self.result.show_rates(points, self.rate)

    def _gradients(self, path: str, first: int, count: int) -> Tiles:
        assert self._subject is not None and self.lesson is not None
        return self._subject.inside.gradient_tiles(self.lesson.key, path, first, count)

    # -- reactions

    def _on_strip(self, layer: LayerView, _place: Place | None) -> None:
        if layer.parameters:
            self.weight.choose_layer(layer.path)
            self._show_part(_WEIGHT)

    def _on_label(self) -> None:
        if self.lesson is not None:
            self._learn()

    def _on_rate(self, ratio: float) -> None:
        self.rate = _LEAST_RATE * (_MOST_RATE / _LEAST_RATE) ** ratio
        self._say_rate()
        if self.lesson is not None:
            self._learn_later.restart()

    def _on_rate_picked(self, rate: float) -> None:
        # Setting the slider calls back, as moving it does.
        self.slider.set(_ratio_of(rate))

    def _say_rate(self) -> None:
        said: Sentence = _("rate {rate}")
        self.rate_label.configure(text=said.format(rate=f"{self.rate:.2g}"))


def _is_same(subject: Subject, before: Subject) -> bool:
    """Whether the same network looks at the same drawing, though it may have looked again."""
    now, then = subject.look, before.look
    return (now.model_key, now.edits, now.step, now.picture) == (
        then.model_key, then.edits, then.step, then.picture
    )  # fmt: skip


def _ratio_of(rate: float) -> float:
    """Where a rate is on the slider, 0 … 1."""
    return math.log(rate / _LEAST_RATE) / math.log(_MOST_RATE / _LEAST_RATE)


def _second(subject: Subject) -> str:
    """What else the drawing may be: the likeliest output but one."""
    probabilities = subject.look.probabilities
    order = sorted(range(len(probabilities)), key=lambda k: -probabilities[k])
    return subject.look.outputs[order[min(1, len(order) - 1)]]
