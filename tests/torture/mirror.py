"""A mirror of MNIST on this computer that can go wrong in every way a real one does.

The first part of an address says how: ``/cut/train-images-idx3-ubyte.gz``.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import http.server
import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

CERTIFICATE = Path(__file__).with_name("localhost.pem")
"""Key and certificate of nobody but this server, made for these tests."""


def small_mnist() -> dict[str, bytes]:
    """A MNIST of five images, by file name, as the mirrors pack it."""
    images = (np.arange(3 * 784) % 251).astype(np.uint8).tobytes()
    files = {}
    for prefix, count in (("train", 3), ("t10k", 2)):
        header = struct.pack(">HBB3I", 0, 8, 3, count, 28, 28)
        files[f"{prefix}-images-idx3-ubyte"] = header + images[: count * 784]
        files[f"{prefix}-labels-idx1-ubyte"] = struct.pack(">HBBI", 0, 8, 1, count) + bytes(count)
    return files


def hashes() -> dict[str, str]:
    """The published hashes of that small MNIST."""
    return {name: hashlib.sha256(raw).hexdigest() for name, raw in small_mnist().items()}


def sizes() -> dict[str, int]:
    """What the download expects to come."""
    return {name: len(gzip.compress(raw, mtime=0)) for name, raw in small_mnist().items()}


class Mirror:
    """The server; ``asked`` holds the paths it was asked for."""

    def __init__(self, server: http.server.ThreadingHTTPServer, address: str) -> None:
        self.server, self.address = server, address
        self.asked: list[str] = []
        self.is_closing = threading.Event()
        self.plain = ""

    def way(self, name: str) -> str:
        """The address of a mirror that goes wrong in this way."""
        return f"{self.address}{name}/"


@contextmanager
def mirror(*, encrypted: bool = False) -> Iterator[Mirror]:
    """Serve until the block ends."""

    class Handler(_Handler):
        served: Mirror

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if encrypted:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    scheme = "https" if encrypted else "http"
    Handler.served = Mirror(server, f"{scheme}://127.0.0.1:{server.server_port}/")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield Handler.served
    finally:
        Handler.served.is_closing.set()
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(http.server.BaseHTTPRequestHandler):
    served: Mirror

    def log_message(self, *_: Any) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        self.served.asked.append(self.path)
        _, way, name = self.path.split("/", 2)
        good = gzip.compress(small_mnist()[name.removesuffix(".gz")], mtime=0)
        # Whoever was served wrongly may well have gone.
        with contextlib.suppress(OSError):
            getattr(self, f"way_{way}")(good)

    def _send(self, content: bytes, promised: int | None = None, **headers: str) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(content) if promised is None else promised))
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()

    def way_good(self, good: bytes) -> None:
        self._send(good)

    def way_encoded(self, good: bytes) -> None:
        # Some servers call the packing of the file itself a packing for the way.
        self._send(good, Content_Encoding="gzip")

    def way_missing(self, _good: bytes) -> None:
        self.send_error(404)

    def way_broken(self, _good: bytes) -> None:
        self.send_error(503)

    def way_html(self, _good: bytes) -> None:
        self._send(
            b"<!DOCTYPE html><title>Sign in to the network</title>", Content_Type="text/html"
        )

    def way_empty(self, _good: bytes) -> None:
        self._send(b"")

    def way_cut(self, good: bytes) -> None:
        self._send(good[:-9], promised=len(good))

    def way_shorter(self, good: bytes) -> None:
        self._send(good[:-9])

    def way_flip(self, good: bytes) -> None:
        raw = bytearray(gzip.decompress(good))
        raw[-1] ^= 1
        self._send(gzip.compress(bytes(raw)))

    def way_flipped_packed(self, good: bytes) -> None:
        raw = bytearray(good)
        raw[len(raw) // 2] ^= 1
        self._send(bytes(raw))

    def way_stall(self, good: bytes) -> None:
        self._send(good[:20], promised=len(good))
        self.served.is_closing.wait(60)

    def way_silent(self, _good: bytes) -> None:
        self.served.is_closing.wait(60)

    def way_drip(self, good: bytes) -> None:
        self._send(b"", promised=len(good))
        for byte in good:
            if self.served.is_closing.wait(0.05):
                return
            self.wfile.write(bytes([byte]))
            self.wfile.flush()

    def way_reset(self, good: bytes) -> None:
        self._send(good[:20], promised=len(good))
        # Closing with this set sends a reset in place of an orderly end.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def way_circle(self, _good: bytes) -> None:
        self.send_response(302)
        self.send_header("Location", self.path)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def way_unprotected(self, _good: bytes) -> None:
        self.send_response(301)
        self.send_header("Location", self.served.plain + self.path.split("/", 2)[2])
        self.send_header("Content-Length", "0")
        self.end_headers()

    def way_endless(self, _good: bytes) -> None:
        self.send_response(200)
        self.end_headers()
        while not self.served.is_closing.is_set():
            self.wfile.write(bytes(2**16))

    def way_bomb(self, _good: bytes) -> None:
        self._send(gzip.compress(struct.pack(">HBB3I", 0, 8, 3, 80_000, 28, 28) + bytes(30 << 20)))
