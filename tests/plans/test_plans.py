"""Plans: signed once, sealed once, flagged when the debt moved, settled against confirmed money."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from fieldsales.documents.messages import Signatory
from fieldsales.documents.models import Attachment, Document
from fieldsales.kernel.clock import FixedClock
from fieldsales.kernel.errors import Invalid, NotAllowed, NotFound, RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import SYSTEM, Answer, Envelope
from fieldsales.plans.messages import PlanPayload
from fieldsales.plans.models import Plan, PlanInstalment, PlanRevision
from fieldsales.plans.queries import due_for_settling, load_books
from fieldsales.receivables.models import Interruption
from fieldsales.web.here import Program
from tests import cast
from tests.collection.conftest import rows, with_debt
from tests.plans.signing import BOSS, DEVICE, command, enrol, plan, signed


def push(program: Program, payload: PlanPayload, actor: Any = cast.REP, **other: Any) -> Answer:
    """Send a signed plan as the phone does."""
    sent = other.pop("command", None) or command(payload)
    envelope = Envelope(uuid7(), "plans.sign_plan", sent, device_id=DEVICE, raw={"entity_id": payload.plan_id})
    return program.dispatcher.perform_batch(actor, [envelope])[0]


def pay(program: Program, amount: int, on: date) -> str:
    payment_id = uuid7()
    program.dispatcher.perform(cast.FINANCE, "receivables.record_payments", {"payments": [{
        "payment_id": payment_id, "customer_id": cast.HARBOUR, "debtor_id": cast.HARBOUR_DEBTOR,
        "seller_id": cast.SELLER, "amount_minor": amount, "received_on": on}]})  # fmt: skip
    return payment_id


def states(program: Program) -> list[tuple[str, int]]:
    parts = sorted(rows(program, PlanInstalment), key=lambda row: row["n"])
    return [(row["state"], row["kept_minor"]) for row in parts]


def test_signed_plan_is_on_record_with_paper_and_interruption(any_url: str, make_app: Callable[..., Flask]) -> None:
    program = with_debt(make_app(any_url))
    enrol(program)
    payload = plan()
    answer = push(program, payload)
    assert (answer.status, answer.code) == ("applied", "")
    assert (answer.data or {})["flags"] == []
    [row] = rows(program, Plan)
    assert (row["number"], row["total_minor"], row["device_id"]) == (payload.number, 18_230_000, DEVICE)
    assert [(one["due_on"], one["amount_minor"]) for one in rows(program, PlanInstalment)] == [
        (date(2026, 3, 31), 6_076_667), (date(2026, 4, 30), 6_076_667), (date(2026, 5, 31), 6_076_666)]  # fmt: skip
    [document] = rows(program, Document)
    assert (document["kind"], document["number"], document["state"]) == ("plan", payload.number, "sealing_pending")
    assert document["source"]["device_key"]["crv"] == "P-256"
    assert document["id"] == row["document_id"]
    [interruption] = rows(program, Interruption)
    assert (interruption["ground"], interruption["grade"], interruption["proof_id"]) == (
        "acknowledgement", "A", payload.plan_id)  # fmt: skip


def test_same_signing_twice_is_one_plan(owed: Program) -> None:
    payload = plan()
    sent = command(payload)
    first, second = push(owed, payload, command=sent), push(owed, payload, command=sent)
    assert (first.status, second.status) == ("applied", "applied")
    assert (first.data or {})["document_id"] == (second.data or {})["document_id"]
    assert len(rows(owed, Plan)) == len(rows(owed, Document)) == 1
    batch = [Envelope(uuid7(), "plans.sign_plan", command(other), device_id=DEVICE) for other in [plan()] * 2]
    assert [answer.status for answer in owed.dispatcher.perform_batch(cast.REP, batch)] == ["applied"] * 2
    assert len(rows(owed, Plan)) == 2


def test_debt_that_moved_meanwhile_is_accepted_and_flagged(owed: Program) -> None:
    payload = plan()
    pay(owed, 5_000_000, cast.TODAY)
    answer = push(owed, payload)
    assert (answer.status, (answer.data or {})["flags"]) == ("applied", ["balance_moved"])
    assert rows(owed, Plan)[0]["flags"] == rows(owed, Document)[0]["flags"] == ["balance_moved"]


def test_plan_over_more_than_is_owed_is_flagged(owed: Program) -> None:
    assert (push(owed, plan(20_000_000, invoices=[])).data or {})["flags"] == ["balance_moved"]
    assert (push(owed, plan(10_000_000, invoices=[])).data or {})["flags"] == []


@pytest.mark.parametrize("prepare", ["revoked", "somebody_elses", "unknown"])
def test_device_that_cannot_speak_for_the_rep_is_flagged(app: Flask, prepare: str) -> None:
    program = with_debt(app)
    if prepare == "somebody_elses":
        enrol(program, cast.OTHER_REP.user_id)
    elif prepare == "revoked":
        enrol(program)
        program.dispatcher.perform(cast.ADMIN, "people.revoke_device", {"device_id": DEVICE})
    answer = push(program, plan())
    assert (answer.status, (answer.data or {})["flags"]) == ("applied", ["device_unproven"])


def test_signatory_without_authority_is_flagged_never_refused(owed: Program) -> None:
    payload = plan()
    clerk = Signatory(name="李梅", role="finance")
    answer = push(owed, payload, command=command(payload, signed(payload, clerk)))
    assert (answer.data or {})["flags"] == ["authority_unproven"]
    assert rows(owed, Plan)[0]["authority"] == "none"


def test_photos_of_authority_are_expected(owed: Program) -> None:
    payload = plan()
    boss = BOSS.model_copy(update={"authority_sha256": ["ab" * 32]})
    assert push(owed, payload, command=command(payload, signed(payload, boss))).status == "applied"
    [photo] = rows(owed, Attachment)
    assert (photo["sha256"], photo["slot"], photo["subject_id"]) == ("ab" * 32, "authority", payload.plan_id)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"total_minor": 18_230_001}, "plans.sum"),
        ({"number": "HK260312-00000000"}, "plans.number"),
        ({"debtor_id": cast.RIVER_DEBTOR}, "paper.debtor"),
        ({"seller_account": "个人账户 6222 0000 1111 2222"}, "paper.account"),
        ({"seller_account": ""}, "paper.account"),
        ({"seller_id": cast.an_id(0x999)}, "paper.seller"),
        ({"predecessor_id": cast.an_id(0x998)}, "plans.predecessor"),
    ],
)
def test_plan_that_is_wrong_in_itself_is_rejected_and_kept(owed: Program, change: dict[str, Any], code: str) -> None:
    answer = push(owed, plan(**change))
    assert (answer.status, answer.code) == ("rejected", code)
    assert rows(owed, Plan) == rows(owed, Document) == []


def test_amount_changed_after_signing_is_rejected(owed: Program) -> None:
    payload = plan()
    signing = signed(payload)
    changed = plan(18_230_003, plan_id=payload.plan_id)
    answer = push(owed, changed, command=command(changed, signing))
    assert (answer.status, answer.code) == ("rejected", "documents.payload_changed")


@pytest.mark.parametrize(
    "change",
    [
        {"instalments": []},
        {"instalments": [{"n": 1, "due_on": "2013-02-30", "amount_minor": 18_230_000}]},
        {"instalments": [{"n": 1, "due_on": "2026-04-01", "amount_minor": 0}]},
        {"instalments": [{"n": 1, "due_on": "2026-04-01", "amount_minor": 1}] * 121},
        {"debtor_name": "宁" * 121},
        {"debtor_name": "宁波\u202e港"},
        {"total_minor": 10**14},
        {"made_at": "2026-03-12T04:00:00"},
        {"unknown": 1},
    ],
)
def test_plan_that_cannot_be_read_is_rejected_in_words(owed: Program, change: dict[str, Any]) -> None:
    payload = plan()
    sent = command(payload)
    sent["payload"] |= change
    answer = push(owed, payload, command=sent)
    assert answer.status == "rejected"
    assert answer.message
    assert rows(owed, Plan) == []


@pytest.mark.parametrize("who", ["other_rep", "other_manager"])
def test_plan_of_another_reps_customer_is_not_found(owed: Program, who: str) -> None:
    answer = push(owed, plan(), actor=cast.PEOPLE[who])
    assert (answer.status, answer.kind) == ("rejected", "not_found")
    assert rows(owed, Plan) == []


def test_plan_signed_by_who_no_longer_has_the_customer_is_held(owed: Program) -> None:
    """Nothing of it is done, and nothing is lost: the office decides."""
    answer = push(owed, plan(), actor=cast.PEOPLE["former_rep"])
    assert (answer.status, answer.code) == ("held", "customer_moved")
    assert rows(owed, Plan) == []


def test_money_settles_instalments_and_a_reversal_takes_it_back(owed: Program, clock: FixedClock) -> None:
    push(owed, plan())
    payment = pay(owed, 7_000_000, cast.TODAY)
    assert states(owed) == [("kept", 6_076_667), ("open", 923_333), ("open", 0)]
    owed.dispatcher.perform(cast.FINANCE, "receivables.reverse_payment", {
        "reversal_id": uuid7(), "payment_id": payment, "customer_id": cast.HARBOUR, "reason": "退票"})
    assert states(owed) == [("open", 0)] * 3


def test_night_finds_what_is_past_its_day_and_breaks_it(owed: Program, clock: FixedClock) -> None:
    push(owed, plan())
    pay(owed, 1_000_000, cast.TODAY)
    with owed.store.reading() as connection:
        assert due_for_settling(connection, date(2026, 4, 1)) == []
        assert due_for_settling(connection, date(2026, 4, 2)) == [cast.HARBOUR]
    clock.at += timedelta(days=21)
    owed.dispatcher.perform(SYSTEM, "plans.settle_plans", {"customer_id": cast.HARBOUR, "as_of": date(2026, 4, 2)})
    assert states(owed) == [("partly", 1_000_000), ("open", 0), ("open", 0)]
    pay(owed, 5_076_667, date(2026, 4, 2))
    assert states(owed) == [("partly", 6_076_667), ("open", 0), ("open", 0)]


def test_payment_of_the_same_batch_counts(owed: Program) -> None:
    payload = plan()
    envelopes = [
        Envelope(uuid7(), "plans.sign_plan", command(payload), device_id=DEVICE),
        Envelope(uuid7(), "receivables.record_payments", {"payments": [{
            "payment_id": uuid7(), "customer_id": cast.HARBOUR, "debtor_id": cast.HARBOUR_DEBTOR,
            "seller_id": cast.SELLER, "amount_minor": 6_076_667, "received_on": cast.TODAY}]}),
    ]  # fmt: skip
    answers = owed.dispatcher.perform_batch(cast.ADMIN, envelopes)
    assert [answer.status for answer in answers] == ["applied", "applied"]
    assert states(owed)[0] == ("kept", 6_076_667)


def test_new_plan_takes_the_place_of_the_old_one(owed: Program, clock: FixedClock) -> None:
    first = plan()
    push(owed, first)
    clock.at += timedelta(days=1)
    second = plan(count=2, first=date(2026, 4, 15), predecessor_id=first.plan_id)
    assert push(owed, second).status == "applied"
    by_plan: dict[str, list[str]] = {}
    for row in rows(owed, PlanInstalment):
        by_plan.setdefault(row["plan_id"], []).append(row["state"])
    assert by_plan == {first.plan_id: ["superseded"] * 3, second.plan_id: ["open"] * 2}
    [revision] = rows(owed, PlanRevision)
    assert (revision["plan_id"], revision["kind"], revision["note"]) == (first.plan_id, "superseded", second.number)


def test_two_plans_that_replace_the_same_one_count_its_instalments_once(owed: Program, clock: FixedClock) -> None:
    first = plan()
    push(owed, first)
    for days in (1, 2):  # two phones, neither knowing of the other
        clock.at += timedelta(days=1)
        push(owed, plan(count=2, first=date(2026, 4, 15 + days), predecessor_id=first.plan_id))
    with owed.store.reading() as connection:
        book = load_books(connection, [cast.HARBOUR])[cast.HARBOUR]
    assert [part.n for part in book.parts if part.plan_id == first.plan_id] == [1, 2, 3]
    assert len(book.parts) == 3 + 2 + 2


def test_stamped_copy_is_a_revision_of_its_own(owed: Program) -> None:
    payload = plan()
    sent = {"revision_id": uuid7(), "plan_id": payload.plan_id, "customer_id": cast.HARBOUR, "sha256": "cd" * 32,
            "size": 1000}  # fmt: skip
    envelopes = [
        Envelope(uuid7(), "plans.sign_plan", command(payload), device_id=DEVICE),
        Envelope(uuid7(), "plans.attach_stamped_copy", sent, device_id=DEVICE),
    ]
    assert [one.status for one in owed.dispatcher.perform_batch(cast.REP, envelopes)] == ["applied", "applied"]
    [revision] = rows(owed, PlanRevision)
    assert (revision["kind"], revision["sha256"]) == ("stamped_copy", "cd" * 32)
    with pytest.raises(NotFound):
        owed.dispatcher.perform(cast.OTHER_REP, "plans.attach_stamped_copy",
                                {**sent, "revision_id": uuid7(), "customer_id": cast.RIVER})  # fmt: skip


def test_only_the_system_settles(owed: Program) -> None:
    with pytest.raises(NotAllowed):
        owed.dispatcher.perform(cast.ADMIN, "plans.settle_plans", {"customer_id": cast.HARBOUR, "as_of": cast.TODAY})


def test_clock_that_runs_ahead_signs_today(owed: Program) -> None:
    ahead = cast.NOON + timedelta(days=2)
    payload = plan(made_at=ahead, acknowledged_on=cast.TODAY)
    assert push(owed, payload).status == "applied"
    [row] = rows(owed, Plan)
    assert row["signed_at"] == cast.NOON
    assert rows(owed, Interruption)[0]["occurred_on"] == cast.TODAY


def test_first_instalment_before_the_signing_is_refused(owed: Program) -> None:
    payload = plan(first=date(2026, 3, 1))
    with pytest.raises(Invalid):
        owed.dispatcher.perform(cast.REP, "plans.sign_plan", command(payload, signed(payload, device_id="")))


def test_from_the_desk_without_a_device_is_flagged(owed: Program) -> None:
    payload = plan()
    answer = owed.dispatcher.perform(cast.REP, "plans.sign_plan", command(payload, signed(payload, device_id="")))
    assert answer["flags"] == ["device_unproven"]
    with pytest.raises(RuleBroken):
        owed.dispatcher.perform(cast.REP, "plans.sign_plan", command(plan(), signed(payload, device_id="")))
