"""Group robots of 企业微信 WeCom, 钉钉 DingTalk and 飞书 Feishu: a morning's due promises, and what happened just now.

The robots' own rules: WeCom takes any message at the secret address; DingTalk signs the address
(HMAC-SHA256 over time and secret, in the address); Feishu signs the body (the same line as key, over
nothing). Each refuses a signature older than an hour, so the worker builds anew at every try.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import quote_plus

from fieldsales.plugin_api import HttpPost, Notice, NoticeChannel, Observer, SettingsForm, hookimpl, words

from . import news

__version__ = "1.0"
__title__ = words("群机器人", "Group robots")
__about__ = words("把提醒和好消息发到企业微信、钉钉、飞书的工作群：到期、失约、到账、签约。",
                  "Tells the team's group in WeCom, DingTalk or Feishu what falls due, was not kept, came in or was"
                  " signed.")


def text_of(notice: Notice) -> str:
    """The message as plain text: every messenger shows it alike, and none reads markup into it."""
    return "\n".join([notice.title, *notice.lines, notice.url])


def _signature(key: str, message: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), message.encode(), hashlib.sha256).digest()).decode()


def wecom(notice: Notice, secrets: Mapping[str, str]) -> HttpPost:
    """企业微信群机器人: the address itself is the secret."""
    return HttpPost(secrets["url"], {"msgtype": "text", "text": {"content": text_of(notice)}})


def dingtalk(notice: Notice, secrets: Mapping[str, str]) -> HttpPost:
    """钉钉自定义机器人: with 加签, time (ms) and signature go into the address."""
    url, secret = secrets["url"], secrets["secret"]
    if secret:
        stamp = int(notice.at.timestamp() * 1000)
        signature = _signature(secret, f"{stamp}\n{secret}")
        url += f"&timestamp={stamp}&sign={quote_plus(signature)}"
    return HttpPost(url, {"msgtype": "text", "text": {"content": text_of(notice)}})


def feishu(notice: Notice, secrets: Mapping[str, str]) -> HttpPost:
    """飞书自定义机器人: with 签名校验, time (s) and signature go into the body."""
    body: dict[str, object] = {"msg_type": "text", "content": {"text": text_of(notice)}}
    if secrets["secret"]:
        stamp = int(notice.at.timestamp())
        body |= {"timestamp": str(stamp), "sign": _signature(f"{stamp}\n{secrets['secret']}", "")}
    return HttpPost(secrets["url"], body)


CHANNELS = (
    NoticeChannel(
        "wecom", words("企业微信", "WeCom"), ("qyapi.weixin.qq.com",), wecom, signed=False,
        hint=words("群设置 → 消息推送（群机器人）→ 添加，复制 Webhook 地址。",
                   "Group settings → group robot → add, then copy the webhook address."),
    ),
    NoticeChannel(
        "dingtalk", words("钉钉", "DingTalk"), ("oapi.dingtalk.com",), dingtalk,
        hint=words("群设置 → 机器人 → 自定义，安全设置选“加签”，复制 Webhook 地址和密钥。",
                   "Group settings → robots → custom; choose signing, then copy the address and the secret."),
    ),
    NoticeChannel(
        "feishu", words("飞书", "Feishu"), ("open.feishu.cn", "open.larksuite.com"), feishu,
        hint=words("群设置 → 群机器人 → 自定义机器人，打开“签名校验”，复制地址和密钥。",
                   "Group settings → bots → custom bot; switch signing on, then copy the address and the secret."),
    ),
)  # fmt: skip


@hookimpl
def notice_channels() -> tuple[NoticeChannel, ...]:
    """The three messengers."""
    return CHANNELS


@hookimpl
def observers() -> tuple[Observer, ...]:
    """What the groups hear at once."""
    return news.OBSERVERS


@hookimpl
def settings() -> tuple[SettingsForm, ...]:
    """What of it is wanted."""
    return (news.SETTINGS,)
