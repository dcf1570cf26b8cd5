"""The gate before every contact: from the shared table, and properties that hold for any history."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldsales.collection import policies
from fieldsales.collection.gate import (
    CHANNELS,
    CODES,
    NOT_PERMITTED,
    STOPS,
    Contact,
    GateFacts,
    Made,
    Stop,
    Waiver,
    free_from,
    permit,
    told,
)

CASES = json.loads((Path(__file__).parent / "gate_cases.json").read_text("utf-8"))
NOON = datetime(2026, 3, 12, 4, tzinfo=UTC)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def facts_of(given: dict[str, Any]) -> GateFacts:
    """The facts of a case of the table, as the phone reads them."""
    numbers = {name: given[name] for name in ("from_hour", "to_hour", "work_from", "work_to", "calls_per_day",
                                              "calls_per_week", "quiet_days", "demands_per_week")}
    policy = replace(policies.POLICIES[0], pack=given["pack"], **numbers)
    return GateFacts(
        policy, given["zone"], tuple(Made(**one | {"at": instant(one["at"])}) for one in given["made"]),
        given["people"], tuple(Stop(one["id"], one["kind"], instant(one["at"])) for one in given["stops"]),
        date.fromisoformat(given["covered_until"]) if given["covered_until"] else None, given["has_dispute"],
        tuple(Waiver(tuple(one["codes"]), instant(one["until"])) for one in given["waivers"]))


@pytest.mark.parametrize("case", CASES, ids=[one["name"] for one in CASES])
def test_gate_says_what_the_table_says(case: dict[str, Any]) -> None:
    found = permit(Contact(**case["contact"] | {"at": instant(case["contact"]["at"])}), facts_of(case["facts"]))
    assert list(found.codes) == case["codes"]
    assert found.ok == (not case["codes"])
    assert found.until == (instant(case["until"]) if case["until"] else None)
    assert (list(found.notes), list(found.waived)) == (case["notes"], case["waived"])


def test_it_says_why_and_until_when_in_both_languages() -> None:
    facts = GateFacts(policies.policy_on("CN", NOON.date()), "Asia/Shanghai")
    found = permit(Contact("call", NOON + timedelta(hours=10)), facts)
    assert found.why_zh == "联系时间在约定时段之外。3月13日 08:00 起可以。"
    assert found.why_en == "Outside the hours of contact. Free from 2026-03-13 08:00."
    stopped = permit(Contact("call", NOON), replace(facts, stops=(Stop("s", "objection", NOON),)))
    assert (stopped.why_zh, stopped.until) == ("对方已要求不再联系。", None)
    assert told(("police", "family"), None, "Asia/Shanghai", "zh") == "已有警方到场或警告；此人是家属，不得催款。"
    assert set(CODES) >= {*STOPS, *NOT_PERMITTED}


MOMENTS = st.integers(0, 60 * 24 * 30).map(lambda minute: NOON - timedelta(days=15) + timedelta(minutes=minute))
ZONES = st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "UTC"])
MADE = st.lists(st.builds(Made, MOMENTS, st.sampled_from(CHANNELS), st.booleans(), st.booleans(),
                          st.sampled_from(["", "a", "b"])), max_size=25).map(tuple)
CONTACTS = st.builds(Contact, st.sampled_from(CHANNELS), MOMENTS,
                     st.sampled_from(["demand", "reminder", "legal", "service"]), st.sampled_from(["", "p"]),
                     st.sampled_from(["", "a"]))
FACTS = st.builds(
    GateFacts, st.sampled_from([policies.narrowed(one, 8, 22, 7) for one in policies.POLICIES]), ZONES, MADE,
    st.sampled_from([{}, {"p": "family"}, {"p": "permitted"}]),
    st.lists(st.builds(Stop, st.just("s"), st.sampled_from(sorted(STOPS)), MOMENTS), max_size=1).map(tuple),
    st.none() | MOMENTS.map(datetime.date), st.booleans(),
    st.lists(st.builds(Waiver, st.lists(st.sampled_from(sorted(CODES)), max_size=3).map(tuple), MOMENTS),
             max_size=2).map(tuple))  # fmt: skip


@settings(max_examples=250, deadline=None)
@given(CONTACTS, FACTS, MADE)
def test_more_contacts_never_turn_a_no_into_a_yes(contact: Contact, facts: GateFacts, more: tuple[Made, ...]) -> None:
    before, after = permit(contact, facts), permit(contact, replace(facts, made=facts.made + more))
    assert set(before.codes) <= set(after.codes)


@settings(max_examples=250, deadline=None)
@given(CONTACTS, FACTS)
def test_from_the_instant_that_is_named_nothing_stands_in_the_way(contact: Contact, facts: GateFacts) -> None:
    found = permit(contact, facts)
    if found.until is not None:
        assert found.until > contact.at
        assert permit(replace(contact, at=found.until), facts).ok
    assert found.ok == (not found.codes)
    assert bool(found.why_zh) == bool(found.why_en) == (not found.ok)


@settings(max_examples=60, deadline=None)
@given(FACTS, st.sampled_from(["call", "visit", "message", "letter", "mail"]))
def test_whoever_asks_the_gate_each_time_never_exceeds_a_cap(facts: GateFacts, channel: str) -> None:
    """A whole month of contacts, each made as soon as the gate allows it: no window ever holds more than its cap."""
    facts = replace(facts, stops=(), waivers=(), made=(), has_dispute=False, covered_until=None)
    at, made = NOON, []
    for _ in range(40):
        free = free_from(Contact(channel, at), facts)
        if free is None or free > NOON + timedelta(days=30):
            break
        made.append(Made(free, channel))
        facts, at = replace(facts, made=tuple(made)), free + timedelta(minutes=7)
    policy = facts.policy
    for one in made:
        week = [other for other in made if one.at - timedelta(days=7) < other.at <= one.at]
        assert not policy.demands_per_week or len(week) <= policy.demands_per_week
        if channel == "call" and policy.quiet_days:
            assert len(week) == 1
        if channel == "call" and policy.calls_per_day:
            there = day_there(one.at, facts.zone)
            assert sum(day_there(other.at, facts.zone) == there for other in made) <= policy.calls_per_day


def day_there(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


@pytest.mark.parametrize(("pack", "day", "since", "calls", "hours"), [
    ("CN", date(2019, 1, 1), date(1900, 1, 1), 0, (8, 22)), ("CN", date(2025, 2, 27), date(1900, 1, 1), 0, (8, 22)),
    ("CN", date(2025, 2, 28), date(2025, 2, 28), 3, (8, 22)), ("CN", date(2026, 1, 1), date(2026, 1, 1), 3, (8, 22)),
    ("EU", date(2026, 1, 1), date(1900, 1, 1), 3, (8, 20)), ("US", date(2026, 1, 1), date(1900, 1, 1), 0, (8, 21)),
    ("XX", date(2026, 1, 1), date(2026, 1, 1), 3, (8, 22)),
])  # fmt: skip
def test_policy_of_a_day(pack: str, day: date, since: date, calls: int, hours: tuple[int, int]) -> None:
    found = policies.policy_on(pack, day)
    assert (found.since, found.calls_per_day, (found.from_hour, found.to_hour)) == (since, calls, hours)
    assert found.source["zh"]
    assert found.source["en"]


@pytest.mark.parametrize(("hours", "per_week", "expected"), [
    ((8, 21), 7, (8, 21, 7)), ((0, 24), 0, (8, 22, 0)), ((10, 18), 3, (10, 18, 3)), ((23, 5), 7, (8, 22, 7)),
])
def test_the_house_narrows_a_policy_and_never_widens_it(
    hours: tuple[int, int], per_week: int, expected: tuple[int, int, int],
) -> None:
    found = policies.narrowed(policies.policy_on("CN", NOON.date()), *hours, per_week)
    assert (found.from_hour, found.to_hour, found.demands_per_week) == expected


@pytest.mark.parametrize(("day", "works"), [
    ("2026-02-14", True), ("2026-02-15", False), ("2026-02-23", False), ("2026-02-24", True), ("2026-02-28", True),
    ("2026-03-01", False), ("2026-05-09", True), ("2026-10-08", True), ("2026-10-10", True), ("2025-09-28", True),
    ("2025-10-08", False), ("2025-10-09", True), ("2031-01-01", True), ("2031-01-04", False),
])
def test_working_days_of_the_notices(day: str, works: bool) -> None:
    assert policies.is_workday(date.fromisoformat(day)) is works
