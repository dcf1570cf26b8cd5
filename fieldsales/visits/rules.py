"""What a visit's record lacks or shows, said aloud and never a reason to refuse it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import asin, cos, radians, sin, sqrt

from fieldsales.kernel.errors import N_
from fieldsales.visits.messages import LogVisit

#: Metres of accuracy beyond which a check-in says little.
ROUGH_M = 200
#: A device clock further off than this is marked; what it says is kept beside the estimate.
SKEW = timedelta(minutes=5)
#: A position fixed longer before the check-in than this is an old one (frappe/hrms#1899).
OLD_FIX = timedelta(minutes=10)
#: A phone that was off for longer than this has lost its clock.
LONG_AGO = timedelta(days=366)
#: Nobody stays longer: the check-out was forgotten.
STAY = timedelta(hours=12)
EARTH_M = 6_371_008.8

#: What is marked on a visit, by code.
FLAGS = {
    "no_place": N_("No position was recorded."),
    "rough_place": N_("The position is only rough."),
    "old_place": N_("The position was fixed some time before."),
    "far": N_("The check-in was far from the customer."),
    "skew": N_("The phone's clock was wrong."),
    "in_future": N_("The phone's clock was ahead: the visit lies in the future."),
    "long_ago": N_("The phone's time lies more than a year back."),
}
#: What was not asked or answered, by code; each makes a task, none stops the saving.
GAPS = {
    "nobody_met": N_("Nobody is recorded as met."),
    "no_words": N_("Nothing that was said is recorded."),
    "whom_absent": N_("Who was absent is not recorded."),
    "no_next_step": N_("No next step is recorded."),
    "no_proof": N_("The exact words of the oral agreement are not recorded."),
}


@dataclass(frozen=True, slots=True)
class Point:
    """A place in WGS-84 degrees."""

    lat: float
    lon: float


def distance_m(a: Point, b: Point) -> int:
    """Metres between two places along the great circle (haversine, mean earth radius)."""
    half_lat, half_lon = radians(b.lat - a.lat) / 2, radians(b.lon - a.lon) / 2
    chord = sin(half_lat) ** 2 + cos(radians(a.lat)) * cos(radians(b.lat)) * sin(half_lon) ** 2
    return round(2 * EARTH_M * asin(min(1.0, sqrt(chord))))


def distance_from(visit: LogVisit, customer: Point | None) -> int | None:
    """Metres from the check-in to the customer's known place; None when either is unknown."""
    if visit.place is None or customer is None:
        return None
    return distance_m(Point(float(visit.place.lat), float(visit.place.lon)), customer)


def minutes_on_site(visit: LogVisit) -> int | None:
    """Whole minutes from check-in to check-out; None where either is missing, or no visit lasts so long.

    Both are claims of one phone's clock: what it is off by falls out of the difference.
    """
    if visit.arrived_at is None or visit.left_at is None or not timedelta() <= visit.left_at - visit.arrived_at <= STAY:
        return None
    return (visit.left_at - visit.arrived_at) // timedelta(minutes=1)


def occurred_est(visit: LogVisit, claimed: datetime, now: datetime, skew_ms: int | None = None) -> datetime:
    """When it took place, as best known: the arrival, else the phone's time, never later than we received it.

    ``claimed`` is corrected already; the arrival is by the same clock, so its measured skew is taken off as well. A
    clock more than a year behind says nothing: then it is when the record arrived.
    """
    try:
        arrived = visit.arrived_at + timedelta(milliseconds=skew_ms or 0) if visit.arrived_at else claimed
    except OverflowError:  # a clock at the end of time
        arrived = claimed
    at = min(arrived, now)
    return now if now - at > LONG_AGO else at


def flags(visit: LogVisit, *, distance: int | None, far_m: int, skew_ms: int | None, claimed: datetime, now: datetime
          ) -> list[str]:
    """Codes of ``FLAGS`` that hold. ``distance`` in metres; accuracy is given the benefit of the doubt.

    ``far_m``: metres from the customer beyond which a check-in is marked (setting ``far_away_m``).
    """
    found: list[str] = []
    place = visit.place
    if place is None:
        found.append("no_place")
    else:
        if place.accuracy_m > ROUGH_M:
            found.append("rough_place")
        if place.at is not None and visit.arrived_at is not None and visit.arrived_at - place.at > OLD_FIX:
            found.append("old_place")
        if distance is not None and distance - place.accuracy_m > far_m:
            found.append("far")
    if skew_ms is not None and abs(skew_ms) > SKEW / timedelta(milliseconds=1):
        found.append("skew")
    if max(claimed, visit.arrived_at or claimed) > now + SKEW:
        found.append("in_future")
    if now - min(claimed, visit.arrived_at or claimed) > LONG_AGO:
        found.append("long_ago")
    return found


def gaps(visit: LogVisit) -> list[str]:
    """Codes of ``GAPS`` that hold: what somebody should still fill in."""
    found: list[str] = []
    if visit.outcome == "absent":
        if not visit.absent_person.strip():
            found.append("whom_absent")
    elif not visit.persons:
        found.append("nobody_met")
    if visit.outcome in ("refused", "set_off_asked", "account_differs") and not (visit.said.strip() or visit.excuses):
        found.append("no_words")
    if visit.outcome == "oral_only" and not (visit.said.strip() or visit.confirmation_text.strip()):
        found.append("no_proof")
    step = visit.next_step
    if visit.outcome not in ("paid", "not_discussed") and (step is None or not (step.text.strip() or step.on)):
        found.append("no_next_step")
    return found
