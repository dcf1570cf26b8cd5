"""Amounts and document numbers as people and programs write them in ledgers."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from functools import lru_cache
from math import isfinite

from fieldsales.kernel.errors import N_, Invalid
from fieldsales.kernel.money import MAX_MINOR, exponent

#: An amount this close to a whole cent is that cent, badly written (2309.7899999999995).
NOISE = Decimal("0.000001")

_SIGNS = {"¥": "CNY", "RMB": "CNY", "CNY": "CNY", "人民币": "CNY", "元": "CNY", "US$": "USD", "USD": "USD",
          "$": "", "HK$": "HKD", "HKD": "HKD", "€": "EUR", "EUR": "EUR", "£": "GBP", "GBP": "GBP", "JPY": "JPY"}
_SIGN = re.compile("|".join(re.escape(sign) for sign in sorted(_SIGNS, key=len, reverse=True)))
_GROUPED = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")
_CONTINENTAL = re.compile(r"\d{1,3}(\.\d{3})*,\d{1,2}")
_PLAIN = re.compile(r"\d+(\.\d*)?|\.\d+")
_SCIENTIFIC = re.compile(r"\d+(\.\d+)?[eE][+-]?\d{1,3}")
_NEGATIVE_WORDS = re.compile(r"红字|贷方|\bCR$")
_WHOLE_FLOAT = re.compile(r"-?\d+\.0+")


@dataclass(frozen=True, slots=True)
class Amount:
    """An exact decimal amount in major units, and the currency if the cell itself named one."""

    value: Decimal
    currency: str = ""


def plain_text(cell: object) -> str:
    """A cell as one line of half-width text without outer space; an empty cell is ``""``."""
    if type(cell) is str and cell.isascii():
        return cell.strip()
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return _half_width(cell if isinstance(cell, str) else str(cell))


@lru_cache(maxsize=20_000)
def _half_width(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace("\u2212", "-").replace("\u2013", "-").strip()


def _unreadable(cell: object) -> Invalid:
    return Invalid(
        "exchange.amount_unreadable", N_("“%(text)s” is not an amount. Write it as 1234.50."), text=str(cell)[:60]
    )


def _digits(text: str, cell: object) -> Decimal:
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    elif _CONTINENTAL.fullmatch(text):
        text = text.replace(".", "").replace(",", ".")
    elif not (_PLAIN.fullmatch(text) or _SCIENTIFIC.fullmatch(text)):
        raise _unreadable(cell)
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise _unreadable(cell) from error


def read_amount(cell: object) -> Amount | None:
    """The amount in a cell; None when the cell is empty or a dash.

    Reads ``¥1,234.50``, ``(1,234.50)``, ``1234.50-``, ``△12``, ``红字 12``, full-width digits and
    Excel numbers. Raises Invalid when it is anything else: nothing is guessed.
    """
    if isinstance(cell, bool):
        raise _unreadable(cell)
    if isinstance(cell, int):
        return Amount(Decimal(cell))
    if isinstance(cell, float):
        return _from_float(cell)
    text = plain_text(cell)
    if text in {"", "-", "--", "—", "/"}:
        return None
    if _PLAIN.fullmatch(text):
        return Amount(Decimal(text))
    currency = ""
    found = _SIGN.search(text.upper())
    if found:
        currency = _SIGNS[found[0]]
        text = _SIGN.sub("", text.upper())
    return Amount(_signed(text.replace(" ", "").replace("'", ""), cell), currency)


def _from_float(cell: float) -> Amount:
    if not isfinite(cell):
        raise _unreadable(cell)
    return Amount(Decimal(repr(cell)))


def _signed(text: str, cell: object) -> Decimal:
    negative = 0
    if text.startswith("(") and text.endswith(")"):
        negative, text = 1, text[1:-1]
    if _NEGATIVE_WORDS.search(text):
        negative, text = 1, _NEGATIVE_WORDS.sub("", text).strip("()[]:")
    for sign in ("-", "△", "▲"):
        if text.startswith(sign):
            negative, text = negative + 1, text[1:]
            break
    else:
        if text.endswith("-"):
            negative, text = negative + 1, text[:-1]
        text = text.removeprefix("+")
    if negative > 1:  # "(-5)": some programs write both for one and the same minus
        negative = 1
    value = _digits(text, cell)
    return -value if negative else value


class CentRounder:
    """Turns exact decimals into whole minor units so that the sum stays the file's sum.

    Within a millionth of a cent's place it is only a badly written number. What really has more
    digits (a converted currency) is rounded half even with the difference carried to the next such
    amount of the same currency: no amount moves by a whole cent, and the total agrees to the cent.
    """

    def __init__(self) -> None:
        self.cleaned = 0
        """Amounts that were whole cents badly written."""
        self.rounded = 0
        """Amounts that had more digits than the currency."""
        self._carry: dict[str, Decimal] = {}

    def minor(self, value: Decimal, currency: str) -> int:
        """Whole minor units. Raises Invalid for an absurd amount."""
        if not -30 < value.adjusted() < 30:
            raise self._absurd(value)
        scaled = value.scaleb(exponent(currency))
        whole = int(scaled.to_integral_value(ROUND_HALF_EVEN))
        if abs(whole) > MAX_MINOR:
            raise self._absurd(value)
        if scaled == whole:
            return whole
        if abs(scaled - whole) < NOISE * 100:
            self.cleaned += 1
            return whole
        self.rounded += 1
        carried = scaled + self._carry.get(currency, Decimal(0))
        whole = int(carried.to_integral_value(ROUND_HALF_EVEN))
        self._carry[currency] = carried - whole
        return whole

    def _absurd(self, value: Decimal) -> Invalid:
        return Invalid(
            "exchange.amount_absurd",
            N_("The amount %(amount)s is larger than any ledger holds. Correct it in the file."),
            amount=f"{value:.6g}",
        )


def document_number(cell: object) -> str:
    """A document number as text: Excel and pandas write 2960623488 as ``2960623488.0``."""
    text = plain_text(cell)
    if _WHOLE_FLOAT.fullmatch(text):
        return text.split(".", 1)[0]
    return text
