"""Signing by a link: one text, one use, on the signatory's own device; and everything that must not work."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from fieldsales.documents import papers
from fieldsales.documents.canonical import document_of
from fieldsales.documents.clauses import NEWEST, shown_text, text_sha256
from fieldsales.documents.messages import Signatory
from fieldsales.documents.models import Document
from fieldsales.exchange.bundlecase import read_case
from fieldsales.exchange.bundleitems import contents_of
from fieldsales.kernel.clock import FixedClock
from fieldsales.kernel.errors import Invalid, NotFound, RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.plans.messages import PlanPayload
from fieldsales.plans.models import Plan, PlanInstalment, SigningLink
from fieldsales.receivables.models import Interruption
from fieldsales.web.here import Program
from tests import cast
from tests.collection.conftest import rows, with_debt
from tests.plans.signing import BOSS, INVOICES, command, plan, signed
from tests.plans.test_one_time_codes import code_in, work_off
from tests.plans.test_one_time_codes import post as post  # a mail server
from tests.plans.test_plans import pay

API = {"X-Fieldsales": "1"}
STROKES = {"width": 360, "height": 200, "strokes": [[[200 + 60 * k, 500 + (k % 2) * 400, 45 * k] for k in range(40)]]}


def offer(payload: PlanPayload | None = None, signatory: Signatory = BOSS, **other: Any) -> dict[str, Any]:
    """What a phone sends to make a link."""
    payload = payload or plan(channel="remote")
    text = shown_text("plan", "zh", document_of(payload), signatory.model_dump(mode="json"))
    return {"link_id": uuid7(), "payload": payload.model_dump(mode="json"), "lang": "zh", "clause_version": NEWEST,
            "text_sha256": text_sha256(text), "signatory": signatory.model_dump(mode="json"), **other}


@pytest.fixture
def app(make_app: Callable[..., Flask], main_url: str) -> Flask:
    return make_app(main_url)


@pytest.fixture
def owed(app: Flask) -> Program:
    return with_debt(app)


@pytest.fixture
def rep(owed: Program, log_in: Callable[[str], FlaskClient]) -> FlaskClient:
    return log_in("rep")


def over(n: int) -> PlanPayload:
    """A draft over one invoice alone: two links never cover the same."""
    return plan(INVOICES[n][1], channel="remote", invoices=[INVOICES[n]])


def make(rep: FlaskClient, **other: Any) -> str:
    """A link's path."""
    answer = rep.post("/api/v1/signing-links", json=offer(**other), headers=API)
    assert answer.status_code == 201, answer.get_json()
    url: str = answer.get_json()["url"]
    return re.sub(r"^https?://[^/]+", "", url)


def sign(client: FlaskClient, path: str, **other: Any) -> Any:
    body = {"name": "林海港", "consent": True, "strokes": STROKES} | other
    return client.post(path, json=body, headers={"Accept": "application/json", "User-Agent": "Phone/1 一二"})


def code_of(answer: Any) -> str:
    return str(answer.get_json()["error"]["code"])


def test_signed_by_a_link_is_a_plan_like_any_other(owed: Program, app: Flask, rep: FlaskClient, clock: FixedClock
                                                   ) -> None:
    stranger = app.test_client()
    path = make(rep)
    page = stranger.get(path)
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    assert "一次性链接" in text
    assert "签署日期：2026" not in text
    for inner in (cast.HARBOUR, cast.HARBOUR_DEBTOR, cast.REP.name, cast.HARBOUR_CANARY):
        assert inner not in text
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["Cache-Control"] == "no-store"
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert "style=" not in text
    clock.at += timedelta(days=1)  # the text is of yesterday, the signature of today
    assert sign(stranger, path).status_code == 200
    [row] = rows(owed, Plan)
    assert (row["by_id"], row["flags"], row["signed_at"]) == (cast.REP.user_id, [], clock.now())
    assert len(rows(owed, PlanInstalment)) == 3
    [act] = rows(owed, Interruption)
    assert (act["ground"], act["occurred_on"]) == ("acknowledgement", date(2026, 3, 13))
    [document] = rows(owed, Document)
    record = dict(papers.paper_of("plan", "zh", document["source"], "https://x.example", True).record)
    assert "127.0.0.1" in record["远程签署"]
    assert "Phone/1" in record["远程签署"]
    assert record["签署时间（协调世界时）"].startswith("2026-03-13")
    assert "设备签名" not in record
    assert "已经签署" in stranger.get(path).get_data(as_text=True)


def test_link_is_used_once_even_by_two_at_a_time(owed: Program, app: Flask, rep: FlaskClient) -> None:
    path, found = make(rep), []
    threads = [Thread(target=lambda: found.append(sign(app.test_client(), path).status_code)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [200, 409, 409]
    assert code_of(sign(app.test_client(), path)) == "plans.link_signed"
    assert len(rows(owed, Plan)) == 1


def test_forged_and_foreign_addresses_lead_nowhere(app: Flask, rep: FlaskClient) -> None:
    one, two, stranger = make(rep, payload=over(0)), make(rep, payload=over(1)), app.test_client()
    head, tail = one.rsplit("/", 1)
    other = two.rsplit("/", 1)[1]
    forged = [f"{head}/{end}" for end in (other, tail[:-1], "A" * 43)]
    for path in (*forged, f"/s/{uuid7()}/{tail}", f"/s/x/{tail}"):
        assert stranger.get(path).status_code == 404, path
        assert sign(stranger, path).status_code == 404, path
        assert stranger.get(f"{path}/paper.pdf").status_code == 404
    assert stranger.post(f"{head}/{other}/code", json={}).status_code == 404
    assert stranger.post(f"{one}/code", json={}).status_code == 404, "it asks for no code"
    assert stranger.post(one, json={}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


@pytest.mark.parametrize(("change", "code"), [
    ({"name": "王大明"}, "plans.link_name"), ({"consent": False}, "invalid"), ({"strokes": {**STROKES, "strokes": []}},
     "documents.strokes_empty"), ({"name": ""}, "invalid"), ({"strokes": None}, "invalid"),
])  # fmt: skip
def test_what_is_not_a_whole_signing_is_refused_and_the_link_stays(
    change: dict[str, Any], code: str, owed: Program, app: Flask, rep: FlaskClient
) -> None:
    path = make(rep)
    answer = sign(app.test_client(), path, **change)
    assert answer.status_code == 422
    assert (code == "invalid" or code_of(answer) == code)
    assert rows(owed, Plan) == []
    assert sign(app.test_client(), path, name=" 林 海港 ").status_code == 200, "blanks in a name are no other name"


def test_withdrawn_and_run_out_links_say_what_to_do(owed: Program, app: Flask, rep: FlaskClient, clock: FixedClock,
                                                    log_in: Callable[[str], FlaskClient]) -> None:
    taken, late = make(rep, payload=over(0)), make(rep, payload=over(1))
    manager = log_in("manager")
    assert taken in manager.get("/signing-links").get_data(as_text=True)
    manager.post(f"/signing-links/{taken.split('/')[2]}/withdraw", data={"command_id": uuid7()})
    clock.at += timedelta(hours=73)
    for path, code, words in ((taken, "withdrawn", "已被撤回"), (late, "over", "已经过期")):
        text = app.test_client().get(path).get_data(as_text=True)
        assert words in text
        assert "索取新的链接" in text
        assert "还款安排" not in text
        assert code_of(sign(app.test_client(), path)) == f"plans.link_{code}"
    assert rows(owed, Plan) == []


def test_link_never_outlives_the_first_instalment(owed: Program, rep: FlaskClient) -> None:
    make(rep, payload=plan(channel="remote", first=cast.TODAY + timedelta(days=1)))
    [row] = rows(owed, SigningLink)
    assert row["ends_at"].isoformat() == "2026-03-13T16:00:00+00:00"  # midnight in Shanghai


def test_text_is_refused_once_the_books_have_moved(owed: Program, app: Flask, rep: FlaskClient) -> None:
    path = make(rep)
    pay(owed, 1_000_00, cast.TODAY)
    assert "账目已有变动" in app.test_client().get(path).get_data(as_text=True)
    assert code_of(sign(app.test_client(), path)) == "plans.link_moved"
    assert rows(owed, Plan) == []


def test_new_link_to_a_draft_takes_back_the_one_before(app: Flask, rep: FlaskClient) -> None:
    draft = plan(channel="remote")
    first, second = make(rep, payload=draft), make(rep, payload=draft)
    assert code_of(sign(app.test_client(), first)) == "plans.link_withdrawn"
    assert sign(app.test_client(), second).status_code == 200


@pytest.mark.parametrize("wrong", ["text", "channel", "account", "sum", "photo", "customer"])
def test_link_to_what_nobody_should_sign_is_not_made(wrong: str, owed: Program) -> None:
    payload, signatory = plan(channel="remote"), BOSS
    if wrong == "channel":
        payload = plan()
    elif wrong == "account":
        payload = plan(channel="remote", seller_account="6222 0000 0000 9999")
    elif wrong == "sum":
        payload = plan(channel="remote", total_minor=1_00)
    elif wrong == "photo":
        signatory = BOSS.model_copy(update={"authority_sha256": ["ab" * 32]})
    sent = offer(payload, signatory)
    if wrong == "text":
        sent["text_sha256"] = "0" * 64
    with pytest.raises((Invalid, RuleBroken, NotFound)):
        owed.dispatcher.perform(cast.OTHER_REP if wrong == "customer" else cast.REP, "plans.offer_link", sent)
    assert rows(owed, SigningLink) == []


def test_rep_cannot_pass_a_signing_off_as_the_others(owed: Program) -> None:
    """The remote record is the server's own word: a phone can neither claim it nor sign the remote text itself."""
    payload = plan()
    signing = signed(payload)
    remote = {"link_id": uuid7(), "signed_at": "2026-03-12T04:00:00Z", "ip": "1.2.3.4", "user_agent": "x"}
    for sent in (command(payload, signing) | {"signing": signing.model_dump(mode="json") | {"remote": remote}},
                 command(plan(channel="remote"))):
        with pytest.raises(RuleBroken, match=r"plans\.by_link"):
            owed.dispatcher.perform(cast.REP, "plans.sign_plan", sent)
    with pytest.raises(Exception, match="system_only"):
        owed.dispatcher.perform(cast.REP, "plans.sign_by_link", {
            "link_id": uuid7(), "customer_id": cast.HARBOUR, "plan_id": uuid7(), "name": "x", "consent": True,
            "strokes": STROKES})
    with pytest.raises(Exception, match="system_only"):
        owed.dispatcher.perform(cast.REP, "plans.open_link", {"link_id": uuid7(), "customer_id": cast.HARBOUR})
    with pytest.raises(NotFound):
        owed.dispatcher.perform(cast.REP, "plans.withdraw_link", {"link_id": uuid7(), "customer_id": cast.HARBOUR})


def test_link_that_wants_a_code_is_signed_only_with_it(post: Any) -> None:
    program, handler, client = post
    path = make(client, payload=over(0), code_channel="email", code_to="lin@harbour.example")
    assert "l***@harbour.example" in client.get(path).get_data(as_text=True)
    assert code_of(sign(client, path)) == "plans.link_code"
    code_id = client.post(f"{path}/code", json={}).get_json()["code_id"]
    assert code_of(sign(client, path, code_id=code_id)) == "plans.link_code", "asked for is not confirmed"
    work_off(program)
    right = code_in(handler)
    wrong = client.post(f"{path}/code/{code_id}", json={"code": f"{(int(right) + 7) % 10**6:06d}"}).get_json()
    assert wrong == {"right": False, "left": 4}
    other = make(client, payload=over(1), code_channel="email", code_to="lin@harbour.example")
    assert client.post(f"{other}/code/{code_id}", json={"code": right}).status_code == 404, "another paper's code"
    assert client.post(f"{path}/code/{code_id}", json={"code": right}).get_json()["right"] is True
    assert code_of(sign(client, other, code_id=code_id)) == "plans.link_code"
    assert sign(client, path, code_id=code_id).status_code == 200
    [document] = rows(program, Document)
    manifest = document["source"]["signing"]
    assert manifest["confirmation"]["masked"] == "l***@harbour.example"
    assert manifest["remote"]["link_id"] in path
    work_off(program)
    with program.store.reading() as connection:
        case = read_case(connection, document["subject_id"])
    assert case
    found = {one.path.rpartition("/")[2]: one.content.decode() for one in contents_of(
        case, program.parts["blobs"], program.settings).items if one.path.endswith(".json")}
    assert '"masked": "l***@harbour.example"' in found["one-time-code.json"]
    assert '"user_agent": "Phone/1 "' in found["link.json"]
    assert not [name for name, content in found.items() if "lin@harbour" in content]
    assert next(act.operation for paper in case.papers for act in paper.acts) == "plans.sign_by_link"
