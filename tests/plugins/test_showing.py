"""What plugins show: panels, cards and measures are taken when they are well made, and refused by name when not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from fieldsales.kernel.money import Money
from fieldsales.plugin_api import cards, metrics, panels
from fieldsales.plugin_api.cards import Card, CardRow, DayCustomer, DayFacts, WorkdayCard
from fieldsales.plugin_api.fields import words
from fieldsales.plugin_api.manager import PluginFailed, Plugins
from fieldsales.plugin_api.metrics import Metric, RepFacts, ScorecardMetric
from fieldsales.plugin_api.panels import CustomerPanel, Line, Link, Panel, Table
from fieldsales.plugin_api.testing import NOON, TODAY, case
from fieldsales.plugin_api.validate import Garbage

PARCELS = '''
from fieldsales.plugin_api import (
    Card, CardRow, CustomerPanel, Line, Metric, Panel, ScorecardMetric, WorkdayCard, hookimpl, words,
)

@hookimpl
def customer_panels():
    return [CustomerPanel("parcels", words("包裹", "Parcels"),
                          lambda facts: Panel((Line(words("欠款", "Open"), facts.balance),)))]

@hookimpl
def workday_cards():
    return [WorkdayCard("parcels", words("待取包裹", "Parcels to fetch"), lambda facts: Card(tuple(
        CardRow(one.case.customer.id, words("取件", "Fetch")) for one in facts.customers)))]

@hookimpl
def scorecard_metrics():
    return [ScorecardMetric("parcels", words("签收率", "Signed for"), "percent",
                            lambda facts: Metric(len(facts.actions), 4))]
'''
DAY = DayFacts(TODAY, NOON, "Asia/Shanghai", customers=(DayCustomer(case()),))
REP = RepFacts("u1", "李明", TODAY.replace(day=1), TODAY, TODAY)
SAID = words("好", "Fine")


def test_panel_card_and_measure_of_a_plugin_are_asked_by_name(tmp_path: Path) -> None:
    (tmp_path / "parcels.py").write_text(PARCELS, encoding="utf-8")
    plugins = Plugins.load(own=tmp_path, with_installed=False)
    assert plugins.status()[0].hooks == ("customer_panels", "scorecard_metrics", "workday_cards")
    shown = plugins.ask("customer_panels", "parcels", lambda one: panels.panel(one.show(case())))
    assert shown.lines[0].value == Money(18_230_000)
    day = plugins.ask("workday_cards", "parcels", lambda one: cards.card(one.show(DAY), DAY))
    assert [row.customer_id for row in day.rows] == ["c1"]
    measured = plugins.ask("scorecard_metrics", "parcels", lambda one: metrics.metric(one.measure(REP)))
    assert (measured.numerator, measured.denominator) == (0, 4)


def _line(value: Any = "x", **more: Any) -> Panel:
    return Panel((Line(SAID, value, **more),))


@pytest.mark.parametrize(("given", "complaint"), [
    ("text", "must return a Panel"),
    (_line(1.5), "line: value must be"),
    (_line(datetime(2026, 3, 12)), "must be aware"),
    (_line("x" * 201), "longer than 200"),
    (_line("x", tone="loud"), "no tone 'loud'"),
    (Panel([Line(SAID, 1)]), "must be a tuple"),  # type: ignore[arg-type]
    (Panel((Line(SAID, 1),) * 13), "more than 12"),
    (Panel(table=Table((SAID,), (("a", "b"),))), "row 1 has 2 cells for 1"),
    (Panel(table=Table((), ())), "no columns"),
    (Panel(links=(Link(SAID, "javascript:alert(1)"),)), "opens 'javascript"),
    (Panel(links=(Link(SAID, "http://plain.example"),)), "opens 'http:"),
    (Panel(links=(Link(SAID, "../me"),)), "opens '../me'"),
])
def test_panel_that_could_not_be_drawn_is_garbage(given: Any, complaint: str) -> None:
    with pytest.raises(Garbage, match=complaint):
        panels.panel(given)


def test_panel_of_every_kind_of_cell_passes() -> None:
    cells = (SAID, "text", Money(1), date(2026, 3, 12), datetime(2026, 3, 12, tzinfo=UTC), 7)
    links = tuple(Link(SAID, one) for one in ("call", "method/phone", "tel:+8657188881234", "https://post.example/1"))
    given = Panel(tuple(Line(SAID, one) for one in cells), Table((SAID,) * 6, (cells,)), links, "warn")
    assert panels.panel(given) == given
    assert panels.panel(None) is None


@pytest.mark.parametrize(("given", "complaint"), [
    ([CardRow("c1", SAID)], "must return a Card"),
    (Card((CardRow("c2", SAID),)), "none of those shown"),
    (Card((CardRow("c1", "text"),)), "row: text must be"),  # type: ignore[arg-type]
    (Card((CardRow("c1", SAID, when="15:00"),)), "when must be"),  # type: ignore[arg-type]
    (Card((CardRow("c1", SAID),) * 31), "more than 30"),
    (Card(method="../x"), "card: method"),
])
def test_card_that_could_not_be_drawn_is_garbage(given: Any, complaint: str) -> None:
    with pytest.raises(Garbage, match=complaint):
        cards.card(given, DAY)


@pytest.mark.parametrize(("given", "complaint"), [
    (0.5, "must return a Metric"),
    (Metric(1.5, 2), "numerator must be a whole number"),  # type: ignore[arg-type]
    (Metric(1, -1), "denominator is negative"),
    (Metric(10**16), "numerator"),
])
def test_measure_that_is_no_fraction_is_garbage(given: Any, complaint: str) -> None:
    with pytest.raises(Garbage, match=complaint):
        metrics.metric(given)


PANEL = CustomerPanel("a_b", SAID, lambda facts: None)
CARD = WorkdayCard("a_b", SAID, lambda facts: None)
MEASURE = ScorecardMetric("a_b", SAID, "number", lambda facts: None)


@pytest.mark.parametrize(("check", "given", "complaint"), [
    (panels.customer_panel, CARD, "must be a CustomerPanel"),
    (panels.customer_panel, replace(PANEL, name="Big Name"), "panel name"),
    (panels.customer_panel, replace(PANEL, roles=("boss",)), "no role 'boss'"),
    (panels.customer_panel, replace(PANEL, labels={"zh": "只有中文"}), "has no en"),
    (panels.customer_panel, replace(PANEL, show=None), "show must be a function"),
    (cards.workday_card, replace(CARD, show=1), "show must be a function"),
    (metrics.scorecard_metric, replace(MEASURE, unit="kg"), "no unit 'kg'"),
    (metrics.scorecard_metric, replace(MEASURE, better="bigger"), "better 'bigger'"),
])
def test_declaration_that_says_too_little_is_garbage(check: Any, given: Any, complaint: str) -> None:
    with pytest.raises(Garbage, match=complaint):
        check(given)
    assert check({"customer_panel": PANEL, "workday_card": CARD, "scorecard_metric": MEASURE}[check.__name__])


def test_answer_that_is_garbage_fails_its_own_panel_alone(tmp_path: Path) -> None:
    (tmp_path / "parcels.py").write_text(PARCELS.replace("Panel((Line(words(\"欠款\", \"Open\"), facts.balance),))",
                                                         "'rubbish'"), encoding="utf-8")
    plugins = Plugins.load(own=tmp_path, with_installed=False)
    with pytest.raises(PluginFailed, match="garbage"):
        plugins.ask("customer_panels", "parcels", lambda one: panels.panel(one.show(case())))
    assert plugins.status()[0].state == "active"
