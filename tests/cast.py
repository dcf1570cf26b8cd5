"""The fixed cast, at a fixed noon. Every test meets the same people."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, insert

from fieldsales.customers.models import Contact, Customer, Debtor, Helper, Ownership
from fieldsales.kernel.operation import Actor
from fieldsales.people.models import Team, User
from fieldsales.people.passwords import hashed
from fieldsales.receivables.models import Seller
from fieldsales.store.base import table_of

NOON = datetime(2026, 3, 12, 4, 0, tzinfo=UTC)
"""Noon in Shanghai on Thursday 12 March 2026."""
TODAY = date(2026, 3, 12)
PASSWORD = "sell-and-collect"


def an_id(n: int) -> str:
    """A UUIDv7 that is the same in every run."""
    return f"019c0000-0000-7000-8000-{n:012x}"


TEAM, OTHER_TEAM = an_id(1), an_id(2)
SELLER, OTHER_SELLER = an_id(3), an_id(4)

REP = Actor(an_id(0x10), "王小明", "rep", TEAM)
OTHER_REP = Actor(an_id(0x11), "李四", "rep", OTHER_TEAM)
HELPER_REP = Actor(an_id(0x12), "赵帮手", "rep", TEAM)
FORMER_REP = Actor(an_id(0x13), "前任周", "rep", OTHER_TEAM)
MANAGER = Actor(an_id(0x14), "陈主管", "manager", TEAM)
OTHER_MANAGER = Actor(an_id(0x15), "吴主管", "manager", OTHER_TEAM)
FINANCE = Actor(an_id(0x16), "钱财务", "finance", None)
LEGAL = Actor(an_id(0x17), "法务孙", "legal", None)
ADMIN = Actor(an_id(0x18), "管理员", "admin", None)
DISABLED = Actor(an_id(0x19), "已离职", "rep", TEAM)
PEOPLE = {
    "rep": REP, "other_rep": OTHER_REP, "helper_rep": HELPER_REP, "former_rep": FORMER_REP, "manager": MANAGER,
    "other_manager": OTHER_MANAGER, "finance": FINANCE, "legal": LEGAL, "admin": ADMIN, "disabled": DISABLED,
}

#: REP's customer; once FORMER_REP's; HELPER_REP helps. Its canary must never reach anybody else's page.
HARBOUR = an_id(0x20)
HARBOUR_DEBTOR, HARBOUR_OWNER_AS_PERSON = an_id(0x21), an_id(0x22)
HARBOUR_CONTACT = an_id(0x23)
HARBOUR_NAME, HARBOUR_CANARY = "海港五金商行", "canary-harbour-7f3a"
#: OTHER_REP's customer.
RIVER = an_id(0x30)
RIVER_DEBTOR = an_id(0x31)
RIVER_NAME, RIVER_CANARY = "江边建材有限公司", "canary-river-91bd"


def fill(connection: Connection) -> None:
    """Put the cast into an empty database."""

    def add(model: Any, *rows: dict[str, Any]) -> None:
        for row in rows:
            connection.execute(insert(table_of(model)).values(**row))

    add(Team, {"id": TEAM, "name": "城东组"}, {"id": OTHER_TEAM, "name": "城西组"})
    secret = hashed(PASSWORD)
    add(User, *({"id": actor.user_id, "login": login, "name": actor.name, "password": secret, "role": actor.role,
                 "team_id": actor.team_id, "locale": "zh", "active": login != "disabled",
                 "fs_uniquifier": actor.user_id, "version": 1, "created_at": NOON}
                for login, actor in PEOPLE.items()))
    add(Seller,
        {"id": SELLER, "code": "HC", "name": "海川五金批发有限公司", "reg_no": "91330200TEST00001X",
         "bank_name": "示例银行宁波分行", "bank_account": "6200 0000 0000 0001"},
        {"id": OTHER_SELLER, "code": "HJ", "name": "海川建材有限公司", "reg_no": "91330200TEST00002X",
         "bank_name": "示例银行宁波分行", "bank_account": "6200 0000 0000 0002"})
    add(Customer,
        {"id": HARBOUR, "code": "C001", "name": HARBOUR_NAME, "address": "宁波市海港路1号", "phone": "0574-80000001",
         "owner_id": REP.user_id, "team_id": TEAM, "note": HARBOUR_CANARY, "lat": "29.868300", "lon": "121.544000",
         "search_text": "", "created_at": NOON},
        {"id": RIVER, "code": "C002", "name": RIVER_NAME, "address": "宁波市江边路2号", "phone": "0574-80000002",
         "owner_id": OTHER_REP.user_id, "team_id": OTHER_TEAM, "note": RIVER_CANARY, "search_text": "",
         "created_at": NOON})
    add(Debtor,
        {"id": HARBOUR_DEBTOR, "customer_id": HARBOUR, "kind": "company", "name": "宁波海港五金商行有限公司",
         "reg_no": "91330200TEST00003X", "address": "宁波市海港路1号", "email": "boss@harbour.example"},
        {"id": HARBOUR_OWNER_AS_PERSON, "customer_id": HARBOUR, "kind": "person", "name": "林海港"},
        {"id": RIVER_DEBTOR, "customer_id": RIVER, "kind": "company", "name": RIVER_NAME})
    add(Contact, {"id": HARBOUR_CONTACT, "customer_id": HARBOUR, "name": "林海港", "role": "老板",
                  "phone": "13800000001", "email": "boss@harbour.example"})
    add(Helper, {"id": an_id(0x40), "customer_id": HARBOUR, "user_id": HELPER_REP.user_id, "since_at": NOON})
    add(Ownership,
        {"id": an_id(0x41), "customer_id": HARBOUR, "user_id": FORMER_REP.user_id, "from_at": NOON, "to_at": NOON},
        {"id": an_id(0x42), "customer_id": HARBOUR, "user_id": REP.user_id, "from_at": NOON},
        {"id": an_id(0x43), "customer_id": RIVER, "user_id": OTHER_REP.user_id, "from_at": NOON})
