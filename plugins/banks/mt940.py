"""SWIFT MT940: a bank's statement of an account as lines of fields. SWIFT user handbook, category 9, MT 940.

``:61:`` is a movement: value day, mark (C, D, RC, RD), amount with a comma, type, their reference, //the bank's.
``:86:`` below it says who and what for: free text, or ``?20`` … ``?33`` subfields (``?32 ?33`` the other side's name).
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from fieldsales.plugin_api import FileRead, LineProblem, PaymentLine, Unreadable, words
from fieldsales.plugin_api.fields import Labels

_FIELD = re.compile(r":(\d\d[A-Z]?):(.*)")
_MOVEMENT = re.compile(
    r"(?P<on>\d{6})(\d{4})?(?P<mark>R?[CD])[A-Z]?(?P<amount>\d{1,12},\d{0,2})[A-Z][A-Z0-9]{3}"
    r"(?P<own>[^/]{0,16}?)(//(?P<bank>.{0,16}))?$")  # fmt: skip
_BALANCE = re.compile(r"[CD](\d{6})([A-Z]{3})(\d{1,12},\d{0,2})")
_SUB = re.compile(r"\?(\d\d)")
_NAMES = re.compile(r"/(?:NAME|ORDP|BENM)/+(?:NAME/)?([^/]{2,120})")
_LONGEST = 200_000


def recognises(name: str, first: bytes) -> bool:
    """By its first fields: a reference, an account and an opening balance."""
    return b":20:" in first and b":25:" in first and re.search(rb":60[FM]:[CD]\d{6}[A-Z]{3}", first) is not None


def read(data: bytes, settings: object) -> FileRead:
    """Every movement that came in."""
    lines = _decoded(data).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(lines) > _LONGEST:
        raise Unreadable(words("行数太多，请按较短的期间导出。", "Too many lines: export fewer days."))
    book = _Book()
    for number, tag, text in _fields(lines):
        book.take(number, tag, text)
    book.end()
    return FileRead(tuple(book.rows), tuple(book.problems), tuple(book.passed), tuple(book.notes[:20]))


def _decoded(data: bytes) -> str:
    """SWIFT's own signs are ASCII; Chinese banks write the names in GB18030 or UTF-8."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(words("文字编码无法识别，请导出 UTF-8 或 GBK。", "The text encoding cannot be read."))


def _fields(lines: list[str]) -> list[tuple[int, str, str]]:
    """(line, tag, text) of every field; what goes on in the next lines belongs to it."""
    found: list[tuple[int, str, str]] = []
    for number, line in enumerate(lines, 1):
        started = _FIELD.match(line.strip().removeprefix("{4:"))
        if started:
            found.append((number, started[1], started[2].strip()))
        elif found and line.strip() and line.strip()[0] not in "-{}":
            at, tag, text = found[-1]
            if len(text) < 2_000:
                found[-1] = (at, tag, f"{text}\n{line.strip()}")
    return found


class _Book:
    """The statement field by field; a movement waits for the words below it."""

    def __init__(self) -> None:
        self.rows: list[PaymentLine] = []
        self.problems: list[LineProblem] = []
        self.passed: list[int] = []
        self.notes: list[Labels] = []
        self._account, self._statement, self._currency = "", "", ""
        self._waiting: tuple[int, str] | None = None

    def take(self, number: int, tag: str, text: str) -> None:
        """One field."""
        if tag == "86" and self._waiting is not None:
            self._movement(*self._waiting, text)
            self._waiting = None
            return
        self.end()
        if tag == "25":
            self._account = text.split("\n")[0][:40]
            self.notes.append(words(f"账户：{self._account}", f"Account: {self._account}"))
        elif tag == "28C":
            self._statement = text[:20]
        elif tag in ("60F", "60M", "62F", "62M"):
            self._said(tag, text)
        elif tag == "61":
            self._waiting = (number, text)

    def end(self) -> None:
        """What still waits has no words of its own."""
        if self._waiting is not None:
            self._movement(*self._waiting, "")
            self._waiting = None

    def _said(self, tag: str, text: str) -> None:
        balance = _BALANCE.match(text)
        if balance is None:
            return
        self._currency = balance[2]
        if tag[0] == "6" and tag[2] == "F":
            amount = f"{balance[2]} {balance[3].replace(',', '.')}"
            self.notes.append(words(f"期初余额 {amount}", f"Opening {amount}") if tag == "60F" else
                              words(f"期末余额 {amount}", f"Closing {amount}"))

    def _movement(self, number: int, text: str, told: str) -> None:
        first = text.split("\n")[0]
        found = _MOVEMENT.match(first)
        on = _day(found["on"]) if found else None
        if found is None or on is None:
            self.problems.append(LineProblem(number, words(f"这一笔读不懂：{first[:60]}", f"Not read: {first[:60]}")))
            return
        if found["mark"] != "C":
            self.passed.append(number)
            return
        amount = Decimal(found["amount"].replace(",", ".").rstrip("."))
        if amount <= 0 or not self._currency:
            self.problems.append(LineProblem(number, words("金额为零，或没有币种", "no amount, or no currency")))
            return
        payer, said = _words(told)
        # the bank's own reference tells movements apart; where it gives none, the core compares what the line says
        bank = (found["bank"] or "").strip()
        key = f"{self._account}/{bank}" if bank else ""
        self.rows.append(PaymentLine(number, payer[:120], amount, self._currency, on, key[:100], said[:300]))


def _words(told: str) -> tuple[str, str]:
    """(who paid, what for) of a field 86."""
    flat = told.replace("\n", "")
    parts = _SUB.split(flat)
    if len(parts) > 2:
        subs: dict[str, str] = {}
        for code, text in zip(parts[1::2], parts[2::2], strict=False):
            subs[code] = subs.get(code, "") + text
        said = "".join(subs.get(f"{code}", "") for code in (*range(20, 30), *range(60, 64)))
        return (subs.get("32", "") + subs.get("33", "")).strip(), said.strip()
    named = _NAMES.search(flat)
    return (named[1].strip() if named else ""), " ".join(told.split())


def _day(text: str) -> date | None:
    """YYMMDD of this century's first eighty years, as SWIFT reads it."""
    year = int(text[:2])
    try:
        return date(2000 + year if year < 80 else 1900 + year, int(text[2:4]), int(text[4:6]))
    except ValueError:
        return None
