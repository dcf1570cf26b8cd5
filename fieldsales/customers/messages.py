"""Commands and events of customers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from fieldsales.kernel.events import Event
from fieldsales.kernel.operation import Command, Id
from fieldsales.kernel.text import Line, Name, Prose

DebtorKind = Literal["company", "sole_trader", "person"]
Grade = Literal["A", "B", "C", "D"]
Latitude = Annotated[str, Field(pattern=r"^-?\d{1,2}(\.\d{1,8})?$")]
Longitude = Annotated[str, Field(pattern=r"^-?\d{1,3}(\.\d{1,8})?$")]


class AddCustomer(Command):
    """A new customer, with the debtor of the same name. Without ``owner_id`` it is the actor's own if a rep."""

    customer_id: Id
    code: Name
    name: Name
    debtor_id: Id | None = None
    debtor_kind: DebtorKind = "company"
    reg_no: Line = ""
    phone: Line = ""
    address: Line = ""
    region: Line = ""
    email: Line = ""
    lat: Latitude | None = None
    lon: Longitude | None = None
    credit_grade: Grade = "B"
    tier: Line = ""
    owner_id: Id | None = None
    contact_name: Line = ""
    contact_role: Line = ""
    aliases: Annotated[list[Name], Field(max_length=50)] = []
    note: Prose = ""
    import_id: Id | None = None


class ChangeCustomer(Command):
    """Contact data, by field: what is None stays. A company's grade and tier are its manager's."""

    customer_id: Id
    name: Name | None = None
    phone: Line | None = None
    address: Line | None = None
    region: Line | None = None
    lat: Latitude | None = None
    lon: Longitude | None = None
    note: Prose | None = None
    credit_grade: Grade | None = None
    tier: Line | None = None


class AddAliases(Command):
    """Other names the same customer number came under."""

    customer_id: Id
    names: Annotated[list[Name], Field(min_length=1, max_length=50)]


class AddContact(Command):
    """Someone at the customer's."""

    customer_id: Id
    contact_id: Id
    name: Name
    role: Line = ""
    phone: Line = ""
    email: Line = ""


class ContactData(Command):
    """What is known of a contact. Only the fields that are meant are given; None: not this one."""

    name: Name | None = None
    role: Line | None = None
    phone: Line | None = None
    email: Line | None = None

    def given(self) -> dict[str, str]:
        """The fields that are meant, by name."""
        return {name: value for name, value in self.model_dump().items() if value is not None}


class ChangeContact(Command):
    """Change a contact, by field: only the changed ones, with what stood there when they were changed.

    Where the office's value is no longer ``was`` (nor ``now``), it stays, and ``now`` is kept as a proposal.
    """

    customer_id: Id
    contact_id: Id
    was: ContactData
    now: ContactData


class RemoveContact(Command):
    """The contact is no longer at the customer's. ``was``: what was known when it was removed.

    Changed by another meanwhile, it stays: the edit wins.
    """

    customer_id: Id
    contact_id: Id
    was: ContactData


class DecideClash(Command):
    """Take what a colleague proposed for a contact, or leave what stands."""

    clash_id: Id
    customer_id: Id
    take: bool


class AddDebtor(Command):
    """Another legal debtor behind the same customer."""

    customer_id: Id
    debtor_id: Id
    kind: DebtorKind
    name: Name
    reg_no: Line = ""
    address: Line = ""
    email: Line = ""
    guarantor_name: Line = ""


class AssignOwner(Command):
    """Give the customer to a rep (a manager's decision)."""

    customer_id: Id
    owner_id: Id


class FollowOwner(Command):
    """A rep's customers go with him to another team (by the system)."""

    owner_id: Id
    team_id: Id | None = None


class AddHelper(Command):
    """Let another rep help with the customer."""

    customer_id: Id
    user_id: Id


class EndHelp(Command):
    """The rep helps no longer."""

    customer_id: Id
    user_id: Id


class HandOver(Command):
    """Move everything of a leaver to a successor in one act."""

    handover_id: Id
    from_user_id: Id
    to_user_id: Id
    reason: Line = ""
    disable: bool = True
    """End the leaver's login as well. His devices are revoked in any case."""


@dataclass(frozen=True, slots=True)
class CustomerAdded(Event):
    """A customer is on record."""

    customer_id: str


@dataclass(frozen=True, slots=True)
class HandedOver(Event):
    """A leaver's customers belong to a successor."""

    handover_id: str
    from_user_id: str
    to_user_id: str
    disable: bool
