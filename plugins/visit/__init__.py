"""What a visit (拜访) means for collection. Logging a visit is the core's; this judges it, counts stock, plans and
measures: whom to see, what it costs, who was left out.
"""

from __future__ import annotations

from fieldsales.plugin_api import (
    CollectionMethod,
    CustomerPanel,
    Field,
    Money,
    ScorecardMetric,
    Setting,
    SettingsForm,
    WorkdayCard,
    hookimpl,
    words,
)

from .counting import cost_of_visit, cost_share, coverage
from .judging import outcome
from .planning import HOUR_COST, INTERVALS, day
from .stock import FIELDS, check, count
from .stock import show as show_stock

__title__ = words("上门拜访", "Visits")
__about__ = words("拜访的催收判断：路线计划、库存盘点、到店成本、多久没去。",
                  "What a visit means for collecting: planning, stock counted, what it costs, who was not seen for "
                  "long.")

METHOD = CollectionMethod(
    name="visit", labels=words("上门拜访", "Visit"), outcome=outcome, on=("visits.logged",), by_hand=False,
    cost_minor=4_000, in_person=True, manner="firm", reach="address",
)
STOCK = CollectionMethod(
    name="stock", labels=words("清点库存", "Count the stock"), outcome=count, fields=FIELDS, check=check,
    hint=words("当场数货：卖掉多少，就按卖掉的要款", "Count on the spot: what is sold is asked to be paid"),
    cost_minor=1_000, in_person=True, reach="address", asks=False,
)
PANEL = CustomerPanel("visit_stock", words("库存清点", "Stock counted"), show_stock)
CARD = WorkdayCard("visit", words("拜访安排", "Visits to make"), day, roles=("rep", "manager"))
METRICS = (
    ScorecardMetric("visit_coverage", words("拜访覆盖率", "Visits kept up"), "percent", coverage, "more",
                    words("逾期客户中，按等级间隔内拜访过的比例；下面是最久没去的",
                          "Of customers with money overdue, those visited within their grade's interval; below, "
                          "who waited longest")),
    ScorecardMetric("visit_cost", words("每次拜访成本", "Cost of a visit"), "money", cost_of_visit, "less",
                    words("在店时间 × 每小时成本 ＋ 两次签到之间的路程 × 每公里成本",
                          "Time on site × cost of an hour + way between check-ins × cost of a kilometre")),
    ScorecardMetric("visit_cost_share", words("拜访成本占回款", "Visits per money in"), "percent", cost_share, "less",
                    words("拜访成本 ÷ 当月回款：每收回 100 元花多少", "Cost of visits ÷ money of the month")),
)  # fmt: skip


def _days(tier: str, default: int) -> Setting:
    label = words(f"{tier} 级客户几天拜访一次", f"Days between visits, grade {tier}")
    return Setting(Field(f"days_{tier.lower()}", "number", label, minimum=1, maximum=365), default=default)


SETTINGS = SettingsForm(settings=(
    Setting(Field("hour_cost", "money", words("业务员每小时成本", "What an hour of a rep costs")),
            default=Money(HOUR_COST)),
    *(_days(tier, days) for tier, days in INTERVALS.items()),
))  # fmt: skip


@hookimpl
def collection_methods() -> list[CollectionMethod]:
    """What a visit means, and the stock counted on it."""
    return [METHOD, STOCK]


@hookimpl
def customer_panels() -> list[CustomerPanel]:
    """What was counted, and what has been sold since."""
    return [PANEL]


@hookimpl
def workday_cards() -> list[WorkdayCard]:
    """Visits that are planned, and customers nobody has seen for too long."""
    return [CARD]


@hookimpl
def scorecard_metrics() -> list[ScorecardMetric]:
    """Who was left out, and what visits cost."""
    return list(METRICS)


@hookimpl
def settings() -> list[SettingsForm]:
    """Intervals by grade, and what an hour costs."""
    return [SETTINGS]
