"""Finding the header of a ledger among title rows, and recognising its columns."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from rapidfuzz import fuzz

from fieldsales.exchange.amounts import plain_text
from fieldsales.exchange.columns import AMOUNTS, FIELDS, KINDS, LABELS, REQUIRED, SYNONYMS, Kind
from fieldsales.exchange.tables import Row
from fieldsales.kernel.errors import N_, Invalid

#: Rows looked at for a header: titles, company, period and unit stand above it.
_SEARCHED = 40
#: A header this alike counts as a near miss and is shown to be confirmed.
_ALIKE = 86

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PUNCTUATION = re.compile(r"[\s_\-./:*#'\"\[\]【】、]+")
_BRACKETS = re.compile(r"\(([^)]*)\)")
_UNITS = {"万元": Decimal(10_000), "千元": Decimal(1000), "万": Decimal(10_000)}
_CODES = {"cny": "CNY", "rmb": "CNY", "人民币": "CNY", "元": "CNY", "usd": "USD", "美元": "USD", "eur": "EUR",
          "欧元": "EUR", "hkd": "HKD", "港币": "HKD", "gbp": "GBP", "jpy": "JPY", "日元": "JPY"}
_HAS_CJK = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Column:
    """One recognised column. ``sure`` is False for a near miss, which the page shows to be confirmed."""

    index: int
    header: str
    sure: bool = True
    unit: Decimal = Decimal(1)
    """What one unit of the column is in major units: 10000 where the header says 万元."""


@dataclass(frozen=True)
class Header:
    """Where the header stands, what it says, and which column is what."""

    top: int
    """Index of its first row."""
    height: int
    """1, or 2 where two rows make one header."""
    names: tuple[str, ...]
    columns: Mapping[str, Column]
    currency: str = ""
    """The currency a header or a title names, if any."""

    @property
    def signature(self) -> str:
        """What a saved mapping is found by: SHA-256 of the header's names in order."""
        text = "\x1f".join(normal(name) for name in self.names)
        return hashlib.sha256(text.encode()).hexdigest()

    def missing(self, kind: Kind) -> list[tuple[str, ...]]:
        """The groups of columns of which none was found."""
        return [group for group in REQUIRED[kind] if not any(name in self.columns for name in group)]


@lru_cache(maxsize=4096)
def normal(name: str) -> str:
    """A header for comparing: half-width, lower case, words apart, units and brackets off."""
    text = unicodedata.normalize("NFKC", name)
    text = _BRACKETS.sub(lambda found: "" if _unit(found[1]) or _code(found[1]) else " " + found[1], text)
    text = _PUNCTUATION.sub(" ", _CAMEL.sub(" ", text)).strip().lower()
    return text.replace(" ", "") if _HAS_CJK.search(text) else text.replace("buisness", "business")


def _unit(text: str) -> Decimal | None:
    return _UNITS.get(text.replace("单位:", "").replace("人民币", "").strip())


def _code(text: str) -> str:
    return _CODES.get(text.replace("单位:", "").strip().lower(), "")


@lru_cache(maxsize=8)
def _known(kind: Kind) -> dict[str, list[tuple[int, str]]]:
    """Normal header -> (rank among the synonyms, field), for the fields of one kind."""
    known: dict[str, list[tuple[int, str]]] = {}
    for name in FIELDS[kind]:
        for rank, word in enumerate((*SYNONYMS[name], LABELS[name], name)):
            known.setdefault(normal(word), []).append((rank, name))
    return known


def recognise(names: tuple[str, ...], kind: Kind) -> dict[str, Column]:
    """Which column is what: exact synonyms first, the better synonym winning, then near misses."""
    found: dict[str, tuple[int, int]] = {}
    known = _known(kind)
    claims = sorted(
        (rank, index, name)
        for index, header in enumerate(names)
        for rank, name in known.get(normal(header), ())
    )
    taken: set[int] = set()
    for rank, index, name in claims:
        if name not in found and index not in taken:
            found[name] = (index, rank)
            taken.add(index)
    columns = {name: _column(index, names[index], True) for name, (index, _) in found.items()}
    for index, header in enumerate(names):
        if index not in taken and normal(header):
            near = _near(normal(header), kind, columns)
            if near:
                columns[near] = _column(index, header, False)
    return columns


def _column(index: int, header: str, sure: bool) -> Column:
    units = [_unit(text) for text in _BRACKETS.findall(unicodedata.normalize("NFKC", header))]
    return Column(index, header, sure, next((unit for unit in units if unit), Decimal(1)))


def _near(header: str, kind: Kind, columns: Mapping[str, Column]) -> str | None:
    best, best_score = None, float(_ALIKE)
    for word, claims in _known(kind).items():
        score = fuzz.ratio(header, word)
        if len(word) >= 3 and score >= best_score:
            free = [name for _, name in claims if name not in columns]
            if free:
                best, best_score = free[0], score
    return best


def _texts(row: Row) -> tuple[str, ...]:
    return tuple(plain_text(cell) for cell in row)


def _is_data(row: Row) -> bool:
    """Whether a row holds figures: a header's second row does not."""
    return any(isinstance(cell, (int, float)) or re.search(r"\d{3}", plain_text(cell)) for cell in row)


def _joined(upper: tuple[str, ...], lower: tuple[str, ...], kind: Kind) -> tuple[str, ...]:
    """Two header rows as one: 应收 over 金额 becomes 应收金额; merged cells run to the right."""
    known = _known(kind)
    names, over = [], ""
    width = max(len(upper), len(lower))
    for top, bottom in zip(upper + ("",) * (width - len(upper)), lower + ("",) * (width - len(lower)), strict=True):
        over = top or (over if bottom else "")
        both = f"{over} {bottom}".strip() if bottom.isascii() else over + bottom
        names.append(bottom if normal(bottom) in known and normal(both) not in known else both)
    return tuple(names)


def find_header(rows: list[Row], kind: Kind) -> Header:
    """The header row (or two) of a table. Raises Invalid when no row looks like one."""
    best: Header | None = None
    best_score = 1.5
    for top, row in enumerate(rows[:_SEARCHED]):
        if _is_data(row) and sum(bool(plain_text(cell)) for cell in row) > 1 and best:
            break
        for height, names in _candidates(rows, top, kind):
            columns = recognise(names, kind)
            complete = sum(any(name in columns for name in group) for group in REQUIRED[kind])
            score = complete * 2 + sum(1.0 if column.sure else 0.6 for column in columns.values()) - 0.5 * (height - 1)
            if len(columns) >= min(2, len(REQUIRED[kind])) and score > best_score:
                best, best_score = Header(top, height, names, columns), score
    if best is None:
        raise Invalid(
            "exchange.no_header",
            N_("No row of column names was found, such as “客户名称, 单据编号, 到期日, 金额”. Add one above the data."),
        )
    return Header(best.top, best.height, best.names, best.columns, _currency(rows, best))


def _candidates(rows: list[Row], top: int, kind: Kind) -> list[tuple[int, tuple[str, ...]]]:
    upper = _texts(rows[top])
    made = [(1, upper)]
    if top + 1 < len(rows) and sum(map(bool, upper)) > 1 and not _is_data(rows[top]) and not _is_data(rows[top + 1]):
        made.append((2, _joined(upper, _texts(rows[top + 1]), kind)))
    return made


def _currency(rows: list[Row], header: Header) -> str:
    """The one currency the amount columns' headers or the titles above them name, else nothing."""
    words: list[str] = []
    for name, column in header.columns.items():
        if name in AMOUNTS:
            words += _BRACKETS.findall(column.header) + normal(column.header).split()
    for row in rows[: header.top]:
        for cell in row:
            told = re.search(r"(?:单位|币别|币种|currency)\s*[::]\s*(\S+)", plain_text(cell), re.IGNORECASE)
            if told:
                words.append(told[1].strip(")"))
    codes = {code for word in words if (code := _code(word))}
    return codes.pop() if len(codes) == 1 else ""


def guess_kind(rows: list[Row]) -> Kind:
    """Which kind of ledger it most likely is: the kind whose required columns are there and most others."""
    best: Kind = "invoices"
    best_score = -1.0
    for kind in KINDS:
        try:
            header = find_header(rows, kind)
        except Invalid:
            continue
        score = len(header.columns) - 5 * len(header.missing(kind)) - (2 if kind == "customers" else 0)
        if score > best_score:
            best, best_score = kind, score
    return best


def with_mapping(header: Header, chosen: Mapping[str, int]) -> Header:
    """The header with columns as a person mapped them: field -> column index; -1 leaves a field out."""
    columns = {
        name: _column(index, header.names[index], True)
        for name, index in chosen.items()
        if 0 <= index < len(header.names)
    }
    return Header(header.top, header.height, header.names, columns, header.currency)
