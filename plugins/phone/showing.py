"""What the calls to a customer came to, beside his figures."""

from __future__ import annotations

from datetime import date

from fieldsales.plugin_api import CaseFacts, Line, Link, Panel, words

from .calls import NOBODY, RESULTS, bad_numbers, most, unanswered

_LINKS = (Link(words("打电话", "Ring"), "call"), Link(words("记一次通话", "Note a call"), "method/phone"))


def show(facts: CaseFacts) -> Panel | None:
    """Attempts, the last call, the one agreed on and numbers that are wrong; nothing where nobody rang yet."""
    calls = [action for action in facts.actions if action.method == "phone"]
    if not calls and not facts.kept:
        return None
    lines = []
    if calls:
        reached, last = sum(one.outcome not in NOBODY for one in calls), calls[0]
        said = RESULTS.get(last.outcome, words("未判定", "unjudged"))
        lines += [
            Line(words("打过 / 接通", "Calls / answered"), f"{len(calls)} / {reached}"),
            Line(words("最近一次", "Last call"),
                 words(f"{last.on:%m-%d} {said['zh']}", f"{last.on:%m-%d} {said['en']}")),
        ]
    missed = unanswered(facts)
    if missed:
        lines.append(Line(words("连续未接", "Unanswered in a row"), missed, "bad" if missed >= most(facts) else "warn"))
    for kept in facts.kept:
        if kept.kind == "callback":
            on, at = date.fromisoformat(str(kept.body["on"])), str(kept.body.get("at", ""))
            text = words(f"{on.month}月{on.day}日 {at}".strip(), f"{on:%m-%d} {at}".strip())
            lines.append(Line(words("约好再打", "To ring again"), text, "bad" if on < facts.today else "warn"))
    if bad_numbers(facts):
        lines.append(Line(words("号码不对", "Wrong numbers"), "、".join(bad_numbers(facts))[:200], "bad"))
    return Panel(tuple(lines), links=_LINKS)
