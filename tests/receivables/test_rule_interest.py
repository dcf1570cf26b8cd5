"""Interest by rules that plugins bring: multiplied again before it is believed, beside the core's own lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from fieldsales.kernel.money import Money
from fieldsales.plugin_api import InterestFacts, InterestLine, InterestRule, hookimpl, interest_on, words
from fieldsales.plugin_api.interest import lines
from fieldsales.plugin_api.loading import Found
from fieldsales.plugin_api.manager import Plugins
from fieldsales.plugin_api.validate import Garbage
from fieldsales.receivables.ruleinterest import percent_of
from fieldsales.web.here import Program
from tests import cast
from tests.receivables.conftest import Ledger

RATE = Decimal("0.000175")
LINE = InterestLine(words("判决 1 号", "Judgement 1"), Money(1_000_000), date(2026, 3, 1), date(2026, 3, 30), RATE,
                    Money(5_250))


def brought(reckon: Callable[[InterestFacts], Iterable[InterestLine]]) -> Plugins:
    rule = InterestRule("court", words("判决利息", "Court interest"), words("某解释第一条", "Article 1"), reckon)

    class Module:
        @staticmethod
        @hookimpl
        def interest_rules() -> list[InterestRule]:
            return [rule]

    plugins = Plugins(call_seconds=0.5)
    assert plugins.add(Found("court", "file", "", "1", lambda: Module)).state == "active"
    return plugins


@pytest.mark.parametrize(("base", "rate", "days", "per", "rounding", "minor"), [
    (1_000_000, "0.000175", 30, "day", "half_up", 5_250),
    (1_000_000, "0.03", 30, "year", "half_up", 2_466),  # 2,465.75…
    (100, "0.005", 1, "day", "half_up", 1), (100, "0.005", 1, "day", "half_even", 0),
    (100, "0.005", 1, "day", "down", 0),
    (100, "0.015", 1, "day", "half_even", 2), (100, "0.015", 1, "day", "down", 1),
])  # fmt: skip
def test_rounding_is_the_one_that_is_named(
    base: int, rate: str, days: int, per: str, rounding: Any, minor: int
) -> None:
    assert interest_on(Money(base), Decimal(rate), days, per, rounding) == Money(minor)


@given(st.integers(0, 10**12), st.integers(0, 10**6), st.integers(0, 3000))
def test_line_is_believed_only_when_it_is_the_product(base: int, ppm: int, days: int) -> None:
    rule = InterestRule("r", words("r", "r"), words("r", "r"), lambda facts: ())
    rate, last = Decimal(ppm) / 10**6, LINE.first + timedelta(days=days)
    right = interest_on(Money(base), rate, days + 1)
    line = replace(LINE, base=Money(base), rate=rate, last=last, amount=right)
    assert lines([line], rule) == (line,)
    with pytest.raises(Garbage, match="not base × rate × days"):
        lines([replace(line, amount=Money(right.minor + 1))], rule)


@pytest.mark.parametrize("line", [
    "rubbish", replace(LINE, rate=0.000175),  # type: ignore[arg-type]
    replace(LINE, rate=Decimal("NaN")), replace(LINE, rate=Decimal(2)),
    replace(LINE, last=LINE.first - timedelta(days=1)), replace(LINE, amount=Money(5_250, "USD")),
    replace(LINE, base=Money(-1)), replace(LINE, per="month")])  # type: ignore[arg-type]
def test_rubbish_is_no_line(line: Any) -> None:
    with pytest.raises(Garbage):
        lines([line], InterestRule("r", words("r", "r"), words("r", "r"), lambda facts: ()))


def test_rate_is_written_with_every_place_it_has() -> None:
    written = [percent_of(Decimal(rate)) for rate in ("0.000175", "0.0005", "0.03", "0")]
    assert written == ["0.0175%", "0.05%", "3%", "0%"]


def test_page_shows_the_rules_lines_and_its_own_sum(program: Program, log_in: Callable[[str], FlaskClient]) -> None:
    seen: list[InterestFacts] = []

    def reckon(facts: InterestFacts) -> list[InterestLine]:
        seen.append(facts)
        return [LINE, replace(LINE, first=date(2026, 3, 31), last=date(2026, 3, 31), amount=Money(175))]

    program.plugins.become(brought(reckon))
    Ledger(program.dispatcher).invoice("A", 1_000_00, late=30)
    path = f"/customers/{cast.HARBOUR}/late-loss?to=2026-04-30"
    text = log_in("legal").get(path).get_data(as_text=True)
    for said in ("判决利息", "某解释第一条", "判决 1 号", "0.0175%", "¥52.50", "¥1.75", "¥54.25", "每行四舍五入到分"):
        assert said in text, said
    assert [(one.number, one.pieces) for one in seen[0].debts] == [("A", ((Money(1_000_00), None),))]
    assert (seen[0].to_on, seen[0].kept) == (date(2026, 4, 30), ())


@pytest.mark.parametrize("reckon", [lambda facts: 1 / 0, lambda facts: [replace(LINE, amount=Money(9))]])
def test_rule_that_fails_is_named_and_the_cores_lines_stand(
    program: Program, log_in: Callable[[str], FlaskClient], reckon: Any
) -> None:
    program.plugins.become(brought(reckon))
    Ledger(program.dispatcher).invoice("A", 1_000_00, late=30)
    text = log_in("legal").get(f"/customers/{cast.HARBOUR}/late-loss").get_data(as_text=True)
    assert "此规则暂时没有给出结果" in text
    assert "没有适用的利率：A" in text
