"""A demand by mail that was answered, one that came back, one that nobody answered, and a mail nobody knows the place
of. Told only where a method that writes mail is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from fieldsales.collection.arrival_messages import ReceiveMessage
from fieldsales.collection.cases import cases_of
from fieldsales.collection.gate import Contact, permit
from fieldsales.collection.gate_facts import gate_facts
from fieldsales.collection.messages import BeginMail, RecordMail, TakeAction
from fieldsales.collection.models import Mail
from fieldsales.demo.calls import TOLD
from fieldsales.demo.contacting import LEFT_ALONE
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import SYSTEM
from fieldsales.store.base import table_of

if TYPE_CHECKING:
    from fieldsales.demo.story import Met, Stage

_ANSWER = ("您好，邮件收到。数目我们核对过，没有问题。\n这周五先付五万元，其余月底前付清。\n\n财务 小周")
_SOURCE = "email/mailbox"


def tell(stage: Stage, met: dict[str, Met]) -> None:
    """One thread with an answer, one with a returned mail, one without either."""
    known = next((one for one in stage.program.plugins.methods.values() if one.by_hand and one.reach == "email"), None)
    if known is None:
        return
    for number, one in enumerate(_may_be_mailed(stage, met)[-3:]):
        mail = _send(stage, one, known.name, known.version, f"finance{number + 1}@kehu.example")
        if mail is None:
            continue
        if number == 0:
            _comes(stage, "reply", [mail.message_id], sender=mail.to_address, text=_ANSWER,
                   subject=f"回复：{mail.subject}"[:200])
        elif number == 1:
            _comes(stage, "auto_reply", [mail.message_id], sender=mail.to_address, text="我在休假，周一回复。",
                   subject="自动回复")
            _comes(stage, "failed", [mail.message_id], sender="postmaster@kehu.example", address=mail.to_address,
                   subject="系统退信", detail="550 5.1.1 收件人不存在", text="您的邮件无法送达。")
    _comes(stage, "reply", [], sender="zhangsan@bieren.example", subject="询价", text="请报一下五金件的价格。")


def _may_be_mailed(stage: Stage, met: dict[str, Met]) -> list[Met]:
    """Customers who owe and whom the gate lets be written to."""
    mine = {one.id: one for code, one in sorted(met.items()) if code not in TOLD | LEFT_ALONE and one.contact}
    contact = Contact("mail", stage.program.clock.now())
    with stage.program.store.reading() as connection:
        cases = cases_of(connection, list(mine)).values()
        facts = gate_facts(connection, list(mine), stage.today)
    owing = dict.fromkeys(case.customer_id for case in sorted(cases, key=lambda case: (case.collectable_minor, case.id))
                          if case.collectable_minor > 0)
    return [mine[key] for key in owing if permit(contact, facts[key]).ok]


def _send(stage: Stage, one: Met, method: str, version: int, to: str) -> Any:
    action_id = uuid7()
    stage.act(one.owner, "collection.take_action", TakeAction(
        action_id=action_id, customer_id=one.id, debtor_id=one.debtor_id, method=method, fields={"to": to},
        form_version=version))
    m = table_of(Mail).c
    with stage.program.store.reading() as connection:
        mail = connection.execute(select(m.id, m.message_id, m.to_address, m.subject)
                                  .where(m.action_id == action_id)).first()
    if mail is not None:
        stage.act(SYSTEM, "collection.begin_mail", BeginMail(mail_id=mail.id))
        stage.act(SYSTEM, "collection.record_mail", RecordMail(
            mail_id=mail.id, state="sent", server_answer="250 2.0.0 Ok: queued"))
    return mail


def _comes(stage: Stage, kind: Any, answers: list[str], **more: Any) -> None:
    stage.act(SYSTEM, "collection.receive_message", ReceiveMessage(
        message_id=uuid7(), kind=kind, answers=answers, source=_SOURCE, **more))
