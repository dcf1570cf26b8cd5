"""What a plugin declares and what it returns: methods, decisions, effects, excuses. All frozen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from fieldsales.plugin_api.facts import CaseFacts
from fieldsales.plugin_api.fields import Field, Labels, Value

Grade = Literal["", "A", "B", "C"]
"""Grade of proof: A signed, B arrival proven, C asserted only (诉讼时效规定 art. 8)."""
Effect = Literal["", "demand", "agreement", "part_payment", "acknowledgement", "suit"]
"""What it does to the limitation period (民法典 art. 195); "" is nothing."""
GRADES: tuple[str, ...] = ("", "A", "B", "C")
EFFECTS: tuple[str, ...] = ("", "demand", "agreement", "part_payment", "acknowledgement", "suit")
ROLES = ("rep", "manager", "finance", "legal", "admin")
#: The papers a method may have made.
PAPERS: tuple[str, ...] = ("demand_letter", "payment_order_application", "lawyer_letter", "evidence_report")
#: Events a method may subscribe to with ``on``.
EVENTS = ("visits.logged",)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something ``check`` finds wrong. ``field`` names the field, or "" for the whole form.

    A warning (``blocking=False``) is shown and kept with the action. A blocking one keeps the
    action back: a person at a desk corrects it; a record made on the phone is held, never lost.
    """

    field: str
    text: Labels
    blocking: bool = True


@dataclass(frozen=True, slots=True)
class MakePaper:
    """Have the core make a PDF and seal it. ``kind``: one of ``PAPERS``; every one states the whole debt from
    the books: a plugin cannot leave a part out and waive it by accident (诉讼时效规定 art. 9). ``values``
    are printed where the paper has room for them (``lang``: zh | en | zh_en; ``tone``: friendly | firm |
    final; ``pay_by``: ISO date; ``court``, ``law_firm``, ``lawyer``: a line; ``note``: a paragraph).
    """

    kind: Literal["demand_letter", "payment_order_application", "lawyer_letter", "evidence_report"]
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SendMail:
    """Have the worker send a mail by SMTP, at most once per Message-ID.

    ``attach`` names a document by id, or ``"paper"`` for the paper of the same decision.
    ``accepted_effect`` is recorded with grade B once the receiving server has accepted the mail:
    before that nothing has arrived (诉讼时效规定 art. 8 ¶1(2)).
    """

    to: str
    subject: str
    text: str
    attach: str = ""
    accepted_effect: Effect = ""


@dataclass(frozen=True, slots=True)
class MakeTask:
    """Put something on somebody's list. ``for_role`` "" is the customer's owner."""

    title: Labels
    due_on: date
    kind: str = "follow_up"
    for_role: str = ""


Effects = MakePaper | SendMail | MakeTask


@dataclass(frozen=True, slots=True)
class Decision:
    """What an action means. The core writes it; the plugin writes nothing.

    ``summary``: one sentence for the timeline, zh and en. ``outcome``: a stable code. ``grade`` and
    ``effect``: proof and effect on limitation; an effect needs a grade. ``next_step``/``next_on``:
    what to do then. ``details``: label → text lines shown with the action (a checklist, say).
    """

    summary: Labels
    outcome: str
    grade: Grade = ""
    effect: Effect = ""
    next_step: Labels | None = None
    next_on: date | None = None
    effects: tuple[Effects, ...] = ()
    details: tuple[Labels, ...] = ()


Fields = Mapping[str, Value]
Check = Callable[[Fields, CaseFacts], "list[Problem]"]
Outcome = Callable[[Fields, CaseFacts], "Decision | None"]


def no_problems(fields: Fields, facts: CaseFacts) -> list[Problem]:
    """The check of a method that has nothing to object to."""
    return []


@dataclass(frozen=True, slots=True)
class CollectionMethod:
    """A way of collecting (催收方式): its form and what it decides.

    ``name``: stable, lower case, stored with every action. ``fields``: the form. ``check(fields,
    facts)`` lists problems; ``outcome(fields, facts)`` returns the Decision. Both are pure: same
    input, same answer, no I/O; they have two seconds. ``on``: events after which the core asks
    ``outcome`` with ``facts.trigger`` set and no fields (None then means nothing to record).
    ``by_hand=False``: has no form of its own. ``can``: the roles that may use it. ``version``: raise
    it whenever a field changes; phones keep the version they filled in.
    """

    name: str
    labels: Labels
    outcome: Outcome
    fields: tuple[Field, ...] = ()
    check: Check = no_problems
    on: tuple[str, ...] = ()
    by_hand: bool = True
    can: tuple[str, ...] = ("rep", "manager", "finance", "legal")
    version: int = 1
    hint: Labels | None = None

    def as_form(self) -> dict[str, Any]:
        """The form as ``GET /api/v1/forms`` sends it to phones."""
        return {
            "id": f"method.{self.name}",
            "version": self.version,
            "method": self.name,
            "labels": dict(self.labels),
            "hint": dict(self.hint) if self.hint else None,
            "roles": list(self.can),
            "fields": [one.as_json() for one in self.fields],
        }


@dataclass(frozen=True, slots=True)
class Excuse:
    """A reason for not paying (拖欠理由), coded. A claim until somebody has looked.

    ``verify``: how to find out. ``effect``: ``dispute`` when, if true, it stands in the way of a
    payment order (民诉法 art. 225(1), 民诉解释 art. 427(3)), else ``none`` (art. 436: "no money"
    or "later" is no objection). ``dispute_kind``: what a dispute opened from it is called.
    """

    code: str
    labels: Labels
    verify: Labels
    effect: Literal["dispute", "none"] = "none"
    dispute_kind: Literal["", "quality", "not_received", "return", "rebate", "price", "account", "fapiao", "other"] = ""


@dataclass(frozen=True, slots=True)
class Observer:
    """Something that wants to know, after the fact. ``events``: names such as ``plans.signed``.

    ``call(name, data)`` runs in the worker after the commit; it can change and break nothing.
    """

    name: str
    events: tuple[str, ...]
    call: Callable[[str, Mapping[str, object]], None]
