"""Signs of trouble ticked on a phone without a network reach finance and legal; a set-off asked for the same way."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from fieldsales.collection.models import Task
from fieldsales.collection.watchmodels import Sighting
from fieldsales.documents.models import Attachment
from fieldsales.receivables.moneymodels import SetOff
from fieldsales.store.base import table_of
from tests import cast
from tests.browser.conftest import Server
from tests.browser.inside import ready, until
from tests.browser.rounds import round_of
from tests.browser.test_screens import CUSTOMER, go
from tests.browser.test_screens_commands import photo, save

pytestmark = pytest.mark.browser


@pytest.fixture
def page(serve: Server, enter: Callable[..., Page]) -> Iterator[Page]:
    """The rep's phone with a round on it. No error may reach the page."""
    round_of(serve)
    wrong: list[str] = []
    page = enter("rep")
    page.on("pageerror", lambda error: wrong.append(str(error)))
    until(ready(page), "return Boolean(navigator.serviceWorker.controller)", 20)
    yield page
    assert wrong == []


def rows(server: Server, model: type, *columns: str, **where: object) -> list[tuple[object, ...]]:
    table = table_of(model)
    query = select(*(table.c[name] for name in columns))
    for name, value in where.items():
        query = query.where(table.c[name] == value)
    with server.app.extensions["fieldsales"].store.reading() as connection:
        return sorted((tuple(row) for row in connection.execute(query)), key=str)


def test_signs_seen_offline_become_a_red_alert_once_sent(page: Page, phone: BrowserContext, serve: Server) -> None:
    phone.set_offline(True)
    go(page, f"{CUSTOMER}/visit")
    page.get_by_role("button", name="拖欠工资").click()
    expect(page.get_by_text("黄色：一周内再来一次")).to_be_visible()
    page.get_by_role("button", name="货物、设备或店面正在转移").click()
    expect(page.get_by_text("红色预警：一送达就通知财务和法务")).to_be_visible()
    page.get_by_label("具体情况，听谁说的").fill("后门停着两辆货车")
    page.get_by_label("拍下来").set_input_files(photo())
    expect(page.get_by_alt_text("照片 1")).to_be_visible()
    save(page, "保存拜访")
    go(page, f"{CUSTOMER}/setoff")
    page.get_by_role("button", name="返利").click()
    page.get_by_label("要抵的金额").fill("3200")
    save(page, "保存申请")
    expect(page.locator("#law").get_by_text("已保存在本机")).to_be_visible()
    phone.set_offline(False)
    until(page, "await sync.syncNow(); return sync.status.value.pending === 0 && sync.status.value.blobs === 0", 30)
    assert rows(serve, Sighting, "signs", "words") == [(["wages_unpaid", "assets_moved"], "后门停着两辆货车")]
    told = {user for (user,) in rows(serve, Task, "assignee_id", kind="solvency")}
    assert told == {cast.FINANCE.user_id, cast.LEGAL.user_id}
    assert len(rows(serve, Attachment, "sha256", subject_kind="sighting")) == 1
    assert rows(serve, SetOff, "kind", "amount_minor", "state") == [("rebate", 3200_00, "asked")]
    expect(page.locator("#law").get_by_text("红色预警")).to_be_visible(timeout=15_000)
