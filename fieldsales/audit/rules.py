"""What an audit finds, and how it is said. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from fieldsales.kernel.errors import N_

#: What each invariant says (design: trust). Those not yet built are not listed: nothing is claimed unchecked.
WORDS = {
    "M1": N_("Allocations never exceed their payment."),
    "M2": N_("Allocations never exceed their invoice, and what is open is what they leave."),
    "M3": N_("Instalments sum to their plan, each more than nothing."),
    "M4": N_("Invoiced less paid is what is open, for every customer; summaries equal the scan."),
    "M5": N_("Posted money is as it was posted; corrections are reversals."),
    "M6": N_("No two currencies are mixed."),
    "S1": N_("What a phone was told is on record is there."),
    "S2": N_("Every command that was applied stands in the log exactly once."),
    "S3": N_("A command's id stands for one command; another one under it was never applied."),
    "S4": N_("What was not applied is kept as it came, and nothing waits for what has arrived."),
    "S6": N_("Every attached hash that has arrived leads to its bytes."),
    "S7": N_("No paper, file or errand is without the others."),
    "S8": N_("The server's order and time stand, whatever a phone's clock said; no change number is missing."),
    "E1": N_("The log's chain is unbroken."),
    "E2": N_("Sealed papers are the bytes that were sealed; what came later was only added."),
    "E4": N_("Every plan as signed has one paper of its own."),
    "R1": N_("States follow the newest of their events."),
    "K1": N_("A debtor's case is what the books and its own history say."),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One invariant: how many things were looked at, and the ids (no personal data) that break it."""

    code: str
    checked: int
    breaches: tuple[str, ...] = ()
    note: str = field(default="")
    """What is neither right nor wrong yet, such as photos still on their way: ``waiting 3``."""

    @property
    def holds(self) -> bool:
        """Whether nothing broke it."""
        return not self.breaches


def finding(code: str, checked: int, breaches: Iterable[str], note: str = "") -> Finding:
    """A finding with its breaches in order."""
    return Finding(code, checked, tuple(sorted(breaches)), note)
