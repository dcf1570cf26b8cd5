"""The demo's people: two teams of reps, their managers, finance, legal and admin."""

from __future__ import annotations

from sqlalchemy import func, select

from fieldsales.demo.names import SELLERS, TEAMS
from fieldsales.exchange.messages import AddSellers, NewSeller
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import SYSTEM, Actor
from fieldsales.machine.speech import in_chinese
from fieldsales.people.messages import AddTeam, AddUser, Role
from fieldsales.people.models import User
from fieldsales.people.passwords import fits
from fieldsales.people.queries import actor_by_login
from fieldsales.store.base import table_of
from fieldsales.web.here import Program

PASSWORD = "fieldsales-demo"
"""Everybody's in the demo; ``up --empty`` makes a database without these people."""
_users = table_of(User)

#: (login, name, role, team)
PEOPLE: tuple[tuple[str, str, Role, str | None], ...] = (
    ("wangfang", "王芳", "rep", "城东组"), ("liqiang", "李强", "rep", "城东组"),
    ("chenxiaomin", "陈晓敏", "rep", "城西组"), ("zhaolei", "赵磊", "rep", "城西组"),
    ("zhouj", "周建国", "manager", "城东组"), ("wulan", "吴岚", "manager", "城西组"),
    ("sunli", "孙丽", "finance", None), ("qianwen", "钱文", "legal", None),
    ("admin", "管理员", "admin", None),
)
_ROLES = {"rep": ("业务员", "rep"), "manager": ("主管", "manager"), "finance": ("财务", "finance"),
          "legal": ("法务", "legal"), "admin": ("管理员", "admin")}


def is_empty(program: Program) -> bool:
    """Whether nobody is on record yet."""
    with program.store.reading() as connection:
        return connection.execute(select(func.count()).select_from(_users)).scalar_one() == 0


def hire(program: Program) -> dict[str, Actor]:
    """Put teams, people and selling companies on record; returns the people by login."""
    perform = program.dispatcher.perform
    teams = {name: uuid7() for name, _ in TEAMS}
    for name, team_id in teams.items():
        perform(SYSTEM, "people.add_team", AddTeam(team_id=team_id, name=name, region="宁波"))
    for login, name, role, team in PEOPLE:
        user_id = uuid7()
        perform(SYSTEM, "people.add_user", AddUser(
            user_id=user_id, login=login, name=name, role=role, team_id=teams.get(team or ""), password=PASSWORD,
            email=f"{login}@haichuan.example"))
    perform(SYSTEM, "exchange.add_sellers", AddSellers(sellers=[
        NewSeller(seller_id=uuid7(), code=code, name=name, reg_no=f"9X330200MA0000{code}", bank_name=bank,
                  bank_account=account, address="浙江省宁波市海曙区药行街 128 号", phone="0574-00000128")
        for code, name, bank, account in SELLERS]))
    with program.store.reading() as connection:
        found = {login: actor_by_login(connection, login) for login, *_ in PEOPLE}
    return {login: actor for login, actor in found.items() if actor is not None}


def lines(program: Program) -> list[str]:
    """One line a person who can still log in with the demo's password (asked of the admin's alone: it is slow)."""
    with program.store.reading() as connection:
        rows = {row.login: row for row in connection.execute(select(_users).where(_users.c.active))}
    admin = rows.get("admin")
    if admin is None or not fits(admin.password, PASSWORD):
        return []
    chinese = in_chinese()
    told = [f"演示账号（密码都是 {PASSWORD}）：" if chinese else f"Demo logins (password {PASSWORD}):"]
    for login, name, role, _team in PEOPLE:
        if login in rows:
            told.append(f"{login:<12} {_ROLES[role][0 if chinese else 1]} {name}")
    return told
