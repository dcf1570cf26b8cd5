"""A second engine, the one in every iPhone: sign in, PIN, today, a visit without a network, a sealed plan."""

from __future__ import annotations

import math
import re
import time

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from sqlalchemy import select

from fieldsales import worker
from fieldsales.documents.models import Document
from fieldsales.plans.models import Plan
from fieldsales.store.base import table_of
from tests import cast
from tests.browser.inside import PIN, receipts
from tests.browser.stock import stock
from tests.cast import HARBOUR, HARBOUR_NAME
from tests.webkit.conftest import Away, kernel, says, tap, type_into, until

pytestmark = [pytest.mark.webkit, pytest.mark.slow]
SAID = "WebKit 里记下：下周三先付五万"


def type_pin(webkit: WebDriver) -> None:
    type_into(webkit, "#pin", PIN + Keys.ENTER)


def sign_in(webkit: WebDriver, house: Away) -> None:
    webkit.get(house.url + "/login?next=/app")
    type_into(webkit, "[name=login]", "rep")
    type_into(webkit, "[name=password]", cast.PASSWORD + Keys.ENTER)
    until(webkit, "return document.querySelector('#pin')")
    type_pin(webkit)
    until(webkit, "return document.querySelector('label[for=pin]').innerText.includes('再')")
    type_pin(webkit)
    until(webkit, "return document.querySelector('.bar')", 30)


def unlock(webkit: WebDriver) -> None:
    until(webkit, "return document.querySelector('#pin')", 30)
    type_pin(webkit)
    until(webkit, "return !document.querySelector('#pin')", 30)


def go(webkit: WebDriver, path: str) -> None:
    kernel(webkit, f"router.navigate({path!r})")
    until(webkit, "return document.querySelector('main h1') && !document.querySelector('[aria-busy=true]')")


def draw(webkit: WebDriver) -> None:
    """Three waves with a finger, or with a mouse where the driver has no finger."""
    canvas = until(webkit, "const one = document.querySelector('.sign canvas'); return one?.width > 200 && one")
    time.sleep(0.5)  # the pad stands still before a hand is laid on it
    box = canvas.rect
    chain = ActionChains(webkit, duration=15)
    for wave in range(3):
        across, down = 0, -int(box["height"] * 0.3) + wave * int(box["height"] * 0.2)
        chain.move_to_element_with_offset(canvas, across, down).click_and_hold()
        for at in range(20):
            chain.move_by_offset(int(20 * math.sin(at / 3)), 4)
        chain.release()
    chain.perform()


def log_a_visit_with_nobody_there(webkit: WebDriver, house: Away) -> None:
    """The house goes dark; a visit is saved; the app is opened cold, unlocked, and shows it."""
    house.vanish()
    go(webkit, f"/app/customers/{HARBOUR}/visit")
    type_into(webkit, "textarea", SAID)
    says(webkit, "草稿已保存在本机")
    tap(webkit, "保存拜访")
    until(webkit, "return location.pathname.endsWith(arguments[0])", 20, HARBOUR)
    webkit.get(house.url + "/app")  # the worker gives the app
    unlock(webkit)
    until(webkit, "return document.querySelector('.bar')", 30)
    assert kernel(webkit, "return outbox.queue.value.length") == 1
    go(webkit, f"/app/customers/{HARBOUR}")
    says(webkit, SAID)


def sign_a_plan(webkit: WebDriver) -> None:
    """Every step of the plan, by tapping and drawing."""
    go(webkit, f"/app/customers/{HARBOUR}/plan")
    for step in ("下一步：分期", "下一步：签字人"):
        tap(webkit, step)
    tap(webkit, "林海港")
    tap(webkit, "下一步：全文")
    says(webkit, "还款计划")
    webkit.execute_script("scrollTo(0, document.body.scrollHeight)")
    tap(webkit, "交给客户签字")
    draw(webkit)
    tap(webkit, "确认签署")
    says(webkit, "已签署", 30)


def sealed(house: Away, document_id: str) -> bool:
    """Let the worker seal the paper."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        worker.run_once(house.app.extensions["fieldsales"])
        d = table_of(Document).c
        with house.store.reading() as connection:
            if connection.execute(select(d.state).where(d.id == document_id)).scalar_one() == "sealed":
                return True
        time.sleep(0.2)
    return False


def test_a_day_from_signing_in_to_a_sealed_plan(webkit: WebDriver, house: Away) -> None:
    stock(house)
    sign_in(webkit, house)
    says(webkit, "今日")
    says(webkit, HARBOUR_NAME)
    until(webkit, "return navigator.serviceWorker.controller", 40)
    go(webkit, f"/app/customers/{HARBOUR}")
    says(webkit, "HC-0318")
    log_a_visit_with_nobody_there(webkit, house)
    house.appear()
    kernel(webkit, "return sync.syncNow()")
    assert kernel(webkit, "return outbox.queue.value.length") == 0
    assert receipts(house)[-1] == "applied"
    sign_a_plan(webkit)
    kernel(webkit, "return sync.syncNow()")
    with house.store.reading() as connection:
        signed = connection.execute(select(table_of(Plan))).one()
    assert re.fullmatch(r"HK\d{6}-.+", signed.number)
    assert sealed(house, signed.document_id)
    kernel(webkit, "return sync.syncNow()")
    plans = kernel(webkit, "return docs.docs.all('customer').value.flatMap((one) => one.plans)")
    assert "sealed" in [one["document_state"] for one in plans]
