"""Plans for customers who sign only on paper: a numbered sheet first, then what was written on it by hand."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field
from sqlalchemy import Connection, select

from fieldsales.customers.guards import may_work_with
from fieldsales.documents import canonical
from fieldsales.documents.attaching import expect_photo
from fieldsales.documents.clauses import is_unproven
from fieldsales.documents.editions import newest_version
from fieldsales.documents.messages import OrderPaper, PaperSource, Signatory
from fieldsales.documents.service import order_paper
from fieldsales.documents.signs import check_printable, texts_in
from fieldsales.kernel.errors import N_, Invalid, RuleBroken
from fieldsales.kernel.ids import paper_number, uuid7
from fieldsales.kernel.operation import Command, Currency, Id, Need, PositiveMinor, Sha256, operation
from fieldsales.kernel.text import Line, Name
from fieldsales.plans import rules
from fieldsales.plans.added import clause_flags, printed
from fieldsales.plans.messages import MOST_CLAUSES, Instalment, PlanPayload, PlanSigned
from fieldsales.plans.models import BlankPlan, Plan
from fieldsales.plans.queries import PlanFact
from fieldsales.plans.writing import write_parts
from fieldsales.receivables.sides import DebtorFact, SellerFact, has_expired, open_between, own_debtor
from fieldsales.store.base import table_of
from fieldsales.store.work import Work, fact

_blanks = table_of(BlankPlan)
#: The hour written down for a signing by hand, of which only the day is known.
_HAND = time(12)


class IssueBlank(Command):
    """A sheet for one customer: between one debtor and one of our companies, in one currency."""

    plan_id: Id
    pack_id: Id
    customer_id: Id
    debtor_id: Id
    seller_id: Id
    currency: Currency = "CNY"
    lang: Literal["zh", "en"] = "zh"
    clauses: list[Name] = []
    """The offered clauses of plugins that are printed on it; those that stand in every plan are in any case."""


class RecordPaperPlan(Command):
    """What was written on a sheet and signed by hand. ``photos``: of the paper, at least one; they are the proof.
    ``struck``: plugins' clauses that were struck out by hand, by name."""

    plan_id: Id
    customer_id: Id
    signed_on: date
    total_minor: PositiveMinor
    instalments: Annotated[list[Instalment], Field(min_length=1, max_length=120)]
    signatory: Signatory
    witness: Line = ""
    stamped: bool = False
    struck: Annotated[list[Name], Field(max_length=MOST_CLAUSES)] = []
    photos: Annotated[list[Sha256], Field(min_length=1, max_length=10)]


@fact("blank_plan")
def load_blanks(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Sheets by id: what was printed on them."""
    c = _blanks.c
    return {row.id: row for row in connection.execute(
        select(c.id, c.number, c.customer_id, c.lang, c.payload).where(c.id.in_(keys)))}


def blank_needs(command: IssueBlank) -> list[Need]:
    """What a sheet is printed from."""
    return [Need("customer", command.customer_id), Need("debtor", command.debtor_id),
            Need("seller", command.seller_id), Need("open_debts", command.customer_id)]  # fmt: skip


def issue_blank(work: Work, command: IssueBlank) -> None:
    """Print a sheet's facts into the record: for a pack of them, inside its own operation."""
    debtor: DebtorFact = own_debtor(work, command.customer_id, command.debtor_id)
    seller: SellerFact = work.require("seller", command.seller_id)
    number = paper_number(rules.PREFIX, command.plan_id, work.today)
    sides: dict[str, Any] = {
        "plan_id": command.plan_id, "number": number, "customer_id": command.customer_id, "debtor_id": debtor.id,
        "debtor_name": debtor.name, "debtor_kind": debtor.kind, "debtor_reg_no": debtor.reg_no,
        "debtor_address": debtor.address, "seller_id": seller.id, "seller_name": seller.name,
        "seller_account": f"{seller.bank_name} {seller.bank_account}".strip(), "currency": command.currency,
        "acknowledged_on": work.today, "made_at": work.now.replace(microsecond=0),
        "clauses": printed(work.plugins, command.clauses),
    }  # fmt: skip
    # The payload's own form checks sides and texts; a sheet has no instalment yet.
    whole = PlanPayload(**sides, total_minor=1, instalments=[Instalment(n=1, due_on=work.today, amount_minor=1)])
    listed = [(n, minor) for n, minor in open_between(work, whole) if minor > 0]
    total = sum(minor for _, minor in open_between(work, whole))
    if total <= 0:
        raise RuleBroken("plans.nothing_open", N_("Nothing is open between these two sides."))
    payload = canonical.document_of(whole.model_copy(update={"total_minor": total, "invoices": listed[:500]}))
    payload |= {"instalments": [], "clause_version": newest_version()}
    check_printable("".join(texts_in(payload)))
    work.insert(
        BlankPlan, id=command.plan_id, number=number, pack_id=command.pack_id, customer_id=command.customer_id,
        debtor_id=debtor.id, seller_id=seller.id, lang=command.lang, payload=payload, by_id=work.actor.user_id,
        at=work.now,
    )  # fmt: skip


def _needs(command: RecordPaperPlan) -> list[Need]:
    return [Need("customer", command.customer_id), Need("blank_plan", command.plan_id), Need("plan", command.plan_id),
            Need("plan_book", command.customer_id), Need("open_debts", command.customer_id),
            Need("limitation_acts", command.customer_id)]  # fmt: skip


@operation("plans.record_paper_plan", RecordPaperPlan, guard=may_work_with, needs=_needs)
def record_paper_plan(work: Work, command: RecordPaperPlan) -> None:
    """Put a commitment signed by hand on record: it counts as signed, and its photos are the proof.

    Refused: a sheet that was never printed or is recorded already, instalments that do not add up, a day before
    the sheet was printed or ahead. A transcript with the photos' digests is sealed. Answers as ``plans.sign_plan``.
    """
    blank = work.fact("blank_plan", command.plan_id)
    if blank is None or blank.customer_id != command.customer_id:
        raise RuleBroken("plans.no_sheet", N_("No sheet of this number was printed for this customer."))
    if work.fact("plan", command.plan_id) is not None:
        raise RuleBroken("plans.sheet_recorded", N_("What was signed on this sheet is on record already."))
    payload = _payload(work, command, blank)
    flags = ["on_paper", *(["authority_unproven"] if _unproven(payload, command.signatory) else []),
             *(["limitation_expired"] if has_expired(work, payload) else []),
             *clause_flags(work.plugins, payload)]  # fmt: skip
    recorded = {
        **canonical.document_of(payload), "clause_version": blank.payload["clause_version"],
        "signatory": command.signatory.model_dump(mode="json"), "witness": command.witness,
        "photos": command.photos, "stamped": command.stamped, "recorder": work.actor.name,
    }  # fmt: skip
    check_printable("".join(texts_in(recorded)))
    _write(work, command, payload, recorded, blank.lang, flags)


def _unproven(payload: PlanPayload, signatory: Signatory) -> bool:
    return is_unproven({"debtor_kind": payload.debtor_kind}, signatory.model_dump(mode="json"))


def _payload(work: Work, command: RecordPaperPlan, blank: Any) -> PlanPayload:
    printed = date.fromisoformat(blank.payload["acknowledged_on"])
    if not printed <= command.signed_on <= work.today:
        raise Invalid("plans.signed_on", N_("The day of signing must lie between the printing and today."),
                      field="signed_on")
    parts = [(one.n, one.due_on, one.amount_minor) for one in command.instalments]
    rules.check_instalments(parts, command.total_minor)
    if command.instalments[0].due_on < command.signed_on:
        raise Invalid("plans.past", N_("An instalment cannot fall due before the plan is signed."), field="instalments")
    if command.instalments[-1].due_on - command.signed_on > rules.FURTHEST:
        raise Invalid("plans.too_far", N_("Check the year of the last instalment."), field="instalments")
    fields = {name: value for name, value in blank.payload.items() if name != "clause_version"}
    return PlanPayload.model_validate({
        **fields, "total_minor": command.total_minor, "acknowledged_on": command.signed_on,
        "instalments": [one.model_dump() for one in command.instalments],
        "clauses": [one for one in blank.payload.get("clauses", []) if one["name"] not in command.struck],
    })  # fmt: skip


def _write(work: Work, command: RecordPaperPlan, payload: PlanPayload, recorded: dict[str, Any], lang: str,
           flags: list[str]) -> None:  # fmt: skip
    document, document_id = canonical.document_of(payload), uuid7()
    manifest = canonical.digest(recorded)
    work.insert(
        Plan, id=payload.plan_id, number=payload.number, customer_id=payload.customer_id, debtor_id=payload.debtor_id,
        seller_id=payload.seller_id, total_minor=payload.total_minor, currency=payload.currency, payload=document,
        payload_sha256=canonical.digest(document), manifest_sha256=manifest, signatory_name=command.signatory.name,
        signatory_role=command.signatory.role, authority=command.signatory.authority,
        signed_at=min(datetime.combine(command.signed_on, _HAND, ZoneInfo(work.zone)), work.now), received_at=work.now,
        by_id=work.actor.user_id, device_id=work.envelope.device_id, predecessor_id=None, statement_id=None,
        document_id=document_id, flags=flags,
    )  # fmt: skip
    plan = PlanFact(payload.plan_id, payload.number, payload.customer_id, payload.debtor_id, manifest, document_id)
    write_parts(work, payload, plan, command.signed_on)
    for sha256 in command.photos:
        expect_photo(work, payload.customer_id, "plan", payload.plan_id, "signed_paper", sha256)
    order_paper(work, OrderPaper.model_validate({
        "document_id": document_id, "number": payload.number, "kind": "transcript", "lang": lang,
        "customer_id": payload.customer_id, "subject_kind": "plan", "subject_id": payload.plan_id, "flags": flags,
        "source": PaperSource(payload=recorded),
    }))  # fmt: skip
    work.touch(payload.customer_id)
    work.emit(PlanSigned(
        payload.plan_id, payload.number, payload.customer_id, payload.debtor_id, payload.total_minor, payload.currency,
        command.signed_on, tuple(number for number, _ in payload.invoices), tuple(flags),
    ))  # fmt: skip
    work.answer(plan_id=payload.plan_id, number=payload.number, document_id=document_id, flags=flags)


def blank_by_number(connection: Connection, number: str) -> Any:
    """The sheet with this number, or None."""
    return connection.execute(select(_blanks).where(_blanks.c.number == number)).first()


def blanks_of(connection: Connection, pack_id: str) -> list[Any]:
    """A pack's sheets in the order they were chosen."""
    return list(connection.execute(select(_blanks).where(_blanks.c.pack_id == pack_id).order_by(_blanks.c.id)))
