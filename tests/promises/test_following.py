"""Promises judged, asked after, proved and refused, with every reaction in place."""

from datetime import timedelta
from typing import Any

import pytest

from fieldsales.collection.models import Task
from fieldsales.documents.models import Attachment
from fieldsales.kernel.clock import FixedClock
from fieldsales.kernel.errors import NotFound
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Envelope
from fieldsales.promises.history import History
from fieldsales.promises.models import NoPromise, Promise, PromiseEvidence
from fieldsales.promises.queries import pausing, weighted
from fieldsales.receivables.models import Interruption
from fieldsales.workday.night import run_night
from tests import cast
from tests.promises.conftest import promise, settle, state
from tests.receivables.conftest import Ledger


def kinds(ledger: Ledger, **where: Any) -> list[tuple[str, str]]:
    """(kind, outcome) of the tasks."""
    return ledger.rows(Task, "kind", "outcome", **where)


def test_a_promise_is_judged_as_it_is_made_and_the_judgement_stays(ledger: Ledger) -> None:
    for months_ago in (1, 2, 3, 4):
        ledger.pay(200_00, on=cast.TODAY - timedelta(days=30 * months_ago))
    one = promise(ledger, funding="own_cash", decides="yes")
    assert ledger.rows(Promise, "klass", "probability_bp", id=one) == [("easy", 7000)]
    settle(ledger, 30)
    assert ledger.rows(Promise, "klass", "probability_bp", "state", id=one) == [("easy", 7000, "broken")]
    two = promise(ledger, funding="own_cash")
    assert ledger.rows(Promise, "probability_bp", id=two)[0] < 7000


def test_a_promise_put_off_says_how_often(ledger: Ledger) -> None:
    one = promise(ledger)
    two = promise(ledger, supersedes=[one])
    three = promise(ledger, supersedes=[two])
    assert [ledger.rows(Promise, "put_off", id=key)[0] for key in (one, two, three)] == [0, 1, 2]


def test_the_reply_and_the_moneys_proof_come_later_and_are_kept_beside_it(ledger: Ledger) -> None:
    one = promise(ledger)
    for kind, sha256 in (("reply", "ab" * 32), ("funding", "cd" * 32)):
        ledger.perform("promises.add_evidence", cast.REP, evidence_id=uuid7(), promise_id=one, kind=kind,
                       words="同意", proof_sha256=[sha256])
    assert ledger.rows(Promise, "confirmed", "funding_proven") == [(True, True)]
    assert ledger.rows(PromiseEvidence, "kind", "words") == [("funding", "同意"), ("reply", "同意")]
    assert ledger.rows(Attachment, "slot", subject_id=one) == ["funding", "reply"]
    assert ledger.rows(Interruption, "ground", "grade") == [("agreement", "B"), ("agreement", "C")]


def test_evidence_for_another_customers_promise_is_refused(ledger: Ledger) -> None:
    one = promise(ledger)
    with pytest.raises(NotFound):
        ledger.perform("promises.add_evidence", cast.OTHER_REP, evidence_id=uuid7(), promise_id=one, kind="reply",
                       customer_id=cast.RIVER)
    with pytest.raises(NotFound):
        ledger.perform("promises.add_evidence", cast.OTHER_REP, evidence_id=uuid7(), promise_id=one, kind="reply")


def test_a_promise_and_its_reply_in_one_batch(ledger: Ledger) -> None:
    one = uuid7()
    answers = ledger.dispatcher.perform_batch(cast.REP, [
        Envelope(uuid7(), "promises.make_promise", {"promise_id": one, "customer_id": cast.HARBOUR,
                                                    "amount_minor": 5, "due_on": cast.TODAY.isoformat()}),
        Envelope(uuid7(), "promises.add_evidence", {"evidence_id": uuid7(), "promise_id": one, "kind": "reply",
                                                    "customer_id": cast.HARBOUR}),
    ])
    assert [answer.status for answer in answers] == ["applied", "applied"]


@pytest.mark.parametrize(("reason", "kind", "days", "assignee"), [
    ("refused", "no_promise_refused", 0, cast.MANAGER.user_id), ("no_money", "support_wanted", 1, ""),
    ("absent", "reach_decider", 1, ""), ("evasive", "ask_again", 2, ""),
])  # fmt: skip
def test_no_promise_is_put_on_record_and_something_is_done_about_it(
    ledger: Ledger, reason: str, kind: str, days: int, assignee: str
) -> None:
    ledger.perform("promises.note_no_promise", cast.REP, no_promise_id=uuid7(), reason=reason, words="再说吧")
    assert ledger.rows(NoPromise, "reason", "words", "made_on") == [(reason, "再说吧", cast.TODAY)]
    assert ledger.rows(Task, "kind", "due_on", "assignee_id") == [(kind, cast.TODAY + timedelta(days=days), assignee)]


def visit(ledger: Ledger, **more: Any) -> None:
    ledger.perform("visits.log_visit", cast.REP, visit_id=uuid7(), arrived_at=cast.NOON.isoformat(), **more)


def test_refused_again_in_the_same_week_the_manager_decides_once(ledger: Ledger) -> None:
    for _ in range(3):
        ledger.perform("promises.note_no_promise", cast.REP, no_promise_id=uuid7(), reason="refused", words="不给")
    assert ledger.rows(Task, "assignee_id", kind="no_promise_refused") == [cast.MANAGER.user_id]


def test_a_new_word_is_the_answer_about_those_that_were_not_kept(ledger: Ledger) -> None:
    for days in (0, 1):
        promise(ledger, days=days)
    settle(ledger, 9)
    assert ledger.rows(Task, "kind", done_at=None) == ["promise_broken", "promise_broken"]
    promise(ledger, days=3)
    assert ledger.rows(Task, "kind", done_at=None) == ["promise_due"]


def test_a_visit_that_was_refused_leaves_no_blank(ledger: Ledger) -> None:
    visit(ledger, outcome="refused", said="没钱", excuses=[{"id": uuid7(), "code": "cash_tight", "words": "周转不灵"}])
    assert ledger.rows(NoPromise, "reason", "words") == [("no_money", "没钱")]
    assert ("support_wanted", "") in kinds(ledger)


def test_a_visit_with_its_own_next_step_makes_no_second_task(ledger: Ledger) -> None:
    visit(ledger, outcome="absent", next_step={"text": "再来", "on": (cast.TODAY + timedelta(days=2)).isoformat()})
    assert ledger.rows(NoPromise, "reason") == ["absent"]
    assert "reach_decider" not in {kind for kind, _ in kinds(ledger)}


def test_a_visit_that_brought_a_promise_notes_no_refusal(ledger: Ledger) -> None:
    visit(ledger, outcome="promised")
    assert ledger.rows(NoPromise, "reason") == []


def test_a_part_payment_sets_the_next_ask_the_same_day_and_keeps_nothing(ledger: Ledger) -> None:
    one = promise(ledger)
    ledger.pay(40_00)
    assert state(ledger, one) == ("open", 40_00)
    assert ledger.rows(Task, "kind", "due_on", "outcome", kind="ask_rest") == [("ask_rest", cast.TODAY, "")]
    ledger.pay(10_00)
    assert kinds(ledger, kind="ask_rest") == [("ask_rest", ""), ("ask_rest", "done")]
    ledger.pay(50_00)
    assert state(ledger, one) == ("kept", 100_00)
    assert kinds(ledger, kind="ask_rest") == [("ask_rest", "done")] * 2


def night(ledger: Ledger, clock: FixedClock, days: int) -> None:
    clock.at = cast.NOON + timedelta(days=days)
    run_night(ledger.dispatcher)


def test_the_night_asks_after_a_promise_before_its_day_and_after_it(ledger: Ledger, clock: FixedClock) -> None:
    one = promise(ledger, days=5, funding="own_cash")
    seen = []
    for days in range(1, 8):
        night(ledger, clock, days)
        night(ledger, clock, days)  # a second run asks for nothing twice
        seen.append([kind for kind, outcome in kinds(ledger) if not outcome])
    assert seen == [
        ["promise_due"],                       # T−4
        ["promise_due", "promise_soon"],       # T−3
        ["promise_due", "promise_soon"],
        ["promise_due", "promise_soon"],       # T−1: another, the older one gave way
        ["promise_due", "promise_soon"],       # T
        ["promise_due", "promise_late"],       # T+1, in its grace
        ["promise_broken"],                    # T+2
    ]  # fmt: skip
    assert state(ledger, one) == ("broken", 0)
    assert kinds(ledger, kind="promise_soon") == [("promise_soon", "withdrawn")] * 2


def test_reminders_are_withdrawn_when_the_money_comes(ledger: Ledger, clock: FixedClock) -> None:
    promise(ledger, days=3)
    night(ledger, clock, 1)
    night(ledger, clock, 2)
    ledger.pay(100_00, on=cast.TODAY + timedelta(days=2))
    assert kinds(ledger) == [("promise_due", "done"), ("promise_soon", "withdrawn")]


def test_poor_credit_is_followed_more_closely(ledger: Ledger, clock: FixedClock) -> None:
    ledger.perform("customers.change_customer", cast.MANAGER, credit_grade="D")
    promise(ledger, days=9, funding="own_cash")
    night(ledger, clock, 2)
    assert ("promise_soon", "") in kinds(ledger)


def test_weighted_and_pausing_by_customer_and_currency(ledger: Ledger) -> None:
    promise(ledger, 100_00, 5, funding="own_cash")
    promise(ledger, 50_00, 6, currency="USD", funding="own_cash")
    promise(ledger, 70_00, 40, funding="own_cash")
    promise(ledger, 10_00, 5, plan_id=uuid7(), funding="own_cash")  # a plan's own money
    promise(ledger, 30_00, 5, day_named=False, words="过几天再说")
    ledger.pay(20_00)
    last = cast.TODAY + timedelta(days=30)
    with ledger.dispatcher.store.reading() as connection:
        weigh = weighted(connection, [cast.HARBOUR, cast.RIVER], cast.TODAY, last)
        with_lies = weighted(connection, [cast.HARBOUR], cast.TODAY, last, {cast.HARBOUR: (0, 5)})
        hold = pausing(connection, [cast.HARBOUR], cast.TODAY)
        late = pausing(connection, [cast.HARBOUR], cast.TODAY + timedelta(days=20))
    assert set(weigh) == {cast.HARBOUR}
    assert weigh[cast.HARBOUR]["USD"] == (50_00, 29_00)
    whole, expected = weigh[cast.HARBOUR]["CNY"]
    assert (whole, 0 < expected < whole) == (110_00, True)
    assert with_lies[cast.HARBOUR]["CNY"][1] < expected
    assert hold == {cast.HARBOUR: {"CNY": 160_00, "USD": 50_00}}
    assert late == {cast.HARBOUR: {"CNY": 70_00}}


def test_only_the_twelve_months_before_its_own_are_a_promises_history() -> None:
    sums = {("CNY", 2025, 2): 9, ("CNY", 2025, 3): 1, ("CNY", 2025, 5): 2, ("CNY", 2026, 2): 3, ("CNY", 2026, 3): 9,
            ("USD", 2026, 1): 7}  # fmt: skip
    history = History(received=sums)
    assert history.months("CNY", cast.TODAY) == (1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 3)
    assert history.months("USD", cast.TODAY) == (7, 0)
    assert history.months("EUR", cast.TODAY) == ()
