"""A house with real processes, and phones behind wires of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.inside import always_open, ready, run
from tests.cast import PASSWORD
from tests.faults.phone.oracle import flaws_of
from tests.faults.phone.rig import Phone
from tests.faults.server import House
from tests.faults.wire import Wire

MakePhone = Callable[..., Phone]
SCREEN: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}


@pytest.fixture(scope="session")
def standing_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A server for all tests of this folder: each has phones of its own, and judges only what those saved."""
    house = House(tmp_path_factory.mktemp("house") / "home")
    house.furnish()
    yield house.start()
    house.stop()


@pytest.fixture
def house(standing_house: House) -> House:
    """The standing house, running."""
    if not standing_house.runs():
        standing_house.start()
    return standing_house


#: login → the cookies of a session that is still good: one name may try the door ten times a minute only
_SESSIONS: dict[str, Any] = {}


def enter(page: Page, url: str, login: str, *, anew: bool = False) -> None:
    """Open the field app, with the session of an earlier phone where there is one; else log in at the office's page.

    ``anew``: with a session of its own, which the test may end.
    """
    if not anew and login in _SESSIONS:
        page.context.add_cookies(_SESSIONS[login])
        page.goto(url + "/app")
        if run(page, "return (await exchange.askWho()).user_id"):
            ready(page)
            return
    log_in(page, url, login)
    if not anew:
        _SESSIONS[login] = page.context.cookies()


def log_in(page: Page, url: str, login: str) -> None:
    """Log in on the office's page and open the field app."""
    page.goto(url + "/login?next=/app")
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/app")
    ready(page)


@pytest.fixture(scope="module")
def _lasting(chromium: Browser, standing_house: House) -> Iterator[Phone]:
    if not standing_house.runs():
        standing_house.start()
    wire = Wire(standing_house.port)
    context = always_open(chromium.new_context(**SCREEN, service_workers="block"))
    page = context.new_page()
    enter(page, wire.url, "rep")
    yield Phone("worn phone", context, page, wire, standing_house)
    context.close()
    wire.close()


@pytest.fixture
def worn_phone(_lasting: Phone, house: House) -> Iterator[Phone]:
    """A phone that goes through one test of a file after another: all that was ever saved on it is judged each time."""
    _lasting.wire.mend()
    _lasting.drain()
    yield _lasting
    _lasting.wire.mend()


@pytest.fixture
def new_phone(chromium: Browser, house: House) -> Iterator[MakePhone]:
    """A phone with the app open: ``new_phone("rep", name="the old one", before=…)``; closed at the end.

    ``before(wire)`` may prepare the wire before the first byte; ``context`` is a context made elsewhere;
    ``anew``: with a session of its own.
    """
    opened: list[tuple[Wire, BrowserContext]] = []

    def make(login: str = "rep", *, name: str = "phone", before: Callable[[Wire], None] | None = None,
             context: BrowserContext | None = None, anew: bool = False, **options: Any) -> Phone:
        wire = Wire(house.port)
        if before is not None:
            before(wire)
        context = always_open(context or chromium.new_context(**SCREEN, **options))
        context.set_default_timeout(20_000)
        opened.append((wire, context))
        page = context.new_page()
        enter(page, wire.url, login, anew=anew)
        return Phone(name, context, page, wire, house)

    yield make
    for wire, context in opened:
        context.close()
        wire.close()


@pytest.fixture
def phone(new_phone: MakePhone) -> Phone:
    """One rep's phone, online. Without a service worker: the tests that need one make their own."""
    return new_phone(service_workers="block")


@pytest.fixture
def all_well(house: House) -> Callable[..., None]:
    """The oracle as an assertion: ``all_well(phone, other, drained=False)``."""

    def judge(*phones: Phone, drained: bool = True) -> None:
        flaws = flaws_of(house, phones, drained=drained)
        assert not flaws, "\n".join(flaws)

    return judge
