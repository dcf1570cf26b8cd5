"""Office pages of collecting: any method's own form, supply decided; and disputes before the manager."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from fieldsales.collection.models import Action, SupplyDecision
from fieldsales.disputes.models import DisputeDecision
from fieldsales.kernel.ids import uuid7
from fieldsales.plugin_api.manager import Plugins
from fieldsales.web.here import Program
from tests import cast
from tests.receivables.conftest import Ledger

Enter = Callable[[str], FlaskClient]
PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010800000000"
                    "3a7e9b550000000a49444154789c63600000000200015e3bbd6a0000000049454e44ae426082")


COURIER = """
from fieldsales.plugin_api import Choice, CollectionMethod, Decision, Field, Problem, hookimpl, words

def check(fields, facts):
    return [Problem("note", words("这样写不行。", "Not like this."))] if fields.get("note") == "blocked" else []

METHOD = CollectionMethod(
    "courier", words("快递", "Courier"),
    lambda fields, facts: Decision(words("已寄出 " + str(fields.get("fee", "")), "Sent"), "sent"),
    fields=(
        Field("note", "prose", words("说明", "Note")),
        Field("fee", "money", words("费用", "Fee")),
        Field("sent_on", "date", words("寄出日期", "Sent on"), prefill="today"),
        Field("stage", "choice", words("阶段", "Stage"),
              choices=(Choice("own", words("自送", "Own")), Choice("post", words("邮寄", "Post")))),
        Field("tracking", "text", words("单号", "Number"), when=("stage", ("post",))),
        Field("signed", "bool", words("已签收", "Signed for")),
        Field("pieces", "number", words("件数", "Pieces"), minimum=1, maximum=9),
        Field("slip", "photo", words("面单", "Slip")),
    ),
    check=check,
)

@hookimpl
def collection_methods():
    return [METHOD]
"""


@pytest.fixture
def courier(make_app: Callable[..., Flask], sqlite_url: str, tmp_path: Path) -> Flask:
    """The program with one method of a stranger's making, and no other."""
    folder = tmp_path / "plugins" / "courier"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text(COURIER, encoding="utf-8")
    return make_app(sqlite_url, plugins=Plugins.load(folder.parent, with_installed=False))


def browser(app: Flask, login: str = "rep") -> FlaskClient:
    client = app.test_client()
    client.post("/login", data={"login": login, "password": cast.PASSWORD})
    return client


FORM = f"/customers/{cast.HARBOUR}/actions/courier"


def test_a_strangers_method_is_drawn_field_by_field_without_a_line_of_ours(courier: Flask) -> None:
    shown = browser(courier).get(FORM).get_data(as_text=True)
    for words in ("快递", "说明", "费用（CNY）", 'value="2026-03-12"', '<option value="own">自送',
                  'data-when="stage=post"',
                  'type="checkbox" name="signed"', 'inputmode="numeric"', 'type="file" name="slip"'):
        assert words in shown, words


def test_a_strangers_method_is_put_on_record_with_typed_values(courier: Flask) -> None:
    client = browser(courier)
    answer = client.post(FORM, data={
        "command_id": uuid7(), "note": "寄出\r\n两份", "fee": "1,200.50", "sent_on": "2026-03-11", "stage": "own",
        "signed": "1", "pieces": "2", "slip": (BytesIO(PNG), "面单.png")}, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    [fields] = Ledger(courier.extensions["fieldsales"].dispatcher).rows(Action, "fields")
    assert fields == {"note": "寄出\n两份", "fee": 120050, "sent_on": "2026-03-11", "stage": "own", "signed": True,
                      "pieces": 2,
                      "slip": [hashlib.sha256(PNG).hexdigest()]}
    assert "已寄出 ¥1,200.50" in client.get(f"/customers/{cast.HARBOUR}").get_data(as_text=True)


@pytest.mark.parametrize(("wrong", "field"), [
    ({"fee": "一百"}, "fee"), ({"fee": "0.001"}, "fee"), ({"sent_on": "2026-02-30"}, "sent_on"),
    ({"stage": "c"}, "stage"),
    ({"pieces": "99"}, "pieces"), ({"pieces": "many"}, "pieces"), ({"note": "blocked"}, "note"),
    ({"note": "a\u202eb"}, "note"),
])
def test_a_strangers_method_wrong_field_is_told_at_the_field_and_nothing_is_kept(
    courier: Flask, wrong: dict[str, str], field: str
) -> None:
    answer = browser(courier).post(FORM, data={"command_id": uuid7(), "note": "写好的话"} | wrong)
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in shown
    assert Ledger(courier.extensions["fieldsales"].dispatcher).rows(Action, "id") == []


@pytest.fixture
def ledger(program: Program) -> Ledger:
    """The whole program, reactions and all."""
    return Ledger(program.dispatcher)


def test_supply_stop_needs_a_reason_and_is_shown(ledger: Ledger, log_in: Enter) -> None:
    client, path = log_in("manager"), f"/customers/{cast.HARBOUR}/supply"
    answer = client.post(path, data={"command_id": uuid7(), "stop": "1", "reason": ""})
    assert answer.status_code == 422
    assert "reason-error" in answer.get_data(as_text=True)
    form = {"command_id": uuid7(), "stop": "1", "reason": "逾期太久", "release_when": "付清一半"}
    for _ in range(2):
        assert client.post(path, data=form).status_code == 303
    assert ledger.rows(SupplyDecision, "stop") == [True]
    assert "付清一半" in client.get("/supply").get_data(as_text=True)
    assert "已停货" in client.get("/customers?show=stopped").get_data(as_text=True)
    client.post(path, data={"command_id": uuid7(), "stop": "0", "reason": "已付清"})
    assert cast.HARBOUR_NAME not in client.get("/customers?show=stopped").get_data(as_text=True)


@pytest.mark.parametrize(("login", "status"), [("rep", 403), ("finance", 403), ("other_manager", 404)])
def test_supply_is_decided_by_its_own_manager_alone(ledger: Ledger, log_in: Enter, login: str, status: int) -> None:
    answer = log_in(login).post(f"/customers/{cast.HARBOUR}/supply", data={
        "command_id": uuid7(), "stop": "1", "reason": "x"})
    assert answer.status_code == status
    assert ledger.rows(SupplyDecision, "id") == []


def test_dispute_is_decided_once_and_no_balance_moves(ledger: Ledger, log_in: Enter) -> None:
    invoice = ledger.invoice("A-1", 100_00, late=3)
    dispute = uuid7()
    ledger.perform("disputes.open_dispute", cast.REP, dispute_id=dispute, kind="rebate", amount_minor=30_00,
                   invoice_id=invoice, words="返利没给")
    client = log_in("manager")
    assert "返利没给" in client.get("/disputes").get_data(as_text=True)
    for decision in ("granted", "denied"):
        client.post(f"/disputes/{dispute}/decide", data={
            "command_id": uuid7(), "customer_id": cast.HARBOUR, "decision": decision, "note": "见合同"})
    assert ledger.rows(DisputeDecision, "decision") == ["granted"]
    assert ledger.open_of() == {"A-1": 100_00}
    assert cast.HARBOUR_NAME not in log_in("other_manager").get("/disputes").get_data(as_text=True)


def test_every_method_that_is_installed_has_a_form_and_a_button(program: Program, log_in: Enter) -> None:
    client = log_in("rep")
    dossier = client.get(f"/customers/{cast.HARBOUR}").get_data(as_text=True)
    for method in program.plugins.methods.values():
        path = f"/customers/{cast.HARBOUR}/actions/{method.name}"
        if method.manner == "persistent":  # for an approved class alone
            assert path not in dossier
        elif method.by_hand and "rep" in method.can:
            assert path in dossier
            form = client.get(path).get_data(as_text=True)
            for field in method.fields:
                assert f'name="{field.name}' in form, (method.name, field.name)
        else:
            assert client.get(path).status_code == 404


def test_method_unknown_is_not_there(log_in: Enter) -> None:
    assert log_in("rep").get(f"/customers/{cast.HARBOUR}/actions/pigeon").status_code == 404
