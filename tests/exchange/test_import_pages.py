"""The pages of files in and lists out, as finance and others meet them."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from fieldsales import worker
from fieldsales.exchange import views
from fieldsales.exchange.tablefiles import write_csv
from fieldsales.exchange.tables import read_table
from fieldsales.receivables.models import Invoice
from fieldsales.store.base import table_of
from fieldsales.web.here import Program
from tests.cast import HARBOUR_NAME, RIVER_NAME

LEDGER = """应收款明细表
客户编码,客户名称,单据编号,单据日期,到期日,价税合计,业务员
C001,海港五金商行,A1,{a},2026-02-04,"1,000.00",王小明
N001,=cmd|' /C calc'!A0,A2,{b},2026-02-05,500.50,王小明
N002,<script>alert(1)</script>,A3,2013-02-30,2026-02-05,70,
合计,,,,,"1,570.50",
"""
CLEAR = LEDGER.format(a="2026-01-05", b="2026-01-06").encode("gb18030")
OPEN = LEDGER.format(a="1/5/2026", b="1/6/2026").encode("gb18030")

LogIn = Callable[[str], FlaskClient]


def hand_in(client: FlaskClient, data: bytes, name: str = "应收.csv", **form: str) -> str:
    answer = client.post("/import", data={"file": (io.BytesIO(data), name), **form})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.headers["Location"])


def fetch(client: FlaskClient, address: str) -> bytes:
    with client.get(address) as answer:
        assert answer.status_code == 200
        return answer.data


def count(program: Program) -> int:
    with program.store.reading() as connection:
        return connection.execute(select(func.count()).select_from(table_of(Invoice))).scalar_one()


def test_file_is_looked_at_taken_in_and_taken_back(log_in: LogIn, program: Program) -> None:
    client = log_in("finance")
    look = hand_in(client, CLEAR)
    seen = client.get(look).get_data(as_text=True)
    assert 'data-rows="read">4<' in seen
    assert 'data-rows="errors">1<' in seen
    assert "1,570.50" in seen
    assert "&lt;script&gt;" not in seen  # the refused row's name is not shown, and never raw
    assert "<script>alert" not in seen
    assert count(program) == 0
    answer = client.post(look, data={"mapping_name": "金蝶应收"})
    assert answer.status_code == 303
    result = client.get(answer.headers["Location"])
    assert 'data-rows="added">2<' in result.get_data(as_text=True)
    assert count(program) == 2
    assert "金蝶应收" in client.get(hand_in(client, CLEAR)).get_data(as_text=True)
    undone = client.post(answer.headers["Location"] + "/undo", data={"reason": "传错了"}, follow_redirects=True)
    assert undone.status_code == 200
    with program.store.reading() as connection:
        assert connection.execute(select(func.sum(Invoice.open_minor))).scalar_one() == 0


def test_ambiguous_dates_are_asked_and_nothing_is_taken_in_before(log_in: LogIn, program: Program) -> None:
    client = log_in("finance")
    look = hand_in(client, OPEN)
    assert "1/5/2026" in client.get(look).get_data(as_text=True)
    assert client.post(look).status_code == 422
    assert count(program) == 0
    assert client.post(look + "&order=dmy").status_code == 303
    with program.store.reading() as connection:
        days = connection.execute(select(Invoice.issued_on).order_by(Invoice.number)).scalars().all()
    assert [str(day) for day in days] == ["2026-05-01", "2026-06-01"]


def test_double_click_takes_in_once(log_in: LogIn, program: Program) -> None:
    client = log_in("finance")
    look = hand_in(client, CLEAR)
    for _ in range(2):
        assert client.post(look, data={"command_id": "019c0000-0000-7000-8000-00000000abcd"}).status_code in {303, 409}
    assert count(program) == 2


@pytest.mark.parametrize(
    ("data", "name"),
    [(b"", "a.csv"), (b"PK\x03\x04broken", "a.xlsx"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 900, "a.xls"),
     (b"\x89PNG\r\n\x1a\n\0\0\0", "a.png"), (b"\xff\xff\xff\x80", "a.csv")],
)
def test_unreadable_file_gets_a_sentence_never_a_500(log_in: LogIn, data: bytes, name: str) -> None:
    answer = log_in("finance").post("/import", data={"file": (io.BytesIO(data), name)})
    assert answer.status_code == 422
    assert 'class="error"' in answer.get_data(as_text=True)


@pytest.mark.parametrize("query", ["kind=nonsense", "col_total=999&col_number=abc", "order=xyz", "term_days=99999999",
                                   "sheet=none", "currency=%F0%9F%92%B0", "col_issued_on=5&col_total=0"])
def test_nonsense_in_the_address_is_no_500(log_in: LogIn, query: str) -> None:
    client = log_in("finance")
    address = hand_in(client, CLEAR).split("?")[0]
    assert client.get(f"{address}?{query}").status_code in {200, 422}


def test_error_workbook_has_the_row_and_the_reason(log_in: LogIn) -> None:
    client = log_in("finance")
    look = hand_in(client, CLEAR)
    path, _, query = look.partition("?")
    for address in (f"{path}/errors.xlsx?{query}", client.post(look).headers["Location"] + "/errors.xlsx"):
        rows = read_table(client.get(address).data).rows
        assert rows[0][3:] == ["客户编码", "客户名称", "单据编号", "单据日期", "到期日", "价税合计", "业务员"]
        assert rows[1][0] == 5
        assert "2013-02-30" in str(rows[1][1])
        assert rows[1][5] == "A3"


def test_corrected_error_workbook_is_taken_in(log_in: LogIn, program: Program) -> None:
    client = log_in("finance")
    look = hand_in(client, CLEAR)
    client.post(look)
    path, _, query = look.partition("?")
    rows = read_table(client.get(f"{path}/errors.xlsx?{query}").data).rows
    lines = [[str(cell if cell is not None else "").replace("2013-02-30",
                                                            "2026-01-07") for cell in row] for row in rows]
    stream = io.BytesIO()
    write_csv(stream, lines[0], lines[1:])
    client.post(hand_in(client, stream.getvalue(), "errors.csv"))
    assert count(program) == 3


def test_long_file_is_taken_in_by_the_worker_with_progress(
    log_in: LogIn, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "AT_ONCE", 1)
    client = log_in("finance")
    answer = client.post(hand_in(client, CLEAR))
    waiting = client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "data-running" in waiting
    assert count(program) == 0
    worker.run_once(program)
    assert 'data-rows="added">2<' in client.get(answer.headers["Location"]).get_data(as_text=True)
    assert count(program) == 2


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_export_shows_only_what_one_may_see_and_runs_no_formula(log_in: LogIn, form: str) -> None:
    finance = log_in("finance")
    finance.post(hand_in(finance, CLEAR))
    everything = fetch(finance, f"/export/customers?format={form}")
    rows = read_table(everything).rows
    assert {str(row[0]) for row in rows[1:]} == {"C001", "C002", "N001"}
    assert ["=cmd|' /C calc'!A0" in row for row in rows].count(True) == 1  # as it was, once read back
    if form == "csv":
        assert "'=cmd" in everything.decode("utf-8-sig")
    own = fetch(log_in("rep"), f"/export/customers?format={form}")
    names = {str(row[1]) for row in read_table(own).rows[1:]}
    assert HARBOUR_NAME in names
    assert RIVER_NAME not in names


@pytest.mark.parametrize("kind", ["customers", "invoices", "payments"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_export_imports_again_unchanged(log_in: LogIn, kind: str, form: str) -> None:
    client = log_in("finance")
    client.post(hand_in(client, CLEAR))
    paid = "收款日期,客户编码,收款金额,应收单号\n2026-03-01,C001,300,A1\n2026-03-02,C001,100,\n"
    client.post(hand_in(client, paid.encode(), kind="payments"))
    table = fetch(client, f"/export/{kind}?format={form}")
    look = hand_in(client, table, f"{kind}.{form}", kind=kind)
    seen = client.get(look).get_data(as_text=True)
    assert 'data-rows="added">0<' in seen
    assert 'data-rows="errors">0<' in seen
    assert f'data-rows="already_there">{len(read_table(table).rows) - 1}<' in seen
    client.post(look)
    again = fetch(client, f"/export/{kind}?format={form}")
    assert read_table(again).rows == read_table(table).rows


def test_rep_reaches_neither_page_nor_file(log_in: LogIn) -> None:
    finance = log_in("finance")
    look = hand_in(finance, CLEAR)
    for address in ("/import", look):
        assert log_in("rep").get(address).status_code == 403
    assert log_in("manager").post("/import", data={"file": (io.BytesIO(CLEAR), "a.csv")}).status_code == 403


def test_history_costs_the_same_with_one_and_three_imports(
    log_in: LogIn, program: Program, count_queries: Callable[..., Any]
) -> None:
    client = log_in("finance")
    seen = []
    for wanted in (1, 3):
        for number in range(wanted):
            client.post(hand_in(client,
                                CLEAR + f"C001,海港,Z{wanted}{number},2026-01-05,2026-02-04,5,\n".encode("gb18030")))
        with count_queries(program.store.engine) as statements:
            page = client.get("/import").get_data(as_text=True)
        seen.append((len(statements), page.count("应收.csv")))
    assert [rows for _, rows in seen] == [1, 4]
    # session and person, what waits in the rail (money, disputes, records), the history
    assert seen[0][0] == seen[1][0] == 7
