"""Is the file ready: what a payment order, a suit, preservation and enforcement each need, and what is missing. Pure.

Sources: 民诉法 arts. 104, 122, 225, 250, 民诉解释 arts. 427, 428, 买卖合同解释 art. 1, 财产保全规定 arts. 5
and 7–10 (security: before a suit the whole sum, in one at most 30 %; a policy or a bank's guarantee will do); all read.
Not legal advice.
"""

from __future__ import annotations

from dataclasses import dataclass

from fieldsales.plugin_api import CaseFacts, words
from fieldsales.plugin_api.fields import Labels

from .costs import order_fee, suit_fee
from .track import Track, performance_ends, timers

#: Disputes that contest the debt itself; a request to set off a rebate does not by itself.
CONTESTS = ("quality", "not_received", "price", "account")
#: What shows property that a court could freeze.
_PROPERTY = ("asset", "bank", "photo", "payment_slip", "visit")
UNNAMED = words("缺财产线索：账户、车辆、房产、应收款", "No property named: account, cars, real estate, claims")
NAMED = words("财产线索已在本次填写中写明", "Property is named in this form")


@dataclass(frozen=True, slots=True)
class Item:
    """One condition of a payment order, whether it is met, and what to say of it."""

    met: bool
    said: Labels


_PRESERVED = Item(False, words("已申请诉前保全，不能再申请支付令，应起诉（民诉解释 427）",
                               "Preserved before suit: no payment order any more, sue (民诉解释 427)"))


def _papers(facts: CaseFacts, kind: str) -> int:
    return sum(one.kind == kind for one in facts.evidence) + sum(kind in one.papers for one in facts.invoices)


def _undelivered(facts: CaseFacts) -> list[str]:
    noted = {one.invoice_number for one in facts.evidence if one.kind == "delivery_note"}
    return [
        one.number for one in facts.invoices
        if one.due_on < facts.today and "delivery_note" not in one.papers and one.number not in noted
    ]  # fmt: skip


def _debt_proof(facts: CaseFacts) -> Item:
    if facts.plans or facts.statements:
        number = (facts.plans or facts.statements)[0].number
        return Item(True, words(f"债务人签字的债权凭证：{number}", f"The debt acknowledged in writing: {number}"))
    missing = _undelivered(facts)
    if _papers(facts, "contract") and not missing:
        return Item(True, words("合同和全部签收单在案", "Contract and every delivery note on file"))
    parts_zh = [] if _papers(facts, "contract") else ["合同"]
    parts_en = [] if _papers(facts, "contract") else ["contract"]
    if missing:
        named = "、".join(missing[:5])
        parts_zh.append(f"{len(missing)} 张签收单（{named}{'…' if len(missing) > 5 else ''}）")
        parts_en.append(f"{len(missing)} delivery notes ({', '.join(missing[:5])}{'…' if len(missing) > 5 else ''})")
    return Item(False, words(f"缺签字的对账单或还款计划，或补齐：{'、'.join(parts_zh)}",
                             f"Needs a signed statement or plan, or else: {', '.join(parts_en)}"))  # fmt: skip


def _dispute(facts: CaseFacts) -> Item:
    contested = [one for one in facts.disputes if one.kind in CONTESTS]
    if contested:
        return Item(False, words(f"有 {len(contested)} 项未解决的争议，不能申请支付令，应先处理或起诉",
                                 f"{len(contested)} open disputes: no payment order until solved; or sue"))  # fmt: skip
    return Item(True, words("没有未解决的债务争议", "No open dispute of the debt"))


def _debtor(facts: CaseFacts) -> Item:
    debtor = facts.debtor
    gaps = [
        pair for pair, there in (
            (("债务人法定名称", "the debtor's legal name"), debtor and debtor.name),
            (("统一社会信用代码或身份证号", "the debtor's registration number"), debtor and debtor.reg_no),
            (("能送达的地址", "an address for service"), debtor and debtor.address),
        ) if not there
    ]  # fmt: skip
    if gaps:
        return Item(False, words(f"缺{'、'.join(zh for zh, _ in gaps)}", f"Missing: {', '.join(en for _, en in gaps)}"))
    assert debtor is not None
    served = f"{debtor.name}，{debtor.address}"
    return Item(True, words(f"可送达：{served}", f"Can be served: {served}"))


def for_order(facts: CaseFacts, track: Track | None = None) -> list[Item]:
    """The conditions of a payment order for this case, in the order a court looks at them; the last may be missing.
    Whoever had property preserved before a suit gets none (民诉解释 427): the application says that he did not."""
    due = facts.overdue.minor > 0
    frozen = track is not None and track.last("pre_frozen") is not None
    interest = bool(facts.plans) or _papers(facts, "contract") > 0
    return [
        Item(due, words(f"已到期、数额确定：{facts.overdue}", f"Due and certain: {facts.overdue}")
             if due else words("没有已到期的欠款", "Nothing is due yet")),
        _debt_proof(facts),
        _dispute(facts),
        _debtor(facts),
        *([_PRESERVED] if frozen else ()),
        Item(interest, words("凭证约定了逾期利息", "A paper stipulates late interest") if interest
             else words("没有约定利息的凭证：只能申请本金", "No paper stipulates interest: principal only")),
    ]  # fmt: skip


def for_suit(facts: CaseFacts) -> list[Item]:
    """What a suit needs (民诉法 122): a dispute does not stand in its way, it is what the suit is about."""
    contested = sum(one.kind in CONTESTS for one in facts.disputes)
    return [
        for_order(facts)[0], _debt_proof(facts), _debtor(facts),
        Item(not contested, words("没有未答复的争议", "No dispute is unanswered") if not contested else
             words(f"有 {contested} 项争议未答复：先写出我方的答复和证据",
                   f"{contested} disputes unanswered: put our answer and proof in writing first")),
    ]  # fmt: skip


def for_preservation(facts: CaseFacts) -> list[Item]:
    """What preservation needs: a claim, property that is named, and security (before a suit always: 民诉法 104)."""
    found = sum(one.kind in _PROPERTY for one in facts.evidence)
    return [
        for_order(facts)[0], _debtor(facts),
        Item(bool(found), words(f"财产线索 {found} 份在案", f"{found} proofs of property on file") if found else
             UNNAMED),
        Item(False, words("担保：诉前须相当于保全数额，诉中最多三成，保函、责任险保单也行（财产保全规定 5、7、8）",
                          "Security: before a suit the whole sum, in one at most 30 %; a guarantee or policy will do "
                          "(财产保全规定 5, 7, 8)")),
    ]  # fmt: skip


def for_enforcement(facts: CaseFacts, track: Track) -> list[Item]:
    """What enforcement needs: something final, its two years not over (民诉法 250), and property."""
    ends = performance_ends(track)
    limit = next((one for one in timers(track) if one.code == "enforce"), None)
    over = limit is not None and limit.ends_on < facts.today
    return [
        Item(ends is not None, words("有生效的裁判或支付令", "A final judgement or order is on record") if ends else
             words("没有生效的裁判或支付令在案", "No final judgement or order is on record")),
        Item(not over, words(f"两年申请期已于 {limit.ends_on} 届满", f"The two years ended on {limit.ends_on}")
             if over and limit else words("两年申请执行期内", "Within the two years")),
        _debtor(facts), for_preservation(facts)[2],
    ]  # fmt: skip


def advice(facts: CaseFacts) -> Labels:
    """Which way is the cheaper one that is open: a payment order at a third of the fee, else a suit."""
    if any(one.kind in CONTESTS for one in facts.disputes):
        return words("有争议：支付令走不通，准备起诉", "The debt is contested: a payment order fails, prepare a suit")
    if facts.currency != "CNY" or facts.overdue.minor <= 0:
        return words("债务清楚、能送达的，先用支付令", "A clear debt that can be served: payment order first")
    cheap, dear = order_fee(facts.overdue), suit_fee(facts.overdue)
    return words(f"债务清楚、能送达的，先用支付令（费用 {cheap}，起诉 {dear}）",
                 f"A clear debt that can be served: payment order first (fee {cheap}, a suit {dear})")


def missing(items: list[Item], optional: int = 0) -> int:
    """How many conditions are not met, the last ``optional`` ones aside."""
    counted = items[:-optional] if optional else items
    return sum(not item.met for item in counted)
