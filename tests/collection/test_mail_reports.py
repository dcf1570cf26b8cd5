"""A server that knows delivery reports (RFC 3461) is asked for them under the mail's own number; any other is not."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator

import pytest

from fieldsales.collection.smtp import deliver

MESSAGE = b"Subject: x\r\n\r\nhello\r\n"


class Clerk(socketserver.StreamRequestHandler):
    """Says yes to everything and keeps what it was told."""

    def handle(self) -> None:
        told: list[str] = self.server.told  # type: ignore[attr-defined]
        knows: bool = self.server.knows  # type: ignore[attr-defined]
        self.wfile.write(b"220 ready\r\n")
        in_text = False
        for raw in self.rfile:
            line = raw.decode().rstrip("\r\n")
            if in_text:
                if line == ".":
                    in_text = False
                    self.wfile.write(b"250 taken\r\n")
                continue
            told.append(line)
            if line.upper().startswith("EHLO"):
                self.wfile.write(b"250-here\r\n250-DSN\r\n250 SIZE\r\n" if knows else b"250-here\r\n250 SIZE\r\n")
            elif line.upper() == "DATA":
                in_text = True
                self.wfile.write(b"354 go on\r\n")
            else:
                self.wfile.write(b"250 fine\r\n")


@pytest.fixture
def server() -> Iterator[socketserver.ThreadingTCPServer]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Clerk) as one:
        one.daemon_threads = True
        one.told = []  # type: ignore[attr-defined]
        threading.Thread(target=one.serve_forever, args=(0.05,), daemon=True).start()
        yield one
        one.shutdown()


@pytest.mark.parametrize("knows", [True, False])
def test_reports_are_asked_for_where_the_server_knows_them(
    server: socketserver.ThreadingTCPServer, knows: bool
) -> None:
    server.knows = knows  # type: ignore[attr-defined]
    url = f"smtp://127.0.0.1:{server.server_address[1]}"
    answer = deliver(url, "ar@haichuan.example", "boss@harbour.example", MESSAGE, envelope_id="019c-aa")
    assert answer.state == "sent"
    told = "\n".join(server.told)  # type: ignore[attr-defined]
    assert ("ENVID=019c-aa" in told) is knows
    assert ("NOTIFY=SUCCESS,FAILURE,DELAY" in told) is knows
