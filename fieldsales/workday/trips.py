"""Visits that lie together: whom to see on the same way (S45). Pure.

A way is made for a visit that is worth it by itself; who lies near and has something due soon is seen along with it,
as long as the little more of way and time is worth it for him too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fieldsales.collection.ladder import UNMEASURED, Policy, is_worth
from fieldsales.visits.rules import Point, distance_m

#: Stops within so many metres of the first are on its way.
NEAR_M = 3_000
#: A day holds no more stops and no more ways than these.
STOPS, TRIPS = 8, 3
_PROVINCE = re.compile(r"^.*?(?:省|自治区)")
_CITY = re.compile(r"^[\u4e00-\u9fff]{2,8}?(?:市|自治州|盟)")
_DISTRICT = re.compile(r"^[\u4e00-\u9fff]{1,7}?(?:区|县|旗|镇)")


@dataclass(frozen=True, slots=True)
class Stop:
    """A customer with something due. ``is_visit``: a visit is worth it alone. ``stop_minor``: one visit without way."""

    customer_id: str
    overdue_minor: int
    is_visit: bool
    place: Point | None = None
    district: str = ""
    stop_minor: int = 4_000


@dataclass(frozen=True, slots=True)
class Trip:
    """A way for a visit day: the stops in the order to drive them, and its length from the first to the last."""

    district: str
    customer_ids: tuple[str, ...]
    metres: int
    overdue_minor: int


def bundle(stops: Iterable[Stop], policy: Policy) -> list[Trip]:
    """Ways of two stops or more, the one with most overdue first. Nobody is on two of them."""
    left = sorted(stops, key=lambda one: (-one.overdue_minor, one.customer_id))
    trips = []
    while anchor := next((one for one in left if one.is_visit), None):
        along = _along(anchor, [one for one in left if one is not anchor], policy)
        left = [one for one in left if one is not anchor and one not in along]
        if along:
            trips.append(_trip([anchor, *along]))
    return sorted(trips, key=lambda one: (-one.overdue_minor, one.customer_ids))[:TRIPS]


def _along(anchor: Stop, others: Sequence[Stop], policy: Policy) -> list[Stop]:
    """Who is seen along with the anchor: near it, and worth the little more."""
    near = []
    for one in others:
        metres = _between(anchor, one)
        if metres is None or metres > NEAR_M:
            continue
        cost = one.stop_minor + 2 * metres * policy.km_cost_minor // 1000
        if is_worth(cost, UNMEASURED, one.overdue_minor, policy):
            near.append((metres, one.customer_id, one))
    return [one for _, _, one in sorted(near, key=lambda found: found[:2])[:STOPS - 1]]


def _between(one: Stop, other: Stop) -> int | None:
    """Metres between two stops; 0 in the same district where a place is not known; None: nobody knows."""
    if one.place and other.place:
        return distance_m(one.place, other.place)
    return 0 if one.district and one.district == other.district else None


def _trip(stops: list[Stop]) -> Trip:
    """From the first always to the nearest not yet seen."""
    way, rest, metres = [stops[0]], stops[1:], 0
    while rest:
        following = min(rest, key=lambda one: (_between(way[-1], one) or 0, one.customer_id))
        metres += _between(way[-1], following) or 0
        rest.remove(following)
        way.append(following)
    return Trip(way[0].district, tuple(one.customer_id for one in way), metres, sum(one.overdue_minor for one in way))


def district_of(address: str) -> str:
    """The district an address names, else its city; of a Western address the part before the last comma.

    >>> district_of("浙江省宁波市江北区中马路8号"), district_of("杭州市中山路1号"), district_of("1 Quay, Bristol, UK")
    ('江北区', '杭州市', 'Bristol')
    """
    text = _PROVINCE.sub("", "".join(address.split()), count=1)
    found = _CITY.match(text)
    city = found.group() if found else ""
    district = _DISTRICT.match(text[len(city):])
    if district or city:
        return district.group() if district else city
    parts = [part.strip() for part in re.split("[,，]", address) if part.strip()]
    return parts[-2] if len(parts) > 1 else ""
