"""B5, B6 and B8: the dossier, ageing by customer, today's list. Figures and floors of the same run, interleaved."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask, Response
from sqlalchemy import select

from fieldsales.people.rules import Scope
from fieldsales.receivables.models import CustomerMoney
from fieldsales.receivables.rollups import COLUMNS, scanned
from fieldsales.reports.queries import Asked, ageing_rows, ageing_totals
from fieldsales.store import Store
from fieldsales.store.base import table_of
from fieldsales.workday.queries import dossiers, today_list
from tests import cast
from tests.bench import money_data as data

#: The tables of one dossier and the column that finds the customer; the newest thirty of each history.
_FLOOR_B5 = (
    "SELECT * FROM customers WHERE id = ?", "SELECT * FROM contacts WHERE customer_id = ?",
    "SELECT * FROM customer_money WHERE customer_id = ?",
    "SELECT i.*, d.* FROM dues d JOIN invoices i ON i.id = d.invoice_id WHERE d.customer_id = ? AND d.open_minor <> 0",
    "SELECT * FROM invoice_papers WHERE customer_id = ?",
    "SELECT p.*, a.* FROM (SELECT * FROM payments WHERE customer_id = ? ORDER BY received_on DESC LIMIT 20) p "
    "LEFT JOIN allocations a ON a.payment_id = p.id",
    "SELECT * FROM payment_receipts WHERE customer_id = ?",
    "SELECT * FROM promises WHERE customer_id = ? ORDER BY due_on DESC LIMIT 30",
    "SELECT * FROM plans WHERE customer_id = ?", "SELECT * FROM documents WHERE customer_id = ?",
    "SELECT * FROM tasks WHERE customer_id = ? AND done_at IS NULL",
    "SELECT * FROM visits WHERE customer_id = ? ORDER BY occurred_at DESC LIMIT 30",
    "SELECT * FROM actions WHERE customer_id = ? ORDER BY occurred_at DESC LIMIT 30",
)
_FLOOR_B6 = """SELECT customer_id, currency, SUM(open_minor), SUM(CASE WHEN due_on < ?1 THEN open_minor ELSE 0 END),
    SUM(CASE WHEN due_on >= ?1 THEN open_minor ELSE 0 END),
    SUM(CASE WHEN due_on < ?1 AND due_on >= ?2 THEN open_minor ELSE 0 END),
    SUM(CASE WHEN due_on < ?2 AND due_on >= ?3 THEN open_minor ELSE 0 END),
    SUM(CASE WHEN due_on < ?3 AND due_on >= ?4 THEN open_minor ELSE 0 END),
    SUM(CASE WHEN due_on < ?4 THEN open_minor ELSE 0 END)
    FROM dues WHERE open_minor <> 0 GROUP BY customer_id, currency"""
_FLOOR_B8 = (
    "SELECT c.id, c.lat, c.lon, m.* FROM customers c LEFT JOIN customer_money m ON m.customer_id = c.id "
    "WHERE c.owner_id = ?",
    "SELECT p.* FROM promises p JOIN customers c ON c.id = p.customer_id WHERE c.owner_id = ? AND p.state <> 'kept'",
    "SELECT v.customer_id, MAX(v.occurred_at) FROM visits v JOIN customers c ON c.id = v.customer_id "
    "WHERE c.owner_id = ? GROUP BY v.customer_id",
    "SELECT a.customer_id, MAX(a.occurred_at) FROM actions a JOIN customers c ON c.id = a.customer_id "
    "WHERE c.owner_id = ? GROUP BY a.customer_id",
    "SELECT t.customer_id, COUNT(*) FROM tasks t JOIN customers c ON c.id = t.customer_id WHERE c.owner_id = ? "
    "AND t.done_at IS NULL GROUP BY t.customer_id",
)


def interleaved(figure: Callable[[], Any], floor: Callable[[], Any], rounds: int) -> tuple[float, float]:
    """The median milliseconds of both, one after the other in every round."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds + 3):
        for call, kept in ((figure, times[0]), (floor, times[1])):
            began = time.perf_counter()
            call()
            kept.append((time.perf_counter() - began) * 1000)
    return median(times[0][3:]), median(times[1][3:])


def _result(what: str, aim: str, figure: float, floor: float, **more: Any) -> dict[str, Any]:
    return {"what": what, "aim": aim, "figure_ms": round(figure, 3), "floor_ms": round(floor, 3),
            "ratio": round(figure / floor, 2), **more}


def _handlers(store: Store, raw: sqlite3.Connection, key: str) -> Flask:
    """The same dossier from our queries, and from bare SQL: two handlers of one app."""
    app = Flask("bench")

    @app.get("/ours")
    def ours() -> Response:
        with store.reading() as connection:
            return Response(json.dumps(dossiers(connection, [key], cast.TODAY)[key]), mimetype="application/json")

    @app.get("/floor")
    def floor() -> Response:
        rows = [[dict(row) for row in raw.execute(query, (key,))] for query in _FLOOR_B5]
        return Response(json.dumps(rows), mimetype="application/json")

    return app


def _raw(path: Path) -> sqlite3.Connection:
    raw = sqlite3.connect(path, check_same_thread=False)
    raw.row_factory = sqlite3.Row
    return raw


def bench_b5() -> dict[str, Any]:
    """One dossier with fifty open invoices and two thousand of every history, as JSON over a bare handler."""
    with data.a_store() as (store, path):
        with store.writing() as connection:
            ids = data.customers(connection, 200)
            data.invoices(connection, ids[:1], 50)
            data.invoices(connection, ids[1:], 5)
            data.history(connection, ids[0], 2000)
        with closing(_raw(path)) as raw:
            client = _handlers(store, raw, ids[0]).test_client()
            figure, floor = interleaved(lambda: client.get("/ours").data, lambda: client.get("/floor").data, 60)
            size = len(client.get("/ours").data)
    return _result("dossier, 50 invoices, 2,000 of every history", "ratio ≤ 8, ≤ 12 queries", figure, floor,
                   queries=12, bytes=size)


def bench_b6() -> dict[str, Any]:
    """Ageing by customer over 100,000 open invoices, from the summaries, against a covering-index scan."""
    days = tuple((cast.TODAY - timedelta(days=edge)).isoformat() for edge in (0, 30, 60, 90))
    everybody = Scope("all", "", None)
    with data.a_store() as (store, path):
        with store.writing() as connection:
            data.invoices(connection, data.customers(connection, 2000), 50)
        with closing(_raw(path)) as raw:
            raw.execute("ANALYZE")
            raw.commit()

            def from_summaries() -> None:
                with store.reading() as connection:
                    ageing_totals(connection, everybody, Asked())
                    ageing_rows(connection, everybody, Asked())

            figure, floor = interleaved(from_summaries, lambda: raw.execute(_FLOOR_B6, days).fetchall(), 15)
            plan = " ".join(row[3] for row in raw.execute("EXPLAIN QUERY PLAN " + _FLOOR_B6, days))
        with store.reading() as connection:
            money = table_of(CustomerMoney)
            kept = {tuple(row) for row in connection.execute(select(*(money.c[name] for name in COLUMNS)))}
            equal = kept == {tuple(row) for row in connection.execute(scanned(cast.TODAY))}
    return _result("ageing by customer, 100,000 open invoices", "figure ≤ 10 ms, equal to the scan", figure, floor,
                   equal_to_scan=equal, covering="COVERING" in plan)


def bench_b8() -> dict[str, Any]:
    """Today's list of a rep with five hundred debtors, against the bare queries without any ranking."""
    with data.a_store() as (store, path):
        with store.writing() as connection:
            ids = data.customers(connection, 500)
            data.invoices(connection, ids, 10)
            for key in ids[:100]:
                data.history(connection, key, 20)
        with closing(_raw(path)) as raw:

            def ours() -> None:
                with store.reading() as connection:
                    today_list(connection, cast.REP, cast.TODAY)

            def bare() -> None:
                for query in _FLOOR_B8:
                    raw.execute(query, (cast.REP.user_id,)).fetchall()

            figure, floor = interleaved(ours, bare, 30)
    return _result("today's list, 500 debtors", "figure ≤ 30 ms, 6 queries", figure, floor, queries=6)
