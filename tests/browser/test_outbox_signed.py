"""The file a real phone writes is signed by its own key, and the server knows whose it is by that alone."""

from __future__ import annotations

import json

from playwright.sync_api import BrowserContext, Page

from fieldsales.store.base import table_of
from fieldsales.store.models import CommandReceipt
from fieldsales.visits.models import Visit
from tests.browser.conftest import Server
from tests.browser.inside import count, run, save, until, visit
from tests.cast import MANAGER, PASSWORD, REP
from tests.sync.phone import HEADERS


def test_file_of_a_phone_without_network_is_brought_in_by_the_manager(
        page: Page, phone: BrowserContext, serve: Server) -> None:
    until(page, "return (await device.device()).enrolled")
    phone.set_offline(True)
    for n in range(2):
        save(page, visit(f"没有信号 {n}"))
    file = json.loads(run(page, "return outbox.exportOutbox()"))
    office = serve.app.test_client()
    office.post("/login", data={"login": "manager", "password": PASSWORD})
    forged = json.loads(json.dumps(file))
    forged["commands"][0]["payload"]["said"] = "从没说过"
    assert office.post("/api/v1/outbox", json=forged, headers=HEADERS).get_json()["error"]["code"] == "outbox.changed"
    answer = office.post("/api/v1/outbox", json=file, headers=HEADERS).get_json()
    assert [one["status"] for one in answer["results"]] == ["applied", "applied"]
    with serve.store.reading() as connection:
        table = table_of(CommandReceipt)
        rows = connection.execute(table.select().where(table.c.operation == "visits.log_visit")).all()
    assert [(row.actor_id, row.delivered_by) for row in rows] == [(REP.user_id, MANAGER.user_id)] * 2
    phone.set_offline(False)  # the phone is in the network again, and sends them as well
    until(page, "await sync.syncNow(); return outbox.queue.value.length === 0")
    assert count(serve, Visit) == 2
