"""Commands of targets, plans for a month, and gap measures. Amounts in minor units."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from fieldsales.kernel.operation import Command, Currency, Id, PositiveMinor, Sha256
from fieldsales.kernel.text import Line, Name, Prose

Minor = Annotated[int, Field(ge=0, le=10**13)]
"""Nothing or more, in minor units."""
PayDay = Annotated[str, Field(pattern=r"^(d([1-9]|[12][0-9]|3[01])|w[1-7])$")]
"""``d25``: every month's 25th (``d31`` its last day); ``w5``: every Friday."""
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")]


class SetTarget(Command):
    """Both numbers of a month for the company, a team, a rep: arrears to clear (清欠) and cash (回款任务)."""

    month: date
    level: Literal["company", "team", "rep"]
    subject_id: Line = ""
    currency: Currency = "CNY"
    arrears_minor: Minor
    cash_minor: Minor
    reason: Line = ""


class SplitTarget(Command):
    """Deal a target out to teams, reps and customers at once, by what is due and what each usually pays."""

    month: date
    level: Literal["company", "team", "rep"]
    subject_id: Line = ""
    currency: Currency = "CNY"
    reason: Line = ""


class ProposeTarget(Command):
    """A rep's numbers for a customer of his own; a manager approves them. A manager's own count at once."""

    customer_id: Id
    month: date
    currency: Currency = "CNY"
    arrears_minor: Minor
    cash_minor: Minor
    reason: Line = ""


class DecideTarget(Command):
    """A manager approves or declines the numbers a rep proposed for a customer."""

    customer_id: Id
    month: date
    currency: Currency = "CNY"
    approve: bool
    reason: Line = ""


class WritePlan(Command):
    """What was talked over with a customer about the month: his number, his difficulties, what was agreed."""

    customer_id: Id
    month: date
    currency: Currency = "CNY"
    theirs_minor: Minor | None = None
    """The customer's own number; None: he named none."""
    difficulties: Prose = ""
    remedy: Prose = ""
    discussed_on: date | None = None
    discussed_with: Line = ""
    reason: Line = ""


class PublishPlan(Command):
    """The plan stands: it has dated steps, and counts as the month's plan for this customer."""

    customer_id: Id
    month: date


class AddStep(Command):
    """A dated step of a customer's plan. ``owner_id`` empty: whoever owns the customer."""

    step_id: Id
    customer_id: Id
    month: date
    text: Annotated[Line, Field(min_length=1)]
    due_on: date
    owner_id: Line = ""


class FinishStep(Command):
    """A step is done, and what proves it: words, photos."""

    step_id: Id
    customer_id: Id
    evidence: Prose = ""
    proof_sha256: Annotated[list[Sha256], Field(max_length=10)] = []


class DropStep(Command):
    """A step is taken out of the plan, with the reason."""

    step_id: Id
    customer_id: Id
    reason: Annotated[Line, Field(min_length=1)]


class NotePayDays(Command):
    """When a customer pays his suppliers, on which days he has cash, and who signs."""

    calendar_id: Id
    customer_id: Id
    run_days: Annotated[list[PayDay], Field(max_length=10)] = []
    cash_days: Annotated[list[PayDay], Field(max_length=10)] = []
    approver_name: Line = ""
    approver_role: Line = ""
    note: Line = ""


class NoteRival(Command):
    """Another supplier seen at the customer's, and what he took."""

    sighting_id: Id
    customer_id: Id
    supplier: Name
    took_minor: PositiveMinor | None = None
    currency: Currency = "CNY"
    seen_on: date | None = None
    words: Prose = ""


class EditMeasureKind(Command):
    """Word a kind of gap measure anew, add one of the house's own, or retire it."""

    code: Code
    name: Name
    about: Line = ""
    retired: bool = False


class AddMeasure(Command):
    """A measure against a customer's gap of a month: its cost, who does it, and what it shall bring."""

    measure_id: Id
    customer_id: Id
    month: date
    code: Code
    text: Line = ""
    currency: Currency = "CNY"
    cost_minor: Minor = 0
    expected_minor: Minor = 0
    owner_id: Line = ""
    due_on: date


class ReviewMeasure(Command):
    """What a measure brought in the end."""

    measure_id: Id
    customer_id: Id
    actual_minor: Minor
    note: Line = ""


class WritePotential(Command):
    """What a customer has, sells and is owed; None: not known."""

    sheet_id: Id
    customer_id: Id
    currency: Currency = "CNY"
    cash_minor: Minor | None = None
    stock_minor: Minor | None = None
    sales_minor: Minor | None = None
    downstream_minor: Minor | None = None
    downstream_on: date | None = None
    others_minor: Minor | None = None
    season: Literal["low", "normal", "high"] = "normal"
    sources: Prose = ""


class CheckHealth(Command):
    """Answers about the basic work at a customer's, by item (``health.ITEMS``)."""

    check_id: Id
    customer_id: Id
    answers: Annotated[dict[Code, Literal["good", "weak", "bad"]], Field(max_length=30)]
    note: Prose = ""


class SupportPromise(Command):
    """What we do so that a weak promise can be kept: only then it counts in the forecast."""

    support_id: Id
    customer_id: Id
    promise_id: Id
    text: Annotated[Line, Field(min_length=1)]
    owner_id: Line = ""
    due_on: date


class FinishSupport(Command):
    """The support is given."""

    support_id: Id
    customer_id: Id
