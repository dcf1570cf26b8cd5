"""A repayment plan signed in the demo: the same bytes a phone would send, by a phone made for it."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from sqlalchemy import select

from fieldsales.documents import canonical, rules
from fieldsales.documents.clauses import NEWEST, shown_text, text_sha256
from fieldsales.documents.messages import Signatory, Signing, Strokes
from fieldsales.kernel.clock import on_date
from fieldsales.kernel.ids import paper_number, uuid7
from fieldsales.kernel.money import Money
from fieldsales.people.messages import EnrolDevice
from fieldsales.plans.messages import Instalment, OfferLink, PlanPayload, SignPlan
from fieldsales.plans.rules import schedule
from fieldsales.receivables.messages import NewPayment, RecordPayments
from fieldsales.receivables.models import Invoice
from fieldsales.store.base import table_of

if TYPE_CHECKING:
    from fieldsales.demo.story import Met, Stage


def _b64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def sign_plan(stage: Stage, met: dict[str, Met]) -> None:
    """Sign a plan of four instalments eighteen days ago; the first has been paid since."""
    sample = next(c for c in stage.ledger.customers if c.habit == "slow" and c.kind == "company")
    at = stage.moment(18, 15, 20)
    payload = _payload(stage, sample, met[sample.code], at)
    if payload is None:
        return
    customer = met[sample.code]
    key, device_id = ec.generate_private_key(ec.SECP256R1()), uuid7()
    stage.act(customer.owner, "people.enrol_device", EnrolDevice(device_id=device_id, name="演示手机",
                                                                 public_key=_jwk(key)))
    signing = _signed(payload, sample.legal_rep, key, device_id)
    stage.act(customer.owner, "plans.sign_plan", SignPlan(payload=payload, signing=signing), at, device_id)
    _pay_first(stage, customer, payload.seller_id, payload.instalments[0].amount_minor, payload)


def offer_link(stage: Stage, met: dict[str, Met]) -> None:
    """A plan drafted just now for a signatory who is away: the link waits, and can be opened and signed."""
    slow = [c for c in stage.ledger.customers if c.habit in ("slow", "stuck") and c.kind == "company"][1:]
    drafts = ((one, _payload(stage, one, met[one.code], stage.program.clock.now(), "remote")) for one in slow)
    sample, payload = next(((one, payload) for one, payload in drafts if payload), (None, None))
    if sample is None or payload is None:
        return
    signatory = Signatory(name=sample.legal_rep, role="legal_representative", authority="legal_representative")
    text = shown_text("plan", "zh", canonical.document_of(payload), signatory.model_dump(mode="json"))
    stage.act(met[sample.code].owner, "plans.offer_link", OfferLink(
        link_id=uuid7(), payload=payload, clause_version=NEWEST, text_sha256=text_sha256(text), signatory=signatory))


def _payload(stage: Stage, sample: Any, customer: Met, at: datetime, channel: Literal["", "remote"] = ""
             ) -> PlanPayload | None:
    """Four half-monthly instalments of all that is overdue between the two; None when nothing is."""
    seller, invoices = stage.seller(sample.seller), table_of(Invoice)
    with stage.program.store.reading() as connection:
        owed = connection.execute(
            select(invoices.c.number, invoices.c.open_minor)
            .where(invoices.c.customer_id == customer.id, invoices.c.open_minor > 0, invoices.c.seller_id == seller.id,
                   invoices.c.due_on < stage.today, invoices.c.disputed.is_(False))
            .order_by(invoices.c.due_on)).all()
    if not owed:
        return None
    plan_id, signed_on = uuid7(), on_date(at, stage.program.settings.zone)
    total = sum(row.open_minor for row in owed)
    parts = schedule(Money(total), 4, "half_monthly", signed_on + timedelta(days=12))
    return PlanPayload(
        plan_id=plan_id, number=paper_number("HK", plan_id, signed_on), customer_id=customer.id,
        debtor_id=customer.debtor_id, debtor_name=customer.name, debtor_kind=sample.kind,
        debtor_reg_no=sample.reg_no, debtor_address=sample.address, seller_id=seller.id, seller_name=seller.name,
        seller_account=f"{seller.bank_name} {seller.bank_account}", total_minor=total,
        invoices=[(row.number, row.open_minor) for row in owed],
        instalments=[Instalment(n=n, due_on=due_on, amount_minor=minor) for n, due_on, minor in parts],
        acknowledged_on=signed_on, place="" if channel else sample.address[:60], made_at=at, channel=channel)


def _pay_first(stage: Stage, customer: Met, seller_id: str, minor: int, payload: PlanPayload) -> None:
    """The first instalment came in time."""
    stage.act(stage.people["sunli"], "receivables.record_payments", RecordPayments(payments=[NewPayment(
        payment_id=uuid7(), customer_id=customer.id, debtor_id=customer.debtor_id, seller_id=seller_id,
        amount_minor=minor, received_on=payload.instalments[0].due_on - timedelta(days=1), payer_name=customer.name,
        reference=f"{payload.number} 第一期", invoice_numbers=[number for number, _ in payload.invoices])]))


def _jwk(key: ec.EllipticCurvePrivateKey) -> dict[str, Any]:
    numbers = key.public_key().public_numbers()
    return {"kty": "EC", "crv": "P-256", "x": _b64(numbers.x.to_bytes(32, "big")), "y": _b64(numbers.y.to_bytes(32,
                                                                                                                "big"))}


def _signed(payload: PlanPayload, signatory_name: str, key: ec.EllipticCurvePrivateKey, device_id: str) -> Signing:
    """Every hash and the device's signature, over exactly this payload."""
    signatory = Signatory(name=signatory_name, role="legal_representative", authority="legal_representative")
    points = [(300 + 62 * k, 700 + (k * k * 7 + 13 * k) % 520 - 260, 40 * k) for k in range(42)]
    strokes = Strokes(width=360, height=200, strokes=[points[:22], [(x, y, t + 200) for x, y, t in points[22:]]])
    document = canonical.document_of(payload)
    text = shown_text("plan", "zh", document, signatory.model_dump(mode="json"))
    signing = Signing(
        clause_set="plan", clause_version=NEWEST, payload_sha256=canonical.digest(document),
        text_sha256=text_sha256(text), strokes=strokes,
        strokes_sha256=canonical.digest(strokes.model_dump(mode="json")), signatory=signatory,
        manifest_sha256="0" * 64)
    manifest = rules.manifest_bytes(payload, signing, device_id)
    r, s = decode_dss_signature(key.sign(manifest, ec.ECDSA(hashes.SHA256())))
    return signing.model_copy(update={
        "manifest_sha256": canonical.sha256(manifest),
        "device_signature": _b64(r.to_bytes(32, "big") + s.to_bytes(32, "big"))})
