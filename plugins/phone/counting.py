"""What calls bring, a rep and month."""

from __future__ import annotations

from fieldsales.plugin_api import Metric, RepFacts, words

from .calls import NOBODY


def answered(facts: RepFacts) -> Metric | None:
    """Calls somebody answered, of all calls."""
    calls = [one for one in facts.actions if one.method == "phone"]
    if not calls:
        return None
    reached = sum(one.outcome not in NOBODY for one in calls)
    return Metric(reached, len(calls), words(f"{len(calls)} 通中 {reached} 通", f"{reached} of {len(calls)}"))


def calls_per_promise(facts: RepFacts) -> Metric | None:
    """All calls, by the calls in which payment was promised."""
    calls = [one for one in facts.actions if one.method == "phone"]
    if not calls:
        return None
    promised = sum(one.outcome == "promised" for one in calls)
    return Metric(len(calls), promised, words(f"{promised} 个承诺", f"{promised} promised"))
