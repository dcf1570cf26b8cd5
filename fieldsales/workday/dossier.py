"""The whole customer on one screen: what the office page shows and what a phone carries. Pure shaping."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from fieldsales.kernel.clock import on_date
from fieldsales.plans.rules import state_of
from fieldsales.promises.rules import kept_rate
from fieldsales.receivables.ageing import OpenDue, age, days_past_due
from fieldsales.receivables.allocation import explanation
from fieldsales.receivables.limitation import Interruption, Reckoning, reckon
from fieldsales.receivables.rules import shown_state
from fieldsales.workday import timeline
from fieldsales.workday.gathering import Gathered
from fieldsales.workday.timeline import as_date, instant
from fieldsales.workday.words import LANGS, sentence, task_title

Doc = dict[str, Any]


def shape(found: Gathered, customer_id: str, today: date, house_currency: str) -> Doc:
    """One dossier. Amounts are minor units of ``currency``, the one most is owed in; dates are ISO.

    What is owed in further currencies stands in ``other_currencies``, never added up with it.
    """
    row = found.of("customer", customer_id)[0]
    money = found.of("money", customer_id)
    currency = money[0].currency if money else house_currency
    invoices = _invoices(found, customer_id, today)
    slips = found.of("slip", customer_id)
    payments = _payments(found.of("payment", customer_id))
    promises = found.of("promise", customer_id)
    documents = found.of("document", customer_id)
    plans = _plans(found.of("plan", customer_id), {one.id: one for one in documents}, today)
    matters = _by_matter(found.of("matter", customer_id))
    return {
        **_who(row, found.of("around", customer_id)), "supply_stopped": bool(row.stopped), "currency": currency,
        **_sums(found, customer_id, currency, today),
        "other_currencies": [
            {"currency": one.currency, "open_minor": one.open_minor, "overdue_minor": one.overdue_minor}
            for one in money[1:] if one.open_minor or one.unapplied_minor
        ],
        "kept_rate": _kept_rate(promises),
        **_limitation(found, customer_id),
        "invoices": [one for one in invoices if one["currency"] == currency],
        **_files(found.of("paper", customer_id)),
        "payments": [_without(one, "posted_at") for one in payments],
        "receipts": [_receipt(one) for one in slips if one.kind == "receipt" and one.state == "pending"],
        "promises": [_promise(one) for one in promises],
        "plans": [_without(one, "signed_at", "by_name") for one in plans],
        "statements": _statements(slips, {one.id: one for one in documents}),
        "disputes": [_dispute(one) for one in matters["dispute"]],
        "claims": [{"id": one.id, "code": one.code, "words": one.words, "state": one.state, "at": instant(one.at)}
                   for one in reversed(matters["claim"])],
        "timeline": timeline.newest([
            *timeline.of_happenings(found.of("happening", customer_id)), *timeline.of_promises(promises),
            *timeline.of_payments(payments), *timeline.of_slips(slips), *timeline.of_plans(plans),
            *timeline.of_disputes(matters["dispute"]),
        ]),
        "tasks": sorted((_task(one) for one in matters["task"]), key=lambda one: (one["due_on"], one["id"])),
        "documents": [{"id": one.id, "number": one.number, "kind": one.kind, "state": one.state, "level": one.level,
                       "time_pending": one.time_wanted_at is not None, "sha256": one.sha256,
                       "made_at": instant(one.made_at)} for one in documents],
    }


def _who(row: Any, around: list[Any]) -> Doc:
    kinds: defaultdict[str, list[Any]] = defaultdict(list)
    for one in around:
        kinds[one.kind].append(one)
    return {
        "id": row.customer_id, "name": row.name, "code": row.code, "aliases": [one.name for one in kinds["alias"]],
        "pinyin": row.pinyin, "phone": row.phone, "address": row.address, "lat": row.lat, "lon": row.lon,
        "tier": row.tier, "credit_grade": row.credit_grade,
        "owner": {"id": row.owner_id, "name": row.owner_name} if row.owner_id else None,
        "helpers": [{"id": one.id, "name": one.name} for one in kinds["helper"]],
        "contacts": [{"id": one.id, "name": one.name, "role": one.a, "phone": one.b, "email": one.c}
                     for one in kinds["contact"]],
        "debtors": [{"id": one.id, "name": one.name, "kind": one.a, "reg_no": one.b, "address": one.c}
                    for one in kinds["debtor"]],
    }


def _sums(found: Gathered, customer_id: str, currency: str, today: date) -> Doc:
    dues = [OpenDue(row.due_on, row.due_open_minor) for row in found.of("due", customer_id) if row.currency == currency]
    ageing = age(dues, today)
    summary = next((one for one in found.of("money", customer_id) if one.currency == currency), None)
    return {
        "open_minor": ageing.open_minor, "overdue_minor": ageing.overdue_minor,
        "unapplied_minor": summary.unapplied_minor if summary else 0,
        "disputed_minor": summary.disputed_minor if summary else 0, "ageing": list(ageing.buckets),
        "oldest_due_on": as_date(ageing.oldest_due_on), "days_past_due": ageing.days_past_due,
    }


def _invoices(found: Gathered, customer_id: str, today: date) -> list[Doc]:
    papers: defaultdict[str, list[Doc]] = defaultdict(list)
    for paper in found.of("paper", customer_id):
        if not paper.subject_kind:
            papers[paper.invoice_id or ""].append(_paper(paper))
    docs: dict[str, Doc] = {}
    for row in found.of("due", customer_id):
        doc = docs.setdefault(row.id, {
            "id": row.id, "number": row.number, "kind": row.kind, "debtor_id": row.debtor_id,
            "seller_id": row.seller_id, "issued_on": as_date(row.issued_on), "total_minor": row.total_minor,
            "open_minor": row.open_minor, "currency": row.currency, "disputed": bool(row.disputed),
            "disputed_minor": row.disputed_minor, "fapiao_number": row.fapiao_number, "days_past_due": 0, "dues": [],
            "papers": papers[row.id],
        })
        days = days_past_due(row.due_on, today) if row.due_open_minor > 0 else 0
        doc["days_past_due"] = max(doc["days_past_due"], days)
        doc["dues"].append({"n": row.n, "due_on": as_date(row.due_on), "amount_minor": row.amount_minor,
                            "open_minor": row.due_open_minor, "days_past_due": days})
    return list(docs.values())


def _files(rows: list[Any]) -> Doc:
    """The customer's own papers, and the photos of what happened, the newest first."""
    return {
        "papers": [_paper(row) for row in rows if row.invoice_id is None and not row.subject_kind],
        "photos": [{"id": row.id, "of": row.subject_kind, "of_id": row.subject_id, "slot": row.kind,
                    "sha256": row.sha256, "at": instant(row.at)} for row in reversed(rows) if row.subject_kind],
    }


def _paper(row: Any) -> Doc:
    return {"id": row.id, "kind": row.kind, "name": row.name, "sha256": row.sha256}


def _payments(rows: list[Any]) -> list[Doc]:
    docs: dict[str, Doc] = {}
    for row in rows:
        doc = docs.setdefault(row.id, {
            "id": row.id, "received_on": as_date(row.received_on), "amount_minor": row.amount_minor,
            "currency": row.currency, "method": row.method, "posted_at": row.posted_at,
            "unapplied_minor": row.unapplied_minor, "reversed": row.reversed_by is not None,
            "is_reversal": row.reverses_id is not None, "allocations": [],
        })
        if row.part_minor is not None:
            why = {f"why_{lang}": sentence(explanation(row.rule), lang, number=row.number) for lang in LANGS}
            doc["allocations"].append({"number": row.number, "amount_minor": row.part_minor, "rule": row.rule, **why})
    return list(docs.values())


def _receipt(row: Any) -> Doc:
    state = shown_state(row.method, row.state, row.ended_at is not None)
    return {"id": row.id, "number": row.number, "amount_minor": row.amount_minor, "currency": row.currency,
            "method": row.method, "state": state, "received_at": instant(row.at), "by": row.by_name,
            "handed_in_at": instant(row.ended_at), "document_id": row.document_id}


def _promise(row: Any) -> Doc:
    return {"id": row.id, "amount_minor": row.amount_minor, "currency": row.currency, "due_on": as_date(row.due_on),
            "promisor_name": row.promisor_name, "promisor_role": row.promisor_role, "words": row.words,
            "pay_by": row.pay_by, "channel": row.channel, "state": row.state, "kept_minor": row.kept_minor,
            "made_at": instant(row.made_at), "debtor_id": row.debtor_id}


def _kept_rate(promises: list[Any]) -> float | None:
    return kept_rate(int(promises[0].kept), int(promises[0].settled)) if promises else None


def _plans(rows: list[Any], documents: dict[str, Any], today: date) -> list[Doc]:
    docs: dict[str, Doc] = {}
    for row in rows:
        paper = documents.get(row.document_id)
        doc = docs.setdefault(row.id, {
            "id": row.id, "number": row.number, "debtor_id": row.debtor_id, "seller_id": row.seller_id, "state": "",
            "total_minor": row.total_minor, "currency": row.currency, "signed_on": as_date(on_date(row.signed_at)),
            "signed_at": row.signed_at, "by_name": row.by_name, "document_id": row.document_id,
            "document_state": paper.state if paper else None, "sha256": paper.sha256 if paper else None,
            "flags": row.flags or [], "instalments": [],
        })
        doc["instalments"].append({"n": row.n, "due_on": as_date(row.due_on), "amount_minor": row.amount_minor,
                                   "kept_minor": row.kept_minor, "state": row.state})
    for doc in docs.values():
        parts = doc["instalments"]
        doc["state"] = state_of((part["state"], part["amount_minor"], part["kept_minor"]) for part in parts)
    return list(docs.values())


def _statements(slips: list[Any], documents: dict[str, Any]) -> list[Doc]:
    docs = []
    for row in reversed(slips):
        if row.kind == "statement":
            paper = documents.get(row.document_id)
            docs.append({
                "id": row.id, "number": row.number, "agreed_minor": row.amount_minor, "currency": row.currency,
                "as_of": as_date(row.as_of), "signed_at": instant(row.at), "document_id": row.document_id,
                "document_state": paper.state if paper else None, "sha256": paper.sha256 if paper else None,
            })
    return docs


def _by_matter(rows: list[Any]) -> defaultdict[str, list[Any]]:
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.matter].append(row)
    return found


def _dispute(row: Any) -> Doc:
    return {"id": row.id, "kind": row.code, "amount_minor": row.amount_minor, "words": row.words, "state": row.state,
            "decision": None if row.state == "open" else row.state, "invoice_id": row.invoice_id,
            "opened_at": instant(row.at)}


def _task(row: Any) -> Doc:
    titles = task_title(row.code, row.words)
    return {"id": row.id, "kind": row.code, "title": titles["title_zh"], **titles, "due_on": as_date(row.on_day),
            "source_id": row.invoice_id}


def _limitation(found: Gathered, customer_id: str) -> Doc:
    """When the first claim lapses, and every reading of it, for whoever must decide."""
    first = next_limitation(found, customer_id)
    if first is None:
        return {"next_limitation_on": None, "limitation": None}
    return {
        "next_limitation_on": as_date(first.earliest_on),
        "limitation": {"each_on": as_date(first.each_on), "last_on": as_date(first.last_on),
                       "asserted_on": as_date(first.asserted_on), "doubtful_on": as_date(first.doubtful_on)},
    }


def next_limitation(found: Gathered, customer_id: str) -> Reckoning | None:
    """The reckoning of the open debt whose claim lapses first, on the cautious reading (民法典 188, 189, 195)."""
    acts = [
        Interruption(row.on_day, row.code, row.words, row.debtor_id, frozenset(row.invoice_ids or ()))
        for row in _by_matter(found.of("matter", customer_id))["interruption"]
    ]
    # Under the same acts the period of a later due never ends before an earlier one's: the first due decides.
    first: dict[tuple[str | None, str], tuple[date, date]] = {}
    scoped = {invoice_id for act in acts for invoice_id in act.invoice_ids}
    last: dict[str, date] = {}
    for row in found.of("due", customer_id):
        last[row.id] = max(last.get(row.id, row.due_on), row.due_on)
    for row in found.of("due", customer_id):
        if row.due_open_minor > 0:
            key = (row.debtor_id, row.id if row.id in scoped else "")
            first[key] = min(first.get(key, (row.due_on, last[row.id])), (row.due_on, last[row.id]))
    reckonings = [
        reckon(due_on, last_on, [act for act in acts if act.covers(debtor_id, invoice_id)])
        for (debtor_id, invoice_id), (due_on, last_on) in first.items()
    ]
    return min(reckonings, key=lambda one: one.earliest_on, default=None)


def _without(doc: Doc, *names: str) -> Doc:
    return {key: value for key, value in doc.items() if key not in names}
