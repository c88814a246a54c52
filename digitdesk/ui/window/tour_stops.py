"""What the tour shows, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digitdesk.ui.i18n.text import _
from digitdesk.ui.window.tour import Stop

if TYPE_CHECKING:
    from digitdesk.ui.window.main_window import MainWindow


def tour_stops(window: MainWindow) -> tuple[Stop, ...]:
    """Four cards: board, answer, training, models."""
    draw, train, models = window.draw, window.train, window.models
    return (
        Stop(
            draw,
            draw.digit.board,
            _("Draw a digit"),
            _("Draw with mouse, pen or finger. It is read while you draw, by a network that came "
              "with DigitDesk."),
        ),
        Stop(
            draw,
            draw.digit.panel.network_view,
            _("What the network sees"),
            _("Your ink, made as small as its training images: 28×28 pixels. Below: how probable "
              "it finds each digit."),
        ),
        Stop(
            train,
            train.start_button,
            _("Train your own"),
            _("Press Start: a network learns from 60,000 digits in about a minute. Every setting "
              "explains itself when the mouse rests on it, or with F1."),
        ),
        Stop(
            models,
            models.list,
            _("Keep what you like"),
            _("Save networks, compare two of them, and read the board with any."),
        ),
    )  # fmt: skip
