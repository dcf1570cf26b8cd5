"""One of everything at REP's customer, each with the canary in its words, and where its id goes in a URL."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, insert

from fieldsales.batches.models import Batch, BatchItem
from fieldsales.collection.arrival_models import ReceivedMessage
from fieldsales.collection.case_models import Case, CaseEvent, ContactStop, GateEntry
from fieldsales.collection.models import (
    Action,
    Claim,
    ClaimVerdict,
    FaithDecision,
    FaithProposal,
    FaithSignal,
    Mail,
    SupplyDecision,
    Task,
)
from fieldsales.collection.tablemodels import AskMade, Coaching, Disclosure, Promotion, PromotionQuote
from fieldsales.customers.models import ContactClash, CustomerAlias, Handover
from fieldsales.disputes.models import Dispute, DisputeAssignment, DisputeFinding
from fieldsales.documents.models import Attachment, Document, DocumentRevision, SigningCode
from fieldsales.exchange.counselmodels import CounselLink, CounselVisit
from fieldsales.exchange.models import Bundle, Import, Mapping
from fieldsales.extensions.models import PluginRecord
from fieldsales.people.models import ApiToken, Device
from fieldsales.plans.models import Plan, PlanInstalment, PlanRevision, SigningLink
from fieldsales.promises.models import NoPromise, Promise, PromiseEvidence
from fieldsales.receivables.models import (
    Allocation,
    CustomerMoney,
    Due,
    Invoice,
    InvoicePaper,
    Payment,
    PaymentReceipt,
)
from fieldsales.reminders.models import NoticeGroup
from fieldsales.statements.models import Statement
from fieldsales.store.base import table_of
from fieldsales.store.models import CommandReceipt
from fieldsales.targets.models import (
    CollectionPlan,
    GapMeasure,
    HealthCheck,
    PayCalendar,
    PlanStep,
    PotentialSheet,
    RivalSighting,
    SupportAction,
    Target,
    TargetVersion,
)
from fieldsales.visits.models import Lead, Note, Visit
from tests import cast
from tests.cast import HARBOUR, HARBOUR_DEBTOR, NOON, REP, SELLER, TODAY, an_id
from tests.house import money_canaries

CANARY = cast.HARBOUR_CANARY
#: None of these may reach a person who must not see HARBOUR.
MARKS = (CANARY, cast.HARBOUR_NAME, "宁波海港五金商行有限公司", "13800000001")
BYTES = "cd" * 32
#: What was asked for, across a table: it stands nowhere a customer could read it.
ASK_MINOR = 777_123_00

IDS = {
    "customer_id": HARBOUR, "invoice_id": an_id(0x100), "payment_id": an_id(0x101), "receipt_id": an_id(0x102),
    "promise_id": an_id(0x103), "plan_id": an_id(0x104), "document_id": an_id(0x105), "statement_id": an_id(0x106),
    "dispute_id": an_id(0x107), "action_id": an_id(0x108), "task_id": an_id(0x109), "visit_id": an_id(0x10A),
    "note_id": an_id(0x10B), "paper_id": an_id(0x10C), "mail_id": an_id(0x10D), "claim_id": an_id(0x10E),
    "import_id": an_id(0x10F), "device_id": an_id(0x110), "token_id": an_id(0x111), "user_id": REP.user_id,
    "team_id": cast.TEAM, "handover_id": an_id(0x112), "command_id": an_id(0x113), "debtor_id": HARBOUR_DEBTOR,
    "contact_id": cast.HARBOUR_CONTACT, "seller_id": SELLER, "mapping_id": an_id(0x114), "sha256": BYTES,
    "from_user_id": REP.user_id, "to_user_id": REP.user_id, "owner_id": REP.user_id, "number": "HK260312-CANARY01",
    "record_id": an_id(0x113), "clash_id": an_id(0x117), "attachment_id": an_id(0x115), "revision_id": an_id(0x116),
    "bundle_id": an_id(0x126), "message_id": an_id(0x12F),
    "step_id": an_id(0x140), "measure_id": an_id(0x141), "support_id": an_id(0x142),
    "case_id": an_id(0x140), "stop_id": an_id(0x141),
    "security_id": money_canaries.SECURITY, "set_off_id": money_canaries.SET_OFF,
    "group_id": an_id(0x118), "pack_id": an_id(0x119), "promotion_id": an_id(0x140), "rep_id": REP.user_id,
    "ask_id": an_id(0x141), "link_id": an_id(0x127), "code_id": an_id(0x128),
    "batch_id": an_id(0x129), "item_id": an_id(0x12A),
}


def fill(connection: Connection) -> None:
    """Put one of everything into a database that has the cast."""
    c = {"customer_id": HARBOUR}
    money = {"currency": "CNY"}
    _add(connection, CustomerAlias, id=an_id(0x120), name=f"别名 {CANARY}", **c)
    _add(connection, Invoice, id=IDS["invoice_id"], debtor_id=HARBOUR_DEBTOR, seller_id=SELLER, number=f"YS-{CANARY}",
         issued_on=date(2025, 12, 1), due_on=date(2026, 1, 1), total_minor=1_000_00, open_minor=600_00, added_at=NOON,
         **c, **money)
    _add(connection, Due, id=an_id(0x121), invoice_id=IDS["invoice_id"], due_on=date(2026, 1, 1), n=1,
         amount_minor=1_000_00, open_minor=600_00, **c, **money)
    _add(connection, Payment, id=IDS["payment_id"], amount_minor=400_00, unapplied_minor=0, received_on=TODAY,
         method="transfer", reference=CANARY, posted_at=NOON, owner_id=REP.user_id, **c, **money)
    _add(connection, Allocation, id=an_id(0x122), payment_id=IDS["payment_id"], invoice_id=IDS["invoice_id"],
         due_id=an_id(0x121), amount_minor=400_00, rule="due_first", at=NOON, **c, **money)
    _add(connection, CustomerMoney, as_of=TODAY, open_minor=600_00, overdue_minor=600_00, not_due_minor=0,
         d1_30_minor=0, d31_60_minor=0, d61_90_minor=600_00, d91p_minor=0, open_count=1,
         oldest_due_on=date(2026, 1, 1), **c, **money)
    _add(connection, PaymentReceipt, id=IDS["receipt_id"], number="SJ260312-CANARY01",
         amount_minor=50_00, method="cash",
         received_at=NOON, registered_at=NOON, collector_id=REP.user_id, holder_id=REP.user_id, owner_id=REP.user_id,
         note=CANARY, **c, **money)
    _add(connection, InvoicePaper, id=IDS["paper_id"], invoice_id=IDS["invoice_id"], kind="delivery_note",
         sha256=BYTES, name=CANARY, size=3, by_id=REP.user_id, at=NOON, **c)
    _words(connection, c, money)
    _table(connection, c, money)
    _case(connection, c)
    _papers(connection, c, money)
    _office(connection)
    money_canaries.fill(connection, _add, IDS)
    _targets(connection, c, money)
    _batch(connection, c)


def _batch(connection: Connection, c: dict[str, Any]) -> None:
    _add(connection, Batch, id=IDS["batch_id"], method="letter", fields={"note": CANARY}, by_id=cast.MANAGER.user_id,
         made_at=NOON, state="running")
    _add(connection, BatchItem, id=IDS["item_id"], batch_id=IDS["batch_id"], n=1, action_id=an_id(0x12B),
         why_zh=CANARY, **c)


def _targets(connection: Connection, c: dict[str, Any], money: dict[str, Any]) -> None:
    month, said = {"month": TODAY.replace(day=1)}, {"by_id": REP.user_id, "at": NOON}
    both = {"arrears_minor": 5_00, "cash_minor": 7_00, "version": 1}
    for n, (level, subject) in enumerate((("customer", HARBOUR), ("rep", REP.user_id), ("team", cast.TEAM))):
        _add(connection, Target, id=an_id(0x150 + n), level=level, subject_id=subject, changed_at=NOON,
             proposed_arrears_minor=6_00, proposed_cash_minor=6_00, **both, **month, **money)
        _add(connection, TargetVersion, id=an_id(0x160 + n), target_id=an_id(0x150 + n), state="proposed",
             reason=CANARY, late_discount=True, **both, **said)
    _add(connection, CollectionPlan, id=an_id(0x143), theirs_minor=4_00, difficulties=CANARY, remedy=CANARY,
         changed_at=NOON, **c, **month, **money)
    _add(connection, PlanStep, id=IDS["step_id"], plan_id=an_id(0x143), text=CANARY, due_on=TODAY, **c, **month, **said)
    _add(connection, GapMeasure, id=IDS["measure_id"], code="promotion", text=CANARY, due_on=TODAY, **c, **month,
         **money, **said)
    _add(connection, SupportAction, id=IDS["support_id"], promise_id=IDS["promise_id"], text=CANARY, due_on=TODAY,
         **c, **said)
    _add(connection, PayCalendar, id=an_id(0x144), run_days=["d25"], approver_name=CANARY, **c, **said)
    _add(connection, RivalSighting, id=an_id(0x145), supplier=CANARY, seen_on=TODAY, **c, **money, **said)
    _add(connection, PotentialSheet, id=an_id(0x146), on_day=TODAY, sources=CANARY, **c, **money, **said)
    _add(connection, HealthCheck, id=an_id(0x147), on_day=TODAY, note=CANARY, **c, **said)


def _case(connection: Connection, c: dict[str, Any]) -> None:
    _add(connection, Case, id=IDS["case_id"], debtor_id=HARBOUR_DEBTOR, stage="final", stage_on=TODAY, opened_on=TODAY,
         owner_id=REP.user_id, overdue_minor=600_00, collectable_minor=600_00, oldest_on=date(2026, 1, 1), events=1,
         as_of=TODAY, **c)
    _add(connection, CaseEvent, id=an_id(0x142), case_id=IDS["case_id"], n=1, kind="decided", stage="final",
         owner_id=REP.user_id, on_day=TODAY, reason=CANARY, by_id=cast.MANAGER.user_id, **c)
    _add(connection, ContactStop, id=IDS["stop_id"], kind="objection", words=CANARY, occurred_at=NOON,
         received_at=NOON, by_id=REP.user_id, **c)
    _add(connection, GateEntry, id=an_id(0x143), kind="refused", channel="mail", codes=["objection"], meant_at=NOON,
         reason=CANARY, by_id=REP.user_id, at=NOON, **c)


def _words(connection: Connection, c: dict[str, Any], money: dict[str, Any]) -> None:
    _add(connection, Visit, id=IDS["visit_id"], user_id=REP.user_id, purpose="collect", outcome="promised",
         occurred_at=NOON, received_at=NOON, said=CANARY, **c)
    _add(connection, Note, id=IDS["note_id"], user_id=REP.user_id, kind="note", text=CANARY, occurred_at=NOON,
         received_at=NOON, **c)
    _add(connection, Lead, id=an_id(0x124), user_id=REP.user_id, name=CANARY, text=CANARY, occurred_at=NOON,
         received_at=NOON, **c)
    _add(connection, Promise, id=IDS["promise_id"], amount_minor=100_00, due_on=TODAY, words=CANARY, by_id=REP.user_id,
         made_at=NOON, made_on=TODAY, received_at=NOON, **c, **money)
    _add(connection, PromiseEvidence, id=an_id(0x150), promise_id=IDS["promise_id"], kind="reply", words=CANARY,
         by_id=REP.user_id, occurred_at=NOON, received_at=NOON, **c)
    _add(connection, NoPromise, id=an_id(0x151), reason="refused", words=CANARY, by_id=REP.user_id, made_on=TODAY,
         made_at=NOON, received_at=NOON, **c)
    _add(connection, Dispute, id=IDS["dispute_id"], kind="quality", amount_minor=10_00, words=CANARY, by_id=REP.user_id,
         opened_at=NOON, **c, **money)
    _add(connection, Action, id=IDS["action_id"], method="phone", by_id=REP.user_id, occurred_at=NOON, received_at=NOON,
         summary_zh=CANARY, summary_en=CANARY, **c)
    _add(connection, Claim, id=IDS["claim_id"], code="cash_tight", words=CANARY, by_id=REP.user_id, at=NOON, **c)
    _truth(connection, c)
    _add(connection, Task, id=IDS["task_id"], kind="next_step", title=CANARY, due_on=TODAY, made_at=NOON, **c)
    _add(connection, SupplyDecision, id=an_id(0x123), stop=True, reason=CANARY, by_id=REP.user_id, at=NOON, **c)


def _truth(connection: Connection, c: dict[str, Any]) -> None:
    by = {"by_id": cast.MANAGER.user_id, "at": NOON}
    _add(connection, ClaimVerdict, id=an_id(0x1E0), claim_id=IDS["claim_id"], n=1, state="false", note=CANARY,
         **by, **c)
    _add(connection, FaithSignal, id=an_id(0x1E1), kind="asset_moves", words=CANARY, seen_on=TODAY, **by, **c)
    _add(connection, FaithProposal, id=an_id(0x1E2), klass="bad_faith", note=CANARY, **by, **c)
    _add(connection, FaithDecision, id=an_id(0x1E3), decision="approved", klass="bad_faith", note=CANARY,
         review_on=date(2026, 6, 1), **by, **c)
    _add(connection, DisputeAssignment, id=an_id(0x1E4), dispute_id=IDS["dispute_id"], n=1, desk="quality",
         due_on=TODAY, reason=CANARY, **by)
    _add(connection, DisputeFinding, id=an_id(0x1E5), dispute_id=IDS["dispute_id"], finding="right", words=CANARY, **by)


def _table(connection: Connection, c: dict[str, Any], money: dict[str, Any]) -> None:
    _add(connection, AskMade, id=IDS["ask_id"], contact_kind="visit", contact_id=IDS["visit_id"], ask_minor=ASK_MINOR,
         answer="refused", words=CANARY, by_id=REP.user_id, occurred_at=NOON, received_at=NOON, **c, **money)
    _add(connection, Coaching, id=an_id(0x142), rep_id=REP.user_id, ask_id=IDS["ask_id"], text=CANARY,
         by_id=cast.MANAGER.user_id, at=NOON, **c)
    _add(connection, Promotion, id=IDS["promotion_id"], name="三月进货奖励", text_zh="返 2%", from_on=TODAY,
         to_on=TODAY, approved_by="总监", by_id=cast.MANAGER.user_id, at=NOON)
    _add(connection, PromotionQuote, id=an_id(0x143), promotion_id=IDS["promotion_id"], by_id=REP.user_id,
         quoted_at=NOON, received_at=NOON, **c)
    _add(connection, Disclosure, id=an_id(0x144), shown=["account"], open_minor=1, overdue_minor=1, by_id=REP.user_id,
         shown_at=NOON, received_at=NOON, **c, **money)


def _papers(connection: Connection, c: dict[str, Any], money: dict[str, Any]) -> None:
    signed = {"debtor_id": HARBOUR_DEBTOR, "seller_id": SELLER, "signatory_name": CANARY, "signatory_role": "self",
              "authority": "self", "signed_at": NOON, "received_at": NOON, "by_id": REP.user_id}
    payload = {"debtor_name": CANARY, "invoices": [], "instalments": [], "differences": [], "total_minor": 600_00,
               "currency": "CNY"}
    _add(connection, Document, id=IDS["document_id"], number=IDS["number"], kind="plan", subject_kind="plan",
         subject_id=IDS["plan_id"], source={"payload": payload}, state="sealed", sha256=BYTES, size=3, made_at=NOON,
         by_id=REP.user_id, **c)
    _add(connection, DocumentRevision, id=an_id(0x125), document_id=IDS["document_id"], n=1, kind="sealed",
         sha256=BYTES, size=3, recorded_at=NOON)
    _add(connection, Plan, id=IDS["plan_id"], number=IDS["number"], total_minor=600_00, payload=payload,
         payload_sha256=BYTES, manifest_sha256=BYTES, document_id=IDS["document_id"], **c, **money, **signed)
    _add(connection, SigningLink, id=IDS["link_id"], plan_id=an_id(0x129), number="HK260312-CANARY02", payload=payload,
         signatory={"name": CANARY, "role": "self", "role_text": ""}, clause_version=3, text_sha256=BYTES,
         by_id=REP.user_id, made_at=NOON, ends_at=NOON, **c)
    _add(connection, CounselLink, id=an_id(0x1A0), firm=CANARY, purpose=CANARY, bundle_ids=[IDS["bundle_id"]],
         by_id=REP.user_id, made_at=NOON, ends_at=NOON, **c)
    _add(connection, CounselVisit, id=an_id(0x1A1), link_id=an_id(0x1A0), what="opened", ip=CANARY, at=NOON, **c)
    _add(connection, SigningCode, id=IDS["code_id"], channel="email", to_address=f"{CANARY}@example.com", masked=CANARY,
         number=CANARY, text_sha256=BYTES, by_id=REP.user_id, asked_at=NOON, ends_at=NOON, **c)
    _add(connection, PlanInstalment, id=an_id(0x124), plan_id=IDS["plan_id"], n=1, due_on=TODAY, amount_minor=600_00,
         **c, **money)
    _add(connection, PlanRevision, id=IDS["revision_id"], plan_id=IDS["plan_id"], kind="stamped_copy", sha256=BYTES,
         by_id=REP.user_id, at=NOON, note=CANARY)
    _add(connection, Bundle, id=IDS["bundle_id"], plan_id=IDS["plan_id"], state="ready", sha256=BYTES, size=3,
         by_id=cast.LEGAL.user_id, ordered_at=NOON, **c)
    _add(connection, Statement, id=IDS["statement_id"], number="DZ260312-CANARY01", as_of=TODAY, balance_minor=600_00,
         agreed_minor=600_00, payload=payload, manifest_sha256="ef" * 32, document_id=IDS["document_id"],
         **c, **money, **signed)
    _add(connection, Mail, id=IDS["mail_id"], action_id=IDS["action_id"], message_id=f"<{CANARY}@x>",
         to_address="boss@harbour.example", subject=CANARY, body=CANARY, queued_at=NOON, **c)
    _add(connection, ReceivedMessage, id=IDS["message_id"], mail_id=IDS["mail_id"], channel="mail", kind="reply",
         state="filed", sender=f"{CANARY}@x.example", subject=CANARY, body=CANARY, received_at=NOON,
         files=[{"sha256": BYTES, "name": f"{CANARY}.pdf", "mime": "application/pdf", "size": 3}], **c)
    _add(connection, Attachment, id=IDS["attachment_id"], subject_kind="visit", subject_id=IDS["visit_id"],
         sha256=BYTES, at=NOON, **c)


def _office(connection: Connection) -> None:
    _add(connection, NoticeGroup, id=IDS["group_id"], team_id=cast.TEAM, name=f"群 {CANARY}", channel="wecom",
         url=f"https://qyapi.weixin.qq.com/?key={CANARY}", by_id=cast.MANAGER.user_id, made_at=NOON)
    _add(connection, Import, id=IDS["import_id"], kind="invoices", filename=f"{CANARY}.csv", sha256=BYTES, mapping={},
         state="done", by_id=cast.FINANCE.user_id, at=NOON)
    _add(connection, Mapping, id=IDS["mapping_id"], name=CANARY, kind="invoices", signature="x", columns={},
         by_id=cast.FINANCE.user_id, at=NOON)
    _add(connection, Device, id=IDS["device_id"], user_id=REP.user_id, name=CANARY,
         public_key={"kty": "EC", "crv": "P-256", "x": "x", "y": "y"}, enrolled_at=NOON, seen_at=NOON)
    _add(connection, ApiToken, id=IDS["token_id"], user_id=REP.user_id, name=CANARY, token_sha256="a" * 64,
         scopes=["read"], made_at=NOON)
    _add(connection, Handover, id=IDS["handover_id"], from_user_id=REP.user_id, to_user_id=cast.HELPER_REP.user_id,
         by_id=cast.MANAGER.user_id, at=NOON, reason=CANARY)
    _add(connection, CommandReceipt, command_id=IDS["command_id"], actor_id=REP.user_id, operation="visits.log_visit",
         status="held", code="fault", answer={}, digest="d" * 64, raw={"payload": {"said": CANARY}},
         received_at=NOON)
    _add(connection, PluginRecord, id="keeper", plugin="phone", kind="call", key=CANARY, customer_id=HARBOUR,
         body={"said": CANARY}, version=1, changed_at=NOON, changed_by=REP.user_id)
    _add(connection, ContactClash, id=IDS["clash_id"], customer_id=HARBOUR, contact_id=cast.HARBOUR_CONTACT,
         command_id=an_id(0x118), kind="field", by_id=REP.user_id, at=NOON,
         fields={"phone": {"was": CANARY, "now": CANARY, "office": CANARY}})


def _add(connection: Connection, model: Any, **values: Any) -> None:
    connection.execute(insert(table_of(model)).values(**values))
