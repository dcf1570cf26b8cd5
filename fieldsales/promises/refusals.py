"""When they were asked and promised nothing (S14): what that calls for, and by when. Pure.

“客户根本不愿意做出承诺” is an answer like another. It is put on record with its reason, and each reason has one thing
to be done about it: without that, the refusal would be a blank line in the plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from fieldsales.kernel.errors import N_
from fieldsales.promises.messages import Reason


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reason: what it is called, the task it makes (a kind of ``TASKS``), in how many days, and whose it is."""

    text: str
    task: str
    days: int
    for_manager: bool = False


REASONS: dict[Reason, Refusal] = {
    "not_said": Refusal(N_("no reason given"), "ask_again", 2),
    "refused": Refusal(N_("refused outright"), "no_promise_refused", 0, for_manager=True),
    "evasive": Refusal(N_("would not name a day or a sum"), "ask_again", 2),
    "no_money": Refusal(N_("says there is no money"), "support_wanted", 1),
    "waits_for_others": Refusal(N_("waits for their own customers to pay"), "support_wanted", 1),
    "disputed": Refusal(N_("contests goods or account"), "clear_dispute", 0),
    "absent": Refusal(N_("whoever decides was away"), "reach_decider", 1),
    "no_authority": Refusal(N_("whoever was there does not decide"), "reach_decider", 1),
    "other": Refusal(N_("another reason"), "ask_again", 3),
}

#: What each kind of task says to whoever must do it.
TASKS = {
    "ask_again": N_("No promise yet: ask again for the day, the sum and where the money comes from."),
    "no_promise_refused": N_("They refuse to promise: decide how to go on, with support or with the next step."),
    "support_wanted": N_("No promise for want of money: agree on a small first sum, and on what would help them pay."),
    "clear_dispute": N_("No promise because something is contested: settle that part, collect the rest."),
    "reach_decider": N_("No promise yet: reach the person who decides about payments."),
}

#: A visit's outcome that says why nothing was promised.
OF_OUTCOME: dict[str, Reason] = {
    "refused": "refused", "absent": "absent", "account_differs": "disputed", "set_off_asked": "disputed",
}
#: A reason for not paying, heard on a visit that was refused, that says more than the refusal does.
OF_EXCUSE: dict[str, Reason] = {
    "cash_tight": "no_money", "paid_others": "no_money", "unsold": "no_money", "downstream": "waits_for_others",
    "approval": "no_authority", "not_received": "disputed", "quality": "disputed", "rebate": "disputed",
    "account_differs": "disputed",
}


def asked_again_on(reason: Reason, today: date, wanted: date | None) -> date:
    """The day something is done about it: the one that was agreed, else what the reason calls for."""
    if wanted is not None and wanted >= today:
        return wanted
    return today + timedelta(days=REASONS[reason].days)


def reason_of_visit(outcome: str, excuses: tuple[str, ...]) -> Reason | None:
    """Why a visit brought no promise; None when it did, or nothing was asked."""
    reason = OF_OUTCOME.get(outcome)
    if reason == "refused":
        return next((OF_EXCUSE[code] for code in excuses if code in OF_EXCUSE), reason)
    return reason
