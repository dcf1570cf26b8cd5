"""Files in (导入): a plugin reads a bank's or a program's own format; the core shows, matches, books and takes back.

A plugin sees the file's bytes and returns what stands in it, line by line. It books nothing: what it read goes the way
of every ledger that is handed in, with a look beforehand, an error book, and a way back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from fieldsales.kernel.money import MAX_MINOR, exponent
from fieldsales.plugin_api import validate
from fieldsales.plugin_api.fields import NAME, Labels
from fieldsales.plugin_api.markers import hookspec

#: The largest file a plugin is given, in bytes, and the most lines it may return.
LARGEST_FILE, MOST_LINES = 20_000_000, 100_000
#: How many bytes of a file ``recognises`` is shown.
FIRST_BYTES = 8_192
BRINGS = ("payments", "invoices", "customers")
Settings = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """Money that came in. ``line``: where it stands in the file, from 1. ``amount``: exact major units, above zero.

    ``key``: what makes it this movement and no other, the bank's own reference: the same file, or another that holds
    the same movement, adds nothing. "" lets the core compare what the line says. ``reference``: what the payer wrote.
    """

    line: int
    payer: str
    amount: Decimal
    currency: str
    received_on: date
    key: str = ""
    reference: str = ""
    invoice_numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """An invoice. ``amount``: exact major units; below zero it is a credit note."""

    line: int
    customer_code: str
    customer_name: str
    number: str
    issued_on: date
    due_on: date
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class CustomerLine:
    """A customer; what is "" is not known."""

    line: int
    name: str
    code: str = ""
    phone: str = ""
    address: str = ""
    contact: str = ""
    reg_no: str = ""


@dataclass(frozen=True, slots=True)
class LineProblem:
    """A line that could not be read, and why; nothing of it is booked."""

    line: int
    text: Labels


@dataclass(frozen=True, slots=True)
class FileRead:
    """A whole file. ``passed``: lines left out on purpose (money that went out), so that every line is accounted for.

    ``notes``: what is worth knowing of the file as a whole: the account, the days, the balance it says.
    """

    rows: tuple[PaymentLine | InvoiceLine | CustomerLine, ...]
    problems: tuple[LineProblem, ...] = ()
    passed: tuple[int, ...] = ()
    notes: tuple[Labels, ...] = ()


class Unreadable(Exception):
    """What ``read`` raises when the file as a whole cannot be read; ``text`` is shown to whoever handed it in."""

    def __init__(self, text: Labels) -> None:
        super().__init__(text.get("en") or text.get("zh") or "")
        self.text = text


@dataclass(frozen=True, slots=True)
class Importer:
    """A format the plugin reads.

    ``name``: stable, lower case. ``brings``: one of ``BRINGS``. ``recognises(name, first)``: whether a file is of this
    format, by its name and first bytes; it has two seconds. ``read(data, settings)``: the file as a FileRead, or
    Unreadable. It runs in a process of its own that ends after a minute or at half a gigabyte; no network, no files.
    """

    name: str
    labels: Labels
    brings: Literal["payments", "invoices", "customers"]
    recognises: Callable[[str, bytes], bool]
    read: Callable[[bytes, Settings], FileRead]


class ImporterHooks:
    """The hook of formats of files."""

    @hookspec
    def importers(self) -> Iterable[Importer]:  # type: ignore[empty-body]
        """Formats of files that can be taken in: a bank's statement, another program's ledger.

        When: once, as the program starts; ``recognises`` when somebody hands a file in, ``read`` after it.
        Returns: Importer records; a name already taken by another plugin is refused.
        Errors: one bad record fails the whole plugin. A ``read`` that raises, hangs, takes too much or returns what it
        may not is said beside the file; whoever handed it in may map its columns by hand instead.
        Since: API 1.

        Example::

            @hookimpl
            def importers():
                return [Importer("house_bank", {"zh": "本地银行", "en": "House bank"}, "payments",
                                 recognises=lambda name, first: first.startswith(b"HB1;"), read=read)]
        """


_LINES: Mapping[str, type] = {"payments": PaymentLine, "invoices": InvoiceLine, "customers": CustomerLine}


def importer(given: Any) -> Importer:
    """An importer, or Garbage."""
    need = validate.need
    need(type(given) is Importer, f"an importer must be an Importer, not {type(given).__name__}")
    need(isinstance(given.name, str) and bool(NAME.fullmatch(given.name)), f"importer name {given.name!r}")
    what = f"importer {given.name}"
    validate.labels(given.labels, f"{what}: labels", 60)
    need(given.brings in BRINGS, f"{what}: brings {given.brings!r}")
    need(callable(given.recognises) and callable(given.read), f"{what}: recognises and read must be functions")
    checked: Importer = given
    return checked


def file_read(given: Any, of: Importer) -> FileRead:
    """What ``read`` returned, or Garbage."""
    need = validate.need
    need(type(given) is FileRead, f"read must return a FileRead, not {type(given).__name__}")
    for name in ("rows", "problems", "passed", "notes"):
        need(isinstance(getattr(given, name), tuple), f"FileRead: {name} must be a tuple")
    lines = len(given.rows) + len(given.problems) + len(given.passed)
    need(lines <= MOST_LINES, f"FileRead: more than {MOST_LINES} lines")
    wanted = _LINES[of.brings]
    for row in given.rows:
        need(type(row) is wanted, f"{of.name} brings {of.brings}: a row must be a {wanted.__name__}")
        _row(row)
    for problem in given.problems:
        need(type(problem) is LineProblem and _is_line(problem.line), "FileRead: problems must be LineProblem records")
        validate.labels(problem.text, "LineProblem: text", 300)
    need(all(map(_is_line, given.passed)), "FileRead: passed must be line numbers")
    need(len(given.notes) <= 20, "FileRead: more than 20 notes")
    for note in given.notes:
        validate.labels(note, "FileRead: a note", 300)
    checked: FileRead = given
    return checked


def _is_line(given: Any) -> bool:
    return type(given) is int and given >= 1


def _row(row: Any) -> None:
    need, what = validate.need, f"{type(row).__name__} of line {row.line!r}"
    need(_is_line(row.line), f"{what}: line must be a number from 1")
    for name in row.__dataclass_fields__:
        value = getattr(row, name)
        if isinstance(value, str):
            validate.text(value, f"{what}: {name}", 500, empty=True)
        elif name.endswith("_on"):
            need(type(value) is date, f"{what}: {name} must be a date")
    if isinstance(row, CustomerLine):
        need(bool(row.name.strip()), f"{what}: name is empty")
        return
    need(type(row.amount) is Decimal and row.amount.is_finite(), f"{what}: amount must be an exact Decimal")
    need(len(row.currency) == 3 and row.currency.isascii() and row.currency.isupper(), f"{what}: currency")
    need(abs(row.amount) <= Decimal(MAX_MINOR).scaleb(-exponent(row.currency)), f"{what}: amount is too large")
    if isinstance(row, PaymentLine):
        need(row.amount > 0, f"{what}: a payment must be above zero")
        numbers = row.invoice_numbers
        need(isinstance(numbers, tuple) and len(numbers) <= 100 and all(isinstance(one, str) for one in numbers),
             f"{what}: invoice_numbers")
