"""A customer's month for the phone and the office: our number beside his, steps, measures, promises that need help."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, case, func, select

from fieldsales.collection.models import Task
from fieldsales.config import as_set
from fieldsales.customers.models import Customer
from fieldsales.kernel.clock import on_date
from fieldsales.kernel.sentences import say
from fieldsales.people.models import User
from fieldsales.receivables.models import Due
from fieldsales.store.base import table_of
from fieldsales.targets import figures, library, sheetwords
from fieldsales.targets.models import CollectionPlan, GapMeasure, MeasureKind, PlanStep, SupportAction, Target
from fieldsales.targets.rules import Word, forecast, gap_of, is_weak, month_end, month_of, next_month

Doc = dict[str, Any]
_targets, _plans, _steps, _tasks = table_of(Target), table_of(CollectionPlan), table_of(PlanStep), table_of(Task)
_measures, _kinds, _support = table_of(GapMeasure), table_of(MeasureKind), table_of(SupportAction)
_customers, _dues, _users = table_of(Customer), table_of(Due), table_of(User)
#: Statements that ``read_months`` runs, and ``read_targets`` with the sheets.
MONTH_QUERIES = 10 + figures.WORDS_QUERIES
QUERIES = MONTH_QUERIES + sheetwords.QUERIES


def read_targets(connection: Connection, customer_ids: Sequence[str], today: date) -> dict[str, Doc]:
    """The section of the dossier: this month and the next, pay days, other suppliers, what he can pay, the basics.

    Months without target, plan, step, measure, money or promise are left out. ``QUERIES`` statements.
    """
    months = (month_of(today), next_month(month_of(today)))
    docs, kept = read_months(connection, customer_ids, months, today, as_set().currency)
    known = sheetwords.read_sheets(connection, customer_ids, today, kept)
    return {key: {"months": [one for one in docs[key] if has_content(one)]} | known.get(key, {})
            for key in customer_ids}


def has_content(month: Doc) -> bool:
    """Whether a month says anything but what is due."""
    told = ("cash_minor", "proposed_cash_minor", "theirs_minor", "steps", "measures", "received_minor", "open_minor",
            "difficulties", "remedy", "discussed_on")
    return any(month[name] for name in told)


def read_months(connection: Connection, customer_ids: Sequence[str], months: Sequence[date], today: date,
                currency: str) -> tuple[dict[str, list[Doc]], Mapping[str, int]]:
    """By customer, one document a month; and how each keeps his word (basis points). ``MONTH_QUERIES`` statements."""
    ids, first, last = list(customer_ids), months[0], months[-1]
    where = _customers.c.id.in_(ids)
    words = figures.words_of(connection, where, first, month_end(last), today, currency, ids)
    promised: defaultdict[tuple[str, date], list[figures.Said]] = defaultdict(list)
    for one in words.said:
        on = max(one.word.due_on or first, first)
        promised[one.customer_id, month_of(on)].append(one)
    t, p = _targets.c, _plans.c
    heads = {(row.subject_id, row.month): row for row in connection.execute(select(_targets).where(
        t.level == "customer", t.subject_id.in_(ids), t.month.in_(months), t.currency == currency))}
    plans = {(row.customer_id, row.month): row for row in connection.execute(
        select(_plans).where(p.customer_id.in_(ids), p.month.in_(months)))}
    received, cleared = _money(connection, where, first, currency)
    due = _due(connection, ids, months, currency)
    names = {row.id: row.name for row in connection.execute(select(_users.c.id, _users.c.name))}
    steps = _steps_of(connection, ids, months, names)
    measures = _measures_of(connection, ids, months, names)
    helped = _helped(connection, ids, names)
    return {key: [
        _head(heads.get((key, month)), currency) | _plan(plans.get((key, month)))
        | _promises(promised[key, month], helped)
        | _sums(heads.get((key, month)), received.get(key, 0) if month == first else 0, promised[key, month])
        | {"month": month.isoformat(), "cleared_minor": cleared.get(key, 0) if month == first else 0,
           "claim_minor": max(0, due[key, month]) + max(0, cleared.get(key, 0)),
           "steps": steps[key, month], "measures": measures[key, month]}
        for month in months] for key in ids}, words.kept


def _head(row: Any, currency: str) -> Doc:
    names = ("arrears_minor", "cash_minor", "proposed_arrears_minor", "proposed_cash_minor")
    return {"currency": currency} | {name: getattr(row, name) if row is not None else None for name in names}


def _plan(row: Any) -> Doc:
    if row is None:
        return {"theirs_minor": None, "difficulties": "", "remedy": "", "discussed_on": None, "discussed_with": "",
                "state": "", "version": 0}
    return {"theirs_minor": row.theirs_minor, "difficulties": row.difficulties, "remedy": row.remedy,
            "discussed_on": row.discussed_on.isoformat() if row.discussed_on else None,
            "discussed_with": row.discussed_with, "state": row.state, "version": row.version}


def _sums(head: Any, received: int, said: Sequence[figures.Said]) -> Doc:
    told = forecast(one.word for one in said)
    gap = None if head is None else gap_of(head.cash_minor, received, told.weighted_minor)
    return {"received_minor": received, "open_minor": told.open_minor, "weighted_minor": told.weighted_minor,
            "held_back_minor": told.held_back_minor, "gap_minor": gap}


def _promises(said: Sequence[figures.Said], helped: Mapping[str, list[Doc]]) -> Doc:
    """Promises of the month; ``weak`` ones count only with a support action, and say which they have."""
    return {"promised": [_word(one.word, one.is_plan) | {"support": helped.get(one.word.id, [])} for one in said]}


def _word(word: Word, is_plan: bool) -> Doc:
    return {"id": word.id, "open_minor": word.open_minor, "due_on": word.due_on.isoformat() if word.due_on else None,
            "weak": is_weak(word) and not is_plan, "counts": not is_weak(word) or word.is_supported, "plan": is_plan,
            "probability_bp": word.probability_bp}


def _money(connection: Connection, where: Any, month: date, currency: str) -> tuple[dict[str, int], dict[str, int]]:
    received: defaultdict[str, int] = defaultdict(int)
    cleared: defaultdict[str, int] = defaultdict(int)
    for row in connection.execute(figures.received_in(month, currency, where)):
        received[row.customer_id] += int(row.minor)
    for row in connection.execute(figures.cleared_in(month, currency, where)):
        cleared[row.customer_id] += int(row.minor)
    return dict(received), dict(cleared)


def _due(connection: Connection, ids: list[str], months: Sequence[date], currency: str
         ) -> defaultdict[tuple[str, date], int]:
    d = _dues.c
    sums = [func.sum(case((d.due_on <= month_end(month), d.open_minor), else_=0)) for month in months]
    found: defaultdict[tuple[str, date], int] = defaultdict(int)
    for customer_id, *minors in connection.execute(
        select(d.customer_id, *sums).where(d.customer_id.in_(ids), d.open_minor != 0, d.currency == currency)
        .group_by(d.customer_id)
    ):
        for month, minor in zip(months, minors, strict=True):
            found[customer_id, month] = int(minor or 0)
    return found


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _steps_of(connection: Connection, ids: list[str], months: Sequence[date], names: Mapping[str, str]
              ) -> defaultdict[tuple[str, date], list[Doc]]:
    """Steps that are not dropped; one whose task was ticked off counts as done though nobody wrote a proof."""
    s, k = _steps.c, _tasks.c
    ticked = and_(k.source_id == s.id, k.kind == "plan_step", k.customer_id == s.customer_id, k.outcome == "done")
    found: defaultdict[tuple[str, date], list[Doc]] = defaultdict(list)
    for row in connection.execute(
        select(_steps, k.done_at.label("ticked_at")).select_from(_steps.outerjoin(_tasks, ticked))
        .where(s.customer_id.in_(ids), s.month.in_(months), s.dropped_at.is_(None)).order_by(s.due_on, s.id)
    ):
        done_on = row.done_on or (on_date(row.ticked_at) if row.ticked_at else None)
        found[row.customer_id, row.month].append({
            "id": row.id, "text": row.text, "due_on": row.due_on.isoformat(), "owner_id": row.owner_id,
            "owner_name": names.get(row.owner_id, ""), "done_on": _iso(done_on), "evidence": row.evidence,
            "proofs": len(row.proof_sha256 or [])})
    return found


def _named(own: Mapping[str, tuple[str, str, bool]]) -> Callable[[str], Doc]:
    def words(code: str) -> Doc:
        if code in own:
            return {"name_zh": own[code][0], "name_en": own[code][0]}
        name = library.KINDS.get(code, (code, ""))[0]
        return {f"name_{lang}": say(name, lang) for lang in ("zh", "en")}

    return words


def own_kinds(connection: Connection) -> dict[str, tuple[str, str, bool]]:
    """The house's own wording of kinds of measures, by code: (name, about, retired). One query."""
    k = _kinds.c
    return {row.code: (row.name, row.about, bool(row.retired))
            for row in connection.execute(select(_kinds).order_by(k.at, k.id))}


def _measures_of(connection: Connection, ids: list[str], months: Sequence[date], names: Mapping[str, str]
                 ) -> defaultdict[tuple[str, date], list[Doc]]:
    """Measures against the gap, with their names in both languages. Two queries."""
    m, words = _measures.c, _named(own_kinds(connection))
    found: defaultdict[tuple[str, date], list[Doc]] = defaultdict(list)
    for row in connection.execute(
        select(_measures).where(m.customer_id.in_(ids), m.month.in_(months)).order_by(m.due_on, m.id)
    ):
        found[row.customer_id, row.month].append({
            "id": row.id, "code": row.code, **words(row.code), "text": row.text, "cost_minor": row.cost_minor,
            "expected_minor": row.expected_minor, "actual_minor": row.actual_minor, "due_on": row.due_on.isoformat(),
            "owner_name": names.get(row.owner_id, "")})
    return found


def _helped(connection: Connection, ids: list[str], names: Mapping[str, str]) -> dict[str, list[Doc]]:
    s = _support.c
    found: defaultdict[str, list[Doc]] = defaultdict(list)
    for row in connection.execute(select(_support).where(s.customer_id.in_(ids)).order_by(s.due_on, s.id)):
        found[row.promise_id].append({"id": row.id, "text": row.text, "due_on": row.due_on.isoformat(),
                                      "owner_name": names.get(row.owner_id, ""), "done_on": _iso(row.done_on)})
    return dict(found)
