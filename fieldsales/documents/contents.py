"""What the papers say that only we issue: an application for a payment order, a lawyer's draft, a report of evidence.

Figures come frozen from the books; nothing here is reckoned when the page is made.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from fieldsales.kernel.operation import Command, Currency, Id, PositiveMinor, Sha256
from fieldsales.kernel.text import Line, Name

MOST_ROWS = 500


class InterestLine(Command):
    """Late interest on one sum: from a day (included) to a day (included), in minor units."""

    number: Name
    principal_minor: PositiveMinor
    from_on: date
    to_on: date
    days: Annotated[int, Field(ge=0)]
    rate_bp100: Annotated[int, Field(ge=0, le=10_000_000)]
    per: Literal["day", "year"]
    amount_minor: Annotated[int, Field(ge=0)]


class InterestShown(Command):
    """Late interest reckoned to a day, with everything needed to reckon it again.

    ``basis``: by contract, or by the one-year LPR plus ``markup_percent`` (买卖合同解释 18 ¶4).
    ``unreckoned``: how many overdue sums no rate on record applies to.
    """

    basis: Literal["contract", "lpr"]
    to_on: date
    markup_percent: Annotated[int, Field(ge=0, le=50)] = 0
    source: Line
    lines: Annotated[list[InterestLine], Field(max_length=1000)]
    total_minor: PositiveMinor
    unreckoned: Annotated[int, Field(ge=0)] = 0


class Exhibit(Command):
    """Something on file that proves something. ``kind`` as the books name it."""

    kind: Name
    name: Line = ""
    on: date | None = None
    invoice_number: Line = ""
    sha256: Sha256 | None = None


class Acknowledged(Command):
    """A paper in which the debtor acknowledged the debt."""

    kind: Literal["plan", "statement"]
    number: Name
    on: date
    amount_minor: Annotated[int, Field(ge=0, le=10**13)]


class LimitationAct(Command):
    """An act that restarts the limitation period, with its grade of proof."""

    on: date
    effect: Literal["demand", "agreement", "part_payment", "acknowledgement", "suit"]
    grade: Literal["A", "B", "C"]


class BroughtPayload(Command):
    """What a paper of a plugin's template says: the text as it was filled in, and the figures of the books beside it.

    ``body``: HTML of a few plain elements (``brought.checked``). ``template``: plugin, name and SHA-256 of the
    template it was made from. ``states_debt``: the whole debt is printed below the text, as the core words it.
    """

    paper_id: Id
    number: Name
    title: Name
    plugin: Name
    template: Name
    template_sha256: Sha256
    seller_name: Name
    debtor_name: Name
    as_of: date
    currency: Currency = "CNY"
    total_minor: Annotated[int, Field(ge=0, le=10**13)]
    overdue_minor: Annotated[int, Field(ge=0, le=10**13)]
    states_debt: bool = False
    body: Annotated[str, Field(max_length=200_000)]
    made_at: datetime


class CasePayload(Command):
    """A case as an application, a lawyer's draft or a report of evidence states it: the whole debt.

    ``total_minor`` is all that is open, ``overdue_minor`` what of it is due on ``as_of``;
    ``limitation_on``: the earliest last day by proven acts; ``expired``: whether it has passed for some sum.
    It never holds a class, an ask, a score or coaching.
    """

    paper_id: Id
    number: Name
    seller_name: Name
    seller_reg_no: Line = ""
    seller_address: Line = ""
    seller_phone: Line = ""
    seller_account: Line = ""
    debtor_name: Name
    debtor_kind: Literal["company", "sole_trader", "person"]
    debtor_reg_no: Line = ""
    debtor_address: Line = ""
    as_of: date
    pay_by: date | None = None
    currency: Currency = "CNY"
    total_minor: PositiveMinor
    overdue_minor: Annotated[int, Field(ge=0, le=10**13)]
    invoices: Annotated[list[tuple[Name, date, int]], Field(max_length=MOST_ROWS)] = []
    interest: InterestShown | None = None
    acknowledged: Annotated[list[Acknowledged], Field(max_length=100)] = []
    evidence: Annotated[list[Exhibit], Field(max_length=MOST_ROWS)] = []
    acts: Annotated[list[LimitationAct], Field(max_length=100)] = []
    limitation_on: date | None = None
    expired: bool = False
    court: Line = ""
    law_firm: Line = ""
    lawyer: Line = ""
    contact_name: Line = ""
    note: Annotated[str, Field(max_length=1000)] = ""
    made_at: datetime
