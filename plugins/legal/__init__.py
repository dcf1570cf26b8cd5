"""By law (法律途径): lawyer's letter, payment order, suit, preservation, enforcement, with their periods and costs.

Sources: 民诉法 arts. 225–228 and 250, 民诉解释 arts. 427–430 and 436, 诉讼时效规定 art. 11 (an application for a
payment order interrupts limitation like a suit); the others beside the tables that use them. Not legal advice.
"""

from __future__ import annotations

from fieldsales.plugin_api import (
    CollectionMethod,
    CustomerPanel,
    DocumentTemplate,
    Excuse,
    InterestRule,
    PlanClause,
    hookimpl,
    words,
)

from .deciding import check, outcome
from .double_interest import RULE
from .form import FIELDS
from .panel import PANEL
from .papers import TEMPLATES
from .sayings import CLAUSES, EXCUSES

__title__ = words("法律途径", "Legal steps")
__about__ = words("律师函、支付令、起诉、保全、执行：查材料、出文书、算期限、记费用。",
                  "Lawyer's letter, payment order, suit, preservation, enforcement: what is missing, the papers, "
                  "the periods, the costs.")

METHOD = CollectionMethod(
    name="legal",
    labels=words("法律途径", "Legal"),
    hint=words("检查材料，出文书，登记法院步骤；期限自动计算",
               "Check the file, make papers, note steps; periods are reckoned"),
    fields=FIELDS,
    check=check,
    outcome=outcome,
    can=("legal", "manager"),
    version=4,
    level=3,
    cost_minor=30_000,
    manner="firm",
)


@hookimpl
def collection_methods() -> list[CollectionMethod]:
    """The one method of this plugin."""
    return [METHOD]


@hookimpl
def document_templates() -> tuple[DocumentTemplate, ...]:
    """Complaint, preservation, enforcement."""
    return TEMPLATES


@hookimpl
def customer_panels() -> list[CustomerPanel]:
    """The case with its periods."""
    return [PANEL]


@hookimpl
def interest_rules() -> list[InterestRule]:
    """Double interest for late performance of a judgement."""
    return [RULE]


@hookimpl
def excuse_codes() -> tuple[Excuse, ...]:
    """Time-barred, not our seal."""
    return EXCUSES


@hookimpl
def plan_clauses() -> tuple[PlanClause, ...]:
    """The court of our own seat."""
    return CLAUSES
