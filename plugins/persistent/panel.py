"""What was agreed a day, what came, and how long nothing has come. Nothing of a class stands here."""

from __future__ import annotations

from fieldsales.plugin_api import CaseFacts, CustomerPanel, Line, Link, Money, Panel, Table, words

from .days import days_of, limit_of

STATES = {
    "running": words("进行中", "Running"), "stopped": words("已停止，由法务处理", "Stopped, legal goes on"),
    "handed_over": words("已转法务", "Handed over to legal"),
}


def show(facts: CaseFacts) -> Panel | None:
    """Nothing while it has not begun."""
    days = days_of(facts)
    if not days.state:
        return None
    lines = [Line(words("状态", "State"), STATES[days.state], "" if days.state == "running" else "warn")]
    if days.count:
        lines.append(Line(words("约定", "Agreed"), words(
            f"每天 {Money(days.minor, days.currency)}，共 {days.count} 天",
            f"{Money(days.minor, days.currency)} a day, {days.count} days")))
        paid = f"{days.received} / {days.agreed}"
        lines.append(Line(words("已付", "Paid"), paid))
    day = days.next_day(facts.today)
    running = days.state == "running"
    if day and running:
        lines.append(Line(words("下一笔", "Next"), day))
    dry, limit = days.dry_days(facts.today), limit_of(facts.settings)
    if running:
        lines.append(Line(words("没有回款", "Without money"), words(f"{dry} 天（{limit} 天转法务）",
                                                                f"{dry} days (legal after {limit})"),
                          "bad" if dry >= limit else "warn" if dry >= limit - 2 else ""))
    rows = tuple((on, Money(minor, days.currency)) for on, minor in reversed(days.paid[-10:]))
    table = Table((words("日期", "On"), words("金额", "Amount")), rows) if rows else None
    links = (Link(words("登记今天", "Note today"), "method/persistent"),) if running else ()
    return Panel(tuple(lines), table, links)


PANEL = CustomerPanel("close_follow_up", words("紧盯", "Close follow-up"), show, roles=("rep", "manager", "legal"))
