"""Files of formats that plugins read: the same pages and books as any ledger, whatever the reader does."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from fieldsales.customers.models import Customer
from fieldsales.exchange import formats
from fieldsales.plugin_api.manager import Plugins
from fieldsales.receivables.models import Payment
from fieldsales.store.base import table_of
from fieldsales.web.here import Program
from tests import cast
from tests.collection.conftest import with_debt

READER = '''
import socket, subprocess, time
from datetime import date
from decimal import Decimal
from fieldsales.plugin_api import FileRead, Importer, LineProblem, PaymentLine, Unreadable, hookimpl, words

def read(data, settings):
    lines = data.decode().split("\\n")
    if lines[0] == "HB1;hang":
        while True: pass
    if lines[0] == "HB1;eat": return "x" * 2_000_000_000
    if lines[0] == "HB1;call": socket.create_connection(("127.0.0.1", 9))
    if lines[0] == "HB1;start": subprocess.run(["true"])
    if lines[0] == "HB1;raise": raise KeyError("sum")
    if lines[0] == "HB1;wrong": return [1]
    if lines[0] == "HB1;says": raise Unreadable(words("不是本行的文件", "not our file"))
    rows, problems, passed = [], [], []
    for number, line in enumerate(lines[1:], 2):
        who, _, amount = line.partition(";")
        if who.startswith("客户"): continue
        if amount == "?": problems.append(LineProblem(number, words("金额看不清", "amount not clear")))
        elif amount.startswith("-"): passed.append(number)
        elif who: rows.append(PaymentLine(number, who, Decimal(amount), "CNY", date(2026, 3, 12), f"k{number}", "货款"))
    return FileRead(tuple(rows), tuple(problems), tuple(passed), (words("账户：1", "Account: 1"),))

@hookimpl
def importers():
    return [Importer("house_bank", words("本地银行", "House bank"), "payments",
                     lambda name, first: first.startswith(b"HB1;"), read)]
'''
STATEMENT = f"HB1;\n{cast.HARBOUR_NAME};500.00\n不认识的公司;7\n{cast.HARBOUR_NAME};?\n房租;-90\n".encode()


@pytest.fixture
def office(make_app: Callable[..., Flask], main_url: str, tmp_path: Path) -> tuple[Program, FlaskClient]:
    """The program with one reader of a bank's files, and finance at the desk."""
    folder = tmp_path / "plugins"
    folder.mkdir()
    (folder / "bank.py").write_text(READER, encoding="utf-8")
    app = make_app(main_url, plugins=Plugins.load(None, folder, with_installed=False))
    program = with_debt(app)
    client = app.test_client()
    client.post("/login", data={"login": "finance", "password": cast.PASSWORD})
    return program, client


def hand_in(client: FlaskClient, data: bytes, name: str = "对账单.txt") -> tuple[int, str]:
    answer = client.post("/import", data={"file": (io.BytesIO(data), name)})
    return answer.status_code, answer.headers.get("Location") or answer.get_data(as_text=True)


def counted(program: Program, model: type) -> int:
    with program.store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(table_of(model))).scalar_one())


def test_bank_file_is_looked_at_booked_once_and_taken_back(office: tuple[Program, FlaskClient]) -> None:
    program, client = office
    before, customers = counted(program, Payment), counted(program, Customer)
    status, look = hand_in(client, STATEMENT)
    assert (status, "reader=house_bank" in look, "kind=payments" in look) == (303, True, True)
    page = client.get(look).get_data(as_text=True)
    for words in ("本地银行", "账户：1", "金额看不清", "没有名为“不认识的公司”的客户", "支出 1 笔"):
        assert words in page, words
    form = dict(part.split("=") for part in look.partition("?")[2].split("&"))
    answer = client.post(look.partition("?")[0], data=form)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert counted(program, Payment) == before + 1
    assert counted(program, Customer) == customers  # whoever pays by the bank is no customer for that
    with program.store.reading() as connection:
        row = connection.execute(select(table_of(Payment)).order_by(table_of(Payment).c.posted_at.desc())).first()
    assert row is not None
    assert (row.amount_minor, row.customer_id, row.payer_name) == (50_000, cast.HARBOUR, cast.HARBOUR_NAME)
    done = client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "金额看不清" in done
    client.post(look.partition("?")[0], data=form)
    assert counted(program, Payment) == before + 1  # the same file again adds nothing
    book = client.get(answer.headers["Location"] + "/errors.xlsx")
    assert book.data[:2] == b"PK"


def test_file_may_be_mapped_by_hand_instead(office: tuple[Program, FlaskClient]) -> None:
    _, client = office
    table = "HB1;\n客户名称;收款金额\n海港五金商行;5\n".encode()
    _, look = hand_in(client, table)
    by_hand = client.get(look.replace("reader=house_bank", "reader=-"))
    assert by_hand.status_code == 200
    assert "本地银行" in by_hand.get_data(as_text=True)  # the way back to the reader


def test_reader_that_fails_is_said_and_books_nothing(
    office: tuple[Program, FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    program, client = office
    before = counted(program, Payment)
    for what, words in [("raise", "KeyError"), ("wrong", "FileRead"), ("call", "host"), ("start", "may not do this"),
                        ("says", "不是本行的文件"), ("eat", "MemoryError")]:
        status, page = hand_in(client, f"HB1;{what}\n".encode())
        assert (status, words in page) == (422, True), (what, page[-600:])
    monkeypatch.setattr(formats, "LARGEST_FILE", 1000)
    status, page = hand_in(client, b"HB1;raise\n" + b"a;1\n" * 300)  # refused before any process is begun
    assert (status, "KeyError" in page, "MB" in page) == (422, False, True)
    monkeypatch.setattr(formats, "START_S", -58.8)
    status, page = hand_in(client, b"HB1;hang\n")
    assert (status, "时间太长" in page) == (422, True)
    assert counted(program, Payment) == before
