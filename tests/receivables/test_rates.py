"""The table of interest rates: each with its source, never changed, and for a customer only whoever sees it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from fieldsales.kernel.errors import Invalid, NotAllowed, NotFound
from fieldsales.kernel.ids import uuid7
from fieldsales.receivables.rates import kept_rates, rates_for
from fieldsales.web.here import Program
from tests import cast

LogIn = Callable[[str], FlaskClient]


def command(**other: Any) -> dict[str, Any]:
    made = {"rate_id": uuid7(), "kind": "lpr_1y", "from_on": "2026-01-20", "rate_bp100": 30_000, "source": "示例"}
    return made | other


def enter(client: FlaskClient, path: str, **form: str) -> tuple[int, str]:
    sent = {"command_id": uuid7(), "from_on": "2026-01-20", "rate_bp100": "3.00", "source": "示例公布"} | form
    answer = client.post(path, data=sent)
    return answer.status_code, answer.get_data(as_text=True)


def test_rate_is_entered_shown_and_taken_back(program: Program, log_in: LogIn) -> None:
    client = log_in("finance")
    assert "程序不自带数值" in client.get("/rates").get_data(as_text=True)
    assert enter(client, "/rates")[0] == 303
    page = client.get("/rates").get_data(as_text=True)
    assert "3%" in page
    assert "示例公布" in page
    assert enter(client, "/rates", rate_bp100="3.05", source="更正")[0] == 303
    with program.store.reading() as connection:
        [row] = kept_rates(connection, None)
        assert (row.rate_bp100, row.source) == (30_500, "更正")
    assert enter(client, "/rates", rate_bp100="", source="撤回")[0] == 303
    with program.store.reading() as connection:
        assert kept_rates(connection, None) == []


def test_contract_rate_is_one_customers(program: Program, log_in: LogIn) -> None:
    client = log_in("legal")
    path = f"/customers/{cast.HARBOUR}/rates"
    assert enter(client, path, rate_bp100="0.05", source="合同第八条")[0] == 303
    assert "合同第八条" in client.get(path).get_data(as_text=True)
    with program.store.reading() as connection:
        found = rates_for(connection, [cast.HARBOUR, cast.RIVER])
    assert [(rate.kind, rate.rate_bp100) for rate in found[cast.HARBOUR]] == [("contract", 500)]
    assert found[cast.RIVER] == ()


@pytest.mark.parametrize("wrong", [
    {"rate_bp100": "三"}, {"rate_bp100": "25"}, {"rate_bp100": "0"}, {"source": ""}, {"from_on": "2018-01-01"},
    {"from_on": "2027-01-01"}, {"from_on": ""},
])  # fmt: skip
def test_rate_nobody_means_is_refused_and_what_was_typed_is_kept(log_in: LogIn, wrong: dict[str, str]) -> None:
    status, page = enter(log_in("admin"), "/rates", **wrong)
    assert status == 422
    assert wrong.get("source", "示例公布") in page


@pytest.mark.parametrize(("actor", "changed", "refusal"), [
    (cast.REP, {}, NotAllowed), (cast.MANAGER, {}, NotAllowed),
    (cast.FINANCE, {"customer_id": cast.HARBOUR}, Invalid), (cast.FINANCE, {"kind": "contract"}, Invalid),
    (cast.LEGAL, {"kind": "contract", "customer_id": uuid7()}, NotFound),
])  # fmt: skip
def test_rates_are_kept_by_few_and_belong_to_whom_they_must(
    program: Program, actor: Any, changed: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        program.dispatcher.perform(actor, "receivables.set_rate", command(**changed))
