"""What going to law costs: court fees by the State Council's table, and what was really spent. Pure.

Source: 诉讼费用交纳办法 (国务院令第 481 号, in force since 2007-04-01), arts. 13(1) (property cases), 14(1)–(3)
(enforcement, preservation, payment order: a third), 15 and 16 (half when settled, withdrawn or simplified), 20 and 38
(enforcement: not advanced, borne by the debtor), 36 (payment order: borne by the debtor unless he objects); read again
word for word in LawRefBook/Laws@3cd6e86, and the sums checked against the quick tables of a court and a law firm
(claim × 2 % + 300, × 1.5 % + 1,300 …). Lawyers' fees are agreed freely and are entered, never guessed. Fees are in
yuan; for a claim in another currency none is stated (art. 55: the court converts at the rate of the day it accepts
it).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from fieldsales.plugin_api import Money, words
from fieldsales.plugin_api.fields import Labels

#: (up to, in yuan; share in 1/10,000 of what lies above the step before).
_SUIT = ((100_000, 250), (200_000, 200), (500_000, 150), (1_000_000, 100), (2_000_000, 90), (5_000_000, 80),
         (10_000_000, 70), (20_000_000, 60), (None, 50))  # fmt: skip
_ENFORCE = ((500_000, 150), (5_000_000, 100), (10_000_000, 50), (None, 10))
_PRESERVE = ((100_000, 100), (None, 50))
_FREE, _FIRST_SUIT, _FIRST_ENFORCE, _FIRST_PRESERVE, _MOST_PRESERVE = 10_000, 50, 50, 30, 5_000

KINDS: Mapping[str, Labels] = {
    "court": words("案件受理费、申请费", "Court fee"), "preservation": words("保全费", "Preservation fee"),
    "security": words("保全担保、保函费", "Security for preservation"), "lawyer": words("律师费", "Lawyer's fee"),
    "notary": words("公证、鉴定费", "Notary or expert"), "travel": words("差旅费", "Travel"),
    "enforcement": words("执行费", "Enforcement fee"), "other": words("其他", "Other"),
}


def _stepped(claim: Decimal, free: int, first: int, steps: tuple[tuple[int | None, int], ...]) -> Decimal:
    fee, below = Decimal(first), Decimal(free)
    for top, share in steps:
        if claim <= below:
            break
        upper = claim if top is None else min(claim, Decimal(top))
        fee += (upper - below) * share / 10_000
        below = upper
    return fee


def _money(fee: Decimal) -> Money:
    return Money(int((fee * 100).quantize(Decimal(1), ROUND_HALF_UP)))


def suit_fee(claim: Money) -> Money:
    """The fee of a suit over money (art. 13(1)): 50 yuan up to 10,000, then in steps."""
    return _money(_stepped(claim.major, _FREE, _FIRST_SUIT, _SUIT))


def order_fee(claim: Money) -> Money:
    """The fee of a payment order: a third of a suit's (art. 14(3))."""
    return _money(_stepped(claim.major, _FREE, _FIRST_SUIT, _SUIT) / 3)


def preservation_fee(claim: Money) -> Money:
    """The fee of preservation: 30 yuan up to 1,000, 1 % to 100,000, then 0.5 %, 5,000 at most (art. 14(2))."""
    return _money(min(_stepped(claim.major, 1_000, _FIRST_PRESERVE, _PRESERVE), Decimal(_MOST_PRESERVE)))


def enforcement_fee(claim: Money) -> Money:
    """The fee of enforcement, which the debtor bears and nobody advances (arts. 14(1), 20, 38)."""
    return _money(_stepped(claim.major, _FREE, _FIRST_ENFORCE, _ENFORCE))


def estimates(claim: Money) -> tuple[tuple[Labels, Money], ...]:
    """Every fee by the table for a claim in yuan; none for one in another currency or over nothing."""
    if claim.currency != "CNY" or claim.minor <= 0:
        return ()
    return (
        (words("支付令申请费（受理费的三分之一）", "Payment order (a third of the suit's)"), order_fee(claim)),
        (words("一审案件受理费（简易程序、调解、撤诉减半）", "Suit (half if simplified, settled, withdrawn)"),
         suit_fee(claim)),
        (words("财产保全申请费", "Preservation"), preservation_fee(claim)),
        (words("执行费（由被执行人负担）", "Enforcement (the debtor bears it)"), enforcement_fee(claim)),
    )
