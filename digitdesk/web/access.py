"""Who may ask: hosts and origins are compared whole, and a server on the network has a key.

A page of a stranger can make a browser send requests here, also under a name of its own that it
lets point to this computer; neither gets an answer.
"""

from __future__ import annotations

import hmac
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from digitdesk.errors import ConfigError, DigitDeskError

LOOPBACK = "127.0.0.1"
EVERYWHERE = "0.0.0.0"
PORT = 8765
KEY_HEADER = "X-DigitDesk-Key"

_KEY_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are taken for one another: the key may be typed on a phone."""
_KEY_LENGTH = 12


class ForbiddenError(DigitDeskError):
    """The request comes from where none may come from."""


@dataclass(frozen=True, slots=True)
class Access:
    """What a request must bring along.

    Attributes:
        hosts: The only values of the header Host.
        key: Needed for everything but the page's own files; empty for none.
        foreign_origin: Another site whose pages may ask, too; empty for none.
    """

    hosts: frozenset[str]
    key: str = ""
    foreign_origin: str = ""

    def check(self, method: str, headers: Mapping[str, str], given_key: str) -> None:
        """Refuse a request that may not be answered.

        Args:
            method: GET, POST …
            headers: The request's.
            given_key: From its header or address.

        Raises:
            ForbiddenError: It may not.
        """
        host = headers.get("Host", "").lower()
        if host not in self.hosts:
            raise ForbiddenError(
                "The address is none of this server's",
                expected=" or ".join(sorted(self.hosts)),
                received=host[:80] or "nothing",
            )
        origin = headers.get("Origin", "")
        if method not in ("GET", "HEAD") and origin and not self.is_own(origin, host):
            raise ForbiddenError(
                "Pages of other sites may not ask here", expected=f"http://{host}",
                received=origin[:80],
            )  # fmt: skip
        if self.key and not hmac.compare_digest(given_key.encode(), self.key.encode()):
            raise ForbiddenError(
                "The key is missing or wrong", hint="Open the whole address that DigitDesk shows"
            )

    def is_own(self, origin: str, host: str) -> bool:
        """Whether an origin is this server as it was addressed, or the site that was allowed."""
        return origin == f"http://{host}" or (bool(origin) and origin == self.foreign_origin)


def access_for(host: str, port: int, foreign_origin: str = "") -> Access:
    """What is asked of requests to a server at this address; beyond loopback, a fresh key.

    Raises:
        ConfigError: The foreign origin is none.
    """
    parts = urlsplit(foreign_origin)
    if foreign_origin and foreign_origin != f"{parts.scheme}://{parts.netloc}":
        raise ConfigError(
            "The origin cannot be allowed",
            expected="such as https://example.org, and nothing behind it",
            received=foreign_origin[:80],
        )
    names = {LOOPBACK, "localhost"} if host in (LOOPBACK, EVERYWHERE) else {in_address(host)}
    if host == EVERYWHERE:
        names |= {own_address(), socket.gethostname().lower()}
    hosts = {f"{name}:{port}" for name in names} | (names if port == 80 else set())
    key = "" if host == LOOPBACK else new_key()
    return Access(frozenset(hosts), key, foreign_origin)


def in_address(host: str) -> str:
    """A host as it stands in an address: IPv6 in brackets."""
    return f"[{host.lower()}]" if ":" in host else host.lower()


def new_key() -> str:
    """A random key that can be typed."""
    return "".join(secrets.choice(_KEY_LETTERS) for _ in range(_KEY_LENGTH))


def own_address() -> str:
    """This computer's address in its network; loopback where it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Nothing is sent: the system only looks up which of its addresses it would use.
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return LOOPBACK
        address: str = probe.getsockname()[0]
        return address
