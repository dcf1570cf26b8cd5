"""The pages of a plan and a statement: who sees them, what stands there, and the mail from them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from fieldsales.collection.models import Mail
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Envelope
from fieldsales.plans.models import Plan
from fieldsales.statements.models import Statement
from fieldsales.web.here import Program
from tests import cast
from tests.collection.conftest import rows
from tests.plans.signing import DEVICE, command, plan, statement

LogIn = Callable[[str], FlaskClient]


@pytest.fixture
def both(owed: Program) -> Program:
    """A plan and a statement are signed."""
    envelopes = [
        Envelope(uuid7(), "plans.sign_plan", command(plan()), device_id=DEVICE),
        Envelope(uuid7(), "statements.sign_statement", command(statement()), device_id=DEVICE),
    ]
    assert [one.status for one in owed.dispatcher.perform_batch(cast.REP, envelopes)] == ["applied", "applied"]
    return owed


def addresses(program: Program) -> list[str]:
    return [f"/plans/{rows(program, Plan)[0]['id']}", f"/statements/{rows(program, Statement)[0]['id']}"]


def test_plan_page_shows_every_instalment_and_the_text_as_signed(both: Program, log_in: LogIn) -> None:
    answer = log_in("rep").get(addresses(both)[0])
    assert answer.status_code == 200
    text = answer.get_data(as_text=True)
    for part in ("¥60,766.67", "¥60,766.66", "壹拾捌万贰仟叁佰元整", "林海港", "正在封存", "XS-1001"):
        assert part in text
    assert rows(both, Plan)[0]["manifest_sha256"][:16] in text


def test_statement_page_shows_balance_and_text(both: Program, log_in: LogIn) -> None:
    text = log_in("manager").get(addresses(both)[1]).get_data(as_text=True)
    assert "¥182,300.00" in text
    assert "对账确认函" in text


@pytest.mark.parametrize(
    ("who", "status"),
    [("rep", 200), ("helper_rep", 200), ("manager", 200), ("finance", 200), ("legal", 200), ("admin", 200),
     ("other_rep", 404), ("former_rep", 404), ("other_manager", 404)],
)  # fmt: skip
def test_pages_are_for_whoever_sees_the_customer(both: Program, log_in: LogIn, who: str, status: int) -> None:
    client = log_in(who)
    for address in addresses(both):
        answer = client.get(address)
        assert answer.status_code == status
        if status != 200:
            assert "海港" not in answer.get_data(as_text=True)


def test_page_mails_the_paper_to_the_debtor(both: Program, log_in: LogIn) -> None:
    document_id = rows(both, Plan)[0]["document_id"]
    client = log_in("rep")
    path = f"/customers/{cast.HARBOUR}/documents/{document_id}/mail"
    form = {"command_id": uuid7(), "to": "boss@harbour.example", "next": addresses(both)[0]}
    answer = client.post(path, data=form)
    assert (answer.status_code, answer.location) == (303, addresses(both)[0])
    assert client.post(path, data=form).status_code == 303
    [mail] = rows(both, Mail)
    assert (mail["to_address"], mail["document_id"]) == ("boss@harbour.example", document_id)
    bad = client.post(path, data={**form, "command_id": uuid7(), "to": "no address"})
    assert bad.status_code == 303
    assert len(rows(both, Mail)) == 1
    assert log_in("other_rep").post(path, data={**form, "command_id": uuid7()}).status_code == 404
    assert len(rows(both, Mail)) == 1


def test_page_asks_the_database_a_fixed_number_of_times(
    both: Program, log_in: LogIn, count_queries: Callable[..., object]
) -> None:
    client = log_in("rep")
    plan_page, statement_page = addresses(both)
    for address, count in ((plan_page, 10), (statement_page, 5)):
        with count_queries(both.store.engine) as seen:  # type: ignore[attr-defined]
            client.get(address)
        assert len(seen) == count, seen


def test_customers_page_leads_to_plan_and_statement(both: Program, log_in: LogIn) -> None:
    answer = log_in("manager").get(f"/customers/{cast.HARBOUR}")
    assert answer.status_code == 200
    for address in addresses(both):
        assert f'href="{address}"' in answer.get_data(as_text=True)
