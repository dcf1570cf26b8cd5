"""Moving customers from one rep to another, one or all of them."""

from __future__ import annotations

from fieldsales.customers.guards import seen_customer, system_only
from fieldsales.customers.messages import FollowOwner, HandedOver, HandOver
from fieldsales.customers.models import Customer, Handover, Ownership
from fieldsales.customers.rules import CustomerFact
from fieldsales.kernel.errors import N_, Invalid, NotAllowed
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Need, operation
from fieldsales.people.queries import UserFact
from fieldsales.people.rules import may_manage, scope_of
from fieldsales.store.work import Work

_NOTICE_ZH = ("通知：{leaver}自{day}起不再代表本公司与贵方往来，由{successor}接任。"
              "请勿再向{leaver}付款或交付票据；款项只付公司账户。")
_NOTICE_EN = ("Notice: from {day}, {leaver} no longer represents our company. {successor} takes over. "
              "Please hand no money or bills to {leaver}; pay only to the company's account.")


def move(work: Work, customer: CustomerFact, successor: UserFact) -> None:
    """Give one customer to ``successor``, and tell the former owner's phone to forget it."""
    if not successor.active or successor.role not in {"rep", "manager"}:
        raise Invalid("no_successor", N_("Choose a rep or manager who still works here."), field="owner_id")
    if customer.owner_id == successor.id:
        return
    work.update(Customer, customer.id, owner_id=successor.id, team_id=successor.team_id)
    open_row = work.fact("ownership_row", customer.id)
    if open_row:
        work.update(Ownership, open_row, to_at=work.now)
    work.insert(Ownership, id=uuid7(), customer_id=customer.id, user_id=successor.id, from_at=work.now,
                by_id=work.actor.user_id)
    work.touch(customer.id)
    if customer.owner_id:
        work.changed("scope", customer.id, customer_id=customer.id, audience=customer.owner_id)
    _tell_old_team(work, customer, successor.team_id)


def _tell_old_team(work: Work, customer: CustomerFact, team_id: str | None) -> None:
    """The managers of the team a customer leaves see it no longer, on their phones too."""
    if customer.team_id and customer.team_id != team_id:
        for manager_id in work.fact("managers_of", customer.team_id) or ():
            work.changed("scope", customer.id, customer_id=customer.id, audience=manager_id)


@operation("customers.follow_owner", FollowOwner, guard=system_only,
           needs=lambda c: [Need("customers_of", c.owner_id)])
def follow_owner(work: Work, command: FollowOwner) -> None:
    """Take a rep's customers with him to another team: its manager sees them from the next request on."""
    ids = work.fact("customers_of", command.owner_id) or ()
    for customer in work.facts.by_key("customer", ids).values():
        _tell_old_team(work, customer, command.team_id)
        work.update(Customer, customer.id, team_id=command.team_id)
        work.touch(customer.id)


def _may_hand_over(work: Work, command: HandOver) -> None:
    if not may_manage(work.actor):
        raise NotAllowed("manager_only", N_("Only a manager can decide this."))
    scope = scope_of(work.actor)
    for user_id in (command.from_user_id, command.to_user_id):
        user = work.require("user", user_id)
        if scope.kind == "team" and user.team_id != scope.team_id:
            raise NotAllowed("other_team", N_("This person is not in your team."))


@operation("customers.hand_over", HandOver, guard=_may_hand_over,
           needs=lambda c: [Need("user", c.from_user_id), Need("user", c.to_user_id),
                            Need("customers_of", c.from_user_id)])
def hand_over(work: Work, command: HandOver) -> None:
    """Move a leaver's customers, and with them promises and tasks, to a successor; revoke his devices.

    Cash he has not handed in, tasks in his name and his phones follow by reaction, in the same
    transaction. Drafts the notice that he no longer represents the company.
    """
    leaver, successor = work.require("user", command.from_user_id), work.require("user", command.to_user_id)
    if leaver.id == successor.id:
        raise Invalid("same_person", N_("Choose somebody else to take over."), field="to_user_id")
    ids = work.fact("customers_of", leaver.id) or ()
    work.facts.by_key("customer", ids)
    work.facts.by_key("ownership_row", ids)
    for customer_id in ids:
        move(work, seen_customer(work, customer_id), successor)
    words = {"leaver": leaver.name, "successor": successor.name, "day": work.today.isoformat()}
    work.insert(Handover, id=command.handover_id, from_user_id=leaver.id, to_user_id=successor.id,
                by_id=work.actor.user_id, at=work.now, reason=command.reason, customers=len(ids),
                notice_zh=_NOTICE_ZH.format(**words), notice_en=_NOTICE_EN.format(**words))
    work.emit(HandedOver(command.handover_id, leaver.id, successor.id, command.disable))
    work.answer(customers=len(ids), handover_id=command.handover_id)
