"""What went wrong, in parts, so that the screen can say each in the user's language."""

from __future__ import annotations

from dataclasses import dataclass

from digitdesk.errors import DigitDeskError, in_one_line


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as a plain value; its parts are those of ``DigitDeskError``.

    Attributes:
        what: What happened, naming the file or field.
        expected: What would have been right.
        received: What was there instead.
        hint: What the user can do now.
    """

    what: str
    expected: str = ""
    received: str = ""
    hint: str = ""

    @classmethod
    def of(cls, error: DigitDeskError) -> Problem:
        """The parts of an error."""
        return cls(error.what, error.expected, error.received, error.hint)

    @property
    def sentence(self) -> str:
        """The whole message in English, as one readable line."""
        return in_one_line(self.what, self.expected, self.received, self.hint)
