"""Money as whole minor units (分, cents). Never a float."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

#: Digits after the point by ISO 4217 code, where it is not 2.
EXPONENTS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "BHD": 3, "KWD": 3, "JOD": 3, "TND": 3}

#: The largest amount a single record may hold, in minor units (a hundred billion at two digits).
MAX_MINOR = 10**13


class MoneyError(ValueError):
    """An amount that is not money: unreadable, too precise, too large, or of another currency."""


def exponent(currency: str) -> int:
    """Digits after the decimal point for an ISO 4217 currency code."""
    return EXPONENTS.get(currency, 2)


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount. ``minor`` is in the currency's smallest unit (分 for CNY)."""

    minor: int
    currency: str = "CNY"

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise MoneyError(f"minor units must be int, not {type(self.minor).__name__}")

    @classmethod
    def of(cls, amount: Decimal | int | str, currency: str = "CNY") -> Money:
        """Exact amount in major units (元). Raises MoneyError when it has more digits than the currency."""
        try:
            scaled = Decimal(amount).scaleb(exponent(currency))
            minor = int(scaled)
        except (InvalidOperation, ValueError, OverflowError) as error:
            raise MoneyError(f"not an amount: {amount!r}") from error
        if scaled != minor:
            raise MoneyError(f"more digits than {currency} has: {amount!r}")
        if abs(minor) > MAX_MINOR:
            raise MoneyError(f"too large: {amount!r}")
        return cls(minor, currency)

    @property
    def major(self) -> Decimal:
        """The amount in major units (元), exact."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise MoneyError(f"{self.currency} and {other.currency} do not mix")

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.minor < other.minor

    def __le__(self, other: Money) -> bool:
        self._same(other)
        return self.minor <= other.minor

    def __bool__(self) -> bool:
        return self.minor != 0

    def split(self, parts: int | Sequence[int]) -> list[Money]:
        """Split into ``parts`` equal shares, or by whole-number weights; the shares sum exactly.

        What does not divide goes to the first shares, one minor unit each.
        """
        weights = [1] * parts if isinstance(parts, int) else list(parts)
        total = sum(weights)
        if not weights or total <= 0 or min(weights) < 0:
            raise MoneyError("weights must be non-negative and not all zero")
        sign = -1 if self.minor < 0 else 1
        shares = [abs(self.minor) * weight // total for weight in weights]
        rest = abs(self.minor) - sum(shares)
        for index, weight in enumerate(weights):
            if rest and weight:
                shares[index] += 1
                rest -= 1
        return [Money(sign * share, self.currency) for share in shares]

    def plain(self) -> str:
        """``1234567.89``: for files and machines."""
        return f"{self.major:.{exponent(self.currency)}f}"

    def __str__(self) -> str:
        sign = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£"}.get(self.currency, self.currency + " ")
        return f"{'-' if self.minor < 0 else ''}{sign}{abs(self.major):,.{exponent(self.currency)}f}"
