"""The reads of promises give the same on SQLite and PostgreSQL."""

from datetime import date, timedelta

from sqlalchemy import insert

from fieldsales.people.rules import Scope
from fieldsales.promises.following import reminders_due
from fieldsales.promises.history import histories
from fieldsales.promises.models import Promise
from fieldsales.promises.queries import pausing, weighted
from fieldsales.receivables.models import Payment
from fieldsales.store import Store
from fieldsales.store.base import table_of
from fieldsales.workday.judgement import read_judgement
from fieldsales.workday.promisecalendar import read_month
from tests import cast

EVERYBODY = Scope("all", "", None)


def test_history_weights_pauses_reminders_and_calendar(any_store: Store) -> None:
    with any_store.writing() as connection:
        connection.execute(insert(table_of(Promise)), [
            {"id": cast.an_id(0x700 + n), "customer_id": cast.HARBOUR, "amount_minor": 100_00, "words": "",
             "due_on": cast.TODAY + timedelta(days=days), "by_id": cast.REP.user_id, "made_at": cast.NOON,
             "made_on": cast.TODAY - timedelta(days=30), "received_at": cast.NOON, "state": state,
             "klass": "costly", "probability_bp": 4000}
            for n, (days, state) in enumerate([(2, "open"), (-9, "kept"), (-8, "broken")])])
        connection.execute(insert(table_of(Payment)), [
            {"id": cast.an_id(0x710 + n), "customer_id": cast.HARBOUR, "amount_minor": minor, "unapplied_minor": 0,
             "received_on": day, "posted_at": cast.NOON}
            for n, (minor, day) in enumerate([(30_00, date(2026, 1, 31)), (20_00, date(2026, 1, 1)),
                                              (9_00, date(2025, 12, 31))])])
    with any_store.reading() as connection:
        history = histories(connection, [cast.HARBOUR], cast.TODAY)[cast.HARBOUR]
        assert (history.kept, history.partly, history.settled, history.house_bp) == (1, 0, 2, 5000)
        assert history.months("CNY", cast.TODAY) == (9_00, 50_00, 0)
        last = cast.TODAY + timedelta(days=9)
        assert weighted(connection, [cast.HARBOUR], cast.TODAY, last)[cast.HARBOUR]["CNY"][0] == 100_00
        assert pausing(connection, [cast.HARBOUR], cast.TODAY) == {cast.HARBOUR: {"CNY": 100_00}}
        assert [one.step for one in reminders_due(connection, cast.TODAY)] == [3]
        month = read_month(connection, EVERYBODY, date(2026, 3, 1))
        assert [one.state for one in month.entries] == ["kept", "broken", "open"]
        assert [(one.klass, one.count, one.foreseen_bp, one.kept_bp) for one in month.fared] == [
            ("costly", 2, 4000, 5000)]
        assert set(read_judgement(connection, [cast.HARBOUR], cast.TODAY)[cast.HARBOUR]["promises"]) == {
            cast.an_id(0x700)}
