"""Starts this program once more, as a process that works for this one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

_AS_MODULE = ["-P", "-m", "digitdesk"]
"""With -P, as the current folder may be a stranger's, with modules of his own."""


def start_program(argument: str, handles: Sequence[int] = ()) -> subprocess.Popen[bytes]:
    """Another of this program, packaged or not, with pipes to it and from it.

    Args:
        argument: What it is called with, so that it knows what to do.
        handles: Open files that it inherits.

    Raises:
        OSError: The system gives no process.
    """
    is_packaged = getattr(sys, "frozen", False)
    command = [sys.executable or "", *([] if is_packaged else _AS_MODULE), argument]
    paths = [str(Path(__file__).parents[3]), *filter(None, [os.environ.get("PYTHONPATH")])]
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        pass_fds=handles,
        # Signals of the terminal are for the parent, which ends its processes itself.
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths), "OPENBLAS_NUM_THREADS": "1"},
    )
