"""The server's word for a plan signed offline: given at once, the same for ever, checked with stock tools."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import subprocess
from pathlib import Path
from typing import Any

import rfc8785
from sqlalchemy import select

from fieldsales.collection.models import Task
from fieldsales.documents import canonical
from fieldsales.documents.models import Document
from fieldsales.documents.witness import Witness, is_witnessed
from fieldsales.plans.models import Plan
from fieldsales.receivables.models import Invoice
from fieldsales.store.base import table_of
from fieldsales.worker import run_once
from tests.cast import LEGAL, MANAGER
from tests.collection.conftest import with_debt
from tests.plans.signing import DEVICE, enrol, plan, signed
from tests.sync.conftest import House
from tests.sync.phone import visit


def signing(payload: Any, **other: Any) -> dict[str, Any]:
    """A plan as it lies in the outbox."""
    body = {"payload": canonical.document_of(payload), "signing": signed(payload).model_dump(mode="json") | other}
    return visit() | {"operation": "plans.sign_plan", "entity_id": payload.plan_id, "payload": body}


def test_signed_offline_plan_gets_a_receipt_that_openssl_verifies(both: House, tmp_path: Path) -> None:
    with_debt(both.app)
    enrol(both.program)
    phone, sent = both.phone("rep", DEVICE), signing(plan())
    (result,) = phone.results(sent)
    receipt = result["data"]["receipt"]
    body = receipt["body"]
    manifest = sent["payload"]["signing"]["manifest_sha256"]
    assert (body["command_id"], body["manifest_sha256"], body["device_id"]) == (sent["command_id"], manifest, DEVICE)
    assert body["received_at"] == "2026-03-12T04:00:00.000Z"
    pem = phone.get("/receipts/certificate.pem").data
    assert is_witnessed(receipt, pem)
    (tmp_path / "body.json").write_bytes(rfc8785.dumps(body))
    (tmp_path / "signature").write_bytes(base64.b64decode(receipt["signature"]))
    (tmp_path / "chain.pem").write_bytes(pem)
    key = subprocess.run(["openssl", "x509", "-in", tmp_path / "chain.pem", "-pubkey", "-noout"], capture_output=True,
                         check=True)
    (tmp_path / "key.pem").write_bytes(key.stdout)
    asked = ["openssl", "dgst", "-sha256", "-verify", tmp_path / "key.pem", "-signature", tmp_path / "signature",
             tmp_path / "body.json"]
    assert b"Verified OK" in subprocess.run(asked, capture_output=True, check=True).stdout
    (tmp_path / "body.json").write_bytes(rfc8785.dumps(body | {"received_at": "2026-03-11T04:00:00.000Z"}))
    assert subprocess.run(asked, capture_output=True, check=False).returncode != 0
    # again: the very same bytes
    assert phone.results(copy.deepcopy(sent))[0]["data"]["receipt"] == receipt


def test_receipt_with_anything_changed_is_not_ours(house: House) -> None:
    with_debt(house.app)
    (result,) = house.phone("rep", DEVICE).results(signing(plan()))
    receipt, pem = result["data"]["receipt"], Witness(house.program.settings.home).certificate_pem()
    assert is_witnessed(receipt, pem)
    assert not is_witnessed(receipt | {"body": receipt["body"] | {"device_id": "other"}}, pem)
    assert not is_witnessed(receipt | {"certificate_sha256": "0" * 64}, pem)
    assert not is_witnessed({"body": {}}, pem)


def test_receipt_is_given_in_production_before_there_is_a_sealing_key(make_app: Any, sqlite_url: str) -> None:
    app = make_app(sqlite_url, production=True)
    house = House(app, app.extensions["fieldsales"])
    with_debt(app)
    assert house.phone().get("/receipts/certificate.pem").status_code == 404  # nobody's asking makes a key
    (result,) = house.phone("rep", DEVICE).results(signing(plan()))
    assert result["data"]["receipt"]["body"]["manifest_sha256"]
    key = house.program.settings.home / "keys" / "receipts.pem"
    assert oct(key.stat().st_mode)[-3:] == "600"


def test_text_that_was_not_the_one_shown_is_refused(house: House) -> None:
    with_debt(house.app)
    (result,) = house.phone("rep", DEVICE).results(signing(plan(), text_sha256=hashlib.sha256(b"other").hexdigest()))
    assert (result["status"], result["code"]) == ("rejected", "documents.text_changed")
    assert house.rows(Plan) == []


def test_balance_that_moved_meanwhile_is_flagged_and_manager_and_legal_are_told(both: House) -> None:
    with_debt(both.app)
    enrol(both.program)
    sent = signing(plan(invoices=[("XS-1001", 14_000_000), ("XS-1002", 3_230_000)], total=17_230_000))
    (result,) = both.phone("rep", DEVICE).results(sent)
    assert (result["status"], result["data"]["flags"]) == ("applied", ["balance_moved"])
    told = {row["assignee_id"] for row in both.rows(Task, kind="balance_moved")}
    assert told == {MANAGER.user_id, LEGAL.user_id}
    for login in ("manager", "legal"):
        assert "签字有效，但签署前后欠款有变动" in both.browser(login).get("/desk").get_data(as_text=True), login
    assert "签字有效，但签署前后欠款有变动" not in both.browser("finance").get("/desk").get_data(as_text=True)


def test_sealed_paper_says_what_was_shown(house: House, tmp_path: Path) -> None:
    """The PDF's own text, read by another program, holds every line of the text whose hash was signed."""
    with_debt(house.app)
    enrol(house.program)
    payload = plan()
    house.phone("rep", DEVICE).results(signing(payload))
    run_once(house.program)
    with house.program.store.reading() as connection:
        sha256 = connection.execute(select(table_of(Document).c.sha256)).scalar_one()
        assert connection.execute(select(table_of(Invoice).c.number)).scalars().all()
    (tmp_path / "plan.pdf").write_bytes(house.program.parts["blobs"].read(sha256))
    subprocess.run(["pdfdetach", "-saveall", "-o", tmp_path, tmp_path / "plan.pdf"], check=True, capture_output=True)
    shown = (tmp_path / "text.txt").read_text(encoding="utf-8")
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest["text_sha256"] == hashlib.sha256(shown.encode()).hexdigest()
    asked = ["pdftotext", "-raw", tmp_path / "plan.pdf", "-"]
    printed = subprocess.run(asked, check=True, capture_output=True, text=True)
    flat = "".join(printed.stdout.split())
    missing = [line for line in shown.splitlines() if "".join(line.split()) and "".join(line.split()) not in flat]
    assert missing == []
