"""What a method says when a step before a court came to nothing: withdrawn, not accepted, dismissed, not served."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class SuitEnded:
    """What we filed between ``since`` and ``until`` (both included, the days of the steps) ended without a decision on
    the debt, so that it is disputed whether it restarted the limitation period. The core marks those acts doubtful
    (they stay on record, and the clock is shown both ways). ``served_on``: the day the court's papers reached the
    debtor, who was then at least asked to pay (诉讼时效规定 art. 8); None: not served, or nobody knows."""

    since: date
    until: date
    served_on: date | None = None


def wrong(given: SuitEnded) -> str:
    """Why it may not be returned, or ""."""
    if type(given.since) is not date or type(given.until) is not date or given.since > given.until:
        return "SuitEnded: since and until must be days, in their order"
    served = given.served_on
    fine = served is None or (type(served) is date and given.since <= served)
    return "" if fine else "SuitEnded: served_on must be a day not before since"
