"""阿里云短信 (Alibaba Cloud SMS, dysmsapi 2017-05-25): templates it has approved, signed requests, delivery reports.

Requests are signed by the V3 rules (ACS3-HMAC-SHA256), held in the tests to the worked example of Alibaba's own page.
It sends no free text: the administrator names for each of our texts the template approved there and its variables.
Our id goes along as OutId and comes back with the report, so a report finds its message.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from fieldsales.plugin_api import (
    Field,
    MessageSender,
    MessageState,
    OutMessage,
    OutPost,
    Problem,
    Sent,
    Setting,
    SettingsForm,
    hookimpl,
    words,
)

__version__ = "1.0"
__title__ = words("阿里云短信", "Alibaba Cloud SMS")
__about__ = words("经阿里云发短信，并取回送达结果和费用。要填账号、密钥和在阿里云审核通过的模板。",
                  "Sends texts through Alibaba Cloud and fetches whether they arrived and what they cost. Wants an "
                  "account, a secret and templates approved there.")

HOST, VERSION = "dysmsapi.aliyuncs.com", "2017-05-25"
#: ``firm=SMS_154950909 name,open,overdue,days``
_LINE = re.compile(r"([a-z][a-z0-9_]{1,39})\s*=\s*(SMS_\d{4,15})\s*([a-z_, ]*)")
_CHINA = timedelta(hours=8)


def templates(text: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Our text's name → (its template there, the variables of it), from the lines the administrator wrote."""
    found = (_LINE.fullmatch(line.strip()) for line in text.splitlines())
    return {one[1]: (one[2], tuple(re.findall(r"[a-z_]+", one[3]))) for one in found if one}


def _quoted(text: str) -> str:
    return quote(text, safe="-_.~")


def signed(host: str, action: str, version: str, query: Mapping[str, str], key: tuple[str, str], at: datetime,
           nonce: str) -> tuple[str, dict[str, str]]:
    """(the query string, the headers) of a request without a body. ``key``: (AccessKey id, its secret)."""
    asked = "&".join(f"{_quoted(name)}={_quoted(query[name])}" for name in sorted(query))
    body = hashlib.sha256(b"").hexdigest()
    headers = {"x-acs-action": action, "x-acs-content-sha256": body, "x-acs-date": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
               "x-acs-signature-nonce": nonce, "x-acs-version": version}
    every = {"host": host, **headers}
    names = ";".join(sorted(every))
    lines = "".join(f"{name}:{every[name]}\n" for name in sorted(every))
    request = f"POST\n/\n{asked}\n{lines}\n{names}\n{body}"
    to_sign = f"ACS3-HMAC-SHA256\n{hashlib.sha256(request.encode()).hexdigest()}"
    signature = hmac.new(key[1].encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    headers["Authorization"] = f"ACS3-HMAC-SHA256 Credential={key[0]},SignedHeaders={names},Signature={signature}"
    return asked, headers


def _request(action: str, query: Mapping[str, str], settings: Mapping[str, object], at: datetime, about: str
             ) -> OutPost:
    key = (str(settings.get("key_id") or settings.get("account", "")),
           str(settings.get("key_secret") or settings.get("secret", "")))
    nonce = hashlib.sha256(f"{about} {at.isoformat()}".encode()).hexdigest()[:32]
    asked, headers = signed(HOST, action, VERSION, query, key, at, nonce)
    return OutPost(f"https://{HOST}/?{asked}", form={}, headers=headers)


def build(message: OutMessage, settings: Mapping[str, object]) -> OutPost:
    """SendSms. A text without a template there cannot be sent by this provider."""
    known = templates(str(settings.get("templates", "")))
    if message.template not in known:
        raise LookupError(f"no template of Alibaba Cloud is set for the text {message.template!r}")
    code, names = known[message.template]
    places = {name: message.places.get(name, "") for name in names}
    return _request("SendSms", {
        "PhoneNumbers": re.sub(r"[^0-9]", "", message.to), "SignName": str(settings.get("sign_name", "")),
        "TemplateCode": code, "TemplateParam": json.dumps(places, ensure_ascii=False), "OutId": message.id,
    }, settings, message.at, message.id)


def refusal(answer: Mapping[str, Any]) -> str:
    """Its code and words, unless it is OK."""
    return "" if answer.get("Code") == "OK" else f"{answer.get('Code', '')} {answer.get('Message', '')}".strip() or "?"


def number(answer: Mapping[str, Any]) -> str:
    """The serial number of what it took."""
    return str(answer.get("BizId", ""))


def poll(sent: tuple[Sent, ...], settings: Mapping[str, object], at: datetime) -> OutPost:
    """QuerySendDetails, one number of one day (of China) at a time."""
    one = sent[0]
    return _request("QuerySendDetails", {
        "PhoneNumber": re.sub(r"[^0-9]", "", one.to), "BizId": one.number,
        "SendDate": (one.at + _CHINA).strftime("%Y%m%d"), "PageSize": "10", "CurrentPage": "1",
    }, settings, at, one.id)


def states(answer: Mapping[str, Any]) -> Iterable[MessageState]:
    """1 waits for the network, 2 failed, 3 delivered."""
    found = answer.get("SmsSendDetailDTOs", {})
    rows = found.get("SmsSendDetailDTO", []) if isinstance(found, Mapping) else []
    for row in rows:
        if row.get("OutId"):
            state = {2: "failed", 3: "delivered"}.get(int(row.get("SendStatus", 1)), "waiting")
            yield MessageState(str(row["OutId"]), state, str(row.get("ErrCode", ""))[:200])  # type: ignore[arg-type]


def check(settings: Mapping[str, object]) -> list[Problem]:
    """Each line must be one of ours with a template of theirs."""
    lines = [line for line in str(settings.get("templates", "")).splitlines() if line.strip()]
    wrong = next((line for line in lines if not _LINE.fullmatch(line.strip())), None)
    return [] if wrong is None else [Problem("templates", words(
        f"这一行读不懂：{wrong[:60]}。应写成 firm=SMS_154950909 name,open,days",
        f"Not read: {wrong[:60]}. Write firm=SMS_154950909 name,open,days"))]


SENDER = MessageSender(
    "aliyun", words("阿里云短信", "Alibaba Cloud SMS"), (HOST,), build, refusal=refusal, number=number, poll=poll,
    states=states, cost_minor=5,
)
FORM = SettingsForm((
    Setting(Field("key_id", "text", words("AccessKey ID", "AccessKey id"),
                  words("不填则用 FIELDSALES_SMS_ACCOUNT", "Empty: FIELDSALES_SMS_ACCOUNT"))),
    Setting(Field("key_secret", "text", words("AccessKey 密钥", "AccessKey secret"),
                  words("不填则用 FIELDSALES_SMS_SECRET", "Empty: FIELDSALES_SMS_SECRET")), secret=True),
    Setting(Field("sign_name", "text", words("短信签名", "Signature"))),
    Setting(Field("templates", "prose", words("模板对应", "Templates"), words(
        "每行一个：firm=SMS_154950909 name,open,days；验证码写 code=SMS_… code,number,minutes",
        "One a line: firm=SMS_154950909 name,open,days; for codes code=SMS_… code,number,minutes"))),
), check=check)  # fmt: skip


@hookimpl
def message_senders() -> list[MessageSender]:
    """The one provider."""
    return [SENDER]


@hookimpl
def settings() -> list[SettingsForm]:
    """Its keys, its signature and its templates."""
    return [FORM]
