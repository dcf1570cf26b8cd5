"""Office pages of talking at the table: hard contacts get a word, policies are kept, phrases changed."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from fieldsales.collection.tablemodels import Coaching, Promotion, PromotionEnd
from fieldsales.kernel.ids import uuid7
from fieldsales.web.here import Program
from tests import cast
from tests.collection.conftest import rows
from tests.collection.test_at_the_table import ask, quote, register

Enter = Callable[[str], FlaskClient]


def text(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return unescape(answer.get_data(as_text=True))


def test_manager_sees_a_hard_contact_until_he_has_said_a_word(owed: Program, log_in: Enter) -> None:
    ask_id = ask(owed, 10_000_00, None, words="没钱")
    ask(owed, 18_000_00, 10_000_00)
    desk = log_in("manager")
    page = text(desk, "/asks")
    assert "难谈的客户" in page
    assert "要 ¥10,000.00" in page
    assert "1.80" in page
    assert "难谈的客户" not in text(log_in("other_manager"), "/asks")
    answer = desk.post(f"/customers/{cast.HARBOUR}/coach", data={
        "rep_id": cast.REP.user_id, "ask_id": ask_id, "text": "先摆对账单。", "command_id": uuid7()})  # fmt: skip
    assert answer.status_code == 303
    assert [row["text"] for row in rows(owed, Coaching)] == ["先摆对账单。"]
    assert "难谈的客户" not in text(desk, "/asks")
    for login in ("manager", "rep"):
        assert "先摆对账单。" in text(log_in(login), f"/customers/{cast.HARBOUR}")
    for login in ("finance", "legal"):
        assert "先摆对账单。" not in text(log_in(login), f"/customers/{cast.HARBOUR}")


def test_manager_keeps_policies_and_everybody_reads_them(owed: Program, log_in: Enter) -> None:
    desk = log_in("manager")
    form = {"name": "三月进货奖励", "text_zh": "返 2%", "from_on": "2026-03-01", "to_on": "2026-03-31",
            "approved_by": "批文 7"}  # fmt: skip
    assert desk.post("/promotions", data=form | {"to_on": "2026-02-01"}).status_code == 422
    assert desk.post("/promotions", data=form | {"command_id": uuid7()}).status_code == 303
    [made] = rows(owed, Promotion)
    assert "生效中" in text(log_in("rep"), "/promotions")
    assert desk.post(f"/promotions/{made['id']}/end", data={"reason": "改了"}).status_code == 303
    assert [row["promotion_id"] for row in rows(owed, PromotionEnd)] == [made["id"]]
    assert "已撤回" in text(log_in("finance"), "/promotions")


def test_phrase_taken_off_is_gone_from_the_desks_list_and_can_be_put_back(owed: Program, log_in: Enter) -> None:
    desk = log_in("admin")
    assert "饭碗" in {one["phrase"] for one in desk.get("/phrases.json").get_json()}
    form = {"lang": "zh", "phrase": "饭碗", "instead": "请定日期。"}
    assert desk.post("/phrases", data=form | {"active": "0"}).status_code == 303
    assert "饭碗" not in {one["phrase"] for one in desk.get("/phrases.json").get_json()}
    assert "已去掉的" in text(desk, "/phrases")
    assert desk.post("/phrases", data=form | {"active": "1"}).status_code == 303
    assert "饭碗" in {one["phrase"] for one in desk.get("/phrases.json").get_json()}
    assert desk.post("/phrases", data=form | {"phrase": "*"}).status_code == 422


@pytest.mark.parametrize(("path", "add"), [
    ("/asks", lambda program: ask(program, 10_00, None)),
    ("/promotions", lambda program: quote(program, register(program))),
    (f"/customers/{cast.HARBOUR}", lambda program: ask(program, 10_00, 5_00)),
])  # fmt: skip
def test_page_costs_the_same_with_one_row_and_with_three(
    owed: Program, log_in: Enter, count_queries: Any, path: str, add: Callable[[Program], Any]
) -> None:
    client, costs = log_in("manager"), []
    for rows_more in (1, 2):
        for _ in range(rows_more):
            add(owed)
        client.get(path)
        with count_queries(owed.store.engine) as seen:
            assert client.get(path).status_code == 200
        costs.append(len(seen))
    assert costs[0] == costs[1]
