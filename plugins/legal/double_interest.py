"""迟延履行期间加倍部分债务利息: what late performance of a judgement adds. Pure.

Source: 法释〔2014〕8号 (the Supreme People's Court on interest for late performance, to what is 民诉法 264 by now),
read again word for word in LawRefBook/Laws@3cd6e86: art. 1 ¶3: the money debt fixed by the judgement and not yet paid,
general interest not counted in, × 0.0175 % × days late; art. 2: from the end of the period set (without one: from the
day the judgement takes effect), here from the day after it; art. 3: to the day it is performed, that day included, and
not while enforcement rests for a review that the debtor did not ask for; art. 4: where the property does not reach,
payments go to the debt fixed by the judgement first and to this interest last, unless agreed otherwise.

Two things are cautious: every payment is taken off the sum without general interest, though by 民法典 561 costs and
general interest come first, so a court may reckon more; and the rests of art. 3 ¶3 are not known here. Not legal
advice.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from fieldsales.plugin_api import InterestFacts, InterestLine, InterestRule, Money, interest_on, words

from .track import KIND, Noted, Track, performance_ends, read

#: 日万分之一点七五, since 2014-08-01.
RATE, SINCE = Decimal("0.000175"), date(2014, 8, 1)
DAY = timedelta(days=1)


def lines(facts: InterestFacts) -> list[InterestLine]:
    """One line for each stretch in which the same sum was unpaid, of every judgement on record."""
    return [line for one in facts.kept if one.kind == KIND and one.customer_id == facts.customer_id
            for line in _of(read(one), facts.to_on)]


def _of(track: Track, to_on: date) -> list[InterestLine]:
    final, ends = track.last("final", "effective"), performance_ends(track)
    if final is None or ends is None or final.minor <= 0:
        return []
    base, since, found = final.minor, max(ends + DAY, SINCE), list[InterestLine]()
    for paid in sorted((one for one in track.steps if one.stage == "received" and one.minor), key=lambda one: one.on):
        if since <= paid.on <= to_on and base > 0:
            found.append(_line(final, track.currency, base, since, paid.on))
            since = paid.on + DAY
        if paid.on <= to_on:
            base = max(0, base - paid.minor)
    if base > 0 and since <= to_on:
        found.append(_line(final, track.currency, base, since, to_on))
    return found


def _line(final: Noted, currency: str, minor: int, first: date, last: date) -> InterestLine:
    base, number = Money(minor, currency), final.number or final.court or "—"
    said = words(f"加倍部分债务利息（{number}）", f"Double interest ({number})")
    return InterestLine(said, base, first, last, RATE, interest_on(base, RATE, (last - first).days + 1))


RULE = InterestRule(
    "late_performance", words("迟延履行期间加倍部分债务利息", "Double interest for late performance"),
    words("法释〔2014〕8号：裁判确定的金钱债务（不含一般利息）× 日万分之一点七五 × 迟延天数，自履行期届满次日起；"
          "部分履行先抵裁判确定的债务；法院因审查、再审中止执行的期间应扣除",
          "Fashi (2014) No. 8: the debt fixed by the judgement, without general interest, × 0.0175 % a day, from "
          "the day after the period set; payments go to that debt first. Leave out days on which a court let "
          "enforcement rest for a review"), lines)
