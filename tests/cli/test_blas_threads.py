"""The command line reads with one thread of BLAS, which no other program can hold up."""

from __future__ import annotations

import os
import subprocess
import sys

CODE = """
import sys
from digitdesk.__main__ import main
sys.argv = ["digitdesk", "predict", "no-such-picture.png"]
assert main() == 2
import numpy, threadpoolctl
print({row["num_threads"] for row in threadpoolctl.threadpool_info()})
"""


def threads(**environment: str) -> str:
    usual = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        env=usual | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_one_thread_is_the_rule_unless_somebody_wants_more():
    assert threads() == "{1}"
    if (os.cpu_count() or 1) > 1:
        assert threads(OPENBLAS_NUM_THREADS="2") == "{2}"
