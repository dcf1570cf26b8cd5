"""What is read twice on one reading connection is asked of the database once; a writer always asks anew."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, text

from fieldsales.store import Store
from fieldsales.store.remembering import remembered

ASKED: list[object] = []


@remembered
def names(connection: Connection, ids: Sequence[str], upper: bool = False) -> list[str]:
    """Some names; every asking is noted."""
    ASKED.append(connection)
    return [str(connection.execute(text("SELECT count(*) FROM users")).scalar())]


def test_same_question_on_one_reading_connection_is_asked_once(store: Store) -> None:
    ASKED.clear()
    with store.reading() as connection:
        first = names(connection, ["a", "b"])
        assert names(connection, ("a", "b")) is first
        names(connection, ["a"])
        names(connection, ["a"], upper=True)
    assert len(ASKED) == 3


def test_another_connection_and_a_writer_ask_anew(store: Store) -> None:
    ASKED.clear()
    for _ in range(2):
        with store.reading() as connection:
            names(connection, ["a"])
    with store.writing() as connection:
        names(connection, ["a"])
        names(connection, ["a"])
    assert len(ASKED) == 4
