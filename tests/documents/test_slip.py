"""Money taken at the counter: its numbered paper is there with the receipt."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fieldsales import worker
from fieldsales.documents.queries import customer_documents
from fieldsales.kernel.ids import paper_number
from fieldsales.web.here import Program
from tests import cast
from tests.documents import make_clause_cases as made
from tests.documents.test_press import words_of


def a_receipt(**other: Any) -> dict[str, Any]:
    """¥30,000.00 in cash from 海港五金."""
    receipt_id = made.paper_id(600)
    return {
        "receipt_id": receipt_id, "number": paper_number("SJ", receipt_id, cast.TODAY), "customer_id": cast.HARBOUR,
        "debtor_id": cast.HARBOUR_DEBTOR, "seller_id": cast.SELLER, "amount_minor": 3_000_000, "method": "cash",
        "payer_name": "林海港", "received_at": cast.NOON,
    } | other  # fmt: skip


def papers_of(program: Program) -> list[dict[str, Any]]:
    """The customer's papers after the worker has worked."""
    worker.run_once(program)
    with program.store.reading() as connection:
        return customer_documents(connection, cast.HARBOUR)


def test_registered_receipt_gets_its_paper(program: Program, tmp_path: Path) -> None:
    program.dispatcher.perform(cast.REP, "receivables.register_receipt", a_receipt())
    (paper,) = papers_of(program)
    assert (paper["kind"], paper["state"], paper["number"]) == ("receipt", "sealed", a_receipt()["number"])
    shown = words_of(program.parts["blobs"].read(paper["sha256"]), tmp_path)
    for said in ("收据", "待确认", "叁万元整", "林海港", "王小明", "示例银行宁波分行6200000000000001", paper["number"]):
        assert said in shown


def test_receipt_of_no_company_stands_without_a_paper(program: Program) -> None:
    """A record is never refused for what nobody asked; a paper names exactly one of our companies."""
    program.dispatcher.perform(cast.REP, "receivables.register_receipt", a_receipt(seller_id=None))
    assert papers_of(program) == []
