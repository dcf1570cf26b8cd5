"""What came, or would come, of a file: rows and sums that add up, for the page, the command line and the record."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from fieldsales.exchange.records import CustomerRecord, InvoiceRecord, Notice, PaymentRecord, Problem, Reading
from fieldsales.kernel.errors import N_
from fieldsales.kernel.money import exponent

State = Literal["added", "there", "error"]
Record = InvoiceRecord | PaymentRecord | CustomerRecord


@dataclass
class SumLine:
    """The money of one currency, exact major units: ``read`` is the sum of all the others."""

    read: Decimal = Decimal(0)
    added: Decimal = Decimal(0)
    there: Decimal = Decimal(0)
    skipped: Decimal = Decimal(0)
    errors: Decimal = Decimal(0)
    rounding: Decimal = Decimal(0)
    """What the file has beyond whole cents, in the rows that were added."""

    def adds_up(self) -> bool:
        """Whether read = added + there + skipped + errors + rounding, exactly."""
        return self.read == self.added + self.there + self.skipped + self.errors + self.rounding


@dataclass
class Outcome:
    """The verdict on every row of a file."""

    reading: Reading
    dry_run: bool
    import_id: str = ""
    rows_added: int = 0
    rows_there: int = 0
    rows_failed: int = 0
    """Rows refused, by the reading or by the books."""
    records: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    """Records added by kind: invoice, credit_note, opening, payment, customer."""
    settled: int = 0
    """Payments made from what the file says was paid before."""
    settled_minor: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    customers_added: int = 0
    customers_there: int = 0
    sellers_added: int = 0
    sellers_seen: int = 0
    sums: dict[str, SumLine] = field(default_factory=lambda: defaultdict(SumLine))
    problems: list[Problem] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)

    @classmethod
    def of(cls, reading: Reading, *, dry_run: bool, import_id: str = "") -> Outcome:
        """What the reading alone says; the records are still to be judged."""
        made = cls(reading, dry_run, import_id, problems=list(reading.problems), notices=list(reading.notices))
        made.rows_failed = len({problem.row for problem in reading.problems})
        for name in ("read", "skipped", "error"):
            for currency, value in getattr(reading, f"{name}_sums").items():
                setattr(made.sums[currency], "errors" if name == "error" else name, value)
        return made

    def judged(self, record: Record, state: State, problem: Problem | None = None) -> None:
        """Count a record where it ended up."""
        rows = len(record.rows)
        if problem is not None:
            self.problems.append(problem)
        if state == "added":
            self.rows_added += rows
        elif state == "there":
            self.rows_there += rows
        else:
            self.rows_failed += rows
        if isinstance(record, CustomerRecord):
            self.records["customer"] += state == "added"
            return
        line = self.sums[record.currency]
        if state == "added":
            whole = Decimal(record.minor).scaleb(-exponent(record.currency))
            line.added += whole
            line.rounding += record.value - whole
            self.records[record.kind if isinstance(record, InvoiceRecord) else "payment"] += 1
        elif state == "there":
            line.there += record.value
        else:
            line.errors += record.value

    @property
    def rows_skipped(self) -> int:
        """Rows left out: totals, notes, repeated headers, repeated rows, zeros."""
        return len(self.reading.skipped)

    def adds_up(self) -> bool:
        """Whether every row and every cent is accounted for."""
        rows = self.rows_added + self.rows_there + self.rows_skipped + self.rows_failed
        return rows == self.reading.rows_read and all(line.adds_up() for line in self.sums.values())

    def counts(self) -> dict[str, Any]:
        """Rows and records, for machines and for the record of the import."""
        return {
            "rows": {"read": self.reading.rows_read, "added": self.rows_added, "already_there": self.rows_there,
                     "skipped": self.rows_skipped, "errors": self.rows_failed},
            "skipped": self.reading.skip_counts(),
            "records": {kind: count for kind, count in self.records.items() if count},
            "settled_payments": self.settled,
            "customers": {"seen": self.customers_added + self.customers_there, "added": self.customers_added},
            "sellers": {"seen": self.sellers_seen, "added": self.sellers_added},
        }

    def sums_json(self) -> dict[str, dict[str, str]]:
        """Sums by currency as plain decimals; ``rounding`` is exact, the others in whole cents."""
        made = {}
        for currency, line in sorted(self.sums.items()):
            places = exponent(currency)  # written out, not quantized: what was refused may have 400 digits
            made[currency] = {
                **{name: f"{getattr(line, name):.{places}f}" for name in ("read", "added", "there", "skipped",
                                                                         "errors")},
                "rounding": f"{line.rounding.normalize():f}",
                "settled": str(Decimal(self.settled_minor.get(currency, 0)).scaleb(-exponent(currency))),
            }
            made[currency]["already_there"] = made[currency].pop("there")
        return made


#: The lines of the sums table, in the order they add up.
SUM_WORDS: tuple[tuple[str, str], ...] = (
    ("read", N_("In the file")), ("added", N_("Taken in")), ("there", N_("Already there")),
    ("skipped", N_("Left out")), ("errors", N_("Not taken in")), ("rounding", N_("Rounding")),
)
