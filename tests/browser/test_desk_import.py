"""A ledger handed in at a real desk: asked, looked at, taken in, taken back; no overflow, and axe finds nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.test_desk import office  # noqa: F401 - the fixture

pytestmark = [pytest.mark.browser, pytest.mark.slow]
HEAD = "客户编码,客户名称,单据编号,单据日期,到期日,价税合计\n"
LINES = ("C001,海港五金商行,A1,1/2/2026,3/4/2026,\"12,345,678.90\"\n"
         "C009,宁波市海曙区永远不会拖欠货款的第一百二十三号五金机电工程设备租赁维修服务有限公司,A2,2/2/2026,5/4/2026,50\n"
         "C009,<b>x</b>,A3,2013-02-30,5/4/2026,7\n")


def judged(page: Page, width: int, what: str) -> None:
    """No page wider than its window, and nothing axe complains about."""
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width, f"{what}: {wide} px wide"
    found = Axe().run(page)
    assert found.violations_count == 0, f"{what}: {found.generate_report()}"


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (768, "light"), (1440, "light"), (1440, "dark")])
def test_import_from_the_file_to_its_undo(
    office: Callable[..., Page], tmp_path: Path, width: int, scheme: str  # noqa: F811
) -> None:
    ledger = tmp_path / "应收.csv"
    ledger.write_bytes((HEAD + LINES).encode("gb18030"))
    page = office("finance", width=width, scheme=scheme)
    page.goto("/import")
    judged(page, width, "hand in")
    page.set_input_files("[name=file]", str(ledger))
    page.get_by_role("button", name="先看一看").click()
    expect(page.get_by_role("alert").first).to_contain_text("两种读法")
    judged(page, width, "asked")
    page.select_option("[name=order]", "dmy")
    page.get_by_role("button", name="重新核对").click()
    expect(page.locator("[data-rows=added]")).to_have_text("2")
    expect(page.locator("[data-rows=errors]")).to_have_text("1")
    judged(page, width, "looked at")
    page.get_by_role("button", name="确认导入").click()
    page.wait_for_url("**/import/0*")
    expect(page.locator("[data-rows=added]")).to_have_text("2")
    judged(page, width, "taken in")
    page.get_by_text("撤销这次导入").click()
    page.fill("[name=reason]", "传错文件")
    judged(page, width, "about to be taken back")
    page.get_by_role("button", name="确认撤销").click()
    expect(page.get_by_role("status").first).to_contain_text("已撤销")
    page.goto("/import")
    expect(page.locator("table")).to_contain_text("已撤销")
    judged(page, width, "history")
