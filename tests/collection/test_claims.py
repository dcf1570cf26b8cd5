"""A reason given is a claim: neither believed nor disbelieved, then found true or not, by whom, on what evidence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from fieldsales.collection.claimlists import rates_by, worth_of
from fieldsales.collection.claims import truth_rates
from fieldsales.collection.models import Claim, ClaimVerdict, Task
from fieldsales.customers.queries import visible
from fieldsales.disputes.models import Dispute
from fieldsales.documents.models import Attachment
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Actor, Envelope
from fieldsales.people.rules import scope_of
from fieldsales.web.here import Program
from fieldsales.workday.queries import dossiers
from tests import cast
from tests.collection.conftest import rows

EVIDENCE = "ab" * 32


def do(program: Program, operation: str, actor: Actor = cast.REP, **command: Any) -> dict[str, Any]:
    return program.dispatcher.perform(actor, operation, {"customer_id": cast.HARBOUR} | command)


def heard(program: Program, *codes: str) -> list[str]:
    ids = [uuid7() for _ in codes]
    do(program, "collection.record_claims", source_kind="phone", source_id=uuid7(),
       claims=[(claim_id, code, f"原话 {code}") for claim_id, code in zip(ids, codes, strict=True)])
    return ids


def verify(program: Program, claim_id: str, state: str, actor: Actor = cast.REP, **more: Any) -> None:
    do(program, "collection.verify_claim", actor, claim_id=claim_id, state=state, **more)


def tasks(program: Program, kind: str) -> list[dict[str, Any]]:
    return [one for one in rows(program, Task) if one["kind"] == kind]


def test_a_later_verdict_stands_and_the_earlier_stays_to_be_read(owed: Program) -> None:
    [claim_id] = heard(owed, "quality")
    fact = {"kind": "delivery_note", "id": uuid7(), "name": "XS-1001"}
    verify(owed, claim_id, "false", note="看了三箱", product="清漆 B12", facts=[fact], evidence_sha256=[EVIDENCE])
    verify(owed, claim_id, "partly", cast.MANAGER, note="第四箱有两桶")
    assert rows(owed, Claim)[0]["state"] == "partly"
    first, second = sorted(rows(owed, ClaimVerdict), key=lambda one: one["n"])
    assert (first["n"], first["state"], first["by_id"]) == (1, "false", cast.REP.user_id)
    assert (first["facts"], first["evidence_sha256"], first["product"]) == ([fact], [EVIDENCE], "清漆 B12")
    assert (second["n"], second["state"], second["by_id"]) == (2, "partly", cast.MANAGER.user_id)
    assert [(one["subject_kind"], one["subject_id"]) for one in rows(owed, Attachment)] == [("claim", claim_id)]
    with owed.store.reading() as connection:
        shown = dossiers(connection, [cast.HARBOUR], cast.TODAY)[cast.HARBOUR]["verdicts"][claim_id]
    assert [(one["state"], one["by"]) for one in shown] == [("partly", cast.MANAGER.name), ("false", cast.REP.name)]


def test_an_unverified_reason_is_not_settled_by_a_tick(owed: Program) -> None:
    [claim_id] = heard(owed, "cash_tight")
    [task] = tasks(owed, "verify_claim")
    command = {"customer_id": cast.HARBOUR, "task_id": task["id"]}
    [answer] = owed.dispatcher.perform_batch(cast.REP, [Envelope(uuid7(), "collection.finish_task", command)])
    assert (answer.status, answer.code) == ("conflict", "collection.claim_unverified")
    assert tasks(owed, "verify_claim")[0]["done_at"] is None
    verify(owed, claim_id, "true", note="看了账户")
    [task] = tasks(owed, "verify_claim")
    assert (task["outcome"], task["note"], task["done_by_id"]) == ("done", "看了账户", cast.REP.user_id)


def test_a_reason_that_is_not_looked_into_may_be_passed_over_and_stays_open(owed: Program) -> None:
    heard(owed, "cash_tight")
    [task] = tasks(owed, "verify_claim")
    do(owed, "collection.skip_task", task_id=task["id"], reason="跟下次拜访一起看")
    assert tasks(owed, "verify_claim")[0]["outcome"] == "skipped"
    assert rows(owed, Claim)[0]["state"] == "unverified"


def test_recorded_and_verified_in_one_batch_from_the_phone(owed: Program) -> None:
    claim_id = uuid7()
    record = {"customer_id": cast.HARBOUR, "source_kind": "visit", "source_id": uuid7(),
              "claims": [(claim_id, "unsold", "卖不动")]}
    found = {"customer_id": cast.HARBOUR, "claim_id": claim_id, "state": "false"}
    answers = owed.dispatcher.perform_batch(cast.REP, [
        Envelope(uuid7(), "collection.record_claims", record), Envelope(uuid7(), "collection.verify_claim", found),
        Envelope(uuid7(), "collection.verify_claim", found | {"state": "partly"})])
    assert [one.status for one in answers] == ["applied"] * 3
    assert sorted(one["n"] for one in rows(owed, ClaimVerdict)) == [1, 2]
    assert tasks(owed, "verify_claim")[0]["outcome"] == "done"


def test_a_threat_is_the_managers_the_same_day_and_stops_nothing(owed: Program) -> None:
    do(owed, "collection.add_task", task_id=uuid7(), kind="call", title="打电话", due_on=cast.TODAY)
    heard(owed, "threat", "cash_tight")
    told = tasks(owed, "threat")
    assert [(one["assignee_id"], one["due_on"]) for one in told] == [(cast.MANAGER.user_id, cast.TODAY)]
    assert tasks(owed, "call")[0]["done_at"] is None
    with owed.store.reading() as connection:
        worth = worth_of(connection, [cast.HARBOUR, cast.RIVER], cast.TODAY)
    assert (worth[cast.HARBOUR].turnover_minor, worth[cast.HARBOUR].open_minor) == (18_230_000, 18_230_000)
    assert (worth[cast.RIVER].turnover_minor, worth[cast.RIVER].open_minor) == (0, 0)


def test_truth_counts_only_what_was_looked_into(owed: Program) -> None:
    first, second, third, _ = heard(owed, "quality", "cash_tight", "cash_tight", "unsold")
    for claim_id, state in ((first, "true"), (second, "false"), (third, "partly")):
        verify(owed, claim_id, state, product="清漆" if claim_id == first else "")
    with owed.store.reading() as connection:
        assert truth_rates(connection, [cast.HARBOUR, cast.RIVER]) == {cast.HARBOUR: (2, 3)}
        long_ago = cast.NOON.replace(year=2025)
        for by, keys in (("customer", [(cast.HARBOUR_NAME, 4, 3)]), ("rep", [(cast.REP.name, 4, 3)]),
                         ("reason", [("cash_tight", 2, 2), ("quality", 1, 1), ("unsold", 1, 0)]),
                         ("product", [("清漆", 1, 1)])):
            found = rates_by(connection, visible(scope_of(cast.MANAGER)), by, long_ago)
            assert [(one.name, one.heard, one.judged) for one in found] == keys
        assert found[0].share == 1.0
        assert rates_by(connection, visible(scope_of(cast.OTHER_MANAGER)), "customer", long_ago) == ()


@pytest.mark.parametrize("who", ["rep", "manager"])
def test_the_page_says_how_to_find_out_and_records_it(
    owed: Program, log_in: Callable[[str], FlaskClient], who: str
) -> None:
    [claim_id] = heard(owed, "not_received")
    client = log_in(who)
    assert claim_id in client.get("/claims").get_data(as_text=True)
    shown = client.get(f"/claims/{claim_id}").get_data(as_text=True)
    for words in ("调签收单", "已收部分先付", "民诉解释 427", "签收单", "原话 not_received"):
        assert words in shown
    answer = client.post(f"/claims/{claim_id}", data={"state": "true", "note": "物流丢了一件", "command_id": uuid7()})
    assert answer.status_code == 303
    assert rows(owed, Claim)[0]["state"] == "true"
    after = client.get(f"/claims/{claim_id}").get_data(as_text=True)
    assert "物流丢了一件" in after
    assert "属实就是真争议" in after
    assert client.post(f"/claims/{claim_id}/dispute", data={"amount": "abc", "command_id": uuid7()}).status_code == 422
    contested = {"amount": "1,200", "command_id": uuid7()}
    assert client.post(f"/claims/{claim_id}/dispute", data=contested).status_code == 303
    [dispute] = rows(owed, Dispute)
    assert (dispute["claim_id"], dispute["kind"], dispute["amount_minor"]) == (claim_id, "not_received", 120_000)
    assert "已转为争议" in client.get(f"/claims/{claim_id}").get_data(as_text=True)
    assert claim_id not in client.get("/claims").get_data(as_text=True)
    assert claim_id in client.get("/claims?show=all").get_data(as_text=True)
