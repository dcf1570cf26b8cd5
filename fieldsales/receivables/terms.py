"""Facts beside a debt that decide which one a payment settles first: security, charges, the agreed late rate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from fieldsales.kernel.money import Money
from fieldsales.receivables.models import InterestRate
from fieldsales.receivables.moneymodels import Charge, Security
from fieldsales.receivables.posting import OpenDebt
from fieldsales.store.base import table_of

_securities, _charges, _rates = table_of(Security), table_of(Charge), table_of(InterestRate)


@dataclass(frozen=True, slots=True)
class Cover:
    """A security that stands. ``invoice_id`` None: for all the debtor owes; ``covers_minor`` None: all of it."""

    debtor_id: str | None
    invoice_id: str | None
    covers_minor: int | None
    currency: str


def secured(debts: Sequence[OpenDebt], covers: Iterable[Cover]) -> dict[str, int]:
    """By due: what securities cover of it, never more than it is. A sum for several debts is shared in proportion."""
    found = dict.fromkeys((debt.due_id for debt in debts), 0)
    for cover in covers:
        meant = [
            debt for debt in debts
            if debt.open_minor > 0 and debt.currency == cover.currency
            and (cover.invoice_id is None or cover.invoice_id in (debt.invoice_id, debt.charge_for))
            and (cover.debtor_id is None or debt.debtor_id in (None, cover.debtor_id))
        ]
        whole = sum(debt.open_minor for debt in meant)
        if not whole:
            continue
        parts = Money(min(whole, whole if cover.covers_minor is None else cover.covers_minor)).split(
            [debt.open_minor for debt in meant])
        for debt, part in zip(meant, parts, strict=True):
            found[debt.due_id] = min(debt.open_minor, found[debt.due_id] + part.minor)
    return found


def with_terms(connection: Connection, found: dict[str, list[OpenDebt]]) -> dict[str, tuple[OpenDebt, ...]]:
    """Lay security, charges and the contract's late rate over the open debts of customers. Three queries."""
    keys = [key for key, debts in found.items() if debts]
    if not keys:
        return dict.fromkeys(found, ())
    charges = _charges_of(connection, keys)
    covers = _covers_of(connection, keys)
    rates = _late_rates(connection, keys)
    return {
        key: _laid_over(debts, charges, covers.get(key, ()), rates.get(key, 0)) for key, debts in found.items()
    }


def _laid_over(debts: Sequence[OpenDebt], charges: dict[str, tuple[str, str]], covers: Sequence[Cover], rate: int
               ) -> tuple[OpenDebt, ...]:
    if not charges and not covers and not rate:
        return tuple(debts)
    # A charge bears no interest, so it weighs less on the debtor than a principal that does.
    marked = [
        replace(debt, charge_for=charges[debt.invoice_id][0], charge_kind=charges[debt.invoice_id][1])
        if debt.invoice_id in charges else replace(debt, late_daily_bp100=rate) for debt in debts
    ]
    cover = secured(marked, covers) if covers else {}
    return tuple(replace(debt, secured_minor=cover[debt.due_id]) if cover.get(debt.due_id) else debt
                 for debt in marked)


def _charges_of(connection: Connection, keys: list[str]) -> dict[str, tuple[str, str]]:
    c = _charges.c
    rows = connection.execute(select(c.invoice_id, c.for_invoice_id, c.kind).where(c.customer_id.in_(keys)))
    return {row.invoice_id: (row.for_invoice_id, row.kind) for row in rows}


def _covers_of(connection: Connection, keys: list[str]) -> dict[str, list[Cover]]:
    s, found = _securities.c, defaultdict[str, list[Cover]](list)
    for row in connection.execute(
        select(s.customer_id, s.debtor_id, s.invoice_id, s.covers_minor, s.currency)
        .where(s.customer_id.in_(keys), s.ended_at.is_(None)).order_by(s.at, s.id)
    ):
        found[row.customer_id].append(Cover(row.debtor_id, row.invoice_id, row.covers_minor, row.currency))
    return found


def _late_rates(connection: Connection, keys: list[str]) -> dict[str, int]:
    """The newest contract rate of each customer, 1/100 basis points a day."""
    r = _rates.c
    rows = connection.execute(
        select(r.customer_id, r.from_on, r.rate_bp100).where(r.kind == "contract", r.customer_id.in_(keys))
        .order_by(r.from_on, r.at, r.id))
    return {row.customer_id: row.rate_bp100 or 0 for row in rows}
