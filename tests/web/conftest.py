"""A server on loopback, on a port of its own, answering with a session that reads at once."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("flask", reason="flask is not installed here")
pytest.importorskip("waitress", reason="waitress is not installed here")

from digitdesk.ink.picture.grey_picture import open_grey
from digitdesk.messages.model import DIGITS, ModelCard, ModelEntry
from digitdesk.messages.picture import Picture
from digitdesk.messages.prediction import NumberReading, Prediction, Separator, Stroke
from digitdesk.web.server import Server

SEVEN = Prediction(
    (0.0,) * 7 + (0.75, 0.25, 0.0), DIGITS, Picture(28, 28, bytes(range(196)) * 4), source="A title"
)
EMPTY = Prediction((), DIGITS, None, reason="empty")


class FakeSession:
    """Takes every drawing for a seven; ``waits_for`` and ``opens_after`` hold whoever reads."""

    def __init__(self) -> None:
        self.together: list[int] = []
        self.sources: set[str] = set()
        self.waits_for: Callable[[], object] = lambda: None
        self.opens_after: Callable[[], object] = lambda: None

    def models(self) -> tuple[ModelEntry, ...]:
        card = ModelCard("A title", "flatten dense(10)", test_accuracy=0.99)
        files = (Path("/home/somebody/secret/mine.npz"), Path("/elsewhere/mine.pkl"))
        return (
            ModelEntry("reader", card),
            *(ModelEntry(str(path), card, path) for path in files),
        )

    def read_drawings(
        self, drawings: Sequence[tuple[Stroke, ...]], source: str
    ) -> tuple[Prediction, ...]:
        self.waits_for()
        self.together.append(len(drawings))
        self.sources.add(source)
        return tuple(SEVEN if drawing else EMPTY for drawing in drawings)

    def read_image_file(self, picture: bytes, source: str) -> Prediction:
        self.opens_after()
        open_grey(picture)
        return SEVEN

    def read_number_file(self, picture: bytes, source: str) -> NumberReading:
        open_grey(picture)
        return self.read_number((), source, at_a_glance=False)

    def read_number(
        self, strokes: tuple[Stroke, ...], source: str, *, at_a_glance: bool
    ) -> NumberReading:
        space = Separator(" ", 1, (9, 0, 20, 9))
        boxes = ((0, 0, 9, 9), (20, 0, 29, 9))
        return NumberReading("7 7", (SEVEN, SEVEN), boxes, 0.5, separators=(space,))


@pytest.fixture
def session() -> FakeSession:
    return FakeSession()


@pytest.fixture
def server(session: FakeSession) -> Iterator[Server]:
    made = Server(session, port=0)
    yield made
    assert made.close()


class Client:
    """Asks a server as any program would."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def ask(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> tuple[int, Mapping[str, str], Any]:
        """As ``ask``."""
        return ask(self.server.port, method, path, body, **headers)


def ask(
    port: int, method: str, path: str, body: Any = None, **headers: str
) -> tuple[int, Mapping[str, str], Any]:
    """Status, headers and what was answered, as an object where it is one."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if body is not None and not isinstance(body, bytes):
        body = json.dumps(body).encode()
    if body is not None:
        sent.setdefault("Content-Type", "application/json")
    try:
        line.request(method, path, body, sent)
        response = line.getresponse()
        content = response.read()
    finally:
        line.close()
    is_json = response.getheader("Content-Type") == "application/json"
    return response.status, response.headers, json.loads(content) if is_json else content


@pytest.fixture
def client(server: Server) -> Client:
    return Client(server)
