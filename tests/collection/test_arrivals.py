"""What comes back from debtors: answers, returned mail, "no more of these", and what nobody knows the place of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from fieldsales.collection.arrival_models import FailedAddress, ReceivedMessage
from fieldsales.collection.case_models import ContactStop
from fieldsales.collection.gate import Contact as Meant
from fieldsales.collection.gate import permit
from fieldsales.collection.gate_facts import gate_facts
from fieldsales.collection.models import Mail, Task
from fieldsales.collection.queries import load_case_files
from fieldsales.collection.threads import NEWEST, count_unmatched, read_threads, threads
from fieldsales.customers.models import Contact
from fieldsales.kernel.errors import NotAllowed, NotFound, RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import SYSTEM
from fieldsales.receivables.interruptions import standing_acts
from fieldsales.receivables.models import Interruption, InterruptionReversal
from fieldsales.store.base import table_of
from fieldsales.web.here import Program
from tests import cast
from tests.collection.conftest import rows

BOSS = "boss@harbour.example"


def mailed(program: Program, state: str = "sent", *, to: str = BOSS, effect: str = "demand") -> str:
    """A demand by mail that was handed over, with what the server said of it."""
    mail_id = uuid7()
    values = {"id": mail_id, "customer_id": cast.HARBOUR, "message_id": f"<{mail_id}@haichuan.example>",
              "to_address": to, "subject": "付款通知", "body": "请付款", "accepted_effect": effect,
              "debtor_id": cast.HARBOUR_DEBTOR,
              "state": "queued", "server_answer": "", "queued_at": program.clock.now(), "attempts": 0, "fate": ""}
    program.dispatcher.note(lambda c: c.execute(table_of(Mail).insert().values(**values)))
    program.dispatcher.perform(SYSTEM, "collection.begin_mail", {"mail_id": mail_id})
    program.dispatcher.perform(SYSTEM, "collection.record_mail", {"mail_id": mail_id, "state": state})
    return mail_id


def comes(program: Program, kind: str, mail_id: str = "", **more: Any) -> str:
    """A message comes in; returns its id."""
    message_id = more.pop("message_id", uuid7())
    answers = [f"<{mail_id}@haichuan.example>"] if mail_id else []
    given = {"message_id": message_id, "kind": kind, "answers": answers, "sender": BOSS, "text": "周五付五万"} | more
    program.dispatcher.perform(SYSTEM, "collection.receive_message", given)
    return str(message_id)


def acts(program: Program) -> list[tuple[str, str]]:
    with program.store.reading() as connection:
        return [(one.ground, one.grade) for one in standing_acts(connection, [cast.HARBOUR])[cast.HARBOUR]]


def tasks(program: Program) -> list[str]:
    return sorted(row["kind"] for row in rows(program, Task) if row["kind"] in ("mail_reply", "find_address"))


def fate(program: Program) -> str:
    return str(rows(program, Mail)[0]["fate"])


def know(program: Program, email: str = BOSS, customer_id: str = cast.HARBOUR) -> None:
    row = {"id": uuid7(), "customer_id": customer_id, "name": "陈海", "role": "老板", "phone": "", "email": email}
    program.dispatcher.note(lambda c: c.execute(table_of(Contact).insert().values(**row)))


def person_at(connection: Any) -> Any:
    contacts = load_case_files(connection, [cast.HARBOUR])[cast.HARBOUR].facts.contacts
    return next(one for one in contacts if one.name == "陈海")


def test_answer_stands_on_the_case_with_a_task_and_only_once(owed: Program) -> None:
    mail_id = mailed(owed)
    message_id = comes(owed, "reply", mail_id)
    comes(owed, "reply", mail_id, message_id=message_id)
    [row] = rows(owed, ReceivedMessage)
    assert (row["customer_id"], row["mail_id"], row["state"]) == (cast.HARBOUR, mail_id, "filed")
    assert row["body"] == "周五付五万"
    assert (fate(owed), tasks(owed), acts(owed)) == ("answered", ["mail_reply"], [("demand", "B")])


def test_machines_answer_is_shown_but_counts_for_nothing(owed: Program) -> None:
    comes(owed, "auto_reply", mailed(owed))
    assert (fate(owed), tasks(owed), len(rows(owed, ReceivedMessage))) == ("", [], 1)


def test_mail_that_came_back_interrupts_nothing_marks_the_address_and_has_another_looked_for(owed: Program) -> None:
    know(owed)
    mail_id = mailed(owed)
    assert acts(owed) == [("demand", "B")]
    comes(owed, "failed", mail_id, address=BOSS.upper(), detail="5.1.1 user unknown", sender="mailer-daemon@mx.example")
    comes(owed, "failed", mail_id, address=BOSS, sender="mailer-daemon@mx.example")
    assert (acts(owed), fate(owed), tasks(owed)) == ([], "failed", ["find_address"])
    [reversal] = rows(owed, InterruptionReversal)
    [act] = rows(owed, Interruption)
    assert (reversal["interruption_id"], reversal["reason"]) == (act["id"], "5.1.1 user unknown")
    [failed] = rows(owed, FailedAddress)
    assert (failed["address"], failed["cleared_at"]) == (BOSS, None)
    with owed.store.reading() as connection:
        person = person_at(connection)
    assert (person.email, person.email_failed) == ("", BOSS)
    owed.dispatcher.perform(cast.REP, "collection.clear_address", {"customer_id": cast.HARBOUR, "address": BOSS})
    with owed.store.reading() as connection:
        person = person_at(connection)
    assert (person.email, person.email_failed) == (BOSS, "")


def test_mail_that_was_never_taken_voids_nothing_when_it_comes_back(owed: Program) -> None:
    kept = mailed(owed)
    comes(owed, "failed", mailed(owed, "ambiguous"))
    assert acts(owed) == [("demand", "B")]
    assert rows(owed, InterruptionReversal) == []
    assert rows(owed, Mail)[0]["id"] == kept


@pytest.mark.parametrize("kind", ["reply", "opt_out", "delivered"])
def test_mail_nobody_was_sure_of_has_arrived_once_it_is_answered(owed: Program, kind: str) -> None:
    mail_id = mailed(owed, "ambiguous")
    assert acts(owed) == []
    comes(owed, kind, mail_id)
    comes(owed, kind, mail_id)
    assert acts(owed) == [("demand", "B")]


def test_answer_after_a_false_alarm_puts_the_demand_back_and_an_answer_is_not_undone(owed: Program) -> None:
    mail_id = mailed(owed)
    comes(owed, "failed", mail_id)
    comes(owed, "reply", mail_id)
    assert (acts(owed), fate(owed)) == ([("demand", "B")], "answered")
    comes(owed, "failed", mail_id)
    assert (acts(owed), fate(owed)) == ([("demand", "B")], "answered")


def test_no_more_of_these_holds_demands_by_mail_and_nothing_else(owed: Program) -> None:
    comes(owed, "opt_out", mailed(owed), text="退订")
    [stop] = rows(owed, ContactStop)
    assert (stop["kind"], stop["who"]) == ("no_mail", BOSS)
    with owed.store.reading() as connection:
        facts = gate_facts(connection, [cast.HARBOUR], cast.TODAY)[cast.HARBOUR]
    held = {channel: permit(Meant(channel, cast.NOON), facts).codes for channel in ("mail", "letter", "call", "visit")}
    assert held == {"mail": ("no_mail",), "letter": (), "call": (), "visit": ()}


def test_only_the_program_itself_brings_messages_in_or_takes_an_act_back(owed: Program) -> None:
    mail_id = mailed(owed)
    reversal = {"interruption_id": uuid7(), "customer_id": cast.HARBOUR, "reason": "x", "proof_kind": "message",
                "proof_id": mail_id}
    for operation, given in (("collection.opt_out", {"mail_id": mail_id}),
                             ("collection.receive_message", {"message_id": uuid7(), "kind": "reply"}),
                             ("receivables.reverse_interruption", reversal)):  # fmt: skip
        with pytest.raises(NotAllowed):
            owed.dispatcher.perform(cast.MANAGER, operation, given)
    owed.dispatcher.perform(SYSTEM, "receivables.reverse_interruption", reversal)
    assert rows(owed, InterruptionReversal) == []


def test_message_of_nobody_waits_for_a_person_who_says_whose_it_is(owed: Program) -> None:
    stray = comes(owed, "reply", sender="stranger@else.example")
    junk = comes(owed, "unreadable", sender="")
    with owed.store.reading() as connection:
        assert count_unmatched(connection) == 2
    with pytest.raises(NotAllowed):
        owed.dispatcher.perform(cast.REP, "collection.file_message", {"message_id": stray, "customer_id": cast.HARBOUR})
    owed.dispatcher.perform(cast.MANAGER, "collection.file_message", {"message_id": stray, "customer_id": cast.HARBOUR})
    owed.dispatcher.perform(cast.FINANCE, "collection.dismiss_message", {"message_id": junk})
    with owed.store.reading() as connection:
        assert count_unmatched(connection) == 0
    assert tasks(owed) == ["mail_reply"]
    with pytest.raises(RuleBroken):
        owed.dispatcher.perform(cast.MANAGER, "collection.dismiss_message", {"message_id": stray})
    with pytest.raises(NotFound):
        owed.dispatcher.perform(cast.OTHER_MANAGER, "collection.file_message",
                                {"message_id": junk, "customer_id": cast.HARBOUR})


def test_report_that_names_no_mail_is_about_the_last_one_to_its_address_once_filed(owed: Program) -> None:
    mailed(owed)
    stray = comes(owed, "failed", sender="postmaster@163.com", address=BOSS, detail="550 MI:SPF")
    assert acts(owed) == [("demand", "B")]
    owed.dispatcher.perform(cast.MANAGER, "collection.file_message", {"message_id": stray, "customer_id": cast.HARBOUR})
    assert (acts(owed), fate(owed), tasks(owed)) == ([], "failed", ["find_address"])


def test_new_letter_from_a_known_address_is_filed_from_one_of_several_it_waits(owed: Program) -> None:
    know(owed)
    comes(owed, "reply")
    assert rows(owed, ReceivedMessage)[0]["customer_id"] == cast.HARBOUR
    know(owed, customer_id=cast.RIVER)
    comes(owed, "reply")
    second = rows(owed, ReceivedMessage)[1]
    assert (second["state"], sorted(second["candidates"])) == ("unmatched", sorted([cast.HARBOUR, cast.RIVER]))


@pytest.mark.parametrize("count", [1, 3])
def test_thread_holds_both_ways_newest_first_at_the_same_cost(
    owed: Program, count_queries: Callable[..., Any], count: int
) -> None:
    for _ in range(count):
        mail_id = mailed(owed)
        comes(owed, "reply", mail_id, text="收到" * 600)
    with owed.store.reading() as connection, count_queries(owed.store.engine) as seen:
        section = read_threads(connection, [cast.HARBOUR], date(2026, 3, 12))[cast.HARBOUR]
    assert len(seen) == 3
    assert [one["way"] for one in section["letters"]].count("in") == count
    assert section["letters"][0]["label_zh"]
    assert all(len(one["text"]) < 700 for one in section["letters"])
    with owed.store.reading() as connection:
        assert len(threads(connection, [cast.HARBOUR], 2)[cast.HARBOUR]) <= 2 < NEWEST
