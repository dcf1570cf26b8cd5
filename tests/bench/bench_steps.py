"""B14 and B15: today's list with every next step, and the night over many debtors, against bare statements."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing
from datetime import timedelta
from typing import Any

import fieldsales.collection.service
import fieldsales.plans.service
import fieldsales.promises.service
import fieldsales.receivables.service  # noqa: F401 - they declare the night's operations
from fieldsales.dispatcher import Dispatcher
from fieldsales.kernel.clock import FixedClock
from fieldsales.places import data_dir
from fieldsales.plugin_api.manager import Plugins
from fieldsales.reactions import react
from fieldsales.workday.night import run_night
from fieldsales.workday.queries import today_list
from fieldsales.workday.today import QUERIES, STEP_QUERIES
from tests import cast
from tests.bench import money_data as data
from tests.bench.bench_money import _FLOOR_B8, _result, interleaved

#: how many debtors the night passes over
DEBTORS = int(os.environ.get("FIELDSALES_BENCH_DEBTORS", "50000"))
#: What the next step adds to the floor of the list: the same rows of a rep's customers, without any choosing.
_FLOOR_STEPS = (
    *_FLOOR_B8,
    "SELECT a.customer_id, a.method, a.occurred_at FROM actions a JOIN customers c ON c.id = a.customer_id "
    "WHERE c.owner_id = ?",
    "SELECT k.* FROM claims k JOIN customers c ON c.id = k.customer_id WHERE c.owner_id = ?",
    "SELECT p.customer_id, MAX(p.received_on) FROM payments p JOIN customers c ON c.id = p.customer_id "
    "WHERE c.owner_id = ? GROUP BY p.customer_id",
    "SELECT d.customer_id, MIN(d.due_on) FROM dues d JOIN customers c ON c.id = d.customer_id "
    "WHERE c.owner_id = ? AND d.open_minor > 0 GROUP BY d.customer_id",
    "SELECT n.* FROM contacts n JOIN customers c ON c.id = n.customer_id WHERE c.owner_id = ?",
    "SELECT g.* FROM collection_cases g JOIN customers c ON c.id = g.customer_id WHERE c.owner_id = ?",
)
#: The night without anybody: every due is summed by age, what a day has changed is written, a year's uses are read.
_FLOOR_NIGHT = (
    "CREATE TEMP TABLE aged AS SELECT customer_id AS id, SUM(CASE WHEN due_on < '2026-03-13' THEN open_minor ELSE 0 "
    "END) AS overdue_minor, MIN(due_on) AS oldest FROM dues WHERE open_minor <> 0 GROUP BY customer_id",
    "CREATE INDEX aged_by ON aged (id)",
    "CREATE TEMP TABLE moved AS SELECT aged.* FROM aged JOIN customer_money m ON m.customer_id = aged.id "
    "WHERE m.overdue_minor <> aged.overdue_minor",
    "UPDATE customer_money SET as_of = '2026-03-13', overdue_minor = (SELECT overdue_minor FROM moved WHERE moved.id = "
    "customer_money.customer_id) WHERE customer_id IN (SELECT id FROM moved)",
    "UPDATE customers SET version = version + 1 WHERE id IN (SELECT id FROM moved)",
    "INSERT INTO changes (seq, kind, entity_id, customer_id, at) SELECT 1000000 + rowid, 'customer', id, id, "
    "'2026-03-13 04:00:00' FROM moved",
    "SELECT a.customer_id, a.method, a.occurred_at, c.credit_grade FROM actions a JOIN customers c "
    "ON c.id = a.customer_id",
    "SELECT customer_id, received_on, amount_minor FROM payments",
)
_USES = """INSERT INTO actions (id, customer_id, method, by_id, occurred_at, received_at, fields, outcome, summary_zh,
    summary_en, grade, effect, next_step, source_kind, source_id, facts_version, plugin_error, details, warnings, flags)
    SELECT hex(randomblob(16)), id, 'phone', 'x', '2026-02-10 04:00:00', '2026-02-10 04:00:00', '{}', '', '', '', '',
    '', '', '', '', 0, '', '[]', '[]', '[]' FROM customers"""


def bench_b14() -> dict[str, Any]:
    """Today's list of a rep with five hundred debtors, each with his next step, against the bare statements."""
    plugins = Plugins.load(data_dir("plugins"), None)
    with data.a_store() as (store, path):
        with store.writing() as connection:
            ids = data.customers(connection, 500)
            data.invoices(connection, ids, 10)
            for key in ids[:100]:
                data.history(connection, key, 20)
        with closing(sqlite3.connect(path)) as raw:

            def ours() -> None:
                with store.reading() as connection:
                    today_list(connection, cast.REP, cast.TODAY, plugins=plugins)

            def bare() -> None:
                for query in _FLOOR_STEPS:
                    raw.execute(query, (cast.REP.user_id,)).fetchall()

            figure, floor = interleaved(ours, bare, 20)
    return _result("today's list with next steps, 500 debtors", "ratio ≤ 5", figure, floor,
                   queries=QUERIES + STEP_QUERIES)


def bench_b15() -> dict[str, Any]:
    """The night over many debtors a day after their summaries were rolled: once ours, once the bare statements."""
    with data.a_store() as (store, path):
        with store.writing() as connection:
            ids = data.customers(connection, DEBTORS)
            for start in range(0, DEBTORS, 5_000):
                data.invoices(connection, ids[start : start + 5_000], 2)
            connection.exec_driver_sql(_USES)
        with closing(sqlite3.connect(path)) as raw:
            began = time.perf_counter()
            raw.execute("BEGIN IMMEDIATE")
            for query in _FLOOR_NIGHT:
                raw.execute(query).fetchall()
            floor = (time.perf_counter() - began) * 1000
            raw.rollback()
        dispatcher = Dispatcher(store, FixedClock(cast.NOON + timedelta(days=1)), reactions=react,
                                plugins=Plugins.load(data_dir("plugins"), None))
        began = time.perf_counter()
        figures = run_night(dispatcher)
        figure = (time.perf_counter() - began) * 1000
    return _result(f"the night over {DEBTORS:,} debtors", "ratio ≤ 30", figure, floor, rolled=figures["rolled"],
                   refused=figures["refused"], ms_per_debtor=round(figure / DEBTORS, 3))
