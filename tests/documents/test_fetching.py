"""Time authorities that plugins bring: asked by the core alone, believed by the pinned roots alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import pytest

from fieldsales.config import Settings
from fieldsales.documents import press
from fieldsales.documents.fetching import fetcher
from fieldsales.kernel.clock import FixedClock
from fieldsales.kernel.errors import Stale
from fieldsales.plugin_api import StampPost, Timestamper, hookimpl, words
from fieldsales.plugin_api.loading import Found
from fieldsales.plugin_api.manager import Plugins
from fieldsales.plugin_api.timestamps import query, token_of
from tests.documents import samples
from tests.documents.authority import Authority, serving


@dataclass
class House:
    """What the core has at hand when it asks."""

    settings: Settings
    plugins: Plugins
    clock: FixedClock


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with serving(tmp_path_factory.mktemp("authority")) as running:
        yield running


def plugin(url: str, **odd: Any) -> Plugins:
    """A plugin whose authority answers at ``url``; ``odd`` replaces what it declares."""
    module, host = ModuleType("house_time"), str(urlsplit(url).hostname)

    def request(digest: bytes, now: datetime, secrets: Any) -> StampPost:
        return StampPost(odd.get("to", url), query(digest, now), headers={"Authorization": secrets["account"]})

    @hookimpl
    def timestampers() -> list[Timestamper]:
        return [Timestamper("house_time", words("本公司时间", "House time"), (host,), odd.get("request", request),
                            odd.get("token", token_of))]

    module.timestampers = timestampers  # type: ignore[attr-defined]
    plugins = Plugins(call_seconds=0.5)
    status = plugins.add(Found("house_time", "file", "", "", lambda: module))
    assert status.state == "active", status.last_error
    return plugins


def house(authority: Authority, tmp_path: Path, **odd: Any) -> House:
    settings = Settings(
        home=tmp_path, signer_p12=authority.sealing_key(), signer_password="test", production=True,
        tsa_urls="house_time", tsa_roots=authority.folder / "root.pem", tsa_account="id 7", remind_private=True,
        public_url="https://papers.example",
    )  # fmt: skip
    return House(settings, plugin(authority.url, **odd), FixedClock(datetime.now(UTC)))


def test_a_paper_and_a_hash_are_stamped_by_a_plugins_authority(authority: Authority, tmp_path: Path) -> None:
    program = house(authority, tmp_path)
    sealed = press.produce("receipt", samples.receipt(), "zh", program.settings).content
    outside = fetcher(program, "house_time")
    longer, verdict = press.stamp(sealed, "house_time", program.settings, outside=outside)
    assert longer.startswith(sealed)
    assert (verdict["level"], verdict["authority"], verdict["problems"]) == ("B-T", "Test TSA", [])
    token, told = press.stamp_hash("ab" * 32, "house_time", program.settings, outside=outside)
    assert token
    assert abs(datetime.fromisoformat(told["time"]) - datetime.now(UTC)) < timedelta(minutes=1)


def test_an_address_is_asked_by_the_press_itself(authority: Authority, tmp_path: Path) -> None:
    assert fetcher(house(authority, tmp_path), authority.url) is None


def _hang(*_given: Any) -> Any:
    import time

    time.sleep(5)


@pytest.mark.parametrize(("odd", "why"), [
    ({"to": "http://169.254.169.254/"}, "the address is not on"),
    ({"request": lambda *_given: b"bytes"}, "must return a StampPost"),
    ({"request": _hang}, "no answer within"),
    ({"token": lambda _answer: b""}, "must return bytes"),
    ({"token": lambda _answer: 1 / 0}, "ZeroDivisionError"),
    ({"token": lambda _answer: b"rubbish"}, ""),
])  # fmt: skip
def test_a_plugin_that_answers_badly_gives_no_time_and_the_paper_waits(
    authority: Authority, tmp_path: Path, odd: dict[str, Any], why: str
) -> None:
    program = house(authority, tmp_path, **odd)
    with pytest.raises(Stale) as refused:
        press.stamp_hash("ab" * 32, "house_time", program.settings, outside=fetcher(program, "house_time"))
    assert refused.value.code == "documents.no_time"
    assert why in str(refused.value.params["why"])


def test_an_authority_nobody_pinned_is_not_believed(authority: Authority, tmp_path: Path) -> None:
    program = house(authority, tmp_path)
    with serving(tmp_path / "other") as other:
        strangers = program.settings.model_copy(update={"tsa_roots": other.folder / "root.pem"})
    with pytest.raises(Stale) as refused:
        press.stamp_hash("ab" * 32, "house_time", strangers, outside=fetcher(program, "house_time"))
    assert refused.value.code == "documents.time_refused"


def test_inner_addresses_are_spoken_to_only_where_the_house_says_so(authority: Authority, tmp_path: Path) -> None:
    program = house(authority, tmp_path)
    program.settings = program.settings.model_copy(update={"remind_private": False})
    fetch = fetcher(program, "house_time")
    assert fetch is not None
    with pytest.raises(Stale, match="private network"):
        fetch(b"\x00" * 32)
