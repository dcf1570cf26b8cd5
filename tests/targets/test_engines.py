"""On both engines: a split and what a month reads; and a rep's old monthly figure becomes the month's target."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from alembic import command
from flask import Flask
from sqlalchemy import text

from fieldsales.kernel.ids import uuid7
from fieldsales.people.rules import Scope
from fieldsales.store import make_engine, migrate
from fieldsales.store.migrating import _config
from fieldsales.targets.dossier import read_targets
from fieldsales.targets.month import read_month
from fieldsales.web.here import Program
from tests import cast
from tests.receivables.conftest import Ledger

MONTH = date(2026, 3, 1)


def test_a_month_is_split_and_read_on_both_engines(make_app: Callable[..., Flask], any_url: str) -> None:
    program: Program = make_app(any_url).extensions["fieldsales"]
    ledger = Ledger(program.dispatcher)
    ledger.invoice("A", 60_000_00, late=5)
    ledger.pay(1_000_00)
    ledger.perform("promises.make_promise", cast.REP, promise_id=uuid7(), amount_minor=500_00, due_on=cast.TODAY)
    ledger.perform("targets.note_pay_days", cast.REP, calendar_id=uuid7(), run_days=["d25"])
    for operation, numbers in (("targets.set_target", {"arrears_minor": 0, "cash_minor": 9_000_00}),
                               ("targets.split_target", {})):
        program.dispatcher.perform(cast.ADMIN, operation, {"month": MONTH, "level": "company", **numbers})
    with program.store.reading() as connection:
        standing = read_month(connection, Scope("all", "", None), MONTH, cast.TODAY, "CNY").standing("company")
        found = read_targets(connection, [cast.HARBOUR], cast.TODAY)[cast.HARBOUR]
    assert (standing.cash_minor, standing.received_minor, standing.cleared_minor) == (9_000_00, 1_000_00, 1_000_00)
    assert (found["months"][0]["cash_minor"], found["pay"]["ask_on"]) == (9_000_00, "2026-03-20")


def test_a_monthly_figure_becomes_the_months_target_and_back(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    migrate(url, to="0012")
    engine = make_engine(url)
    with engine.begin() as connection:
        for user, minor in (("a", 600_000_00), ("b", None)):
            connection.execute(text(
                "INSERT INTO users (id, login, name, role, email, phone, locale, active, fs_uniquifier, version, "
                "created_at, monthly_target_minor) VALUES (:user, :user, :user, 'rep', '', '', 'zh', 1, :user, 1, "
                "'2026-01-01 00:00:00', :minor)"), {"user": user, "minor": minor})
    migrate(url, to="0013")
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT level, subject_id, arrears_minor, cash_minor FROM targets")).all()
        assert [tuple(row) for row in rows] == [("rep", "a", 0, 600_000_00)]
        assert connection.scalar(text("SELECT count(*) FROM target_versions WHERE state = 'set'")) == 1
    with engine.connect().execution_options(fieldsales_writing=True) as connection:
        command.downgrade(_config(connection), "0012")
        connection.commit()
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT id, monthly_target_minor FROM users ORDER BY id")).all()
        assert [tuple(row) for row in rows] == [("a", 600_000_00), ("b", None)]
    engine.dispose()
