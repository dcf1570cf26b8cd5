"""``perform_batch``, proved: two operations, a refusal, a held fault, a hanging plugin; on both engines."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from fieldsales.customers import queries as _customer_facts  # noqa: F401 - declares the fact "customer"
from fieldsales.customers.models import Contact
from fieldsales.dispatcher import PASSES
from fieldsales.kernel.errors import Invalid, NotFound, TradeError
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import OPERATIONS, Envelope, operation
from fieldsales.store import Store
from fieldsales.store.models import AuditBody, AuditLink, Change, CommandReceipt, OutboxRow
from fieldsales.store.work import Work
from fieldsales.store.writing import link_hash
from tests import cast
from tests.cast import HARBOUR, OTHER_REP, REP, RIVER
from tests.store.trial import Rename, dispatcher, introduce, look_up, name_of, rename, rows, trial_operations

__all__ = ["trial_operations"]  # a fixture every test here uses


def test_batch_with_two_operations_a_refusal_and_a_fault_answers_each_and_writes_the_good(any_store: Store) -> None:
    batch = [rename("甲"), introduce("老板"), rename("甲"), rename("fault"), rename("乙"), rename("丙", RIVER)]

    answers = dispatcher(any_store).perform_batch(REP, batch)

    assert [a.status for a in answers] == ["applied", "applied", "rejected", "held", "applied", "rejected"]
    assert [a.code for a in answers] == ["", "", "trial.same_name", "fault", "", "customer.not_found"]
    assert [a.command_id for a in answers] == [e.command_id for e in batch]
    assert answers[0].data == {"name": "甲"}
    assert name_of(any_store, HARBOUR) == "乙"
    assert name_of(any_store, RIVER) == cast.RIVER_NAME
    assert [r.name for r in rows(any_store, Contact)] == ["林海港", "老板"]
    assert {r.payload["name"] for r in rows(any_store, OutboxRow)} == {"甲", "乙"}


def test_every_command_has_one_receipt_and_one_link_and_the_chain_holds(any_store: Store) -> None:
    batch = [rename("甲"), rename("甲"), rename("fault")]
    dispatcher(any_store).perform_batch(REP, batch)
    dispatcher(any_store).perform_batch(REP, [introduce("乙")])

    receipts = {r.command_id: r for r in rows(any_store, CommandReceipt)}
    links, bodies = rows(any_store, AuditLink), rows(any_store, AuditBody)
    assert {receipts[e.command_id].status for e in batch} == {"applied", "rejected", "held"}
    assert len(receipts) == len(links) == len(bodies) == 4
    head = ""
    for seq, link in enumerate(links, 1):
        assert link.seq == seq
        head = link_hash(head, seq, link.command_id, link.status, link.body_sha256)
        assert link.link_sha256 == head


def test_same_command_again_answers_the_same_and_does_nothing(any_store: Store) -> None:
    batch = [rename("甲", digest="a"), rename("甲", digest="b")]
    first = dispatcher(any_store).perform_batch(REP, batch)
    again = dispatcher(any_store).perform_batch(REP, batch)

    assert [(a.status, a.code, a.data) for a in again] == [(a.status, a.code, a.data) for a in first]
    assert [a.duplicate for a in again] == [True, True]
    assert len(rows(any_store, AuditLink)) == 2


@pytest.mark.parametrize("other", [{"digest": "z"}, {"digest": "a", "by": OTHER_REP}])
def test_same_id_with_other_bytes_or_another_sender_is_refused(any_store: Store, other: dict[str, Any]) -> None:
    first = rename("甲", digest="a")
    dispatcher(any_store).perform_batch(REP, [first])
    sender = other.get("by", REP)
    other = {"digest": other["digest"]}
    reused = Envelope(first.command_id, "trial.rename", {"customer_id": HARBOUR, "name": "乙"}, **other)

    answer = dispatcher(any_store).perform_batch(sender, [reused])[0]

    assert (answer.status, answer.code) == ("rejected", "id_reused")
    assert name_of(any_store, HARBOUR) == "甲"


def test_unforeseen_constraint_halves_the_batch_until_one_is_held(any_store: Store) -> None:
    twin = uuid7()
    batch = [introduce("一"), introduce("二", twin), introduce("三"), introduce("四", twin), rename("甲")]

    answers = dispatcher(any_store).perform_batch(REP, batch)

    assert [a.status for a in answers] == ["applied", "applied", "applied", "held", "applied"]
    assert answers[3].code == "constraint"
    assert {r.name for r in rows(any_store, Contact)} == {"林海港", "一", "二", "三"}
    assert name_of(any_store, HARBOUR) == "甲"


def test_chain_in_which_each_asks_for_facts_of_its_own_is_read_at_once(
        store: Store, count_queries: Callable[..., Any]) -> None:
    def cost(length: int) -> int:
        chain, before = [], ()
        for name in [uuid7() for _ in range(length)]:
            chain.append(look_up(name, needs=before, raw={"entity_id": name}))
            before = (name,)
        with count_queries(store.engine) as seen:
            answers = dispatcher(store).perform_batch(REP, chain)
        assert [a.status for a in answers] == ["applied"] * length
        return len(seen)

    assert cost(2) == cost(40) == 9


def test_batch_in_which_each_sends_the_next_to_other_facts_is_carried_out_in_parts(any_store: Store) -> None:
    answers = dispatcher(any_store).perform_batch(REP, [look_up("trail") for _ in range(3 * PASSES)])

    assert [a.status for a in answers] == ["applied"] * 3 * PASSES


def test_command_that_asks_for_facts_without_end_is_held_alone(any_store: Store) -> None:
    batch = [rename("甲"), look_up("without end"), introduce("老板")]

    answers = dispatcher(any_store).perform_batch(REP, batch)

    assert [(a.status, a.code) for a in answers] == [("applied", ""), ("held", "fault"), ("applied", "")]
    assert name_of(any_store, HARBOUR) == "甲"


def test_predecessor_missing_is_held_and_applied_when_it_came(any_store: Store) -> None:
    entity = uuid7()
    late = rename("乙", needs=(entity,), raw={"entity_id": uuid7()})
    first = introduce("一", raw={"entity_id": entity})
    program = dispatcher(any_store)

    assert program.perform_batch(REP, [late])[0].code == "needs_missing"
    assert program.perform_batch(REP, [first])[0].status == "applied"
    assert program.perform_batch(REP, [late], again=frozenset([late.command_id]))[0].status == "applied"
    assert name_of(any_store, HARBOUR) == "乙"
    assert [r.status for r in rows(any_store, CommandReceipt) if r.command_id == late.command_id] == ["applied"]


def test_facts_that_moved_while_judging_are_judged_again(any_store: Store) -> None:
    class Meddling:
        def __init__(self) -> None:
            self.times = 0

        def decide(self, _name: str) -> None:
            self.times += 1
            if self.times == 1:
                assert dispatcher(any_store).perform_batch(REP, [rename("先来")])[0].status == "applied"

    plugins = Meddling()
    answers = dispatcher(any_store, plugins=plugins).perform_batch(REP, [rename("先来"), rename("后到")])

    assert [a.status for a in answers] == ["rejected", "applied"]
    assert plugins.times == 3  # both commands judged, the second once more (the first is refused by then)
    assert name_of(any_store, HARBOUR) == "后到"


def test_facts_that_keep_moving_answer_retry_and_leave_nothing(any_store: Store) -> None:
    class Restless:
        def decide(self, _name: str) -> None:
            dispatcher(any_store).perform_batch(REP, [introduce("又来")])

    answer = dispatcher(any_store, plugins=Restless()).perform_batch(REP, [rename("甲")])[0]

    assert (answer.status, answer.code) == ("retry", "busy")
    assert name_of(any_store, HARBOUR) == cast.HARBOUR_NAME
    assert answer.command_id not in {r.command_id for r in rows(any_store, CommandReceipt)}


def test_hanging_plugin_delays_no_other_writer(any_store: Store) -> None:
    entered, leave = threading.Event(), threading.Event()

    class Hanging:
        def decide(self, _name: str) -> None:
            entered.set()
            leave.wait(20)

    slow: list[Any] = []
    thread = threading.Thread(
        target=lambda: slow.extend(dispatcher(any_store, plugins=Hanging()).perform_batch(REP, [rename("慢")])))
    thread.start()
    assert entered.wait(10)
    began = time.monotonic()
    for n in range(5):
        quick = dispatcher(any_store).perform_batch(OTHER_REP, [rename(f"快{n}", RIVER)])
        assert quick[0].status == "applied"
    # The plugin would hang for 20 s: whoever waited for its lock could not be done in 10.
    assert time.monotonic() - began < 10
    leave.set()
    thread.join(20)
    assert slow[0].status == "applied"


def test_interactive_refusal_raises_and_leaves_no_receipt(any_store: Store) -> None:
    program, command_id = dispatcher(any_store), uuid7()
    with pytest.raises(NotFound):
        program.perform(OTHER_REP, "trial.rename", Rename(customer_id=HARBOUR, name="甲"), command_id=command_id)
    with pytest.raises(Invalid) as caught:
        program.perform(REP, "trial.rename", {"customer_id": "no id", "name": "甲"})
    assert caught.value.field == "customer_id"
    assert rows(any_store, CommandReceipt) == []
    assert rows(any_store, AuditLink) == []
    assert program.perform(REP, "trial.rename", Rename(customer_id=HARBOUR, name="甲"), command_id=command_id)


def test_interactive_constraint_is_a_fault_and_leaves_nothing(any_store: Store) -> None:
    program, twin = dispatcher(any_store), uuid7()
    program.perform_batch(REP, [introduce("一", twin)])
    again = introduce("二", twin)
    with pytest.raises(RuntimeError, match="unforeseen"):
        program.perform(REP, again.operation, again.payload, command_id=again.command_id)
    assert again.command_id not in {r.command_id for r in rows(any_store, CommandReceipt)}
    assert {r.name for r in rows(any_store, Contact)} == {"林海港", "一"}


def test_change_numbers_of_concurrent_writers_are_never_skipped_by_a_reader(any_store: Store) -> None:
    seen: list[int] = []
    stop = threading.Event()

    def read() -> None:
        cursor = 0
        while True:
            last = stop.is_set()
            with any_store.reading() as connection:
                found = connection.execute(
                    select(Change.seq).where(Change.seq > cursor).order_by(Change.seq)).scalars().all()
            seen.extend(found)
            cursor = found[-1] if found else cursor
            if last:
                return

    def write(actor: Any, customer_id: str, name: str) -> None:
        for n in range(10):
            status = "retry"
            while status == "retry":
                command = introduce(f"{name}{n}", customer_id=customer_id)
                status = dispatcher(any_store).perform_batch(actor, [command])[0].status

    reader = threading.Thread(target=read)
    writers = [threading.Thread(target=write, args=(actor, customer, name))
               for actor, customer in ((REP, HARBOUR), (OTHER_REP, RIVER)) for name in "ab"]
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    reader.join()
    with any_store.reading() as connection:
        written = connection.execute(select(func.count()).select_from(Change)).scalar_one()
    assert seen == list(range(1, 41))
    assert written == 40


def test_query_count_of_a_batch_does_not_grow_with_it(store: Store, count_queries: Callable[..., Any]) -> None:
    counts = []
    for size in (1, 3, 100):
        with count_queries(store.engine) as seen:
            dispatcher(store).perform_batch(REP, [introduce(f"{size}-{n}") for n in range(size)])
        counts.append(len(seen))
    # PostgreSQL takes the numbering lock besides.
    assert counts == ([12, 12, 12] if store.is_sqlite else [13, 13, 13])


def test_made_at_is_kept_and_corrected_by_the_measured_skew(store: Store) -> None:
    seen: list[Any] = []

    @operation("trial.when", Rename, needs=lambda c: [], guard=lambda w, c: None)
    def when(work: Work, command: Rename) -> None:
        seen.append(work.occurred)

    claim = cast.NOON - timedelta(hours=3)
    dispatcher(store).perform_batch(REP, [
        Envelope(uuid7(), "trial.when", {"customer_id": HARBOUR, "name": "x"}, made_at=claim, skew_ms=60_000)])
    del OPERATIONS["trial.when"]
    assert seen == [claim + timedelta(minutes=1)]




def test_form_sent_again_with_other_content_is_refused_not_acknowledged(any_store: Store) -> None:
    program, command_id = dispatcher(any_store), uuid7()
    for _ in range(2):
        program.perform(REP, "trial.rename", Rename(customer_id=HARBOUR, name="甲"), command_id=command_id)
    with pytest.raises(TradeError) as caught:
        program.perform(REP, "trial.rename", Rename(customer_id=HARBOUR, name="乙"), command_id=command_id)
    assert caught.value.code == "id_reused"
    assert name_of(any_store, HARBOUR) == "甲"
