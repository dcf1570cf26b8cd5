"""Close follow-up (紧盯): "以赖制赖" made lawful, for customers whose class a manager approved.

It leads with the stop of supply, a visit to the owner together with the manager, and small sums day by day, rather than
with more messages. One sum and one day at a time, their own people only, capped, and over at the first objection,
request to leave or warning by the police; then, or after too long without money, legal takes over.

Sources: 民法典 1032–1033, 2013 寻衅滋事解释 art. 1 ¶3, 治安管理处罚法, 诉讼时效规定 14 (part-payment,
instalments). Not legal advice.
"""

from __future__ import annotations

from fieldsales.plugin_api import (
    CollectionMethod,
    ComplianceRule,
    CustomerPanel,
    Field,
    PlanClause,
    ScheduledJob,
    Setting,
    SettingsForm,
    hookimpl,
    words,
)

from .clause import CLAUSE
from .days import USUAL_DAYS
from .deciding import check, outcome
from .form import FIELDS
from .night import JOB
from .pace import NAME, RULE
from .panel import PANEL

__title__ = words("紧盯客户", "Close follow-up")
__about__ = words("只对主管批准的客户：停货、陪同老板上门、每天还一点；对方一反对就停，转法务。",
                  "For customers a manager approved alone: stop of supply, the owner visited together, small sums "
                  "by the day; over at the first objection, then law.")

METHOD = CollectionMethod(
    name=NAME,
    labels=words("紧盯", "Close follow-up"),
    hint=words("一次只谈一个数、一个日子；对方反对就停", "One sum and one day each time; it stops when they object"),
    fields=FIELDS,
    check=check,
    outcome=outcome,
    can=("rep", "manager", "legal"),
    level=2,
    cost_minor=2_000,
    manner="persistent",
    in_person=True,
    approval=True,
)


@hookimpl
def collection_methods() -> list[CollectionMethod]:
    """The one method of this plugin."""
    return [METHOD]


@hookimpl
def compliance_rules() -> list[ComplianceRule]:
    """Its pace, and its end."""
    return [RULE]


@hookimpl
def plan_clauses() -> list[PlanClause]:
    """Payment day by day."""
    return [CLAUSE]


@hookimpl
def customer_panels() -> list[CustomerPanel]:
    """What was agreed a day, and what came."""
    return [PANEL]


@hookimpl
def scheduled_jobs() -> list[ScheduledJob]:
    """The night that hands over what brought no money."""
    return [JOB]


@hookimpl
def settings() -> list[SettingsForm]:
    """After how many days without money legal takes over."""
    return [SettingsForm((
        Setting(Field("days_without_money", "number", words("几天没有回款转法务", "Days without money until legal"),
                      minimum=2, maximum=60), default=USUAL_DAYS),))]
