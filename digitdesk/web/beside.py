"""A server in a process of its own, as the window that has started it sees it.

Threads of one Python wait for each other. Served by the window's own process, fifty clients made
one of a hundred points on the board wait 40 to 125 ms for its bars; so it takes 9.
"""

from __future__ import annotations

import contextlib
import json
import logging
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from digitdesk.errors import ConfigError, DigitDeskError
from digitdesk.files.logs import folder_of_log
from digitdesk.messages.model import READER
from digitdesk.training.parallel.program import start_program
from digitdesk.web import SERVING_ARGUMENT
from digitdesk.web.access import PORT
from digitdesk.web.lent_models import Lender, Lent

_LOGGER = logging.getLogger(__name__)
_LOOK_SECONDS = 1.0


class ServerBeside:
    """Answers with a session's models, those it opens or trains later, too, until it is closed.

    It ends with this process, however that ends.

    Args:
        session: The session.
        model: Key of the model that answers where none is named.
        ports: It listens at the first of these that is free; 0 is any. Another window may
            serve at the usual one.

    Attributes:
        address: What to open in a browser.
        port: Where it listens.

    Raises:
        ConfigError: There can be no server there, or what it needs is not installed.
        DigitDeskError: A model cannot be read.
    """

    def __init__(self, session: Any, model: str = READER, ports: Sequence[int] = (PORT, 0)) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="digitdesk-"))
        self._process: subprocess.Popen[bytes] | None = None
        self._is_closing = threading.Event()
        try:
            lender = Lender(session, self._folder)
            lent = lender.lent()
            asked = {"model": lender.file_of(model), "lent": lent, "ports": list(ports)}
            told = self._start(asked)
        except BaseException:
            self.close()
            raise
        self.address: str = told["address"]
        self.port: int = told["port"]
        follow = threading.Thread(target=self._follow, args=(lender, lent), daemon=True)
        follow.name = "lender"
        follow.start()

    @property
    def has_ended(self) -> bool:
        """Whether nobody answers any more."""
        return self._process is None or self._process.poll() is not None

    def close(self, timeout_seconds: float = 5.0) -> bool:
        """Answer no more; whether all has ended."""
        self._is_closing.set()
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(OSError):
                assert process.stdin is not None
                process.stdin.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout_seconds)
            process.kill()
            process.wait()
            assert process.stdout is not None
            process.stdout.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        return True

    def _start(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Start the process, and give what it says of itself.

        Raises:
            ConfigError: It cannot serve.
        """
        log = folder_of_log()
        asked |= {"folder": str(self._folder), "logs": str(log) if log else ""}
        try:
            self._process = start_program(SERVING_ARGUMENT)
        except OSError as error:
            raise _no_process(str(error)) from None
        self._tell(asked)
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise _no_process("a process that ended at once")
        told: dict[str, Any] = json.loads(line)
        if "error" in told:
            raise ConfigError(told["error"].pop("what"), **told["error"])
        return told

    def _follow(self, lender: Lender, lent: Lent) -> None:
        """Tell of every change of the models."""
        while not self._is_closing.wait(_LOOK_SECONDS):
            try:
                before, lent = lent, lender.lent()
            except DigitDeskError as error:
                _LOGGER.warning("A model cannot be lent to the server: %s", error)
                continue
            if lent != before:
                self._tell(lent)

    def _tell(self, what: Any) -> None:
        # One that has ended says so itself.
        with contextlib.suppress(OSError, ValueError):
            process = self._process
            if process is not None and process.stdin is not None:
                process.stdin.write(json.dumps(what).encode() + b"\n")
                process.stdin.flush()


def _no_process(received: str) -> ConfigError:
    return ConfigError(
        "The server cannot be started", received=received, hint="Try again in a moment"
    )
