"""What the pages of the Inside tab look at, and what they may ask of the tab around them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digitdesk.messages.inside.edits import Edit
from digitdesk.messages.inside.look import Look, NetworkView
from digitdesk.messages.model import ModelEntry
from digitdesk.messages.prediction import Stroke

if TYPE_CHECKING:
    from digitdesk.session.inside.inside import Inside
    from digitdesk.session.session import Session


@dataclass(frozen=True, slots=True)
class Subject:
    """A network at work on a drawing.

    Attributes:
        session: By which to ask for more.
        network: Its layers, as it is or as it was changed.
        look: What it made of the drawing.
        strokes: The drawing; none where it is a picture.
        truth: What it is, where that is known; otherwise empty.
        data: Name of the data set that is chosen to compare with; empty where there is none.
    """

    session: Session
    network: NetworkView
    look: Look
    strokes: tuple[Stroke, ...] = ()
    truth: str = ""
    data: str = ""

    @property
    def inside(self) -> Inside:
        """What knows the network's numbers."""
        return self.session.inside

    @property
    def model_key(self) -> str:
        """Key of the network."""
        return self.look.model_key

    @property
    def edits(self) -> tuple[Edit, ...]:
        """How it was changed."""
        return self.network.edits


@dataclass(frozen=True, slots=True)
class Commands:
    """What a page may have done to what all pages look at.

    Attributes:
        change: Puts other changes of the network in place of those there are.
        saved: Hears that a changed network was saved as a model, by its entry.
    """

    change: Callable[[Sequence[Edit]], None]
    saved: Callable[[ModelEntry], None]
