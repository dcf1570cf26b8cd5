"""Askings, policies, phrases and what was shown, in the books: on both engines, seen by whom they concern."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from fieldsales.collection.asking import habits
from fieldsales.collection.models import Task
from fieldsales.collection.phrasebook import phrases, taken_out
from fieldsales.collection.promotions import registered
from fieldsales.collection.tablemodels import AskMade, Coaching, Disclosure, PromotionQuote
from fieldsales.kernel.errors import Invalid, NotAllowed, NotFound, RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Actor, Envelope
from fieldsales.web.here import Program
from fieldsales.workday import table
from tests import cast
from tests.cast import HARBOUR, NOON, TODAY
from tests.collection.conftest import invoice, rows, with_debt


def do(program: Program, operation: str, actor: Actor = cast.REP, **command: Any) -> dict[str, Any]:
    return program.dispatcher.perform(actor, operation, command)


def ask(program: Program, asked: int, close: int | None, actor: Actor = cast.REP, **more: Any) -> str:
    ask_id = uuid7()
    do(program, "collection.record_ask", actor, **{"ask_id": ask_id, "customer_id": HARBOUR, "ask_minor": asked,
       "close_minor": close, "answer": "promised" if close else "refused"} | more)  # fmt: skip
    return ask_id


@pytest.fixture
def owed_on_both(make_app: Callable[..., Flask], any_url: str) -> Program:
    return with_debt(make_app(any_url))


def read(program: Program, *customer_ids: str, today: date = TODAY) -> Any:
    with program.store.reading() as connection:
        return table.read_table(connection, customer_ids, today)


def test_customer_who_halves_every_ask_is_asked_for_more(owed_on_both: Program) -> None:
    program = owed_on_both
    with program.store.reading() as connection:
        assert habits(connection, [HARBOUR], TODAY)[HARBOUR].ratio_bp == 18_000
    for _ in range(4):
        ask(program, 10_000_00, 4_000_00)
    ask(program, 10_000_00, 0)
    found = read(program, HARBOUR, cast.RIVER)
    with program.store.reading() as connection:
        river = habits(connection, [cast.RIVER], TODAY)[cast.RIVER]
    assert list(found) == [HARBOUR]
    assert (river.ratio_bp, river.house_bp) == (20_000, 20_000)  # (4 × 2.5 + 10 × 1.8) / 14
    assert found[HARBOUR]["ratio_bp"] == 22_500  # (4 × 2.5 + 4 × 2.0) / 8
    assert found[HARBOUR]["own_closes"] == 4
    assert [one["answer"] for one in found[HARBOUR]["history"]] == ["refused", *["promised"] * 4]


def test_ask_keeps_offers_in_turn_and_is_marked_when_it_is_more_than_is_owed(owed: Program) -> None:
    visit_id = uuid7()
    ask(owed, 18_000_000, 10_000_000, contact_kind="visit", contact_id=visit_id, expected_minor=10_000_000,
        ratio_bp=18_000, counters=[8_000_000, 15_000_000], words="月底付十万")
    ask(owed, 18_230_001, None, answer="none")
    first, second = rows(owed, AskMade)
    assert (first["flags"], first["counters"], first["contact_id"]) == ([], [8_000_000, 15_000_000], visit_id)
    assert (first["by_id"], first["words"], first["close_minor"]) == (cast.REP.user_id, "月底付十万", 10_000_000)
    assert second["flags"] == ["above_balance"]
    with pytest.raises(NotFound):
        ask(owed, 1, None, cast.OTHER_REP)
    assert len(rows(owed, AskMade)) == 2


def test_one_who_pays_before_the_day_gets_thanks_and_not_an_ask(owed_on_both: Program) -> None:
    program = owed_on_both
    due = [date(2026, 2, day) for day in (10, 15, 20)]
    program.dispatcher.perform(cast.FINANCE, "receivables.add_invoices", {"invoices": [
        invoice(f"R-{on.day}", 100_00, on - timedelta(days=30), on) | {"customer_id": cast.RIVER, "debtor_id": None}
        for on in due]})  # fmt: skip
    program.dispatcher.perform(cast.FINANCE, "receivables.record_payments", {"payments": [
        {"payment_id": uuid7(), "customer_id": cast.RIVER, "amount_minor": 100_00,
         "received_on": on - timedelta(days=1)} for on in due]})  # fmt: skip
    found = read(program, HARBOUR, cast.RIVER)
    assert found[cast.RIVER]["pays_himself"] == "on_time"
    assert found[cast.RIVER]["why_zh"].startswith("一向按时主动付款")
    assert HARBOUR not in found


def test_reading_runs_as_many_statements_whatever_the_page(owed: Program) -> None:
    for close in (5, 7, None):
        ask(owed, 10_00, close)
    said: list[str] = []
    event.listen(owed.store.engine, "before_cursor_execute", lambda *given: said.append(given[2].split()[0]))
    read(owed, HARBOUR)
    alone = said.count("SELECT")
    read(owed, HARBOUR, cast.RIVER)
    assert (alone, said.count("SELECT")) == (table.QUERIES, 2 * table.QUERIES)


def test_manager_says_a_word_after_a_hard_visit_and_calls_back(owed: Program) -> None:
    ask_id = ask(owed, 10_00, None)
    word = {"coaching_id": uuid7(), "customer_id": HARBOUR, "rep_id": cast.REP.user_id, "ask_id": ask_id,
            "text": "问得对。下次先拿对账单。", "call_on": TODAY}
    for who, refusal in ((cast.REP, NotAllowed), (cast.OTHER_MANAGER, NotFound)):
        with pytest.raises(refusal):
            do(owed, "collection.coach", who, **word)
    assert rows(owed, Coaching) == []
    do(owed, "collection.coach", cast.MANAGER, **word)
    [task] = [one for one in rows(owed, Task) if one["kind"] == "coach_call"]
    assert (task["assignee_id"], task["due_on"]) == (cast.MANAGER.user_id, TODAY)
    [said] = read(owed, HARBOUR)[HARBOUR]["coaching"]
    assert said["text"] == "问得对。下次先拿对账单。"


def register(program: Program, actor: Actor = cast.MANAGER, **more: Any) -> str:
    promotion_id = uuid7()
    do(program, "collection.register_promotion", actor, **{
        "promotion_id": promotion_id, "name": "三月进货奖励", "text_zh": "三月现款进货返 2%。",
        "from_on": date(2026, 3, 1), "to_on": date(2026, 3, 31), "approved_by": "批文 2026-07"} | more)  # fmt: skip
    return promotion_id


def quote(program: Program, promotion_id: str, days: int = 0) -> Any:
    command = {"quote_id": uuid7(), "promotion_id": promotion_id, "customer_id": HARBOUR}
    envelope = Envelope(uuid7(), "collection.quote_promotion", command, made_at=NOON + timedelta(days=days))
    return program.dispatcher.perform_batch(cast.REP, [envelope])[0]


def test_only_a_manager_registers_a_policy_and_only_a_registered_one_is_quoted(owed: Program) -> None:
    with pytest.raises(NotAllowed):
        register(owed, cast.REP)
    with pytest.raises(Invalid):
        register(owed, to_on=date(2026, 2, 28))
    with owed.store.reading() as connection:
        assert registered(connection) == []
    assert quote(owed, uuid7()).status == "rejected"
    assert quote(owed, register(owed)).status == "applied"
    assert [one["flags"] for one in rows(owed, PromotionQuote)] == [[]]


@pytest.mark.parametrize(("days", "flags"), [(-12, ["not_valid"]), (-11, []), (0, [])])
def test_quote_is_measured_by_the_day_it_was_said_and_kept_all_the_same(owed: Program, days: int,
                                                                       flags: list[str]) -> None:
    assert quote(owed, register(owed), days).status == "applied"  # noon is the 12th of March
    assert rows(owed, PromotionQuote)[0]["flags"] == flags


def test_policy_taken_back_is_no_longer_on_the_phone_and_a_late_quote_is_marked(owed: Program) -> None:
    promotion_id = register(owed)
    with owed.store.reading() as connection:
        assert [one["id"] for one in table.table_settings(connection, ())["promotions"]] == [promotion_id]
    for who in (cast.REP, cast.OTHER_MANAGER):  # of another team, and not who entered it
        with pytest.raises(NotAllowed):
            do(owed, "collection.end_promotion", who, promotion_id=promotion_id, reason="政策变了")
    do(owed, "collection.end_promotion", cast.ADMIN, promotion_id=promotion_id, reason="政策变了")
    with pytest.raises(RuleBroken):
        do(owed, "collection.end_promotion", cast.ADMIN, promotion_id=promotion_id, reason="再撤一次")
    with owed.store.reading() as connection:
        assert table.table_settings(connection, ())["promotions"] == []
    quote(owed, promotion_id, -1)  # said yesterday, when it still held; came today
    quote(owed, promotion_id)
    assert sorted(one["flags"] for one in rows(owed, PromotionQuote)) == [[], ["not_valid"]]


def test_house_changes_its_phrases_and_the_newest_word_counts(owed: Program) -> None:
    def put(phrase: str, active: bool, who: Actor = cast.ADMIN) -> None:
        do(owed, "collection.set_phrase", who, phrase_id=uuid7(), lang="zh", phrase=phrase, instead="请定日期。",
           active=active)

    with pytest.raises(NotAllowed):
        put("饭碗", False, cast.REP)
    put("饭碗", False)
    put("江湖救急", True)
    with owed.store.reading() as connection:
        assert [one.phrase for one in taken_out(connection)] == ["饭碗"]
        assert {"江湖救急", "帮帮忙"} <= {one.phrase for one in phrases(connection)}
    put("饭碗", True)
    put("江湖救急", False)
    with pytest.raises(Invalid):
        put(" * ", True)
    with owed.store.reading() as connection:
        assert taken_out(connection) == ()
        assert "江湖救急" not in {one.phrase for one in phrases(connection)}


def test_what_a_customer_was_shown_is_on_record(owed: Program) -> None:
    shown = {"disclosure_id": uuid7(), "customer_id": HARBOUR, "shown": ["account", "invoices"], "open_minor": 5}
    with pytest.raises(NotFound):
        do(owed, "collection.log_disclosure", cast.OTHER_REP, **shown)
    do(owed, "collection.log_disclosure", **shown)
    [row] = rows(owed, Disclosure)
    assert (row["shown"], row["by_id"], row["open_minor"]) == (["account", "invoices"], cast.REP.user_id, 5)
