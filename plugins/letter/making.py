"""What letter and fax have in common: questions, the rules before a new one, how a paper is asked for."""

from __future__ import annotations

from datetime import date, timedelta

from fieldsales.plugin_api import CaseFacts, Choice, Field, Fields, Problem, words

from .thread import ORDER, TONES, held_up_by, next_tone, proof_days

#: Days a debtor is given when neither letter nor settings name any.
DAYS_TO_PAY = 7
SIGNERS = {
    "legal_representative": words("法定代表人", "Legal representative"),
    "person_in_charge": words("主要负责人", "Person in charge"),
    "mailroom": words("收发部门", "Mail department"),
    "authorised": words("受托签收人", "Authorised person"),
    "other": words("其他人", "Somebody else"),
}


def stage_of(fields: Fields) -> str:
    """The stage, "make" when it was not said."""
    return str(fields.get("stage", "make"))


def choices(named: dict[str, object]) -> tuple[Choice, ...]:
    """Choices from a table of codes and labels."""
    return tuple(Choice(code, labels) for code, labels in named.items())  # type: ignore[arg-type]


#: What is asked when a paper is made.
MAKING = (
    Field("tone", "choice", words("语气", "Tone"), choices=choices({**TONES}), when=("stage", ("make",)),
          hint=words("不选则按顺序取下一档：友好提醒、正式催告、最后催告",
                     "Left open: the next in order, friendly, firm, final")),
    Field("lang", "choice", words("语言", "Language"), when=("stage", ("make",)),
          choices=(Choice("zh", words("中文", "Chinese")), Choice("en", words("英文", "English")),
                   Choice("zh_en", words("中英对照，以中文为准", "Both, the Chinese prevails")))),
    Field("pay_by", "date", words("要求付款日", "To be paid by"), when=("stage", ("make",))),
    Field("note", "prose", words("附言", "Note"), when=("stage", ("make",)), maximum=900),
    Field("exception", "text", words("例外理由", "Reason for an exception"), when=("stage", ("make",)),
          hint=words("上一封尚未证实送达或不按语气顺序时填写，写入记录",
                     "When the last one is not proven yet, or tones are skipped; it goes on record")),
)  # fmt: skip


def days_to_pay(facts: CaseFacts) -> int:
    """Days a debtor is given to pay."""
    given = facts.settings.get("days_to_pay")
    return given if isinstance(given, int) and given > 0 else DAYS_TO_PAY


def pay_by_of(fields: Fields, facts: CaseFacts) -> date:
    """The day to pay by: the one named, else so many days from today."""
    given = fields.get("pay_by")
    return given if isinstance(given, date) else facts.today + timedelta(days=days_to_pay(facts))


def tone_of(fields: Fields, facts: CaseFacts) -> str:
    """The tone chosen, else the one whose turn it is."""
    return str(fields.get("tone") or next_tone(facts))


def values_of(fields: Fields, facts: CaseFacts) -> dict[str, str]:
    """What a demand letter prints besides the figures, which are the core's."""
    return {
        "tone": tone_of(fields, facts),
        "pay_by": pay_by_of(fields, facts).isoformat(),
        "address": str(fields.get("address") or (facts.debtor.address if facts.debtor else "")),
        "note": str(fields.get("note", "")),
        "lang": str(fields.get("lang", "zh")),
    }


def before_a_new_one(fields: Fields, facts: CaseFacts, method: str) -> list[Problem]:
    """What stands in the way of another letter: no debt, a day past, the last one on its way, a tone out of order."""
    found = []
    if facts.balance.minor <= 0:
        found.append(Problem("", words("该客户没有未收款，不能出催告函。",
                                       "Nothing is open, so there is nothing to demand.")))
    pay_by = fields.get("pay_by")
    if isinstance(pay_by, date) and pay_by < facts.today:
        found.append(Problem("pay_by", words("要求付款日不能早于今天。", "The day to pay by must not be past.")))
    found += _out_of_turn(fields, facts, method)
    if facts.disputes:
        found.append(Problem("", words("有未处理的争议：函中仍写明全部欠款，并请先答复争议。",
                                       "A dispute is open: the letter states the whole debt; answer the dispute too."),
                             blocking=False))
    return found  # fmt: skip


def _out_of_turn(fields: Fields, facts: CaseFacts, method: str) -> list[Problem]:
    """Blocking, unless a person gives a reason: then it is a warning that stays on record with the reason."""
    found, reason = [], str(fields.get("exception", "")).strip()
    zh, en = (f"例外理由：{reason}", f" Reason for the exception: {reason}") if reason else ("", "")
    last = held_up_by(facts, method)
    if last is not None:
        free_on = last.free_on(proof_days(facts))
        found.append(Problem("exception", words(
            f"{last.made_on:%Y-%m-%d} 出的上一封（{TONES[last.tone]['zh']}）尚未证实送达：补录签收，"
            f"或等到 {free_on:%Y-%m-%d}，或写明例外理由。{zh}",
            f"The last one, of {last.made_on:%Y-%m-%d} ({TONES[last.tone]['en'].lower()}), is not proven to have "
            f"arrived: note its arrival, wait until {free_on:%Y-%m-%d}, or give a reason.{en}"), blocking=not reason))
    tone, turn = tone_of(fields, facts), next_tone(facts)
    if ORDER.index(tone) > ORDER.index(turn):
        found.append(Problem("tone", words(
            f"语气按顺序来：现在轮到“{TONES[turn]['zh']}”。要直接用“{TONES[tone]['zh']}”，请写明例外理由。{zh}",
            f"Tones go in order: the turn is {TONES[turn]['en'].lower()}. To use {TONES[tone]['en'].lower()} now, "
            f"give a reason.{en}"), blocking=not reason))
    return found  # fmt: skip
