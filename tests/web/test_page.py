"""The served page in a real browser: draw, read the answer, and write a number."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("flask", reason="flask is not installed here")
pytest.importorskip("waitress", reason="waitress is not installed here")

from digitdesk.files.paths import UserPaths
from digitdesk.session.session import Session
from digitdesk.web.server import Server
from tests.export.browser import FIVE, chromium, complaints, draw, text_of


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    yield from chromium()


@pytest.fixture(scope="module")
def server(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    session = Session(UserPaths.under(Path(tmp_path_factory.mktemp("home"))), environ={})
    made = Server(session, port=0)
    yield made
    assert made.close()


def test_a_five_is_drawn_and_read_off_the_page(browser: Any, server: Server) -> None:
    browser.get(server.address)
    assert text_of(browser, "model", once="reader") == "reader"
    draw(browser, FIVE)
    assert text_of(browser, "answer", once="5") == "5"
    assert browser.find_element("css selector", "#bars .best .name").text == "5"
    lit = "return document.getElementById('seen').getContext('2d').getImageData(0,0,28,28).data"
    assert max(browser.execute_script(lit)[::4]) == 255
    browser.find_element("id", "number").click()
    draw(browser, [[((x + shift) / 3, y / 3) for x, y in stroke] for shift in (0.3, 1.6)
                   for stroke in FIVE])  # fmt: skip
    assert text_of(browser, "answer", once="55") == "55"
    assert not complaints(browser)


def test_with_a_key_the_whole_address_is_needed(browser: Any) -> None:
    session = Session(UserPaths.under(Path("/nonexistent")), environ={})
    server = Server(session, host="0.0.0.0", port=0)
    try:
        browser.get(server.address)
        draw(browser, FIVE)
        assert text_of(browser, "answer", once="5") == "5"
        browser.get(server.address.partition("?")[0])
        assert "The key is missing or wrong" in browser.page_source
    finally:
        server.close()
