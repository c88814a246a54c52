"""The process that serves beside a window: it is told of the window's models, and ends with it."""

from __future__ import annotations

import json
import logging
import os
import shutil
import signal
from pathlib import Path
from typing import Any, BinaryIO

from digitdesk.errors import ConfigError, DigitDeskError

_NICENESS = 10
"""Whoever draws on the board, or works with another program, goes first."""


def main(orders: BinaryIO, answers: BinaryIO) -> None:
    """Serve until whoever started it closes the line or is gone.

    Args:
        orders: Lines of JSON: what ``ServerBeside`` asks for, then which models there are.
        answers: Gets one: the address, or why there is none.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to obey
    asked = json.loads(orders.readline() or b"null")
    if asked is not None:
        folder = Path(asked["folder"])
        try:
            _serve(asked, folder, orders, answers)
        finally:
            shutil.rmtree(folder, ignore_errors=True)  # the parent may be there no more
    logging.shutdown()
    # What is still being read for somebody who has gone would only be waited for.
    os._exit(0)


def _serve(asked: dict[str, Any], folder: Path, orders: BinaryIO, answers: BinaryIO) -> None:
    from digitdesk.files.logs import start_logging
    from digitdesk.files.paths import UserPaths
    from digitdesk.session.session import Session
    from digitdesk.web.lent_models import BorrowedModels

    start_logging(Path(asked["logs"]) if asked["logs"] else None, "serving.log")
    session = Session(UserPaths.under(folder), environ={})
    models = BorrowedModels(session)
    models.take(asked["lent"])
    try:
        session.load(asked["model"])
        if hasattr(os, "nice"):
            # No sooner, as somebody waits for it to start, and no later: threads inherit it.
            os.nice(_NICENESS)
        server = _started(session, models, asked["model"], asked["ports"])
    except DigitDeskError as error:
        parts = {name: getattr(error, name) for name in ("what", "expected", "received", "hint")}
        _tell(answers, {"error": parts})
        return
    _tell(answers, {"address": server.address, "port": server.port})
    for line in orders:
        models.take(json.loads(line))
    server.close()


def _started(session: Any, models: Any, model: str, ports: list[int]) -> Any:
    """A server at the first of these ports that is free.

    Raises:
        ConfigError: None is, or what a server needs is not installed.
    """
    from digitdesk.web import start_server

    *first, last = ports
    for port in first:
        try:
            return start_server(session, models=models, model=model, port=port)
        except ConfigError:
            continue
    return start_server(session, models=models, model=model, port=last)


def _tell(answers: BinaryIO, what: dict[str, Any]) -> None:
    answers.write(json.dumps(what).encode() + b"\n")
    answers.flush()
