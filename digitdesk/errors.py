"""The one family of errors a user may see.

Every message says what happened, what was expected, what was received, and what to do next.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self


class DigitDeskError(Exception):
    """An error with a sentence for the user.

    Args:
        what: What happened, naming the file or field.
        expected: What would have been right.
        received: What was there instead.
        hint: What the user can do now.
    """

    def __init__(
        self, what: str, *, expected: str = "", received: str = "", hint: str = ""
    ) -> None:
        self.what = what
        self.expected = expected
        self.received = received
        self.hint = hint
        super().__init__(self.sentence)

    @classmethod
    def about(cls, subject: str, error: DigitDeskError) -> Self:
        """The same complaint as an error of this kind, with what it is about in front.

        Args:
            subject: For example the file, and what was wanted of it.
            error: The complaint; its other parts are kept.
        """
        return cls(
            f"{subject}: {error.what[:1].lower()}{error.what[1:]}",
            expected=error.expected,
            received=error.received,
            hint=error.hint,
        )

    @property
    def sentence(self) -> str:
        """The whole message as one readable line."""
        return in_one_line(self.what, self.expected, self.received, self.hint)


def in_one_line(what: str, expected: str = "", received: str = "", hint: str = "") -> str:
    """The parts of an error as one readable line."""
    parts = [what.rstrip(".")]
    if expected:
        parts.append(f"expected {expected.rstrip('.')}")
    if received:
        parts.append(f"received {received.rstrip('.')}")
    message = "; ".join(parts) + "."
    return printable(f"{message} {hint.rstrip('.')}." if hint else message)


def printable(text: str) -> str:
    """A text without what would move the cursor or break the line; files may hold anything."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint at the known word that a mistyped one is most like; empty where none is."""
    import difflib  # seldom needed, and everybody reads this module

    found = difflib.get_close_matches(word.lower(), list(known), n=1)
    return f"Perhaps {found[0]} was meant" if found else ""


class CancelledError(DigitDeskError):
    """Work was ended because the user wanted no more of it."""


class ConfigError(DigitDeskError):
    """A setting is out of range or names something unknown."""


class SpecError(ConfigError):
    """A network description cannot be built as written."""


class ArraysError(DigitDeskError):
    """Arrays are not those of the network or optimizer they were to be loaded into."""


class DeviceError(DigitDeskError):
    """The chosen device cannot be used here."""


class DataError(DigitDeskError):
    """A data set file is missing, damaged or not what its name says."""


class DownloadError(DataError):
    """No mirror gave the file that was asked for."""


class ImageError(DataError):
    """A picture cannot be opened or holds no ink."""


class SaveError(DigitDeskError):
    """A file cannot be written; what was there before is untouched."""


class ModelFileError(DigitDeskError):
    """A model file cannot be read or written."""


class TrainingError(DigitDeskError):
    """A run cannot go on, for example because the loss is no longer a number."""
