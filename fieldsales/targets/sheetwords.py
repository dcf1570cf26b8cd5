"""What is known of how a customer pays, in both languages: pay days, other suppliers, what he can pay, the basics."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Table, func, select

from fieldsales.kernel.clock import on_date
from fieldsales.kernel.errors import N_
from fieldsales.kernel.sentences import say
from fieldsales.store.base import table_of
from fieldsales.targets import health, paydays, potential
from fieldsales.targets.models import HealthCheck, PayCalendar, PotentialSheet, RivalSighting

Doc = dict[str, Any]
#: Statements that ``read_sheets`` runs.
QUERIES = 4
#: So many sightings of other suppliers are carried.
RIVALS = 8
LANGS = ("zh", "en")
_WEEK = {"zh": "一二三四五六日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
LINES = {"cash": N_("Cash and credit at hand"), "sales": N_("Sales of the month"),
         "stock": N_("Stock on hand"), "downstream": N_("Half of what his customers owe him"),
         "others": N_("What other suppliers take")}


def newest(connection: Connection, table: Table, customer_ids: Sequence[str]) -> dict[str, Any]:
    """The newest row of each customer. One query."""
    c = table.c
    nth = func.row_number().over(partition_by=c.customer_id, order_by=(c.at.desc(), c.id.desc())).label("nth")
    ranked = select(table, nth).where(c.customer_id.in_(customer_ids)).subquery("ranked")
    return {row.customer_id: row for row in connection.execute(select(ranked).where(ranked.c.nth == 1))}


def read_sheets(connection: Connection, customer_ids: Sequence[str], today: date, kept: Mapping[str, int]
                ) -> dict[str, Doc]:
    """By customer: ``pay``, ``rivals``, ``potential``, ``health``, each only where it is known. ``QUERIES`` statements.

    ``kept``: how each keeps his word, in basis points.
    """
    found: defaultdict[str, Doc] = defaultdict(dict)
    runs: dict[str, date | None] = {}
    for key, row in newest(connection, table_of(PayCalendar), customer_ids).items():
        runs[key] = paydays.next_on(row.run_days, today)
        found[key]["pay"] = _pay(row, runs[key], today)
    for key, rivals in _rivals(connection, customer_ids).items():
        found[key]["rivals"] = rivals
    for key, row in newest(connection, table_of(PotentialSheet), customer_ids).items():
        found[key]["potential"] = _potential(row, kept.get(key), runs.get(key))
    for key, row in newest(connection, table_of(HealthCheck), customer_ids).items():
        found[key]["health"] = _health(row)
    return dict(found)


def pay_day(code: str, lang: str) -> str:
    """``每月25日``, ``每周五`` / ``the 25th``, ``Fridays``; ``d31`` is the month's last day."""
    number = int(code[1:])
    if code[0] == "w":
        return f"每周{_WEEK['zh'][number - 1]}" if lang == "zh" else f"every {_WEEK['en'][number - 1]}"
    if number == 31:
        return "每月最后一天" if lang == "zh" else "the month's last day"
    return f"每月{number}日" if lang == "zh" else f"day {number} of the month"


def pay_day_list(codes: Sequence[str], lang: str) -> str:
    """Several pay days in one line."""
    return ("、" if lang == "zh" else ", ").join(pay_day(code, lang) for code in codes)


def _day(on: date, lang: str) -> str:
    return f"{on.month}月{on.day}日" if lang == "zh" else f"{on.day} {on:%b}"


def _pay(row: Any, run_on: date | None, today: date) -> Doc:
    ask_on = paydays.ask_on(run_on, today) if run_on else None
    who = " ".join(part for part in (row.approver_name, row.approver_role) if part)
    doc: Doc = {"run_days": row.run_days, "cash_days": row.cash_days, "approver_name": row.approver_name,
                "approver_role": row.approver_role, "note": row.note, "next_on": run_on.isoformat() if run_on else None,
                "ask_on": ask_on.isoformat() if ask_on else None, "noted_on": on_date(row.at).isoformat()}
    for lang in LANGS:
        doc[f"days_{lang}"] = pay_day_list(row.run_days, lang)
        doc[f"cash_{lang}"] = pay_day_list(row.cash_days, lang)
        doc[f"hint_{lang}"] = hint(run_on, ask_on, who, lang)
    return doc


def hint(run_on: date | None, ask_on: date | None, who: str, lang: str) -> str:
    """When to be there and whom to ask, in one sentence; empty when no pay-run is known."""
    if run_on is None or ask_on is None:
        return ""
    days = {"run": _day(run_on, lang), "ask": _day(ask_on, lang)}
    if who:
        return say(N_("Pays on %(run)s: be in the list by %(ask)s, %(who)s signs."), lang, who=who, **days)
    return say(N_("Pays on %(run)s: be in the list by %(ask)s."), lang, **days)


def _rivals(connection: Connection, customer_ids: Sequence[str]) -> dict[str, list[Doc]]:
    table = table_of(RivalSighting)
    c = table.c
    nth = func.row_number().over(partition_by=c.customer_id, order_by=(c.seen_on.desc(), c.id.desc())).label("nth")
    ranked = select(table, nth).where(c.customer_id.in_(customer_ids)).subquery("ranked")
    found: defaultdict[str, list[Doc]] = defaultdict(list)
    for row in connection.execute(select(ranked).where(ranked.c.nth <= RIVALS).order_by(ranked.c.nth)):
        found[row.customer_id].append({"id": row.id, "supplier": row.supplier, "took_minor": row.took_minor,
                                       "currency": row.currency, "seen_on": row.seen_on.isoformat(),
                                       "words": row.words})
    return dict(found)


_INPUTS = ("cash_minor", "stock_minor", "sales_minor", "downstream_minor", "others_minor")


def _potential(row: Any, kept_bp: int | None, run_on: date | None) -> Doc:
    sheet = potential.Sheet(**{name: getattr(row, name) for name in _INPUTS}, downstream_on=row.downstream_on,
                            season=row.season)
    judged = potential.assess(sheet, kept_bp, run_on)
    words = {code: {lang: say(text, lang) for lang in LANGS} for code, text in LINES.items()}
    return {
        "on_day": row.on_day.isoformat(), "currency": row.currency, "season": row.season, "sources": row.sources,
        "downstream_on": row.downstream_on.isoformat() if row.downstream_on else None,
        **{name: getattr(row, name) for name in _INPUTS},
        "can_minor": judged.can_minor, "will_minor": judged.will_minor,
        "when": judged.when.isoformat() if judged.when else None,
        "lines": [{"code": code, "minor": minor, **words[code]} for code, minor in judged.lines],
        "unknown": [words[code] for code in judged.unknown],
    }


def _health(row: Any) -> Doc:
    judged = health.judge(row.answers)
    return {"on_day": row.on_day.isoformat(), "score": judged.score, "answers": row.answers, "note": row.note,
            "causes": [{"code": code, **{lang: say(health.ITEMS[code][1], lang) for lang in LANGS}}
                       for code in judged.causes],
            "measures": list(judged.measures)}
