"""Visits on one way: who is seen along, in which order, and what is not worth the way."""

import json
import subprocess
from pathlib import Path

import pytest

from fieldsales.collection.ladder import Policy
from fieldsales.places import data_dir
from fieldsales.visits.rules import Point
from fieldsales.workday.trips import STOPS, TRIPS, Stop, bundle, district_of
from tests.browser.test_kernel_in_node import node


def stop(name: str, north_m: int, overdue: int = 50_000, *, visit: bool = False, district: str = "") -> Stop:
    """A customer so many metres north of the first, owing so many yuan."""
    return Stop(name, overdue * 100, visit, Point(29.86 + north_m / 111_195, 121.54), district)


def names(stops: list[Stop]) -> list[tuple[str, ...]]:
    return [trip.customer_ids for trip in bundle(stops, Policy())]


@pytest.mark.parametrize(
    ("stops", "trips"),
    [
        ([stop("a", 0, visit=True), stop("b", 900)], [("a", "b")]),
        ([stop("a", 0, visit=True), stop("b", 2_990), stop("c", 1_000)], [("a", "c", "b")]),  # the nearest follows
        ([stop("a", 0, visit=True), stop("b", 3_010)], []),  # too far to be on the way
        ([stop("a", 0), stop("b", 100)], []),  # nobody there is worth a way
        ([stop("a", 0, visit=True)], []),  # one stop is no bundle
        ([stop("a", 0, visit=True), stop("b", 1_000, 2_100)], []),  # ¥44 for perhaps ¥420 of ¥2,100
        ([stop("a", 0, visit=True), stop("b", 1_000, 2_300)], [("a", "b")]),
        ([stop("a", 0, 10, visit=True), stop("b", 900, 90, visit=True), stop("c", 950, 50_000)], [("b", "c")]),
        ([stop("a", 0, visit=True), stop("b", 500), stop("c", 20_000, 90_000, visit=True), stop("d", 20_500)],
         [("c", "d"), ("a", "b")]),
    ],
)
def test_bundle_takes_along_who_is_near_and_worth_the_little_more(
    stops: list[Stop], trips: list[tuple[str, ...]]
) -> None:
    assert names(stops) == trips


def test_without_a_place_the_district_decides_and_nobody_is_on_two_ways() -> None:
    stops = [Stop("a", 5_000_000, True, None, "江北区"), Stop("b", 5_000_000, False, None, "江北区"),
             Stop("c", 5_000_000, False, None, "海曙区"), Stop("d", 5_000_000, False)]
    assert names(stops) == [("a", "b")]
    many = [stop(f"{n:02}", n % 5 * 100, 50_000 - n, visit=True) for n in range(60)]
    found = names(many)
    assert len(found) == TRIPS
    assert {len(one) for one in found} == {STOPS}
    seen = [one for trip in found for one in trip]
    assert len(seen) == len(set(seen))


ADDRESSES = (
    "浙江省宁波市江北区中马路8号", "宁波市鄞州区四明中路999号", "杭州市中山路1号", "内蒙古自治区呼和浩特市新城区1号",
    "慈溪市观海卫镇三海路", "1 Quay Street, Bristol, UK", "海港路1号", "", "浙江省 宁波市 海曙区 药行街",
)  # fmt: skip


def test_the_district_is_the_same_as_on_the_phone() -> None:
    """The server's twin of ``static/js/today/order.js``, held to it by the addresses themselves."""
    module = data_dir("static") / "js" / "today" / "order.js"
    script = f"import {{ districtOf }} from {json.dumps(str(module))}; " \
             f"console.log(JSON.stringify({json.dumps(ADDRESSES)}.map(districtOf)))"
    run = subprocess.run([node(), "--input-type=module", "-e", script], capture_output=True, text=True, check=True,
                         cwd=Path(module).parent)
    assert json.loads(run.stdout) == [district_of(one) for one in ADDRESSES]
    assert district_of(ADDRESSES[0]) == "江北区"
