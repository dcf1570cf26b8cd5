"""``python3 -m fieldsales x email due``: who is to be written to, at which level."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fieldsales.plugin_api import CliCommand, CommandFacts, Field, words
from fieldsales.plugin_api.fields import Value

from .writing import STEP, level_of, open_promise


def due(options: Mapping[str, Value], facts: CommandFacts) -> Iterator[str | int]:
    """One line a customer: number, name, what is overdue, level; exit code 3 when there is nobody.

    Whoever has an address that works, no open promise, and had no mail for so many days.
    """
    days = options.get("days")
    quiet, count = days if isinstance(days, int) else STEP.days, 0
    for case in facts.overdue():
        last = case.last("email")
        rested = last is None or (facts.today - last.on).days >= quiet
        if rested and not open_promise(case) and any(one.email for one in case.contacts):
            count += 1
            yield f"{case.customer.code}\t{case.customer.name}\t{case.overdue}\t{level_of(case)}"
    if not count:
        yield 3


DUE = CliCommand(
    "due", words("该发催款邮件的客户和级别", "Who is to be written to by mail, and at which level"), due,
    (Field("days", "number", words("上一封之后至少几天", "Days since the last mail, at least"), minimum=1,
           maximum=365),),
)
