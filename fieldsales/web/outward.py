"""The one way out to other people's servers: HTTPS, to public addresses, short, small, and no further.

A webhook's or a push service's address is typed or sent by somebody: it must not become a way to
reach what only this machine can reach. The name is resolved once, judged, and that very address is
connected to; redirects are not followed.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

TIMEOUT_S = 10.0
LARGEST_ANSWER = 64 * 1024


class NotAllowedOut(Exception):
    """The address is one the program does not speak to. Trying again is no use."""


class Unreachable(Exception):
    """Nobody answered, or not in time. It may be tried again."""


class Unanswered(Unreachable):
    """It was sent, or part of it, and no answer came: the other side may have taken it."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; ``body`` at most ``LARGEST_ANSWER`` bytes."""

    status: int
    headers: dict[str, str]
    body: bytes


def _judged(host: str, port: int, *, private: bool) -> list[Any]:
    """The addresses behind a name, all of them public (unless ``private`` may be spoken to)."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(f"no such host: {host}") from error
    for *_rest, address in found:
        one = ipaddress.ip_address(str(address[0]).partition("%")[0])
        inner = getattr(one, "ipv4_mapped", None) or one
        if not private and (not inner.is_global or inner.is_multicast):
            raise NotAllowedOut("the address leads into a private network")
    return found


class _Pinned(http.client.HTTPConnection):
    """A connection to addresses judged before; the name goes into TLS and the Host header."""

    def __init__(self, host: str, port: int, found: list[Any], tls: ssl.SSLContext | None) -> None:
        super().__init__(host, port, timeout=TIMEOUT_S)
        self._found, self._tls = found, tls

    def connect(self) -> None:
        """Connect to the first of the judged addresses that answers."""
        last: OSError | None = None
        for family, kind, protocol, _name, address in self._found:
            line = socket.socket(family, kind, protocol)
            line.settimeout(TIMEOUT_S)
            try:
                line.connect(address)
                self.sock = self._tls.wrap_socket(line, server_hostname=self.host) if self._tls else line
                return
            except OSError as error:
                line.close()
                last = error
        raise last or OSError("no address")


def post(url: str, body: bytes, headers: dict[str, str], *, private: bool = False, plain: bool = False) -> Reply:
    """Send ``body`` and return what came back, whatever its status. ``private``: also plain HTTP and inner addresses.
    ``plain``: plain HTTP to a public address, for what proves itself whatever carried it (a time stamp).

    Raises NotAllowedOut or Unreachable.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise NotAllowedOut("the address cannot be read") from error
    schemes = ("https", "http") if private or plain else ("https",)
    if not host or parts.username is not None or parts.scheme not in schemes:
        raise NotAllowedOut("the address is not https")
    port = port or (443 if parts.scheme == "https" else 80)
    found = _judged(host, port, private=private)
    tls = ssl.create_default_context() if parts.scheme == "https" else None
    line = _Pinned(host, port, found, tls)
    begun = False
    try:
        line.connect()
        begun = True
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        line.request("POST", path, body, headers)
        answer = line.getresponse()
        return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()},
                     answer.read(LARGEST_ANSWER))
    except (OSError, http.client.HTTPException) as error:
        kind = Unanswered if begun else Unreachable
        raise kind(f"{type(error).__name__}: {error}"[:200]) from error
    finally:
        line.close()
