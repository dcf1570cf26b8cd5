"""A dispute: opened by the rep, decided by the manager, and no balance moves."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from fieldsales.collection.models import Task
from fieldsales.disputes.models import Dispute, DisputeAssignment, DisputeDecision, DisputeFinding
from fieldsales.disputes.rules import collectable, people_of
from fieldsales.kernel.clock import FixedClock
from fieldsales.kernel.errors import Invalid, NotAllowed, NotFound, RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Actor
from fieldsales.receivables.models import Invoice
from fieldsales.web.here import Program
from fieldsales.workday.night import run_night
from fieldsales.workday.queries import dossiers
from tests import cast
from tests.receivables.conftest import Ledger


@pytest.fixture
def ledger(program: Program) -> Ledger:
    """The whole program, reactions and all."""
    return Ledger(program.dispatcher)


def open_one(ledger: Ledger, **more: object) -> str:
    dispute_id = uuid7()
    ledger.perform("disputes.open_dispute", cast.REP, **{"dispute_id": dispute_id, "kind": "quality", "words": "漏水",
                                                          **more})
    return dispute_id


def decide(ledger: Ledger, dispute_id: str, actor: Actor = cast.MANAGER, decision: str = "denied",
           customer_id: str = cast.HARBOUR) -> None:
    ledger.perform("disputes.decide_dispute", actor, dispute_id=dispute_id, decision=decision, customer_id=customer_id)


def test_the_disputed_part_is_marked_and_the_balance_stays(ledger: Ledger) -> None:
    invoice = ledger.invoice("A", 100_00, late=5)
    dispute = open_one(ledger, invoice_id=invoice, amount_minor=30_00)
    assert ledger.rows(Invoice, "open_minor", "disputed_minor") == [(100_00, 30_00)]
    assert ledger.summary()["disputed_minor"] == 30_00
    decide(ledger, dispute)
    assert ledger.rows(Invoice, "open_minor", "disputed_minor") == [(100_00, 0)]


def test_what_is_granted_stays_disputed_until_its_credit_note(ledger: Ledger) -> None:
    invoice = ledger.invoice("A", 100_00)
    decide(ledger, open_one(ledger, invoice_id=invoice, amount_minor=30_00), decision="granted")
    assert ledger.rows(Invoice, "open_minor", "disputed_minor") == [(100_00, 30_00)]


@pytest.mark.parametrize(
    ("actor", "error"),
    [(cast.REP, NotAllowed), (cast.FINANCE, NotAllowed), (cast.LEGAL, NotAllowed), (cast.OTHER_MANAGER, NotFound)],
)
def test_only_the_teams_manager_decides(ledger: Ledger, actor: Actor, error: type[Exception]) -> None:
    dispute = open_one(ledger)
    with pytest.raises(error):
        decide(ledger, dispute, actor)
    assert ledger.rows(DisputeDecision, "id") == []


def test_a_dispute_is_decided_once(ledger: Ledger) -> None:
    dispute = open_one(ledger)
    decide(ledger, dispute, decision="partly")
    with pytest.raises(RuleBroken, match="already_decided"):
        decide(ledger, dispute)


def test_a_dispute_of_another_customer_is_not_found(ledger: Ledger) -> None:
    dispute = open_one(ledger)
    with pytest.raises(NotFound):
        decide(ledger, dispute, cast.ADMIN, customer_id=cast.RIVER)


def test_another_customers_invoice_or_currency_is_refused(ledger: Ledger) -> None:
    invoice = ledger.invoice("A", 100_00, customer_id=cast.RIVER)
    with pytest.raises(RuleBroken, match="other_customer"):
        open_one(ledger, invoice_id=invoice)
    own = ledger.invoice("B", 100_00)
    with pytest.raises(Invalid, match="currency"):
        open_one(ledger, invoice_id=own, amount_minor=1, currency="USD")
    assert ledger.rows(Dispute, "id") == []


def test_two_disputes_of_one_invoice_add_up_and_denying_one_leaves_the_other(ledger: Ledger) -> None:
    invoice = ledger.invoice("A", 100_00, late=5)
    first = open_one(ledger, invoice_id=invoice, amount_minor=30_00)
    second = open_one(ledger, invoice_id=invoice, amount_minor=20_00)
    assert ledger.rows(Invoice, "open_minor", "disputed_minor") == [(100_00, 50_00)]
    decide(ledger, first)
    assert ledger.rows(Invoice, "open_minor", "disputed_minor") == [(100_00, 20_00)]
    whole = open_one(ledger, invoice_id=invoice)
    assert ledger.rows(Invoice, "open_minor", "disputed_minor") == [(100_00, 100_00)]
    decide(ledger, whole)
    decide(ledger, second)
    assert ledger.rows(Invoice, "open_minor", "disputed_minor") == [(100_00, 0)]


# who settles it, and by when


def settle_tasks(ledger: Ledger, *kinds: str) -> list[tuple[str, str, bool]]:
    found = ledger.rows(Task, "kind", "assignee_id", "done_at")
    return sorted((kind, who, done is not None) for kind, who, done in found if kind in kinds)


def assign(ledger: Ledger, dispute_id: str, actor: Actor = cast.MANAGER, **more: Any) -> None:
    ledger.perform("disputes.assign_dispute", actor, **{
        "dispute_id": dispute_id, "desk": "logistics", "owner_id": cast.HELPER_REP.user_id,
        "due_on": cast.TODAY + timedelta(days=3), **more})


@pytest.mark.parametrize(
    ("kind", "desk", "owner"),
    [("quality", "quality", ""), ("not_received", "logistics", ""), ("rebate", "sales_support", ""),
     ("account", "finance", cast.FINANCE.user_id), ("fapiao", "finance", cast.FINANCE.user_id), ("other", "", "")],
)  # fmt: skip
def test_a_dispute_goes_to_its_desk_with_a_day(ledger: Ledger, kind: str, desk: str, owner: str) -> None:
    open_one(ledger, kind=kind)
    assert ledger.rows(DisputeAssignment, "n", "desk", "owner_id", "due_on") == [
        (1, desk, owner, cast.TODAY + timedelta(days=7))]
    assert settle_tasks(ledger, "settle_dispute") == ([("settle_dispute", owner, False)] if owner else [])


def test_people_of_desks_are_named_by_the_setting() -> None:
    assert people_of("quality=wang，logistics = li , boss=x, finance=") == {"quality": "wang", "logistics": "li"}
    assert people_of("") == {}


def test_a_manager_gives_it_on_and_the_history_stays(ledger: Ledger) -> None:
    dispute = open_one(ledger, kind="account")
    assign(ledger, dispute, reason="是少发货")
    assert ledger.rows(DisputeAssignment, "n", "desk", "reason") == [(1, "finance", ""), (2, "logistics", "是少发货")]
    assert settle_tasks(ledger, "settle_dispute") == sorted(
        [("settle_dispute", cast.FINANCE.user_id, True), ("settle_dispute", cast.HELPER_REP.user_id, False)])
    for wrong in ({"due_on": cast.TODAY - timedelta(days=1)}, {"due_on": cast.TODAY + timedelta(days=366)}):
        with pytest.raises(Invalid, match="due"):
            assign(ledger, dispute, **wrong)
    for wrong_owner in (cast.DISABLED.user_id, uuid7()):
        with pytest.raises(NotFound):
            assign(ledger, dispute, owner_id=wrong_owner)
    with pytest.raises(NotAllowed):
        assign(ledger, dispute, cast.REP)


def test_the_owner_answers_though_the_customer_is_not_theirs(ledger: Ledger) -> None:
    dispute = open_one(ledger)
    answer = {"dispute_id": dispute, "finding": "partly", "words": "三桶里有一桶漏", "proof_sha256": ["ab" * 32]}
    for stranger, error in ((cast.OTHER_REP, NotFound), (cast.REP, NotAllowed)):
        with pytest.raises(error):
            ledger.perform("disputes.answer_dispute", stranger, **answer)
    assign(ledger, dispute, owner_id=cast.OTHER_REP.user_id)
    ledger.perform("disputes.answer_dispute", cast.OTHER_REP, **answer)
    assert ledger.rows(DisputeFinding, "finding", "by_id") == [("partly", cast.OTHER_REP.user_id)]
    assert settle_tasks(ledger, "settle_dispute", "decide_dispute") == [
        ("decide_dispute", "", False), ("settle_dispute", cast.OTHER_REP.user_id, True)]
    decide(ledger, dispute)
    with pytest.raises(RuleBroken, match="already_decided"):
        ledger.perform("disputes.answer_dispute", cast.OTHER_REP, **answer)


def test_past_its_day_the_manager_is_told_once_for_each_owner(ledger: Ledger, clock: FixedClock) -> None:
    dispute = open_one(ledger)
    for days, told in ((7, 0), (8, 1), (9, 1)):
        clock.at = cast.NOON + timedelta(days=days)
        run_night(ledger.dispatcher)
        assert settle_tasks(ledger, "dispute_overdue") == [("dispute_overdue", cast.MANAGER.user_id, False)] * told
    assign(ledger, dispute, due_on=cast.TODAY + timedelta(days=10))
    clock.at = cast.NOON + timedelta(days=11)
    run_night(ledger.dispatcher)
    assert len(settle_tasks(ledger, "dispute_overdue")) == 2
    decide(ledger, dispute)
    run_night(ledger.dispatcher)
    assert settle_tasks(ledger, "dispute_overdue")[-1] == ("dispute_overdue", cast.MANAGER.user_id, True)


@pytest.mark.parametrize(
    ("invoices", "loose", "rest"),
    [
        ([(100_00, 30_00)], 0, 70_00),  # part of one is contested
        ([(100_00, 100_00), (50_00, 0)], 0, 50_00),  # all of one: the other goes on
        ([(100_00, 300_00), (50_00, 0)], 0, 50_00),  # what is contested never eats another invoice
        ([(100_00, 0)], 30_00, 70_00),  # contested without naming an invoice
        ([(100_00, 0)], 300_00, 0), ([], 10_00, 0), ([(100_00, -5)], -5, 100_00),
    ],
)  # fmt: skip
def test_what_is_not_contested_goes_on_being_collected(invoices: list[tuple[int, int]], loose: int, rest: int) -> None:
    assert collectable(invoices, loose) == rest


def test_the_dossier_says_who_settles_it_and_what_is_collected_all_the_same(ledger: Ledger, clock: FixedClock) -> None:
    invoice = ledger.invoice("A", 100_00, late=5)
    ledger.invoice("B", 40_00, late=5)
    first = open_one(ledger, invoice_id=invoice, amount_minor=30_00)
    open_one(ledger, kind="rebate", amount_minor=10_00)
    clock.at = cast.NOON + timedelta(days=8)
    with ledger.dispatcher.store.reading() as connection:
        found = dossiers(connection, [cast.HARBOUR], cast.TODAY + timedelta(days=8))[cast.HARBOUR]["settling"]
    assert (found["collectable_minor"], found["held_minor"], found["currency"]) == (100_00, 40_00, "CNY")
    assert {key: found["open"][first][key] for key in ("desk", "owner", "overdue", "finding")} == {
        "desk": "quality", "owner": "", "overdue": True, "finding": None}


@pytest.mark.parametrize("who", ["manager", "rep", "other_rep"])
def test_the_page_shows_owner_and_day(ledger: Ledger, log_in: Callable[[str], FlaskClient], who: str) -> None:
    dispute = open_one(ledger)
    client = log_in(who)
    page = client.get("/disputes").get_data(as_text=True)
    if who == "other_rep":
        assert dispute not in page
        assign(ledger, dispute, owner_id=cast.OTHER_REP.user_id)
        page = client.get("/disputes?show=mine").get_data(as_text=True)
        found = {"finding": "wrong", "words": "没漏", "command_id": uuid7()}
        assert client.post(f"/disputes/{dispute}/answer", data=found).status_code == 303
        assert ledger.rows(DisputeFinding, "finding") == ["wrong"]
    for words in ("漏水", "3月1"):
        assert words in page
    assert ("转交" in page) is (who == "manager")
