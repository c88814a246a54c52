"""Data sets as the user sees them, and pictures out of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from digitdesk.messages.picture import Picture
from digitdesk.messages.problem import Problem


@dataclass(frozen=True, slots=True)
class DatasetInfo:
    """A data set as the user sees it.

    Attributes:
        status: ``verified``, ``unverified``, ``built-in``, ``missing`` or ``damaged``.
        detail: A sentence: where it is, or what is wrong and what to do.
        download_bytes: How much is fetched, where it can be downloaded.
        problem: What is wrong, in parts, where it is damaged.
    """

    name: str
    title: str
    status: str
    detail: str
    location: str = ""
    can_download: bool = False
    problem: Problem | None = None
    download_bytes: int = 0


@dataclass(frozen=True, slots=True)
class TestSample:
    """A picture of a test set, 28×28 with ink = 255, what it shows, and whose it is."""

    __test__: ClassVar[bool] = False  # no test, whatever its name says to pytest

    picture: Picture
    label: str
    source: str
