"""Mirrors that go wrong: no bad file stays, the next one is asked, and a sentence says it."""

from __future__ import annotations

import errno
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from digitdesk.data import download, mnist, mnist_download
from digitdesk.data.mnist import read_mnist
from digitdesk.data.mnist_download import DownloadCancelledError, download_mnist
from digitdesk.errors import DigitDeskError, DownloadError, SaveError
from tests.time_limits import quickest
from tests.torture import mirror as mirrors
from tests.torture.faults import refusing
from tests.torture.mirror import Mirror

SLOW = {"stall": 0.5, "silent": 0.5, "drip": 0.5}
"""Patience in seconds with those that would use all of it."""
WAYS = {
    "missing": "the server answered 404",
    "broken": "the server answered 503",
    "html": "gave a wrong file",
    "empty": "gave a wrong file",
    "cut": "the connection broke off|no connection",
    "shorter": "gave a wrong file",
    "flip": "gave a wrong file",
    "flipped_packed": "gave a wrong file",
    "stall": "the server stopped answering",
    "silent": "the server stopped answering",
    "drip": "the server stopped answering",
    "reset": "the connection broke off|no connection",
    "circle": "the server redirects in a circle",
    "endless": r"the file has more than 0\.1 MB",
    "bomb": "gave a wrong file|more than",
}


@pytest.fixture(autouse=True)
def small_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mnist, "SHA256", mirrors.hashes())
    monkeypatch.setattr(mnist_download, "DOWNLOAD_BYTES", mirrors.sizes())
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def plain() -> Iterator[Mirror]:
    with mirrors.mirror() as server:
        yield server


@pytest.fixture
def encrypted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(mirrors.CERTIFICATE))
    with mirrors.mirror(encrypted=True) as server:
        yield server


def get(folder: Path, *addresses: str, patience_seconds: float = 20.0) -> Path:
    return download_mnist(folder, mirrors=addresses, patience_seconds=patience_seconds)


@pytest.mark.parametrize("way", WAYS)
def test_the_next_mirror_is_asked(way: str, tmp_path: Path, plain: Mirror) -> None:
    """And it is asked first for the files that follow."""
    import pooch  # noqa: F401 - loaded before the impatient ones are timed

    mirrors_ = plain.way(way), plain.way("good")
    found = get(tmp_path, *mirrors_, patience_seconds=SLOW.get(way, 20))
    assert len(read_mnist(found).train_labels) == 3
    assert sorted(path.name for path in found.iterdir()) == [
        f"{name}.gz" for name in sorted(mirrors.small_mnist())
    ]
    assert [path.split("/")[1] for path in plain.asked if path.startswith("/good")] == ["good"] * 4
    assert {path.split("/")[2] for path in plain.asked if path.startswith(f"/{way}")} == {
        "train-images-idx3-ubyte.gz"
    }


@pytest.mark.parametrize(("way", "sentence"), WAYS.items())
def test_what_went_wrong_is_one_sentence(
    way: str, sentence: str, tmp_path: Path, plain: Mirror
) -> None:
    began = time.monotonic()
    with pytest.raises(DownloadError, match=sentence) as caught:
        get(tmp_path, plain.way(way), patience_seconds=SLOW.get(way, 20))
    assert time.monotonic() - began < 20
    assert caught.value.sentence.startswith("No mirror gave train-images-idx3-ubyte.gz; received")
    assert "Check the network connection" in caught.value.sentence
    assert caught.value.sentence.isprintable()
    assert list((tmp_path / "mnist").iterdir()) == []


def test_a_file_in_the_cache_that_is_wrong_is_replaced(tmp_path: Path, plain: Mirror) -> None:
    folder = get(tmp_path, plain.way("good"))
    damaged = folder / "t10k-labels-idx1-ubyte.gz"
    damaged.write_bytes(damaged.read_bytes()[:-3])
    stale = folder / ".train-images-idx3-ubyte.gz.0123456789abcdef.digitdesk-tmp"
    stale.write_bytes(b"a download that was killed")
    plain.asked.clear()
    get(tmp_path, plain.way("good"))
    assert plain.asked == ["/good/t10k-labels-idx1-ubyte.gz"]
    assert not stale.exists()
    read_mnist(folder)


def test_a_wrong_label_of_the_packing_does_no_harm(tmp_path: Path, plain: Mirror) -> None:
    """Sent as if packed for the way: unpacked on arrival, it is still the right content."""
    read_mnist(get(tmp_path, plain.way("encoded")))


def test_no_network_is_said_at_once(tmp_path: Path) -> None:
    began = time.monotonic()
    with pytest.raises(DownloadError, match=r"^No internet connection\. Connect and try again"):
        get(tmp_path, "https://127.0.0.1:9/", "https://no-such-host.invalid/")
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES])
@pytest.mark.parametrize("operation", ["open", "write", "fsync", "replace"])
def test_a_disk_that_refuses_is_not_the_mirrors_fault(
    operation: str, code: int, tmp_path: Path, plain: Mirror
) -> None:
    with (
        refusing(operation, 1, code),
        pytest.raises(SaveError, match=r"Cannot write train-images-idx3-ubyte\.gz: "),
    ):
        get(tmp_path, plain.way("good"), plain.way("missing"))
    assert not any(path.startswith("/missing") for path in plain.asked)
    assert list((tmp_path / "mnist").iterdir()) == []


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SaveError, match="Cannot make the folder"):
        get(tmp_path / "file")


@pytest.mark.parametrize("way", ["silent", "stall", "drip", "endless"])
def test_cancelling_works_at_once(
    way: str, tmp_path: Path, plain: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mnist_download, "DOWNLOAD_BYTES", dict.fromkeys(mirrors.sizes(), 2**40))
    assert quickest(lambda: cancel(plain, way, tmp_path), 1) < 1


def cancel(server: Mirror, way: str, folder: Path) -> float:
    """Cancel a download that is under way; seconds until it is over."""
    is_cancelled, ended = threading.Event(), []
    server.asked.clear()

    def run() -> None:
        with pytest.raises(DownloadCancelledError):
            download_mnist(folder, cancelled=is_cancelled.is_set, mirrors=[server.way(way)])
        ended.append(time.monotonic())

    worker = threading.Thread(target=run)
    worker.start()
    while not server.asked:
        time.sleep(0.01)
    time.sleep(0.2)
    cancelled = time.monotonic()
    is_cancelled.set()
    worker.join(20)
    assert list((folder / "mnist").iterdir()) == []
    return ended[0] - cancelled


def test_the_thread_ends_when_nobody_wants_the_file(tmp_path: Path, plain: Mirror) -> None:
    with pytest.raises(DownloadError):
        get(tmp_path, plain.way("stall"), plain.way("endless"), patience_seconds=0.5)
    end = time.monotonic() + 20
    while any(thread.name == "download" for thread in threading.enumerate()):
        assert time.monotonic() < end
        time.sleep(0.02)


def test_an_encrypted_mirror_is_read(tmp_path: Path, encrypted: Mirror) -> None:
    read_mnist(get(tmp_path, encrypted.way("good")))


def test_no_redirection_leads_away_from_encryption(
    tmp_path: Path, encrypted: Mirror, plain: Mirror
) -> None:
    encrypted.plain = plain.way("good")
    with pytest.raises(DownloadError, match="redirects to an address that is not encrypted"):
        get(tmp_path, encrypted.way("unprotected"))
    assert plain.asked == []


def test_a_server_that_cannot_prove_who_it_is_gets_no_second_chance(
    tmp_path: Path, encrypted: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    with pytest.raises(DownloadError, match="cannot prove who it is"):
        get(tmp_path, encrypted.way("good"))
    assert encrypted.asked == []


def test_any_error_of_the_network_has_words() -> None:
    assert download._complaint(RuntimeError("x")).what == "RuntimeError"
    assert isinstance(download._complaint(ValueError()), DigitDeskError)


def test_a_silence_within_a_file_is_no_lost_connection() -> None:
    """requests says ``ConnectionError`` to it when its own clock is a little sooner than ours."""
    from requests.exceptions import ConnectionError as NoConnectionError
    from urllib3.exceptions import ReadTimeoutError

    silence = NoConnectionError(ReadTimeoutError(None, "", "Read timed out."))  # type: ignore[arg-type]
    assert download._complaint(silence).what == "the server stopped answering"
    assert download._complaint(NoConnectionError("refused")).what == "no connection"
