"""Alibaba Cloud's text messages: signed as its own page does, templates of its own, reports read."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from fieldsales.plugin_api import OutMessage, Sent
from fieldsales.plugin_api.senders import message_states, out_post, sender
from fieldsales.plugin_api.settings import settings_form

from .. import FORM, SENDER, build, check, number, poll, refusal, signed, states, templates

AT = datetime(2026, 3, 12, 18, 30, tzinfo=UTC)
GIVEN = {"key_id": "id", "key_secret": "s", "sign_name": "海川五金",
         "templates": "firm=SMS_154950909 name,open,days\ncode = SMS_1234 code"}


def test_signature_is_that_of_the_worked_example_of_the_provider() -> None:
    # help.aliyun.com, V3 request structure and signature: fixed parameters and the signature they give
    asked, headers = signed(
        "ecs.cn-shanghai.aliyuncs.com", "RunInstances", "2014-05-26",
        {"RegionId": "cn-shanghai", "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"},
        ("YourAccessKeyId", "YourAccessKeySecret"), datetime(2023, 10, 26, 10, 22, 32, tzinfo=UTC),
        "3156853299f313e23d1673dc12e1703d")
    assert asked.startswith("ImageId=win2019")
    assert headers["Authorization"].endswith(
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0")


def test_text_goes_as_its_template_with_its_own_variables() -> None:
    sender(SENDER)
    settings_form(FORM)
    message = OutMessage("m1", "+86 138-0571-2222", "free text", "firm", "zh", AT,
                         {"name": "海港 & 五金", "open": "¥1.00", "days": "46", "me": "李明"})
    request = out_post(build(message, GIVEN), SENDER)
    asked = {name: one[0] for name, one in parse_qs(urlsplit(request.url).query).items()}
    assert (asked["PhoneNumbers"], asked["TemplateCode"], asked["OutId"]) == ("8613805712222", "SMS_154950909", "m1")
    assert asked["TemplateParam"] == '{"name": "海港 & 五金", "open": "¥1.00", "days": "46"}'
    assert request.body() == (b"", "application/x-www-form-urlencoded")
    with pytest.raises(LookupError, match="final"):
        build(OutMessage("m1", "1", "x", "final", "zh", AT), GIVEN)


@pytest.mark.parametrize(("answer", "said"), [
    ({"Code": "OK", "BizId": "9^1"}, ""), ({"Code": "isv.BUSINESS_LIMIT_CONTROL", "Message": "触发流控"},
                                          "isv.BUSINESS_LIMIT_CONTROL 触发流控"), ({}, "?")])  # fmt: skip
def test_its_answer_says_whether_it_took_the_message(answer: dict[str, str], said: str) -> None:
    assert refusal(answer) == said
    assert number({"BizId": "9^1"}) == "9^1"


def test_report_is_asked_for_on_the_day_of_china_and_read() -> None:
    request = out_post(poll((Sent("m1", "9^1", "138 0571 2222", AT),), GIVEN, AT), SENDER)
    asked = parse_qs(urlsplit(request.url).query)
    assert (asked["SendDate"], asked["BizId"]) == (["20260313"], ["9^1"])
    rows = [{"OutId": "m1", "SendStatus": 3, "ErrCode": "DELIVERED"}, {"OutId": "m2", "SendStatus": 2, "ErrCode": "MK"},
            {"OutId": "m3", "SendStatus": 1}, {"SendStatus": 3}]
    found = message_states(states({"SmsSendDetailDTOs": {"SmsSendDetailDTO": rows}}))
    assert [(one.number, one.state) for one in found] == [("m1", "delivered"), ("m2", "failed"), ("m3", "waiting")]
    assert not list(states({"Code": "x"}))


def test_templates_that_cannot_be_read_are_said() -> None:
    assert templates(GIVEN["templates"]) == {"firm": ("SMS_154950909", ("name", "open", "days")),
                                             "code": ("SMS_1234", ("code",))}
    assert not check(GIVEN)
    assert check({"templates": "firm: SMS_1"})[0].blocking
