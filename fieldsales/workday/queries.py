"""What a phone carries of a working day: dossiers, today's list, oneself, the settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, and_, or_, select

from fieldsales.collection.faith_rules import SEEN
from fieldsales.config import Settings
from fieldsales.customers.models import Customer
from fieldsales.documents.clauses import clause_sets
from fieldsales.documents.onetime import channels_of
from fieldsales.kernel.clock import DEFAULT_ZONE
from fieldsales.kernel.operation import Actor
from fieldsales.kernel.sentences import say
from fieldsales.people.models import Team, User
from fieldsales.people.rules import Scope
from fieldsales.plans.added import clause_docs
from fieldsales.plugin_api.manager import Plugins
from fieldsales.plugin_api.types import Excuse
from fieldsales.receivables.models import PaymentReceipt, Seller
from fieldsales.receivables.rules import is_cash_late, shown_state
from fieldsales.store.base import table_of
from fieldsales.targets.month import own_month
from fieldsales.visits.leads import newest_leads
from fieldsales.workday import timeline
from fieldsales.workday.dossier import Doc, next_limitation, shape
from fieldsales.workday.gathering import QUERIES as GATHERED
from fieldsales.workday.gathering import gather, happenings
from fieldsales.workday.lawsection import bill_discount, watch_policy
from fieldsales.workday.panels import panels_of
from fieldsales.workday.sections import SECTIONS, read_sections
from fieldsales.workday.steps import steps_of
from fieldsales.workday.table import table_settings
from fieldsales.workday.today import ranked_today, today_list
from fieldsales.workday.words import LANGS, OUTCOMES, PURPOSES

__all__ = ["QUERIES", "dossiers", "me_doc", "ranked_today", "settings_doc", "timeline_page", "today_list"]

_users, _teams, _customers = table_of(User), table_of(Team), table_of(Customer)
#: Statements that ``dossiers`` runs, whatever the page and the histories.
QUERIES = GATHERED + sum(section.queries for section in SECTIONS)
_OLDER = happenings(True, older=True)
_receipts, _sellers = table_of(PaymentReceipt), table_of(Seller)


def dossiers(connection: Connection, customer_ids: Sequence[str], today: date, currency: str = "CNY",
             plugins: Plugins | None = None, viewer: Actor | None = None) -> dict[str, Doc]:
    """Whole dossiers of at most 200 customers, by id; ids that are not there are left out.

    ``QUERIES`` statements, whatever the histories, and with ``plugins`` those of the next step, chosen among their
    methods; with ``viewer`` too those of the panels that plugins show him. Whether they may be seen is the caller's to
    decide.
    """
    if not customer_ids:
        return {}
    found = gather(connection, list(customer_ids))
    sections = read_sections(connection, customer_ids, today, plugins)
    ends = {key: reckoned.earliest_on for key in customer_ids if (reckoned := next_limitation(found, key))}
    steps = {} if plugins is None else steps_of(connection, customer_ids, today, plugins, ends)
    shown = panels_of(connection, customer_ids, today, plugins, viewer) if plugins and viewer else {}
    return {
        key: shape(found, key, today, currency) | {name: part[key] for name, part in sections.items() if key in part}
        | ({"next_step": steps[key].as_doc()} if key in steps else {})
        | ({"panels": shown[key]} if key in shown else {})
        for key in customer_ids if found.of("customer", key)
    }


def timeline_page(connection: Connection, customer_id: str, before: datetime) -> list[Doc]:
    """Older visits, actions and notes than ``before``, newest first: one page. One query."""
    rows = connection.execute(_OLDER, {"one": customer_id, "before": before})
    return timeline.newest(timeline.of_happenings(rows))


def me_doc(connection: Connection, actor: Actor, today: date, now: datetime | None = None,
           zone: str = DEFAULT_ZONE, currency: str = "CNY") -> Doc:
    """Oneself: the month's money, what one took in and finance has not confirmed, one's leads.

    Sums are of the house ``currency``: others are never added to it, and stand in ``pending`` one by one.
    Money counts for whoever owned the account when it was posted, not for whoever collected it.
    """
    month = datetime.combine(today.replace(day=1), time.min, ZoneInfo(zone))
    now = now or datetime.combine(today, time(12), ZoneInfo(zone))
    who = connection.execute(
        select(_users.c.id, _users.c.name, _users.c.role, _users.c.locale, _teams.c.name.label("team"))
        .outerjoin(_teams, _teams.c.id == _users.c.team_id).where(_users.c.id == actor.user_id)
    ).one()
    own = own_month(connection, actor.user_id, today, currency)
    r = _receipts.c
    rows = connection.execute(
        select(r.id, r.number, r.customer_id, _customers.c.name.label("customer_name"), r.amount_minor, r.currency,
               r.method, r.state, r.received_at, r.handed_in_at, r.bill_matures_on)
        .join(_customers, _customers.c.id == r.customer_id)
        .where(r.collector_id == actor.user_id,
               or_(r.state == "pending", and_(r.state == "confirmed", r.received_at >= month)))
        .order_by(r.received_at.desc(), r.id.desc())
    ).all()
    pending = [row for row in rows if row.state == "pending"]
    sums = dict.fromkeys(("pending", "confirmed"), 0)
    for row in rows:
        if row.currency == currency:
            sums[row.state] += row.amount_minor
    return {
        "user_id": who.id, "name": who.name, "role": who.role, "team": who.team, "locale": who.locale,
        "today": today.isoformat(), "target_minor": own["cash_minor"], "targets": own,
        "received_month_minor": own["received_minor"],
        "pending_receipts_minor": sums["pending"], "confirmed_receipts_minor": sums["confirmed"],
        "pending": [_pending(row, now) for row in pending],
        "leads": [_lead(row) for row in newest_leads(connection, Scope("self", actor.user_id, None))],
    }


def _lead(row: Any) -> Doc:
    return {"id": row.id, "name": row.name, "phone": row.phone, "address": row.address, "text": row.text,
            "customer_id": row.customer_id, "at": timeline.instant(row.occurred_at)}


def _pending(row: Any, now: datetime) -> Doc:
    return {
        "id": row.id, "number": row.number, "customer_id": row.customer_id, "customer_name": row.customer_name,
        "amount_minor": row.amount_minor, "currency": row.currency, "method": row.method,
        "state": shown_state(row.method, row.state, row.handed_in_at is not None),
        "received_at": timeline.instant(row.received_at), "handed_in_at": timeline.instant(row.handed_in_at),
        "bill_matures_on": timeline.as_date(row.bill_matures_on),
        "late": is_cash_late(row.method, row.state, row.handed_in_at, row.received_at, now),
    }


def settings_doc(connection: Connection, settings: Settings, plugins: Plugins, today: date | None = None) -> Doc:
    """What the house has set: our companies and their accounts, coded excuses, locked clauses, words. Five queries."""
    s = _sellers.c
    sellers = [
        {"id": row.id, "code": row.code, "name": row.name, "reg_no": row.reg_no, "currency": row.currency,
         "account": " ".join(part for part in (row.bank_name, row.bank_account) if part)}
        for row in connection.execute(select(_sellers).order_by(s.code))
    ]
    return {
        "company": settings.company_name, "company_en": settings.company_name_en, "sellers": sellers,
        "excuses": [excuse_doc(excuse) for excuse in plugins.excuses.values()],
        "signs_seen": _choices(SEEN), "clauses": clause_sets(), "plan_clauses": clause_docs(plugins),
        "purposes": _choices(PURPOSES), "outcomes": _choices(OUTCOMES),
        "currency": settings.currency, "zone": settings.zone, "far_away_m": settings.far_away_m,
        "watch": watch_policy(), "bill_discount": bill_discount(connection, today) if today else None,
        **table_settings(connection, plugins.excuses),
        "code_ways": channels_of(settings, plugins),
    }


def excuse_doc(excuse: Excuse) -> Doc:
    """A coded excuse as a phone carries it: what to find out, to ask for, what answers it, its effect in law."""
    return {
        "code": excuse.code, "zh": excuse.labels["zh"], "en": excuse.labels["en"], "effect": excuse.effect,
        "verify": dict(excuse.verify), "dispute_kind": excuse.dispute_kind, "asks": [dict(one) for one in excuse.asks],
        "facts": list(excuse.facts), "rule": dict(excuse.rule or {}), "reply": dict(excuse.reply or {}),
        "flag": excuse.flag, "owner": excuse.owner,
    }


def _choices(words: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"code": code, **{lang: say(text, lang) for lang in LANGS}} for code, text in words.items()]


