"""Twenty thousand damaged files of every kind DigitDesk opens; run by ``make torture``."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.torture.mutants import findings_of
from tests.torture.specimens import specimens

MUTANTS = 20_000


@pytest.mark.parametrize("kind", specimens())
def test_damaged_files_are_refused_or_harmless(kind: str, tmp_path: Path) -> None:
    (found,) = findings_of(kind, MUTANTS, 1, tmp_path)
    print(found)  # noqa: T201 - shown by pytest -s, for whoever states the figures
    assert found.mutants == MUTANTS
    assert found.problems == []
