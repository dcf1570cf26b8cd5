"""The network between a phone and the server: a TCP proxy that cuts, loses, doubles, holds and forges on command.

It reads requests only as far as it must to know where one ends. Every request goes to the server on a
connection of its own and every answer ends its connection, so a cut concerns one request alone.
"""

from __future__ import annotations

import random
import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

_PART = 65536
ANY = ""


@dataclass(frozen=True)
class Request:
    """One request as it came: ``raw`` is its bytes."""

    method: str
    path: str
    raw: bytes

    @property
    def body(self) -> bytes:
        """What follows the head."""
        return self.raw.partition(b"\r\n\r\n")[2]


@dataclass
class Fault:
    """What happens to the next ``times`` requests whose path begins with ``path``.

    ``method``: only to these; ``holding``: only when this is somewhere in the request.

    ``kind``:
    ``cut``       the connection ends after ``after`` bytes of the request; the server gets no more than those
    ``lost``      the server does the work, its answer never arrives: the connection is reset
    ``short``     the answer's head and half its body arrive, then the connection ends
    ``twice``     the server gets the request ``count`` times, one after another; the last answer arrives
    ``hole``      nothing ever comes back until the wire is mended
    ``slow``      the answer comes ``seconds`` later
    ``answer``    the wire answers by itself with ``said``; the server hears nothing
    ``forged``    the server does the work, but ``said`` arrives instead of its answer
    """

    kind: str
    path: str = "/api/v1/sync/push"
    method: str = ANY
    holding: bytes = b""
    times: int = 1
    after: int = 0
    count: int = 2
    seconds: float = 0.0
    said: bytes = b""

    def happened(self, seconds: float = 20.0) -> None:
        """Wait until it has happened as often as it was planned."""
        end = time.monotonic() + seconds
        while self.times > 0:
            assert time.monotonic() < end, f"no request met the fault {self.kind}"
            time.sleep(0.01)

    def concerns(self, request: Request) -> bool:
        """Whether this is one of the requests it waits for."""
        return (request.path.startswith(self.path) and self.method in (ANY, request.method)
                and self.holding in request.raw)


def answer(status: str, body: bytes = b"", mime: str = "text/html", **headers: str) -> bytes:
    """A whole HTTP answer: ``answer("503 Service Unavailable", Retry_After="2")``."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {mime}", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


#: What hotels and cafés answer instead of the server.
PORTAL = answer("200 OK", b"<html><title>Welcome</title>Accept the terms to go on</html>")
PORTAL_302 = answer("302 Found", b"", Location="http://portal.invalid/login")
TOO_LARGE = answer("413 Content Too Large", b"<html>nginx: too large</html>")
BAD_GATEWAY = answer("502 Bad Gateway", b"<html>nginx: bad gateway</html>")
UNAVAILABLE = answer("503 Service Unavailable", b"", Retry_After="1")


@dataclass
class Wire:
    """A proxy on a port of its own in front of ``target``. ``seen`` is every request that came, in order."""

    target: int
    faults: list[Fault] = field(default_factory=list)
    seen: list[Request] = field(default_factory=list)
    rewritten: dict[str, Callable[[bytes], bytes]] = field(default_factory=dict)
    """Path → what is done to the body of every answer to it (for planted faults in served files)."""
    largest: int = 0
    """Bytes a body may have before the wire says 413, as a reverse proxy does; 0: any."""
    down: bool = False
    """While true every question to the API is reset: no network. Files still come: the app lies on the phone."""

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._mended = threading.Event()
        self._listening = socket.socket()
        self._listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listening.bind(("127.0.0.1", 0))
        self._listening.listen(128)
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        """The address a phone uses. Loopback counts as a secure origin."""
        return f"http://127.0.0.1:{self.port}"

    def plan(self, kind: str, **more: object) -> Fault:
        """Put a fault on the wire; returns it (``times`` counts down to 0 when it has happened)."""
        fault = Fault(kind, **more)  # type: ignore[arg-type]
        with self._lock:
            self.faults.append(fault)
        return fault

    def mend(self) -> None:
        """Take every fault off the wire; what hangs in a black hole is cut."""
        with self._lock:
            self.faults.clear()
            self.down, self.largest = False, 0
        self._mended.set()
        self._mended = threading.Event()

    def close(self) -> None:
        """Listen no more."""
        self.mend()
        self._listening.close()

    def pushes(self) -> list[Request]:
        """The pushes that came so far."""
        return [one for one in self.seen if one.path == "/api/v1/sync/push"]

    def replay(self, times: int, seed: int, path: str = "/api/v1/sync/push") -> int:
        """Send every request to ``path`` seen so far ``times`` more, shuffled; returns how many were sent."""
        again = [one for one in self.seen if one.path == path] * times
        random.Random(seed).shuffle(again)
        for one in again:
            self._ask(one.raw)
        return len(again)

    def _accept(self) -> None:
        while True:
            try:
                client, _address = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        try:
            request = _read_request(client)
            if request is None or (self.down and request.path.startswith("/api/")):
                return _reset(client)
            self.seen.append(request)
            fault = self._fault_for(request)
            if fault is None:
                client.sendall(self._answer_to(request))
            else:
                _HAPPENS[fault.kind](self, client, request, fault)
        except OSError:
            pass  # one side is gone: that is what a wire does
        finally:
            client.close()

    def _fault_for(self, request: Request) -> Fault | None:
        if self.largest and len(request.body) > self.largest:
            return Fault("answer", said=TOO_LARGE)
        with self._lock:
            for fault in self.faults:
                if fault.times > 0 and fault.concerns(request):
                    fault.times -= 1
                    return fault
        return None

    def _answer_to(self, request: Request) -> bytes:
        rewrite = self.rewritten.get(request.path)
        if rewrite is None:
            return self._ask(request.raw)
        head, _, body = self._ask(_plain(request.raw)).partition(b"\r\n\r\n")
        fresh = rewrite(body)
        kept = [line for line in head.split(b"\r\n") if not line.lower().startswith((b"content-length", b"etag"))]
        return b"\r\n".join([*kept, b"Content-Length: %d" % len(fresh)]) + b"\r\n\r\n" + fresh

    def _ask(self, raw: bytes) -> bytes:
        """The server's whole answer."""
        with socket.create_connection(("127.0.0.1", self.target), timeout=60) as server:
            server.sendall(_closing(raw))
            parts = []
            while part := server.recv(_PART):
                parts.append(part)
        whole = b"".join(parts)
        if not whole:
            raise ConnectionResetError("the server answered nothing")
        return whole

    # -- what can happen to a request --------------------------------------------------------------------------

    def _cut(self, client: socket.socket, request: Request, fault: Fault) -> None:
        with socket.create_connection(("127.0.0.1", self.target), timeout=60) as server:
            server.sendall(request.raw[: fault.after])
            time.sleep(0.05)  # what was sent is read before the end is noticed
        _reset(client)

    def _lost(self, client: socket.socket, request: Request, _fault: Fault) -> None:
        self._ask(request.raw)
        _reset(client)

    def _short(self, client: socket.socket, request: Request, _fault: Fault) -> None:
        head, _, body = self._answer_to(request).partition(b"\r\n\r\n")
        client.sendall(head + b"\r\n\r\n" + body[: len(body) // 2])

    def _twice(self, client: socket.socket, request: Request, fault: Fault) -> None:
        for _ in range(fault.count - 1):
            self._ask(request.raw)
        client.sendall(self._ask(request.raw))

    def _hole(self, client: socket.socket, _request: Request, _fault: Fault) -> None:
        self._mended.wait(120)
        _reset(client)

    def _slow(self, client: socket.socket, request: Request, fault: Fault) -> None:
        whole = self._answer_to(request)
        time.sleep(fault.seconds)
        client.sendall(whole)

    def _by_itself(self, client: socket.socket, _request: Request, fault: Fault) -> None:
        client.sendall(fault.said)

    def _forged(self, client: socket.socket, request: Request, fault: Fault) -> None:
        self._ask(request.raw)
        client.sendall(fault.said)


_HAPPENS = {
    "cut": Wire._cut, "lost": Wire._lost, "short": Wire._short, "twice": Wire._twice, "hole": Wire._hole,
    "slow": Wire._slow, "answer": Wire._by_itself, "forged": Wire._forged,
}  # fmt: skip


def _read_request(client: socket.socket) -> Request | None:
    raw = b""
    while b"\r\n\r\n" not in raw:
        part = client.recv(_PART)
        if not part:
            return None
        raw += part
    head = raw.partition(b"\r\n\r\n")[0]
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            length = int(value)
    while len(raw) < len(head) + 4 + length:
        part = client.recv(_PART)
        if not part:
            return None
        raw += part
    method, target, *_ = head.split(b" ", 2)
    return Request(method.decode(), target.decode().partition("?")[0], raw)


def _head_without(raw: bytes, *names: bytes, more: bytes = b"") -> bytes:
    head, _, body = raw.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if line.partition(b":")[0].strip().lower() not in names]
    return b"\r\n".join([*lines, more] if more else lines) + b"\r\n\r\n" + body


def _closing(raw: bytes) -> bytes:
    return _head_without(raw, b"connection", more=b"Connection: close")


def _plain(raw: bytes) -> bytes:
    """The same request, asking for an answer that is neither zipped nor "not modified"."""
    return _head_without(raw, b"accept-encoding", b"if-none-match", b"if-modified-since")


def _reset(client: socket.socket) -> None:
    """End a connection without a word, as a lost network does: RST, not an orderly end."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
