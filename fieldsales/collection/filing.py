"""The whole file of a case, read for many customers at once: one query a list, whatever their number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Select, func, select

from fieldsales.collection.arrival_facts import email_of, failed_email
from fieldsales.collection.models import Action, Claim
from fieldsales.collection.rules import CaseFile, Debt, SellerFact
from fieldsales.customers.models import Contact
from fieldsales.disputes.models import Dispute, DisputeDecision
from fieldsales.documents.models import Document
from fieldsales.kernel.clock import on_date
from fieldsales.kernel.money import Money
from fieldsales.plans.models import Plan, PlanInstalment
from fieldsales.plans.rules import state_of
from fieldsales.plugin_api.facts import (
    ActionFacts,
    ContactFacts,
    DisputeFacts,
    EvidenceFacts,
    InvoiceFacts,
    PlanFacts,
    PromiseFacts,
    StatementFacts,
)
from fieldsales.promises.models import Promise
from fieldsales.receivables.interruptions import standing_acts
from fieldsales.receivables.models import Due, Invoice, InvoicePaper, Seller
from fieldsales.receivables.rates import rates_for
from fieldsales.statements.models import Statement
from fieldsales.store.base import table_of

_actions, _claims, _contacts = table_of(Action), table_of(Claim), table_of(Contact)
_dues, _invoices, _papers, _sellers = table_of(Due), table_of(Invoice), table_of(InvoicePaper), table_of(Seller)
_promises, _plans, _instalments = table_of(Promise), table_of(Plan), table_of(PlanInstalment)
_statements, _documents = table_of(Statement), table_of(Document)
_disputes, _decisions = table_of(Dispute), table_of(DisputeDecision)

NEWEST = 50
#: A paper on file by its kind in the books, and what a plugin is told it is.
PAPER_KINDS = {"letter": "demand_letter"}

Found = dict[str, list[Any]]


def _by_customer(connection: Connection, query: Select[Any]) -> Found:
    found: Found = defaultdict(list)
    for row in connection.execute(query):
        found[row.customer_id].append(row)
    return found


def _newest(table: Any, keys: list[str], at: Any, *columns: Any, where: tuple[Any, ...] = ()) -> Select[Any]:
    """The newest fifty rows of each customer, newest first."""
    rank = func.row_number().over(partition_by=table.c.customer_id, order_by=(at.desc(), table.c.id.desc()))
    ranked = select(table.c.customer_id, *columns, at.label("sort_at"), rank.label("rank")).where(
        table.c.customer_id.in_(keys), *where
    ).subquery()  # fmt: skip
    return select(ranked).where(ranked.c.rank <= NEWEST).order_by(ranked.c.customer_id, ranked.c.rank)


def _debts(connection: Connection, keys: list[str], papers: Found) -> dict[str, tuple[Debt, ...]]:
    d, i = _dues.c, _invoices.c
    kinds: dict[str, list[str]] = defaultdict(list)
    for rows in papers.values():
        for row in rows:
            kinds[row.invoice_id or ""].append(row.kind)
    found: dict[str, list[Debt]] = defaultdict(list)
    for row in connection.execute(
        select(d.customer_id, i.id, i.number, i.issued_on, i.total_minor, i.open_minor, i.debtor_id, i.seller_id,
               i.disputed, i.disputed_minor, i.kind, d.currency, d.due_on, d.open_minor.label("due_open"))
        .join(_invoices, i.id == d.invoice_id).where(d.customer_id.in_(keys), d.open_minor != 0)
        .order_by(d.customer_id, d.due_on, d.id)
    ):  # fmt: skip
        invoice = InvoiceFacts(
            row.id, row.number, row.issued_on, row.due_on, Money(row.total_minor, row.currency),
            Money(row.open_minor, row.currency), row.debtor_id or "", row.disputed or row.disputed_minor > 0,
            tuple(dict.fromkeys(kinds[row.id])),
        )  # fmt: skip
        found[row.customer_id].append(
            Debt(invoice, row.seller_id, row.currency, row.due_on, row.due_open, row.disputed_minor, row.kind)
        )
    return {key: tuple(debts) for key, debts in found.items()}


def _plan_facts(connection: Connection, keys: list[str]) -> dict[str, list[PlanFacts]]:
    p, n = _plans.c, _instalments.c
    rows = _by_customer(connection, _newest(_plans, keys, p.signed_at, p.id, p.number, p.total_minor, p.currency,
                                           p.debtor_id))
    parts: dict[str, list[Any]] = defaultdict(list)
    for row in connection.execute(
        select(n.plan_id, n.state, n.due_on, n.amount_minor, n.kept_minor).where(n.customer_id.in_(keys))
        .order_by(n.plan_id, n.n)
    ):
        parts[row.plan_id].append(row)
    found: dict[str, list[PlanFacts]] = defaultdict(list)
    for customer_id, plans in rows.items():
        for row in plans:
            short = [part for part in parts[row.id] if part.state in ("broken", "partly")]
            broken = sum(part.kept_minor < part.amount_minor for part in short)
            open_days = [part.due_on for part in parts[row.id] if part.state == "open"]
            state = state_of((part.state, part.amount_minor, part.kept_minor) for part in parts[row.id])
            found[customer_id].append(PlanFacts(
                row.id, row.number, Money(row.total_minor, row.currency), on_date(row.sort_at), state, broken,
                min(open_days, default=None), row.debtor_id))  # fmt: skip
    return found


def _dispute_facts(connection: Connection, keys: list[str]) -> Found:
    d = _disputes.c
    decided = select(_decisions.c.dispute_id)
    return _by_customer(connection, _newest(_disputes, keys, d.opened_at, d.id, d.kind, d.amount_minor, d.currency,
                                            where=(d.id.not_in(decided),)))  # fmt: skip


def _evidence(papers: Iterable[Any], documents: Iterable[Any], numbers: dict[str, str]) -> tuple[EvidenceFacts, ...]:
    on_paper = [
        EvidenceFacts(row.kind, row.name or numbers.get(row.invoice_id or "", "") or row.kind, on_date(row.sort_at),
                      numbers.get(row.invoice_id or "", ""), row.sha256, row.id)
        for row in papers
    ]  # fmt: skip
    sealed = [
        EvidenceFacts(PAPER_KINDS.get(row.kind, row.kind), row.number, on_date(row.sort_at), "", row.sha256, row.id)
        for row in documents
    ]
    return tuple(sealed + on_paper)


def _sellers_all(connection: Connection) -> tuple[SellerFact, ...]:
    s = _sellers.c
    return tuple(
        SellerFact(row.id, row.name, f"{row.bank_name} {row.bank_account}".strip(), row.reg_no, row.address, row.phone)
        for row in connection.execute(
            select(s.id, s.name, s.bank_name, s.bank_account, s.reg_no, s.address, s.phone).order_by(s.code))
    )


def _people(connection: Connection, keys: list[str]) -> Found:
    c = _contacts.c
    return _by_customer(connection, select(c.customer_id, c.name, c.role, c.phone, email_of(_contacts), c.id,
                                           func.coalesce(failed_email(_contacts), ""))
                        .where(c.customer_id.in_(keys), c.ended_at.is_(None)).order_by(c.id))  # fmt: skip


def fill_files(connection: Connection, files: dict[str, CaseFile], keys: list[str]) -> dict[str, CaseFile]:
    """Put every list into cases that hold only balances so far: a dozen queries for all of them."""
    a, p, s, doc, pap = _actions.c, _promises.c, _statements.c, _documents.c, _papers.c
    papers = _by_customer(connection, _newest(_papers, keys, pap.at, pap.id, pap.invoice_id, pap.kind, pap.name,
                                              pap.sha256))  # fmt: skip
    debts = _debts(connection, keys, papers)
    actions = _by_customer(connection, _newest(_actions, keys, a.occurred_at, a.id, a.method, a.outcome, a.grade,
                                               a.effect, a.fields, a.follows_id))  # fmt: skip
    promises = _by_customer(connection, _newest(_promises, keys, p.made_at, p.id, p.amount_minor, p.currency, p.due_on,
                                                p.state, p.made_on, p.words))  # fmt: skip
    statements = _by_customer(connection, _newest(_statements, keys, s.signed_at, s.id, s.number, s.agreed_minor,
                                                  s.currency, s.as_of, s.debtor_id))  # fmt: skip
    documents = _by_customer(connection, _newest(_documents, keys, doc.made_at, doc.id, doc.kind, doc.number,
                                                 doc.sha256, where=(doc.state == "sealed",)))  # fmt: skip
    disputes, plans, sellers = _dispute_facts(connection, keys), _plan_facts(connection, keys), _sellers_all(connection)
    rates, acts = rates_for(connection, keys), standing_acts(connection, keys)
    k = _claims.c
    contacts = _people(connection, keys)
    claims = _by_customer(connection, select(k.customer_id, k.code)
                          .where(k.customer_id.in_(keys), k.state == "unverified").order_by(k.at))  # fmt: skip
    for key, file in files.items():
        numbers = {debt.invoice.id: debt.invoice.number for debt in debts.get(key, ())}
        facts = replace(
            file.facts,
            contacts=tuple(replace(ContactFacts(*row[1:-1]), email_failed=row[-1]) for row in contacts.get(key, ())),
            actions=tuple(ActionFacts(row.id, row.method, row.outcome, on_date(row.sort_at), row.grade, row.effect,
                                      MappingProxyType(dict(row.fields)), row.follows_id)
                          for row in actions.get(key, ())),
            promises=tuple(PromiseFacts(row.id, Money(row.amount_minor, row.currency), row.due_on, row.state,
                                        row.made_on, row.words) for row in promises.get(key, ())),
            plans=tuple(plans.get(key, ())),
            statements=tuple(StatementFacts(one.id, one.number, Money(one.agreed_minor, one.currency), one.as_of,
                                            one.debtor_id or "") for one in statements.get(key, ())),
            disputes=tuple(DisputeFacts(one.id, one.kind, Money(one.amount_minor, one.currency), on_date(one.sort_at))
                           for one in disputes.get(key, ())),
            excuses=tuple(dict.fromkeys(row.code for row in claims.get(key, ()))),
            evidence=_evidence(papers.get(key, ()), documents.get(key, ()), numbers),
        )  # fmt: skip
        files[key] = replace(file, facts=facts, debts=debts.get(key, ()), sellers=sellers, whole=True, rates=rates[key],
                             acts=acts[key])
    return files
