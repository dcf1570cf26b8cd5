"""ISO 20022 camt.053: a bank's statement of an account, as XML. Message definition camt.053.001.01 to .13.

Read entry by entry by the parser of the standard library. A document type declaration is refused at once: no entity is
ever declared, so none can grow (billion laughs) and nothing outside is ever read (XXE).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from xml.parsers import expat

from fieldsales.plugin_api import FileRead, LineProblem, PaymentLine, Unreadable, words
from fieldsales.plugin_api.fields import Labels

_NAMESPACE = re.compile(rb"urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.\d\d")
_AMOUNT = re.compile(r"\d{1,15}(\.\d{1,5})?")
_PIECE, _DEEPEST, _LONGEST = 65_536, 60, 2_000


def recognises(name: str, first: bytes) -> bool:
    """By its namespace, whatever the file is called."""
    return bool(_NAMESPACE.search(first))


def read(data: bytes, settings: object) -> FileRead:
    """Every entry that came in, by its transactions where it has several."""
    reader = _Reader()
    try:
        for at in range(0, len(data), _PIECE):
            reader.parser.Parse(data[at:at + _PIECE], False)
        reader.parser.Parse(b"", True)
    except expat.ExpatError as error:
        line, what = error.lineno, expat.errors.messages[error.code]
        raise Unreadable(words(f"XML 在第 {line} 行读不下去：{what}",
                               f"The XML breaks off in line {line}: {what}")) from error
    return FileRead(tuple(reader.rows), tuple(reader.problems), tuple(reader.passed), tuple(reader.notes()[:20]))


@dataclass
class _Part:
    """An entry, or one transaction of it: texts by path below it, the first of each."""

    line: int
    texts: dict[str, str] = field(default_factory=dict)
    currency: str = ""
    parts: list[_Part] = field(default_factory=list)

    def any(self, *paths: str) -> str:
        return next((self.texts[path] for path in paths if self.texts.get(path)), "")


class _Reader:
    """Walks the document; keeps one entry at a time."""

    def __init__(self) -> None:
        self.rows: list[PaymentLine] = []
        self.problems: list[LineProblem] = []
        self.passed: list[int] = []
        self.account, self.balances = "", dict[str, str]()
        self._path: list[str] = []
        self._entry: _Part | None = None
        self._part: _Part | None = None
        self._text: list[str] = []
        self._balance: dict[str, str] = {}
        self._money = ""
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler, self.parser.EndElementHandler = self._start, self._end
        self.parser.CharacterDataHandler = self._data
        self.parser.StartDoctypeDeclHandler = self._doctype

    def _doctype(self, *_given: object) -> None:
        raise Unreadable(words("文件带有文档类型声明（DOCTYPE），银行的对账单没有这种内容，已拒绝读取。",
                               "The file declares a document type, which no bank's statement does: refused."))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        self._path.append(tag)
        if len(self._path) > _DEEPEST:
            raise Unreadable(words("XML 层级过深，已拒绝读取。", "The XML is nested too deeply."))
        if tag == "Ntry":
            self._entry = self._part = _Part(self.parser.CurrentLineNumber)
        elif tag == "TxDtls" and self._entry is not None:
            self._part = _Part(self.parser.CurrentLineNumber)
            self._entry.parts.append(self._part)
        self._text = []
        self._money = attributes.get("Ccy", "")[:3]

    def _data(self, text: str) -> None:
        if sum(map(len, self._text)) < _LONGEST:
            self._text.append(text)

    def _end(self, name: str) -> None:
        tag, text = self._path[-1], "".join(self._text).strip()[:_LONGEST]
        if self._part is not None and text:
            self._keep(self._part, tag, text)
        elif "Bal" in self._path:
            self._balance[tag] = f"{self._money} {text}" if tag == "Amt" else text or self._balance.get(tag, "")
        elif tag == "IBAN" or self._path[-4:] == ["Acct", "Id", "Othr", "Id"]:
            self.account = self.account or text
        self._path.pop()
        self._text = []
        if tag == "TxDtls":
            self._part = self._entry
        elif tag == "Bal":
            self.balances[self._balance.get("Cd", "")] = self._balance.get("Amt", "")
            self._balance = {}
        elif tag == "Ntry" and self._entry is not None:
            self._take(self._entry)
            self._entry = self._part = None

    def _keep(self, part: _Part, tag: str, text: str) -> None:
        top = "TxDtls" if part is not self._entry else "Ntry"
        path = "/".join(self._path[len(self._path) - self._path[::-1].index(top):])
        if tag == "Ustrd" and path in part.texts:
            text = f"{part.texts.pop(path)} {text}"
        part.texts.setdefault(path, text)
        if path in ("Amt", "AmtDtls/TxAmt/Amt"):
            part.currency = part.currency or self._money

    # -- an entry as payments --------------------------------------------------------------------

    def _take(self, entry: _Part) -> None:
        is_credit = entry.texts.get("CdtDbtInd") == "CRDT"
        if entry.texts.get("RvslInd") == "true" or not is_credit or entry.any("Sts/Cd", "Sts") == "PDNG":
            self.passed.append(entry.line)
            return
        on = _day(entry.any("ValDt/Dt", "ValDt/DtTm", "BookgDt/Dt", "BookgDt/DtTm"))
        parts = entry.parts if len(entry.parts) > 1 and all(_amount(one) for one in entry.parts) else [entry]
        sums = [_amount(one) or Decimal(0) for one in parts]
        whole = _amount(entry)
        if on is None or whole is None or len(entry.currency) != 3:
            self._wrong(entry, words("没有日期、金额或币种", "no date, amount or currency"))
        elif sum(sums) != whole:
            self._wrong(entry, words("各笔明细之和与总额不符", "its transactions do not add up to its amount"))
        else:
            for number, (part, amount) in enumerate(zip(parts, sums, strict=True), 1):
                self._row(entry, part if parts != [entry] else (entry.parts or [entry])[0], amount, on, number)

    def _wrong(self, entry: _Part, why: Labels) -> None:
        self.problems.append(LineProblem(entry.line, why))

    def _row(self, entry: _Part, part: _Part, amount: Decimal, on: date, number: int) -> None:
        if amount <= 0:
            self._wrong(entry, words("金额不大于零", "the amount is not above zero"))
            return
        payer = part.any("RltdPties/Dbtr/Pty/Nm", "RltdPties/Dbtr/Nm", "RltdPties/UltmtDbtr/Pty/Nm",
                         "RltdPties/UltmtDbtr/Nm", "RltdPties/InitgPty/Nm")
        said = part.any("RmtInf/Ustrd", "RmtInf/Strd/CdtrRefInf/Ref", "AddtlTxInf") or entry.any("AddtlNtryInf")
        own = part.any("Refs/TxId", "Refs/AcctSvcrRef", "Refs/EndToEndId")
        bank = entry.any("AcctSvcrRef", "NtryRef")
        known = "/".join(one for one in (bank, own if own != "NOTPROVIDED" else "") if one)
        key = f"{known}#{number}" if known and number > 1 else known
        number_of = part.any("RmtInf/Strd/RfrdDocInf/Nb")
        self.rows.append(PaymentLine(part.line, payer[:120], amount, entry.currency, on, key[:100], said[:300],
                                     (number_of[:60],) if number_of else ()))  # fmt: skip

    def notes(self) -> list[Labels]:
        """The account and the balances the statement says."""
        found = []
        if self.account:
            found.append(words(f"账户：{self.account[:60]}", f"Account: {self.account[:60]}"))
        opening, closing = (self.balances.get(code, "")[:40] for code in ("OPBD", "CLBD"))
        if opening or closing:
            found.append(words(f"期初余额 {opening}，期末余额 {closing}", f"Opening {opening}, closing {closing}"))
        return found


def _amount(part: _Part) -> Decimal | None:
    text = part.any("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt")
    if not _AMOUNT.fullmatch(text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
