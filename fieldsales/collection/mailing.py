"""Operations on mails to debtors: queued with the act they belong to, sent by the worker, answered once.

A mail goes at most once per Message-ID (P3): ``sending`` is written before the server is spoken to,
so that a worker that dies in between leaves a mail nobody sends again: it is flagged ambiguous.
"""

from __future__ import annotations

from dataclasses import replace

from fieldsales.collection.effects import queue_mail
from fieldsales.collection.gate import Contact
from fieldsales.collection.gate_acts import PRESSING, not_sent
from fieldsales.collection.gate_service import add_tasks, asked, count, log
from fieldsales.collection.messages import BeginMail, MailAccepted, RecordMail, SendDocument
from fieldsales.collection.models import Mail
from fieldsales.collection.queries import MailFact
from fieldsales.customers.guards import may_work_with, system_only
from fieldsales.documents.queries import DocumentFact
from fieldsales.kernel.clock import on_date
from fieldsales.kernel.errors import N_, NotFound, RuleBroken
from fieldsales.kernel.ids import derived_id
from fieldsales.kernel.operation import Need, operation
from fieldsales.plugin_api.types import SendMail
from fieldsales.store.work import Work

#: The usual words around a paper that is mailed, by language: (subject, text). Written to customers,
#: so they belong to the paper's language and not to the reader's of the program.
PAPER_MAIL = {
    "zh": ("{number} 号文书", "您好：\n\n随信附上 {number} 号文书（PDF，已防篡改封存），请查收并妥善保存。\n"
           "付款请只付公司账户。如有疑问，请回复本邮件。"),
    "en": ("Paper {number}", "Dear customer,\n\nattached is paper {number} (PDF, sealed against tampering). "
           "Please keep it.\nPay into our company account only. Answer this mail with any question."),
}  # fmt: skip


@operation(
    "collection.send_document", SendDocument,
    needs=lambda c: [Need("customer", c.customer_id), Need("document", c.document_id), Need("mail", c.mail_id),
                     Need("gate", c.customer_id)],
    guard=may_work_with,
)  # fmt: skip
def send_document(work: Work, command: SendDocument) -> None:
    """Mail a paper to the debtor; it leaves as soon as its seal is on. Empty words: the usual ones."""
    document: DocumentFact = work.require("document", command.document_id)
    if document.customer_id != command.customer_id:
        raise NotFound("document.not_found", N_("There is no such record, or you cannot see it."))
    if document.state == "failed":
        raise RuleBroken("collection.paper_failed", N_("This paper could not be made, so it cannot be sent."))
    if work.fact("mail", command.mail_id) is not None:
        return
    if _is_held(work, command, document):
        return
    subject, text = PAPER_MAIL[work.actor.locale if work.actor.locale in PAPER_MAIL else "zh"]
    mail = SendMail(
        command.to, command.subject or subject.format(number=document.number),
        command.text or text.format(number=document.number), document.id,
    )  # fmt: skip
    queue_mail(work, command.mail_id, command.customer_id, mail, document_id=document.id)
    work.touch(command.customer_id)
    work.answer(mail_id=command.mail_id)


def _is_held(work: Work, command: SendDocument, document: DocumentFact) -> bool:
    """Whether the gate holds a letter back: then it is written down, told, and its sender is reminded of it."""
    contact = Contact("mail", work.now, "demand" if document.kind == "letter" else "service")
    found = asked(work, command.customer_id, contact)
    source = ("mail", command.mail_id)
    if found.ok:
        if found.waived:
            log(work, command.customer_id, "used", contact, found.waived, source=source)
        return False
    log(work, command.customer_id, "refused", contact, found.codes, source=source, until=found.until)
    if found.until is not None:
        add_tasks(work, command.customer_id, "send_again", command.mail_id, [work.actor.user_id],
                  on_date(found.until, work.zone), document.number)
    work.touch(command.customer_id)
    words = not_sent(found)
    work.conflict("collection.held_back", words.get(work.actor.locale) or words["zh"], held=True,
                  until=found.until.isoformat() if found.until else None, codes=list(found.codes))
    return True


@operation(
    "collection.begin_mail", BeginMail, needs=lambda c: [Need("mail", c.mail_id)], guard=system_only
)
def begin_mail(work: Work, command: BeginMail) -> None:
    """Write down that a mail is about to be handed over. Only a queued one may be."""
    mail: MailFact = work.require("mail", command.mail_id)
    if mail.state != "queued":
        raise RuleBroken("collection.mail_begun", N_("This mail has been handed over already."))
    work.update(Mail, mail.id, state="sending", attempts=mail.attempts + 1)
    work.facts.put("mail", mail.id, replace(mail, state="sending", attempts=mail.attempts + 1))


@operation(
    "collection.record_mail", RecordMail, needs=lambda c: [Need("mail", c.mail_id)], guard=system_only
)
def record_mail(work: Work, command: RecordMail) -> None:
    """Write down what became of a mail; accepted by their server, it counts as arrived (grade B)."""
    mail: MailFact = work.require("mail", command.mail_id)
    if mail.state != "sending":
        raise RuleBroken("collection.mail_settled", N_("This mail has its answer already."))
    sent_at = work.now if command.state == "sent" else None
    work.update(Mail, mail.id, state=command.state, server_answer=command.server_answer, sent_at=sent_at)
    work.facts.put("mail", mail.id, replace(mail, state=command.state))
    work.touch(mail.customer_id)
    if command.state == "sent" and mail.accepted_effect in PRESSING:
        contact = Contact("mail", work.now, debtor_id=mail.debtor_id or "")
        count(work, mail.customer_id, contact, made_id=derived_id(mail.id, "contact"), effective=True,
              source=("mail", mail.id))
    if command.state == "sent" and mail.accepted_effect:
        work.emit(MailAccepted(mail.id, mail.customer_id, mail.debtor_id, mail.accepted_effect, work.now))
