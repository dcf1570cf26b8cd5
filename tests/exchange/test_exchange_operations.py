"""Operations of files in: selling companies, an import's record, saved mappings; and who may."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from fieldsales.exchange.models import Import, Mapping
from fieldsales.exchange.queries import past_imports, saved_mapping
from fieldsales.kernel.errors import NotAllowed, NotFound, RuleBroken
from fieldsales.kernel.ids import uuid7
from fieldsales.receivables.models import Seller
from fieldsales.store.base import table_of
from fieldsales.web.here import Program
from tests.cast import ADMIN, FINANCE, MANAGER, REP, an_id

SHA = "ab" * 32
OPENED: dict[str, Any] = {"import_id": an_id(0x700), "kind": "invoices", "filename": "a.csv", "sha256": SHA}


def rows(program: Program, model: Any) -> list[Any]:
    with program.store.reading() as connection:
        return list(connection.execute(select(table_of(model))))


def test_sellers_known_by_their_code_are_passed_over(program: Program) -> None:
    new = [{"seller_id": uuid7(), "code": code, "name": code} for code in ("HC", "U001", "U001")]
    answer = program.dispatcher.perform(FINANCE, "exchange.add_sellers", {"sellers": new})
    assert answer == {"added": 1}
    assert {row.code for row in rows(program, Seller)} == {"HC", "HJ", "U001"}


def test_import_is_opened_once_goes_on_and_is_closed(program: Program) -> None:
    perform = program.dispatcher.perform
    perform(FINANCE, "exchange.open_import", OPENED)
    perform(FINANCE, "exchange.open_import", OPENED)  # taken up again after a crash
    assert [row.state for row in rows(program, Import)] == ["running"]
    perform(FINANCE, "exchange.close_import", {"import_id": OPENED["import_id"], "counts": {"rows": {}}, "sums": {}})
    with program.store.reading() as connection:
        (past,) = past_imports(connection)
    assert (past.state, past.by, past.filename) == ("done", FINANCE.name, "a.csv")
    with pytest.raises(RuleBroken) as refused:
        perform(FINANCE, "exchange.open_import", OPENED)
    assert refused.value.code == "exchange.import_closed"


def test_import_that_added_nothing_has_nothing_to_undo(program: Program) -> None:
    program.dispatcher.perform(FINANCE, "exchange.open_import", OPENED)
    with pytest.raises(RuleBroken) as refused:
        program.dispatcher.perform(FINANCE, "exchange.undo_import", {"import_id": OPENED["import_id"], "reason": "x"})
    assert refused.value.code == "exchange.nothing_to_undo"
    with pytest.raises(NotFound):
        program.dispatcher.perform(FINANCE, "exchange.undo_import", {"import_id": an_id(0x999), "reason": "x"})


def test_mapping_of_the_same_name_replaces_the_earlier(program: Program) -> None:
    for index in (3, 4):
        program.dispatcher.perform(ADMIN, "exchange.save_mapping", {
            "mapping_id": uuid7(), "name": "金蝶", "kind": "invoices", "signature": SHA, "columns": {"number": index},
            "date_order": "dmy"})
    assert len(rows(program, Mapping)) == 1
    with program.store.reading() as connection:
        by_name, by_header = saved_mapping(connection, name="金蝶"), saved_mapping(connection, signature=SHA,
                                                                               kind="invoices")
    assert by_name == by_header
    assert by_name is not None
    assert (by_name.columns, by_name.date_order) == ({"number": 4}, "dmy")


@pytest.mark.parametrize("actor", [REP, MANAGER])
@pytest.mark.parametrize(
    ("operation", "payload"),
    [
        ("exchange.add_sellers", {"sellers": [{"seller_id": an_id(1), "code": "X", "name": "X"}]}),
        ("exchange.open_import", OPENED),
        ("exchange.close_import", {"import_id": OPENED["import_id"], "counts": {}, "sums": {}}),
        ("exchange.undo_import", {"import_id": OPENED["import_id"], "reason": "x"}),
        ("exchange.save_mapping", {"mapping_id": an_id(2), "name": "m", "kind": "invoices", "signature": SHA,
                                   "columns": {}}),
    ],
)
def test_only_finance_takes_ledgers_in(program: Program, actor: Any, operation: str, payload: dict[str, Any]) -> None:
    before = [len(rows(program, model)) for model in (Import, Mapping, Seller)]
    with pytest.raises(NotAllowed):
        program.dispatcher.perform(actor, operation, payload)
    assert [len(rows(program, model)) for model in (Import, Mapping, Seller)] == before
