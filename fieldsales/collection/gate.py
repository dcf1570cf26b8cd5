"""The gate before every contact: whether a debtor may be approached, why not, and from when on. Pure.

What has happened is recorded whatever it was, and flagged; what has not happened yet is held back by these rules, with
the reason in words. The same table of cases holds here and on the phone (``tests/collection/gate_cases.json``,
``static/js/customers/gate.js``). More contacts on record never turn a no into a yes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from fieldsales.collection.policies import Policy, is_workday
from fieldsales.plugin_api.fields import Labels, words

WEEK, DAY = timedelta(days=7), timedelta(days=1)
#: How a debtor is reached. ``legal``: through a court or a lawyer.
CHANNELS = ("call", "message", "mail", "letter", "visit", "legal")
#: A contact that may disturb somebody this very hour: papers and mails are read when one likes.
AT_ONCE = frozenset({"call", "message", "visit"})
#: What each stop holds, until a manager or legal lifts it. After "do not contact me" nothing that disturbs goes on
#: (民法典 art. 1033: call, message, mail), a posted letter remains; told to leave, nobody presses in person; after a
#: warning by the police only the law's own ways are left (2013 寻衅滋事解释 art. 1: going on after 批评制止).
STOPS: dict[str, frozenset[str]] = {
    "objection": frozenset({"call", "message", "visit", "mail"}),
    "asked_to_leave": frozenset({"call", "message", "visit"}),
    "police": frozenset({"call", "message", "visit", "mail", "letter"}),
    "no_mail": frozenset({"mail"}),
}
#: Who must not be pressed: not the debtor's own people, family, somebody who refused, somebody who has left.
NOT_PERMITTED = ("third_party", "family", "refused", "left")

CODES: dict[str, Labels] = {
    "objection": words("对方已要求不再联系", "They have asked not to be contacted"),
    "asked_to_leave": words("对方已请我们离开", "They have asked us to leave"),
    "police": words("已有警方到场或警告", "The police were called, or warned us"),
    "no_mail": words("对方已退订催款邮件", "They want no more demands by mail"),
    "third_party": words("此人不是债务人一方的人", "This person is not one of their own people"),
    "family": words("此人是家属，不得催款", "This is a relative: not to be asked for money"),
    "refused": words("此人不愿被联系", "This person does not want to be contacted"),
    "left": words("此人已离开对方公司", "This person has left the company"),
    "after_hours": words("联系时间在约定时段之外", "Outside the hours of contact"),
    "calls_today": words("今天的通话次数已到上限", "The limit of calls for today is reached"),
    "calls_week": words("七天内的电话次数已到上限", "The limit of calls within seven days is reached"),
    "after_talk": words("刚通过话，需隔几天", "They were spoken to lately: some days must pass"),
    "too_often": words("七天内的催款次数超过上限", "More demands within seven days than the limit"),
    "promise_open": words("对方的承诺已覆盖逾期款，期内不再新催",
                          "An open promise covers what is overdue: no new demand meanwhile"),
    "dispute_open": words("有未处理的争议，先答复再走法律程序", "A dispute is open: answer it before going to law"),
}
#: What is said of a plugin's rule when the plugin that has the words is gone, and when its rule does not answer.
A_RULE = words("本公司另有联系规则", "A further rule of contact of the house")
RULE_AWAY: tuple[str, Labels] = ("rule_away", words("此方式的合规规则暂时不可用，先不要用这种方式联系",
                                                    "The rule of this method is not working: do not use it meanwhile"))
#: What only a person can lift, so that no day can be named.
STANDING = frozenset({*STOPS, *NOT_PERMITTED, "dispute_open"})
NOTES: dict[str, Labels] = {
    "rest_day": words("今天是休息日", "This is a day off"),
    "off_work": words("现在不是上班时间", "This is outside working hours"),
}
#: Nothing is looked for further ahead: a cap of a week and a promise of a year are well within.
_STEPS = 24


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact that is meant, or that took place at ``at``.

    ``purpose``: demand (presses for money), reminder (of a day to come, of a statement), legal, service (anything else:
    always free). ``contact_id``: whom; "" the house itself. ``debtor_id`` "" counts for each debtor of the customer.
    ``method``: the way of collecting that means it, for the rules that plugins add.
    """

    channel: str
    at: datetime
    purpose: str = "demand"
    contact_id: str = ""
    debtor_id: str = ""
    method: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A contact on record, by whoever made it. ``effective``: somebody was spoken to; ``demand``: pressed for money."""

    at: datetime
    channel: str
    effective: bool = True
    demand: bool = True
    debtor_id: str = ""


@dataclass(frozen=True, slots=True)
class Stop:
    """An objection, a request to leave or a warning by the police that nobody has lifted."""

    id: str
    kind: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Waiver:
    """A manager's leave to go beyond some codes until an instant, with the reason on record."""

    codes: tuple[str, ...]
    until: datetime


@dataclass(frozen=True, slots=True)
class Bar:
    """A plugin's rule in the way of one kind of contact, from ``since`` till before ``until`` (None: a person ends it).

    ``code``: rule and code, joined by a point. It adds to what the core finds and lifts nothing; no leave goes beyond.
    ``method``: the one method it is for, "" for every contact but those by one of ``but``, which the rule judges apart.
    """

    channel: str
    purpose: str
    code: str
    words: Labels
    since: datetime
    until: datetime | None
    method: str = ""
    but: tuple[str, ...] = ()

    def stands(self, contact: Contact) -> bool:
        """Whether it holds this contact back."""
        meant = (self.channel, self.purpose) == (contact.channel, contact.purpose)
        meant = meant and self.method in ("", contact.method) and contact.method not in self.but
        return meant and self.since <= contact.at and (self.until is None or contact.at < self.until)


@dataclass(frozen=True, slots=True)
class GateFacts:
    """What the gate looks at for one customer. ``covered_until``: till then open promises cover all that is overdue."""

    policy: Policy
    zone: str
    made: tuple[Made, ...] = ()
    people: Mapping[str, str] = field(default_factory=dict)
    """How each contact person may be approached, by id; who is not named is the debtor's own."""
    stops: tuple[Stop, ...] = ()
    covered_until: date | None = None
    has_dispute: bool = False
    waivers: tuple[Waiver, ...] = ()
    faith: str = ""
    """The approved class, for the rules that plugins add."""
    bars: tuple[Bar, ...] = ()


@dataclass(frozen=True, slots=True)
class Permit:
    """The gate's answer. ``codes`` stand in the way, ``waived`` would without a manager's leave, ``notes`` only advise.

    ``until``: the instant from which nothing is in the way any more; None when it is free, or a person must lift it.
    """

    ok: bool
    codes: tuple[str, ...] = ()
    waived: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    until: datetime | None = None
    why_zh: str = ""
    why_en: str = ""
    words: Mapping[str, Labels] = field(default_factory=dict)
    """What the codes of plugins' rules say."""


def permit(contact: Contact, facts: GateFacts) -> Permit:
    """Whether this contact may be made: what stands in the way, in both languages, and until when."""
    found = _in_the_way(contact, facts)
    waived = _waived(contact.at, facts)
    codes = tuple(code for code in found if code not in waived)
    notes = _notes(contact, facts)
    if not codes:
        return Permit(True, (), tuple(code for code in found if code in waived), notes)
    until = None if STANDING & set(codes) else free_from(contact, facts)
    said = {bar.code: bar.words for bar in facts.bars if bar.code in codes}
    why_zh, why_en = (told(codes, until, facts.zone, lang, said) for lang in ("zh", "en"))
    return Permit(False, codes, tuple(code for code in found if code in waived), notes, until, why_zh, why_en, said)


def free_from(contact: Contact, facts: GateFacts) -> datetime | None:
    """The first instant from ``contact.at`` on at which nothing is in the way; None when no day can be named."""
    at = contact.at
    for _ in range(_STEPS):
        waived = _waived(at, facts)
        here = replace(contact, at=at)
        ends = [end for code, end in _in_the_way(here, facts).items() if code not in waived]
        if not ends:
            return at
        if None in ends:
            return None
        at = max(end for end in ends if end is not None)
    return None


def told(codes: Iterable[str], until: datetime | None, zone: str, lang: str,
         more: Mapping[str, Labels] | None = None) -> str:
    """What stands in the way in one sentence, with the day and hour of the debtor's place from which it is free.

    ``more``: what the codes of plugins' rules say; one whose plugin is gone is a further rule of the house.
    """
    mark, end = ("；", "。") if lang == "zh" else ("; ", ".")
    known = {**CODES, **(more or {})}
    text = mark.join(known.get(code, A_RULE)[lang] for code in codes) + end
    if until is None:
        return text
    at = until.astimezone(ZoneInfo(zone))
    if lang == "zh":
        return f"{text}{at.month}月{at.day}日 {at:%H:%M} 起可以。"
    return f"{text} Free from {at:%Y-%m-%d %H:%M}."


def _in_the_way(contact: Contact, facts: GateFacts) -> dict[str, datetime | None]:
    """Every code that holds, with the instant its own ground ends (None: a person must end it)."""
    if contact.purpose == "service":
        return {}
    found: dict[str, datetime | None] = {bar.code: bar.until for bar in facts.bars if bar.stands(contact)}
    if contact.purpose == "legal" or contact.channel == "legal":
        return {**found, "dispute_open": None} if facts.has_dispute else found
    for stop in facts.stops:
        if contact.channel in STOPS.get(stop.kind, ()):
            found[stop.kind] = None
    standing = facts.people.get(contact.contact_id, "") if contact.contact_id else ""
    if standing in NOT_PERMITTED:
        found[standing] = None
    found |= _hours(contact, facts)
    ours = [one for one in facts.made if one.at <= contact.at and _same(one.debtor_id, contact.debtor_id)]
    if contact.channel == "call":
        found |= _calls(contact.at, ours, facts)
    if contact.purpose == "demand":
        found |= _demands(contact.at, ours, facts)
    return found


def _same(one: str, other: str) -> bool:
    """Whether two contacts count together: one that names no debtor counts for each."""
    return not one or not other or one == other


def _hours(contact: Contact, facts: GateFacts) -> dict[str, datetime | None]:
    if contact.channel not in AT_ONCE:
        return {}
    policy, there = facts.policy, contact.at.astimezone(ZoneInfo(facts.zone))
    if policy.from_hour <= there.hour < policy.to_hour:
        return {}
    day = there.date() if there.hour < policy.from_hour else there.date() + DAY
    return {"after_hours": _instant(day, policy.from_hour, facts.zone)}


def _instant(day: date, hour: int, zone: str) -> datetime:
    return datetime.combine(day, time(hour), ZoneInfo(zone)).astimezone(UTC)


def _calls(at: datetime, made: list[Made], facts: GateFacts) -> dict[str, datetime | None]:
    policy, zone = facts.policy, ZoneInfo(facts.zone)
    found: dict[str, datetime | None] = {}
    calls = sorted((one.at for one in made if one.channel == "call"), reverse=True)
    talks = sorted((one.at for one in made if one.channel == "call" and one.effective), reverse=True)
    today = at.astimezone(zone).date()
    if policy.calls_per_day and sum(one.astimezone(zone).date() == today for one in talks) >= policy.calls_per_day:
        found["calls_today"] = _instant(today + DAY, 0, facts.zone)
    week = [one for one in calls if at - WEEK < one]
    if policy.calls_per_week and len(week) >= policy.calls_per_week:
        found["calls_week"] = week[policy.calls_per_week - 1] + WEEK
    quiet = timedelta(days=policy.quiet_days)
    if quiet and talks and at - quiet < talks[0]:
        found["after_talk"] = talks[0] + quiet
    return found


def _demands(at: datetime, made: list[Made], facts: GateFacts) -> dict[str, datetime | None]:
    found: dict[str, datetime | None] = {}
    limit = facts.policy.demands_per_week
    week = sorted((one.at for one in made if one.demand and at - WEEK < one.at), reverse=True)
    if limit and len(week) >= limit:
        found["too_often"] = week[limit - 1] + WEEK
    if facts.covered_until and at.astimezone(ZoneInfo(facts.zone)).date() <= facts.covered_until:
        found["promise_open"] = _instant(facts.covered_until + DAY, 0, facts.zone)
    return found


def _waived(at: datetime, facts: GateFacts) -> frozenset[str]:
    """What a manager has given leave for: never what only its own end lifts, such as a stop."""
    codes = {code for one in facts.waivers if at <= one.until for code in one.codes}
    return frozenset(codes & set(CODES) - {*STOPS, *NOT_PERMITTED})


def _notes(contact: Contact, facts: GateFacts) -> tuple[str, ...]:
    if contact.channel not in AT_ONCE or contact.purpose in ("service", "legal"):
        return ()
    there = contact.at.astimezone(ZoneInfo(facts.zone))
    if not is_workday(there.date(), facts.policy.calendar):
        return ("rest_day",)
    return () if facts.policy.work_from <= there.hour < facts.policy.work_to else ("off_work",)
