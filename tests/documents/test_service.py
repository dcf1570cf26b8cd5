"""A paper from its order to its bytes: sealed once, seen by whoever sees the customer, checked by anybody."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from fieldsales import worker
from fieldsales.dispatcher import Dispatcher
from fieldsales.documents import jobs
from fieldsales.documents.queries import customer_documents, document_row
from fieldsales.kernel.clock import FixedClock
from fieldsales.kernel.errors import NotAllowed
from fieldsales.kernel.operation import SYSTEM
from fieldsales.store import Store
from fieldsales.store.outbox import Later
from fieldsales.web.here import Program
from tests import cast
from tests.documents import make_clause_cases as made
from tests.documents import samples

PAPER = made.paper_id(500)


def an_order(source: dict[str, Any], kind: str = "receipt", document_id: str = PAPER) -> dict[str, Any]:
    """An order for a paper of 海港五金."""
    return {
        "document_id": document_id, "number": source["payload"]["number"], "kind": kind, "lang": "zh",
        "customer_id": cast.HARBOUR, "subject_kind": kind, "subject_id": made.paper_id(501), "source": source,
    }  # fmt: skip


def sealed_row(program: Program, document_id: str = PAPER) -> dict[str, Any]:
    """Order, let the worker work, and look."""
    program.dispatcher.perform(SYSTEM, "documents.order_paper", an_order(samples.receipt(), document_id=document_id))
    worker.run_once(program)
    return row_of(program, document_id)


def row_of(program: Program, document_id: str = PAPER) -> dict[str, Any]:
    """The paper's row."""
    with program.store.reading() as connection:
        row = document_row(connection, document_id)
    assert row is not None
    return row


def test_ordered_paper_waits_visibly_then_is_sealed(program: Program) -> None:
    program.dispatcher.perform(SYSTEM, "documents.order_paper", an_order(samples.receipt()))
    with program.store.reading() as connection:
        assert customer_documents(connection, cast.HARBOUR)[0]["state"] == "sealing_pending"
    worker.run_once(program)
    row = row_of(program)
    assert (row["state"], row["level"], row["sealed_at"]) == ("sealed", "B-B", cast.NOON)
    content = program.parts["blobs"].read(row["sha256"])
    assert len(content) == row["size"]
    assert content.startswith(b"%PDF-1.7")


def test_same_order_twice_makes_one_paper(any_store: Store, clock: FixedClock) -> None:
    dispatcher = Dispatcher(any_store, clock)
    for _ in range(2):
        dispatcher.perform(SYSTEM, "documents.order_paper", an_order(samples.receipt()))
    with any_store.reading() as connection:
        assert len(customer_documents(connection, cast.HARBOUR)) == 1


def test_seal_run_twice_keeps_the_first_bytes(program: Program) -> None:
    """A lease ran out while the press worked: both finish, the first bytes stand (E2)."""
    first = sealed_row(program)["sha256"]
    jobs.seal_paper(program, {"document_id": PAPER})
    late = {"document_id": PAPER, "customer_id": cast.HARBOUR, "sha256": "a" * 64, "unsealed_sha256": "b" * 64,
            "size": 1, "level": "B-B", "certificate": "late"}  # fmt: skip
    assert program.dispatcher.perform(SYSTEM, "documents.record_seal", late) == {"sha256": first}
    assert row_of(program)["sha256"] == first


def test_paper_that_cannot_be_printed_fails_visibly(program: Program) -> None:
    source = samples.receipt(note="\U0001f98a")
    program.dispatcher.perform(SYSTEM, "documents.order_paper", an_order(source))
    worker.run_once(program)
    assert (row_of(program)["state"], row_of(program)["flags"]) == ("failed", ["documents.no_glyph"])


def test_production_never_seals_with_the_development_key(
    make_app: Callable[..., Any], sqlite_url: str
) -> None:
    program = make_app(sqlite_url, production=True).extensions["fieldsales"]
    program.dispatcher.perform(SYSTEM, "documents.order_paper", an_order(samples.receipt()))
    with pytest.raises(Later, match="development"):
        jobs.seal_paper(program, {"document_id": PAPER})
    assert row_of(program)["state"] == "sealing_pending"
    assert not (program.settings.home / "keys").exists()


def test_development_key_is_the_owners_alone(program: Program) -> None:
    sealed_row(program)
    path = program.settings.home / "keys" / "development.p12"
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "operation", ["documents.order_paper", "documents.record_seal", "documents.record_seal_failure"]
)
def test_only_the_system_orders_and_seals(operation: str, program: Program) -> None:
    commands = {
        "documents.order_paper": an_order(samples.receipt()),
        "documents.record_seal": {"document_id": PAPER, "customer_id": cast.HARBOUR, "sha256": "a" * 64,
                        "unsealed_sha256": "b" * 64, "size": 1, "level": "B-B", "certificate": "x"},
        "documents.record_seal_failure": {"document_id": PAPER, "customer_id": cast.HARBOUR, "reason": "x"},
    }  # fmt: skip
    with pytest.raises(NotAllowed):
        program.dispatcher.perform(cast.ADMIN, operation, commands[operation])


@pytest.mark.parametrize(
    ("login", "status"),
    [("rep", 200), ("helper_rep", 200), ("manager", 200), ("finance", 200), ("other_rep", 404), ("former_rep", 404),
     ("other_manager", 404)],
)  # fmt: skip
def test_pdf_is_for_whoever_sees_the_customer(
    login: str, status: int, program: Program, log_in: Callable[[str], FlaskClient]
) -> None:
    row = sealed_row(program)
    answer = log_in(login).get(f"/documents/{PAPER}.pdf")
    assert answer.status_code == status
    assert (program.parts["blobs"].read(row["sha256"]) == answer.data) is (status == 200)


def test_pdf_not_yet_sealed_says_so(program: Program, log_in: Callable[[str], FlaskClient]) -> None:
    program.dispatcher.perform(SYSTEM, "documents.order_paper", an_order(samples.receipt()))
    answer = log_in("rep").get(f"/documents/{PAPER}.pdf")
    assert answer.status_code == 409
    assert "文书正在封存" in answer.get_data(as_text=True)


def test_verify_page_masks_the_debtor(program: Program, app: Any) -> None:
    number = sealed_row(program)["number"]
    answer = app.test_client().get(f"/v/{number}")
    body = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "海港****公司" in body
    assert "海港五金有限公司" not in body
    assert "30,000" not in body
    assert cast.HARBOUR_CANARY not in body


def test_verify_page_knows_the_file_and_no_other(program: Program, app: Any) -> None:
    row = sealed_row(program)
    content = program.parts["blobs"].read(row["sha256"])
    client = app.test_client()

    def said(file: bytes) -> str:
        data = {"file": (io.BytesIO(file), "paper.pdf")}
        return str(client.post(f"/v/{row['number']}", data=data).get_data(as_text=True))

    assert "完全一致" in said(content)
    assert "封存之后在文件末尾追加了内容" in said(content + b"\n")
    assert "这不是 PDF 文件" in said(b"hello")
    assert client.post(f"/v/{row['number']}", data={}).status_code in (400, 422)


def test_verify_page_of_an_unknown_number_is_404(app: Any) -> None:
    answer = app.test_client().get("/v/HK261121-NOSUCH")
    assert answer.status_code == 404
    assert "没有编号为 HK261121-NOSUCH 的文书" in answer.get_data(as_text=True)
