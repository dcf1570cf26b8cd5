"""What is due at the cast's noon, and other people's servers: a push service and a messenger, real ones."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert

from fieldsales.kernel.ids import uuid7
from fieldsales.lan.authority import papers
from fieldsales.plans.models import Plan, PlanInstalment
from fieldsales.promises.models import Promise
from fieldsales.store.base import table_of
from fieldsales.web.here import Program
from tests import cast
from tests.cast import HARBOUR, HARBOUR_DEBTOR, NOON, RIVER, SELLER, TODAY


def promise(connection: Connection, due_on: date, amount: int = 50_000_00, customer: str = HARBOUR,
            **more: Any) -> str:
    """An open promise."""
    by = cast.REP if customer == HARBOUR else cast.OTHER_REP
    row = {"id": uuid7(), "customer_id": customer, "amount_minor": amount, "due_on": due_on, "by_id": by.user_id,
           "made_at": NOON, "made_on": TODAY, "received_at": NOON, "proof_sha256": [], "state": "open",
           "kept_minor": 0, "currency": "CNY"} | more
    connection.execute(insert(table_of(Promise)).values(**row))
    return str(row["id"])


def instalment(connection: Connection, due_on: date, n: int = 1, **more: Any) -> str:
    """An open instalment of a plan of HARBOUR's."""
    plan_id, row_id = uuid7(), uuid7()
    connection.execute(insert(table_of(Plan)).values(
        id=plan_id, number=f"HK260312-{plan_id[-8:]}", customer_id=HARBOUR, debtor_id=HARBOUR_DEBTOR, seller_id=SELLER,
        total_minor=9_000_00, payload={}, payload_sha256="a" * 64, manifest_sha256=plan_id, signatory_name="林海港",
        signatory_role="", authority="", signed_at=NOON, received_at=NOON, by_id=cast.REP.user_id, document_id=uuid7(),
        flags=[], currency="CNY"))
    connection.execute(insert(table_of(PlanInstalment)).values(**{
        "id": row_id, "plan_id": plan_id, "customer_id": HARBOUR, "n": n, "due_on": due_on, "amount_minor": 3_000_00,
        "currency": "CNY", "state": "open", "kept_minor": 0} | more))
    return row_id


@pytest.fixture
def due(program: Program) -> Program:
    """Today one promise of HARBOUR's, tomorrow an instalment; today one of RIVER's, which REP must not see."""
    def fill(connection: Connection) -> None:
        promise(connection, TODAY)
        instalment(connection, TODAY + timedelta(days=1))
        promise(connection, TODAY, 7_000_00, RIVER)
        promise(connection, TODAY - timedelta(days=1), state="broken")
        promise(connection, TODAY + timedelta(days=2))

    program.dispatcher.note(fill)
    return program


@dataclass
class Outside:
    """Somebody else's server. ``answers``: (status, JSON) for the next requests, the last one for all after."""

    url: str
    answers: list[tuple[int, dict[str, Any]]] = field(default_factory=lambda: [(201, {})])
    came: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    location: str = ""

    def answer(self) -> tuple[int, dict[str, Any]]:
        """What to say now."""
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def serving(outside: Outside) -> type[BaseHTTPRequestHandler]:
    """A handler that writes down what comes."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            outside.came.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            status, said = outside.answer()
            text = json.dumps(said).encode()
            self.send_response(status)
            if outside.location:
                self.send_header("Location", outside.location)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, format: str, *args: object) -> None:
            return

    return Handler


@pytest.fixture
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Outside]:
    """A server over real TLS at https://localhost:…, trusted by this process for the length of a test."""
    found = papers(tmp_path / "outside", ["localhost", "127.0.0.1"])
    monkeypatch.setenv("SSL_CERT_FILE", str(found.ca))
    here = Outside("")
    server = ThreadingHTTPServer(("127.0.0.1", 0), serving(here))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(found.certificate, found.key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    here.url = f"https://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield here
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def work(program: Program) -> Callable[[], None]:
    """Carry out everything the outbox holds, until nothing is due."""
    from fieldsales import worker

    def run() -> None:
        while worker.run_once(program):
            pass

    return run


