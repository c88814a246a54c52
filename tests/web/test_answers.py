"""What the server answers: predictions, numbers, models, its page and its own description."""

from __future__ import annotations

import base64
import io
import json
import logging
import re
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from PIL import Image

from digitdesk.cli import json_output
from digitdesk.errors import ConfigError
from digitdesk.web import server as web_server
from digitdesk.web import start_server
from digitdesk.web.desk import BusyError, Desk
from digitdesk.web.qr_code import as_text
from digitdesk.web.server import Server
from tests.web.conftest import SEVEN, Client, FakeSession

STROKES = [[[10, 20], [30, 40.5]]]


def png(width: int = 40, height: int = 40) -> bytes:
    stream = io.BytesIO()
    Image.new("L", (width, height), 255).save(stream, "PNG")
    return stream.getvalue()


def test_strokes_are_read(client: Client, session: FakeSession) -> None:
    status, _headers, told = client.ask("POST", "/api/predict", {"strokes": STROKES})
    assert status == 200
    assert told == {"model": "reader", "predictions": [json.loads(json.dumps(SEVEN.plain))]}
    assert session.sources == {"reader"}
    _, _, told = client.ask("POST", "/api/predict", {"strokes": STROKES, "with_seen": True})
    assert base64.b64decode(told["predictions"][0]["seen"]) == SEVEN.preprocessed.pixels


def test_an_answer_is_that_of_the_command_line(client: Client) -> None:
    _, _, told = client.ask("POST", "/api/predict", {"strokes": STROKES})
    (said,) = json.loads(json_output.predictions([("x.png", SEVEN)], "reader"))["predictions"]
    assert told["predictions"] == [{k: v for k, v in said.items() if k != "file"}]


def test_a_batch_is_answered_in_its_order(client: Client) -> None:
    picture = base64.b64encode(png()).decode()
    batch = [{"strokes": []}, {"strokes": STROKES}, {"picture": picture}, {"strokes": []}]
    status, _, told = client.ask("POST", "/api/predict", {"batch": batch})
    assert status == 200
    assert [one["label"] for one in told["predictions"]] == [None, "7", "7", None]


def test_a_number_is_read(client: Client) -> None:
    status, _, told = client.ask("POST", "/api/number", {"strokes": STROKES, "at_a_glance": True})
    assert (status, told["number"], len(told["digits"])) == (200, "7 7", 2)
    assert told["digits"][1]["box"] == [20, 0, 29, 9]
    assert told["separators"] == [{"sign": " ", "before": 1, "box": [9, 0, 20, 9]}]


def test_models_have_names_and_no_paths(client: Client, session: FakeSession) -> None:
    _, _, told = client.ask("GET", "/api/models")
    assert [model["id"] for model in told["models"]] == ["reader", "mine", "mine (2)"]
    assert "secret" not in json.dumps(told)
    assert client.ask("POST", "/api/predict", {"strokes": STROKES, "model": "mine"})[0] == 200
    assert session.sources == {"/home/somebody/secret/mine.npz"}


def test_it_is_healthy_and_describes_itself(client: Client) -> None:
    assert client.ask("GET", "/api/health")[2]["status"] == "ok"
    _, _, told = client.ask("GET", "/openapi.json")
    assert set(told["paths"]) == {"/api/predict", "/api/number", "/api/models", "/api/health"}
    references = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(told)))
    assert references == set(told["components"]["schemas"])


def untold(schema: Any, value: Any, document: Any) -> set[str]:
    """Names in an answer that its description does not know."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if isinstance(value, list):
        return set().union(*(untold(schema["items"], one, document) for one in value))
    if not isinstance(value, dict):
        return set()
    known = schema["properties"]
    inside = (untold(known[name], one, document) for name, one in value.items() if name in known)
    return (set(value) - set(known)).union(*inside)


def test_the_description_tells_of_all_that_is_answered(client: Client) -> None:
    _, _, document = client.ask("GET", "/openapi.json")
    asked = {"strokes": STROKES, "with_seen": True}
    for method, path, question, status in (
        ("post", "/api/predict", asked, 200),
        ("post", "/api/number", {"strokes": STROKES}, 200),
        ("post", "/api/predict", {"strokes": 1}, 400),
        ("get", "/api/models", None, 200),
        ("get", "/api/health", None, 200),
    ):
        found, _, told = client.ask(method.upper(), path, question)
        answers = document["paths"][path][method]["responses"]
        schema = answers[str(found)]["content"]["application/json"]["schema"]
        assert found == status
        assert not untold(schema, told, document), path


def test_the_page_asks_for_files_that_are_there(client: Client) -> None:
    status, headers, page = client.ask("GET", "/")
    assert status == 200 and headers["Content-Type"].startswith("text/html")
    files = re.findall(r'(?:src|href)="([^"]+)"', page.decode())
    assert len(files) == 7
    for file in files:
        status, headers, content = client.ask("GET", f"/{file}")
        assert status == 200 and len(content) > 100, file
        assert headers["X-Content-Type-Options"] == "nosniff"
    # No script and no style within it: the policy allows none.
    assert not re.search(r"<script>|<style|style=|onclick", page.decode())
    assert (
        "default-src 'none'; script-src 'self'"
        in client.ask("GET", "/")[1]["Content-Security-Policy"]
    )


def test_drawings_that_wait_are_read_together(session: FakeSession) -> None:
    gate, begun = threading.Event(), threading.Event()
    session.waits_for = lambda: begun.set() or gate.wait(20)
    desk = Desk(session, workers=1)
    with ThreadPoolExecutor(13) as threads:
        first = threads.submit(desk.read, "one", "reader")
        assert begun.wait(20)
        others = [threads.submit(desk.read, "one", "reader") for _ in range(12)]
        while desk.waiting < 12:
            gate.wait(0.01)
        gate.set()
        assert all(answer.result(20) is SEVEN for answer in (first, *others))
    assert session.together == [1, 8, 4]
    desk.close()


def test_who_comes_while_the_queue_is_full_is_told_to_come_again(session: FakeSession) -> None:
    gate, begun = threading.Event(), threading.Event()
    desk = Desk(session, workers=1, most_waiting=2)
    with ThreadPoolExecutor(3) as threads:
        asked = [threads.submit(desk.do, lambda: begun.set() or gate.wait(20))]
        assert begun.wait(20)
        asked += [threads.submit(desk.do, lambda: gate.wait(20)) for _ in range(2)]
        while desk.waiting < 2:
            gate.wait(0.01)
        with pytest.raises(BusyError, match="Too many drawings wait"):
            desk.read((), "reader")
        gate.set()
        assert all(answer.result(20) for answer in asked)
    desk.close()
    with pytest.raises(BusyError, match="being stopped"):
        desk.read((), "reader")


def handlers() -> set[threading.Thread]:
    return {each for each in threading.enumerate() if each.name.startswith("waitress")}


def test_threads_that_take_requests_end_and_others_take_their_places(
    session: FakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What the C library keeps for a thread goes back with the thread.
    monkeypatch.setattr(web_server, "_REQUESTS_A_THREAD", 1)
    server = Server(session, port=0)
    before = handlers()
    for _ in range(5):
        assert Client(server).ask("POST", "/api/predict", {"strokes": STROKES})[0] == 200
    deadline = time.monotonic() + 20
    while not (before - handlers() and len(handlers()) == len(before)):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert server.close()
    assert not handlers()


def test_a_closed_server_has_no_thread_that_is_only_about_to_end(
    session: FakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = web_server._Dispatcher._next_task

    def linger(self: web_server._Dispatcher, thread_no: int) -> object:
        task = plain(self, thread_no)
        if task is None:
            time.sleep(0.2)
        return task

    monkeypatch.setattr(web_server._Dispatcher, "_next_task", linger)
    server = Server(session, port=0)
    assert handlers()
    assert server.close()
    assert not handlers()


def test_a_server_that_stops_by_itself_just_then_is_closed_all_the_same(
    session: FakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server(session, port=0)
    say = server._is_closing.set

    def say_and_linger() -> None:
        say()
        # It looks once a second at least, and what wakes it may not be gone before it was used.
        server._thread.join(1.5)

    monkeypatch.setattr(server._is_closing, "set", say_and_linger)
    assert server.close()
    assert server.close()


def test_an_address_that_is_taken_costs_no_threads(server: Server, session: FakeSession) -> None:
    before = handlers()
    with pytest.raises(ConfigError, match="There can be no server"):
        Server(session, port=server.port)
    with pytest.raises(ConfigError, match="origin cannot be allowed"):
        Server(session, port=0, foreign_origin="*")
    assert handlers() == before


def test_one_bad_drawing_spoils_no_others(session: FakeSession) -> None:
    gate, begun = threading.Event(), threading.Event()

    def read(drawings, source):
        begun.set()
        gate.wait(20)
        if any(drawing == "bad" for drawing in drawings):
            raise ConfigError("bad")
        return tuple(SEVEN for _ in drawings)

    session.read_drawings = read  # type: ignore[method-assign]
    desk = Desk(session, workers=1)
    with ThreadPoolExecutor(4) as threads:
        first = threads.submit(desk.read, "good", "reader")
        assert begun.wait(20)
        others = [threads.submit(desk.read, name, "reader") for name in ("good", "bad", "good")]
        while desk.waiting < 3:
            gate.wait(0.01)
        gate.set()
        assert first.result(20) is SEVEN
        good, bad, also_good = others
        assert good.result(20) is also_good.result(20) is SEVEN
        with pytest.raises(ConfigError, match="bad"):
            bad.result(20)
    desk.close()


def test_what_is_logged_holds_nothing_that_was_drawn(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="digitdesk.web"):
        client.ask("POST", "/api/predict?key=hidden", {"strokes": [[[123.25, 456.75]]]})
        client.ask("GET", "/no/such/place")
    assert "POST /api/predict 200" in caplog.text
    assert "GET no such address 404" in caplog.text
    assert "123" not in caplog.text and "hidden" not in caplog.text


def test_without_the_packages_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "digitdesk.web.server", None)
    with pytest.raises(ConfigError, match="needs the packages flask and waitress"):
        start_server(FakeSession())


def test_a_port_that_is_taken_is_said(server: Server, session: FakeSession) -> None:
    with pytest.raises(ConfigError, match=f"no server at 127.0.0.1, port {server.port}.*--port"):
        Server(session, port=server.port)


def test_an_address_of_ipv6_stands_in_brackets(session: FakeSession) -> None:
    try:
        server = Server(session, host="::1", port=0)
    except ConfigError as error:
        pytest.skip(f"no IPv6 here: {error}")
    try:
        assert server.address.startswith(f"http://[::1]:{server.port}/?key=")
        assert server.access.hosts == {f"[::1]:{server.port}"}
    finally:
        server.close()


def test_a_phone_can_read_the_address_off_the_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "segno", None)
    assert as_text("http://192.0.2.7:8765/?key=abc") == ""
    monkeypatch.undo()
    pytest.importorskip("segno", reason="segno is not installed here")
    lines = as_text("http://192.0.2.7:8765/?key=abc").splitlines()
    assert len(lines) > 15 and {len(line) for line in lines} == {len(lines[0])}
    assert lines != as_text("http://192.0.2.7:8765/?key=abd").splitlines()
