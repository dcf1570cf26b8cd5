"""Leads heard in the field: on record without a customer, seen by whoever brought them and his team's manager."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

import fieldsales.customers.queries
import fieldsales.visits.service  # noqa: F401 - both declare facts and operations
from fieldsales.dispatcher import Dispatcher
from fieldsales.kernel.clock import FixedClock
from fieldsales.kernel.errors import NotFound
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Actor
from fieldsales.people.rules import scope_of
from fieldsales.store import Store
from fieldsales.sync.queries import may_open
from fieldsales.visits.leads import newest_leads
from fieldsales.web.here import Program
from fieldsales.workday.queries import me_doc
from tests import cast

CARD = "cd" * 32


def lead(store: Store, clock: FixedClock, actor: Actor = cast.REP, **more: Any) -> str:
    command = {"lead_id": uuid7(), "name": "北仑机电老陈", "phone": "13700000009", "address": "宁波市北仑区",
               "text": "隔壁在找合页供应商", "photos": [{"sha256": CARD, "size": 9, "slot": "card"}]} | more
    Dispatcher(store, clock).perform(actor, "visits.add_lead", command)
    return str(command["lead_id"])


def test_lead_without_a_customer_is_on_record_and_goes_home_to_its_phone(any_store: Store, clock: FixedClock) -> None:
    lead_id = lead(any_store, clock)
    with any_store.reading() as connection:
        mine = me_doc(connection, cast.REP, cast.TODAY)["leads"]
        others = me_doc(connection, cast.OTHER_REP, cast.TODAY)["leads"]
    assert [(one["id"], one["name"], one["customer_id"]) for one in mine] == [(lead_id, "北仑机电老陈", None)]
    assert others == []


@pytest.mark.parametrize(("actor", "sees"), [
    (cast.REP, True), (cast.MANAGER, True), (cast.ADMIN, True),
    (cast.HELPER_REP, False), (cast.OTHER_REP, False), (cast.OTHER_MANAGER, False),
])  # fmt: skip
def test_lead_and_its_photo_are_seen_by_its_finder_and_his_manager(
    any_store: Store, clock: FixedClock, actor: Actor, sees: bool
) -> None:
    lead(any_store, clock)
    with any_store.reading() as connection:
        assert bool(newest_leads(connection, scope_of(actor))) is sees
        assert may_open(connection, actor, CARD) is sees


def test_lead_heard_from_a_customer_of_somebody_else_is_refused(any_store: Store, clock: FixedClock) -> None:
    with pytest.raises(NotFound):
        lead(any_store, clock, customer_id=cast.RIVER)
    lead(any_store, clock, customer_id=cast.HARBOUR)


@pytest.mark.parametrize("many", [1, 3])
def test_office_lists_leads_in_two_queries_of_its_own(
    program: Program, log_in: Callable[[str], FlaskClient], count_queries: Any, many: int
) -> None:
    """One or three: the same cost; another team's manager sees none of them."""
    for n in range(many):
        program.dispatcher.perform(cast.REP, "visits.add_lead", {
            "lead_id": uuid7(), "name": f"线索甲{n}", "customer_id": cast.HARBOUR,
            "photos": [{"sha256": CARD, "size": 9}]})
    manager = log_in("manager")
    manager.get("/leads")
    with count_queries(program.store.engine) as seen:
        shown = manager.get("/leads").get_data(as_text=True)
    about_leads = [one for one in seen if "lead" in one.lower()]
    assert len(about_leads) == 2
    assert shown.count("线索甲") == many
    assert cast.HARBOUR_NAME in shown
    assert "线索甲" not in log_in("other_manager").get("/leads").get_data(as_text=True)
    assert "线索甲" not in log_in("other_rep").get("/leads").get_data(as_text=True)
