"""A suit that came to nothing: doubted, never erased; the clock both ways, alerts by the earlier day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from fieldsales.collection.models import Action
from fieldsales.kernel.errors import NotAllowed
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import SYSTEM
from fieldsales.people.rules import scope_of
from fieldsales.receivables.clocks import Clock, clocks
from fieldsales.receivables.limitation import Interruption, reckon
from fieldsales.receivables.models import Interruption as Row
from fieldsales.receivables.models import InterruptionReversal
from fieldsales.web.here import Program
from tests import cast
from tests.collection.conftest import need_plugin
from tests.receivables.conftest import Ledger

DUE, FILED, SERVED = date(2024, 3, 10), date(2025, 3, 1), date(2025, 3, 20)


def act(day: date, ground: str, grade: str = "B") -> Interruption:
    return Interruption(day, ground, grade)


@pytest.mark.parametrize(("acts", "without", "with_it"), [
    ([], "2027-03-10", "2027-03-10"),
    ([act(FILED, "suit")], "2028-03-01", "2028-03-01"),  # a suit that stands is no doubt
    ([act(FILED, "withdrawn_suit", "C")], "2027-03-10", "2028-03-01"),  # not served: the plain three years
    ([act(FILED, "withdrawn_suit", "C"), act(SERVED, "demand")], "2028-03-20", "2028-03-20"),  # served: a demand
    ([act(FILED, "withdrawn_suit", "C"), act(SERVED, "demand", "C")], "2027-03-10", "2028-03-01"),  # nobody can prove
    ([act(FILED, "demand", "C")], "2027-03-10", "2027-03-10"),  # word of mouth is another reading
    # The suit alone carried the debt to a later demand: without it that demand came too late.
    ([act(date(2027, 1, 5), "withdrawn_suit", "C"), act(date(2027, 6, 1), "demand")], "2027-03-10", "2030-06-01"),
    # Acknowledged after it had run out without the suit: revived all the same (民法典 192).
    ([act(date(2027, 1, 5), "withdrawn_suit", "C"), act(date(2027, 6, 1), "acknowledgement")],
     "2030-06-01", "2030-06-01"),
])  # fmt: skip
def test_the_clock_is_shown_with_the_withdrawn_suit_and_without(
    acts: list[Interruption], without: str, with_it: str
) -> None:
    found = reckon(DUE, DUE, acts)
    assert (found.earliest_on.isoformat(), found.doubtful_on.isoformat()) == (without, with_it)
    assert found.is_doubted is (without != with_it)


@pytest.mark.parametrize(("grade", "span", "debtor", "served", "left"), [
    ("B", (0, 5), None, None, [("suit", "B", False), ("withdrawn_suit", "C", True)]),
    ("B", (0, 5), None, 3, [("demand", "B", True), ("suit", "B", False), ("withdrawn_suit", "C", True)]),
    ("C", (0, 5), None, 3, [("demand", "C", True), ("suit", "C", False), ("withdrawn_suit", "C", True)]),
    ("A", (-9, -1), None, 3, [("suit", "A", True)]),  # another proceeding
    ("A", (1, 9), None, None, [("suit", "A", True)]),
    ("A", (0, 5), "other", None, [("suit", "A", True)]),  # another debtor
])  # fmt: skip
def test_what_becomes_of_the_acts_of_a_suit(
    ledger: Ledger, grade: str, span: tuple[int, int], debtor: str | None, served: int | None, left: list[Any]
) -> None:
    ledger.invoice("A", 100_00, late=400)
    day = cast.TODAY - timedelta(days=30)
    on = [(day + timedelta(days=n)).isoformat() for n in range(-9, 10)]
    own = cast.HARBOUR_DEBTOR
    ledger.perform("receivables.interrupt", cast.REP, interruption_id=uuid7(), occurred_on=day.isoformat(),
                   ground="suit", grade=grade, proof_kind="action", proof_id="filed", debtor_id=own)
    doubted = {"since": on[span[0] + 9], "until": on[span[1] + 9], "proof_kind": "action", "proof_id": "withdrawn",
               "served_on": None if served is None else on[served + 9], "debtor_id": uuid7() if debtor else own}
    for _ in range(2):  # told twice: nothing more
        ledger.perform("receivables.doubt_suits", SYSTEM, **doubted)
    reversed_ids = ledger.rows(InterruptionReversal, "interruption_id")
    found = [(ground, grade, one not in reversed_ids)
             for ground, grade, one in ledger.rows(Row, "ground", "grade", "id")]
    assert found == left


def test_only_the_system_doubts_a_suit(ledger: Ledger) -> None:
    with pytest.raises(NotAllowed):
        ledger.perform("receivables.doubt_suits", cast.LEGAL, since="2026-01-01", until="2026-01-02",
                       proof_kind="action", proof_id="x")


def first(program: Program) -> Clock:
    with program.store.reading() as connection:
        return clocks(connection, scope_of(cast.LEGAL), cast.TODAY, "all", cast.HARBOUR)[0][0]


@pytest.mark.parametrize(("served", "ends", "code"), [
    (None, "without", "doubt"), ("2026-03-09", "2029-03-09", "rest"),
])
def test_legal_withdraws_a_suit_and_every_page_goes_by_the_earlier_day(
    program: Program, log_in: Callable[[str], FlaskClient], served: str | None, ends: str, code: str
) -> None:
    need_plugin("legal")
    ledger = Ledger(program.dispatcher)
    ledger.invoice("A", 100_00, late=90)
    before = first(program).reckoning.earliest_on.isoformat()
    for stage, on, more in (("sued", "2026-03-02", {"case_number": "（2026）浙0203民初8号"}),
                            ("withdrawn", "2026-03-10", {"served_on": served} if served else {})):
        ledger.perform("collection.take_action", cast.LEGAL, action_id=uuid7(), method="legal",
                       fields={"stage": stage, "on": on, **more})
        if stage == "sued":
            assert first(program).reckoning.earliest_on == date(2029, 3, 2)
    [filed] = [one for one, stage in ledger.rows(Action, "id", "outcome") if stage == "sued"]
    assert "撤回或被驳回的起诉：存疑" in log_in("legal").get(f"/actions/{filed}").get_data(as_text=True)
    clock = first(program)
    assert clock.reckoning.earliest_on.isoformat() == (before if ends == "without" else ends)
    assert clock.reckoning.doubtful_on == date(2029, 3, 2 if served is None else 9)
    assert clock.advice.code == code
    page = log_in("legal").get(f"/limitation?customer={cast.HARBOUR}").get_data(as_text=True)
    assert "撤回或被驳回的起诉：存疑" in page
    assert ("算上撤回的起诉" in page) is (served is None)
