"""What a source would become: ten of its pictures, or all where they are to be labelled."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import font as tk_font
from typing import TYPE_CHECKING

from digitdesk.messages.own.importing import ImportPreview
from digitdesk.messages.own.pictures import PictureSet, SeenPicture
from digitdesk.ui.charts.gallery import Caption, Gallery, GalleryPage
from digitdesk.ui.controls.wrapped_label import WrappedLabel
from digitdesk.ui.data.bring.label_keys import label_of_key
from digitdesk.ui.data.words import Captions, facts_of
from digitdesk.ui.i18n.text import Sentence, _, core_phrase, joined, size
from digitdesk.ui.toolkit import held_keys, theme
from digitdesk.ui.toolkit.status_bar import StatusBar
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import set_shown

if TYPE_CHECKING:
    from digitdesk.session.pictures.pictures import Pictures


class PreviewPane(theme.Frame):
    """Notes above, pictures below; keys label them where labels are missing.

    Args:
        parent: The widget to sit in.
        status: Where errors go.
        pictures: Where the preview lies.
        on_facts: Takes what is known of the set, now that it is shown or labelled otherwise.

    Attributes:
        gallery: The pictures.
        facts: The set as it would be.
        has_labels: Whether somebody has labelled any of it here.
    """

    def __init__(
        self,
        parent: tk.Misc,
        status: StatusBar,
        pictures: Pictures,
        on_facts: Callable[[Sentence], None],
    ) -> None:
        super().__init__(parent)
        self._status, self._pictures, self._on_facts = status, pictures, on_facts
        self._preview: ImportPreview | None = None
        self._is_labelled = True
        self._captions: Captions | None = None
        self.facts: PictureSet | None = None
        self.has_labels = False
        gap = px(self, GAP)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(2, weight=1)
        self.notes = WrappedLabel(self)
        self.notes.grid(row=0, column=0, sticky="ew", pady=(0, gap // 2))
        self.how = WrappedLabel(
            self,
            text=_("Press a picture's class: 0 to 9, or the first letter of its name; several that "
                   "begin with it come in turn. Backspace goes back one, Delete takes the label "
                   "away, the arrow keys go on without one."),
        )  # fmt: skip
        self.how.grid(row=1, column=0, sticky="ew")
        self.gallery: Gallery[SeenPicture] = Gallery(
            self, self._ask, self._caption, lambda _seen: None
        )
        self.gallery.grid(row=2, column=0, sticky="nsew", pady=(gap // 2, 0))
        explain(self.gallery.canvas, _("Pictures as they will be, each with its label."))
        canvas = self.gallery.canvas
        canvas.bind("<Key>", self._on_key)
        canvas.bind("<BackSpace>", lambda _event: self._step(-1))
        canvas.bind("<Delete>", lambda _event: self._name_it(""))

    # -- what is asked of it

    @property
    def is_complete(self) -> bool:
        """Whether there is something labelled to write."""
        facts = self.facts
        return facts is not None and any(part.count > part.unlabelled for part in facts.parts)

    def show(self, preview: ImportPreview) -> None:
        """Show what was read."""
        self._preview, self.facts, self.has_labels = preview, preview.pictures, False
        self._is_labelled = not any(part.unlabelled for part in preview.pictures.parts)
        self.notes.configure(text=joined(" ", map(core_phrase, preview.pictures.notes)))
        set_shown(self.notes, bool(preview.pictures.notes))
        set_shown(self.how, not self._is_labelled)
        self._show_facts()
        assert self._captions is not None
        self.gallery.reload(widest=self._captions.widest[False])
        if not self._is_labelled:
            self.gallery.choose(0)
            self.gallery.canvas.focus_set()

    def label_chosen(self, letter: str) -> None:
        """Label the chosen picture as the key says, and go on to the next."""
        seen, facts = self._chosen, self.facts
        if seen is None or facts is None or self._is_labelled:
            return
        keyed = label_of_key(letter, facts.class_names, seen.label)
        if keyed is not None and self._name_it(keyed.name) and keyed.is_sure:
            self._step(1)

    # -- inside

    @property
    def _chosen(self) -> SeenPicture | None:
        gallery = self.gallery
        if self._preview is None or gallery.chosen < 0:
            return None
        with self._status.guarding():
            found = self._pictures.page(self._preview.key, gallery.chosen, 1).pictures
            return found[0] if found else None
        return None

    def _show_facts(self) -> None:
        preview, facts = self._preview, self.facts
        if preview is None or facts is None:
            return
        font = tk_font.nametofont(theme.font("small"), root=self)
        self._captions = Captions(facts.labels, font)
        said = [core_phrase(preview.kind), _size_title(preview.found_size), facts_of(facts)]
        said.append(_("{size} to write").format(size=size(preview.bytes_to_write)))
        self._on_facts(joined("  ·  ", said))

    def _ask(self, first: int, count: int) -> GalleryPage[SeenPicture]:
        preview = self._preview
        if preview is None:
            return GalleryPage((), 0)
        if self._is_labelled:
            return GalleryPage(preview.samples[first : first + count], len(preview.samples))
        with self._status.guarding():
            page = self._pictures.page(preview.key, first, count)
            return GalleryPage(page.pictures, page.total)
        return GalleryPage((), 0)

    def _caption(self, seen: SeenPicture) -> Caption:
        words = self._captions.of(seen, with_doubt=False) if self._captions is not None else ""
        return Caption(words, is_wrong=not seen.label)

    def _on_key(self, event: tk.Event[tk.Misc]) -> None:
        if not held_keys.is_command(event.state):
            self.label_chosen(event.char)

    def _step(self, step: int) -> None:
        if not self._is_labelled:
            self.gallery.choose(self.gallery.chosen + step)

    def _name_it(self, name: str) -> bool:
        """Say what the chosen picture shows; whether that could be said."""
        seen, preview = self._chosen, self._preview
        if seen is None or preview is None or self._is_labelled:
            return False
        with self._status.guarding():
            self.facts = self._pictures.label(preview.key, seen.part, seen.index, name)
            self.has_labels = True
            self._show_facts()
            self.gallery.look_again()
            return True
        return False


def _size_title(found: tuple[int, int]) -> Sentence:
    """How large the pictures were found."""
    if found == (0, 0):
        return _("of different sizes")
    return joined("×", map(str, found))
