"""Where customers are: datums by published pairs, map links without a network, near here with and without a fix."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Server
from tests.browser.inside import ready, run, until
from tests.browser.rounds import round_of, shot
from tests.browser.test_screens import CUSTOMER, go
from tests.browser.test_screens_papers import node
from tests.cast import HARBOUR_NAME

HERE = Path(__file__).parent
PAIRS: dict[str, Any] = json.loads((HERE / "fixtures/datum_pairs.json").read_text(encoding="utf-8"))

def metres(one: list[float], other: list[float]) -> float:
    """Along the ground."""
    (a, b), (c, d) = one, other
    half = sin(radians(c - a) / 2) ** 2 + cos(radians(a)) * cos(radians(c)) * sin(radians(d - b) / 2) ** 2
    return 12_742_000 * asin(sqrt(half))


@pytest.fixture(scope="module")
def said() -> Any:
    """What the modules about places say of the fixture's places."""
    return node(str(HERE / "day_places.mjs"))


def test_datums_give_the_published_pairs_and_come_back_within_a_metre(said: Any) -> None:
    found = said["datum"]
    for mine, (_, published) in zip(found["gcj"], PAIRS["wgs_gcj"], strict=True):
        assert metres(mine, published) < 0.001
    for mine, (_, published) in zip(found["bd"], PAIRS["gcj_bd"], strict=True):
        assert metres(mine, published) < 0.001
    for mine, (_, published) in zip(found["back"], PAIRS["bd_gcj_near"], strict=True):
        assert metres(mine, published) < 2
    assert len(found["round"]) > 200
    for place, by_gcj, by_bd, shifted in found["round"]:
        assert metres(place, by_gcj) < 0.01
        assert metres(place, by_bd) < 1
        assert 20 < metres(place, shifted) < 1200


def test_places_outside_the_mainland_are_not_shifted(said: Any) -> None:
    for (name, is_shifted, place), (_, lat, lon) in zip(said["datum"]["outside"], PAIRS["outside"], strict=True):
        assert not is_shifted, name
        assert place == [lat, lon]


def test_map_links_carry_the_place_in_the_maps_own_datum(said: Any) -> None:
    """The apps' own links need no network; coordinates and the name stand in the address, nothing else of ours."""
    found = said["apps"]
    links = {one["code"]: one for one in found["android"]}
    assert list(links) == ["amap", "baidu", "apple", "google", "any"]
    amap, baidu = (parse_qs(urlsplit(links[code]["app"]).query) for code in ("amap", "baidu"))
    here = [29.8683, 121.544]
    assert urlsplit(links["amap"]["app"]).scheme == "androidamap"
    assert amap["poiname"] == ["海港五金 (老店)"]
    assert 300 < metres(here, [float(amap["lat"][0]), float(amap["lon"][0])]) < 700
    lat, lon = map(float, baidu["location"][0].split(","))
    assert 800 < metres(here, [lat, lon]) < 1500
    assert baidu["coord_type"] == ["bd09ll"]
    assert links["any"]["app"].startswith("geo:29.868300,121.544000?q=29.868300,121.544000(")
    assert parse_qs(urlsplit(links["amap"]["web"]).query)["coordinate"] == ["gaode"]
    assert {one["code"]: one["app"].split(":")[0] for one in found["ios"] if one["app"]} == {
        "amap": "iosamap", "baidu": "baidumap", "any": "geo"}
    assert [one["web"].split("?")[0] for one in found["desk"] if one["web"]] == [
        "https://uri.amap.com/marker", "https://api.map.baidu.com/marker", "https://maps.apple.com/",
        "https://www.google.com/maps/search/"]
    abroad = {one["code"]: one for one in found["abroad"]}
    assert "query=51.507400,-0.127800" in abroad["google"]["web"]
    assert "coord_type=wgs84" in abroad["baidu"]["app"]
    assert found["nothing"] == []
    assert all(parse_qs(urlsplit(one["app"] or one["web"]).query) for one in found["words"])


def test_district_is_read_off_the_address(said: Any) -> None:
    found = said["order"]
    assert found["districts"] == ["江北区", "鄞州区", "浦东新区", "宁波市", "周巷镇", "红山区", "", "Leeds"]
    assert found["groups"] == [["江北区", ["a", "d"]], ["海曙区", ["b"]], ["", ["c"]]]


@pytest.fixture
def page(serve: Server, enter: Callable[..., Page]) -> Iterator[Page]:
    """The rep's phone with four neighbours of HARBOUR's on it."""
    round_of(serve)
    wrong: list[str] = []
    page = enter("rep")
    page.on("pageerror", lambda error: wrong.append(str(error)))
    until(ready(page), "return Boolean(navigator.serviceWorker.controller)", 20)
    yield page
    assert wrong == []


def order(page: Page) -> list[str]:
    rows = page.locator("main .list .row")
    expect(rows.first).to_be_visible()
    return [one.split("\n")[0] for one in rows.all_inner_texts()]


@pytest.mark.browser
def test_near_here_asks_anew_each_time_and_never_takes_an_old_fix(page: Page, phone: BrowserContext) -> None:
    phone.set_offline(True)
    page.evaluate("""() => {
      const ask = navigator.geolocation.getCurrentPosition.bind(navigator.geolocation);
      globalThis.asked = [];
      navigator.geolocation.getCurrentPosition = (done, failed, how) => {
        globalThis.asked.push(how);
        ask(done, failed, how);
      };
    }""")
    go(page, "/app/near")
    assert order(page) == [HARBOUR_NAME, "三江口机电", "甬江水暖", "慈城门窗", "东钱湖标准件"]
    phone.set_geolocation({"latitude": 29.99, "longitude": 121.45, "accuracy": 30})
    page.get_by_role("button", name="重新定位").click()
    expect(page.get_by_text("精度 30 米")).to_be_visible()
    assert order(page)[0] == "慈城门窗"
    assert [one["maximumAge"] for one in page.evaluate("globalThis.asked")] == [0, 0]


@pytest.mark.browser
def test_near_here_without_a_fix_goes_by_district(page: Page, phone: BrowserContext) -> None:
    phone.clear_permissions()
    phone.set_offline(True)
    go(page, "/app/near")
    expect(page.get_by_text(re.compile("改按区域排列"))).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="江北区").click()
    assert set(order(page)[:2]) == {"甬江水暖", "慈城门窗"}
    shot(page, "near-district")


@pytest.mark.browser
def test_map_sheet_offers_the_maps(page: Page) -> None:
    go(page, CUSTOMER)
    page.get_by_role("button", name="地图", exact=True).click()
    sheet = page.get_by_role("dialog", name="在地图中打开")
    expect(sheet.locator("li")).to_have_count(5)
    assert [one.split("\n")[0].strip() for one in sheet.locator("li").all_inner_texts()] == [
        "高德地图", "百度地图", "苹果地图", "谷歌地图", "本机其他地图"]
    shot(page, "maps")
    links = sheet.get_by_role("link").evaluate_all("(all) => all.map((one) => one.href)")
    assert all(link.startswith(("https://", "geo:", "androidamap:", "iosamap:", "baidumap:")) for link in links)
    assert run(page, "return location.pathname") == CUSTOMER
