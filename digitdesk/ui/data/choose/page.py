"""Choose part: some classes, some of their pictures, some of these held out; saved as a new set."""

from __future__ import annotations

from functools import partial

from digitdesk.errors import DigitDeskError
from digitdesk.messages.own.choice import Choice
from digitdesk.messages.own.pictures import PartCount, PictureSet
from digitdesk.ui.controls.latest_job import LatestJob
from digitdesk.ui.data.choose.choice_form import ChoiceForm
from digitdesk.ui.data.choose.class_table import ClassTable
from digitdesk.ui.data.page import DataPage
from digitdesk.ui.data.words import size_of
from digitdesk.ui.data.work_line import WorkLine
from digitdesk.ui.i18n.text import Sentence, _, core_problem
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.timer import Timer
from digitdesk.ui.toolkit.tooltip import explain

#: Between the last letter typed and counting, in milliseconds.
_COUNT_MS = 120


class ChoosePage(DataPage):
    """The form at the left, the classes at the right, and above them how large the part is.

    Attributes:
        form: How many pictures.
        classes: Which classes.
        work: How large the part is, how far it is written, and what is wrong.
    """

    def _build(self) -> None:
        gap = px(self, GAP)
        self._count_job = LatestJob(self._services.background, self._refuse)
        self._count_later = Timer(self, _COUNT_MS, self._count)
        self._choice: Choice | None = None
        self.columnconfigure(1, weight=1)
        self.rowconfigure(1, weight=1)
        self.form = ChoiceForm(self, self._on_change, self.save)
        self.form.grid(row=0, column=0, rowspan=2, sticky="new", padx=(0, 3 * gap))
        head = theme.Frame(self)
        head.grid(row=0, column=1, sticky="ew", pady=(0, gap))
        head.columnconfigure(0, weight=1)
        self.work = WorkLine(head, self._services)
        self.work.grid(row=0, column=0, sticky="ew")
        self.classes = ClassTable(self, self._on_change)
        for column, (taken, title, why) in enumerate(
            ((True, _("All"), _("Takes every class.")),
             (False, _("None"), _("Leaves every class out."))), start=1,
        ):  # fmt: skip
            button = theme.Button(head, text=title, command=partial(self.classes.take_all, taken))
            theme.look(button, theme.TOOL)
            explain(button, why)
            button.grid(row=0, column=column)
        self.classes.grid(row=1, column=1, sticky="nsew")

    # -- what is chosen

    def _fill(self, shown: PictureSet) -> None:
        self.classes.show(shown)
        self.form.begin(_("{set} (part)").format(set=shown.title))
        self._count()

    def _on_change(self) -> None:
        self._choice = None
        self.form.enable(False)
        self._count_later.restart()

    def _count(self) -> None:
        """Count what the choice would have, once it stands."""
        self._count_later.cancel()
        shown, classes, pictures = self._shown, self.classes.classes, self._pictures
        if shown is None or self.work.is_busy:
            return
        if not classes:
            self._say_wrong(_("Take one class at least."))
            return
        try:
            choice = self.form.choice(classes)
        except ValueError as error:
            self._say_wrong(error.args[0])
            return
        self._count_job.ask(
            lambda _job: pictures.choice_size(shown.key, choice),
            lambda parts: self._take_count(choice, parts),
        )

    def _take_count(self, choice: Choice, parts: tuple[PartCount, ...]) -> None:
        self._choice = choice
        self.work.tell(_("The new set: {size}").format(size=size_of(parts)))
        self.classes.show_chosen(parts, choice.classes)
        self.form.enable(any(part.part == "train" and part.count for part in parts))

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, DigitDeskError):
            self._say_wrong(core_problem(error))
        else:
            self._status.show_error(error)

    def _say_wrong(self, sentence: Sentence) -> None:
        self._count_job.cancel()
        self.classes.show_chosen((), ())
        self.form.enable(False)
        self.work.say_wrong(sentence)

    # -- saving it

    def save(self) -> None:
        """Write the part as a set of its own."""
        shown, choice, name, pictures = self._shown, self._choice, self.form.name, self._pictures
        if shown is None or choice is None or self.work.is_busy:
            return
        self.form.enable(False)
        self.work.ask(
            _("Writing …"),
            lambda job: pictures.save_choice(
                shown.key, choice, name, progress=job.report, cancelled=job.is_cancelled
            ),
            self._take_saved,
            lambda: self.form.enable(True),
        )

    def _take_saved(self, written: PictureSet) -> None:
        self._status.say(_("Written: {name}.").format(name=written.title))
        self._commands.take_set(written)
