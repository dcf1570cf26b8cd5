"""Solvency watch (S46): what a rep sees on site, how grave it is, and what the law lets one do about it. Pure.

Score: each sign counts once in ninety days, by its weight, and half as much when the newest sight of it is older than
thirty days. Red from 6 points on, or at once by a sign that stands for itself. The weights are our own judgement, a
dated policy: see decision 0024. Sources of the suggested steps: 民法典 527 (whoever must perform first may suspend when
the other's business has gravely worsened, property is moved away or credit lost, and must have definite proof), 528
(tell the other side at once), 536 (a creditor may act before a debt is due to keep it from being lost), 538–541 (gifts
and sales at a clear undervalue can be revoked within a year of knowing), 民诉法 103–104 (preservation, also before a
suit; then sue within thirty days), 企业破产法 46 (claims become due when bankruptcy is accepted). The articles of
the last two laws were read again in LawRefBook/Laws (2023-09-01; 2006-08-27). Not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from fieldsales.kernel.errors import N_

#: Policy of 2026-11-22: weight of each sign, and the words a rep is shown. Red by itself: ``ALONE``.
SIGNS: dict[str, tuple[int, str]] = {
    "staff_gone": (2, N_("Most of the staff are gone")),
    "shelves_empty": (2, N_("Shelves or warehouse empty, nothing restocked")),
    "wages_unpaid": (3, N_("Wages are unpaid")),
    "notice_on_door": (3, N_("Notices on the door: rent, power, closing down")),
    "court_papers": (6, N_("Court papers or seals of a court")),
    "boss_unreachable": (3, N_("The boss cannot be reached by anybody")),
    "suppliers_queueing": (3, N_("Other suppliers are queueing for their money")),
    "assets_moved": (6, N_("Goods, machines or shop being moved away or transferred")),
}
ALONE = frozenset({"court_papers", "assets_moved"})
RED, AMBER = 6, 3
FRESH, REMEMBERED = timedelta(days=30), timedelta(days=90)

#: What is suggested, by code, in order.
STEPS = {
    "stop_supply": N_("Stop supply today, or deliver against cash only: with definite proof the delivery may be "
                      "suspended, and the customer must be told at once (Civil Code arts. 527, 528)."),
    "secure": N_("Ask for security now: a guarantor's signature, a pledge, goods taken back against the debt; have the "
                 "balance acknowledged in writing."),
    "preserve": N_("Legal looks for property to preserve, before or with a suit (保全, Civil Procedure Law arts. 103, "
                   "104: after preservation the suit must follow within thirty days)."),
    "revoke": N_("Note what is moved to whom and at what price: a transfer for nothing or far below value can be "
                 "revoked within a year of knowing (Civil Code arts. 538 to 541)."),
    "register": N_("Ask the court and the public register whether enforcement or bankruptcy has begun; claims are then "
                   "to be registered in time."),
    "watch": N_("Go again within a week and look at the same things; photograph what can be seen from the public "
                "side."),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """One sighting: the day, and its signs."""

    on: date
    signs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Watch:
    """How it stands. ``level``: red, amber, or empty. ``signs``: what counts, the heaviest first."""

    level: str
    score: int
    signs: tuple[str, ...]
    steps: tuple[str, ...]


def judge(sightings: Iterable[Seen], today: date) -> Watch:
    """The score of what was seen and is not closed; unknown codes count nothing."""
    newest: dict[str, date] = {}
    for seen in sightings:
        for sign in seen.signs:
            if sign in SIGNS and today - seen.on <= REMEMBERED:
                newest[sign] = max(seen.on, newest.get(sign, seen.on))
    # In half points, so that an old sign counts half and everything stays whole.
    halves = sum(SIGNS[sign][0] * (2 if today - on <= FRESH else 1) for sign, on in newest.items())
    score = halves // 2
    alone = any(sign in ALONE for sign in newest)
    level = "red" if alone or score >= RED else "amber" if score >= AMBER else ""
    signs = tuple(sorted(newest, key=lambda sign: (-SIGNS[sign][0], sign)))
    return Watch(level, score, signs, steps_for(level, signs))


def steps_for(level: str, signs: Iterable[str]) -> tuple[str, ...]:
    """What to do, in order. Codes of ``STEPS``."""
    if level != "red":
        return ("watch",) if level else ()
    seen = set(signs)
    steps = ["stop_supply", "secure", "preserve"]
    if "assets_moved" in seen:
        steps.append("revoke")
    if "court_papers" in seen:
        steps.append("register")
    return tuple(steps)
