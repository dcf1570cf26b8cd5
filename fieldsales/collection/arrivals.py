"""Operations on what comes back from debtors (来信): answers, returned mail, "no more of these".

Nothing that arrives is refused: what cannot be matched is kept for a person. What a machine wrote is no answer. A mail
that came back never arrived, so what its acceptance did to the limitation period is taken back (诉讼时效规定 art. 8
¶1(2): a data message counts when it has reached, or should have reached, the other side). An answer proves arrival.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fieldsales.collection import arrival_facts  # noqa: F401 - declares facts
from fieldsales.collection.arrival_facts import ReceivedFact, SentMail
from fieldsales.collection.arrival_messages import (
    ClearAddress,
    DismissMessage,
    FileMessage,
    MailArrived,
    MailCameBack,
    MessageArrived,
    OptOut,
    ReceiveMessage,
)
from fieldsales.collection.arrival_models import FailedAddress, ReceivedMessage
from fieldsales.collection.gate import Stop
from fieldsales.collection.gate_service import add_tasks, stop
from fieldsales.collection.models import Mail
from fieldsales.customers.guards import may_work_with, seen_customer, system_only
from fieldsales.documents.attaching import expect_photo
from fieldsales.kernel.errors import N_, NotAllowed, NotFound, RuleBroken
from fieldsales.kernel.ids import derived_id
from fieldsales.kernel.operation import Need, for_office, operation
from fieldsales.kernel.text import clean
from fieldsales.people.rules import may_manage
from fieldsales.store.work import Work

#: The stop an opt-out makes at the gate, for mail alone: a posted letter, a call and a visit remain.
NO_MAIL = "no_mail"
#: How long a person may take to answer, and to find another address.
ANSWER_WITHIN, FIND_WITHIN = timedelta(days=1), timedelta(days=2)
#: What speaks for a mail having arrived, and what is no one's word.
_ARRIVED = ("reply", "opt_out", "delivered")
#: A later word of less weight leaves an earlier one as it is.
_WEIGHT = {"": 0, "delayed": 1, "relayed": 2, "delivered": 3, "failed": 4, "answered": 5}
_FATE = {"reply": "answered", "opt_out": "answered", "failed": "failed", "delayed": "delayed",
         "delivered": "delivered", "relayed": "relayed"}  # fmt: skip


def _needs(command: ReceiveMessage) -> list[Need]:
    return [Need("received_message", command.message_id), *(Need("sent_mail", one) for one in command.answers),
            *([Need("writes_from", command.sender.lower())] if command.sender else [])]  # fmt: skip


@operation("collection.receive_message", ReceiveMessage, needs=_needs, guard=system_only)
def receive_message(work: Work, command: ReceiveMessage) -> None:
    """Put a message from outside on the case it belongs to, or on the list of what nobody knows the place of."""
    if work.fact("received_message", command.message_id) is not None:
        return
    sent = next((one for one in (work.fact("sent_mail", key) for key in command.answers) if one is not None), None)
    known: tuple[str, ...] = (work.fact("writes_from", command.sender.lower()) or ()) if command.sender else ()
    wrote = command.kind in ("reply", "opt_out")
    customer_id = sent.customer_id if sent else known[0] if wrote and len(known) == 1 else None
    work.insert(
        ReceivedMessage, id=command.message_id, customer_id=customer_id, mail_id=sent.id if sent else None,
        channel=command.channel, kind=command.kind, state="filed" if customer_id else "unmatched",
        sender=clean(command.sender), subject=clean(command.subject), body=clean(command.text),
        address=clean(command.address), detail=clean(command.detail), written_at=command.written_at,
        received_at=work.now, files=[one.model_dump() for one in command.files], raw_sha256=command.raw_sha256,
        source=command.source, candidates=list(known), decided_at=None, decided_by_id="",
    )  # fmt: skip
    fresh = ReceivedFact(command.message_id, customer_id, "filed" if customer_id else "unmatched", command.kind,
                         sent.id if sent else None, command.sender, clean(command.address), clean(command.detail),
                         tuple(one.model_dump() for one in command.files))
    work.facts.put("received_message", command.message_id, fresh)
    if customer_id:
        _filed(work, fresh, customer_id, sent)


def _filed(work: Work, message: ReceivedFact, customer_id: str, sent: SentMail | None) -> None:
    """What follows once it is known whose the message is."""
    stop_id = derived_id(message.id, "stop")
    work.facts.expect(_of_stop(customer_id, stop_id) if message.kind == "opt_out" else [Need("customer", customer_id)])
    for file in message.files:
        expect_photo(work, customer_id, "message", message.id, "file", file["sha256"], mime=file["mime"],
                     size=file["size"])
    if sent is not None:
        _learn(work, message, sent)
    if message.kind == "reply":
        add_tasks(work, customer_id, "mail_reply", message.id, [""], work.today + ANSWER_WITHIN)
    elif message.kind == "opt_out":
        stop(work, customer_id, Stop(stop_id, NO_MAIL, work.now), "", message.sender[:120])
    work.touch(customer_id)
    work.emit(MessageArrived(message.id, customer_id, message.kind, message.mail_id))


def _of_stop(customer_id: str, stop_id: str) -> list[Need]:
    """What a stop looks at, asked for at once: who of the office is told of it as well."""
    return [Need("customer", customer_id), Need("gate", customer_id), Need("contact_stop", stop_id),
            Need("first_of_role", "manager"), Need("first_of_role", "legal")]  # fmt: skip


def _learn(work: Work, message: ReceivedFact, sent: SentMail) -> None:
    """What a message says of the mail it is about."""
    fate = _FATE.get(message.kind, "")
    if _WEIGHT[fate] <= _WEIGHT[sent.fate]:
        return
    work.update(Mail, sent.id, fate=fate, fate_at=work.now)
    unsure = sent.state == "ambiguous" or (sent.fate == "failed" and sent.state == "sent")
    if message.kind in _ARRIVED and unsure and sent.accepted_effect:
        work.emit(MailArrived(sent.id, message.id, sent.customer_id, sent.debtor_id, sent.accepted_effect, work.now))
    if fate == "failed":
        _came_back(work, message, sent, message.address or sent.to_address)


def _came_back(work: Work, message: ReceivedFact, sent: SentMail, address: str) -> None:
    """It never arrived: the address is marked, somebody looks for another, and nothing stands on its arrival."""
    detail = message.detail
    row_id = derived_id(sent.customer_id, f"failed address {address.lower()}")
    known = work.fact("failed_address", row_id)
    if known is None:
        work.insert(FailedAddress, id=row_id, customer_id=sent.customer_id, address=address.lower(), detail=detail,
                    mail_id=sent.id, at=work.now, cleared_at=None, cleared_by_id="")
    elif not known:
        work.update(FailedAddress, row_id, detail=detail, mail_id=sent.id, at=work.now, cleared_at=None)
    work.facts.put("failed_address", row_id, True)
    add_tasks(work, sent.customer_id, "find_address", sent.id, [""], work.today + FIND_WITHIN, address[:120])
    if sent.state == "sent" and sent.accepted_effect:
        work.emit(MailCameBack(sent.id, message.id, sent.customer_id, sent.accepted_effect, detail[:120]))


@for_office
def _office(work: Work, command: FileMessage | DismissMessage) -> None:
    """Guard: what belongs to nobody yet is looked through by managers, finance and legal."""
    if not may_manage(work.actor) and work.actor.role not in ("finance", "legal", "admin"):
        raise NotAllowed("collection.office_only", N_("The office decides whose a message is."))
    if isinstance(command, FileMessage):
        seen_customer(work, command.customer_id)


def _unmatched(work: Work, message_id: str) -> ReceivedFact:
    message: ReceivedFact | None = work.fact("received_message", message_id)
    if message is None:
        raise NotFound("message.not_found", N_("There is no such record, or you cannot see it."))
    if message.state == "filed":
        raise RuleBroken("collection.message_filed", N_("This message stands on a case already."))
    return message


@operation(
    "collection.file_message", FileMessage,
    needs=lambda c: [Need("received_message", c.message_id), Need("customer", c.customer_id)], guard=_office,
)  # fmt: skip
def file_message(work: Work, command: FileMessage) -> None:
    """Put a message that could not be matched on a customer's case."""
    message = _unmatched(work, command.message_id)
    work.update(ReceivedMessage, message.id, customer_id=command.customer_id, state="filed", decided_at=work.now,
                decided_by_id=work.actor.user_id)
    about = work.fact("newest_to", f"{command.customer_id} {message.address.lower()}") if message.address else None
    if about is not None:  # a report that names no mail is about the last one sent to the address it names
        work.update(ReceivedMessage, message.id, mail_id=about.id)
    filed = replace(message, customer_id=command.customer_id, state="filed", mail_id=about.id if about else None)
    work.facts.put("received_message", message.id, filed)
    _filed(work, filed, command.customer_id, about)


@operation(
    "collection.dismiss_message", DismissMessage, needs=lambda c: [Need("received_message", c.message_id)],
    guard=_office,
)  # fmt: skip
def dismiss_message(work: Work, command: DismissMessage) -> None:
    """Say that a message is nothing of ours. It stays on record."""
    message = _unmatched(work, command.message_id)
    work.update(ReceivedMessage, message.id, state="dismissed", decided_at=work.now, decided_by_id=work.actor.user_id)


@operation("collection.clear_address", ClearAddress, needs=lambda c: [Need("customer", c.customer_id)],
           guard=may_work_with)  # fmt: skip
def clear_address(work: Work, command: ClearAddress) -> None:
    """Say that an address works after all, so that mail goes there again."""
    row_id = derived_id(command.customer_id, f"failed address {clean(command.address).lower()}")
    if work.require("failed_address", row_id):
        work.update(FailedAddress, row_id, cleared_at=work.now, cleared_by_id=work.actor.user_id)
        work.facts.put("failed_address", row_id, False)
        work.touch(command.customer_id)


@operation("collection.opt_out", OptOut, needs=lambda c: [Need("sent_mail", c.mail_id)], guard=system_only)
def opt_out(work: Work, command: OptOut) -> None:
    """Take the debtor's word, given by the link in a mail, that no more demands by mail are wanted."""
    sent: SentMail = work.require("sent_mail", command.mail_id)
    stop_id = derived_id(sent.id, "stop")
    work.facts.expect(_of_stop(sent.customer_id, stop_id))
    stop(work, sent.customer_id, Stop(stop_id, NO_MAIL, work.now), "", sent.to_address[:120])
