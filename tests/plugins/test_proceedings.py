"""A plugin says that what was filed came to nothing: only with days that make sense."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from fieldsales.plugin_api import Decision, SuitEnded, validate, words
from fieldsales.plugin_api.testing import case

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 9)


@pytest.mark.parametrize(("given", "fine"), [
    ((FIRST, LAST), True), ((FIRST, FIRST), True), ((FIRST, LAST, LAST), True), ((FIRST, LAST, FIRST), True),
    ((LAST, FIRST), False), ((FIRST, LAST, date(2026, 2, 28)), False), (("2026-03-01", LAST), False),
    ((FIRST, None), False), ((FIRST, LAST, "2026-03-02"), False), ((FIRST, datetime(2026, 3, 9, 1)), False),
])  # fmt: skip
def test_suit_that_ended_has_its_days_in_order(given: tuple[Any, ...], fine: bool) -> None:
    decision = Decision(words("撤诉", "Withdrawn"), "withdrawn", effects=(SuitEnded(*given),))
    if fine:
        assert validate.decision(decision, case()) is not None
        return
    with pytest.raises(validate.Garbage):
        validate.decision(decision, case())
