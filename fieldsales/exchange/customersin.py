"""The customers of a file: found by number, else by name or alias; new ones put on record with what the file says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from fieldsales.customers.messages import AddAliases, AddCustomer, ChangeCustomer
from fieldsales.dispatcher import Dispatcher
from fieldsales.exchange.amounts import plain_text
from fieldsales.exchange.outcome import Outcome
from fieldsales.exchange.queries import (
    customers_by_code,
    customers_by_name,
    gaps_of_customers,
    names_of_customers,
    users_by_name,
)
from fieldsales.exchange.records import CustomerRef, Notice, Problem, Reading
from fieldsales.kernel.errors import N_
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Actor, Answer, Command

Send = Callable[[list[tuple[str, Command]]], list[Answer]]
Derive = Callable[[str], str]
_COORDINATE = re.compile(r"-?\d{1,3}(\.\d{1,8})?")
#: What 金蝶 writes for several names in one cell.
_SEPARATORS = re.compile(r"[;；、|]")
_SOLE = re.compile(r"个体|sole", re.IGNORECASE)
_PERSON = re.compile(r"个人|自然人|person|individual", re.IGNORECASE)
_FIRM = re.compile(r"公司|集团|厂|企业|院|局|中心|合作社|\b(inc|llc|ltd|corp|co|gmbh)\b", re.IGNORECASE)


def debtor_kind(told: str, name: str) -> str:
    """``company``, ``sole_trader`` or ``person``: as the file says, else a company."""
    if _SOLE.search(told):
        return "sole_trader"
    if _PERSON.search(told) and not _FIRM.search(name):
        return "person"
    return "company"


class CustomersIn:
    """Finds or adds every customer a reading names."""

    def __init__(self, dispatcher: Dispatcher, actor: Actor, reading: Reading, outcome: Outcome, import_id: str,
                 derive: Derive) -> None:
        self.dispatcher = dispatcher
        self.actor = actor
        self.reading = reading
        self.outcome = outcome
        self.import_id = import_id
        self.derive = derive
        self.found: dict[str, str] = {}
        """Customer key -> id, for every customer that is or will be on record."""
        self.were_there: frozenset[str] = frozenset()
        """Keys of the customers that were on record before."""
        self._unknown_reps: set[str] = set()

    def take_in(self, send: Send) -> dict[str, str]:
        """Customer key -> id. New ones are added through ``send`` unless it is a dry run."""
        refs = self._refs()
        self._find(refs)
        known = dict(self.found)
        self.were_there = frozenset(known)
        self.outcome.customers_there = sum(not self._is_own(ref, known) for ref in refs.values() if ref.key in known)
        new = [ref for key, ref in refs.items() if key not in self.found and key not in self._doubtful]
        if not self.reading.adds_customers:
            for ref in new:
                self._refuse({ref.key}, "exchange.payer_unknown", N_(
                    "No customer is called “%(name)s”. Add it to the customer's other names, or enter the payment by "
                    "hand."), {"name": ref.name})
            new = []
        self.outcome.customers_added = len(new) + len(known) - self.outcome.customers_there
        if new and self.reading.kind == "payments":
            self.outcome.notices.append(Notice(
                N_("These customers are not on record and will be added: %(names)s. Check that no name is misspelt."),
                {"names": ", ".join((ref.name or ref.code) for ref in new[:10])}))
        commands = [self._command(ref) for ref in new]
        self._note_reps(sum(command.owner_id is None for command in commands))
        self.found |= {ref.key: command.customer_id for ref, command in zip(new, commands, strict=True)}
        if self.import_id:
            self._add(send, new, commands)
            self._add_aliases(send, known)
            self._fill_gaps(send, known)
        self._judge_records(known)
        return self.found

    def _is_own(self, ref: CustomerRef, known: dict[str, str]) -> bool:
        """Whether an interrupted run of this very import added the customer."""
        return bool(self.import_id) and known[ref.key] == self.derive(f"customer {ref.key}")

    def _refs(self) -> dict[str, CustomerRef]:
        refs: dict[str, CustomerRef] = {}
        for records in (self.reading.customers, self.reading.invoices, self.reading.payments):
            for record in records:
                refs.setdefault(record.customer.key, record.customer)
        return refs

    def _find(self, refs: dict[str, CustomerRef]) -> None:
        codes = {ref.new_code(): key for key, ref in refs.items()}
        nameless = {ref.name: key for key, ref in refs.items() if not ref.code}
        with self.dispatcher.store.reading() as connection:
            by_code = customers_by_code(connection, codes)
            by_name = customers_by_name(connection, nameless)
            self._reps = users_by_name(connection)
        self.found = {codes[code]: row_id for code, row_id in by_code.items()}
        self._doubtful: set[str] = set()
        for name, ids in by_name.items():
            if len(ids) == 1:
                self.found[nameless[name]] = next(iter(ids))
            elif nameless[name] not in self.found:
                self._doubtful.add(nameless[name])
        if self._doubtful:
            self._refuse(self._doubtful, "exchange.name_of_several", N_(
                "Several customers have this name. Add the customer number to the row."))

    def _refuse(self, keys: set[str], code: str, message: str, params: dict[str, Any] | None = None) -> None:
        for records in (self.reading.customers, self.reading.invoices, self.reading.payments):
            for record in records:
                if record.customer.key in keys:
                    problem = Problem(record.rows[0], "customer_name", code, message, params or {})
                    self.outcome.judged(record, "error", problem)

    # -- new ones -------------------------------------------------------------------------------

    def _details(self) -> dict[str, dict[str, str]]:
        if not hasattr(self, "_by_key"):
            self._by_key: dict[str, dict[str, str]] = {}
            for record in self.reading.customers:
                self._by_key[record.customer.key] = record.fields
            for invoice in self.reading.invoices:
                told = self._by_key.setdefault(invoice.customer.key, {})
                for name, text in (*invoice.extra.items(), ("rep", invoice.rep), ("team", invoice.team)):
                    if text and not told.get(name):
                        told[name] = text
        return self._by_key

    def _command(self, ref: CustomerRef) -> AddCustomer:
        told = self._details().get(ref.key, {})
        name, aliases = self.reading.names_of(ref.key)
        aliases = tuple(dict.fromkeys((*aliases, *_split(told.get("aliases", "")))))[:50]
        customer_id = self.derive(f"customer {ref.key}") if self.import_id else uuid7()
        grade = told.get("credit_grade", "").upper()[:1]
        return AddCustomer(
            customer_id=customer_id, code=ref.new_code(), name=name or ref.code,
            debtor_kind=debtor_kind(told.get("debtor_kind", ""), name),  # type: ignore[arg-type]
            reg_no=told.get("reg_no", ""), phone=told.get("phone", ""), address=told.get("address", ""),
            region=told.get("region", ""), lat=_coordinate(told.get("lat", ""), 90),
            lon=_coordinate(told.get("lon", ""), 180),
            credit_grade=grade if grade in ("A", "B", "C", "D") else "B",  # type: ignore[arg-type]
            tier=told.get("tier", ""), owner_id=self._owner(told.get("rep", "")), contact_name=told.get("contact", ""),
            contact_role=told.get("contact_role", ""),
            aliases=[alias for alias in aliases if alias != name and len(alias) <= 120],
            import_id=self.import_id or None,
        )

    def _owner(self, rep: str) -> str | None:
        if rep and rep not in self._reps:
            self._unknown_reps.add(rep)
        return self._reps.get(rep)

    def _note_reps(self, unowned: int) -> None:
        if unowned and self.reading.kind != "payments":
            self.outcome.notices.append(Notice(
                N_("%(count)s new customers have no owner: no phone shows them until a rep gets them, under Customers, "
                   "Without an owner."), {"count": unowned}))
        if self._unknown_reps:
            self.outcome.notices.append(Notice(
                N_("These reps are not users, so their customers have no owner yet: %(names)s."),
                {"names": ", ".join(sorted(self._unknown_reps)[:20])}))

    def _add(self, send: Send, new: list[CustomerRef], commands: list[AddCustomer]) -> None:
        """Add the new ones, many in a batch; whose addition is refused takes his rows with him."""
        for start in range(0, len(commands), 500):
            part = commands[start : start + 500]
            answers = send([("customers.add_customer", command) for command in part])
            for ref, answer in zip(new[start : start + 500], answers, strict=True):
                if answer.status != "applied":
                    del self.found[ref.key]
                    self.outcome.customers_added -= 1
                    self._refuse({ref.key}, answer.code, answer.message, answer.params)

    def _add_aliases(self, send: Send, known: dict[str, str]) -> None:
        """Names under which customers on record come now for the first time."""
        told = {key: self.reading.names.get(key) for key in known}
        with self.dispatcher.store.reading() as connection:
            names = names_of_customers(connection, known.values())
        commands: list[tuple[str, Command]] = []
        for key, counted in told.items():
            fresh = [name for name in counted or () if name not in names.get(known[key], set())]
            if fresh:
                commands.append(("customers.add_aliases", AddAliases(customer_id=known[key], names=fresh[:50])))
        for start in range(0, len(commands), 500):
            send(commands[start : start + 500])

    def _fill_gaps(self, send: Send, known: dict[str, str]) -> None:
        """What a customer on record lacks and the file has: phone, address, region, place. Nothing is overwritten."""
        told = {record.customer.key: record.fields for record in self.reading.customers if record.customer.key in known}
        if not told:
            return
        with self.dispatcher.store.reading() as connection:
            gaps = gaps_of_customers(connection, [known[key] for key in told])
        commands: list[tuple[str, Command]] = []
        for key, fields in told.items():
            told_place = {"lat": _coordinate(fields.get("lat", ""), 90), "lon": _coordinate(fields.get("lon", ""), 180)}
            filled = {name: value for name, value in {**fields, **told_place}.items()
                      if value and name in gaps.get(known[key], ())}
            if filled:
                commands.append(("customers.change_customer",
                                 ChangeCustomer.model_validate({"customer_id": known[key], **filled})))
        for start in range(0, len(commands), 500):
            send(commands[start : start + 500])

    def _judge_records(self, known: dict[str, str]) -> None:
        for record in self.reading.customers:
            if record.customer.key in known:
                self.outcome.judged(record, "added" if self._is_own(record.customer, known) else "there")
            elif record.customer.key in self.found:
                self.outcome.judged(record, "added")


def _split(text: str) -> Iterable[str]:
    return (part.strip() for part in _SEPARATORS.split(text) if part.strip())


def _coordinate(text: str, limit: int) -> str | None:
    """Degrees as a decimal string, or None when it is no coordinate."""
    plain = plain_text(text)
    if not _COORDINATE.fullmatch(plain) or abs(float(plain)) > limit:
        return None
    return plain
