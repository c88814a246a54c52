"""A map: what a network takes for alike lies together, and one's own drawing lies among it."""

from __future__ import annotations

from collections.abc import Sequence

from digitdesk.messages.picture import Picture
from digitdesk.messages.point_map import PIXELS, MapMethod, MapPoint, PointMap
from digitdesk.messages.prediction import Prediction, Stroke
from digitdesk.ui.board.drawing_board import DrawingBoard
from digitdesk.ui.controls.choice_box import ChoiceBox
from digitdesk.ui.controls.latest_job import LatestJob
from digitdesk.ui.controls.mode_switch import ModeSwitch
from digitdesk.ui.evaluate.page import ExamPage, Shown
from digitdesk.ui.evaluate.widgets.point_view import Pointed, PointView
from digitdesk.ui.i18n.text import Sentence, _, percent, whole
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import set_shown

#: Side of the small board, and width of what stands beside the map, in logical pixels.
_BOARD, _BESIDE = 168, 232


class MapPage(ExamPage):
    """The map at the left; its choices, and a board to draw on, at the right."""

    def _build(self) -> None:
        gap = px(self, GAP)
        self.map: PointMap | None = None
        self._method: MapMethod = "pca"
        self._job = LatestJob(self._services.background, self._services.status.show_error)
        self.rowconfigure(0, weight=1)
        self.columnconfigure(0, weight=1)
        self.view = PointView(self, self._picture_of, self._put_on_board)
        self.view.grid(row=0, column=0, sticky="nsew", padx=(0, 2 * gap))
        explain(
            self.view,
            _("Each point is a picture, in the color of what it shows; a red ring means that it "
              "was read wrong. The mouse shows the picture, a click puts it on the board."),
        )  # fmt: skip
        side = theme.Frame(self)
        side.grid(row=0, column=1, sticky="nsew")
        side.columnconfigure(0, weight=1, minsize=px(self, _BESIDE))
        side.rowconfigure(4, weight=1)
        self.method = ModeSwitch(
            side,
            {
                "pca": (_("PCA"), _(
                    "Looks at all pictures from the side from which they differ most. At once, and "
                    "large distances are true.")),
                "tsne": (_("t-SNE"), _(
                    "Puts those together that are alike. It takes a while, and the distance "
                    "between two groups means nothing.")),
            },
            self._on_method,
        )  # fmt: skip
        self.method.show("pca")
        self.method.grid(row=0, column=0, sticky="w")
        self.source = ChoiceBox(
            side,
            _("What the pictures are compared by: their pixels, or what a layer makes of them. "
              "From layer to layer, the classes come apart."),
            self._make,
            title=_("by"),
            width=18,
        )  # fmt: skip
        self.source.widget.grid(row=1, column=0, sticky="w", pady=gap)
        self.note = theme.Label(
            side, style="Muted.TLabel", justify="left", wraplength=px(self, _BESIDE)
        )
        self.note.grid(row=2, column=0, sticky="w")
        self.progress = theme.Progressbar(side, maximum=1.0)
        self.progress.grid(row=3, column=0, sticky="ew", pady=(gap, 0))
        self.progress.grid_remove()
        self.board = DrawingBoard(side, self._on_ink)
        self.board.resize(px(self, _BOARD))
        self.board.grid(row=5, column=0, sticky="sw")
        theme.follow_size(self, lambda: self.board.resize(px(self, _BOARD)))
        explain(
            self.board,
            _("Your drawing is the diamond on the map, and moves while you draw here."),
        )
        foot = theme.Frame(side)
        foot.grid(row=6, column=0, sticky="ew", pady=(gap // 2, 0))
        self.clear_button = theme.Button(foot, text=_("Clear"), command=self.board.clear)
        theme.look(self.clear_button, theme.TOOL)
        explain(self.clear_button, _("Wipes the small board; its point leaves the map."))
        self.clear_button.grid(row=0, column=0, sticky="w")
        self._has_board = False
        self._borrowed: Picture | Sequence[Stroke] = ()

    # -- what is shown

    def show(self, shown: Shown) -> None:
        """Look at an exam, and at what was drawn elsewhere meanwhile."""
        super().show(shown)
        self._borrow()

    def _fill(self, shown: Shown) -> None:
        if not self._has_board:
            self.board.attach(shown.session.new_board)
            self._has_board = True
        with self._status.guarding():
            sources = shown.exams.map_choices(shown.exam.key)
            self.source.offer({name: _("pixels") if name == PIXELS else name for name in sources})
        self._make()

    def leave(self) -> None:
        """Compute no map that nobody sees; it is begun anew when the page is seen again."""
        if self._job.is_busy:
            self._job.cancel()
            self._shown = None

    def _on_method(self, method: str) -> None:
        self._method = "tsne" if method == "tsne" else "pca"
        self._make()

    def _make(self) -> None:
        """Have the map made that is chosen, beside the window."""
        shown, method, source = self._shown, self._method, self.source.chosen
        if shown is None or not source:
            return
        self.map = None
        self.view.show((), ())
        self.view.place_own(None)
        self.note.configure(text=_("Making the map …"))
        self.progress.configure(value=0.0)
        set_shown(self.progress, True)
        self._job.ask(
            lambda job: shown.exams.point_map(
                shown.exam.key, method, source, job.report, job.is_cancelled
            ),
            self._take,
            self._show_progress,
            self._fail,
        )

    def _show_progress(self, done: int, total: int) -> None:
        self.progress.configure(value=done / max(1, total))

    def _take(self, made: PointMap) -> None:
        shown = self._shown
        if shown is None:
            return
        self.map = made
        set_shown(self.progress, False)
        self.view.show(made.points, shown.exam.evaluation.class_names)
        self.note.configure(text=_said_of(made))
        self._on_ink()

    def _fail(self) -> None:
        set_shown(self.progress, False)
        self.note.configure(text=_("There is no such map; the line below says why."))

    # -- points

    def _picture_of(self, point: MapPoint) -> Pointed | None:
        shown = self._shown
        if shown is None:
            return None
        with self._status.guarding():
            item = shown.exams.detail(shown.exam.key, point.index).item
            names = (
                item.answer if item.is_right or not item.label else f"{item.label} → {item.answer}"
            )
            return Pointed(item.picture, f"{names}  {percent(item.confidence)}")
        return None

    def _put_on_board(self, point: MapPoint) -> None:
        shown = self._shown
        if shown is None:
            return
        with self._status.guarding():
            detail = shown.exams.detail(shown.exam.key, point.index)
            content = detail.strokes or detail.item.picture
            self._services.put_on_board(content, shown.exam.model_key)

    def _borrow(self) -> None:
        """Begin with what is drawn in the Draw tab; what was drawn here since then stays."""
        drawing = self._services.drawing()
        if not drawing or drawing == self._borrowed:
            return
        self._borrowed = drawing
        if isinstance(drawing, Picture):
            self.board.show_picture(drawing)
        else:
            self.board.show_strokes(drawing)

    def _on_ink(self) -> None:
        """Move the point of the drawing to where it lies now."""
        shown, made = self._shown, self.map
        if shown is None or made is None:
            return
        with self._status.guarding():
            read = self._read(shown)
            if read.preprocessed is None:
                self.view.place_own(None)
                return
            at = shown.exams.place(made.key, read.preprocessed)
            self.view.place_own(at, f"{read.label}  {percent(read.confidence, 0)}")

    def _read(self, shown: Shown) -> Prediction:
        picture, key = self.board.shown, shown.exam.model_key
        if picture is not None:
            return shown.session.read_picture(picture, key)
        return shown.session.read_strokes(self.board.strokes, key)


def _said_of(made: PointMap) -> Sentence:
    """How much of the truth a map shows."""
    if made.explained is not None:
        share = percent(sum(made.explained), 0)
        said = _("{n} pictures. Both axes show {share} of all differences.")
        return said.format(n=whole(len(made.points)), share=share)
    said = _("{n} pictures. Neighbors are alike; the distance between groups means nothing.")
    return said.format(n=whole(len(made.points)))
