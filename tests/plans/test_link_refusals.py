"""What a signing link must not be made of or signed with: another's draft or mailbox, debts promised already."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from fieldsales.documents.issued import labels
from fieldsales.kernel.clock import FixedClock
from fieldsales.kernel.errors import Invalid, RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.plans.models import Plan, SigningLink
from fieldsales.receivables.models import Seller
from fieldsales.statements.models import Statement
from fieldsales.store.base import table_of
from fieldsales.web.here import Program
from tests import cast
from tests.collection.conftest import rows, with_debt
from tests.plans.signing import BOSS, command, plan, signed, statement
from tests.plans.test_links import code_of, make, offer, over, sign
from tests.plans.test_one_time_codes import API, code_in, work_off
from tests.plans.test_one_time_codes import post as post  # a mail server


@pytest.fixture
def app(make_app: Callable[..., Flask], main_url: str) -> Flask:
    return make_app(main_url)


@pytest.fixture
def owed(app: Flask) -> Program:
    return with_debt(app)


@pytest.fixture
def rep(owed: Program, log_in: Callable[[str], FlaskClient]) -> FlaskClient:
    return log_in("rep")


def on_spot(payload: Any) -> dict[str, Any]:
    """A signing at the desk, without a phone of ours."""
    return command(payload, signed(payload, device_id=""))


def to_another_debtor(program: Program, model: Any) -> None:
    table = table_of(model)
    program.dispatcher.note(lambda connection: connection.execute(update(table).values(debtor_id=cast.RIVER_DEBTOR)))


def test_code_sent_elsewhere_does_not_sign_a_link(post: Any) -> None:
    """A rep may have a code for the very same text sent to any mailbox; the link names whose it must be."""
    program, handler, client = post
    sent = offer(code_channel="email", code_to="lin@harbour.example")
    assert client.post("/api/v1/signing-links", json=sent, headers=API).status_code == 201
    code_id = uuid7()
    client.post("/api/v1/signing-codes", headers=API, json={
        "code_id": code_id, "customer_id": cast.HARBOUR, "channel": "email", "to": "rep@elsewhere.example",
        "number": sent["payload"]["number"], "text_sha256": sent["text_sha256"]})
    work_off(program)
    right = client.post(f"/api/v1/signing-codes/{code_id}", json={"code": code_in(handler)}, headers=API)
    assert right.get_json()["confirmation"]
    path = client.get(f"/api/v1/signing-links/{sent['link_id']}", headers=API).get_json()["url"].split("/", 3)[3]
    assert code_of(sign(client, f"/{path}", code_id=code_id)) == "plans.link_code"
    assert rows(program, Plan) == []


def test_link_of_another_customers_draft_is_not_taken_back(owed: Program) -> None:
    draft = offer()
    owed.dispatcher.perform(cast.REP, "plans.offer_link", draft)
    table = table_of(SigningLink)
    owed.dispatcher.note(lambda connection: connection.execute(update(table).values(customer_id=cast.RIVER)))
    with pytest.raises(RuleBroken, match="link_reused"):
        owed.dispatcher.perform(cast.REP, "plans.offer_link", draft | {"link_id": uuid7()})
    assert [row["state"] for row in rows(owed, SigningLink)] == ["open"]


def test_creditors_name_is_the_books(owed: Program, app: Flask, rep: FlaskClient) -> None:
    """A paper in another creditor's name: no link; signed on the spot it is kept, and says so."""
    other: dict[str, Any] = {"seller_name": "别家有限公司"}
    with pytest.raises(RuleBroken, match="link_moved"):
        owed.dispatcher.perform(cast.REP, "plans.offer_link", offer(plan(channel="remote", **other)))
    path = make(rep)
    table = table_of(Seller)
    owed.dispatcher.note(lambda connection: connection.execute(
        update(table).where(table.c.id == cast.SELLER).values(name="海川新名有限公司")))
    assert "账目已有变动" in app.test_client().get(path).get_data(as_text=True)
    assert code_of(sign(app.test_client(), path)) == "plans.link_moved"
    said = owed.dispatcher.perform(cast.REP, "plans.sign_plan", on_spot(plan()))
    assert "seller_changed" in said["flags"]
    assert labels("zh")["flag_seller_changed"]
    said = owed.dispatcher.perform(cast.REP, "statements.sign_statement", on_spot(statement()))
    assert "seller_changed" in said["flags"]


def test_on_site_the_same_name_is_no_change(owed: Program) -> None:
    said = owed.dispatcher.perform(cast.REP, "plans.sign_plan", on_spot(plan(seller_name="海川五金批发 有限公司")))
    assert "seller_changed" not in said["flags"]


@pytest.mark.parametrize(("wrong", "code"), [
    ("id_shown", "link_authority"), ("business_card", "link_authority"), ("no_statement", "plans.statement"),
    ("others_statement", "plans.statement"), ("ahead", "link_ahead"), ("day_ahead", "link_ahead"),
    ("no_predecessor", "plans.predecessor"), ("others_predecessor", "plans.predecessor"),
])  # fmt: skip
def test_draft_that_says_what_is_not_so_is_not_offered(wrong: str, code: str, owed: Program) -> None:
    signatory, change = BOSS, dict[str, Any]()
    if code == "link_authority":
        signatory = BOSS.model_copy(update={"authority": wrong})
    elif wrong == "no_statement":
        change = {"statement_id": uuid7()}
    elif wrong == "others_statement":
        change = {"statement_id": uuid7()}
        owed.dispatcher.perform(cast.REP, "statements.sign_statement", on_spot(statement(**change)))
        to_another_debtor(owed, Statement)
    elif wrong == "ahead":
        change = {"made_at": cast.NOON + timedelta(minutes=6)}
    elif wrong == "day_ahead":
        change = {"acknowledged_on": cast.TODAY + timedelta(days=1)}
    elif wrong == "no_predecessor":
        change = {"predecessor_id": uuid7(), "predecessor_number": "HK1"}
    else:
        change = {"predecessor_id": uuid7()}
        owed.dispatcher.perform(cast.REP, "plans.sign_plan", on_spot(plan(plan_id=change["predecessor_id"])))
        to_another_debtor(owed, Plan)
    with pytest.raises((Invalid, RuleBroken), match=code):
        owed.dispatcher.perform(cast.REP, "plans.offer_link", offer(plan(channel="remote", **change), signatory))
    assert rows(owed, SigningLink) == []


def test_draft_may_name_its_own_debtors_statement_and_plan(owed: Program) -> None:
    named: dict[str, Any] = {"statement_id": uuid7(), "predecessor_id": uuid7()}
    owed.dispatcher.perform(cast.REP, "statements.sign_statement",
                            on_spot(statement(statement_id=named["statement_id"])))
    owed.dispatcher.perform(cast.REP, "plans.sign_plan", on_spot(plan(plan_id=named["predecessor_id"])))
    owed.dispatcher.perform(cast.REP, "plans.offer_link", offer(plan(channel="remote", **named)))
    assert len(rows(owed, SigningLink)) == 1


def test_one_debt_is_promised_once(owed: Program, app: Flask, rep: FlaskClient) -> None:
    """Neither two links, nor a link beside a running plan: only one that says it replaces the plan."""
    first, stranger = make(rep, payload=over(0)), app.test_client()
    for rival in (over(0), plan(channel="remote"), plan(100_00, channel="remote", invoices=[])):
        with pytest.raises(RuleBroken, match="link_twice"):
            owed.dispatcher.perform(cast.REP, "plans.offer_link", offer(rival))
    second = make(rep, payload=over(1))
    assert sign(stranger, second).status_code == 200, "another invoice is another debt"
    running = over(0).model_copy(update={"channel": ""})
    owed.dispatcher.perform(cast.REP, "plans.sign_plan", on_spot(running))
    assert "账目已有变动" in stranger.get(first).get_data(as_text=True)
    assert code_of(sign(stranger, first)) == "plans.link_promised"
    owed.dispatcher.perform(cast.REP, "plans.withdraw_link", {
        "link_id": first.split("/")[2], "customer_id": cast.HARBOUR})
    with pytest.raises(RuleBroken, match="link_promised"):
        owed.dispatcher.perform(cast.REP, "plans.offer_link", offer(over(0)))
    path = make(rep, payload=over(0).model_copy(update={"predecessor_id": running.plan_id}))
    assert sign(stranger, path).status_code == 200
    assert len(rows(owed, Plan)) == 3


def test_signatorys_page_says_void_and_ends_with_the_copy(
    owed: Program, app: Flask, rep: FlaskClient, clock: FixedClock
) -> None:
    path, stranger = make(rep), app.test_client()
    sign(stranger, path)
    text = stranger.get(path).get_data(as_text=True)
    assert ("已经签署" in text, "林海港" in text, "作废" in text) == (True, True, False)
    [row] = rows(owed, Plan)
    owed.dispatcher.perform(cast.MANAGER, "plans.void_plan", {
        "revision_id": uuid7(), "plan_id": row["id"], "customer_id": cast.HARBOUR, "reason": "双方同意改签"})
    text = stranger.get(path).get_data(as_text=True)
    assert ("已宣告作废" in text, "林海港" in text, "已经签署" in text) == (True, True, False)
    clock.at += timedelta(days=30, seconds=1)
    text = stranger.get(path).get_data(as_text=True)
    assert ("已宣告作废" in text, "三十天" in text, "林海港" in text, "XS-1001" in text) == (True, True, False, False)
    assert stranger.get(f"{path}/paper.pdf").status_code == 404
