"""The pace of close follow-up, as a rule of contact: tight, capped, and over at the first objection. Pure.

Sources: 民法典 1032–1033 (no disturbance), 2013 寻衅滋事解释 art. 1 ¶3 (going on after 批评制止 or a warning),
治安管理处罚法; the figures are the house's own, within the core's gate. Not legal advice.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from fieldsales.plugin_api import ALLOW, ComplianceRule, ContactQuestion, Ruling, words

NAME = "persistent"
#: Policy of 2026-11-22, the house's own: demands a day and in seven days, counted over everybody and every way, and
#: the hours of the debtor's place in which anybody rings, texts or goes there.
A_DAY, A_WEEK, FROM_HOUR, TO_HOUR = 1, 5, 9, 18
WEEK = timedelta(days=7)
AT_ONCE = ("call", "message", "visit")


def judge(question: ContactQuestion) -> Ruling:
    """Stricter for customers this pace was approved for; after any stop its own way is closed to all but law."""
    if question.stops and question.method == NAME:
        return Ruling("stopped")
    if question.faith != "bad_faith" or question.purpose != "demand":
        return ALLOW
    return max((_hours(question), _daily(question), _weekly(question)),
               key=lambda one: one.until or question.at)


def _midnight(there: datetime, days: int = 0, hour: int = 0) -> datetime:
    day = (there + timedelta(days=days)).replace(hour=hour, minute=0, second=0, microsecond=0)
    return day.astimezone(UTC)


def _hours(question: ContactQuestion) -> Ruling:
    there = question.there
    if question.channel not in AT_ONCE or FROM_HOUR <= there.hour < TO_HOUR:
        return ALLOW
    return Ruling("hours", _midnight(there, 0 if there.hour < FROM_HOUR else 1, FROM_HOUR))


def _daily(question: ContactQuestion) -> Ruling:
    today = question.there.date()
    zone = question.there.tzinfo
    made = sum(one.demand and one.at.astimezone(zone).date() == today for one in question.made
               if one.at <= question.at)
    return Ruling("daily", _midnight(question.there, 1)) if made >= A_DAY else ALLOW


def _weekly(question: ContactQuestion) -> Ruling:
    week = sorted((one.at for one in question.made if one.demand and question.at - WEEK < one.at <= question.at),
                  reverse=True)
    return Ruling("weekly", week[A_WEEK - 1] + WEEK) if len(week) >= A_WEEK else ALLOW


RULE = ComplianceRule(
    "close_pace", words("紧盯的节奏", "Pace of close follow-up"),
    words("民法典 1032–1033、2013 寻衅滋事解释 1：每天一次、七天五次、9–18 点，反对或警告即停（本公司尺度）",
          "民法典 1032-1033, 2013 寻衅滋事解释 art. 1: once a day, five times in seven, 9-18 h, over at an objection "
          "or a warning (the house's own measure)"),
    {"stopped": words("对方已反对、请我们离开或有警方警告：这种方式停止，转法务",
                      "They objected, asked us to leave, or the police warned us: this way is over, law takes over"),
     "daily": words("今天已经要过一次款，明天再说", "Money was asked for once today: tomorrow again"),
     "weekly": words("七天内已要款五次", "Money was asked for five times in seven days"),
     "hours": words("紧盯只在 9 点到 18 点联系", "Close follow-up keeps to 9-18 h")}, judge)
