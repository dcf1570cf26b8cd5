"""One call: what is asked, what it means, and when to ring again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta

from fieldsales.kernel.telephone import kind_of, plain
from fieldsales.plugin_api import (
    CaseFacts,
    Choice,
    Decision,
    Field,
    Fields,
    Forget,
    Keep,
    MakeTask,
    Problem,
    words,
)
from fieldsales.plugin_api.excuses import CORE_EXCUSES
from fieldsales.plugin_api.fields import Labels
from fieldsales.plugin_api.types import Effect, Effects

#: Calls without an answer, one after another, before another way is proposed; the administrator may set another number.
UNANSWERED = 3
RESULTS = {
    "promised": words("答应付款", "Promised to pay"),
    "delay": words("要求延期", "Asked for delay"),
    "refused": words("拒绝付款", "Refused to pay"),
    "disputed": words("提出异议", "Raised an objection"),
    "callback": words("约好再打", "Asked to be rung again"),
    "no_answer": words("无人接听", "No answer"),
    "wrong_number": words("号码不对", "Wrong number"),
}
#: Results in which nobody of theirs was spoken to.
NOBODY = ("no_answer", "wrong_number")
#: Results in which somebody was told of the debt: a demand, or the debtor's own agreement
#: (诉讼时效规定 art. 14 names a request for delay).
EFFECTS: dict[str, Effect] = {
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
_AGAIN = ("callback", "no_answer", "delay", "promised")

FIELDS = (
    Field("number", "phone", words("电话号码", "Number"), prefill="contact.phone", opens="tel", required_hint=True),
    Field("spoke_with", "text", words("和谁通话", "Spoke with"), words("姓名和职务", "Name and position")),
    Field("result", "choice", words("结果", "Result"), required_hint=True,
          choices=tuple(Choice(code, labels) for code, labels in RESULTS.items())),
    Field("excuse", "choice", words("对方说的理由", "The reason they gave"),
          words("选了就显示怎么回应；记下后会去核实", "Choosing one shows what to answer; it is verified later"),
          choices=tuple(Choice(one.code, one.labels) for one in CORE_EXCUSES),
          when=("result", ("delay", "refused", "disputed", "callback"))),
    Field("said", "prose", words("对方原话", "Their exact words")),
    Field("minutes", "duration", words("通话时长", "Time on the line"), maximum=240),
    Field("call_back_on", "date", words("哪天再打", "Ring again on"), when=("result", _AGAIN)),
    Field("call_back_at", "time", words("几点再打", "At what time"), when=("result", _AGAIN)),
    Field("recording", "recording", words("通话录音", "Recording of the call"),
          words("对方同意才能录音和上传", "Only when they agreed to be recorded")),
)  # fmt: skip


def workday(day: date) -> date:
    """That day, or the Monday after when it is a Saturday or Sunday."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def unanswered(facts: CaseFacts) -> int:
    """How many of the last calls, one after another, nobody answered."""
    count = 0
    for action in facts.actions:
        if action.method != "phone":
            continue
        if action.outcome != "no_answer":
            break
        count += 1
    return count


def most(facts: CaseFacts) -> int:
    """After so many unanswered calls another way is proposed."""
    set_to = facts.settings.get("unanswered", UNANSWERED)
    return set_to if isinstance(set_to, int) else UNANSWERED


def bad_numbers(facts: CaseFacts) -> tuple[str, ...]:
    """Numbers that turned out to be somebody else's, digits alone, newest first."""
    return tuple(one.key for one in facts.kept if one.kind == "bad_number")


def check(fields: Fields, facts: CaseFacts) -> list[Problem]:
    """Warnings only: the call has been made, and its record must be kept. How often is the gate's to say."""
    return list(_warnings(fields, facts))


def _warnings(fields: Fields, facts: CaseFacts) -> Iterator[Problem]:
    back, number, result = fields.get("call_back_on"), str(fields.get("number", "")), fields.get("result")
    if isinstance(back, date) and back < facts.today:
        yield _warning("call_back_on", "再打的日期已过，改为下一个工作日。",
                       "The day to ring again is past; taken as the next working day.")
    kind = kind_of(number) if number else "none"
    if kind == "":
        yield _warning("number", "这不像一个能拨通的号码，请核对。", "This does not look like a number one can dial.")
    elif kind == "local":
        yield _warning("number", "座机请带上区号，别的城市才能拨通。",
                       "Write the area code, or it cannot be dialled from elsewhere.")
    if number and plain(number) in bad_numbers(facts) and result not in NOBODY:
        yield _warning("number", "这个号码以前记为“号码不对”；这次通了，就按通了记。",
                       "This number was noted as wrong before; it is taken as right again.")
    if result == "wrong_number" and not number:
        yield _warning("number", "写下是哪个号码不对，才能标记它。",
                       "Write which number is wrong, so that it can be marked.")
    if result == "no_answer" and fields.get("minutes"):
        yield _warning("minutes", "无人接听却有通话时长，请核对。", "Nobody answered, yet there is time on the line.")


def _warning(field: str, zh: str, en: str) -> Problem:
    return Problem(field, words(zh, en), blocking=False)


def outcome(fields: Fields, facts: CaseFacts) -> Decision:
    """What a call means: who was told, how far that counts, and when to ring again."""
    result = str(fields.get("result", "no_answer"))
    effect = EFFECTS.get(result, "")
    step, on = _next(result, fields, facts)
    return Decision(
        summary=_summary(result, fields),
        outcome=result,
        grade="C" if effect else "",
        effect=effect,
        next_step=step,
        next_on=None if result == "promised" and not _back(fields, facts) else on,
        effects=tuple(_effects(result, fields, facts)),
        details=tuple(_details(result, fields, facts)),
    )


def _summary(result: str, fields: Fields) -> Labels:
    person, minutes = str(fields.get("spoke_with", "")), fields.get("minutes")
    zh = f"电话{f'（{person}）' if person else ''}：{RESULTS[result]['zh']}"
    en = f"Call{f' with {person}' if person else ''}: {RESULTS[result]['en'].lower()}"
    if isinstance(minutes, int) and minutes:
        zh, en = f"{zh}，{minutes} 分钟", f"{en}, {minutes} min"
    return words(zh, en)


def _back(fields: Fields, facts: CaseFacts) -> tuple[date, str] | None:
    """The day and hour agreed on for the next call; a time without a day is today's."""
    on, at = fields.get("call_back_on"), fields.get("call_back_at")
    hour = f"{at:%H:%M}" if isinstance(at, time) else ""
    if isinstance(on, date):
        return (on if on >= facts.today else workday(facts.today + timedelta(days=1))), hour
    return (facts.today, hour) if hour else None


def _next(result: str, fields: Fields, facts: CaseFacts) -> tuple[Labels, date]:
    step, days = NEXT[result]
    back, person = _back(fields, facts), str(fields.get("spoke_with", ""))
    if back:
        whom = (f"（{person}）", f" to {person}") if person else ("", "")
        hour = f"{back[1]} " if back[1] else ""
        return words(f"{hour}再打电话{whom[0]}", f"Ring again{whom[1]}{f' at {back[1]}' if back[1] else ''}"), back[0]
    if result == "no_answer" and unanswered(facts) + 1 >= most(facts):
        step = _other_way(fields, facts)
    return step, workday(facts.today + timedelta(days=days))


def _other_way(fields: Fields, facts: CaseFacts) -> Labels:
    """Nobody answers: another number of theirs, else in writing, else in person."""
    tried = {plain(str(action.fields.get("number", ""))) for action in facts.actions if action.method == "phone"}
    tried |= {plain(str(fields.get("number", ""))), *bad_numbers(facts)}
    other = next((one for one in facts.contacts if one.phone and plain(one.phone) not in tried), None)
    if other is not None:
        return words(f"多次未接：改打{other.name} {other.phone}", f"No answer: ring {other.name}, {other.phone}")
    if any(one.email for one in facts.contacts):
        return words("多次未接：改发邮件并说明已多次致电", "No answer: write by e-mail that calls were made")
    return words("多次未接：上门拜访", "No answer: visit them")


def _effects(result: str, fields: Fields, facts: CaseFacts) -> Iterator[Effects]:
    back, number = _back(fields, facts), str(fields.get("number", ""))
    if back:
        yield Keep("callback", "next", {"on": back[0].isoformat(), "at": back[1], "number": number,
                                        "who": str(fields.get("spoke_with", ""))})  # fmt: skip
    else:
        yield Forget("callback", "next")
    if not number or not plain(number):
        return
    if result == "wrong_number":
        yield Keep("bad_number", plain(number), {"on": facts.today.isoformat(), "number": number})
        yield MakeTask(words(f"号码 {number} 不对：找到新号码并改联系人",
                             f"{number} is wrong: find the new number, change the contact"),
                       workday(facts.today + timedelta(days=1)), "wrong_number")  # fmt: skip
    elif result != "no_answer":
        yield Forget("bad_number", plain(number))


def _details(result: str, fields: Fields, facts: CaseFacts) -> Iterator[Labels]:
    if result == "no_answer":
        n = unanswered(facts) + 1
        yield words(f"连续第 {n} 次无人接听", f"Unanswered, {n} in a row")
    heard = next((one for one in CORE_EXCUSES if one.code == fields.get("excuse")), None)
    if heard is not None:
        yield words(f"对方的理由：{heard.labels['zh']}（待核实）",
                    f"Their reason: {heard.labels['en']} (to be verified)")
    if fields.get("recording"):
        yield words("有录音，对方同意", "Recorded, with their consent")
