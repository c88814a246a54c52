"""What strangers send: each is refused within its bound, and the server goes on answering."""

from __future__ import annotations

import base64
import io
import json
import math
import os
import socket
import struct
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue

import pytest
from PIL import Image

from digitdesk.errors import ConfigError
from digitdesk.web import server as web_server
from digitdesk.web.access import access_for
from digitdesk.web.app import MOST_BYTES
from digitdesk.web.questions import MOST_PIXELS
from digitdesk.web.server import Server
from tests.web.conftest import Client, FakeSession, ask

GOOD = {"strokes": [[[10, 20], [30, 40]]]}


@pytest.fixture(autouse=True)
def still_alive(client: Client) -> Iterator[None]:
    """Whatever was sent, the next question is answered."""
    yield
    assert client.ask("POST", "/api/predict", GOOD)[0] == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "127.0.0.1", "localhost:1", "127.0.0.1:80@evil", ""],
)
def test_another_host_is_refused(host: str, client: Client) -> None:
    status, _, told = client.ask("GET", "/api/models", Host=host)
    assert status in (400, 403)
    assert "title" not in str(told)
    assert client.ask("GET", "/", Host=f"LocalHost:{client.server.port}")[0] == 200


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "http://127.0.0.1", "https://127.0.0.1:{port}",
     "http://127.0.0.1:{port}.evil.example", "http://localhost:{port}"],
)  # fmt: skip
def test_pages_of_other_sites_are_refused(origin: str, client: Client) -> None:
    sent = origin.format(port=client.server.port)
    status, headers, _ = client.ask("POST", "/api/predict", GOOD, Origin=sent)
    assert status == 403
    assert "Access-Control-Allow-Origin" not in headers
    own = f"http://127.0.0.1:{client.server.port}"
    assert client.ask("POST", "/api/predict", GOOD, Origin=own)[0] == 200


def test_what_a_form_of_another_site_can_send_is_refused(client: Client) -> None:
    body = json.dumps(GOOD).encode()
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        assert client.ask("POST", "/api/predict", body, Content_Type=kind)[0] == 400


def test_a_site_that_was_allowed_may_ask_and_no_other(session: FakeSession) -> None:
    server = Server(session, port=0, foreign_origin="https://good.example")
    try:
        client = Client(server)
        _, headers, _ = client.ask("POST", "/api/predict", GOOD, Origin="https://good.example")
        assert headers["Access-Control-Allow-Origin"] == "https://good.example"
        assert client.ask("OPTIONS", "/api/predict", Origin="https://good.example")[0] == 204
        assert client.ask("OPTIONS", "/api/predict", Origin="https://evil.example")[0] == 403
        assert (
            client.ask("POST", "/api/predict", GOOD, Origin="https://good.example.evil")[0] == 403
        )
    finally:
        server.close()
    for origin in ("*", "https://good.example/", "good.example", "null"):
        with pytest.raises(ConfigError, match="origin cannot be allowed"):
            access_for("127.0.0.1", 1, origin)


def test_on_the_network_nothing_is_answered_without_the_key(session: FakeSession) -> None:
    server = Server(session, host="0.0.0.0", port=0)
    try:
        client, key = Client(server), server.access.key
        assert len(key) == 12 and server.address.endswith(f"/?key={key}")
        for path in ("/", "/api/models", "/openapi.json", f"/?key={key[:-1]}", "/?key=%ff"):
            assert client.ask("GET", path)[0] == 403
        assert client.ask("GET", f"/?key={key}")[0] == 200
        assert client.ask("POST", "/api/predict", GOOD, X_DigitDesk_Key=key)[0] == 200
        assert client.ask("POST", "/api/predict", GOOD)[0] == 403
    finally:
        server.close()


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"null", b"NaN", b'{"strokes": NaN}', b"\xff\xfe", b"[" * 100_000,
        b'{"strokes": [[[1e999, 0]]]}', b'{"strokes": [[[true, 0]]]}', b'{"strokes": [[["1", 2]]]}',
        b'{"strokes": [[{"x": 1}]]}', b'{"strokes": "0123"}', b'{"strokes": [[1, 2]]}',
        b'{"strokes": [[[1]]]}', b'{"strokes": {}}', b'{"picture": 7}', b'{"picture": "%"}',
        b'{"picture": "AAAA"}', b'{"strokes": [], "picture": ""}', b'{"batch": []}',
        b'{"batch": {}}', b'{"batch": [7]}', b'{"strokes": [], "model": "../../etc/passwd"}',
        b'{"strokes": [], "model": {}}', b'{"strokes": [[[1' + b"0" * 400 + b', 2]]]}',
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/api/predict", "/api/number"])
def test_what_is_no_question_is_refused_with_its_reason(
    body: bytes, path: str, client: Client
) -> None:
    status, _, told = client.ask("POST", path, body)
    assert status == 400
    assert set(told["error"]) == {"what", "expected", "received", "hint", "sentence"}
    assert told["error"]["what"] and "Traceback" not in str(told)


def test_too_much_of_anything_is_refused(client: Client) -> None:
    many = [
        {"batch": [GOOD] * 101},
        {"strokes": [[]] * 501},
        {"strokes": [[[1, 2]] * 20_001]},
    ]
    for asked in many:
        assert client.ask("POST", "/api/predict", asked)[0] == 400


def connection(client: Client) -> socket.socket:
    return socket.create_connection(("127.0.0.1", client.server.port), timeout=20)


def head(client: Client, *lines: str) -> bytes:
    host = f"Host: 127.0.0.1:{client.server.port}"
    start = ("POST /api/predict HTTP/1.1", host, "Content-Type: application/json", *lines)
    return "\r\n".join(start).encode() + b"\r\n\r\n"


def drained(line: socket.socket, seconds: float = 20) -> bytes:
    """What is answered until the other side hangs up."""
    line.settimeout(seconds)
    answer = b""
    try:
        while part := line.recv(65_536):
            answer += part
    except ConnectionResetError:
        pass
    return answer


def test_a_body_that_says_it_is_too_large_is_refused_before_it_is_sent(client: Client) -> None:
    # Nothing of it is sent: it could be cut off in the middle, and the answer with it.
    with connection(client) as line:
        line.sendall(head(client, f"Content-Length: {MOST_BYTES + 1}"))
        assert b" 413 " in drained(line).split(b"\r\n")[0]


def test_an_endless_body_is_cut_off(client: Client) -> None:
    with connection(client) as line:
        line.sendall(head(client, "Transfer-Encoding: chunked"))
        chunk, sent = b"10000\r\n" + b" " * 65_536 + b"\r\n", 0
        try:
            while sent < 20 * MOST_BYTES:
                line.sendall(chunk)
                sent += 65_536
        except OSError:
            pass
        assert sent < 20 * MOST_BYTES, "it took ten times as much as it may"
        answer = drained(line)
        assert not answer or b" 413 " in answer.split(b"\r\n")[0]


def test_a_long_head_is_refused(client: Client) -> None:
    with connection(client) as line:
        line.sendall(head(client, "X-Long: " + "x" * 40_000))
        assert b" 431 " in drained(line).split(b"\r\n")[0]


@pytest.mark.parametrize("is_body", [False, True])
def test_who_is_slow_is_cut_off(
    is_body: bool, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_server, "REQUEST_SECONDS", 0.5)
    with connection(client) as line:
        if is_body:
            line.sendall(head(client, "Content-Length: 1000"))
        else:
            line.sendall(b"POST /api/predict HTTP/1.1\r\n")
        begun = time.monotonic()
        try:
            while time.monotonic() - begun < 15:
                line.sendall(b"a")  # one letter at a time, never idle
                time.sleep(0.1)
                line.settimeout(0.01)
                try:
                    if not line.recv(1000):
                        break
                except TimeoutError:
                    line.settimeout(20)
        except OSError:
            pass
        assert time.monotonic() - begun < 10


@pytest.mark.parametrize(
    "path",
    ["/page/../app.py", "/page/..%2f..%2fREADME.md", "/page/%2e%2e/client.js", "/../etc/passwd",
     "//etc/passwd", "/page/C:/x", "/page/page.html", "/api/models/../../x", "/page/\\..\\x"],
)  # fmt: skip
def test_paths_lead_nowhere_else(path: str, client: Client) -> None:
    with connection(client) as line:
        host = f"127.0.0.1:{client.server.port}"
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        status = drained(line).split(b" ")[1]
    assert status in (b"400", b"404", b"308")


def test_other_methods_are_refused(client: Client) -> None:
    for method in ("PUT", "DELETE", "TRACE", "OPTIONS", "PATCH"):
        assert client.ask(method, "/api/predict")[0] == 405
    assert client.ask("GET", "/api/predict")[0] == 405


def test_more_than_can_be_done_soon_is_refused_at_once(
    client: Client, session: FakeSession
) -> None:
    gate = threading.Event()
    session.waits_for = lambda: gate.wait(20)
    answers: Queue[tuple[int, str | None]] = Queue()

    def ask() -> None:
        status, headers, _ = client.ask("POST", "/api/predict", GOOD)
        answers.put((status, headers["Retry-After"]))

    threads = [threading.Thread(target=ask) for _ in range(90)]
    for thread in threads:
        thread.start()
    # While nothing is read: what is not in work or in the queue is refused, and nobody waits.
    refused = [answers.get(timeout=15) for _ in range(90 - 2 * 8 - 40)]
    assert set(refused) == {(503, "1")}
    gate.set()
    for thread in threads:
        thread.join(20)
    rest = [answers.get_nowait()[0] for _ in range(answers.qsize())]
    assert set(rest) <= {200, 503} and rest.count(200) > 40


def test_five_hundred_connections_are_borne(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_server, "REQUEST_SECONDS", 1.0)
    lines = []
    try:
        for k in range(500):
            lines.append(connection(client))
            if k % 2:
                lines[-1].sendall(b"POST /api/pre")  # begun, and never gone on with
        begun = time.monotonic()
        assert client.ask("POST", "/api/predict", GOOD)[0] == 200
        assert time.monotonic() - begun < 20
    finally:
        for line in lines:
            line.close()


def bomb(width: int, height: int) -> bytes:
    """A small PNG that says it is huge."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    rows = zlib.compress(bytes((width // 8 + 1) * min(height, 50)))
    stream = io.BytesIO()
    stream.write(b"\x89PNG\r\n\x1a\n")
    stream.write(chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)))
    stream.write(chunk(b"IDAT", rows) + chunk(b"IEND", b""))
    return stream.getvalue()


@pytest.mark.parametrize("size", [(60_000, 60_000), (2_000_000_000, 1), (40_000, 100)])
def test_a_picture_is_measured_before_it_is_opened(size: tuple[int, int], client: Client) -> None:
    begun = time.monotonic()
    picture = base64.b64encode(bomb(*size)).decode()
    status, _, told = client.ask("POST", "/api/predict", {"picture": picture})
    assert status == 400
    assert "too many pixels" in told["error"]["sentence"] or "damaged" in told["error"]["sentence"]
    assert time.monotonic() - begun < 5


def huge_but_allowed() -> bytes:
    """As many pixels as are taken, each of four bytes, in a few kilobytes."""
    side = math.isqrt(MOST_PIXELS)
    stream = io.BytesIO()
    Image.new("RGBA", (side, side), (10, 20, 30, 255)).save(stream, "PNG")
    return stream.getvalue()


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="only Linux tells of memory in /proc")
def test_the_largest_pictures_are_unpacked_one_at_a_time(tmp_path: Path) -> None:
    picture = {"picture": base64.b64encode(huge_but_allowed()).decode()}
    words = [sys.executable, "-m", "digitdesk", "serve", "--port", "0"]
    home = os.environ | {"DIGITDESK_HOME": str(tmp_path)}
    with subprocess.Popen(
        words, env=home, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline().split(":")[2].split("/")[0])
        status = Path(f"/proc/{process.pid}/status")
        before = _megabytes(status, "VmRSS")
        with ThreadPoolExecutor(4) as threads:
            asked = [threads.submit(ask, port, "POST", "/api/predict", picture) for _ in range(4)]
            assert {answer.result()[0] for answer in asked} <= {200, 503}
        # Two at once would take 370 MB, and four 750.
        assert _megabytes(status, "VmHWM") - before < 300
        process.terminate()


def _megabytes(status: Path, name: str) -> float:
    line = next(line for line in status.read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1024


def test_many_pictures_may_not_be_larger_than_one(client: Client) -> None:
    picture = base64.b64encode(huge_but_allowed()).decode()
    status, _, told = client.ask("POST", "/api/predict", {"batch": [{"picture": picture}] * 2})
    assert status == 400
    assert "too many pixels together" in told["error"]["sentence"]


def test_drawings_are_read_while_pictures_take_long(client: Client, session: FakeSession) -> None:
    gate = threading.Event()
    session.opens_after = lambda: gate.wait(20)
    picture = {"picture": base64.b64encode(bomb(40, 40)).decode()}
    with ThreadPoolExecutor(5) as threads:
        asked = [threads.submit(client.ask, "POST", "/api/predict", picture) for _ in range(5)]
        until = time.monotonic() + 15
        while client.ask("GET", "/api/health")[2]["waiting"] < 4:
            assert time.monotonic() < until, "they do not wait for each other"
            time.sleep(0.01)
        assert client.ask("POST", "/api/predict", GOOD)[0] == 200
        assert client.ask("GET", "/api/health")[2]["waiting"] == 4
        gate.set()
        assert {answer.result()[0] for answer in asked} == {200}
