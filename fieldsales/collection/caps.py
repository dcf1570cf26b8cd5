"""How often and when a debtor may be pressed: what goes beyond is flagged, and never unrecorded. Pure.

The law names no number. Harassment is forbidden (治安管理处罚法 art. 42(5); 民法典 art. 1032 on private life), so the
house keeps a measure of its own (settings ``demands_per_week``, ``contact_from_hour``, ``contact_to_hour``); seven in
seven days is what US Regulation F presumes to be still bearable (12 CFR 1006.14(b)(2)), for want of a nearer one. What
has happened is recorded whatever it is; only a sending that has not happened yet may be kept back, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from fieldsales.plugin_api.fields import Labels, words
from fieldsales.plugin_api.types import Decision, MakePaper, SendMail

WEEK = timedelta(days=7)
#: What an action went beyond, by code.
CAPS: dict[str, Labels] = {
    "after_hours": words("联系时间在约定时段之外", "Outside the hours of contact"),
    "too_often": words("七天内的催款次数超过上限", "More demands within seven days than the limit"),
}
NOT_SENT = words("七天内的催款次数已到上限，邮件没有发出",
                 "The limit of demands within seven days is reached: the mail was not sent")


@dataclass(frozen=True, slots=True)
class Caps:
    """The house's measure. Hours of the branch's zone, the first included, the last not; 0 demands: no limit."""

    from_hour: int
    to_hour: int
    per_week: int
    zone: str


@dataclass(frozen=True, slots=True)
class DemandFact:
    """A demand on record: to which debtor (empty: not said) and when."""

    debtor_id: str
    at: datetime


#: Effects of an act in which the debtor was pressed: refused or agreed to, he was asked.
PRESSING = ("demand", "agreement")


def is_demand(decision: Decision) -> bool:
    """Whether a decision presses for payment, now or once its mail has arrived."""
    mails = any(isinstance(one, SendMail) and one.accepted_effect in PRESSING for one in decision.effects)
    return decision.effect in PRESSING or mails


def is_in_person(decision: Decision) -> bool:
    """Whether somebody spoke with somebody: a paper or a mail disturbs nobody's evening."""
    return not any(isinstance(one, MakePaper | SendMail) for one in decision.effects)


def within_week(demands: Iterable[DemandFact], debtor_id: str | None, at: datetime) -> int:
    """How many demands a debtor had in the seven days before ``at``; one that names no debtor counts for each."""
    return sum(1 for one in demands if at - WEEK < one.at <= at and one.debtor_id in ("", debtor_id or one.debtor_id))


def beyond(decision: Decision, demands: Iterable[DemandFact], debtor_id: str | None, at: datetime, caps: Caps
           ) -> list[str]:
    """Codes of ``CAPS`` that an act at ``at`` goes beyond; none for what is no demand."""
    if not is_demand(decision):
        return []
    found = []
    hour = at.astimezone(ZoneInfo(caps.zone)).hour
    if is_in_person(decision) and not caps.from_hour <= hour < caps.to_hour:
        found.append("after_hours")
    if caps.per_week and within_week(demands, debtor_id, at) >= caps.per_week:
        found.append("too_often")
    return found
