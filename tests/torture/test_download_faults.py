"""Mirrors that stay silent, with the patience of the program itself; run by ``make torture``."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from digitdesk.data import mnist, mnist_download
from digitdesk.errors import DownloadError
from tests.torture import mirror as mirrors


@pytest.mark.parametrize("way", ["silent", "stall", "drip"])
def test_the_sentence_comes_within_half_a_minute(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mnist, "SHA256", mirrors.hashes())
    with mirrors.mirror() as server:
        began = time.monotonic()
        with pytest.raises(DownloadError, match="No mirror gave train-images"):
            mnist_download.download_mnist(
                tmp_path, mirrors=[server.way(way)] * len(mnist_download.MIRRORS)
            )
        seconds = time.monotonic() - began
    print(way, f"{seconds:.1f} s")  # noqa: T201 - shown by pytest -s
    assert seconds < 30
    assert list((tmp_path / "mnist").iterdir()) == []
