"""The little page over plain HTTP that hands a phone the certificate it must trust first.

It serves three things and nothing else: how to trust the certificate, the certificate, a style sheet.
No data of the house is behind it, and it can lead nowhere but to the address it was given.
"""

from __future__ import annotations

import html
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from string import Template

from fieldsales.places import data_dir

CERTIFICATE = "/lan-ca.crt"
STYLE = "/lan.css"
MIME = "application/x-x509-ca-cert"
_HEADERS = (
    ("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"),
    ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"), ("Cache-Control", "no-store"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trust:
    """What the page says. ``addresses``: where it listens; ``hosts``: the names it may be asked by, the usual one
    first; ``port``: where the program itself serves HTTPS.
    """

    ca: Path
    fingerprint: str
    addresses: Sequence[str]
    hosts: Sequence[str]
    port: int

    def target(self, asked: str) -> str:
        """The program's address under the name the phone used, if that is one of ours."""
        host = asked.rpartition(":")[0] or asked
        return f"https://{host if host in self.hosts else self.hosts[0]}:{self.port}/"


def body_of(trust: Trust, asked: str, language: str) -> bytes:
    """The page in Chinese, or in English for a phone that asks for it."""
    lang = "en" if language.lower().startswith("en") else "zh"
    source = (Path(__file__).parent / f"page.{lang}.html").read_text(encoding="utf-8")
    return Template(source).substitute(
        certificate=CERTIFICATE, style=STYLE, fingerprint=html.escape(trust.fingerprint),
        target=html.escape(trust.target(asked), quote=True),
    ).encode()  # fmt: skip


class _Handler(BaseHTTPRequestHandler):
    trust: Trust
    server_version, sys_version = "fieldsales", ""
    timeout = 10  # a line that says nothing is closed

    def do_GET(self) -> None:
        """Answer one of the three addresses."""
        path = self.path.partition("?")[0]
        if path == CERTIFICATE:
            self._send(MIME, self.trust.ca.read_bytes(), name="fieldsales-lan-ca.crt")
        elif path == STYLE:
            self._send("text/css; charset=utf-8", (data_dir("static") / "css" / "lan.css").read_bytes())
        elif path == "/":
            page = body_of(self.trust, self.headers.get("Host", ""), self.headers.get("Accept-Language", ""))
            self._send("text/html; charset=utf-8", page)
        else:
            self.send_error(404)

    do_HEAD = do_GET

    def _send(self, mime: str, body: bytes, name: str = "") -> None:
        self.send_response(200)
        self.send_header("Content-Type", mime)
        self.send_header("Content-Length", str(len(body)))
        if name:
            self.send_header("Content-Disposition", f'attachment; filename="{name}"')
        for header in _HEADERS:
            self.send_header(*header)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: who looked is nobody's business."""


def serve(trust: Trust, port: int) -> int:
    """Hand out the certificate on each address until told to stop."""
    handler = type("Handler", (_Handler,), {"trust": trust})
    first, *others = [ThreadingHTTPServer((address, port), handler) for address in trust.addresses]
    for server in others:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    first.serve_forever()
    return 0
