"""The words inside ledger cells: document types, yes and no, methods of payment, currencies, terms, totals."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

from fieldsales.exchange.amounts import plain_text
from fieldsales.exchange.tables import Row
from fieldsales.kernel.errors import N_, Invalid

Method = Literal["transfer", "cash", "qr", "bill", "set_off", "other"]
METHODS: tuple[Method, ...] = ("transfer", "cash", "qr", "bill", "set_off", "other")

_SPACES = re.compile(r"\s+")
_TOTAL = re.compile(
    r"(本页|本月|本期|本年|本日|全部|客户|部门|业务员|当前)?(合计|小计|总计|累计|共计|总合计)(数|金额)?"
    r"|(grand|sub)?\W?total|sum|totals", re.IGNORECASE)
_TOTAL_END = re.compile(r".+(合计|小计|总计|累计)")
_OPENING = re.compile(r"期初|年初|上年结转|上期结转|opening|brought forward|carried forward", re.IGNORECASE)
_CREDIT = re.compile(r"红字|红冲|退货|退款|贷项|负数|credit|return", re.IGNORECASE)
_PAYMENT = re.compile(r"收款|回款|预收|到账|payment|receipt|cash received", re.IGNORECASE)
_YES = {"是", "有", "y", "yes", "true", "1", "1.0", "√", "✓", "争议", "disputed", "x"}
_NO = {"", "否", "无", "n", "no", "false", "0", "0.0", "-", "没有"}
_CURRENCIES = {
    "人民币": "CNY", "人民币元": "CNY", "rmb": "CNY", "本位币": "", "¥": "CNY", "元": "CNY", "美元": "USD",
    "港币": "HKD", "港元": "HKD", "欧元": "EUR", "日元": "JPY", "英镑": "GBP", "新台币": "TWD", "韩元": "KRW",
    "澳元": "AUD", "加元": "CAD", "越南盾": "VND", "新加坡元": "SGD", "pre001": "CNY", "pre007": "USD",
}
_METHODS: tuple[tuple[Method, str], ...] = (
    ("bill", r"承兑|汇票|bill|draft"), ("qr", r"扫码|二维码|微信|支付宝|wechat|alipay|\bqr\b"),
    ("cash", r"现金|cash"), ("set_off", r"抵|冲账|set.?off|offset|contra"),
    ("transfer", r"转账|电汇|银行|汇款|网银|支票|transfer|wire|bank|ach|cheque|check|remit"),
)
_TERMS = re.compile(r"(?:月结|账期|净|net|n)?\s*(\d{1,3})\s*(?:天|日|days?)|net\s*(\d{1,3})", re.IGNORECASE)


def _squeezed(cell: object) -> str:
    return _SPACES.sub("", plain_text(cell)).strip(" -*:\uff1a\u2014")


def is_total(row: Row, positions: Iterable[int]) -> bool:
    """Whether a row is a 合计, 小计 or total row: its first written cell, or a named one, says so and nothing else."""
    first = next((cell for cell in row if plain_text(cell)), "")
    cells = [first, *(row[index] for index in positions if index < len(row))]
    return any(isinstance(cell, str) and _is_total_word(cell) for cell in cells)


@lru_cache(maxsize=8192)
def _is_total_word(cell: str) -> bool:
    text = _squeezed(cell)
    return bool(_TOTAL.fullmatch(text) or _TOTAL_END.fullmatch(text))


@lru_cache(maxsize=4096)
def document_kind(doc_type: str, summary: str, number: str) -> str:
    """``opening``, ``credit_note``, ``payment`` or ``invoice``, by what the row calls itself."""
    if any(_OPENING.search(text) for text in (doc_type, summary, number)):
        return "opening"
    if _CREDIT.search(doc_type):
        return "credit_note"
    if _PAYMENT.search(doc_type):
        return "payment"
    return "invoice"


@lru_cache(maxsize=256)
def yes_or_no(text: str) -> bool:
    """A yes or no as people write it. Raises Invalid for anything else."""
    word = plain_text(text).lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise Invalid("exchange.yes_or_no", N_("“%(text)s” is neither yes nor no."), text=text[:40])


@lru_cache(maxsize=256)
def currency_code(text: str) -> str:
    """An ISO 4217 code from 人民币, RMB, USD …; ``""`` when the cell says nothing. Raises Invalid else."""
    word = unicodedata.normalize("NFKC", text).strip()
    if not word:
        return ""
    known = _CURRENCIES.get(word.lower())
    if known is not None:
        return known
    if re.fullmatch(r"[A-Za-z]{3}", word):
        return word.upper()
    raise Invalid("exchange.currency_unknown", N_("“%(text)s” is not a currency. Write CNY or 人民币."),
                  text=text[:40])


@lru_cache(maxsize=256)
def payment_method(text: str) -> Method:
    """The method of a payment by its words; a transfer when nothing is said, ``other`` when not known."""
    word = plain_text(text)
    if not word:
        return "transfer"
    for name in METHODS:
        if word == name:
            return name
    return next((name for name, pattern in _METHODS if re.search(pattern, word, re.IGNORECASE)), "other")


@lru_cache(maxsize=512)
def days_of_credit(text: str) -> int | None:
    """The days in 月结30天, 账期60天, net 30; None when the words name none."""
    found = _TERMS.search(plain_text(text))
    if not found:
        return None
    return int(found[1] or found[2])
