"""B3 and B4: the first page of customers, and finding one by one to four Chinese characters."""

from __future__ import annotations

import json
import os
import random
import sqlite3
from contextlib import closing
from dataclasses import fields
from operator import attrgetter
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from sqlalchemy import Connection, insert, select

from fieldsales.customers.lists import Wanted, like, list_customers, offered
from fieldsales.customers.models import Customer
from fieldsales.customers.search import fts_query, split_words
from fieldsales.people.rules import Scope
from fieldsales.store import Store
from fieldsales.store.base import table_of
from fieldsales.workday.lists import Line, with_money
from tests import cast
from tests.bench import money_data as data
from tests.bench.bench_money import _result, interleaved

#: how many customers the large house has
MANY = int(os.environ.get("FIELDSALES_BENCH_CUSTOMERS", "100000"))
FEW = 10_000
_ALL = Scope("all", "", None)
_SIGNS = ("海港五金建材机电装饰工程商行贸易发展天地人和永盛宏达华东西南北城乡水暖器照明消防安装门窗卫浴电气园林"
          "景观酒店管理幕墙船舶配件动力市政缆置业老王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹")
_COLUMNS = """c.id, c.code, c.name, u.name, c.overdue_minor, m.currency, m.open_minor, m.not_due_minor, m.d1_30_minor,
    m.d31_60_minor, m.d61_90_minor, m.d91p_minor, m.oldest_due_on, (SELECT stop FROM supply_decisions s
    WHERE s.customer_id = c.id ORDER BY s.at DESC LIMIT 1)"""
_FLOOR_LIST = f"""SELECT {_COLUMNS} FROM customers c LEFT JOIN users u ON u.id = c.owner_id
    LEFT JOIN customer_money m ON m.customer_id = c.id ORDER BY c.overdue_minor DESC, c.id DESC LIMIT 51"""
_FLOOR_SEARCH = f"""SELECT {_COLUMNS} FROM customers_fts f JOIN customer_search x ON x.n = f.rowid
    JOIN customers c ON c.id = x.customer_id LEFT JOIN users u ON u.id = c.owner_id
    LEFT JOIN customer_money m ON m.customer_id = c.id WHERE customers_fts MATCH ? LIMIT 51"""
_VALUES = attrgetter(*(field.name for field in fields(Line)))


def _names(count: int) -> list[str]:
    dice = random.Random(7)
    return ["".join(dice.choices(_SIGNS, k=dice.randint(3, 8))) + "有限公司" for _ in range(count)]


def _fill(connection: Connection, names: list[str]) -> None:
    # The column holds the characters alone: pinyin is made once when a customer is added, and is not measured here.
    connection.execute(insert(table_of(Customer)), [
        {"id": f"019c0000-0000-7000-9000-{n:012x}", "code": f"B{n:07}", "name": name, "version": 1,
         "created_at": cast.NOON, "search_text": " " + " ".join(split_words(name)), "owner_id": cast.REP.user_id,
         "team_id": cast.TEAM,
         "overdue_minor": (n * 7919) % 10_000_019, "credit_grade": "B"} for n, name in enumerate(names)])


def _handlers(store: Store, raw: sqlite3.Connection) -> Flask:
    """The same page from our queries, and from bare SQL: handlers of one app."""
    app = Flask("bench")

    @app.get("/ours")
    def ours() -> Response:
        with store.reading() as connection:
            found = list_customers(connection, _ALL, Wanted(request.args.get("q", "")))
            lines = with_money(connection, found.rows, cast.TODAY, "CNY")
        return Response(json.dumps([_VALUES(line) for line in lines]), mimetype="application/json")

    @app.get("/floor")
    def floor() -> Response:
        asked = request.args.get("q", "")
        rows = raw.execute(_FLOOR_SEARCH, (fts_query(asked),)) if asked else raw.execute(_FLOOR_LIST)
        return Response(json.dumps([tuple(row) for row in rows]), mimetype="application/json")

    return app


def _raw(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, check_same_thread=False)


def _first_page(count: int) -> tuple[float, float]:
    with data.a_store() as (store, path):
        with store.writing() as connection:
            _fill(connection, _names(count))
        with closing(_raw(path)) as raw:
            client = _handlers(store, raw).test_client()
            return interleaved(lambda: client.get("/ours").data, lambda: client.get("/floor").data, 60)


def bench_b3() -> dict[str, Any]:
    """The first page of customers with their money, as JSON, in a large house and in a small one."""
    small, _ = _first_page(FEW)
    figure, floor = _first_page(MANY)
    return _result(f"first page of {MANY:,} customers", f"ratio ≤ 4; {MANY:,} cost ≤ 1.3 × {FEW:,}", figure, floor,
                   small_ms=round(small, 3), growth=round(figure / small, 2))


def bench_b4() -> dict[str, Any]:
    """Search by one to four Chinese characters; every answer of the index is compared with LIKE."""
    names = _names(MANY)
    questions = [name[:length] for length, name in zip((1, 2, 3, 4) * 3, names[100:112], strict=True)]
    with data.a_store() as (store, path):
        with store.writing() as connection:
            _fill(connection, names)
        with store.reading() as connection:
            column = table_of(Customer).c.id
            equal = all(set(connection.scalars(offered(connection, asked)))
                        == set(connection.scalars(select(column).where(like(asked)))) for asked in questions)
        with closing(_raw(path)) as raw:
            client = _handlers(store, raw).test_client()
            spent = [interleaved(lambda asked=asked: client.get("/ours", query_string={"q": asked}).data,
                                 lambda asked=asked: client.get("/floor", query_string={"q": asked}).data, 20)
                     for asked in questions]
    figure, floor = (sum(pair[side] for pair in spent) / len(spent) for side in (0, 1))
    worst = max(pair[0] / pair[1] for pair in spent)
    return _result(f"search of {MANY:,} customers, 1 to 4 characters", "ratio ≤ 6, equal to LIKE", figure, floor,
                   equal_to_like=equal, worst_ratio=round(worst, 2), questions=len(questions))
