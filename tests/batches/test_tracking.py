"""What carriers write, read: their heads, their words, whose a scan is, what is news."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from fieldsales.batches.entering import match
from fieldsales.batches.queries import Waiting
from fieldsales.batches.rules import Told, answers_for, posting_order, read_told, step_of, whose
from fieldsales.collection.stages import Stage
from fieldsales.plugin_api import Batch, CollectionMethod, Decision, Tracking, words

TRACKING = Tracking(number="no", steps={"posted": {"s": "p"}, "delivered": {"s": "d"}, "returned": {"s": "r"},
                                        "in_transit": {"s": "t"}}, ends=("delivered", "returned"),
                    days={"posted": "on", "delivered": "got_on"}, carrier="by", signed_by="who", reason="why",
                    proof="scan")  # fmt: skip
METHOD = CollectionMethod("post", words("寄", "Post"), lambda fields, facts: Decision(words("寄", "Post"), "made"),
                          batch=Batch(tracking=TRACKING))


@pytest.mark.parametrize(("status", "step"), [
    ("已妥投", "delivered"), ("妥投：他人签收", "delivered"), ("【签收】收发室", "delivered"),
    ("Delivered", "delivered"), ("未妥投，已退回", "returned"),
    ("未妥投：收件人不在", "in_transit"), ("退回妥投", "returned"), ("拒收，退件中", "returned"),
    ("Returned to sender", "returned"),
    ("运输中", "in_transit"), ("派件中", "in_transit"), ("到达杭州中心", "in_transit"),
    ("Out for delivery", "in_transit"),
    ("已收寄", "posted"), ("快件已揽收", "posted"), ("", ""), ("系统维护", ""),
])  # fmt: skip
def test_a_carriers_words(status: str, step: str) -> None:
    assert step_of(status) == step


@pytest.mark.parametrize(("rows", "told"), [
    ([["邮件号", "状态", "签收时间", "签收人"], ["EA1CN", "已妥投", "2026-03-12", "王"]],
     [Told(2, "EA1CN", "", "delivered", "2026-03-12", "王", "", "已妥投")]),
    ([["顺丰速运 对账单"], [], ["运单号码（必填）", "客户订单号", "寄出日期"], ["SF10", "CH26-A", 46000]],
     [Told(4, "SF10", "CH26-A", "", 46000)]),
    ([["EMS邮件号", "最新状态", "备注"], [None, "x", "y"], ["EA2", "退回", "地址不详"]],
     [Told(3, "EA2", "", "returned", None, "", "地址不详", "退回")]),
    ([["Tracking No.", "Status", "Signed by"], ["ZZ1", "delivered", "J. Doe"]],
     [Told(2, "ZZ1", "", "delivered", None, "J. Doe", "", "delivered")]),
])  # fmt: skip
def test_a_carriers_table(rows: list[list[object]], told: list[Told]) -> None:
    assert read_told(rows) == (told, True)


@pytest.mark.parametrize("rows", [[], [["姓名", "电话"], ["王", "1"]], [["单号"], ["EA1"]]])
def test_a_table_without_a_number_and_what_became_of_it_is_none(rows: list[list[object]]) -> None:
    assert read_told(rows) == ([], False)


@pytest.mark.parametrize(("name", "root"), [
    ("EA100200300CN.jpg", "a"), ("回执 ea-100-200-300-cn (2).PDF", "a"), ("ch261122_abcd.png", "b"),
    ("IMG_0001.jpg", ""),
    ("EA1002003.jpg", ""), ("300.jpg", ""),
])  # fmt: skip
def test_whose_scan_a_file_is(name: str, root: str) -> None:
    assert whose(name, {"ea100200300cn": "a", "ch261122abcd": "b", "300": "c"}) == root


def test_posting_goes_by_address_and_what_has_none_comes_last() -> None:
    pieces = [("1", "", "甲"), ("2", "宁波市中山路 2 号", "乙"), ("3", "宁波市中山路 2 号", "丙"), ("4", "上海", "丁")]
    assert posting_order(pieces) == ["4", "3", "2", "1"]


def test_what_the_form_does_not_ask_for_is_left_out() -> None:
    assert answers_for(TRACKING, "delivered", number="EA1", carrier="", day="2026-03-12", signed_by="王", signer="x",
                       reason="y", proof=["f"]) == {"s": "d", "no": "EA1", "got_on": "2026-03-12", "who": "王",
                                                    "scan": ["f"]}


def piece(outcome: str, number: str = "EA1") -> Waiting:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    stage = Stage("s", "r", "c", "post", outcome, "", "", "", at, None, {})
    return Waiting("r", "c", "海港", "海港公司", at, stage, number, "CH26-A", None)


@pytest.mark.parametrize(("known", "said", "news"), [
    ("made", "已收寄", {"s": "p", "no": "EA1", "on": "2026-03-12", "by": "邮政"}),
    ("made", "已妥投", {"s": "d", "no": "EA1", "got_on": "2026-03-12"}),
    ("posted", "已收寄", None), ("posted", "运输中", {"s": "t", "no": "EA1"}), ("in_transit", "已收寄", None),
    ("in_transit", "运输中", None), ("delivered", "运输中", None), ("delivered", "已妥投", None),
    ("delivered", "退回", {"s": "r", "no": "EA1"}), ("returned", "已收寄", None),
])  # fmt: skip
def test_only_what_says_more_than_is_known_is_put_on_record(known: str, said: str, news: dict[str, str] | None) -> None:
    told, _ = read_told([["单号", "状态", "时间"], ["EA1", said, "2026-03-12"]])
    found = match(METHOD, [piece(known)], told, "邮政")
    assert [dict(note.fields) for note in found.notes] == ([news] if news else [])
    assert found.nothing_new == (news is None)


def test_a_number_for_our_letter_posts_it_and_an_unknown_one_is_told() -> None:
    told, _ = read_told([["运单号", "客户订单号"], ["SF9", "ch26a"], ["SF8", "CH99"]])
    found = match(METHOD, [piece("made", "")], told, "顺丰")
    assert [dict(note.fields) for note in found.notes] == [{"s": "p", "no": "SF9", "by": "顺丰"}]
    assert found.unknown == ("SF8",)
