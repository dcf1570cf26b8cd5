"""B10: a hundred thousand invoices from Excel into the books, against calamine and bare SQL of the same run."""

from __future__ import annotations

import json
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

ROWS = 100_000
CUSTOMERS = 2_000
_HEAD = ("单据类型", "单据编号", "业务日期", "到期日", "客户编码", "客户名称", "价税合计", "币别", "业务员",
         "销售组织", "备注")
_FLOOR = """
CREATE TABLE customers (id TEXT PRIMARY KEY, name TEXT);
CREATE TABLE invoices (id INTEGER PRIMARY KEY, customer_id TEXT, number TEXT UNIQUE, issued_on TEXT, due_on TEXT,
                       total INTEGER, open INTEGER);
CREATE TABLE dues (id INTEGER PRIMARY KEY, invoice_id INTEGER, customer_id TEXT, due_on TEXT, open INTEGER);
CREATE INDEX ix_invoices ON invoices (customer_id, due_on);
CREATE INDEX ix_dues ON dues (customer_id, due_on, open);
"""
#: Runs in a process of its own, so that its peak memory is that of an import and nothing else.
_CHILD = """
import json, resource, sys, time
from fieldsales.app import create_app
from fieldsales.exchange.filein import FileIn, sha256_of
from fieldsales.exchange.importing import Importer
from fieldsales.exchange.tables import read_table
from fieldsales.kernel.operation import SYSTEM
program = create_app().extensions["fieldsales"]
steps = []
began, cpu = time.perf_counter(), time.process_time()
data = open(sys.argv[1], "rb").read()
given = FileIn("bench.xlsx", sha256_of(data), read_table(data), "invoices")
reading = given.reading()
read = time.perf_counter() - began
outcome = Importer(program.dispatcher, SYSTEM, lambda done, total: steps.append(done)).run(reading, given.source())
spent = time.perf_counter() - began
cpu = time.process_time() - cpu
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"s": spent, "read_s": read, "cpu_s": cpu, "mb": peak,
                  "added": outcome.rows_added, "adds_up": outcome.adds_up(), "steps": len(steps)}))
"""


def _workbook(path: Path) -> None:
    dice, day = random.Random(10), date(2026, 1, 1)
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    page, dated = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
    page.write_row(0, 0, ("应收款明细表",))
    page.write_row(1, 0, _HEAD)
    for n in range(ROWS):
        customer, issued = dice.randrange(CUSTOMERS), day + timedelta(days=dice.randrange(240))
        page.write_string(n + 2, 0, "应收单")
        page.write_string(n + 2, 1, f"XS{n:07d}")
        page.write_datetime(n + 2, 2, issued, dated)
        page.write_datetime(n + 2, 3, issued + timedelta(days=30), dated)
        page.write_string(n + 2, 4, f"KH{customer:05d}")
        page.write_string(n + 2, 5, f"第{customer}号建材经营部")
        page.write_number(n + 2, 6, dice.randrange(10_000, 9_000_000) / 100)
        page.write_row(n + 2, 7, ("人民币", "", "HC01", "五金件"))
    book.close()


def _floor(path: Path, database: Path) -> float:
    began = time.perf_counter()
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()[2:]
    raw = sqlite3.connect(database)
    raw.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;" + _FLOOR)
    raw.executemany("INSERT OR IGNORE INTO customers VALUES (?,?)", ((row[4], row[5]) for row in rows))
    for start in range(0, len(rows), 1000):
        part = list(enumerate(rows[start : start + 1000], start))
        cents = {n: round(float(row[6]) * 100) for n, row in part}
        raw.executemany("INSERT INTO invoices VALUES (?,?,?,?,?,?,?)", (
            (n, row[4], row[1], str(row[2]), str(row[3]), cents[n], cents[n]) for n, row in part))
        raw.executemany("INSERT INTO dues VALUES (?,?,?,?,?)", ((n, n, row[4], str(row[3]), cents[n]) for n,
                                                                row in part))
        raw.commit()
    raw.close()
    return (time.perf_counter() - began) * 1000


def bench_b10() -> dict[str, Any]:
    """Read, understand and post; time and peak memory of a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        home, book = Path(folder) / "home", Path(folder) / "ledger.xlsx"
        home.mkdir()
        _workbook(book)
        prepare = ("from fieldsales.config import Settings; from fieldsales.store import migrate; "
                   "migrate(Settings().database)")
        environment = {"FIELDSALES_HOME": str(home), "PATH": "/usr/bin:/bin"}
        root = Path(__file__).parents[2]
        subprocess.run([sys.executable, "-c", prepare], env=environment, cwd=root, check=True)
        floors = [_floor(book, Path(folder) / "before.db")]
        ran = subprocess.run([sys.executable, "-c", _CHILD, str(book)], env=environment, cwd=root, check=True,
                             capture_output=True, text=True)
        floors.append(_floor(book, Path(folder) / "after.db"))
        found = json.loads(ran.stdout.splitlines()[-1])
    figure, floor = found["s"] * 1000, sum(floors) / 2
    return {"what": "import 100,000 invoices from Excel", "aim": "≤ 12 s, ≤ 400 MB, progress shown",
            "figure_ms": round(figure), "floor_ms": round(floor), "ratio": round(figure / floor, 2),
            "read_ms": round(found["read_s"] * 1000),
            "cpu_ms": round(found["cpu_s"] * 1000), "peak_mb": round(found["mb"]), "added": found["added"],
            "adds_up": found["adds_up"], "progress_steps": found["steps"]}
