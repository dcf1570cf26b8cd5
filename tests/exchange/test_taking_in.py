"""Ledgers into the books: dry run, doing it, the same again, undo, a killed run taken up again."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from fieldsales.customers.models import Customer, CustomerAlias
from fieldsales.exchange.importing import Importer, Source
from fieldsales.exchange.ledger import read_ledger
from fieldsales.exchange.messages import UndoImport
from fieldsales.exchange.tables import Row, read_table
from fieldsales.kernel.errors import NotAllowed, RuleBroken
from fieldsales.receivables.models import Allocation, Due, Invoice, Payment, Seller
from fieldsales.store.base import table_of
from fieldsales.web.here import Program
from tests.cast import FINANCE, HARBOUR, REP, SELLER

DATA = Path(__file__).parents[3] / "shared" / "data"
HEAD: Row = ["客户编码", "客户名称", "单据编号", "单据日期", "到期日", "价税合计", "已收金额", "业务员", "销售公司"]
LEDGER: list[Row] = [
    HEAD,
    ["C001", "海港五金商行", "A1", "2026-01-05", "2026-02-04", 1000, "", "王小明", "HC"],
    ["N001", "四明家装", "A2", "2026-01-06", "2026-02-05", 500.5, 200, "王小明", "HC"],
    ["N001", "四明家装工程", "A3", "2026-02-06", "2026-04-05", 300, "", "谁", "NEW"],
    ["N001", "四明家装", "A4", "2026-02-07", "2026-03-05", -50, "", "", "HC"],
    ["N002", "坏日期", "A5", "2013-02-30", "2026-03-05", 70, "", "", "HC"],
    ["合计", "", "", "", "", 1820.5, "", "", ""],
]


def importer(program: Program, **more: Any) -> Importer:
    return Importer(program.dispatcher, FINANCE, **more)


def source(name: str = "a") -> Source:
    return Source(f"{name}.xlsx", name[0].encode().hex().ljust(64, "0"))


def total(program: Program, column: Any, *where: Any) -> int:
    with program.store.reading() as connection:
        return connection.execute(select(func.coalesce(func.sum(column), 0)).where(*where)).scalar_one()


def count(program: Program, model: Any) -> int:
    with program.store.reading() as connection:
        return connection.execute(select(func.count()).select_from(table_of(model))).scalar_one()


def test_dry_run_writes_nothing_and_adds_up(program: Program) -> None:
    outcome = importer(program).preview(read_ledger(LEDGER, "invoices"))
    assert outcome.adds_up()
    assert outcome.counts()["rows"] == {"read": 6, "added": 4, "already_there": 0, "skipped": 1, "errors": 1}
    assert outcome.counts()["customers"] == {"seen": 3 - 1, "added": 1}
    assert outcome.sums_json()["CNY"] == {
        "read": "1820.50", "added": "1750.50", "already_there": "0.00", "skipped": "0.00", "errors": "70.00",
        "rounding": "0", "settled": "200.00"}
    assert (count(program, Invoice), count(program, Customer), count(program, Seller)) == (0, 2, 2)


def test_import_puts_everything_into_the_books(program: Program) -> None:
    outcome = importer(program).run(read_ledger(LEDGER, "invoices"), source())
    assert outcome.adds_up()
    assert outcome.records == {"invoice": 3, "credit_note": 1}
    invoices, customers = table_of(Invoice), table_of(Customer)
    with program.store.reading() as connection:
        rows = {row.number: row for row in connection.execute(select(invoices))}
        new = connection.execute(select(customers).where(customers.c.code == "N001")).one()
        aliases = connection.execute(select(table_of(CustomerAlias).c.name)).scalars().all()
    assert rows["A1"].customer_id == HARBOUR
    assert rows["A1"].seller_id == SELLER
    assert rows["A2"].open_minor == 50050 - 20000 - 5000  # the credit note is set off against the oldest debt
    assert (rows["A4"].kind, rows["A4"].total_minor) == ("credit_note", -5000)
    assert (new.name, new.owner_id, aliases) == ("四明家装", REP.user_id, ["四明家装工程"])
    assert total(program, Invoice.total_minor) == 175050
    assert [notice.params for notice in outcome.notices if "reps" in notice.message] == []


def test_new_customers_without_a_rep_are_told_before_and_after(program: Program) -> None:
    nobodys = [list(row) for row in LEDGER]
    nobodys[2][7] = ""
    for outcome in (importer(program).preview(read_ledger(nobodys, "invoices")),
                    importer(program).run(read_ledger(nobodys, "invoices"), source())):
        assert {"count": 1} in [notice.params for notice in outcome.notices if "no owner" in notice.message]


def test_the_same_file_twice_adds_nothing(program: Program) -> None:
    importer(program).run(read_ledger(LEDGER, "invoices"), source())
    before = [count(program, model) for model in (Invoice, Payment, Customer, Due, Allocation, CustomerAlias)]
    again = importer(program).run(read_ledger(LEDGER, "invoices"), source())
    assert again.counts()["rows"] == {"read": 6, "added": 0, "already_there": 4, "skipped": 1, "errors": 1}
    assert again.adds_up()
    assert [count(program, model) for model in (Invoice, Payment, Customer, Due, Allocation, CustomerAlias)] == before


def test_undo_takes_everything_back_and_the_file_can_come_again(program: Program) -> None:
    outcome = importer(program).run(read_ledger(LEDGER, "invoices"), source())
    undo = UndoImport(import_id=outcome.import_id, reason="传错文件")
    program.dispatcher.perform(FINANCE, "exchange.undo_import", undo)
    assert total(program, Invoice.open_minor) == 0
    assert total(program, Due.open_minor) == 0
    assert total(program, Payment.amount_minor) == 0
    assert total(program, Allocation.amount_minor) == 0
    with pytest.raises(RuleBroken) as refused:
        program.dispatcher.perform(FINANCE, "exchange.undo_import", undo)
    assert refused.value.code == "exchange.undone"
    again = importer(program).run(read_ledger(LEDGER, "invoices"), source())
    assert again.rows_added == 4
    assert total(program, Invoice.open_minor) == 175050 - 20000


def test_undo_is_refused_whole_when_money_came_since(program: Program) -> None:
    outcome = importer(program).run(read_ledger(LEDGER, "invoices"), source())
    paid = read_ledger([["收款日期", "客户编码", "收款金额", "应收单号"], ["2026-03-01", "C001", 10, "A1"]],
                       "payments")
    importer(program).run(paid, source("b"))
    before = total(program, Invoice.open_minor)
    with pytest.raises(RuleBroken) as refused:
        program.dispatcher.perform(FINANCE, "exchange.undo_import",
                                   UndoImport(import_id=outcome.import_id, reason="传错文件"))
    assert refused.value.code == "receivables.paid_on"
    assert total(program, Invoice.open_minor) == before


def test_undo_of_payments_reopens_what_several_of_them_had_paid(program: Program) -> None:
    importer(program).run(read_ledger(LEDGER[:2], "invoices"), source())
    rows: list[Row] = [["收款日期", "客户编码", "收款金额", "应收单号"], ["2026-03-01", "C001", 300, "A1"],
                       ["2026-03-02", "C001", 400, "A1"]]
    outcome = importer(program).run(read_ledger(rows, "payments"), source("b"))
    assert total(program, Invoice.open_minor) == 30000
    program.dispatcher.perform(FINANCE, "exchange.undo_import", UndoImport(import_id=outcome.import_id, reason="错"))
    assert total(program, Invoice.open_minor) == 100000
    assert total(program, Due.open_minor) == 100000


def test_payment_without_invoice_number_follows_the_statutory_order(program: Program) -> None:
    rows = [HEAD, *(["C001", "海港", f"A{n}", "2026-01-05", f"2026-02-0{n}", 100, "", "", ""] for n in (1, 2, 3))]
    importer(program).run(read_ledger(rows, "invoices"), source())
    paid = read_ledger([["收款日期", "客户编码", "收款金额"], ["2026-03-01", "C001", 150]], "payments")
    importer(program).run(paid, source("b"))
    with program.store.reading() as connection:
        left = {row.number: row.open_minor for row in connection.execute(select(Invoice.number, Invoice.open_minor))}
    assert left == {"A1": 0, "A2": 5000, "A3": 10000}


def test_payer_nobody_knows_is_told_before_a_customer_is_made_of_it(program: Program) -> None:
    paid = read_ledger([["收款日期", "客户名称", "收款金额"], ["2026-03-01", "海巷五金商行", 150]], "payments")
    outcome = importer(program).preview(paid)
    assert [notice.params for notice in outcome.notices] == [{"names": "海巷五金商行"}]


def test_rep_may_not_import(program: Program) -> None:
    with pytest.raises(NotAllowed):
        Importer(program.dispatcher, REP).run(read_ledger(LEDGER, "invoices"), source())
    assert count(program, Invoice) == 0


class _Killed(Exception):
    pass


@pytest.mark.soak
def test_killed_import_goes_on_where_it_stopped_and_doubles_nothing(program: Program) -> None:
    rows: list[Row] = [HEAD, *(["C001", "海港", f"B{n}", "2026-01-05", "2026-02-04", 10, 4 if n % 2 else "", "", "HC"]
                               for n in range(2500))]

    def die(done: int, whole: int) -> None:
        if done >= 1000:
            raise _Killed

    with pytest.raises(_Killed):
        importer(program, progress=die).run(read_ledger(rows, "invoices"), source())
    assert count(program, Invoice) == 1000
    outcome = importer(program).run(read_ledger(rows, "invoices"), source())
    assert outcome.adds_up()
    assert (outcome.rows_added, outcome.rows_there, outcome.settled) == (2500, 0, 1250)
    assert (count(program, Invoice), total(program, Invoice.total_minor)) == (2500, 2500 * 1000)
    assert total(program, Payment.amount_minor) == 1250 * 400
    third = importer(program).run(read_ledger(rows, "invoices"), source())
    assert (third.rows_added, third.rows_there) == (0, 2500)


def test_row_the_books_refuse_is_found_and_the_others_come_in(program: Program) -> None:
    reading = read_ledger([HEAD, *(["C001", "海", f"C{n}", "2026-01-05", "2026-02-04", 10, "", "",
                                    ""] for n in range(9))],
                          "invoices")
    reading.invoices[4].due_on = date(2300, 1, 1)
    outcome = importer(program).run(reading, source())
    assert outcome.adds_up()
    assert (outcome.rows_added, outcome.rows_failed) == (8, 1)
    assert [problem.row for problem in outcome.problems] == [6]


def test_customer_file_fills_gaps_and_overwrites_nothing(program: Program) -> None:
    importer(program).run(read_ledger(LEDGER, "invoices"), source())
    people: list[Row] = [["客户编码", "客户名称", "联系电话", "地址", "纬度", "经度"],
                         ["N001", "四明家装", "0574-88", "中山东路1号", "29.87", "121.55"],
                         ["C001", "海港五金商行", "0574-99", "别处", "1", "2"]]
    outcome = importer(program).run(read_ledger(people, "customers"), source("b"))
    assert (outcome.rows_added, outcome.rows_there) == (0, 2)
    c = table_of(Customer).c
    with program.store.reading() as connection:
        told = {row.code: row for row in connection.execute(select(c.code, c.phone, c.address, c.lat))}
    assert tuple(told["N001"])[1:] == ("0574-88", "中山东路1号", "29.87")
    assert tuple(told["C001"])[1:] == ("0574-80000001", "宁波市海港路1号", "29.868300")


def test_name_that_two_customers_share_is_refused(program: Program) -> None:
    people = [["客户编码", "客户名称"], ["X1", "同名店"], ["X2", "同名店"]]
    importer(program).run(read_ledger(people, "customers"), source())  # type: ignore[arg-type]
    rows: list[Row] = [["客户名称", "单据编号", "单据日期", "金额"], ["同名店", "A1", "2026-01-05", 5]]
    outcome = importer(program).run(read_ledger(rows, "invoices"), source("b"))
    assert [problem.code for problem in outcome.problems] == ["exchange.name_of_several"]
    assert outcome.adds_up()


@pytest.mark.slow
@pytest.mark.skipif(not (DATA / "open-invoices.csv").exists(), reason="the real ledger is not on this machine")
@pytest.mark.parametrize("engine", ["sqlite_url", "postgres_url"])
def test_real_open_invoices_in_the_books(
    engine: str, request: pytest.FixtureRequest, make_app: Callable[..., Flask]
) -> None:
    program: Program = make_app(request.getfixturevalue(engine)).extensions["fieldsales"]
    reading = read_ledger(read_table((DATA / "open-invoices.csv").read_bytes()).rows, "invoices")
    started = time.monotonic()
    outcome = importer(program).run(reading, source())
    print(f"open-invoices: {time.monotonic() - started:.1f} s")
    assert outcome.adds_up()
    assert outcome.counts()["rows"] == {"read": 7069, "added": 7069, "already_there": 0, "skipped": 0, "errors": 0}
    assert outcome.counts()["customers"] == {"seen": 412, "added": 412}
    assert outcome.counts()["sellers"] == {"seen": 6, "added": 6}
    assert total(program, Invoice.open_minor) == 22_535_420_788
    overdue = [Due.due_on < date(2020, 5, 31), Due.open_minor > 0]
    with program.store.reading() as connection:
        late = connection.execute(select(func.count()).select_from(table_of(Due)).where(*overdue)).scalar_one()
    assert late == 6974
    again = importer(program).run(reading, source("b"))
    assert (again.rows_added, again.rows_there) == (0, 7069)


@pytest.mark.slow
@pytest.mark.skipif(not (DATA / "open-invoices.csv").exists(), reason="the real ledger is not on this machine")
def test_real_settled_ledger_in_the_books(program: Program) -> None:
    reading = read_ledger(read_table((DATA / "accounts-receivable-2466.csv").read_bytes()).rows, "invoices")
    started = time.monotonic()
    outcome = importer(program).run(reading, source())
    print(f"accounts-receivable-2466: {time.monotonic() - started:.1f} s")
    assert outcome.adds_up()
    assert (outcome.rows_added, outcome.settled, outcome.customers_added) == (2466, 2466, 100)
    assert (total(program, Invoice.total_minor), total(program, Invoice.open_minor)) == (14_770_318, 0)
    assert total(program, Payment.amount_minor) == 14_770_318
    with program.store.reading() as connection:
        disputed = connection.execute(
            select(func.count()).select_from(table_of(Invoice)).where(Invoice.disputed)).scalar_one()
        late = connection.execute(
            select(func.count()).select_from(table_of(Allocation).join(table_of(Payment),
                                                                       Payment.id == Allocation.payment_id)
                                             .join(table_of(Due), Due.id == Allocation.due_id))
            .where(Payment.received_on > Due.due_on)).scalar_one()
    assert (disputed, late) == (561, 877)
