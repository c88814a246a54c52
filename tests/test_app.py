"""How the window starts: it comes first, and the core behind it is set up for reading."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

STARTS = """
import sys, time
from pathlib import Path
from digitdesk import app
from digitdesk.files.paths import UserPaths

loaded = "numpy" in sys.modules
window = app.open_window(UserPaths.under(Path(sys.argv[1])))
deadline = time.monotonic() + 60
while window._session is None and time.monotonic() < deadline:
    window.root.update()
    time.sleep(0.005)
import threadpoolctl
pools = [pool for pool in threadpoolctl.threadpool_info() if pool["user_api"] == "blas"]
print(loaded, *(pool["num_threads"] for pool in pools))
window.close()
"""


@pytest.mark.window
def test_the_window_comes_before_numpy_and_reads_with_one_thread(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", STARTS, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout.split() == ["False", "1"], done.stderr
