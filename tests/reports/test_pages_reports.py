"""Pages of reports: ageing equal to the ledger, the house, the audit log."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from fieldsales.kernel.ids import uuid7
from fieldsales.people.rules import Scope, scope_of
from fieldsales.reports.queries import Asked, ageing_rows, ageing_totals
from fieldsales.web.here import Program
from tests import cast
from tests.receivables.conftest import Ledger

Enter = Callable[[str], FlaskClient]
ALL = Scope("all", "", None)


@pytest.fixture
def ledger(program: Program) -> Ledger:
    """One invoice in every bucket, a credit note, another currency, and a stranger's debt."""
    ledger = Ledger(program.dispatcher)
    for n, late in enumerate((-10, 0, 1, 30, 31, 60, 61, 90, 91, 400)):
        ledger.invoice(f"A-{n}", (n + 1) * 100_00, late=late)
    ledger.invoice("H-1", -50_00, late=5)
    ledger.invoice("U-1", 70_00, late=5, currency="USD")
    ledger.invoice("R-1", 999_00, late=200, customer_id=cast.RIVER)
    return ledger


def test_ageing_totals_are_the_sums_of_the_open_dues(ledger: Ledger, program: Program) -> None:
    with program.store.reading() as connection:
        totals = {total.currency: total for total in ageing_totals(connection, ALL, Asked())}
        rows, _ = ageing_rows(connection, ALL, Asked())
    assert totals["CNY"].open_minor == sum(ledger.open_of().values()) - 70_00
    assert sum(totals["CNY"].buckets) == totals["CNY"].open_minor
    assert totals["USD"].buckets == (0, 70_00, 0, 0, 0)
    for currency, total in totals.items():
        assert sum(row.open_minor for row in rows if row.currency == currency) == total.open_minor


def test_ageing_each_scope_counts_its_own(ledger: Ledger, program: Program) -> None:
    with program.store.reading() as connection:
        seen = {who: sum(t.open_minor for t in ageing_totals(connection, scope_of(actor), Asked()))
                for who, actor in cast.PEOPLE.items()}
    assert seen["other_rep"] == seen["other_manager"] == 999_00
    assert seen["former_rep"] == 0
    assert seen["finance"] == seen["rep"] + 999_00


@pytest.mark.parametrize(("asked", "count"), [
    (Asked(), 3), (Asked(show="overdue"), 3), (Asked(show="over90"), 2), (Asked(team_id=cast.TEAM), 2),
    (Asked(owner_id=cast.OTHER_REP.user_id), 1), (Asked(owner_id="nobody"), 0),
])
def test_ageing_is_narrowed(ledger: Ledger, program: Program, asked: Asked, count: int) -> None:
    with program.store.reading() as connection:
        assert len(ageing_rows(connection, ALL, asked)[0]) == count


def test_ageing_walked_by_key_shows_every_row_once(ledger: Ledger, program: Program) -> None:
    seen, key = [], None
    with program.store.reading() as connection:
        for _ in range(5):
            rows, key = ageing_rows(connection, ALL, Asked(), key, limit=1)
            seen += [(row.customer_id, row.currency) for row in rows]
            if key is None:
                break
    assert len(seen) == len(set(seen)) == 3


def test_ageing_page_has_picture_and_table_of_the_same_money(ledger: Ledger, log_in: Enter) -> None:
    shown = log_in("finance").get("/reports/ageing").get_data(as_text=True)
    assert len(re.findall(r'<rect class="fill-4"', shown)) == 3
    assert "¥2,849.00" in shown  # over 90 days: 900, 1000 less the credit note of 50, and 999
    assert "style=" not in shown


@pytest.mark.parametrize("after", ["x", "1.2", "..", "9.a.b", "9" * 40 + ".a.b"])
def test_ageing_page_bears_any_key(ledger: Ledger, log_in: Enter, after: str) -> None:
    assert log_in("finance").get(f"/reports/ageing?after={after}").status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_ageing_page_costs_the_same_with_one_row_and_three(
    program: Program, log_in: Enter, count_queries: Any, rows: int
) -> None:
    ledger, client = Ledger(program.dispatcher), log_in("manager")
    for n in range(rows):
        ledger.invoice(f"A-{n}", 100_00, late=5, currency=("CNY", "USD", "EUR")[n])
    with count_queries(program.store.engine) as seen:
        client.get("/reports/ageing")
    # session, totals, rows, owners, teams; receipts, disputes, claims and classes waiting in the rail
    assert len(seen) == 11


def test_house_names_held_records_and_plugins(program: Program, log_in: Enter) -> None:
    from fieldsales.kernel.operation import Envelope

    program.dispatcher.perform_batch(cast.REP, [Envelope(uuid7(), "visits.log_visit", {"visit_id": "not an id"})])
    shown = log_in("admin").get("/reports/house").get_data(as_text=True)
    for words in ("visits.log_visit", cast.REP.name, "没有响应"):
        assert words in shown, words


def test_audit_page_shows_who_did_what_newest_first(ledger: Ledger, log_in: Enter) -> None:
    shown = log_in("admin").get("/reports/audit").get_data(as_text=True)
    assert "receivables.add_invoices" in shown
    numbers = [int(n) for n in re.findall(r'<td class="right num">(\d+)</td>', shown)]
    assert numbers == sorted(numbers, reverse=True)


@pytest.mark.parametrize("login", ["rep", "manager", "finance", "legal"])
@pytest.mark.parametrize("path", ["/reports/house", "/reports/audit", "/people"])
def test_administration_is_the_admins_alone(log_in: Enter, login: str, path: str) -> None:
    assert log_in(login).get(path).status_code == 403
