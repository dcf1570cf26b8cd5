"""A command as a person of the office reads it: what it is called, what it says, what may be put right. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Literal

from fieldsales.kernel.errors import N_
from fieldsales.kernel.ids import is_uuid7
from fieldsales.kernel.money import Money, MoneyError
from fieldsales.kernel.text import clean

#: What a phone sends, in the trade's words.
OPERATION_WORDS = {
    "visits.log_visit": N_("Visit"), "visits.add_note": N_("Note"), "visits.add_lead": N_("Lead"),
    "promises.make_promise": N_("Promise to pay"), "plans.sign_plan": N_("Repayment plan"),
    "plans.attach_stamped_copy": N_("Photo of the stamped copy"),
    "statements.sign_statement": N_("Statement of account"), "disputes.open_dispute": N_("Dispute"),
    "receivables.register_receipt": N_("Receipt for money"), "receivables.hand_in_cash": N_("Cash handed in"),
    "receivables.attach_paper": N_("Photo of a paper"), "collection.take_action": N_("Collection action"),
    "collection.finish_task": N_("Task done"), "collection.skip_task": N_("Task passed over"),
    "collection.change_task": N_("Task moved"), "collection.add_task": N_("New task"),
    "collection.verify_claim": N_("Truth of an excuse"), "collection.note_sign": N_("How they behave"),
    "collection.record_ask": N_("Ask and answer"),
    "collection.quote_promotion": N_("Policy quoted"),
    "collection.log_disclosure": N_("Account shown to the customer"),
    "collection.send_document": N_("Paper to be mailed"),
    "customers.add_contact": N_("New contact"), "customers.change_contact": N_("Contact changed"),
    "customers.remove_contact": N_("Contact removed"), "customers.change_customer": N_("Customer's data changed"),
    "customers.add_customer": N_("New customer"),
    "collection.report_signs": N_("Signs of trouble seen"), "collection.decline_step": N_("Suggestion declined"),
    "collection.ask_step": N_("Question to the manager"), "collection.record_stop": N_("Stop: not to be contacted"),
    "collection.ask_leave": N_("Leave asked of the manager"), "collection.note_contact": N_("Message sent"),
    "collection.set_standing": N_("Who may be asked about money"),
    "plans.withdraw_link": N_("Signing link taken back"), "promises.add_evidence": N_("Reply or proof"),
    "promises.note_no_promise": N_("No promise"), "receivables.request_set_off": N_("Set-off request"),
    "targets.write_plan": N_("What was talked over"), "targets.publish_plan": N_("The month's plan"),
    "targets.propose_target": N_("Proposed numbers"), "targets.add_step": N_("Step"),
    "targets.finish_step": N_("Step done"), "targets.support_promise": N_("Support of a promise"),
    "targets.note_pay_days": N_("Pay days"), "targets.note_rival": N_("Other supplier"),
    "targets.write_potential": N_("What they can pay"), "targets.check_health": N_("Basic work"),
}
UNKNOWN_OPERATION = N_("A record this version does not know")
#: What was signed is never rewritten: it is judged as it is, or closed.
SIGNED = frozenset({"plans.sign_plan", "statements.sign_statement"})

FIELD_WORDS = {
    "said": N_("What was said"), "text": N_("Text"), "words": N_("Words"), "note": N_("Note"), "reason": N_("Reason"),
    "purpose": N_("Purpose"), "outcome": N_("Outcome"), "amount_minor": N_("Amount"), "total_minor": N_("Total"),
    "agreed_minor": N_("Agreed amount"), "balance_minor": N_("Balance"), "due_on": N_("Due date"), "on": N_("Day"),
    "as_of": N_("As of"), "number": N_("Number"), "name": N_("Name"), "role": N_("Position"),
    "phone": N_("Phone number"), "email": N_("Email"), "address": N_("Address"), "promisor_name": N_("Who promised"),
    "promisor_role": N_("Position"), "channel": N_("By what way"), "method": N_("Method"), "kind": N_("Kind"),
    "absent_person": N_("Who was away"), "confirmation_text": N_("Confirmation sent"), "place_note": N_("Place"),
    "lat": N_("Latitude"), "lon": N_("Longitude"), "accuracy_m": N_("Accuracy in metres"),
    "arrived_at": N_("Arrived"), "left_at": N_("Left"), "received_at": N_("Received at"), "occurred_at": N_("When"),
    "made_at": N_("When"), "at": N_("When"), "payer_name": N_("Payer"), "bill_number": N_("Bill number"),
    "bill_acceptor": N_("Acceptor"), "bill_matures_on": N_("Bill matures on"), "currency": N_("Currency"),
    "debtor_name": N_("Debtor"), "seller_name": N_("Seller"), "code": N_("Reason given"), "state": N_("State"),
    "product": N_("Goods"), "seen_on": N_("Day"),
    "to": N_("To"), "subject": N_("Subject"), "title": N_("Title"), "pay_by": N_("To pay by"),
    "tracking_number": N_("Tracking number"), "was_due_on": N_("Day it had"), "witness": N_("Witness"),
    "ask_minor": N_("Asked for"), "close_minor": N_("Agreed at"), "expected_minor": N_("Hoped for"),
    "answer": N_("Their answer"),
}
#: What a part of a command is called, before the names of what stands in it.
PART_WORDS = {
    "persons": N_("Met"), "excuses": N_("Excuse"), "next_step": N_("Next step"), "place": N_("Place"),
    "was": N_("It was"), "now": N_("Proposed"),
}
#: Named in a command but nothing a person reads or rewrites.
_SILENT = re.compile(r"(^|_)(id|ids|sha256|mime|size|slot|form_version|width|height|strokes|signature|v)$")
_HIDDEN = frozenset({"signing", "photos", "source_kind", "strokes"})
Path = tuple[str | int, ...]
Kind = Literal["text", "long", "money", "number", "date", "bool"]
#: Longer than this it gets a box of several lines.
_LINE = 60


@dataclass(frozen=True, slots=True)
class Leaf:
    """One thing a command says. ``name`` is its path, dots between; ``value`` as a person types it."""

    name: str
    label: str
    kind: Kind
    value: str
    #: the part of the command it stands in, or empty
    part: str = ""


def operation_words(operation: str) -> str:
    """What an operation is called."""
    return OPERATION_WORDS.get(operation, UNKNOWN_OPERATION)


def leaves(payload: Mapping[str, Any], wanted: str = "") -> tuple[Leaf, ...]:
    """Everything in a command that a person can read, in its own order; ids, hashes and signatures left out.

    ``wanted``: a field that was refused; where it is missing it is asked for, empty.
    """
    currency = payload.get("currency")
    money = currency if isinstance(currency, str) and re.fullmatch("[A-Z]{3}", currency) else "CNY"
    found = []
    for path, value in _walk(payload, ()):
        key = str(next((part for part in reversed(path) if isinstance(part, str)), ""))
        shown, kind = _shown(key, value, money)
        found.append(Leaf(".".join(str(part) for part in path), FIELD_WORDS.get(key, key), kind, shown,
                          PART_WORDS.get(str(path[0]), "") if len(path) > 1 else ""))
    if wanted in FIELD_WORDS and wanted not in payload:
        kind = "money" if wanted.endswith("_minor") else "date" if wanted.endswith("_on") else "text"
        found.append(Leaf(wanted, FIELD_WORDS[wanted], kind, ""))
    return tuple(found)


def _walk(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key not in _HIDDEN and not _SILENT.search(str(key)):
                yield from _walk(inner, (*path, str(key)))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _walk(inner, (*path, index))
    elif value is not None and not (isinstance(value, str) and is_uuid7(value)):
        yield path, value


def _shown(key: str, value: Any, currency: str) -> tuple[str, Kind]:
    if isinstance(value, bool):
        return ("1" if value else ""), "bool"
    if isinstance(value, int):
        return (Money(value, currency).plain(), "money") if key.endswith("_minor") else (str(value), "number")
    text = str(value)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return text, "date"
    return text, "long" if len(text) > _LINE or "\n" in text else "text"


def put_right(payload: Mapping[str, Any], typed: Mapping[str, str], wanted: str = ""
              ) -> tuple[dict[str, Any], dict[str, str]]:
    """(the command's payload with what was typed in its place, what could not be read by name of field).

    Text is taken in NFC without hidden signs, as everything typed at a desk; what was not sent stays. ``wanted``:
    the refused field that is asked for although it was missing.
    """
    changed: dict[str, Any] = deepcopy(dict(payload))
    wrong: dict[str, str] = {}
    paths = {".".join(str(part) for part in path): (path, value) for path, value in _walk(payload, ())}
    if wanted in FIELD_WORDS and wanted not in payload and typed.get(wanted):
        paths[wanted] = ((wanted,), 0 if wanted.endswith("_minor") else "")
    currency = str(payload.get("currency") or "CNY")
    for name, text in typed.items():
        if name not in paths:
            continue
        path, old = paths[name]
        try:
            _put(changed, path, _read(path, old, text, currency))
        except (MoneyError, ValueError):
            wrong[name] = N_("This cannot be used.")
    return changed, wrong


def _read(path: Path, old: Any, text: str, currency: str) -> Any:
    key = str(next((part for part in reversed(path) if isinstance(part, str)), ""))
    if isinstance(old, bool):
        return text == "1"
    if isinstance(old, int):
        plain = text.replace(",", "").replace("¥", "").strip()
        return Money.of(plain, currency).minor if key.endswith("_minor") else int(plain)
    return clean(text.replace("\r\n", "\n"))


def _put(changed: dict[str, Any], path: Path, value: Any) -> None:
    place: Any = changed
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value
