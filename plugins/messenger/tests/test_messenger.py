"""The robots' own rules, by their documented signatures."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from fieldsales.plugin_api import Notice
from fieldsales.plugin_api.notices import channel, goes_to, post

from .. import CHANNELS, dingtalk, feishu, wecom

NOTICE = Notice("回款提醒 3月12日", ("今天到期：1 笔，¥50,000.00",), "https://sales.example.com/app/promises",
                datetime(2026, 3, 12, 0, 0, 1, 500_000, tzinfo=UTC))  # fmt: skip
TEXT = "回款提醒 3月12日\n今天到期：1 笔，¥50,000.00\nhttps://sales.example.com/app/promises"
SECRET = "SEC0123456789abcdef+/="
ADDRESSES = {
    "wecom": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6",
    "dingtalk": "https://oapi.dingtalk.com/robot/send?access_token=566cc69d",
    "feishu": "https://open.feishu.cn/open-apis/bot/v2/hook/2a7c",
}  # fmt: skip


@pytest.mark.parametrize("one", CHANNELS, ids=lambda one: one.name)
@pytest.mark.parametrize("secret", ["", SECRET])
def test_every_channel_is_well_declared_and_goes_home(one: object, secret: str) -> None:
    checked = channel(one)
    made = post(checked.build(NOTICE, {"url": ADDRESSES[checked.name], "secret": secret}), checked)
    assert goes_to(made.url, checked.hosts)
    assert TEXT in str(made.json.values()).replace("\\n", "\n")


def test_wecom_sends_plain_text_to_the_address_itself() -> None:
    made = wecom(NOTICE, {"url": ADDRESSES["wecom"], "secret": ""})
    assert (made.url, made.json) == (ADDRESSES["wecom"], {"msgtype": "text", "text": {"content": TEXT}})


def test_dingtalk_signs_the_address() -> None:
    made = dingtalk(NOTICE, {"url": ADDRESSES["dingtalk"], "secret": SECRET})
    asked = parse_qs(urlsplit(made.url).query)
    assert asked["timestamp"] == ["1773273601500"]
    wanted = hmac.new(SECRET.encode(), f"1773273601500\n{SECRET}".encode(), hashlib.sha256).digest()
    assert asked["sign"] == [base64.b64encode(wanted).decode()], "and it survives being part of an address"
    assert asked["access_token"] == ["566cc69d"]


def test_feishu_signs_the_body_with_the_line_as_key_over_nothing() -> None:
    made = feishu(NOTICE, {"url": ADDRESSES["feishu"], "secret": SECRET})
    wanted = hmac.new(f"1773273601\n{SECRET}".encode(), b"", hashlib.sha256).digest()
    assert made.json["timestamp"] == "1773273601"
    assert made.json["sign"] == base64.b64encode(wanted).decode()
    assert "sign" not in feishu(NOTICE, {"url": ADDRESSES["feishu"], "secret": ""}).json


@pytest.mark.parametrize(("answer", "said"), [
    ({"errcode": 0, "errmsg": "ok"}, ""), ({"errcode": 310000, "errmsg": "sign not match"}, "310000 sign not match"),
    ({"code": 0, "msg": "success"}, ""), ({"code": 19021, "msg": "sign match fail"}, "19021 sign match fail"),
    ({}, "None"),
])  # fmt: skip
def test_what_they_answer_is_understood(answer: dict[str, object], said: str) -> None:
    assert CHANNELS[0].refusal(answer) == said
