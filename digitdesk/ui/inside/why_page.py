"""Why this answer: which ink counts for it, which for the runner-up, and what would change it."""

from __future__ import annotations

import tkinter as tk
from tkinter import font as tk_font

from digitdesk.messages.inside.reasons import Turned, Why
from digitdesk.messages.inside.tiles import Tiles
from digitdesk.messages.picture import Picture
from digitdesk.ui.charts.photos import ZoomedPhoto
from digitdesk.ui.charts.probability_bars import ProbabilityBars
from digitdesk.ui.charts.scale_bar import ScaleBar
from digitdesk.ui.charts.signed_colors import ZERO, colored
from digitdesk.ui.controls.choice_box import ChoiceBox
from digitdesk.ui.controls.latest_job import LatestJob
from digitdesk.ui.controls.wrapped_label import WrappedLabel
from digitdesk.ui.i18n.text import Sentence, _, joined, percent, plural
from digitdesk.ui.inside.page import InsidePage
from digitdesk.ui.inside.subject import Subject
from digitdesk.ui.inside.words import number, output_name
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.timer import Timer
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import enable, set_shown

_SIDE = 140
#: Reasons are looked for when the pen pauses so long.
_PAUSE_MS = 120


class Map(theme.Canvas):
    """One picture of signed numbers, or of grey ones, with a title above.

    Args:
        parent: The widget to sit in.
        title: What is seen.
    """

    def __init__(self, parent: tk.Misc, title: Sentence) -> None:
        super().__init__(
            parent, width=px(parent, _SIDE), height=px(parent, _SIDE + 24),
            highlightthickness=0, borderwidth=0,
        )  # fmt: skip
        self._title = title
        self._photo = ZoomedPhoto(self)
        self._shown: tuple[bytes, int, int] | None = None
        self.bind("<<ThemeChanged>>", lambda _event: self._draw())
        theme.follow_size(self, self._draw)

    def show(self, tiles: Tiles) -> None:
        """Show the first of some tiles."""
        self._shown = (tiles.levels, tiles.width, tiles.height)
        self._draw()

    def show_picture(self, picture: Picture) -> None:
        """Show a picture, ink in red: its greys are numbers that are never below zero."""
        levels = bytes(ZERO + grey // 2 for grey in picture.pixels)
        self._shown = (levels, picture.width, picture.height)
        self._draw()

    def _draw(self) -> None:
        colors = theme.palette()
        self.configure(background=colors.background)
        self.delete("all")
        self.create_text(0, 0, anchor="nw", text=str(self._title.again()), fill=colors.muted,
                         font=theme.font("small"))  # fmt: skip
        if self._shown is None:
            return
        levels, wide, high = self._shown
        zoom = max(1, int(px(self, _SIDE)) // max(wide, high))
        self._photo.show_bytes(colored(levels[: wide * high], wide, high), zoom)
        top = tk_font.nametofont(theme.font("small"), root=self).metrics("linespace") + 2
        self.create_image(0, top, anchor="nw", image=self._photo.image)


class WhyPage(InsidePage):
    """Two rows of maps at the left, and at the right what would turn it into something else.

    Attributes:
        why: The reasons for the answer and for the runner-up, in this order.
        turned: The smallest change that was found.
    """

    seen = _(
        "Which ink speaks for the answer (red) and which against it (blue), and the same for the "
        "runner-up."
    )
    to_try = _("Add the stroke that speaks for the other digit; or let the change be found.")

    def _build(self) -> None:
        gap, body = px(self, GAP), self.body
        self.why: tuple[Why, ...] = ()
        self.turned: Turned | None = None
        self._job = LatestJob(self._services.background, self._status.show_error)
        self._turn_job = LatestJob(self._services.background, self._status.show_error)
        self._later = Timer(self, _PAUSE_MS, self._ask)
        body.columnconfigure(1, weight=1)
        body.rowconfigure(1, weight=1)
        self.hint = theme.Label(
            body, style="Muted.TLabel", anchor="w", width=1,
            text=_("Draw a digit: here stands why it is read as it is."),
        )  # fmt: skip
        self.hint.grid(row=0, column=0, columnspan=2, sticky="ew")
        left = self._left = theme.Frame(body)
        left.grid(row=1, column=0, sticky="nw", padx=(0, 3 * gap))
        self.titles = [theme.Label(left, style="Heading.TLabel") for _row in range(2)]
        self.maps = [
            (Map(left, _("gradient × input")), Map(left, _("wiped out"))) for _row in range(2)
        ]
        for row in range(2):
            self.titles[row].grid(row=2 * row, column=0, columnspan=2, sticky="w")
            for column, view in enumerate(self.maps[row]):
                view.grid(row=2 * row + 1, column=column, padx=(0, 2 * gap), pady=(gap // 2, gap))
                explain(view, _help_of(column))
        self.scale = ScaleBar(left, lambda value: number(value, 2))
        self.scale.grid(row=4, column=0, columnspan=2, sticky="w")
        self._build_turn(body)
        self._show_parts(False)

    def _build_turn(self, body: tk.Misc) -> None:
        gap = px(self, GAP)
        right = self._right = theme.Frame(body)
        right.grid(row=1, column=1, sticky="nsew")
        right.columnconfigure(2, weight=1)
        right.rowconfigure(3, weight=1)
        head = theme.Frame(right)
        head.grid(row=0, column=0, columnspan=3, sticky="w", pady=(0, gap))
        self.other = ChoiceBox(
            head, _("What the drawing is to be turned into."), self._forget_turn,
            title=_("What would turn it into a"), width=8,
        )  # fmt: skip
        self.other.widget.grid(row=0, column=0)
        self.turn_button = theme.Button(head, text=_("Find it"), command=self.turn)
        theme.look(self.turn_button, theme.ACCENT)
        self.turn_button.grid(row=0, column=1, padx=(gap, 0))
        explain(
            self.turn_button,
            _("Looks for the smallest change of ink, by the gradient, close to the ink there is."),
        )
        self.result = WrappedLabel(right)
        self.result.grid(row=1, column=0, columnspan=3, sticky="ew", pady=(0, gap))
        self.changed = Map(right, _("the change"))
        self.changed.grid(row=2, column=0, sticky="nw", padx=(0, 2 * gap))
        self.picture = Map(right, _("the result"))
        self.picture.grid(row=2, column=1, sticky="nw")
        self.bars = ProbabilityBars(right)
        self.bars.grid(row=3, column=0, columnspan=3, sticky="nsew", pady=(gap, 0))
        explain(
            self.bars,
            _("The bar is the probability after the change, the thin line below it before."),
        )

    # -- what is shown

    def _show(self, subject: Subject, before: Subject | None) -> None:
        outputs = subject.look.outputs
        self.other.offer({name: output_name(name) for name in outputs})
        order = _ranking(subject)
        self.other.choose(outputs[order[1]] if len(order) > 1 else "")
        self._forget_turn()
        if subject.look.is_empty:
            self._job.cancel()
            self._show_parts(False)
            return
        self._later.restart()

    def _ask(self) -> None:
        subject = self._subject
        if subject is None or subject.look.is_empty:
            return
        inside, key, labels = subject.inside, subject.look.key, _ranking(subject)[:2]
        self._job.ask(
            lambda job: tuple(
                inside.why(key, label, cancelled=job.is_cancelled) for label in labels
            ),
            self._take,
        )

    def _take(self, why: tuple[Why, ...]) -> None:
        subject = self._subject
        if subject is None:
            return
        self.why = why
        self._show_parts(True)
        look = subject.look
        heads = (
            _("for the answer, {name} ({percent})"),
            _("for the runner-up, {name} ({percent})"),
        )
        for row, each in enumerate(why):
            self.titles[row].configure(
                text=heads[row].format(
                    name=output_name(look.outputs[each.label]),
                    percent=percent(look.probabilities[each.label]),
                )
            )
            self.maps[row][0].show(each.gradient)
            self.maps[row][1].show(each.occlusion)
        self.scale.show(why[0].gradient.limit)

    def _show_parts(self, has_ink: bool) -> None:
        set_shown(self._left, has_ink)
        set_shown(self._right, has_ink)
        set_shown(self.hint, not has_ink)

    # -- what would turn it

    def turn(self) -> None:
        """Look for the smallest change that turns it into what is chosen."""
        subject = self._subject
        if subject is None or subject.look.is_empty or not self.other.chosen:
            return
        inside, key = subject.inside, subject.look.key
        label = subject.look.outputs.index(self.other.chosen)
        enable(self.turn_button, False)
        self.result.configure(text=_("Looking …"))
        self._turn_job.ask(
            lambda job: inside.turn_into(key, label, job.report, job.is_cancelled),
            self._take_turned,
            when_failed=self._forget_turn,
        )

    def _take_turned(self, turned: Turned) -> None:
        subject = self._subject
        if subject is None:
            return
        self.turned = turned
        enable(self.turn_button, True)
        names = [output_name(name) for name in subject.look.outputs]
        self.changed.show(turned.change)
        self.picture.show_picture(turned.picture)
        self.bars.show(names, turned.after)
        self.bars.show_other(names, turned.before)
        steps = plural("{n} step", "{n} steps", turned.steps)
        said = _("It is read as {name} now.") if turned.is_reached else _(
            "Not reached: no change near the ink is enough."
        )  # fmt: skip
        ink = _("{share} of the ink was changed").format(share=percent(turned.changed_ink, 0))
        said = said.format(name=names[turned.label])
        self.result.configure(text=joined("  ", (said, joined(", ", (ink, steps)))))
        self._show_turned(True)

    def _forget_turn(self) -> None:
        self.turned = None
        self._turn_job.cancel()
        enable(self.turn_button, True)
        self.result.configure(text="")
        self._show_turned(False)

    def _show_turned(self, shown: bool) -> None:
        for widget in (self.changed, self.picture, self.bars):
            set_shown(widget, shown)


def _ranking(subject: Subject) -> list[int]:
    """The outputs, the likeliest first."""
    probabilities = subject.look.probabilities
    return sorted(range(len(probabilities)), key=lambda k: -probabilities[k])


def _help_of(column: int) -> Sentence:
    if column == 0:
        return _("Each pixel times how much more of it would raise the logit: red speaks for it.")
    return _("How much the logit falls where a 5×5 patch is wiped out: red ink is needed for it.")
