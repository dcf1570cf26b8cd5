"""By telephone (电话): dial, say what came of it, and when to ring again.

A call alone proves little: what was said is asserted (grade C) until it is confirmed in writing.
"""

from __future__ import annotations

from datetime import date, timedelta

from fieldsales.plugin_api import (
    CaseFacts,
    Choice,
    CollectionMethod,
    Decision,
    Field,
    Fields,
    Problem,
    hookimpl,
    words,
)

RESULTS = {
    "promised": words("答应付款", "Promised to pay"),
    "delay": words("要求延期", "Asked for delay"),
    "refused": words("拒绝付款", "Refused to pay"),
    "disputed": words("提出异议", "Raised an objection"),
    "callback": words("约好再打", "Asked to be rung again"),
    "no_answer": words("无人接听", "No answer"),
    "wrong_number": words("号码不对", "Wrong number"),
}
#: Results in which somebody was told of the debt: a demand, or the debtor's own agreement
#: (诉讼时效规定 art. 14 names a request for delay).
EFFECTS = {
    "promised": "agreement", "delay": "agreement", "refused": "demand", "disputed": "demand", "callback": "demand",
}  # fmt: skip
NEXT = {
    "promised": (words("记下承诺：金额、日期、付款人", "Write the promise down: amount, day, payer"), 0),
    "delay": (words("发确认信息，约定具体日期", "Confirm in writing and fix a day"), 1),
    "refused": (words("上门拜访", "Visit them"), 2),
    "disputed": (words("核实异议，无争议部分继续催", "Verify the objection; keep asking for the rest"), 1),
    "callback": (words("再打电话", "Ring again"), 1),
    "no_answer": (words("换个时间再打", "Ring again at another time"), 1),
    "wrong_number": (words("核对号码，必要时上门", "Find the right number, or visit"), 1),
}

FIELDS = (
    Field("number", "phone", words("电话号码", "Number"), prefill="contact.phone", opens="tel", required_hint=True),
    Field("spoke_with", "text", words("和谁通话", "Spoke with"), words("姓名和职务", "Name and position")),
    Field("result", "choice", words("结果", "Result"), required_hint=True,
          choices=tuple(Choice(code, labels) for code, labels in RESULTS.items())),
    Field("said", "prose", words("对方原话", "Their exact words")),
    Field("minutes", "number", words("通话分钟", "Minutes"), minimum=0, maximum=240),
    Field("call_back_on", "date", words("哪天再打", "Ring again on"),
          when=("result", ("callback", "no_answer", "delay", "promised"))),
)  # fmt: skip


def workday(day: date) -> date:
    """That day, or the Monday after when it is a Saturday or Sunday."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def check(fields: Fields, facts: CaseFacts) -> list[Problem]:
    """Warnings only: the call has been made, and its record must be kept. How often is the gate's to say."""
    found = []
    back = fields.get("call_back_on")
    if isinstance(back, date) and back < facts.today:
        found.append(Problem("call_back_on", words("再打的日期已过，改为下一个工作日。",
                                                   "The day to ring again is past; taken as the next working day."),
                             blocking=False))
    return found  # fmt: skip


def outcome(fields: Fields, facts: CaseFacts) -> Decision:
    """What a call means: who was told, how far that counts, and when to ring again."""
    result = str(fields.get("result", "no_answer"))
    step, days = NEXT[result]
    next_on = workday(facts.today + timedelta(days=days))
    back = fields.get("call_back_on")
    if isinstance(back, date) and back >= facts.today:
        next_on = back
    person = str(fields.get("spoke_with", ""))
    minutes = fields.get("minutes")
    zh = f"电话{f'（{person}）' if person else ''}：{RESULTS[result]['zh']}"
    en = f"Call{f' with {person}' if person else ''}: {RESULTS[result]['en'].lower()}"
    if isinstance(minutes, int) and minutes:
        zh, en = f"{zh}，{minutes} 分钟", f"{en}, {minutes} min"
    effect = EFFECTS.get(result, "")
    return Decision(
        summary=words(zh, en),
        outcome=result,
        grade="C" if effect else "",
        effect=effect,  # type: ignore[arg-type]
        next_step=step,
        next_on=None if result == "promised" and not isinstance(back, date) else next_on,
    )


METHOD = CollectionMethod(
    name="phone",
    labels=words("电话", "Phone"),
    hint=words("拨号，回来记结果", "Dial, then note what came of it"),
    fields=FIELDS,
    check=check,
    outcome=outcome,
    cost_minor=300,
    reach="phone",
)


@hookimpl
def collection_methods() -> list[CollectionMethod]:
    """The one method of this plugin."""
    return [METHOD]
