"""Every write, flush and renaming of every kind of save fails once; run by ``make torture``."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.torture.faults import OPERATIONS, REASONS, check_refusals
from tests.torture.kills import KINDS, OURS, ROOT


@pytest.mark.parametrize("code", REASONS, ids=errno.errorcode.__getitem__)
@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("kind", OURS)
def test_a_refused_save_changes_nothing(
    kind: str, operation: str, code: int, tmp_path: Path
) -> None:
    assert check_refusals(KINDS[kind], tmp_path, operation, code) >= 1


REAL = """
import os, resource, sys
from pathlib import Path
from digitdesk.errors import DigitDeskError
from tests.torture.kills import KINDS
kind, folder, limit = KINDS[sys.argv[1]], Path(sys.argv[2]), sys.argv[3]
if limit == "read-only":
    folder.chmod(0o555)
    if not os.geteuid():
        os.seteuid(65534)
else:
    size = max(path.stat().st_size for path in folder.iterdir())
    limits = int(size * float(limit)), resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)
try:
    kind.save(folder, 2)
except DigitDeskError as error:
    os.write(1, error.sentence.encode())
"""


@pytest.mark.parametrize("limit", ["0", "0.001", "0.5", "0.99", "read-only"])
@pytest.mark.parametrize("kind", OURS)
def test_a_limit_of_the_real_system_changes_nothing(kind: str, limit: str) -> None:
    """Not a played refusal: the kernel stops the file at so many bytes, or guards the folder."""
    # A folder that other users may enter: for root, who is stopped by nothing, plays one.
    with tempfile.TemporaryDirectory(dir=tempfile.gettempdir()) as name:
        folder = Path(name)
        KINDS[kind].save(folder, 1)
        names = os.listdir(folder)  # noqa: PTH208
        done = subprocess.run(
            [sys.executable, "-c", REAL, kind, name, limit],
            capture_output=True, text=True, check=True, cwd=ROOT,
        )  # fmt: skip
        reason = "not permitted" if limit == "read-only" else "too large for this disk"
        assert reason in done.stdout
        assert os.listdir(folder) == names  # noqa: PTH208
        assert KINDS[kind].load(folder) == 1
        folder.chmod(0o700)
