"""What close follow-up means each time: one ask, small sums day by day, and law when it does not work. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from fieldsales.plugin_api import (
    CaseFacts,
    Decision,
    Fields,
    Keep,
    MakePaper,
    MakeTask,
    Money,
    Problem,
    StopContact,
    words,
)
from fieldsales.plugin_api.fields import Labels
from fieldsales.plugin_api.types import Effects

from .days import DAY, MISSED_FOR_SUPPLY, Days, begun, days_of, kept, limit_of
from .form import ASKED, STOPS

_BARRED = ("third_party", "family", "refused", "left")


def check(fields: Fields, facts: CaseFacts) -> list[Problem]:
    """Only where it was approved, only their own people, and nothing after a stop."""
    stage, days = str(fields.get("stage", "missed")), days_of(facts)
    if stage in ("stop", "law"):
        return []
    found = []
    if facts.customer.faith != "bad_faith":
        found.append(Problem("", words("这种跟进要主管先批准。", "A manager must approve this pace first.")))
    if facts.stops or days.state == "stopped":
        found.append(Problem("stage", words("对方已反对或有警方警告，紧盯已停止，由法务处理。",
                                            "They objected or the police warned us: it is over, legal goes on.")))
    if facts.overdue.minor <= 0:
        found.append(Problem("", words("没有逾期款，没有可要的。", "Nothing is overdue: nothing to ask for.")))
    return [*found, *_of_person(fields, facts), *_of_sum(stage, fields, facts)]


def _of_person(fields: Fields, facts: CaseFacts) -> list[Problem]:
    """Nobody but their own people, who may be approached, is named (民法典 1032; no third parties)."""
    name = str(fields.get("person") or "").strip()
    known = {one.name: one.standing for one in facts.contacts}
    if not name:
        return []
    if name not in known:
        return [Problem("person", words("只找对方自己的人：先把他登记为联系人并核实身份。",
                                        "Only their own people: put this person on record first."))]
    if known[name] in _BARRED:
        return [Problem("person", words("此人不得催款（第三人、家属、已拒绝或已离职）。",
                                        "This person must not be asked (third party, relative, refused, or left)."))]
    return []


def _of_sum(stage: str, fields: Fields, facts: CaseFacts) -> list[Problem]:
    amount = fields.get("amount")
    if stage != "agree" or not isinstance(amount, Money):
        return []
    if amount.minor * _count(fields) > facts.balance.minor:
        return [Problem("amount", words("逐日合计超过全部欠款。", "The days add up to more than all that is owed."))]
    return []


def _count(fields: Fields) -> int:
    given = fields.get("days")
    return given if isinstance(given, int) and not isinstance(given, bool) else 1


def outcome(fields: Fields, facts: CaseFacts) -> Decision:
    """One step, with what is kept of it; law takes over by itself after a stop or too long without money."""
    stage = str(fields.get("stage", "missed"))
    days = days_of(facts)
    if stage == "stop":
        return _stopped(fields, facts, days)
    if stage == "law":
        return _to_law(facts, days, words("转法务处理", "Handed over to legal"))
    made = {"agree": _agreed, "paid": _paid, "joint": _joint, "supply": _supply}.get(stage, _missed)
    decision = made(fields, facts, begun(days, facts.today))
    return _parked(fields, facts, decision) if stage in ASKED else decision


def _on(fields: Fields, facts: CaseFacts) -> date:
    """The day it happened: a record made without a network comes days later."""
    given = fields.get("on")
    return min(given, facts.today) if isinstance(given, date) else facts.today


def _sum(fields: Fields, days: Days) -> Money:
    given = fields.get("amount")
    return given if isinstance(given, Money) else Money(days.minor, days.currency)


def _agreed(fields: Fields, facts: CaseFacts, days: Days) -> Decision:
    amount, first, count = _sum(fields, days), fields.get("first_on"), _count(fields)
    start = first if isinstance(first, date) else facts.today + DAY
    if not amount.minor:
        return Decision(words("没谈成金额", "No sum was agreed on"), "no_sum", effects=(kept(days),),
                        next_step=words("只谈一件事：今天付多少、几点到账", "One thing only: how much, and when"),
                        next_on=facts.today + DAY)
    tasks = _supply_tasks(days, facts)
    after = replace(days, minor=amount.minor, first=start, count=count, missed=0,
                    supply_asked=days.supply_asked or bool(tasks))
    return Decision(
        words(f"逐日付款：每天 {amount}，{start:%m-%d} 起 {count} 天，合计 {after.agreed}",
              f"Day by day: {amount} a day from {start:%m-%d}, {count} days, {after.agreed} in all"),
        "agreed", grade="C", effect="agreement", next_on=facts.today,
        next_step=words("签还款计划（每天一期，加逐日付款条款）", "Sign a plan (daily, with the clause on days)"),
        effects=(kept(after), *tasks),
        details=(words("口头约定只是主张，签字才算数", "An oral agreement is only asserted; a signature counts"),))


def _paid(fields: Fields, facts: CaseFacts, days: Days) -> Decision:
    amount = _sum(fields, days)
    on = _on(fields, facts)
    after = replace(days, paid=(*days.paid, (on, amount.minor)) if amount.minor else days.paid, missed=0)
    day = after.next_day(facts.today)
    return Decision(
        words(f"{on:%m-%d} 付 {amount}，累计 {after.received}，待财务确认",
              f"{amount} on {on:%m-%d}, {after.received} in all, finance to confirm"),
        "paid", effects=(kept(after),), next_on=day or facts.today + DAY,
        next_step=words(f"{day:%m-%d} 收 {Money(after.minor, after.currency)}",
                        f"{Money(after.minor, after.currency)} on {day:%m-%d}") if day else
        words("约定的天数已满：余款再约一个数、一个日子", "The days are over: one sum and one day for the rest"))


def _missed(fields: Fields, facts: CaseFacts, days: Days) -> Decision:
    after, limit = replace(days, missed=days.missed + 1), limit_of(facts.settings)
    dry = after.dry_days(facts.today)
    if dry >= limit:
        return _to_law(facts, after, words(f"{dry} 天没有回款，转法务", f"No money for {dry} days: over to legal"))
    tasks: tuple[Effects, ...] = ()
    if after.missed >= MISSED_FOR_SUPPLY:
        tasks = _supply_tasks(after, facts)
        after = replace(after, supply_asked=after.supply_asked or bool(tasks))
    return Decision(
        words(f"{_on(fields, facts):%m-%d} 没付，连续第 {after.missed} 次",
              f"Not paid on {_on(fields, facts):%m-%d}, in a row: {after.missed}"), "missed",
        grade="C", effect="demand", effects=(kept(after), *tasks), next_on=facts.today + DAY,
        next_step=words("约老板，主管一起去", "See the owner, with the manager") if after.missed >= MISSED_FOR_SUPPLY
        else words("明天只问一句：今天付多少、几点到账", "Tomorrow one question: how much today, and when"),
        details=(words(f"再过 {limit - dry} 天没有回款即转法务", f"Legal takes over after {limit - dry} more days"),))


def _supply_tasks(days: Days, facts: CaseFacts) -> tuple[Effects, ...]:
    """A stop of supply put to the manager, once: a person decides it, on the page of supply."""
    if facts.customer.supply_stopped or days.supply_asked:
        return ()
    return (MakeTask(words("是否停货：请在“供货”页决定", "Stop supply? Decide on the page of supply"), facts.today,
                     "supply_proposed", "manager"),)


def _supply(fields: Fields, facts: CaseFacts, days: Days) -> Decision:
    if facts.customer.supply_stopped:
        return Decision(words("已停货", "Supply is stopped already"), "supply_stopped", effects=(kept(days),))
    return Decision(words("建议停货，等主管决定", "A stop of supply proposed, the manager decides"), "supply_proposed",
                    effects=(kept(replace(days, supply_asked=True)), *_supply_tasks(replace(days, supply_asked=False),
                                                                                    facts)))


def _joint(fields: Fields, facts: CaseFacts, days: Days) -> Decision:
    given = fields.get("visit_on")
    on = max(given, facts.today) if isinstance(given, date) else facts.today + timedelta(days=2)
    title = words(f"{on:%m-%d} 和业务员一起见老板：只谈一个数、一个日子",
                  f"{on:%m-%d}: see the owner with the rep: one sum, one day")
    return Decision(
        words(f"约定 {on:%m-%d} 主管同去见老板", f"A visit to the owner with the manager on {on:%m-%d}"), "joint_visit",
        effects=(kept(days), MakeTask(title, on, "joint_visit", "manager")), next_on=on,
        next_step=words("主管同去见老板", "See the owner with the manager"))


def _parked(fields: Fields, facts: CaseFacts, decision: Decision) -> Decision:
    """A side topic is put on the list by itself: today it is money only (S50)."""
    topic = str(fields.get("parked") or "").strip()
    if not topic:
        return decision
    task = MakeTask(words(f"另外处理：{topic[:60]}", f"Apart: {topic[:60]}"), facts.today + timedelta(days=3), "parked")
    return replace(decision, effects=(*decision.effects, task))


def _evidence(facts: CaseFacts) -> tuple[Effects, ...]:
    """The report of the evidence for legal; none where nothing is owed."""
    return (MakePaper("evidence_report", {"lang": "zh"}),) if facts.balance.minor > 0 else ()


def _handed(facts: CaseFacts, why: str, why_en: str) -> MakeTask:
    return MakeTask(words(f"紧盯转法务：{why}", f"From close follow-up: {why_en}"), facts.today, "handed_over", "legal")


def _to_law(facts: CaseFacts, days: Days, said: Labels) -> Decision:
    return Decision(
        said, "handed_over", effects=(kept(replace(days, state="handed_over")), _handed(facts, said["zh"], said["en"]),
                                      *_evidence(facts)),
        next_step=words("法务检查材料，准备支付令", "Legal checks the file for a payment order"))


def _stopped(fields: Fields, facts: CaseFacts, days: Days) -> Decision:
    """They objected, asked us to leave, or the police warned us: it ends here, on record, and legal is told."""
    kind = str(fields.get("stop", "objection"))
    said = STOPS[kind]
    keep: Keep = kept(replace(days, state="stopped"))
    return Decision(
        words(f"停止：{said['zh']}，转法务", f"Stopped: {said['en']}; handed over to legal"), "stopped",
        effects=(StopContact(kind, str(fields.get("words") or ""), str(fields.get("person") or "")), keep,  # type: ignore[arg-type]
                 _handed(facts, said["zh"], said["en"]), *_evidence(facts)),
        next_step=words("不再联系；法务接手", "No more contact; legal takes over"))
