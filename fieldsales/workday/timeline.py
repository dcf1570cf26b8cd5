"""The story of a customer, newest first: one entry for each thing that happened, in both languages. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from fieldsales.kernel.clock import DEFAULT_ZONE, on_date
from fieldsales.kernel.errors import N_
from fieldsales.receivables.rules import shown_state
from fieldsales.visits.rules import FLAGS, GAPS
from fieldsales.workday.words import (
    LANGS,
    OUTCOMES,
    PURPOSES,
    RECEIPT_STATES,
    STATES,
    WAYS,
    amount,
    both,
    sentence,
    term,
)

#: How many entries a dossier carries; the rest is fetched page by page.
NEWEST = 30


def instant(at: datetime | None) -> str | None:
    """An instant as the wire writes it: ``2026-03-12T04:00:00Z``."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


def entry(kind: str, row_id: str, at: datetime, by: str | None, text: dict[str, str], **more: Any) -> dict[str, Any]:
    """One entry of the timeline."""
    return {"id": row_id, "kind": kind, "at": instant(at), "by": by or "", **text, **more}


def of_happenings(rows: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """Visits, actions and notes, as the one query of ``gathering.happenings`` brings them.

    What a method made of a visit is no second thing that happened: the visit's own entry leads to it.
    """
    listed = list(rows)
    visits = {row.id for row in listed if row.kind == "visit"}
    judged = {row.visit_id: row for row in listed if row.visit_id in visits}
    for row in listed:
        if row.kind == "visit":
            action = judged.get(row.id)
            yield entry("visit", row.id, row.at, row.by_name, _visit(row), outcome=row.code, purpose=row.sub,
                        said=row.words, flags=row.flags or [], gaps=row.gaps or [], **_marks(row),
                        **({"action_id": action.id, "grade": action.grade} if action else {}))
        elif row.kind == "note":
            yield entry("note", row.id, row.at, row.by_name, {"text_zh": row.words, "text_en": row.words},
                        outcome=row.sub)
        elif row.visit_id not in visits:
            text = {"text_zh": row.words or row.sub, "text_en": row.words_en or row.sub}
            yield entry("action", row.id, row.at, row.by_name, text, outcome=row.code, method=row.sub, grade=row.grade,
                        action_id=row.id)


def _visit(row: Any) -> dict[str, str]:
    people = ", ".join(person.get("name", "") for person in row.people or [])
    head = both(N_("%(purpose)s: %(outcome)s"), purpose=term(PURPOSES, row.sub),
                outcome=term(OUTCOMES, row.code))
    said = f" “{row.words}”" if row.words else ""
    told = {key: f"{text}{f' ({people})' if people else ''}{said}" for key, text in head.items()}
    numbers = ", ".join(paper.get("number", "") for paper in row.papers or [])
    signed = both(N_("signed on the spot: %(numbers)s"), numbers=numbers) if numbers else {}
    return {key: f"{text} · {signed[key]}" if signed else text for key, text in told.items()}


def _marks(row: Any) -> dict[str, list[str]]:
    """What a reader of a visit should know, and what is still to be filled in, a sentence each."""
    messages = [words[code] for words, codes in ((FLAGS, row.flags), (GAPS, row.gaps)) for code in codes or ()
                if code in words]
    return {f"marks_{lang}": [sentence(message, lang) for message in messages] for lang in LANGS}


def of_promises(rows: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """Promises as they were made, with what became of them."""
    for row in rows:
        text = both(N_("Promised %(amount)s for %(day)s (%(state)s)"), amount=amount(row.amount_minor, row.currency),
                    day=row.due_on, state=term(STATES, row.state))
        yield entry("promise", row.id, row.made_at, row.by_name, text, outcome=row.state)


def of_payments(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Confirmed money, and reversals of it."""
    for row in rows:
        message = N_("Received %(amount)s (%(way)s)") if row["amount_minor"] > 0 else N_("Payment reversed: %(amount)s")
        values = {"amount": amount(row["amount_minor"], row["currency"])}
        if row["amount_minor"] > 0:
            values["way"] = term(WAYS, row["method"])
        yield entry("payment", row["id"], _came_in(row), "", both(message, **values), outcome=row["method"])


def _came_in(row: dict[str, Any]) -> datetime:
    """When money came in: known to the day only, unless it was posted that day; a ledger is imported later."""
    posted: datetime = row["posted_at"]
    received = date.fromisoformat(row["received_on"])
    if received == on_date(posted) or row["amount_minor"] < 0:
        return posted
    return datetime.combine(received, time(12), ZoneInfo(DEFAULT_ZONE))


def of_slips(rows: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """Receipts for money and signed statements."""
    for row in rows:
        sum_ = amount(row.amount_minor, row.currency)
        if row.kind == "receipt":
            state = shown_state(row.method, row.state, row.ended_at is not None)
            text = both(N_("Took %(amount)s (%(way)s), receipt %(number)s: %(state)s"), amount=sum_, number=row.number,
                        way=term(WAYS, row.method), state=term(RECEIPT_STATES, state))
            yield entry("receipt", row.id, row.at, row.by_name, text, outcome=state)
        else:
            text = both(N_("Statement %(number)s signed, %(amount)s agreed"), number=row.number, amount=sum_)
            yield entry("statement", row.id, row.at, row.by_name, text)


def of_plans(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Repayment plans signed."""
    for row in rows:
        text = both(N_("Repayment plan %(number)s signed: %(amount)s in %(count)s instalments"), number=row["number"],
                    amount=amount(row["total_minor"], row["currency"]), count=len(row["instalments"]))
        yield entry("plan", row["id"], row["signed_at"], row["by_name"], text)


def of_disputes(rows: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """Disputes and requests to set off."""
    for row in rows:
        message = N_("Dispute opened: %(words)s") if row.words else N_("Dispute opened")
        text = both(message, **({"words": row.words} if row.words else {}))
        yield entry("dispute", row.id, row.at, "", text, outcome=row.state)


def newest(entries: Iterable[dict[str, Any]], limit: int = NEWEST) -> list[dict[str, Any]]:
    """The newest entries first; equal instants by id, so that two readings agree."""
    return sorted(entries, key=lambda one: (one["at"], one["id"]), reverse=True)[:limit]


def as_date(on: date | None) -> str | None:
    """A date as the wire writes it."""
    return on.isoformat() if on else None
