"""PluginStore: written with the action, shown to its plugin alone, and never lost to another writer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest

from fieldsales.collection.models import Action
from fieldsales.extensions.models import PluginRecord
from fieldsales.kernel.clock import FixedClock
from fieldsales.kernel.errors import RuleBroken, TradeError
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import SYSTEM, Actor, Envelope
from fieldsales.web.here import Program
from fieldsales.workday.night import run_night
from tests import cast
from tests.collection.conftest import rows
from tests.extensions.conftest import tell

ONE = 'e.append(Keep("note", "a", {"n": 1}))'


def test_record_is_kept_shown_again_changed_and_forgotten(any_url: str, make_kept: Callable[[str], Program]) -> None:
    program = make_kept(any_url)
    assert tell(program, ONE)["summary"] == "无"
    assert tell(program, 'e.append(Keep("note", "a", {"n": 2}, was=1))')["summary"] == "note/a={'n': 1} v1"
    [row] = rows(program, PluginRecord)
    assert (row["plugin"], row["customer_id"], row["version"]) == ("keeper", cast.HARBOUR, 2)
    assert (row["body"], row["changed_by"], row["changed_at"]) == ({"n": 2}, cast.REP.user_id, cast.NOON)
    assert tell(program, 'e.append(Forget("note", "a"))')["summary"] == "note/a={'n': 2} v2"
    assert tell(program, 'e.append(Keep("note", "a", {"n": 3}, was=0))')["summary"] == "无"
    assert tell(program, 'e.append(Forget("note", "b"))')["summary"] == "note/a={'n': 3} v4"
    assert len(rows(program, PluginRecord)) == 1


def test_plugin_sees_its_own_records_of_this_customer_and_the_house_alone(kept: Program) -> None:
    tell(kept, ONE + '; e.append(Keep("tariff", "x", {"h": 1}, house=True))')
    assert tell(kept, "", method="other")["summary"] == "无"
    shown = tell(kept, "", actor=cast.OTHER_REP, customer_id=cast.RIVER)["summary"]
    assert shown == "tariff/x={'h': 1} v1"
    tell(kept, ONE, actor=cast.OTHER_REP, customer_id=cast.RIVER)
    assert sorted((row["customer_id"] or "", row["version"]) for row in rows(kept, PluginRecord)) == [
        ("", 1), (cast.HARBOUR, 1), (cast.RIVER, 1)], "the same key of two customers is two records"


def test_later_command_of_a_batch_sees_what_the_earlier_kept(kept: Program) -> None:
    told = ['e.append(Keep("memo", "a", {"n": 1}, was=0))', 'e.append(Keep("memo", "a", {"n": 2}, was=1))', ""]
    payloads = [{"action_id": uuid7(), "customer_id": cast.HARBOUR, "method": "keeper", "fields": {"told": one}}
                for one in told]
    answers = kept.dispatcher.perform_batch(
        cast.REP, [Envelope(uuid7(), "collection.take_action", payload) for payload in payloads])
    assert [answer.status for answer in answers] == ["applied"] * 3
    assert (answers[2].data or {})["summary"] == "memo/a={'n': 2} v2"


def test_night_takes_away_what_was_forgotten_a_month_ago_and_nothing_else(
    kept: Program, clock: FixedClock
) -> None:
    tell(kept, 'e += [Keep("note", "a", {}), Keep("note", "b", {})]')
    tell(kept, 'e.append(Forget("note", "a"))')
    clock.at += timedelta(days=29)
    run_night(kept.dispatcher)
    assert len(rows(kept, PluginRecord)) == 2
    clock.at += timedelta(days=2)
    run_night(kept.dispatcher)
    assert [row["key"] for row in rows(kept, PluginRecord)] == ["b"]
    assert tell(kept, 'e.append(Keep("note", "a", {}, was=0))')["unjudged"] == ""


NOT_TO_BE_KEPT = (
    ('e.append(Keep("note", "a", {"n": 2}, was=7))', "was=7, but its version is 0"),
    ('e.append(Keep("note", "a", {"x": "y" * 20_001}))', "larger than 20000 bytes"),
    ('e.append(Keep("note", "a", {"x": {1, 2}}))', "cannot be written as JSON"),
    ('e.append(Keep("note", "a", {"x": float("nan")}))', "cannot be written as JSON"),
    ('e.append(Keep("note", "k" * 121, {}))', "longer than 120"),
    ('e.append(Keep("note", "a\\u202eb", {}))', "contains"),
    ('e.append(Keep("Not a kind", "a", {}))', "kind"),
    ('e.append(Keep("note", "a", [1]))', "must be a mapping"),
    ('e.append(Keep("note", "a", {"s": "\\ud800"}))', "cannot be written as JSON"),
    ('e.append(Forget("note", "a", house=1))', "house must be"),
)  # fmt: skip


def test_what_may_not_be_kept_is_not_and_the_action_stands_unjudged(kept: Program) -> None:
    for n, (told, why) in enumerate(NOT_TO_BE_KEPT, 1):
        assert why in tell(kept, told)["unjudged"], told
        assert rows(kept, PluginRecord) == [], told
        assert len(rows(kept, Action)) == n, told


def test_more_records_than_a_plugin_may_have_are_refused(kept: Program) -> None:
    for start in range(0, 200, 10):
        told = f'e += [Keep("memo", str(i), {{}}) for i in range({start}, {start + 10})]'
        assert tell(kept, told)["unjudged"] == ""
    assert "more than 200 records of one customer" in tell(kept, 'e.append(Keep("memo", "one more", {}))')["unjudged"]
    assert tell(kept, 'e += [Forget("memo", "0"), Keep("memo", "one more", {})]')["unjudged"] == ""
    assert tell(kept, 'e.append(Keep("memo", "of the house", {}, house=True))')["unjudged"] == ""


def test_what_a_job_keeps_is_held_to_the_same_rules(kept: Program) -> None:
    def keep(n: int, was: int | None, customer_id: str | None = cast.HARBOUR) -> None:
        record = {"kind": "memo", "key": "a", "body": {"n": n}, "was": was}
        kept.dispatcher.perform(SYSTEM, "jobs.keep", {
            "plugin": "keeper", "customer_id": customer_id, "records": [record]})

    keep(1, 0)
    with pytest.raises(RuleBroken, match="was=0, but its version is 1"):
        keep(2, 0)
    keep(2, 1)
    keep(1, 0, None)
    assert tell(kept, "")["summary"] == "memo/a={'n': 2} v2;memo/a={'n': 1} v1"


def test_two_processes_that_count_in_one_house_record_lose_no_count(
    any_url: str, make_kept: Callable[[str], Program]
) -> None:
    told = ('old = kept.get((False, "memo", "sum")); n, was = (old.body["n"], old.version) if old else (0, 0); '
            'e.append(Keep("memo", "sum", {"n": n + 1}, was=was, house=True))')
    programs = [make_kept(any_url), make_kept(any_url)]

    def count(program: Program, actor: Actor, customer_id: str) -> None:
        done = 0
        while done < 8:
            with suppress(TradeError):  # judged anew three times in vain: busy
                done += tell(program, told, actor=actor, customer_id=customer_id)["unjudged"] == ""

    threads = [threading.Thread(target=count, args=(programs[0], cast.REP, cast.HARBOUR)),
               threading.Thread(target=count, args=(programs[1], cast.OTHER_REP, cast.RIVER))]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [row] = rows(programs[0], PluginRecord)
    assert (row["body"], row["version"]) == ({"n": 16}, 16)


def test_what_a_plugin_does_to_the_facts_reaches_nobody_else(kept: Program) -> None:
    tell(kept, 'e.append(Keep("memo", "a", {"list": [1]}))')
    payloads = [{"action_id": uuid7(), "customer_id": cast.HARBOUR, "method": "keeper", "fields": {"told": one}}
                for one in ('facts.kept[0].body["list"].append(2)', "")]
    answers = kept.dispatcher.perform_batch(
        cast.REP, [Envelope(uuid7(), "collection.take_action", payload) for payload in payloads])
    assert (answers[1].data or {})["summary"] == "memo/a={'list': [1]} v1"
