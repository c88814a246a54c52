"""Whatever is done to a file, it opens as what it was, or is refused with a sentence.

Here a few accidents of every kind, and those that Hypothesis thinks of; ``make torture`` has
twenty thousand of every kind.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digitdesk.errors import DigitDeskError
from tests.torture import bombs
from tests.torture.mutants import LONGEST_SENTENCE, findings_of, try_mutants
from tests.torture.specimens import Specimen, specimens

KINDS = tuple(specimens())
needs_proc = pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for the memory used")


@pytest.fixture(scope="module")
def kinds() -> dict[str, Specimen]:
    return specimens()


@needs_proc
def test_a_few_mutants_of_every_kind(tmp_path: Path) -> None:
    found = findings_of("all", 60, 2, tmp_path)
    assert tuple(entry.kind for entry in found) == KINDS
    assert {entry.kind: entry.problems for entry in found if entry.problems} == {}
    # Settings are never refused: what is damaged in them is the default again.
    assert all(entry.refused > 5 for entry in found if entry.kind != "settings")


def careless(path: Path) -> str:
    return path.read_bytes()[:9].decode("utf-8")


def hungry(path: Path) -> str:
    return str(len(b"x" * (70 << 20))) + path.name


@needs_proc
@pytest.mark.parametrize(
    ("read", "mutants", "problem"),
    [
        (careless, 100, "UnicodeDecodeError"),
        (careless, 100, "silently another content"),
        (hungry, 2, " MB"),
    ],
)
def test_what_is_wrong_would_be_noticed(
    read: Callable[[Path], str], mutants: int, problem: str, tmp_path: Path
) -> None:
    text = Specimen("s.json", [b"[1, 2, 3, 4]"], read, is_sealed=True)
    found = try_mutants("careless", text, mutants, 1, tmp_path)
    assert any(problem in line for line in found.problems)


@needs_proc
def test_bombs_are_refused_quickly_and_in_little_memory(tmp_path: Path) -> None:
    """Those among model files are in tests/storage/test_hostile_files.py."""
    found = bombs.costs(tmp_path)
    assert [cost.name for cost in found] == list(bombs.BOMBS)
    assert [cost.name for cost in found if not cost.sentence] == []
    assert [cost for cost in found if cost.seconds > bombs.MOST_SECONDS] == []
    assert [cost for cost in found if cost.bytes_taken > bombs.MOST_BYTES] == []
    assert [cost.name for cost in found if cost.files_left] == [], "something was unpacked"


accidents = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.integers(0, 40),
        st.one_of(st.binary(max_size=12), st.sampled_from([b"\xff" * 4, b"\0" * 8, b"[" * 30])),
    ),
    min_size=1,
    max_size=4,
)


@settings(deadline=None, max_examples=200, suppress_health_check=list(HealthCheck))
@given(kind=st.sampled_from(KINDS), choice=st.integers(0, 9), changes=accidents)
def test_no_accident_brings_another_error(
    kinds: dict[str, Specimen],
    tmp_path: Path,
    kind: str,
    choice: int,
    changes: list[tuple[float, int, bytes]],
) -> None:
    """Each accident replaces so many bytes at a place by others."""
    specimen = kinds[kind]
    path = tmp_path / specimen.name
    good = specimen.good[choice % len(specimen.good)]
    path.write_bytes(specimen.pack(good))
    before = specimen.read(path)
    damaged = bytearray(good)
    for where, length, others in changes:
        place = int(where * len(damaged))
        damaged[place : place + length] = others
    path.write_bytes(specimen.pack(bytes(damaged)))
    try:
        after = specimen.read(path)
    except DigitDeskError as error:
        assert error.sentence.isprintable()
        assert len(error.sentence) <= LONGEST_SENTENCE
    else:
        assert after == before or not specimen.is_sealed
