"""What a phone sends when 海港五金 signs: payload, strokes, hashes and the device's own signature."""

from __future__ import annotations

import base64
from datetime import date
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from sqlalchemy import insert

from fieldsales.documents import canonical, rules
from fieldsales.documents.clauses import NEWEST, shown_text, text_sha256
from fieldsales.documents.messages import Signatory, Signing, Strokes
from fieldsales.kernel.ids import paper_number, uuid7
from fieldsales.kernel.money import Money
from fieldsales.people.models import Device
from fieldsales.plans.messages import PlanPayload
from fieldsales.plans.rules import schedule
from fieldsales.statements.messages import StatementPayload
from fieldsales.store.base import table_of
from fieldsales.web.here import Program
from tests import cast

DEVICE = cast.an_id(0x77)
KEY = ec.derive_private_key(20260312, ec.SECP256R1())
ACCOUNT = "示例银行宁波分行 6200 0000 0000 0001"
INVOICES = [("XS-1001", 15_000_000), ("XS-1002", 3_230_000)]
BOSS = Signatory(name="林海港", role="legal_representative", authority="legal_representative", id_last4="213X")


def _b64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def enrol(program: Program, user_id: str = cast.REP.user_id) -> None:
    """Make the phone known."""
    numbers = KEY.public_key().public_numbers()
    point = {"x": _b64(numbers.x.to_bytes(32, "big")), "y": _b64(numbers.y.to_bytes(32, "big"))}
    row = {"id": DEVICE, "user_id": user_id, "name": "phone", "public_key": {"kty": "EC", "crv": "P-256", **point},
           "app": "", "enrolled_at": cast.NOON, "seen_at": cast.NOON, "pending": 0}  # fmt: skip
    program.dispatcher.note(lambda connection: connection.execute(insert(table_of(Device)).values(**row)))


def _sides() -> dict[str, Any]:
    return {
        "customer_id": cast.HARBOUR, "debtor_id": cast.HARBOUR_DEBTOR, "debtor_name": "宁波海港五金商行有限公司",
        "debtor_kind": "company", "debtor_reg_no": "91330200TEST00003X", "seller_id": cast.SELLER,
        "seller_name": "海川五金批发有限公司", "seller_account": ACCOUNT, "made_at": cast.NOON,
    }  # fmt: skip


def plan(total: int = 18_230_000, count: int = 3, first: date = date(2026, 3, 31), **other: Any) -> PlanPayload:
    """A monthly plan over the whole debt."""
    plan_id = other.pop("plan_id", uuid7())
    parts = [{"n": n, "due_on": due_on, "amount_minor": minor}
             for n, due_on, minor in schedule(Money(total), count, "monthly", first)]  # fmt: skip
    fields: dict[str, Any] = {
        **_sides(), "plan_id": plan_id, "number": paper_number("HK", plan_id, cast.TODAY), "total_minor": total,
        "invoices": INVOICES, "instalments": parts, "acknowledged_on": cast.TODAY,
    }  # fmt: skip
    return PlanPayload(**{**fields, **other})


def statement(balance: int = 18_230_000, differences: Any = (), **other: Any) -> StatementPayload:
    """A statement over the whole debt, less the differences."""
    statement_id = other.pop("statement_id", uuid7())
    fields: dict[str, Any] = {
        **_sides(), "statement_id": statement_id, "number": paper_number("DZ", statement_id, cast.TODAY),
        "as_of": cast.TODAY, "balance_minor": balance, "differences": list(differences),
        "agreed_minor": balance - sum(one["amount_minor"] for one in differences),
        "invoices": [("XS-1001", date(2026, 1, 25), 15_000_000), ("XS-1002", date(2026, 4, 20), 3_230_000)],
    }  # fmt: skip
    return StatementPayload(**{**fields, **other})


def signed(payload: PlanPayload | StatementPayload, signatory: Signatory = BOSS, device_id: str = DEVICE,
           **other: Any) -> Signing:  # fmt: skip
    """Every hash and the device's signature, over exactly this payload."""
    kind = "plan" if isinstance(payload, PlanPayload) else "statement"
    points = [(200 + 60 * k, 500 + (k % 2) * 400, 45 * k) for k in range(40)]
    strokes = Strokes(width=360, height=200, strokes=[points])
    document = canonical.document_of(payload)
    text = shown_text(kind, "zh", document, signatory.model_dump(mode="json"))
    signing = Signing(
        clause_set=kind, clause_version=NEWEST, payload_sha256=canonical.digest(document),
        text_sha256=text_sha256(text), strokes=strokes,
        strokes_sha256=canonical.digest(strokes.model_dump(mode="json")), signatory=signatory,
        manifest_sha256="0" * 64,
    )  # fmt: skip
    manifest = rules.manifest_bytes(payload, signing, device_id)
    r, s = decode_dss_signature(KEY.sign(manifest, ec.ECDSA(hashes.SHA256())))
    proof = {"manifest_sha256": canonical.sha256(manifest),
             "device_signature": _b64(r.to_bytes(32, "big") + s.to_bytes(32, "big"))}  # fmt: skip
    return signing.model_copy(update={**proof, **other})


def command(payload: PlanPayload | StatementPayload, signing: Signing | None = None) -> dict[str, Any]:
    """The command as the phone sends it."""
    signing = signing or signed(payload)
    return {"payload": payload.model_dump(mode="json"), "signing": signing.model_dump(mode="json")}


