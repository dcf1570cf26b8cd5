"""The basic work at a customer's: product, promotion, channel, price, service. What is weak holds money up. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fieldsales.kernel.errors import N_

#: code -> (area, question); asked in this order
ITEMS: dict[str, tuple[str, str]] = {
    "sells": ("product", N_("Our goods sell at this customer's")),
    "stock_moves": ("product", N_("Our stock there moves")),
    "quality_clear": ("product", N_("Quality questions are settled")),
    "promotion_runs": ("promotion", N_("A promotion is running or was run this quarter")),
    "promoters_able": ("promotion", N_("Promoters know the goods and can sell them")),
    "outlets_served": ("channel", N_("The outlets he could serve are served")),
    "downstream_pays": ("channel", N_("His own customers pay him")),
    "display_good": ("channel", N_("Our goods are shown where buyers see them")),
    "price_holds": ("price", N_("The price holds: nobody undercuts him with our goods")),
    "margin_enough": ("price", N_("He earns enough on our goods")),
    "service_answers": ("service", N_("Complaints were answered")),
}
AREAS = {"product": N_("Product"), "promotion": N_("Promotion"), "channel": N_("Channel"), "price": N_("Price"),
         "service": N_("Service")}
POINTS = {"good": 2, "weak": 1, "bad": 0}
#: which gap measure helps where the basic work is weak
HELPS = {
    "sells": "promotion", "stock_moves": "promotion", "promotion_runs": "promotion", "promoters_able": "training",
    "outlets_served": "outlets", "downstream_pays": "potential", "display_good": "promotion",
    "margin_enough": "incentive",
}


@dataclass(frozen=True, slots=True)
class Health:
    """``score``: 0 to 100 of what was answered, None when nothing was. ``causes``: bad points, then weak ones."""

    score: int | None
    causes: tuple[str, ...]
    measures: tuple[str, ...]


def judge(answers: Mapping[str, str]) -> Health:
    """Score the answers and name what holds the money up, the worst first; slow stock is a cause like any other."""
    known = [(code, POINTS[answers[code]]) for code in ITEMS if answers.get(code) in POINTS]
    if not known:
        return Health(None, (), ())
    score = sum(points for _, points in known) * 100 // (2 * len(known))
    causes = tuple(code for code, points in sorted(known, key=lambda one: one[1]) if points < 2)
    return Health(score, causes, tuple(dict.fromkeys(HELPS[code] for code in causes if code in HELPS)))
