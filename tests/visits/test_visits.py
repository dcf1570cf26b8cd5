"""A visit is put on record as the rep saw it, whatever it lacks."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

import fieldsales.customers.queries
import fieldsales.visits.service  # noqa: F401 - both declare facts and operations
from fieldsales.dispatcher import Dispatcher
from fieldsales.documents.models import Attachment
from fieldsales.kernel.clock import FixedClock
from fieldsales.kernel.errors import NotFound
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Actor, Envelope
from fieldsales.store import Store
from fieldsales.store.base import table_of
from fieldsales.visits.messages import LogVisit
from fieldsales.visits.models import Note, Visit
from fieldsales.visits.rules import FLAGS, GAPS, Point, distance_m, flags, gaps
from tests import cast

AT_THE_DOOR = {"lat": "29.8684", "lon": "121.5441", "accuracy_m": 20}
FULL = {"persons": [{"name": "林海港"}], "said": "下周一定付", "place": AT_THE_DOOR, "outcome": "refused",
        "next_step": {"text": "周一再来"}}


def command(**more: Any) -> LogVisit:
    return LogVisit.model_validate({"visit_id": uuid7(), "customer_id": cast.HARBOUR, **more})


def log(store: Store, clock: FixedClock, actor: Actor = cast.REP, *, made_at: datetime | None = None,
        skew_ms: int | None = None, **more: Any) -> Any:
    one = Envelope(uuid7(), "visits.log_visit", command(**more), made_at=made_at, skew_ms=skew_ms)
    return Dispatcher(store, clock).perform_batch(actor, [one])[0]


def row(store: Store) -> Any:
    with store.reading() as connection:
        return connection.execute(select(table_of(Visit))).one()


def test_an_empty_visit_is_kept_with_its_gaps_shown(any_store: Store, clock: FixedClock) -> None:
    answer = log(any_store, clock)
    assert answer.status == "applied"
    assert answer.data == {"flags": ["no_place"], "gaps": ["nobody_met"], "distance_m": None}
    kept = row(any_store)
    assert (kept.purpose, kept.outcome, kept.user_id, kept.gaps) == (
        "collect", "not_discussed", cast.REP.user_id, ["nobody_met"])


def test_a_check_in_is_far_by_the_houses_own_measure() -> None:
    visit = command(place=AT_THE_DOOR)
    found = [flags(visit, distance=950, far_m=metres, skew_ms=None, claimed=cast.NOON, now=cast.NOON)
             for metres in (500, 2000)]
    assert found == [["far"], []]


def test_a_full_visit_has_neither_gaps_nor_flags(any_store: Store, clock: FixedClock) -> None:
    photo = {"sha256": "ab" * 32, "original_sha256": "cd" * 32, "size": 10}
    answer = log(any_store, clock, **FULL, photos=[photo])
    assert (answer.data["flags"], answer.data["gaps"]) == ([], [])
    assert answer.data["distance_m"] < 30
    with any_store.reading() as connection:
        kept = connection.execute(select(table_of(Attachment))).one()
    assert (kept.subject_kind, kept.sha256, kept.original_sha256) == ("visit", "ab" * 32, "cd" * 32)


def test_a_visit_in_the_future_is_kept_flagged_and_estimated_at_its_arrival(store: Store, clock: FixedClock) -> None:
    ahead = cast.NOON + timedelta(days=3)
    answer = log(store, clock, made_at=ahead, arrived_at=ahead.isoformat())
    assert "in_future" in answer.data["flags"]
    assert row(store).occurred_at == cast.NOON
    assert row(store).made_at == ahead


@pytest.mark.parametrize(
    ("arrived_at", "flag"),
    [("1970-01-01T00:00:00Z", "long_ago"), ("9998-12-31T23:59:59-08:00", "in_future"),
     ("0001-01-01T00:00:00+14:00", ""), ("2026-03-12T10:00:00", ""), ("gestern", ""), (1e300, ""), ([], "")],
)
def test_no_time_a_phone_may_claim_stops_the_record(
    store: Store, clock: FixedClock, arrived_at: object, flag: str
) -> None:
    answer = log(store, clock, **FULL, arrived_at=arrived_at, left_at=arrived_at)
    assert answer.status == "applied"
    assert answer.data["flags"] == ([flag] if flag else [])
    assert row(store).occurred_at == cast.NOON


def test_a_wrong_clock_is_corrected_by_its_measured_skew(store: Store, clock: FixedClock) -> None:
    claimed = cast.NOON - timedelta(hours=2)
    answer = log(store, clock, made_at=claimed, skew_ms=3_600_000)
    assert "skew" in answer.data["flags"]
    assert row(store).occurred_at == cast.NOON - timedelta(hours=1)


@pytest.mark.parametrize("actor", [cast.OTHER_REP, cast.FORMER_REP, cast.OTHER_MANAGER])
def test_a_customer_out_of_sight_cannot_be_visited(store: Store, clock: FixedClock, actor: Actor) -> None:
    answer = log(store, clock, actor)
    assert (answer.status, answer.kind) == ("rejected", NotFound.kind)
    with store.reading() as connection:
        assert connection.execute(select(table_of(Visit))).all() == []


def test_a_helper_may_visit(store: Store, clock: FixedClock) -> None:
    assert log(store, clock, cast.HELPER_REP).status == "applied"


def test_a_note_is_kept_with_its_photo(any_store: Store, clock: FixedClock) -> None:
    Dispatcher(any_store, clock).perform(cast.REP, "visits.add_note", {
        "note_id": uuid7(), "customer_id": cast.HARBOUR, "kind": "complaint", "text": "送货少了两箱",
        "photos": [{"sha256": "ab" * 32, "size": 10}]})
    with any_store.reading() as connection:
        assert connection.execute(select(table_of(Note).c.text)).scalar_one() == "送货少了两箱"
        assert connection.execute(select(table_of(Attachment).c.subject_kind)).scalar_one() == "note"


@pytest.mark.parametrize(
    ("more", "distance", "expected"),
    [
        ({}, None, ["no_place"]),
        ({"place": AT_THE_DOOR}, 500, []),
        ({"place": AT_THE_DOOR}, 521, ["far"]),
        ({"place": {**AT_THE_DOOR, "accuracy_m": 900}}, 1300, ["rough_place"]),
        ({"place": {**AT_THE_DOOR, "at": (cast.NOON - timedelta(hours=1)).isoformat()}, "arrived_at": cast.NOON}, 0,
         ["old_place"]),
    ],
)
def test_flags(more: dict[str, Any], distance: int | None, expected: list[str]) -> None:
    found = flags(command(**more), distance=distance, far_m=500, skew_ms=None, claimed=cast.NOON, now=cast.NOON)
    assert found == expected
    assert set(found) <= FLAGS.keys()


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"outcome": "paid", "persons": [{"name": "林"}]}, []),
        ({"outcome": "absent"}, ["whom_absent", "no_next_step"]),
        ({"outcome": "absent", "absent_person": "林", "next_step": {"text": "周一"}}, []),
        ({"outcome": "refused", "persons": [{"name": "林"}]}, ["no_words", "no_next_step"]),
        ({"outcome": "oral_only", "persons": [{"name": "林"}], "next_step": {"text": "发确认"}}, ["no_proof"]),
    ],
)
def test_gaps(more: dict[str, Any], expected: list[str]) -> None:
    assert gaps(command(**more)) == expected
    assert set(expected) <= GAPS.keys()


def test_a_kilometre_is_a_kilometre() -> None:
    assert distance_m(Point(0, 0), Point(0, 0)) == 0
    assert distance_m(Point(29.0, 121.0), Point(29.00899, 121.0)) == pytest.approx(1000, abs=1)
    assert distance_m(Point(0, 179.999), Point(0, -179.999)) == pytest.approx(222, abs=1)


