"""Opened inside a chat or payment app: which one, told by what its browser calls itself."""

from __future__ import annotations

import re

from flask import Flask, request

from fieldsales.kernel.errors import N_

#: Order matters: WeCom calls itself MicroMessenger, too. The phone tells it alike (static/js/reach/inside.js).
_APPS = (
    ("wecom", re.compile("wxwork", re.I), N_("WeCom")), ("wechat", re.compile("MicroMessenger", re.I), N_("WeChat")),
    ("dingtalk", re.compile("DingTalk", re.I), N_("DingTalk")),
    ("feishu", re.compile(r"\b(Feishu|Lark)\b", re.I), N_("Feishu")),
    ("alipay", re.compile("AlipayClient", re.I), N_("Alipay")), ("qq", re.compile(r"\bQQ/[\d.]+", re.I), N_("QQ")),
    ("weibo", re.compile(r"\bWeibo\b", re.I), N_("Weibo")),
    ("douyin", re.compile(r"\b(aweme|BytedanceWebview)\b", re.I), N_("Douyin")),
)  # fmt: skip


def inside_of(agent: str) -> str:
    """The app whose browser this is, or ""."""
    return next((name for name, mark, _label in _APPS if mark.search(agent)), "")


def init_embedded(app: Flask) -> None:
    """Let a template ask: ``chat_app()`` is the app's name as a sentence to translate, or ""."""

    def chat_app() -> str:
        inside = inside_of(request.headers.get("User-Agent", ""))
        return next((label for name, _mark, label in _APPS if name == inside), "")

    app.jinja_env.globals["chat_app"] = chat_app
