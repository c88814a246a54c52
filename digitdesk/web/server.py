"""A server on a thread of its own: waitress, and a limit on how slowly a request may come."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

from digitdesk.errors import ConfigError
from digitdesk.messages.model import READER
from digitdesk.web.access import (
    EVERYWHERE,
    LOOPBACK,
    PORT,
    Access,
    access_for,
    in_address,
    own_address,
)
from digitdesk.web.app import MOST_BYTES, create_app
from digitdesk.web.desk import MOST_TOGETHER, MOST_WAITING, Desk
from digitdesk.web.models import HasModels, ServedModels

REQUEST_SECONDS = 10.0
"""So long a request may take from its first byte to its last."""

_WORKERS = 2
_HANDLERS = MOST_WAITING + _WORKERS * MOST_TOGETHER + 16
"""Threads that take requests. Nearly all of them only wait for the desk, and some are left to say
that there is too much to do."""
_REQUESTS_A_THREAD = 20
_MOST_CONNECTIONS = 200
_IDLE_SECONDS = 5
_LOOK_ROUND_SECONDS = 1


class _Channel(HTTPChannel):  # type: ignore[misc]  # waitress has no types
    """A connection that is cut where a request comes too slowly."""

    begun: float | None = None

    def received(self, data: bytes) -> bool:
        """Take what has come; from the first byte of a request on, its time runs."""
        if self.begun is None:
            self.begun = time.monotonic()
        if self.is_late:
            self.will_close = True
            return False
        is_taken = bool(super().received(data))
        if self.request is None:
            self.begun = None
        return is_taken

    @property
    def is_late(self) -> bool:
        """Whether the request that is coming should have been there by now."""
        return self.begun is not None and time.monotonic() - self.begun > REQUEST_SECONDS


class _Dispatcher(ThreadedTaskDispatcher):  # type: ignore[misc]  # waitress has no types
    """waitress's threads, each of which ends after some requests, and another takes its place.

    The C library keeps what a thread has freed for that thread, some of every size: with as many
    threads as there are here, that is a tenth of all memory before it grows no more.
    """

    def __init__(self) -> None:
        super().__init__()
        # The newest by its number: each waits for the one whose place it takes.
        self._newest: dict[int, threading.Thread] = {}

    def start_new_thread(self, target: Callable[[int], None], thread_no: int) -> None:
        """As the original does, and remember it."""
        thread = threading.Thread(
            target=target, name=f"waitress-{thread_no}", args=(thread_no,), daemon=True
        )
        thread.start()
        self._newest[thread_no] = thread

    def shutdown(self, cancel_pending: bool = True, timeout: float = 5) -> bool:
        """As the original does, and wait until the threads are gone, not only about to go."""
        until = time.monotonic() + timeout
        is_done = bool(super().shutdown(cancel_pending, timeout))
        for thread in list(self._newest.values()):
            thread.join(max(0.0, until - time.monotonic()))
        return is_done

    def handler_thread(self, thread_no: int) -> None:
        """Take requests as the original does, but not for ever."""
        is_replaced = False
        while not is_replaced:
            for _ in range(_REQUESTS_A_THREAD):
                task = self._next_task(thread_no)
                if task is None:
                    return
                try:
                    task.service()
                except BaseException:
                    self.logger.exception("Exception when servicing %r", task)
            # Where the system has no other thread to give, this one goes on.
            with contextlib.suppress(RuntimeError):
                follow = partial(self._follow, threading.current_thread())
                self.start_new_thread(follow, thread_no)
                is_replaced = True

    def _follow(self, before: threading.Thread, thread_no: int) -> None:
        before.join()
        self.handler_thread(thread_no)

    def _next_task(self, thread_no: int) -> Any:
        """What is to be done next; ``None`` where this thread is to end."""
        with self.lock:
            while not self.queue and self.stop_count == 0:
                self.active_count -= 1
                self.queue_cv.wait()
                self.active_count += 1
            if self.stop_count == 0:
                return self.queue.popleft()
            self.active_count -= 1
            self.stop_count -= 1
            self.threads.discard(thread_no)
            self.thread_exit_cv.notify()
            return None


class _WsgiServer(TcpWSGIServer):  # type: ignore[misc]  # waitress has no types
    """waitress, looking round for late requests, too."""

    channel_class = _Channel

    def maintenance(self, now: float) -> None:
        """Close connections that are idle or late."""
        super().maintenance(now)
        for channel in self.active_channels.values():
            if channel.is_late and not channel.requests:
                channel.will_close = True


class Server:
    """Answers until it is closed.

    Args:
        session: The session whose models answer.
        model: Key of the model that answers where none is named.
        host: An address of this computer; ``0.0.0.0`` for all of them.
        port: 0 for any that is free.
        foreign_origin: Another site whose pages may ask, too.
        models: Which models are offered; the session's own where left out.

    Attributes:
        access: What a request must bring along.

    Raises:
        ConfigError: There can be no server at this address.
    """

    def __init__(
        self,
        session: Any,
        model: str = READER,
        host: str = LOOPBACK,
        port: int = PORT,
        foreign_origin: str = "",
        models: HasModels | None = None,
    ) -> None:
        host = LOOPBACK if host == "localhost" else host
        self._session = session
        self._host = host
        self._server = _bound(host, port)
        self.port: int = self._server.socket.getsockname()[1]
        try:
            self.access: Access = access_for(host, self.port, foreign_origin)
        except ConfigError:
            self._server.close()
            raise
        self._desk = Desk(session, _WORKERS)
        served = ServedModels(models or session, model)
        self._server.application = create_app(session, self._desk, served, self.access)
        self._server.task_dispatcher.set_thread_count(_HANDLERS)
        self._is_closing = threading.Event()
        # A trigger is pulled by its file descriptor, which is another file's once it is closed.
        self._pulling = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="server", daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """What to open in a browser, the key in it where there is one."""
        host = own_address() if self._host == EVERYWHERE else in_address(self._host)
        key = f"?key={self.access.key}" if self.access.key else ""
        return f"http://{host}:{self.port}/{key}"

    def close(self, timeout_seconds: float = 5.0) -> bool:
        """Answer no more; whether all has ended."""
        with self._pulling:
            if not self._is_closing.is_set():
                self._is_closing.set()
                self._server.pull_trigger()
        self._desk.close()
        self._thread.join(timeout_seconds)
        return not self._thread.is_alive()

    def wait(self) -> None:
        """Stay until it is closed, by another thread or an interruption."""
        while self._thread.is_alive():
            self._thread.join(0.5)

    def _run(self) -> None:
        channels = self._server._map
        while not self._is_closing.is_set():
            wasyncore.loop(timeout=1, use_poll=True, map=channels, count=1)
        self._server.task_dispatcher.shutdown(timeout=2)
        with self._pulling:
            for each in list(channels.values()):
                each.close()


def _bound(host: str, port: int) -> _WsgiServer:
    """A server that listens at an address, and answers nothing yet.

    Raises:
        ConfigError: It cannot.
    """
    try:
        settings = Adjustments(
            host=host,
            port=port,
            ident=None,
            connection_limit=_MOST_CONNECTIONS,
            channel_timeout=_IDLE_SECONDS,
            cleanup_interval=_LOOK_ROUND_SECONDS,
            max_request_body_size=MOST_BYTES,
            max_request_header_size=16_384,
            # Nothing of a request ever goes to a file.
            inbuf_overflow=2 * MOST_BYTES,
            outbuf_overflow=2 * MOST_BYTES,
            asyncore_use_poll=True,
        )
        return _WsgiServer(
            None, map={}, adj=settings, sockinfo=settings.listen[0], dispatcher=_Dispatcher()
        )
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ConfigError(
            f"There can be no server at {host}, port {port}",
            received=reason,
            hint="Choose another port with --port, or end what uses this one",
        ) from None
