"""Whole ledgers understood: headers, totals, credit notes, opening balances, repeats, sums that add up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from fieldsales.exchange.columns import FIELDS, KINDS, LABELS, Kind
from fieldsales.exchange.headers import find_header, guess_kind, recognise
from fieldsales.exchange.ledger import Choice, read_ledger
from fieldsales.exchange.outcome import Outcome
from fieldsales.exchange.rowreader import Options
from fieldsales.exchange.tables import Row, read_table
from fieldsales.kernel.errors import Invalid
from fieldsales.kernel.sentences import catalog

DATA = Path(__file__).parents[3] / "shared" / "data"
HEAD: Row = ["客户编码", "客户名称", "单据编号", "单据日期", "到期日", "价税合计"]


def row(number: str, amount: object, *, code: str = "KH01", name: str = "海港五金", issued: str = "2026-01-05",
        due: str = "2026-02-04") -> Row:
    return [code, name, number, issued, due, amount]  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["客户编码", "客户名称", "单据编号", "业务日期", "到期日", "价税合计", "已收金额", "未收金额", "币别"],
         {"customer_code", "customer_name", "number", "issued_on", "due_on", "total", "paid", "open", "currency"}),
        (["摘要", "余额", "本币金额", "立账日期", "单据号", "客户"],
         {"summary", "open", "total", "issued_on", "number", "customer_name"}),
        (["Due Date", "Customer No.", "Invoice Amount", "invoiceNumber", "InvoiceDate"],
         {"due_on", "customer_code", "total", "number", "issued_on"}),
    ],
)
def test_columns_are_recognised_in_any_order_and_language(names: list[str], found: set[str]) -> None:
    header = find_header([list(names)], "invoices")
    assert set(header.columns) == found
    assert all(column.sure for column in header.columns.values())


def test_near_miss_is_recognised_but_not_sure() -> None:
    header = find_header([["Custmer Name", "Invoice Numbr", "Invoice Date", "Amount"]], "invoices")
    assert not header.columns["customer_name"].sure
    assert not header.columns["number"].sure
    assert header.columns["issued_on"].sure


def test_header_below_titles_and_over_two_rows_is_found() -> None:
    rows: list[Row] = [["某公司应收款明细表"], ["单位：元", "", "日期：2026-01"], [],
                       ["客户编码", "客户", "单据", "", "应收", "", "余额"],
                       ["", "", "编号", "日期", "价税合计", "已收金额", ""],
                       ["KH01", "海港", "A1", "2026-01-05", 100.0, 40.0, 60.0]]
    reading = read_ledger(rows, "invoices")
    assert (reading.header.top, reading.header.height) == (3, 2)
    assert (reading.invoices[0].minor, reading.invoices[0].paid_minor) == (10000, 4000)


def test_wan_yuan_in_the_header_multiplies() -> None:
    rows: list[Row] = [[*HEAD[:5], "金额(万元)"], row("A1", 1.25)]
    assert read_ledger(rows, "invoices").invoices[0].minor == 1_250_000


def test_missing_column_and_missing_header_say_which() -> None:
    with pytest.raises(Invalid) as refused:
        read_ledger([["客户", "单号", "日期"], ["a", "1", "2026-01-01"]], "invoices")
    assert refused.value.code == "exchange.column_missing"
    with pytest.raises(Invalid) as refused:
        read_ledger([["1", "2"], ["3", "4"]], "invoices")
    assert refused.value.code == "exchange.no_header"


def test_totals_notes_and_repeated_headers_are_left_out_by_reason() -> None:
    rows = [HEAD, row("A1", 100), ["小计", "", "", "", "", 100], HEAD, row("A2", 50, code="KH02", name="合计建材"),
            ["合 计：", "", "", "", "", 150], ["制表人：孙丽", "", "", "", "2026-11-21", ""]]
    reading = read_ledger(rows, "invoices")
    assert [record.number for record in reading.invoices] == ["A1", "A2"]
    assert reading.skip_counts() == {"total": 2, "header": 1, "note": 1}
    assert "agrees" in reading.notices[0].message


def test_total_row_that_disagrees_is_told() -> None:
    reading = read_ledger([HEAD, row("A1", 100), ["合计", "", "", "", "", 130]], "invoices")
    assert "says" in reading.notices[0].message


def test_red_letter_rows_become_credit_notes() -> None:
    rows = [[*HEAD, "单据类型"], [*row("A1", 100), "应收单"], [*row("A2", -30), "应收单"], [*row("A3", 20),
                                                                                  "红字应收单"],
            [*row("A1", "-5"), "应收单"]]
    reading = read_ledger(rows, "invoices")
    assert [(r.number, r.kind, r.minor) for r in reading.invoices] == [
        ("A1", "invoice", 10000), ("A2", "credit_note", -3000), ("A3", "credit_note", -2000),
        ("A1", "credit_note", -500)]
    assert len({r.key for r in reading.invoices}) == 4
    assert reading.read_sums == {"CNY": Decimal(45)}  # as meant: 20 is written without its minus
    outcome = Outcome.of(reading, dry_run=True)
    for record in reading.invoices:
        outcome.judged(record, "added")
    assert outcome.adds_up()


def test_opening_balance_needs_neither_number_nor_date() -> None:
    rows = [[*HEAD, "摘要"], ["KH01", "海港", "", "", "", 500, "期初余额"], [*row("A1", 100), ""]]
    opening, other = read_ledger(rows, "invoices").invoices
    assert (opening.kind, opening.number, opening.issued_on) == ("opening", "期初-KH01", date(2026, 1, 5))
    assert other.kind == "invoice"


def test_receipt_among_invoices_is_a_payment() -> None:
    rows = [[*HEAD, "单据类型"], [*row("A1", 100), "应收单"], [*row("SK1", -60), "收款单"]]
    reading = read_ledger(rows, "invoices")
    assert [(p.minor, p.received_on) for p in reading.payments] == [(6000, date(2026, 1, 5))]


def test_lines_of_one_number_are_one_invoice_and_a_repeated_row_counts_once() -> None:
    rows = [HEAD, row("A1", 100), row("A1", 50), row("A1", 25, due="2026-03-04"), row("A1", 50)]
    reading = read_ledger(rows, "invoices")
    (invoice,) = reading.invoices
    assert invoice.minor == 17500
    assert invoice.dues == [(date(2026, 2, 4), 15000), (date(2026, 3, 4), 2500)]
    assert reading.skip_counts() == {"repeat": 1}


def test_number_used_for_two_customers_is_refused_with_the_other_row() -> None:
    reading = read_ledger([HEAD, row("A1", 100), row("A1", 50, code="KH02")], "invoices")
    (problem,) = reading.problems
    assert (problem.row, problem.code, problem.params) == (3, "exchange.number_taken", {"other": 2})


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"issued": "2013-02-30"}, "exchange.no_such_day", "issued_on"),
        ({"amount": "一百"}, "exchange.amount_unreadable", "total"),
        ({"amount": "1e15"}, "exchange.amount_absurd", "total"),
        ({"number": ""}, "exchange.no_number", "number"),
        ({"code": "", "name": ""}, "exchange.no_customer", "customer_name"),
        ({"issued": "", "due": ""}, "exchange.no_date", "issued_on"),
        ({"name": "字" * 121}, "exchange.text_too_long", "customer_name"),
    ],
)
def test_bad_row_is_refused_with_its_reason_and_the_others_are_read(
    changed: dict[str, str], code: str, field: str
) -> None:
    values = {"number": "A2", "amount": "50", **changed}
    bad = row(values.pop("number"), values.pop("amount"), **values)
    reading = read_ledger([HEAD, row("A1", 100), bad, row("A3", 7)], "invoices")
    assert [(p.row, p.code, p.field) for p in reading.problems] == [(3, code, field)]
    assert len(reading.invoices) == 2
    outcome = Outcome.of(reading, dry_run=True)
    for record in reading.invoices:
        outcome.judged(record, "added")
    assert outcome.adds_up()


def test_paid_total_and_open_must_agree() -> None:
    rows: list[Row] = [[*HEAD, "已收金额", "未收金额"], [*row("A1", 100), 40, 60], [*row("A2", 100), 40, 70],
                       [*row("A3", 100), 140, ""]]
    reading = read_ledger(rows, "invoices")
    assert [p.code for p in reading.problems] == ["exchange.amounts_disagree", "exchange.paid_too_much"]
    assert reading.invoices[0].paid_minor == 4000


def test_due_date_follows_from_days_of_credit_or_terms() -> None:
    head: Row = ["客户", "单据编号", "单据日期", "金额", "收款条件", "账期天数"]
    rows: list[Row] = [head, ["a", "1", "2026-01-01", 5, "月结30天", ""], ["a", "2", "2026-01-01", 5, "", "45"],
                       ["a", "3", "2026-01-01", 5, "款到发货", ""]]
    reading = read_ledger(rows, "invoices", Choice(options=Options(term_days=10)))
    assert [r.due_on for r in reading.invoices] == [date(2026, 1, 31), date(2026, 2, 15), date(2026, 1, 11)]


def test_ambiguous_order_is_asked_with_examples_and_taken_when_chosen() -> None:
    rows = [HEAD, row("A1", 100, issued="1/2/2026", due="3/4/2026")]
    with pytest.raises(Invalid) as refused:
        read_ledger(rows, "invoices")
    assert refused.value.code == "exchange.date_order_needed"
    assert "1/2/2026" in refused.value.params["examples"]
    reading = read_ledger(rows, "invoices", Choice(options=Options(order="dmy")))
    assert reading.invoices[0].due_on == date(2026, 4, 3)


def test_payments_with_and_without_numbers_have_keys_of_their_own() -> None:
    head: Row = ["收款日期", "客户名称", "收款金额", "收款方式", "应收单号"]
    rows: list[Row] = [head, ["2026-01-05", "海港", 100, "微信", "A1、A2"], ["2026-01-05", "海港", 100, "微信", ""],
                       ["2026-01-05", "海港", 100, "微信", ""], ["2026-01-06", "海港", -5, "现金", ""]]
    reading = read_ledger(rows, "payments")
    assert [(p.method, p.invoice_numbers) for p in reading.payments] == [("qr", ("A1", "A2")), ("qr", ()), ("qr", ())]
    assert len({p.key for p in reading.payments}) == 3
    assert [p.code for p in reading.problems] == ["exchange.payment_not_positive"]
    assert [p.key for p in read_ledger(rows, "payments").payments] == [p.key for p in reading.payments]


def test_kind_of_a_file_is_guessed() -> None:
    assert guess_kind([HEAD, row("A1", 1)]) == "invoices"
    assert guess_kind([["收款单号", "收款日期", "客户", "收款金额", "收款方式"]]) == "payments"
    assert guess_kind([["客户编码", "客户名称", "联系人", "电话", "地址"]]) == "customers"


@pytest.mark.skipif(not (DATA / "open-invoices.csv").exists(), reason="the real ledger is not on this machine")
def test_real_open_invoices_come_in_whole() -> None:
    reading = read_ledger(read_table((DATA / "open-invoices.csv").read_bytes()).rows, "invoices")
    assert (reading.rows_read, len(reading.invoices), reading.problems, reading.skipped) == (7069, 7069, [], [])
    assert len(reading.names) == 412
    assert {r.seller_code for r in reading.invoices} == {"U001", "U002", "U005", "U007", "U013", "CA02"}
    assert sum(r.minor for r in reading.invoices) == 22_535_420_788
    assert {r.currency for r in reading.invoices} == {"USD"}
    assert sum(r.due_on < date(2020, 5, 31) for r in reading.invoices) == 6974
    assert reading.names_of("0140105686")[0] == "SYSC"
    assert len(reading.names_of("0140105686")[1]) == 9
    assert (reading.cleaned, reading.rounded) == (37, 363)
    first = reading.invoices[0]
    assert (first.number, first.minor, first.customer.name) == ("2960623488", 230979, "SYSC llc")


@pytest.mark.skipif(not (DATA / "open-invoices.csv").exists(), reason="the real ledger is not on this machine")
def test_real_settled_ledger_comes_in_whole() -> None:
    reading = read_ledger(read_table((DATA / "accounts-receivable-2466.csv").read_bytes()).rows, "invoices")
    assert (len(reading.invoices), len(reading.names), reading.problems) == (2466, 100, [])
    assert sum(r.minor for r in reading.invoices) == 14_770_318
    assert reading.chosen_order == "mdy"
    assert reading.order.evidence == "1/15/2013"
    assert all(r.settled_on for r in reading.invoices)
    assert sum(r.settled_on > r.due_on for r in reading.invoices if r.settled_on) == 877
    assert sum(r.disputed for r in reading.invoices) == 561


@pytest.mark.parametrize("kind", KINDS)
def test_our_own_headings_are_recognised_in_both_languages(kind: Kind) -> None:
    chinese = catalog()
    for words in (LABELS, {name: chinese[label] for name, label in LABELS.items()}):
        for name in FIELDS[kind]:
            found = recognise((words[name],), kind)
            assert list(found) == [name], (kind, name, words[name], found)
