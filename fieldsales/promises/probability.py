"""How likely a promise to pay (付款承诺) is to be kept, what kind of promise it is, and why. Pure.

The reckoning, as a credit manager would do it on paper:

1. Begin with the customer's own kept rate: promises kept in full count one, kept in part a half, and four promises
   of an average customer of the house are mixed in, so that one broken promise does not ruin a new customer.
2. Go down ``TABLE``. A line that holds either *takes* a share of the hope that is left, or *gives* a share of the
   doubt that is left. No line can push the result out of 0 to 1, and a better kept rate never makes it worse.
3. The result stays between 2 % and 97 %: nobody's word is worthless, and nobody's is money.

The shares are the house's judgement, not a law; decision 0018 says how to measure them against what happened.
Probabilities are basis points (10 000 = certain), amounts minor units of one currency. All steps are whole numbers,
so that the phone's twin (``static/js/promises/probability.js``) comes to the same basis point;
``tests/promises/probability_cases.json`` holds what both must give.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fieldsales.kernel.errors import N_
from fieldsales.kernel.money import Money
from fieldsales.kernel.sentences import say

#: Told beside every judgement that is stored, so that a later table is not measured by an earlier one's results.
VERSION = 1
#: So many promises of an average customer are mixed into a customer's own record.
MIXED_IN = 4
#: And so many, half of them kept, into the house's own.
HOUSE_MIXED_IN = 10
LEAST_BP, MOST_BP = 200, 9700
#: Fewer months on record than this say nothing of what a customer can pay.
LEAST_MONTHS = 3
#: Above so many times the best month, in the same time, a sum is not to be expected.
BEYOND = 2
#: Below this a promise is not worth counting on, whatever its form.
HOPELESS_BP = 1500
#: A promise that is easy to keep is at least as likely as not.
LIKELY_BP = 5000
#: So many things left open, and nothing has been promised: a missing day counts for two.
EVASIVE_POINTS = 3
#: Judged excuses needed before the truth rate says anything.
LEAST_JUDGED = 3
#: Money that is on its way into the debtor's till, not in it.
UNSURE_FUNDING = frozenset({"customers_pay", "bank_loan"})
FUNDING = ("own_cash", "customers_pay", "bank_loan", "bill", "owner_money", "other")

CLASSES = {
    "easy": N_("easy to keep"), "costly": N_("costly but real"), "impossible": N_("hardly possible"),
    "evasive": N_("nothing firm"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table: what it says, and the share (per cent) of hope it takes or of doubt it removes."""

    text: str
    takes: int = 0
    gives: int = 0


#: In the order they are reckoned. The first line is where the reckoning begins.
TABLE: dict[str, Line] = {
    "record": Line(N_("kept so far: %(kept)s of %(settled)s promises, in part %(partly)s; the house keeps %(house)s")),
    "no_record": Line(N_("no promise settled yet: begun with the house's %(house)s")),
    # how firm
    "no_day": Line(N_("no day was named"), takes=40),
    "no_payer": Line(N_("nobody is named who will pay"), takes=10),
    "not_the_decider": Line(N_("whoever said it does not decide about payments"), takes=20),
    "hedged": Line(N_("the words leave a way out: “%(word)s”"), takes=20),
    "put_off": Line(N_("put off before: %(count)s times"), takes=20),
    "far_off": Line(N_("more than 30 days away"), takes=10),
    "very_far_off": Line(N_("more than 90 days away"), takes=25),
    # how much, against what they have paid
    "usual_sum": Line(N_("no more than they usually pay in that time (%(usual)s)"), gives=25),
    "stretch": Line(N_("more than they usually pay in that time (%(usual)s), though they have done it"), takes=10),
    "above_best": Line(N_("more than they ever paid in that time (%(best)s)"), takes=35),
    "beyond": Line(N_("more than twice what they ever paid in that time (%(best)s)"), takes=70),
    "no_history": Line(N_("too few payments on record to compare the sum with"), takes=5),
    # where the money comes from
    "own_cash": Line(N_("from money they have"), gives=20),
    "bill": Line(N_("with a bill they hold"), gives=20),
    "owner_money": Line(N_("from the owner's own pocket"), gives=10),
    "customers_pay": Line(N_("only when their own customers pay"), takes=20),
    "bank_loan": Line(N_("only when a bank lends"), takes=30),
    "not_funded": Line(N_("they did not say where the money comes from"), takes=10),
    "others_unfunded": Line(N_("promised to other suppliers as well, and no proof of the money"), takes=35),
    "others_funded": Line(N_("promised to other suppliers as well"), takes=10),
    "proven": Line(N_("proof of the money was seen"), gives=40),
    # what they stand by
    "confirmed": Line(N_("confirmed in writing"), gives=15),
    "untruthful": Line(N_("reasons they gave before were mostly not true"), takes=25),
    "truthful": Line(N_("reasons they gave before were mostly true"), gives=10),
}

#: Words that leave a way out, as they are said. The Chinese ones anywhere, the English ones as whole words.
HEDGES = (
    "尽量", "争取", "尽快", "再说", "看情况", "到时候", "过几天", "过两天", "过段时间", "过阵子", "差不多", "大概",
    "想办法", "有钱就", "有了就", "回头",
)  # fmt: skip
HEDGES_EN = ("try", "maybe", "perhaps", "probably", "hopefully", "should", "soon", "as soon as possible", "we'll see",
             "do my best")  # fmt: skip
_HEDGED_EN = re.compile(rf"\b(?:{'|'.join(sorted(HEDGES_EN, key=len, reverse=True))})\b", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PromiseShape:
    """A promise and what is known of whoever made it. Nothing of it must be answered: empty is “not said”."""

    amount_minor: int
    made_on: date
    due_on: date
    currency: str = "CNY"
    day_named: bool = True
    payer_named: bool = False
    decides: str = ""
    """Whether whoever promised decides about payments: yes, no, or not known."""
    words: str = ""
    funding: str = ""
    """One of ``FUNDING``, or not said."""
    funding_proven: bool = False
    others_promised: str = ""
    """Whether other suppliers were promised money as well: yes, no, or not asked (S17)."""
    confirmed: bool = False
    put_off: int = 0
    """How often this sum's day was moved before."""
    kept: int = 0
    partly: int = 0
    settled: int = 0
    """Of this customer's promises: kept in full, kept in part, and all that ended (broken ones too)."""
    house_bp: int = 5000
    months: tuple[int, ...] = ()
    """Received in each of the last twelve calendar months, from the first that brought money on; in this currency."""
    truth: tuple[int, int] | None = None
    """Excuses found true or partly true, of those that were judged; None: not asked."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A line of the table that holds: what it did to the probability (basis points), and what fills its places."""

    code: str
    effect_bp: int
    params: tuple[tuple[str, Any], ...] = ()

    def says(self, lang: str) -> str:
        """The reason in Chinese or English."""
        return say(TABLE[self.code].text, lang, **dict(self.params))


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a promise is worth. For the house only: never shown to the customer, never printed."""

    klass: str
    probability_bp: int
    reasons: tuple[Reason, ...]


def assess(shape: PromiseShape) -> Assessment:
    """Judge one promise: its class, its probability and every reason, in the table's order."""
    probability_bp = kept_bp(shape)
    start = "record" if shape.settled else "no_record"
    reasons = [Reason(start, probability_bp, (("kept", shape.kept), ("settled", shape.settled),
                                              ("partly", shape.partly), ("house", percent(shape.house_bp))))]
    for code, params in _holding(shape):
        line, before = TABLE[code], probability_bp
        for _ in range(min(2, shape.put_off) if code == "put_off" else 1):
            probability_bp = probability_bp * (100 - line.takes) // 100
            probability_bp += (10_000 - probability_bp) * line.gives // 100
        reasons.append(Reason(code, probability_bp - before, params))
    probability_bp = min(MOST_BP, max(LEAST_BP, probability_bp))
    return Assessment(_class(shape, probability_bp), probability_bp, tuple(reasons))


def kept_bp(shape: PromiseShape) -> int:
    """The customer's kept rate, mixed with the house's (basis points)."""
    own = 10_000 * shape.kept + 5_000 * shape.partly
    return (own + MIXED_IN * shape.house_bp) // (shape.settled + MIXED_IN)


def house_bp(kept: int, partly: int, settled: int) -> int:
    """The house's own kept rate (basis points), begun at a half."""
    return (10_000 * kept + 5_000 * partly + 5_000 * HOUSE_MIXED_IN) // (settled + HOUSE_MIXED_IN)


def percent(basis_points: int) -> str:
    """``62%``: rounded half up."""
    return f"{(basis_points + 50) // 100}%"


def hedge_in(words: str) -> str:
    """The first word of a promise that leaves a way out, or empty."""
    found = [(words.find(hedge), hedge) for hedge in HEDGES if hedge in words]
    if found:
        return min(found)[1]
    english = _HEDGED_EN.search(words)
    return english.group(0) if english else ""


def size_of(shape: PromiseShape) -> str:
    """The line of the table for the sum against what they paid in as many months as there are until the day."""
    if len(shape.months) < LEAST_MONTHS:
        return "no_history"
    usual, best = _pace(shape)
    if shape.amount_minor <= usual:
        return "usual_sum"
    if shape.amount_minor <= best:
        return "stretch"
    return "above_best" if shape.amount_minor <= BEYOND * best else "beyond"


def _pace(shape: PromiseShape) -> tuple[int, int]:
    """(the usual, the best) they paid in as much time as there is until the day; usual is the lower median."""
    span = max(1, ((shape.due_on - shape.made_on).days + 29) // 30)
    months = sorted(max(0, month) for month in shape.months)
    return months[(len(months) - 1) // 2] * span, months[-1] * span


def _holding(shape: PromiseShape) -> Iterator[tuple[str, tuple[tuple[str, Any], ...]]]:
    """The lines that hold, in the table's order, with what fills their places."""
    yield from _firmness(shape)
    size, params = size_of(shape), ()
    if size != "no_history":
        usual, best = (str(Money(sum_, shape.currency)).removesuffix(".00") for sum_ in _pace(shape))
        yield size, (("usual", usual), ("best", best))
    else:
        yield size, params
    if shape.funding != "other":
        yield (shape.funding if shape.funding in FUNDING else "not_funded"), ()
    if shape.others_promised == "yes":
        yield ("others_funded" if shape.funding_proven else "others_unfunded"), ()
    if shape.funding_proven:
        yield "proven", ()
    if shape.confirmed:
        yield "confirmed", ()
    told = shape.truth
    if told is not None and told[1] >= LEAST_JUDGED:
        if 2 * told[0] < told[1]:
            yield "untruthful", ()
        elif 5 * told[0] >= 4 * told[1]:
            yield "truthful", ()


def _firmness(shape: PromiseShape) -> Iterator[tuple[str, tuple[tuple[str, Any], ...]]]:
    hedge, days = hedge_in(shape.words), (shape.due_on - shape.made_on).days
    if not shape.day_named:
        yield "no_day", ()
    if not shape.payer_named:
        yield "no_payer", ()
    if shape.decides == "no":
        yield "not_the_decider", ()
    if hedge:
        yield "hedged", (("word", hedge),)
    if shape.put_off:
        yield "put_off", (("count", shape.put_off),)
    if days > 30:
        yield ("very_far_off" if days > 90 else "far_off"), ()


def _class(shape: PromiseShape, probability_bp: int) -> str:
    """Nothing firm, hardly possible, easy, or between: costly but real (S13)."""
    open_points = (
        2 * (not shape.day_named) + (not shape.payer_named) + bool(hedge_in(shape.words)) + (not shape.funding)
    )
    if open_points >= EVASIVE_POINTS and not shape.confirmed:
        return "evasive"
    size = size_of(shape)
    too_much = size == "beyond" or (size == "above_best" and shape.others_promised == "yes")
    if probability_bp < HOPELESS_BP or (too_much and not shape.funding_proven):
        return "impossible"
    if size == "usual_sum" and probability_bp >= LIKELY_BP and shape.funding not in UNSURE_FUNDING:
        return "easy"
    return "costly"


def reasons_in(reasons: Sequence[Reason], lang: str, most: int = 99) -> list[str]:
    """What decided, the weightiest first; the record it began with comes first of all."""
    rest = sorted(reasons[1:], key=lambda reason: -abs(reason.effect_bp))
    return [reason.says(lang) for reason in [*reasons[:1], *rest][:most]]
