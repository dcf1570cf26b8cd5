"""Claims (拖欠理由) and what was found out about them: how often a customer's word was true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, case, func, select

from fieldsales.collection.models import Claim
from fieldsales.store.base import table_of
from fieldsales.store.remembering import remembered

_claims = table_of(Claim)
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
#: States in which somebody has looked.
JUDGED = ("true", "partly", "false")
_RATES = (
    select(_claims.c.customer_id,
           func.sum(case((_claims.c.state.in_(("true", "partly")), 1), else_=0)), func.count())
    .where(_claims.c.customer_id.in_(_IDS), _claims.c.state.in_(JUDGED)).group_by(_claims.c.customer_id)
)


@remembered
def truth_rates(connection: Connection, customer_ids: Sequence[str]) -> Mapping[str, tuple[int, int]]:
    """By customer: (claims found true or partly true, claims looked into). Who has none looked into is left out.

    One query. Claims nobody has looked into count for nothing: neither believed nor disbelieved.
    """
    rows = connection.execute(_RATES, {"ids": list(customer_ids)})
    return {customer_id: (int(held), judged) for customer_id, held, judged in rows}
