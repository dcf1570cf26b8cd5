"""What was said on a visit, and how far it counts.

What is said face to face is asserted (grade C) until it is written: an oral promise or a request
to set off is the debtor's agreement (诉讼时效规定 art. 14), being asked and refusing is a demand
(民法典 art. 195(1)), a visit at which money was not spoken of is neither. A plan or statement signed
on the spot counts by itself, with its own proof.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from fieldsales.plugin_api import CaseFacts, Decision, Fields, MakeTask, words
from fieldsales.plugin_api.fields import Labels
from fieldsales.plugin_api.types import Effect

#: outcome of the visit -> (said, effect, next step, days until then)
MEANINGS = {
    "paid": (words("拜访：已付款，待财务确认", "Visit: paid, awaiting finance"), "",
             words("财务确认到账", "Finance confirms the money"), 1),
    "promised": (words("拜访：承诺付款", "Visit: promised to pay"), "agreement",
                 words("承诺到期前一天提醒", "Remind a day before it falls due"), None),
    "oral_only": (words("拜访：口头同意，拒绝签字", "Visit: agreed by mouth, would not sign"), "agreement",
                  words("当天发确认信息，留回复截图", "Send the confirmation today; keep the reply"), 0),
    "absent": (words("拜访：负责人不在", "Visit: the person in charge was away"), "",
               words("约好时间再去", "Fix a time and go again"), 2),
    "set_off_asked": (words("拜访：要求退货或返利抵款", "Visit: asked to set off returns or rebates"), "agreement",
                      words("主管处理申请，其余部分继续催", "Manager decides; keep asking for the rest"), 3),
    "account_differs": (words("拜访：对账不符", "Visit: the accounts differ"), "demand",
                        words("逐笔对账，无争议部分签对账单", "Reconcile; sign the undisputed part"), 2),
    "refused": (words("拜访：拒绝付款", "Visit: refused to pay"), "demand",
                words("寄催告函，报主管", "Send a demand letter; tell the manager"), 1),
}  # fmt: skip
KINDS = {"plan": words("还款计划", "repayment plan"), "statement": words("对账单", "statement of account")}


def outcome(fields: Fields, facts: CaseFacts) -> Decision | None:
    """Judge a logged visit; None when money was not spoken of."""
    if facts.trigger is None:
        return None
    data = facts.trigger.data
    result = str(data.get("outcome", ""))
    if result not in MEANINGS or not facts.balance:
        return None
    summary, effect, step, days = MEANINGS[result]
    papers = _papers(data.get("papers"))
    agreed_on = data.get("next_on")
    next_on = None if days is None else facts.today + timedelta(days=days)
    if isinstance(agreed_on, date) and agreed_on >= facts.today:
        next_on = agreed_on
    kind: Effect = effect  # type: ignore[assignment]
    return Decision(
        summary=_met(summary, data.get("persons")),
        outcome=result,
        grade="C" if kind else "",
        effect=kind,
        next_step=words(str(data["next_step"]), str(data["next_step"])) if data.get("next_step") else step,
        next_on=next_on,
        effects=tuple(_effects(result, papers, facts)),
        details=tuple(_details(data.get("minutes"), papers)),
    )


def _met(summary: Labels, persons: object) -> Labels:
    met = [str(name) for name in _list(persons)][:3]
    if not met:
        return summary
    return words(f"{summary['zh']}（见到{'、'.join(met)}）", f"{summary['en']} (met {', '.join(met)})")


def _list(given: object) -> tuple[object, ...]:
    return tuple(given) if isinstance(given, tuple | list) else ()


def _papers(given: object) -> tuple[tuple[str, str], ...]:
    """(kind, number) of what was signed on the spot."""
    named = [str(one).partition(" ") for one in _list(given)]
    return tuple((kind, number) for kind, _, number in named if kind in KINDS)


def _effects(result: str, papers: tuple[tuple[str, str], ...], facts: CaseFacts) -> Iterator[MakeTask]:
    """What was agreed by mouth alone is confirmed in writing the same day; a plan that was signed says it already."""
    if result == "oral_only" and not any(kind == "plan" for kind, _ in papers):
        yield MakeTask(words("发确认信息并保存回复截图", "Send the confirmation and keep the reply"), facts.today,
                       "confirm_in_writing")  # fmt: skip


def _details(minutes: object, papers: tuple[tuple[str, str], ...]) -> Iterator[Labels]:
    if isinstance(minutes, int):
        yield words(f"在店 {minutes} 分钟（按手机时钟）", f"{minutes} min on site (by the phone's clock)")
    for kind, number in papers:
        yield words(f"当场签了{KINDS[kind]['zh']} {number}".strip(),
                    f"Signed on the spot: {KINDS[kind]['en']} {number}".strip())
