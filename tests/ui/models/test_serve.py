"""Serving a model from the Models tab: the address is said, and the same button stops it."""

from __future__ import annotations

import http.client
import json
import re

import pytest
from fake_session import FakeSession
from hands import WaitUntil
from three_tabs import Window

from digitdesk.errors import ConfigError

pytest.importorskip("flask", reason="flask is not installed here")
pytest.importorskip("waitress", reason="waitress is not installed here")
pytestmark = pytest.mark.window


def asked(port: int) -> dict[str, object]:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    line.request("GET", "/api/models")
    found: dict[str, object] = json.loads(line.getresponse().read())
    line.close()
    return found


def test_it_says_the_address_answers_and_stops(
    live: Window, session: FakeSession, wait_until: WaitUntil
) -> None:
    live.show(live.models)
    live.update()
    button = live.models.use_bar.serve_button
    opened: list[str] = []
    button._browse = opened.append
    button.invoke()
    wait_until(lambda: button.server is not None)
    said = str(live.status.message.cget("text"))
    (port,) = re.findall(r"Serving at http://127.0.0.1:(\d+)/", said)
    assert str(button.cget("text")) == "Stop serving"
    models = asked(int(port))["models"]
    assert isinstance(models, list) and models[0]["id"] == "reader"
    button.invoke()
    assert button.server is None
    assert str(button.cget("text")) == "Serve"
    assert str(live.status.message.cget("text")) == "The server is stopped."
    with pytest.raises(ConnectionError):
        asked(int(port))


def test_a_server_that_ends_by_itself_is_not_shown_as_serving(
    live: Window, session: FakeSession, wait_until: WaitUntil
) -> None:
    live.show(live.models)
    live.update()
    button = live.models.use_bar.serve_button
    button.invoke()
    wait_until(lambda: button.server is not None)
    assert button.server is not None and button.server._process is not None
    button.server._process.kill()
    wait_until(lambda: live.status.shows_error)
    assert "ended by itself" in str(live.status.message.cget("text"))
    assert button.server is None
    assert str(button.cget("text")) == "Serve"


def test_a_server_that_cannot_start_says_why(
    live: Window, session: FakeSession, wait_until: WaitUntil
) -> None:
    def refuse(session: object, model: str) -> None:
        raise ConfigError("There can be no server at 127.0.0.1, port 8765")

    live.show(live.models)
    button = live.models.use_bar.serve_button
    button._start = refuse
    button.invoke()
    wait_until(lambda: live.status.shows_error)
    assert "no server at" in str(live.status.message.cget("text"))
    assert str(button.cget("text")) == "Serve"
