"""Money taken at the counter: its numbered paper is there with the receipt."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from fieldsales import worker
from fieldsales.documents.fontmaking import for_the_phone
from fieldsales.documents.queries import customer_documents
from fieldsales.documents.signs import PRINTABLE, is_printable
from fieldsales.kernel.errors import Invalid
from fieldsales.kernel.ids import paper_number, uuid7
from fieldsales.kernel.operation import Envelope
from fieldsales.web.here import Program
from tests import cast
from tests.browser.test_kernel_in_node import ROOT, node
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


def test_receipt_a_phone_took_is_made_whatever_sign_stands_in_it(program: Program, tmp_path: Path) -> None:
    """Money was handed over: the record stands, and its paper prints the number of a sign no face has."""
    payload = a_receipt(payer_name="王\U00031350 老板 \U0001f98a") | {"received_at": cast.NOON.isoformat()}
    envelope = Envelope(uuid7(), "receivables.register_receipt", payload, raw=payload)
    [answer] = program.dispatcher.perform_batch(cast.REP, [envelope])
    assert answer.status == "applied"
    (paper,) = papers_of(program)
    assert paper["state"] == "sealed"
    shown = words_of(program.parts["blobs"].read(paper["sha256"]), tmp_path)
    assert "王〔U+31350〕老板〔U+1F98A〕" in shown


def test_sign_no_face_has_is_asked_about_at_the_desk(program: Program) -> None:
    with pytest.raises(Invalid, match="no_glyph"):
        program.dispatcher.perform(cast.REP, "receivables.register_receipt", a_receipt(payer_name="\U0001f98a"))


def test_phone_knows_the_same_signs() -> None:
    """Asked before anything is signed: the list on the phone is the office's, sign by sign."""
    codes = [*range(0x20, 0xD800, 7), *range(0xE000, 0x33480, 11), 0x1F98A, 0x10FFFF, 0x4DAE]
    script = f"""
        import {{ unprintable }} from "{(ROOT / 'static/js/documents/printable.js').as_uri()}";
        console.log(JSON.stringify({codes}.filter((code) => unprintable(String.fromCodePoint(code)).length)));
        console.log(JSON.stringify(unprintable("王\\u{{1F98A}}\\n二\\u{{1F98A}}")));"""
    done = subprocess.run([node(), "--input-type=module", "-"], input=script, capture_output=True, text=True,
                          timeout=60, check=True)
    missing, named = done.stdout.splitlines()
    assert json.loads(missing) == [code for code in codes if not is_printable(code)]
    assert json.loads(named) == ["\U0001f98a U+1F98A"]
    pairs = json.loads(PRINTABLE.read_text())
    assert f'const RANGES = "{for_the_phone(pairs)}"' in (ROOT / "static/js/documents/printable.js").read_text()
