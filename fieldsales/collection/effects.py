"""A method's decision turned into rows: the core writes, the plugin has only decided."""

from __future__ import annotations

from dataclasses import dataclass, replace
from email.utils import parseaddr
from functools import lru_cache

from fieldsales.collection import broughtpapers, casepapers, rules
from fieldsales.collection.gate import Stop
from fieldsales.collection.gate_service import stop, told
from fieldsales.collection.messages import SuitCameToNothing
from fieldsales.collection.models import Mail, Task
from fieldsales.collection.rules import CaseFile
from fieldsales.collection.texting import queue_text
from fieldsales.config import Settings
from fieldsales.documents.canonical import document_of
from fieldsales.documents.contents import BroughtPayload
from fieldsales.documents.messages import OrderPaper, PaperSource
from fieldsales.documents.service import order_paper
from fieldsales.documents.signs import check_printable, texts_in
from fieldsales.extensions import keeping
from fieldsales.kernel.ids import derived_id, uuid7
from fieldsales.plugin_api.facts import CaseFacts
from fieldsales.plugin_api.fields import Labels, words
from fieldsales.plugin_api.proceedings import SuitEnded
from fieldsales.plugin_api.texts import SendText, StopContact
from fieldsales.plugin_api.types import Decision, MakePaper, MakeTask, SendMail
from fieldsales.store.work import Work

MAIL_TOPIC = "collection.mail"
#: What legal is asked when a paper speaks of a debt whose limitation period may have run out.
EXPIRED = words("时效可能已届满：请核对能否主张、能否取得书面确认",
                "Limitation may have run out: check what can be claimed, and whether the debt can be acknowledged")
#: The right side of a Message-ID while no sender is set: it must be unique, not reachable (RFC 5322, 3.6.4).
MAIL_DOMAIN = "mail.fieldsales.invalid"


@lru_cache(maxsize=1)
def mail_domain() -> str:
    """The sender's own domain, for Message-IDs."""
    domain = parseaddr(Settings().mail_from)[1].rpartition("@")[2]
    return domain if domain.isascii() and "." in domain else MAIL_DOMAIN


@dataclass(frozen=True, slots=True)
class Act:
    """The action whose effects are carried out."""

    action_id: str
    customer_id: str
    file: CaseFile
    facts: CaseFacts
    #: the plugin whose method decided
    plugin: str = ""
    #: the papers of plugins' templates, filled in before anything was written
    brought: tuple[BroughtPayload, ...] = ()


def make_papers(work: Work, act: Act, paper: MakePaper) -> list[str]:
    """Order the papers a decision asks for, one a seller and currency; returns their ids, the largest debt first.

    A paper with a sign no face can print is refused here, where somebody can still write it another way.
    """
    if paper.kind not in casepapers.KINDS:
        return [_order(work, act, "plugin", one.paper_id, one, paper) for one in act.brought
                if one.template == paper.kind]
    made, (kind, _) = [], casepapers.KINDS[paper.kind]
    for letter in rules.letters_of(act.file, act.facts.debtor):
        document_id = uuid7()
        of_kind = casepapers.letter_payload if kind == "letter" else casepapers.case_payload
        payload = of_kind(act.file, letter, document_id, paper, act.facts)
        made.append(_order(work, act, kind, document_id, payload, paper))
        if payload.expired:
            add_task(work, act, MakeTask(EXPIRED, act.facts.today, kind="limitation", for_role="legal"))
    return made


def _order(work: Work, act: Act, kind: casepapers.PaperKind, document_id: str, payload: casepapers.Payload,
           paper: MakePaper) -> str:
    document = document_of(payload)
    check_printable("".join(texts_in(document)))
    lang = casepapers.lang_of(paper) if kind != "plugin" else casepapers.one_lang_of(paper)
    order_paper(work, OrderPaper(
        document_id=document_id, number=payload.number, kind=kind, lang=lang, customer_id=act.customer_id,
        subject_kind="action", subject_id=act.action_id, source=PaperSource(payload=document),
    ))  # fmt: skip
    return document_id


def with_papers_worded(work: Work, act: Act, decision: Decision | None) -> Act:
    """The act with the papers of plugins' templates filled in. Raises PluginFailed where one cannot be."""
    wanted = [one for one in decision.effects if isinstance(one, MakePaper)] if decision else []
    found = [payload for paper in wanted if paper.kind not in casepapers.KINDS
             for payload in broughtpapers.worded(work.plugins, act.file, act.facts, paper)]
    return replace(act, brought=tuple(found)) if found else act


def queue_mail(
    work: Work, mail_id: str, customer_id: str, mail: SendMail, *, action_id: str | None = None,
    debtor_id: str | None = None, document_id: str | None = None,
) -> None:  # fmt: skip
    """Put a mail on record and have the worker send it."""
    work.insert(
        Mail, id=mail_id, customer_id=customer_id, action_id=action_id, message_id=f"<{mail_id}@{mail_domain()}>",
        to_address=mail.to, subject=mail.subject, body=mail.text, document_id=document_id,
        accepted_effect=mail.accepted_effect, debtor_id=debtor_id, state="queued", server_answer="",
        queued_at=work.now, sent_at=None, attempts=0,
    )  # fmt: skip
    work.after(MAIL_TOPIC, {"mail_id": mail_id})


def add_task(work: Work, act: Act, task: MakeTask) -> None:
    """Put a task a method asks for on the customer's list: of its owner, or of whoever has the role it names."""
    people = told(work, act.customer_id, (task.for_role,)) if task.for_role not in ("", "rep") else []
    for user_id in people or ("",):
        work.insert(
            Task, id=uuid7(), customer_id=act.customer_id, kind=task.kind, title=said(work, task.title),
            due_on=task.due_on, assignee_id=user_id, source_id=act.action_id, made_at=work.now, done_at=None,
            done_by_id="", note="",
        )  # fmt: skip


def said(work: Work, labels: Labels) -> str:
    """A method's sentence in the actor's language, at most 120 characters."""
    return (labels.get(work.actor.locale) or labels["zh"])[:120]


def carry_out(work: Work, act: Act, decision: Decision) -> str | None:
    """Write everything a decision asks for; returns the document made, if any."""
    documents: list[str] = []
    keeping.carry_out(work, act.plugin, act.customer_id, decision.effects)
    for effect in decision.effects:
        if isinstance(effect, MakePaper):
            documents += make_papers(work, act, effect)
    for effect in decision.effects:
        if isinstance(effect, MakeTask):
            add_task(work, act, effect)
        elif isinstance(effect, SendText):
            queue_text(work, act.customer_id, effect, action_id=act.action_id, debtor_id=_debtor_id(act))
        elif isinstance(effect, StopContact):
            given = Stop(derived_id(act.action_id, "stop"), effect.kind, work.now)
            stop(work, act.customer_id, given, effect.words, effect.who)
        elif isinstance(effect, SuitEnded):
            work.emit(SuitCameToNothing(act.action_id, act.customer_id, _debtor_id(act), effect.since, effect.until,
                                        effect.served_on))
        elif isinstance(effect, SendMail):
            attached = documents[0] if documents else None
            if effect.attach not in ("", "paper"):
                attached = effect.attach if _is_theirs(act, effect.attach) else None
            queue_mail(work, uuid7(), act.customer_id, effect, action_id=act.action_id, debtor_id=_debtor_id(act),
                       document_id=attached if effect.attach else None)  # fmt: skip
    return documents[0] if documents else None


def _debtor_id(act: Act) -> str | None:
    return act.facts.debtor.id if act.facts.debtor else None


def _is_theirs(act: Act, document_id: str) -> bool:
    """Whether a paper belongs to this very case: a plugin must not mail one customer's paper to another."""
    return any(one.id == document_id for one in act.facts.evidence)
