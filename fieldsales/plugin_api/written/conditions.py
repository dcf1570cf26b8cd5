"""The closed list of conditions a written method may ask: of an answer, of the case, of what was done before.

Each is a row of one table: its words, what else it needs to be told, how it is judged, and the same judgement as Python
for a method that is exported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fieldsales.plugin_api.facts import CaseFacts
from fieldsales.plugin_api.fields import Labels, Value, words
from fieldsales.plugin_api.saying import day_of, size_of, uses_within


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a method. ``field``, ``values``, ``value``, ``days``: what its test needs, else empty."""

    test: str
    field: str = ""
    values: tuple[str, ...] = ()
    value: int = 0
    days: int = 0


@dataclass(frozen=True, slots=True)
class Case:
    """What conditions are judged on. ``method``: the method's own name."""

    fields: Mapping[str, Value]
    facts: CaseFacts
    method: str


_ANY: tuple[str, ...] = ()
_SIZES = ("money", "number", "duration")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of condition. ``asks``: which of field, values, value, days it needs; ``types``: of which fields.

    ``python``: the same as an expression over ``fields`` and ``facts``, with {field}, {values}, {value}, {days} and
    {name} to be filled in.
    """

    labels: Labels
    holds: Callable[[Condition, Case], bool]
    python: str
    asks: tuple[str, ...] = ()
    types: tuple[str, ...] = _ANY


def _size(one: Condition, case: Case) -> int:
    return size_of(case.fields, one.field) or 0


KINDS: Mapping[str, Kind] = {
    "answered": Kind(words("已填写", "was answered"), lambda one, case: one.field in case.fields,
                     "{field} in fields", ("field",)),
    "missing": Kind(words("没有填写", "was not answered"), lambda one, case: one.field not in case.fields,
                    "{field} not in fields", ("field",)),
    "is": Kind(words("答案是", "the answer is"),
               lambda one, case: case.fields.get(one.field) in one.values,
               "fields.get({field}) in {values}", ("field", "values"), ("choice",)),
    "is_not": Kind(words("答案不是", "the answer is not"),
                   lambda one, case: case.fields.get(one.field) not in one.values,
                   "fields.get({field}) not in {values}", ("field", "values"), ("choice",)),
    "yes": Kind(words("答了“是”", "the answer is yes"), lambda one, case: case.fields.get(one.field) is True,
                "fields.get({field}) is True", ("field",), ("bool",)),
    "no": Kind(words("没有答“是”", "the answer is not yes"), lambda one, case: case.fields.get(one.field) is not True,
               "fields.get({field}) is not True", ("field",), ("bool",)),
    "at_least": Kind(words("不少于", "it is at least"), lambda one, case: _size(one, case) >= one.value,
                     "(size_of(fields, {field}) or 0) >= {value}", ("field", "value"), _SIZES),
    "above_balance": Kind(words("金额超过未付总额", "the amount is above all that is open"),
                          lambda one, case: _size(one, case) > case.facts.balance.minor,
                          "(size_of(fields, {field}) or 0) > facts.balance.minor", ("field",), ("money",)),
    "above_overdue": Kind(words("金额超过已逾期部分", "the amount is above the part overdue"),
                          lambda one, case: _size(one, case) > case.facts.overdue.minor,
                          "(size_of(fields, {field}) or 0) > facts.overdue.minor", ("field",), ("money",)),
    "in_future": Kind(words("日期在今天以后", "the date lies after today"),
                      lambda one, case: (day_of(case.fields, one.field) or case.facts.today) > case.facts.today,
                      "(day_of(fields, {field}) or facts.today) > facts.today", ("field",), ("date",)),
    "in_past": Kind(words("日期在今天以前", "the date lies before today"),
                    lambda one, case: (day_of(case.fields, one.field) or case.facts.today) < case.facts.today,
                    "(day_of(fields, {field}) or facts.today) < facts.today", ("field",), ("date",)),
    "nothing_open": Kind(words("没有未收款", "nothing is open"), lambda one, case: case.facts.balance.minor <= 0,
                         "facts.balance.minor <= 0"),
    "nothing_overdue": Kind(words("没有逾期款", "nothing is overdue"), lambda one, case: case.facts.overdue.minor <= 0,
                            "facts.overdue.minor <= 0"),
    "owes_at_least": Kind(words("未付总额不少于", "all that is open is at least"),
                          lambda one, case: case.facts.balance.minor >= one.value,
                          "facts.balance.minor >= {value}", ("value",)),
    "late_days": Kind(words("逾期天数不少于", "it is overdue by at least so many days"),
                      lambda one, case: case.facts.days_past_due >= one.days,
                      "facts.days_past_due >= {days}", ("days",)),
    "open_dispute": Kind(words("有未处理的争议", "a dispute is open"), lambda one, case: bool(case.facts.disputes),
                         "bool(facts.disputes)"),
    "open_promise": Kind(words("有待履行的付款承诺", "a promise to pay is open"),
                         lambda one, case: any(promise.state == "open" for promise in case.facts.promises),
                         'any(promise.state == "open" for promise in facts.promises)'),
    "open_plan": Kind(words("有执行中的还款计划", "a repayment plan is running"),
                      lambda one, case: any(plan.state == "open" for plan in case.facts.plans),
                      'any(plan.state == "open" for plan in facts.plans)'),
    "supply_stopped": Kind(words("已停货", "supply is stopped"), lambda one, case: case.facts.customer.supply_stopped,
                           "facts.customer.supply_stopped"),
    "used_before": Kind(words("近几天内用过这种方式", "this way was used within so many days"),
                        lambda one, case: uses_within(case.facts, case.method, one.days) > 0,
                        "uses_within(facts, {name}, {days}) > 0", ("days",)),
}  # fmt: skip


def holds(conditions: tuple[Condition, ...], case: Case) -> bool:
    """Whether all conditions hold; none at all hold always."""
    return all(KINDS[one.test].holds(one, case) for one in conditions)


def as_python(one: Condition, method: str) -> str:
    """The condition as a Python expression over ``fields`` and ``facts``."""
    values = repr_of(one.values) if len(one.values) != 1 else f"({quoted(one.values[0])},)"
    return KINDS[one.test].python.format(
        field=quoted(one.field), values=values, value=f"{one.value:_}", days=one.days, name=quoted(method))


def repr_of(values: tuple[str, ...]) -> str:
    """A tuple of texts as Python source."""
    return f"({', '.join(map(quoted, values))})"


def quoted(text: str) -> str:
    """A text as Python source, in double quotes."""
    inner = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{inner}"'
