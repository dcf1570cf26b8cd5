"""What the form means: a check of the file, a paper, a step before the court with its periods, a cost. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Literal

from fieldsales.plugin_api import CaseFacts, Decision, Fields, MakePaper, MakeTask, Money, Problem, words
from fieldsales.plugin_api.fields import Labels
from fieldsales.plugin_api.types import Grade

from . import papers, readiness
from .costs import KINDS
from .ended import comes_late, consequences, in_doubt
from .form import STAGES
from .readiness import Item
from .stages import ENDED, STATES, STEPS, may_follow
from .track import Cost, Noted, Timer, Track, kept, timers, track_of, with_step

#: Papers of our own making that prove nothing: they are not named as evidence on file.
OWN_DRAFTS = ("application", "lawyer", "report", "plugin")
#: Periods put on legal's list at once, and how many days ahead one may lie.
_MOST_TASKS, _FURTHEST = 6, 3650
PaperKind = Literal["payment_order_application", "lawyer_letter", "evidence_report"]


def check(fields: Fields, facts: CaseFacts) -> list[Problem]:
    """An open dispute stops an application before it is made; what a court has done is only noted, and warned of
    where the table has no such step after the last one."""
    stage, track = str(fields.get("stage", "review")), track_of(facts)
    if stage in ("lawyer", "report", "sue", "preserve") and facts.balance.minor <= 0:
        return [Problem("", words("该客户没有未收款，没有可以写的。", "Nothing is open: nothing to write."))]
    if stage == "apply":
        return [Problem("", item.said) for item in readiness.for_order(facts, track)[:-1] if not item.met]
    if stage == "enforce":
        unmet = [item for item in readiness.for_enforcement(facts, track)[:2] if not item.met]
        return [Problem("", item.said, blocking=False) for item in unmet]
    if stage in STEPS and not may_follow(track.state, stage):
        state = STATES[track.state]
        return [Problem("stage", words(f"上一步记录是“{state['zh']}”，请核对是否漏记", f"The last step on record is "
                                       f"“{state['en']}”: is one missing?"), blocking=False)]
    return []


def outcome(fields: Fields, facts: CaseFacts) -> Decision:
    """The state of the file, a paper, or what the court has done."""
    stage = str(fields.get("stage", "review"))
    if stage in STEPS:
        return _step(stage, fields, facts)
    if stage in papers.MADE:
        return _court_paper(stage, fields, facts)
    if stage in ("lawyer", "report"):
        return _draft(stage, fields, facts)
    return _cost(fields, facts) if stage == "cost" else _review(stage, fields, facts)


def _day(fields: Fields, name: str, facts: CaseFacts) -> date:
    given = fields.get(name)
    return min(given, facts.today) if isinstance(given, date) else facts.today


def _minor(fields: Fields, name: str) -> int:
    given = fields.get(name)
    return given.minor if isinstance(given, Money) else 0


def _marks(title: Labels, items: list[Item]) -> list[Labels]:
    return [words(f"{title['zh']}：", f"{title['en']}:"), *(
        words(f"{'✓' if item.met else '✗'} {item.said['zh']}", f"{'✓' if item.met else '✗'} {item.said['en']}")
        for item in items)]


def _review(stage: str, fields: Fields, facts: CaseFacts) -> Decision:
    track, applying = track_of(facts), stage == "apply"
    order = readiness.for_order(facts, track)
    missing = readiness.missing(order, optional=1)
    marks = _marks(words("支付令", "Payment order"), order)
    if not applying:
        marks += _marks(words("起诉", "Suit"), readiness.for_suit(facts))
        marks += _marks(words("保全", "Preservation"), readiness.for_preservation(facts))
        if track.last("final", "effective"):
            marks += _marks(words("执行", "Enforcement"), readiness.for_enforcement(facts, track))
        marks.append(readiness.advice(facts))
    proofs = [one for one in facts.evidence if one.kind not in OWN_DRAFTS]
    on_file = [words(f"在案：{one.name}", f"On file: {one.name}") for one in proofs[:40 - len(marks)]]
    ready = words("材料齐备，可申请支付令", "Ready for a payment order")
    short = words(f"申请支付令还差 {missing} 项", f"{missing} things missing for a payment order")
    return Decision(
        summary=ready if not missing else short,
        outcome=("applying" if applying else "ready") if not missing else "not_ready",
        next_step=words("向债务人所在地基层法院提交申请", "File with the court of the debtor's seat")
        if not missing else words("补齐缺少的材料", "Get what is missing"),
        next_on=facts.today + timedelta(days=2 if applying else 7),
        details=tuple(marks + on_file),
        effects=(*((_paper("payment_order_application", fields),) if applying and not missing else ()),
                 *_deadlines(track, facts)),
    )  # fmt: skip


def _paper(kind: PaperKind, fields: Fields) -> MakePaper:
    """The core's own paper, with what the form says of it; figures and proofs are the core's."""
    given = {name: str(fields.get(name) or "") for name in ("court", "law_firm", "lawyer", "note")}
    pay_by = fields.get("pay_by")
    return MakePaper(kind, {**given, "lang": str(fields.get("lang", "zh")),
                            "pay_by": pay_by.isoformat() if isinstance(pay_by, date) else ""})  # fmt: skip


def _draft(stage: str, fields: Fields, facts: CaseFacts) -> Decision:
    """A paper for somebody else to sign or read: no demand by itself."""
    running = _deadlines(track_of(facts), facts)
    if stage == "lawyer":
        return Decision(
            summary=words("出律师函草稿，待律师审阅签发", "Draft of a lawyer's letter made, for a lawyer to sign"),
            outcome="drafted", effects=(_paper("lawyer_letter", fields), *running),
            next_step=words("交律师审阅、签名、盖章后寄出", "Have a lawyer review, sign and send it"),
            next_on=facts.today + timedelta(days=3),
        )  # fmt: skip
    return Decision(
        summary=words("出债权证据报告", "Report of the evidence made"), outcome="reported",
        effects=(_paper("evidence_report", fields), *running),
    )  # fmt: skip


def _court_paper(stage: str, fields: Fields, facts: CaseFacts) -> Decision:
    """A paper of our own for the court: filed only when somebody notes so."""
    track = track_of(facts)
    items = {"sue": readiness.for_suit, "preserve": readiness.for_preservation}
    found = items[stage](facts) if stage in items else readiness.for_enforcement(facts, track)
    if fields.get("property"):
        found = [replace(one, met=True, said=readiness.NAMED) if one.said == readiness.UNNAMED else one
                 for one in found]
    said = STAGES[stage]
    return Decision(
        summary=said, outcome=f"{stage}_drafted", details=tuple(_marks(said, found)),
        effects=(papers.made(stage, fields, facts, track), *_deadlines(track, facts)),
        next_step=words("盖章后提交法院，并登记提交日", "Stamp it, file it, and note the day"),
        next_on=facts.today + timedelta(days=2),
    )  # fmt: skip


def _cost(fields: Fields, facts: CaseFacts) -> Decision:
    track, minor = track_of(facts), _minor(fields, "cost")
    kind = str(fields.get("cost_kind", "other"))
    if not minor:
        return Decision(words("没有填金额，未登记费用", "No amount given: no cost noted"), "no_cost",
                        effects=_deadlines(track, facts))
    after = replace(track, costs=(*track.costs, Cost(kind, minor, _day(fields, "on", facts))))
    paid, spent = Money(minor, track.currency), after.spent
    return Decision(
        words(f"登记{KINDS[kind]['zh']} {paid}，累计 {spent}", f"{KINDS[kind]['en']} {paid} noted, {spent} in all"),
        "cost",
        effects=(kept(after), *_deadlines(after, facts)), details=(against_claim(after, facts),))


def share_of(track: Track, facts: CaseFacts) -> str:
    """Costs in per cent of what is overdue, cut to a tenth; "" where they cannot be compared."""
    claim = facts.overdue
    if claim.minor <= 0 or claim.currency != track.currency:
        return ""
    tenths = track.spent.minor * 1000 // claim.minor
    return f"{tenths // 10}.{tenths % 10}"


def against_claim(track: Track, facts: CaseFacts) -> Labels:
    """What has been spent against what is claimed, in per cent."""
    claim, share = facts.overdue, share_of(track, facts)
    if not share:
        return words(f"费用合计 {track.spent}", f"Costs in all {track.spent}")
    return words(f"费用合计 {track.spent}，占逾期 {claim} 的 {share}%",
                 f"Costs in all {track.spent}, {share} % of the {claim} overdue")


def _step(stage: str, fields: Fields, facts: CaseFacts) -> Decision:
    step, track, on = STEPS[stage], track_of(facts), _day(fields, "on", facts)
    court, given_number = str(fields.get("court") or ""), str(fields.get("case_number") or "")
    until = fields.get("perform_by")
    noted = Noted(stage, on, court, given_number, _minor(fields, "amount"),
                  until if isinstance(until, date) else None, str(fields.get("measure") or ""))
    after, served = with_step(track, noted), fields.get("served_on")
    doubt = in_doubt(after, noted, min(served, on) if isinstance(served, date) else None) if stage in ENDED else None
    number = " ".join(part for part in (court, given_number) if part)
    grade: Grade = "A" if fields.get("proof") else "B" if given_number else "C"
    if comes_late(after, noted):
        grade = "C"
    return Decision(
        summary=words(f"{step.labels['zh']}{f'：{number}' if number else ''}",
                      f"{step.labels['en']}{f': {number}' if number else ''}"),
        outcome=stage, grade=grade if step.effect else "", effect=step.effect, next_step=step.then,
        details=(*(consequences(after, noted, doubt) if stage in ENDED else ()),
                 *(said(one, facts.today) for one in timers(after))),
        effects=(kept(after), *((doubt,) if doubt else ()), *_deadlines(after, facts)),
    )  # fmt: skip


def _deadlines(track: Track, facts: CaseFacts) -> tuple[MakeTask, ...]:
    """The periods that run, as legal's next steps: the core ends those of the act before with every act."""
    return tuple(
        MakeTask(words(f"{one.labels['zh']}，{one.ends_on} 届满", f"{one.labels['en']}, ends {one.ends_on}"),
                 max(facts.today, one.ends_on), "next_step", "legal")
        for one in timers(track)[:_MOST_TASKS] if (one.ends_on - facts.today).days <= _FURTHEST)


def said(timer: Timer, today: date) -> Labels:
    """A period in one line: when it ends, by which rule, and whether it is over."""
    left = (timer.ends_on - today).days
    zh = f"已过 {-left} 天" if left < 0 else "今天届满" if not left else f"还有 {left} 天"
    en = f"{-left} days over" if left < 0 else "ends today" if not left else f"{left} days left"
    unsure = ("" if timer.sure else "；节假日安排未公布，按周末推算", "" if timer.sure else "; days off not known yet")
    return words(f"{timer.labels['zh']}：{timer.since} 起，{timer.ends_on} 届满（{timer.rule}），{zh}{unsure[0]}",
                 f"{timer.labels['en']}: from {timer.since}, ends {timer.ends_on} ({timer.rule}), {en}{unsure[1]}")
