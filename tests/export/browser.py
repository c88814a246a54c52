"""A real browser without a screen, for tests of pages; these skip with a reason without one."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

FIVE = (
    (
        (0.62, 0.2), (0.4, 0.2), (0.38, 0.45), (0.5, 0.4), (0.62, 0.5), (0.64, 0.65), (0.55, 0.78),
        (0.42, 0.78), (0.36, 0.72),
    ),
)  # fmt: skip
"""Strokes of a five, in parts of the board's width."""


def chromium() -> Iterator[Any]:
    """Chromium, driven by its own driver; for a fixture."""
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed here")
    paths = [shutil.which(name) for name in ("chromium", "chromedriver")]
    if None in paths:
        pytest.skip("Chromium or its driver is not installed here")
    options = webdriver.ChromeOptions()
    options.binary_location, driver = paths
    for word in ("--headless=new", "--no-sandbox", "--disable-gpu", "--lang=en"):
        options.add_argument(word)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    browser.set_script_timeout(120)
    browser.set_window_size(1100, 900)
    try:
        yield browser
    finally:
        browser.quit()


def draw(browser: Any, strokes: Sequence[Sequence[tuple[float, float]]]) -> None:
    """Draw on the page's board by pointer events."""
    from selenium.webdriver.common.actions.action_builder import ActionBuilder
    from selenium.webdriver.common.actions.pointer_input import PointerInput

    board = browser.find_element("id", "board").rect
    actions = ActionBuilder(browser, mouse=PointerInput("mouse", "mouse"), duration=10)
    for stroke in strokes:
        for place, (x, y) in enumerate(stroke):
            actions.pointer_action.move_to_location(
                int(board["x"] + x * board["width"]), int(board["y"] + y * board["width"])
            )
            if place == 0:
                actions.pointer_action.pointer_down()
        actions.pointer_action.pointer_up()
    actions.perform()


def text_of(browser: Any, name: str, *, once: str, seconds: float = 15) -> str:
    """The text of an element, once it is what is waited for, or as it is after that time."""
    end = time.monotonic() + seconds
    text = ""
    while time.monotonic() < end:
        text = browser.find_element("id", name).text
        if text == once:
            break
        time.sleep(0.05)
    return text


def complaints(browser: Any) -> list[str]:
    """What the browser has to say of the page: errors, and what was refused."""
    return [entry["message"] for entry in browser.get_log("browser") if entry["level"] != "INFO"]
