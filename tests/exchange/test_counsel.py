"""A case handed to outside counsel: one case and no other, for a while, behind a code, every look on record."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, update

from fieldsales.documents.tickets import tail_for
from fieldsales.exchange.counsel import MOST_WRONG, CounselFact, load_counsel_links
from fieldsales.exchange.counselmodels import CounselLink, CounselVisit
from fieldsales.exchange.counselpages import _code, address_of
from fieldsales.exchange.models import Bundle
from fieldsales.kernel.clock import FixedClock
from fieldsales.kernel.errors import NotAllowed, NotFound, RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import SYSTEM
from fieldsales.plans.models import Plan
from fieldsales.store.base import table_of
from fieldsales.web.here import Program
from tests import cast
from tests.collection.conftest import rows, with_debt
from tests.plans.signing import enrol, plan
from tests.plans.test_plans import push

DESK = f"/customers/{cast.HARBOUR}/counsel"


@pytest.fixture
def owed(app: Flask) -> Program:
    return prepared(app)


def prepared(app: Flask) -> Program:
    """A plan signed at the harbour, two bundles packed and one ordered."""
    program = with_debt(app)
    enrol(program)
    payload = plan()
    push(program, payload)
    program.parts["blobs"].path("b" * 64).parent.mkdir(parents=True, exist_ok=True)
    program.parts["blobs"].path("b" * 64).write_bytes(b"PK the evidence")
    for n, state in ((1, "ready"), (2, "ready"), (3, "ordered")):
        row = {"id": bundle(n), "plan_id": payload.plan_id, "customer_id": cast.HARBOUR, "state": state,
               "by_id": cast.LEGAL.user_id, "ordered_at": cast.NOON, "sha256": "b" * 64, "size": 15}
        statement = insert(table_of(Bundle)).values(**row)
        program.dispatcher.note(partial(_execute, statement))
    return program


def _execute(statement: Any, connection: Any) -> Any:
    return connection.execute(statement)


def bundle(n: int) -> str:
    return cast.an_id(0x500 + n)


def offer(program: Program, actor: Any = cast.LEGAL, **more: Any) -> str:
    link_id = uuid7()
    program.dispatcher.perform(actor, "exchange.offer_counsel", {
        "link_id": link_id, "customer_id": cast.HARBOUR, "firm": "浙江某某律师事务所", "bundle_ids": [bundle(1)],
        "with_code": False} | more)
    return link_id


def link(program: Program, link_id: str) -> CounselFact:
    with program.store.reading() as connection:
        found: CounselFact = load_counsel_links(connection, [link_id])[link_id]
    return found


def path(app: Flask, program: Program, link_id: str) -> str:
    with app.test_request_context():
        return "/" + address_of(link(program, link_id)).split("/", 3)[3]


def code(app: Flask, program: Program, link_id: str) -> str:
    with app.test_request_context():
        return _code(link(program, link_id))


def looks(program: Program) -> list[str]:
    return [row["what"] for row in sorted(rows(program, CounselVisit), key=lambda row: (row["at"], row["id"]))]


def test_counsel_reads_the_case_and_fetches_the_bundle(any_url: str, make_app: Callable[..., Flask]) -> None:
    app = make_app(any_url)
    owed = prepared(app)
    address, anybody = path(app, owed, link_id := offer(owed)), app.test_client()
    answer = anybody.get(address)
    text = answer.get_data(as_text=True)
    for said in ("宁波海港五金商行有限公司", "¥182,300.00", "XS-1001", "还款计划", "浙江某某律师事务所"):
        assert said in text, said
    assert answer.headers["Cache-Control"] == "private, no-store"
    got = anybody.post(f"{address}/{bundle(1)}.zip")
    assert (got.status_code, got.data) == (200, b"PK the evidence")
    assert looks(owed) == ["opened", "bundle"]
    assert {row["link_id"] for row in rows(owed, CounselVisit)} == {link_id}
    # nothing of what the house thinks of the debtor
    assert not re.search("恶意|善意|底线|评分|要款|信用等级|业务员", text)
    assert "/customers/" not in text


def test_no_bundle_but_those_the_link_names(app: Flask, owed: Program) -> None:
    address = path(app, owed, offer(owed, bundle_ids=[bundle(1), bundle(3)]))
    for asked in (bundle(2), bundle(3), cast.an_id(0x9), "x"):
        assert app.test_client().post(f"{address}/{asked}.zip").status_code == 404, asked
    assert app.test_client().get(f"{address}/{bundle(1)}.zip").status_code == 405
    table = table_of(Bundle)
    owed.dispatcher.note(lambda connection: connection.execute(
        update(table).where(table.c.id == bundle(2)).values(customer_id=cast.RIVER)))
    with pytest.raises(NotFound):
        offer(owed, bundle_ids=[bundle(2)])


def test_address_is_wholly_its_own(app: Flask, owed: Program) -> None:
    first, second = offer(owed), offer(owed)
    anybody = app.test_client()
    tails = [path(app, owed, one).rsplit("/", 1)[1] for one in (first, second)]
    for address in (f"/c/{first}/{tails[1]}", f"/c/{second}/{tails[0]}", f"/c/{uuid7()}/{tails[0]}", f"/c/{first}/x",
                    f"/c/x/{tails[0]}", f"/s/{first}/{tails[0]}", f"/c/{first}/{tails[0][:-1]}"):
        assert anybody.get(address).status_code == 404, address
    known = link(owed, first)
    for other in (replace(known, bundle_ids=(bundle(2),)), replace(known, customer_id=cast.RIVER),
                  replace(known, ends_at=known.ends_at + timedelta(days=1))):
        assert tail_for(owed.settings.home, first, other.scope) != tails[0]
    assert looks(owed) == []
    address, table = path(app, owed, first), table_of(CounselLink)
    owed.dispatcher.note(lambda connection: connection.execute(update(table).values(bundle_ids=[bundle(2)])))
    assert anybody.get(address).status_code == 404, "a row changed behind our back"


def test_ended_link_shows_nothing_of_the_case(app: Flask, owed: Program, clock: FixedClock) -> None:
    over, withdrawn = offer(owed, days=1), offer(owed, days=30)
    addresses = [path(app, owed, one) for one in (over, withdrawn)]
    owed.dispatcher.perform(cast.MANAGER, "exchange.withdraw_counsel", {
        "link_id": withdrawn, "customer_id": cast.HARBOUR})
    clock.at += timedelta(days=1, seconds=1)
    anybody = app.test_client()
    for answer in [one for address in addresses for one in (
            anybody.get(address), anybody.post(address), anybody.post(f"{address}/{bundle(1)}.zip"))]:
        text = answer.get_data(as_text=True)
        assert "海港" not in text
        assert "182,300" not in text
        assert "PK" not in text
    assert looks(owed) == []


def test_code_is_asked_for_and_ten_wrong_ones_close_the_link(app: Flask, owed: Program) -> None:
    address = path(app, owed, link_id := offer(owed, with_code=True))
    right = code(app, owed, link_id)
    assert re.fullmatch("[0-9]{6}", right)
    anybody = app.test_client()
    assert "海港" not in anybody.get(address).get_data(as_text=True)
    assert "海港" not in anybody.get(f"{address}?code={right}").get_data(as_text=True), "never in an address"
    assert "海港" in anybody.post(address, data={"code": right}).get_data(as_text=True)
    assert anybody.post(f"{address}/{bundle(1)}.zip").data != b"PK the evidence"
    assert anybody.post(f"{address}/{bundle(1)}.zip", data={"code": right}).data == b"PK the evidence"
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(MOST_WRONG):
        owed.dispatcher.perform(SYSTEM, "exchange.note_counsel", {
            "visit_id": uuid7(), "link_id": link_id, "customer_id": cast.HARBOUR, "what": "wrong_code"})
    closed = anybody.post(address, data={"code": right}).get_data(as_text=True)
    assert "海港" not in closed
    assert "错误次数过多" in closed
    assert looks(owed).count("opened") == 1
    other = path(app, owed, offer(owed, with_code=True))
    refused = anybody.post(other, data={"code": wrong}).get_data(as_text=True)
    assert "验证码不对" in refused
    assert looks(owed).count("wrong_code") == MOST_WRONG + 1


def test_only_manager_and_legal_open_a_case_they_see(owed: Program, log_in: Callable[[str], FlaskClient]) -> None:
    for actor in (cast.REP, cast.FINANCE):
        with pytest.raises(NotAllowed):
            offer(owed, actor)
    with pytest.raises((NotAllowed, NotFound)):
        offer(owed, cast.OTHER_MANAGER)
    assert log_in("rep").get(DESK).status_code == 403
    assert log_in("other_manager").get(DESK).status_code == 404
    form = {"command_id": uuid7(), "firm": "某所", "days": "3", "bundle_ids": [bundle(1)], "with_code": "1"}
    legal = log_in("legal")
    assert legal.post(DESK, data=form).status_code == 303
    text = legal.get(DESK).get_data(as_text=True)
    assert "/c/" in text
    assert "尚未打开" in text
    assert f"/plans/{rows(owed, Plan)[0]['id']}/bundles" in text
    [row] = rows(owed, CounselLink)
    assert (row["ends_at"] - row["made_at"], row["bundle_ids"]) == (timedelta(days=3), [bundle(1)])
    assert legal.post(f"{DESK}/{row['id']}/withdraw", data={"command_id": uuid7()}).status_code == 303
    assert "/c/" not in legal.get(DESK).get_data(as_text=True)
    with pytest.raises(RuleBroken):
        owed.dispatcher.perform(cast.LEGAL, "exchange.withdraw_counsel", {
            "link_id": row["id"], "customer_id": cast.HARBOUR})
