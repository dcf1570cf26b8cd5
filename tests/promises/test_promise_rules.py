"""What becomes of a promise: kept, partly kept, broken."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldsales.kernel.errors import Invalid
from fieldsales.promises.rules import Promised, check_due, kept_rate, settle
from fieldsales.receivables.rules import MoneyIn

MADE, DUE = date(2026, 11, 10), date(2026, 11, 20)
LATER = date(2026, 12, 31)


def promise(key: str = "p", amount: int = 100, **more: object) -> Promised:
    values: dict[str, object] = {"currency": "CNY", "made_on": MADE, "due_on": DUE, **more}
    return Promised(id=key, amount_minor=amount, **values)  # type: ignore[arg-type]


def money(amount: int, day: date, **more: str) -> MoneyIn:
    return MoneyIn(amount, more.pop("currency", "CNY"), day, **more)


@pytest.mark.parametrize(
    ("received", "as_of", "state", "kept"),
    [
        ([], DUE, "open", 0),
        ([], DUE + timedelta(days=1), "broken", 0),
        ([money(100, DUE)], DUE, "kept", 100),
        ([money(100, MADE)], MADE, "kept", 100),
        ([money(300, DUE)], LATER, "kept", 100),
        ([money(100, MADE - timedelta(days=1))], LATER, "broken", 0),  # it came before the word was given
        ([money(40, DUE)], DUE, "open", 40),
        ([money(40, DUE)], LATER, "partly", 40),
        ([money(40, DUE), money(60, DUE)], LATER, "kept", 100),
        ([money(100, DUE + timedelta(days=1))], LATER, "broken", 0),  # late money does not unbreak it
        ([money(100, DUE, currency="USD")], LATER, "broken", 0),
        ([money(100, DUE, debtor_id="d2")], LATER, "broken", 0),
        ([money(100, DUE, debtor_id="d1")], LATER, "kept", 100),
    ],
)
def test_a_promise_against_the_money(received: list[MoneyIn], as_of: date, state: str, kept: int) -> None:
    (verdict,) = settle([promise(debtor_id="d1")], received, as_of)
    assert (verdict.state, verdict.kept_minor) == (state, kept)


def test_grace_keeps_a_promise_open_and_takes_late_money() -> None:
    late = DUE + timedelta(days=2)
    assert settle([promise()], [], late, grace_days=2)[0].state == "open"
    assert settle([promise()], [money(100, late)], LATER, grace_days=2)[0].state == "kept"
    assert settle([promise()], [], late + timedelta(days=1), grace_days=2)[0].state == "broken"


def test_the_same_money_keeps_only_one_promise_the_first_due() -> None:
    later = promise("b", due_on=DUE + timedelta(days=5))
    verdicts = {v.promise_id: v for v in settle([later, promise("a")], [money(130, DUE)], LATER)}
    assert (verdicts["a"].state, verdicts["a"].kept_minor) == ("kept", 100)
    assert (verdicts["b"].state, verdicts["b"].kept_minor) == ("partly", 30)


def test_a_superseded_promise_stays_so_and_takes_no_later_money() -> None:
    old = promise("a", state="superseded", superseded_on=date(2026, 11, 12))
    new = promise("b", made_on=date(2026, 11, 12))
    verdicts = settle([old, new], [money(100, date(2026, 11, 15))], LATER)
    assert [(v.state, v.kept_minor) for v in verdicts] == [("superseded", 0), ("kept", 100)]


def test_kept_rate_counts_settled_promises_only() -> None:
    assert kept_rate(0, 0) is None
    assert kept_rate(3, 5) == 0.6


def test_a_year_nobody_means_is_refused() -> None:
    with pytest.raises(Invalid, match="due_absurd"):
        check_due(date(2062, 1, 1), DUE)
    check_due(DUE - timedelta(days=3), DUE)


DAYS = st.integers(-5, 25).map(lambda days: MADE + timedelta(days=days))


@given(
    st.lists(st.tuples(st.integers(1, 500), DAYS), max_size=5),
    st.lists(st.tuples(st.integers(1, 500), DAYS), max_size=8),
)
def test_money_is_never_counted_twice(wanted: list[tuple[int, date]], came: list[tuple[int, date]]) -> None:
    promises = [promise(str(n), amount, due_on=due) for n, (amount, due) in enumerate(wanted)]
    verdicts = settle(promises, [money(amount, day) for amount, day in came], LATER)
    assert sum(v.kept_minor for v in verdicts) <= sum(amount for amount, _ in came)
    assert all(0 <= v.kept_minor <= p.amount_minor for v, p in zip(verdicts, promises, strict=True))
    assert all((v.state == "kept") == (v.kept_minor == p.amount_minor) for v, p in zip(verdicts, promises, strict=True))
