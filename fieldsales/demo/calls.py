"""A morning's queue: calls agreed on by the hour, one missed, one that nobody answers, a wrong number; two visits
planned and a stock counted. Told only where the plugins for it are there."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from fieldsales.collection.messages import AddTask, TakeAction
from fieldsales.collection.queries import PLANNED_VISIT
from fieldsales.kernel.ids import uuid7
from fieldsales.receivables.models import CustomerMoney
from fieldsales.store.base import table_of

if TYPE_CHECKING:
    from fieldsales.demo.story import Met, Stage

GOODS = ("不锈钢合页 4 寸", "盒"), ("PPR 水管 DN25", "根")
#: Customers whose stories are told elsewhere, and in tests: nothing is added to them.
TOLD = {"KH0033", "KH0021", "KH0019", "KH0027", "KH0035"}


def tell(stage: Stage, met: dict[str, Met]) -> None:
    """王芳's calls and visits."""
    rep = stage.people["wangfang"]
    mine = _small_debts(stage, [one for code, one in sorted(met.items())
                                if one.owner == rep and code not in TOLD and one.contact])
    if len(mine) < 8:
        return
    today = stage.today
    _call(stage, mine[0], 1, 16, "callback", on=today, at="10:30", said="在开会，明天上午再打。", minutes=1)
    _call(stage, mine[1], 1, 10, "delay", on=today, at="15:00", excuse="approval", minutes=4,
          said="单子在老板那里，明天下午给准信。")
    _call(stage, mine[2], 2, 11, "callback", on=today, said="过两天再说。", minutes=2)
    for days_ago in (8, 5, 2):
        _call(stage, mine[3], days_ago, 9, "no_answer")
    _call(stage, mine[4], 1, 14, "wrong_number", number="138 0574 0000")
    _stock(stage, mine[5])
    for one in mine[6:8]:
        stage.act(rep, "collection.add_task", AddTask(
            task_id=uuid7(), customer_id=one.id, kind=PLANNED_VISIT, title="", due_on=today), stage.moment(1, 17))


def _small_debts(stage: Stage, ones: list[Met]) -> list[Met]:
    """Those with money overdue, the smallest first (the large ones have stories of their own), then the others."""
    m = table_of(CustomerMoney).c
    with stage.program.store.reading() as connection:
        overdue = {row.customer_id: row.overdue_minor for row in connection.execute(
            select(m.customer_id, m.overdue_minor).where(m.overdue_minor > 0))}
    return sorted(ones, key=lambda one: (one.id not in overdue, overdue.get(one.id, 0), one.code))


def _call(stage: Stage, one: Met, days_ago: int, hour: int, result: str, *, on: date | None = None, at: str = "",
          **more: Any) -> None:
    fields = {"spoke_with": one.contact, "result": result} | more
    if result == "no_answer":
        del fields["spoke_with"]
    if on is not None:
        fields |= {"call_back_on": on.isoformat()} | ({"call_back_at": at} if at else {})
    _take(stage, one, "phone", fields, days_ago, hour)


def _stock(stage: Stage, one: Met) -> None:
    for days_ago, items in ((24, ((40, 31), (120, 96))), (3, ((0, 12), (60, 70)))):
        rows = [{"item": item, "unit": unit, "delivered": came, "counted": left}
                for (item, unit), (came, left) in zip(GOODS, items, strict=True)]
        _take(stage, one, "stock", {"items": rows}, days_ago, 15)


def _take(stage: Stage, one: Met, method: str, fields: dict[str, Any], days_ago: int, hour: int) -> None:
    known = stage.program.plugins.methods.get(method)
    if known is None:
        return  # the plugin's folder was taken out: the story goes without it
    at = stage.moment(days_ago, hour)
    stage.act(one.owner, "collection.take_action", TakeAction(
        action_id=uuid7(), customer_id=one.id, method=method, fields=fields, form_version=known.version,
        occurred_at=at), at)
