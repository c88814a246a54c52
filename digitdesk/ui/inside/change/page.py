"""Change the network: switch parts off, bend its weights, and see at once what becomes of it."""

from __future__ import annotations

from pathlib import Path

from digitdesk.messages.inside.look import Look
from digitdesk.messages.inside.tiles import Tiles
from digitdesk.messages.model import ModelEntry
from digitdesk.ui.i18n.text import _
from digitdesk.ui.inside.change.changes import Changes
from digitdesk.ui.inside.change.result import ChangeResult
from digitdesk.ui.inside.change.unit import ChangeUnit
from digitdesk.ui.inside.change.whole import ChangeWhole
from digitdesk.ui.inside.page import InsidePage
from digitdesk.ui.inside.subject import Subject
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.timer import Timer

_NPZ = ".npz"
_SUFFIXES = (".npz", ".pkl")
#: A slider that moves changes the network when it rests so long.
_PAUSE_MS = 30


class ChangePage(InsidePage):
    """One layer and its units at the left; all weights, and what came of it, at the right.

    Attributes:
        changes: As the controls stand.
    """

    seen = _(
        "The same network with parts of it switched off or bent; the bars are its answer now, "
        "the thin lines below them the answer before."
    )
    to_try = _("Switch channels off one by one: which one does your digit need? Then prune 90 %.")

    def _build(self) -> None:
        gap, body = px(self, GAP), self.body
        self.changes = Changes()
        self._base: Look | None = None
        self._apply_later = Timer(self, _PAUSE_MS, self._apply)
        for column in (0, 1):
            body.columnconfigure(column, weight=1, uniform="half")
        body.rowconfigure(1, weight=1)
        self.unit = ChangeUnit(body, self._draw_layer, self._on_unit, self.changes)
        self.unit.grid(row=0, column=0, rowspan=2, sticky="nsew", padx=(0, 2 * gap))
        self.whole = ChangeWhole(body, self.changes, self._apply_later.restart)
        self.whole.grid(row=0, column=1, sticky="ew")
        self.result = ChangeResult(body, self._services, self.reset, self.save)
        self.result.grid(row=1, column=1, sticky="nsew", pady=(gap, 0))

    # -- what is shown

    def _show(self, subject: Subject, before: Subject | None) -> None:
        if before is None or before.model_key != subject.model_key:
            self.changes.clear()
            self.whole.show()
            self.result.forget()
        if before is None or before.network.layers != subject.network.layers:
            self.unit.offer(subject.network.layers)
        self._base = subject.look if not subject.edits else self._unchanged(subject)
        self.unit.show(self._tiles)
        self.result.show(subject, self._base)

    def _unchanged(self, subject: Subject) -> Look:
        """What the network made of the drawing before it was changed."""
        base, look = self._base, subject.look
        if base is not None and base.picture == look.picture and base.model_key == look.model_key:
            return base
        if subject.strokes:
            return subject.inside.look_at_strokes(subject.model_key, subject.strokes)
        return subject.inside.look_at_picture(subject.model_key, look.picture)

    def _tiles(self, path: str, first: int, count: int) -> Tiles:
        assert self._subject is not None
        return self._subject.inside.tiles(self._subject.look.key, path, first, count)

    def _draw_layer(self) -> None:
        if self._subject is not None:
            self.unit.show(self._tiles)

    # -- changes

    def _on_unit(self) -> None:
        self._apply_later.restart()

    def _apply(self) -> None:
        self._commands.change(self.changes.edits)

    def toggle(self, layer: str, unit: int) -> None:
        """Switch a unit off, or on again."""
        self.changes.toggle(layer, unit)
        self.unit.refresh()
        self._apply()

    def choose(self, layer: str, unit: int) -> None:
        """Show a unit of a layer."""
        self.unit.choose(layer, unit)

    def reset(self) -> None:
        """Take all changes back."""
        self.changes.clear()
        self.unit.refresh()
        self.whole.show()
        self._apply()

    def save(self) -> None:
        """Ask for a path, and save the changed network as a model."""
        subject = self._subject
        if subject is None:
            return
        with self._status.guarding():
            title = subject.network.title
            chosen = self._services.dialogs.save_model(_NPZ, _("{name} changed").format(name=title))
            if not chosen:
                return
            path = Path(chosen)
            if path.suffix not in _SUFFIXES:
                path = path.with_name(path.name + _NPZ)
            entry: ModelEntry = subject.inside.save(subject.model_key, subject.edits, path)
            self._status.say(_("Saved {name}.").format(name=path.name))
            self._commands.saved(entry)

    def leave(self) -> None:
        """Count nothing that nobody waits for, and draw nothing anew while nobody sees it."""
        self._apply_later.cancel()
        self.result.leave()
        self.unit.view.forget()
