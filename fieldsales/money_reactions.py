"""What follows a request for a set-off: who approves it, and what becomes of a dispute that was granted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fieldsales.config import as_set
from fieldsales.disputes import messages as disputes
from fieldsales.kernel.ids import derived_id
from fieldsales.reactions import Follow, _done, _managers, _task, on
from fieldsales.receivables import setoffs
from fieldsales.store.work import Work

#: Disputes that end as a set-off when they are granted.
_OF_MONEY: tuple[Any, ...] = ("return", "rebate", "price")
_KIND = "decide_set_off"


def _approvers(work: Work, event: setoffs.SetOffAsked) -> tuple[str, ...]:
    """The managers up to their limit, above it the first of finance."""
    lately_minor = setoffs.approved_lately(work, event.customer_id, event.currency)
    if event.amount_minor + lately_minor <= as_set().set_off_limit_minor:
        return _managers(work, event.customer_id)
    return tuple(work.fact("first_of_role", "finance") or ())


@on(setoffs.SetOffAsked)
def set_off_is_decided(event: setoffs.SetOffAsked, work: Work) -> Iterator[Follow]:
    """A request waits for whoever may approve so much."""
    for user_id in _approvers(work, event) or ("",):
        yield _task(event.set_off_id, event.customer_id, _KIND, "", work.today, user_id)


@on(setoffs.SetOffDecided)
def decided_needs_no_deciding(event: setoffs.SetOffDecided, work: Work) -> Iterator[Follow]:
    """Decided, it waits for nobody."""
    everybody = (*_managers(work, event.customer_id), *(work.fact("first_of_role", "finance") or ()), "")
    for user_id in dict.fromkeys(everybody):
        yield from _done(work, event.set_off_id, event.customer_id, f"{_KIND} {user_id}".strip())


@on(disputes.DisputeDecided)
def granted_dispute_is_set_off(event: disputes.DisputeDecided, work: Work) -> Iterator[Follow]:
    """What was granted of returns, rebates or prices still needs approval and a credit note before it counts."""
    dispute = work.fact("dispute", event.dispute_id)
    if event.decision in {"granted", "partly"} and dispute is not None and dispute.kind in _OF_MONEY \
            and dispute.amount_minor > 0:
        yield "receivables.request_set_off", setoffs.RequestSetOff(
            set_off_id=derived_id(event.dispute_id, "set-off"), customer_id=event.customer_id, kind=dispute.kind,
            amount_minor=dispute.amount_minor, currency=dispute.currency, source_kind="dispute",
            source_id=event.dispute_id)
