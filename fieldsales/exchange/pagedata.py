"""What the import's pages show, made from files and outcomes; no request in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from fieldsales.exchange.amounts import plain_text
from fieldsales.exchange.columns import FIELDS, LABELS, REQUIRED
from fieldsales.exchange.dates import ORDERS, find_order
from fieldsales.exchange.filein import FileIn
from fieldsales.exchange.headers import Header
from fieldsales.exchange.outcome import SUM_WORDS, Outcome
from fieldsales.exchange.records import SKIP_WORDS, Problem
from fieldsales.kernel.errors import N_
from fieldsales.kernel.money import exponent

Say = Callable[..., str]
ORDER_WORDS = {"ymd": N_("year, month, day"), "mdy": N_("month, day, year"), "dmy": N_("day, month, year")}
KIND_NAMES = {"invoices": N_("Receivables and credit notes"), "payments": N_("Payments"), "customers": N_("Customers")}
STATES = {"running": N_("Running"), "done": N_("Done"), "undone": N_("Undone"), "failed": N_("Broken off"),
          "draft": N_("Draft")}


@dataclass(frozen=True, slots=True)
class FieldChoice:
    """One field of ours and the column of the file it is read from."""

    name: str
    label: str
    column: int
    sure: bool
    needed: bool
    example: str


@dataclass(frozen=True, slots=True)
class SumRow:
    """One line of the sums: its words, and an amount for each currency."""

    label: str
    amounts: tuple[str, ...]
    main: bool


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """A row that was refused, the column it is about, and why."""

    row: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came, or would come, of a file, in words."""

    rows: dict[str, int]
    skipped: tuple[tuple[str, int], ...]
    records: tuple[tuple[str, int], ...]
    customers: dict[str, int]
    currencies: tuple[str, ...]
    sums: tuple[SumRow, ...]
    notices: tuple[str, ...]
    problems: tuple[ProblemRow, ...]
    more_problems: int


_RECORD_WORDS = {"invoice": N_("Receivables"), "credit_note": N_("Red-letter receivables"),
                 "opening": N_("Opening balances"), "payment": N_("Payments"), "customer": N_("Customers"),
                 "settled": N_("Paid before, by the file")}


def field_choices(given: FileIn, say: Say) -> tuple[FieldChoice, ...]:
    """Every field of the kind with the column that is recognised or was chosen, and its first cell."""
    header = given.header()
    chosen = given.columns or {name: column.index for name, column in header.columns.items()}
    open_groups = [group for group in REQUIRED[given.kind] if len(group) == 1 or not any(
        chosen.get(name, -1) >= 0 for name in group)]
    needed = {name for group in open_groups for name in group}
    body = given.table.rows[header.top + header.height :]
    made = []
    for name in FIELDS[given.kind]:
        index = chosen.get(name, -1)
        column = header.columns.get(name)
        sure = column is None or column.index != index or column.sure
        example = next((plain_text(row[index]) for row in body if 0 <= index < len(row) and row[index] not in ("",
                                                                                                               None)),
                                                                                                               "")
        made.append(FieldChoice(name, say(LABELS[name]), index, sure, name in needed, example[:40]))
    return tuple(made)


def headings(given: FileIn, header: Header, say: Say) -> tuple[tuple[str, str], ...]:
    """(index, name) of the file's columns; those an importer made are ours, and said in the reader's language."""
    return tuple((str(index), say(name) if given.table.reader else name)
                 for index, name in enumerate(header.names) if name)


def order_examples(given: FileIn) -> tuple[str, ...]:
    """Dates of the file that can be read in several ways; empty when none can."""
    header, indexes = given.header(), []
    for name, column in header.columns.items():
        if name in {"issued_on", "due_on", "settled_on", "received_on"}:
            indexes.append(given.columns.get(name, column.index) if given.columns else column.index)
    body = given.table.rows[header.top + header.height :]
    found = find_order(row[index] for index in indexes for row in body if 0 <= index < len(row))
    return found.examples if found.ask else (found.evidence,) if found.order else ()


def order_choices(say: Say) -> tuple[tuple[str, str], ...]:
    """The orders to choose from."""
    return tuple((order, say(ORDER_WORDS[order])) for order in ORDERS)


def verdict_of(outcome: Outcome, say: Say, most: int = 50) -> Verdict:
    """An outcome in words, problems cut at ``most``."""
    counts = outcome.counts()
    records = dict(counts["records"])
    if outcome.settled:
        records["settled"] = outcome.settled
    currencies = tuple(sorted(outcome.sums))
    sums = tuple(
        SumRow(say(label), tuple(_amount(getattr(outcome.sums[currency], name), currency) for currency in currencies),
               name in {"read", "added"})
        for name, label in SUM_WORDS if name != "rounding" or any(line.rounding for line in outcome.sums.values()))
    return Verdict(
        counts["rows"], tuple((say(SKIP_WORDS[reason]), count) for reason, count in counts["skipped"].items()),
        tuple((say(_RECORD_WORDS[kind]), count) for kind, count in records.items()), counts["customers"], currencies,
        sums, tuple(say(notice.message, **notice.params) for notice in outcome.notices),
        tuple(problem_row(problem, say) for problem in outcome.problems[:most]), max(0, len(outcome.problems) - most))


def _amount(value: Decimal, currency: str) -> str:
    """Whole cents; what is less than one (a file's own rounding) is shown as far as it is something."""
    shown = f"{value:,.{max(exponent(currency), 2)}f}" if value else "0.00"
    return f"{value:.1g}" if value and not Decimal(shown.replace(",", "")) else shown


def problem_row(problem: Problem, say: Say) -> ProblemRow:
    """A problem in the reader's language."""
    label = LABELS.get(problem.field, "")
    return ProblemRow(problem.row, say(label) if label else "", say(problem.message, **problem.params))


def stored_sums(sums: dict[str, Any], say: Say) -> tuple[tuple[str, ...], tuple[SumRow, ...]]:
    """The sums as the record of an import keeps them: currencies, and a line each."""
    currencies = tuple(sorted(sums))
    keys = {"there": "already_there"}
    return currencies, tuple(
        SumRow(say(label), tuple(_amount(Decimal(sums[c].get(keys.get(name, name), "0")), c) for c in currencies),
               name in {"read", "added"}) for name, label in SUM_WORDS)


def record_words(counts: dict[str, Any], say: Say) -> tuple[tuple[str, int], ...]:
    """What was added, by kind, as the record of an import keeps it."""
    records = dict(counts.get("records", {}))
    if counts.get("settled_payments"):
        records["settled"] = counts["settled_payments"]
    return tuple((say(_RECORD_WORDS.get(kind, kind)), count) for kind, count in records.items())
