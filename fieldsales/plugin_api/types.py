"""What a plugin declares and what it returns: methods, decisions, effects, excuses. All frozen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from fieldsales.plugin_api.batches import Batch
from fieldsales.plugin_api.caps import Cap
from fieldsales.plugin_api.facts import CaseFacts
from fieldsales.plugin_api.fields import Field, Labels, Value
from fieldsales.plugin_api.keeping import Forget, Keep
from fieldsales.plugin_api.proceedings import SuitEnded
from fieldsales.plugin_api.texts import SendText, StopContact, Text

Grade = Literal["", "A", "B", "C"]
"""Grade of proof: A signed, B arrival proven, C asserted only (诉讼时效规定 art. 8)."""
Effect = Literal["", "demand", "agreement", "part_payment", "acknowledgement", "suit"]
"""What it does to the limitation period (民法典 art. 195); "" is nothing."""
GRADES: tuple[str, ...] = ("", "A", "B", "C")
EFFECTS: tuple[str, ...] = ("", "demand", "agreement", "part_payment", "acknowledgement", "suit")
Manner = Literal["soft", "firm", "persistent"]
"""Soft: by goodwill, no use where bad faith is approved. Firm: for everybody. Persistent: for that class only."""
Reach = Literal["", "phone", "email", "address", "fax"]
"""Fax: the house keeps no fax numbers, so such a method is there to be used and is not suggested by itself."""
MANNERS: tuple[str, ...] = ("soft", "firm", "persistent")
REACHES: tuple[str, ...] = ("", "phone", "email", "address", "fax")
ROLES = ("rep", "manager", "finance", "legal", "admin")
#: The papers a method may have made beside those of ``document_templates``.
PAPERS: tuple[str, ...] = ("demand_letter", "payment_order_application", "lawyer_letter", "evidence_report")
#: What a method opens on the phone or must have on record, and the way it reaches the debtor by.
_OPENS = {"tel": "call", "sms": "message", "mailto": "mail"}
_REACHED = {"phone": "call", "email": "mail", "address": "letter", "fax": "letter"}
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
    """Have the core make a PDF and seal it. ``kind``: one of ``PAPERS``, each stating the whole debt from the books:
    a plugin cannot leave a part out and waive it by accident (诉讼时效规定 art. 9); or the name of a plugin's own
    template (``DocumentTemplate``). ``values`` are printed where the paper has room for them (``lang``: zh | en |
    zh_en; ``tone``: friendly | firm | final; ``pay_by``: ISO date; ``court``, ``law_firm``, ``lawyer``: a line;
    ``note``: a paragraph).
    """

    kind: str
    values: Mapping[str, str] = field(default_factory=dict)
    presses: bool = False
    """Whether a template's paper asks for money; the core says so, from what the template declares."""


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


Effects = MakePaper | SendMail | SendText | StopContact | MakeTask | Keep | Forget | SuitEnded


@dataclass(frozen=True, slots=True)
class Decision:
    """What an action means. The core writes it; the plugin writes nothing.

    ``summary``: one sentence for the timeline, zh and en. ``outcome``: a stable code. ``grade`` and
    ``effect``: proof and effect on limitation; an effect needs a grade. ``next_step``/``next_on``:
    what to do then. ``details``: label → text lines shown with the action (a checklist, say). ``follows``: the id of
    the earlier action this one goes on from (posted after made): the core shows them as one thread, and what was left
    to do for the earlier stages is done with it.
    """

    summary: Labels
    outcome: str
    grade: Grade = ""
    effect: Effect = ""
    next_step: Labels | None = None
    next_on: date | None = None
    effects: tuple[Effects, ...] = ()
    details: tuple[Labels, ...] = ()
    follows: str = ""


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

    What the chooser of the next step goes by, each with a default: ``level`` 1 a notice a rep gives alone, 2 formal,
    3 law; ``cost_minor`` one use in minor units of the house currency (time and postage; travel is added by distance);
    ``in_person``: somebody must go there; ``manner``: one of ``MANNERS``; ``reach``: what must be on record to use it,
    one of ``REACHES``; ``approval``: a manager's yes even at level 1 (above it, always). ``batch``: how it is used for
    many customers at once; None: only for one at a time. ``screen``: a module in its ``static/`` that draws the form on
    the phone (``parcel.js``); ``template``: one in its ``templates/`` that draws it in the office
    (``parcel/form.html``). Either may fail or be missing: then the standard form stands there. ``caps``: how often it
    may be used on one customer, where that is less than the gate allows: more is kept with a warning, and the method
    is not suggested until its cap is free again. ``asks=False``: it asks for no money (a stocktaking), so it is never
    suggested as the next step; with ``in_person`` its form stands in the phone's sheet of a visit.
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
    level: int = 1
    cost_minor: int = 500
    in_person: bool = False
    manner: Manner = "soft"
    reach: Reach = ""
    approval: bool = False
    texts: tuple[Text, ...] = ()
    batch: Batch | None = None
    screen: str = ""
    template: str = ""
    caps: tuple[Cap, ...] = ()
    asks: bool = True

    @property
    def channel(self) -> str:
        """How it reaches the debtor, by what it declares alone: call | message | visit | mail | letter | legal; ""
        where only its decision tells."""
        if self.in_person or self.on:
            return "visit"
        for one in self.fields:
            if one.opens in _OPENS:
                return _OPENS[one.opens]
            if any(choice.opens for choice in one.choices):
                return "message"
        return _REACHED.get(self.reach, "legal" if self.level == 3 else "")

    @property
    def purpose(self) -> str:
        """What a contact by it is to the gate: demand | legal, or "" where it asks for no money."""
        return "" if not self.asks else "legal" if self.level == 3 else "demand"

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
            "screen": self.screen,
            **({"on_site": True} if self.in_person and not self.asks else {}),
            **({"close": True} if self.manner == "persistent" else {}),
            **({"channel": self.channel, "purpose": self.purpose} if self.purpose else {}),
            **({"caps": [{"times": one.times, "days": one.days} for one in self.caps]} if self.caps else {}),
            **({"texts": [{"name": one.name, "zh": one.zh, "en": one.en} for one in self.texts]} if self.texts else {}),
        }


DisputeKind = Literal["", "quality", "not_received", "return", "rebate", "price", "account", "fapiao", "other"]
Desk = Literal["", "quality", "logistics", "sales_support", "finance"]
"""Who settles such a matter as a rule; "" is the manager."""
DESKS: tuple[str, ...] = ("", "quality", "logistics", "sales_support", "finance")
#: Kinds of facts on record that may answer an excuse: the phone lays exactly these on the table.
FACTS: tuple[str, ...] = (
    "invoice", "delivery_note", "contract", "fapiao", "payment_slip", "statement", "plan", "promise", "payment",
    "photo", "dispute", "complaint", "claim",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Excuse:
    """A reason for not paying (拖欠理由), coded. A claim until somebody has looked.

    ``verify``: how to find out. ``effect``: ``dispute`` when, if true, it stands in the way of a
    payment order (民诉法 art. 225(1), 民诉解释 art. 427(3)), else ``none`` (art. 436: "no money"
    or "later" is no objection). ``dispute_kind``: what a dispute opened from it is called.
    ``asks``: what to ask for on the spot. ``facts``: which of ``FACTS`` answer it. ``rule``: its
    effect in law in one sentence, with the rule named. ``owner``: the desk that settles it if true.
    ``flag="manager"``: the manager is told at once, with what the account is worth. ``reply``: what
    may be answered. ``if_true="instalments"``: found true, instalments are the answer, not one more demand.
    """

    code: str
    labels: Labels
    verify: Labels
    effect: Literal["dispute", "none"] = "none"
    dispute_kind: DisputeKind = ""
    asks: tuple[Labels, ...] = ()
    facts: tuple[str, ...] = ()
    rule: Labels | None = None
    owner: Desk = ""
    flag: Literal["", "manager"] = ""
    reply: Labels | None = None
    if_true: Literal["", "instalments"] = ""
