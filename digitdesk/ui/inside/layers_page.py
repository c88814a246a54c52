"""Layers as pictures: all of them in a strip, one of them large, and one number of it explained."""

from __future__ import annotations

from digitdesk.messages.inside.look import ANSWER, LayerView, Place
from digitdesk.messages.inside.tiles import Tiles
from digitdesk.ui.i18n.text import _
from digitdesk.ui.inside.explain_view import ExplainView
from digitdesk.ui.inside.layer_panel import LayerPanel
from digitdesk.ui.inside.page import InsidePage
from digitdesk.ui.inside.subject import Subject
from digitdesk.ui.inside.widgets.strip import Strip
from digitdesk.ui.inside.words import output_name
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.timer import Timer

#: The arithmetic is written when the pen pauses so long; the tiles follow it at once.
_PAUSE_MS = 60
#: The number below the mouse is explained when the mouse has been heard of for so long.
_POINT_MS = 40
_FIRST_KINDS = ("conv", "dense")


class LayersPage(InsidePage):
    """The strip above, the chosen layer at the left, the chosen number at the right."""

    seen = _(
        "The network from left to right, your drawing on its way through it: blue is below zero, "
        "red above."
    )
    to_try = _("Draw, and watch which channels answer; click a cell to see how it is computed.")

    def _build(self) -> None:
        gap, body = px(self, GAP), self.body
        self._pointed: Place | None = None
        self._explain_later = Timer(self, _PAUSE_MS, self._explain)
        self._point_later = Timer(self, _POINT_MS, self._explain)
        body.columnconfigure(0, weight=2, uniform="half")
        body.columnconfigure(1, weight=3, uniform="half")
        body.rowconfigure(1, weight=1)
        self.strip = Strip(body, self._on_strip)
        self.strip.grid(row=0, column=0, columnspan=2, sticky="ew")
        self.panel = LayerPanel(body, self._on_cell, self._on_weights, self._on_point)
        self.panel.grid(row=1, column=0, sticky="nsew", pady=(gap, 0), padx=(0, gap))
        self.explained = ExplainView(body, self.choose_place, self._explain)
        self.explained.grid(row=1, column=1, sticky="nsew", pady=(gap, 0), padx=(gap, 0))

    # -- what is shown

    def _show(self, subject: Subject, before: Subject | None) -> None:
        network = subject.network
        if before is None or before.network.layers != network.layers:
            self.strip.offer(network.layers)
            first = next((lay for lay in network.layers if lay.kind in _FIRST_KINDS), None)
            layer = self.layer or first or network.layers[0]
            # Another network may have a layer of the same name with another shape.
            if layer != self.panel.layer:
                self._show_layer(layer)
        self.strip.show(subject.look.key, self._outputs)
        self._draw_layer()
        if self.panel.view.chosen is not None:
            self._explain_later.restart()
        else:
            self.explained.show(None, None)

    @property
    def layer(self) -> LayerView | None:
        """The layer that is shown large."""
        subject, path = self._subject, self.strip.chosen
        layers = subject.network.layers if subject is not None else ()
        return next((layer for layer in layers if layer.path == path), None)

    def choose_layer(self, path: str) -> None:
        """Show another layer large."""
        subject = self._subject
        if subject is not None:
            self._show_layer(subject.network.layer(path))
            self._draw_layer()

    def choose_place(self, place: Place) -> None:
        """Explain a number of the layer that is shown large."""
        self._pointed = None
        self.panel.view.choose(place)
        self._explain()

    def leave(self) -> None:
        """Play no further, and draw nothing anew while nobody sees it."""
        self._pointed = None
        self._explain_later.cancel()
        self._point_later.cancel()
        self.explained.stop()
        self.strip.forget()
        self.panel.view.forget()

    # -- inside

    def _outputs(self, path: str, first: int, count: int) -> Tiles:
        assert self._subject is not None
        return self._subject.inside.tiles(self._subject.look.key, path, first, count)

    def _show_layer(self, layer: LayerView) -> None:
        subject = self._subject
        assert subject is not None
        self.strip.choose(layer.path)
        is_output = layer.shape == (len(subject.network.outputs),) and (
            layer.path in (ANSWER, subject.network.layers[-2].path)
        )
        names = [output_name(name) for name in subject.network.outputs] if is_output else ()
        self.panel.offer(layer, names)
        self._pointed = None
        self.strip.mark(())
        self.explained.show(None, None)

    def _draw_layer(self) -> None:
        subject, layer = self._subject, self.layer
        if subject is None or layer is None:
            return
        path = layer.path
        if self.panel.shows_weights:
            self.panel.show(
                lambda first, count: subject.inside.weight_tiles(
                    subject.model_key, path, first, count, subject.edits
                )
            )
        else:
            self.panel.show(lambda first, count: self._outputs(path, first, count))

    def _explain(self) -> None:
        """Write how the chosen number comes about."""
        subject, layer = self._subject, self.layer
        place = self._pointed or self.panel.chosen
        if subject is None or layer is None or place is None:
            self.strip.mark(())
            self.explained.show(None, None)
            return
        temperature = self.explained.temperature if layer.path == ANSWER else None
        with self._status.guarding():
            told = subject.inside.explain(
                subject.look.key, layer.path, place, temperature=temperature
            )
            self.strip.mark(told.reads)
            self.explained.show(told, layer)

    # -- reactions

    def _on_strip(self, layer: LayerView, place: Place | None) -> None:
        if self.panel.layer != layer:
            self._show_layer(layer)
            self._draw_layer()
        if place is not None:
            self.choose_place(place)

    def _on_cell(self, _place: Place) -> None:
        self._explain()

    def _on_point(self, place: Place | None) -> None:
        """Explain the number below the mouse; when it leaves, the chosen one again."""
        self._pointed = None if self.panel.shows_weights or self.explained.is_playing else place
        self._point_later.ask()

    def _on_weights(self) -> None:
        self._draw_layer()
