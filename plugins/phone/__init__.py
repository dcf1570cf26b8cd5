"""By telephone (电话): a queue of whom to ring, the dialler, what came of it, and when to ring again.

A call alone proves little: what was said is asserted (grade C) until it is confirmed in writing.
"""

from __future__ import annotations

from fieldsales.plugin_api import (
    CollectionMethod,
    CustomerPanel,
    Field,
    ScorecardMetric,
    Setting,
    SettingsForm,
    WorkdayCard,
    hookimpl,
    words,
)

from .calls import FIELDS, UNANSWERED, check, outcome
from .counting import answered, calls_per_promise
from .queue import queue
from .showing import show

__title__ = words("电话催收", "Calls")
__about__ = words("电话名单、拨号、通话结果、约定回电、次数上限，按理由给话术。",
                  "A queue of whom to ring, the outcome, when to ring again, caps, and what to answer to each "
                  "reason.")

METHOD = CollectionMethod(
    name="phone",
    labels=words("电话", "Phone"),
    hint=words("拨号，回来记结果", "Dial, then note what came of it"),
    fields=FIELDS,
    check=check,
    outcome=outcome,
    version=2,
    cost_minor=300,
    reach="phone",
)
PANEL = CustomerPanel("phone", words("电话", "Telephone"), show)
CARD = WorkdayCard("phone", words("电话队列", "Calls to make"), queue, roles=("rep", "manager"))
METRICS = (
    ScorecardMetric("phone_answered", words("接通率", "Calls answered"), "percent", answered, "more",
                    words("有人接的电话 ÷ 全部电话；号码不对的不算接通",
                          "Calls somebody answered ÷ all calls; a wrong number does not count")),
    ScorecardMetric("phone_per_promise", words("几通电话一个承诺", "Calls per promise"), "number", calls_per_promise,
                    "less", words("全部电话 ÷ 当通答应付款的电话", "All calls ÷ calls in which payment was promised")),
)  # fmt: skip
SETTINGS = SettingsForm(settings=(
    Setting(Field("unanswered", "number", words("连续几次无人接听后换别的方式", "Unanswered calls before another way"),
                  minimum=1, maximum=10), default=UNANSWERED),
))  # fmt: skip


@hookimpl
def collection_methods() -> list[CollectionMethod]:
    """The one method of this plugin."""
    return [METHOD]


@hookimpl
def customer_panels() -> list[CustomerPanel]:
    """What the calls to a customer came to."""
    return [PANEL]


@hookimpl
def workday_cards() -> list[WorkdayCard]:
    """The queue of calls."""
    return [CARD]


@hookimpl
def scorecard_metrics() -> list[ScorecardMetric]:
    """What calls bring."""
    return list(METRICS)


@hookimpl
def settings() -> list[SettingsForm]:
    """When another way is proposed."""
    return [SETTINGS]
