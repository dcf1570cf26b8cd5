"""Our own selling companies: finance says where they are paid; nobody else does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from fieldsales.kernel.errors import NotAllowed
from fieldsales.receivables.models import Seller
from fieldsales.store.base import table_of
from fieldsales.web.here import Program
from tests import cast
from tests.cast import LEGAL, MANAGER, REP, SELLER

NEW = {"name": "海川五金（新）", "bank_name": "示例银行", "bank_account": "6200 9999"}


def account(program: Program) -> str:
    with program.store.reading() as connection:
        return str(connection.execute(select(table_of(Seller).c.bank_account).where(Seller.id == SELLER)).scalar_one())


def test_finance_says_where_a_company_is_paid(program: Program, log_in: Callable[[str], FlaskClient]) -> None:
    client = log_in("finance")
    assert "海川五金批发有限公司" in client.get("/sellers").get_data(as_text=True)
    assert "6200 0000 0000 0001" in client.get(f"/sellers/{SELLER}").get_data(as_text=True)
    assert client.post(f"/sellers/{SELLER}", data=NEW).status_code == 303
    assert account(program) == "6200 9999"
    assert "6200 9999" in client.get("/sellers").get_data(as_text=True)


def test_name_left_empty_keeps_what_was_typed_and_says_so(
    program: Program, log_in: Callable[[str], FlaskClient]
) -> None:
    answer = log_in("finance").post(f"/sellers/{SELLER}", data=NEW | {"name": ""})
    assert answer.status_code == 422
    assert "6200 9999" in answer.get_data(as_text=True)
    assert account(program) == "6200 0000 0000 0001"


@pytest.mark.parametrize("actor", [REP, MANAGER, LEGAL], ids=lambda actor: actor.role)
def test_nobody_else_moves_the_account(program: Program, actor: object) -> None:
    with pytest.raises(NotAllowed):
        program.dispatcher.perform(actor, "receivables.change_seller", {"seller_id": SELLER, **NEW})  # type: ignore[arg-type]
    assert account(program) == "6200 0000 0000 0001"


def test_unknown_company_is_not_found(log_in: Callable[[str], FlaskClient]) -> None:
    assert log_in("finance").get(f"/sellers/{cast.an_id(0x999)}").status_code == 404
    assert log_in("finance").post(f"/sellers/{cast.an_id(0x999)}", data=NEW).status_code == 404
