"""Using a method for many customers at once, and following what a carrier says of each piece.

A method declares which of its questions are asked once for the whole batch, what is printed with it, and how a
carrier's words are written on its own form. The core chooses, previews, makes, prints and follows; it knows no method.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from fieldsales.plugin_api.garbage import need

#: What may become of a piece, in the order it happens.
STEPS = ("posted", "in_transit", "delivered", "returned")


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Tracking:
    """How a carrier's words are written on the method's form.

    ``steps``: for each of ``STEPS`` the method knows, the answers that say so (``{"posted": {"stage": "posted"}}``).
    ``number``: the question of the carrier's number; ``carrier``, ``signed_by``, ``signer``, ``reason``,
    ``proof``: those of the carrier's name, who signed and as what (a choice), why it came back, the scan; "" where the
    form has none. ``days``: the question of the
    day, for each step. ``ends``: outcomes after which nothing more is waited for.
    """

    number: str
    steps: Mapping[str, Mapping[str, Any]]
    ends: tuple[str, ...]
    days: Mapping[str, str] = field(default_factory=_nothing)
    carrier: str = ""
    signed_by: str = ""
    signer: str = ""
    reason: str = ""
    proof: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """A method used for many customers at once.

    ``fields``: the questions asked once, for all of them; others stay unanswered, or as ``answers`` has them. Each
    customer's own ``check`` decides whether it takes part, and its blocking problems say why not. ``sheets``: names of
    templates (``document_templates``) printed with it. ``tracking``: how the pieces are followed; None: not at all.
    """

    fields: tuple[str, ...] = ()
    answers: Mapping[str, Any] = field(default_factory=_nothing)
    sheets: tuple[str, ...] = ()
    tracking: Tracking | None = None


def check_batch(given: Any, what: str, names: frozenset[str]) -> None:
    """Raise Garbage for a batch that asks for what the form (``names``) does not hold."""
    need(type(given) is Batch, f"{what}: batch must be a Batch, not {type(given).__name__}")
    for part in (given.fields, given.sheets):
        need(isinstance(part, tuple) and all(isinstance(one, str) for one in part), f"{what}: batch: a tuple of names")
    need(isinstance(given.answers, Mapping), f"{what}: batch: answers must be a mapping")
    asked = {*given.fields, *given.answers}
    tracking = given.tracking
    if tracking is not None:
        need(type(tracking) is Tracking, f"{what}: batch: tracking must be a Tracking")
        need(all(isinstance(one, Mapping) for one in (tracking.steps, tracking.days)), f"{what}: tracking: mappings")
        need(bool(tracking.steps), f"{what}: tracking knows no step")
        for step in (*tracking.steps, *tracking.days):
            need(step in STEPS, f"{what}: tracking: there is no step {step!r}")
        for answers in tracking.steps.values():
            need(isinstance(answers, Mapping), f"{what}: tracking: answers must be mappings")
            asked |= set(answers)
        more = (tracking.number, *tracking.days.values(), tracking.carrier, tracking.signed_by, tracking.signer,
                tracking.reason, tracking.proof)
        asked |= {one for one in more if one}
        need(bool(tracking.number), f"{what}: tracking names no number")
        need(isinstance(tracking.ends, tuple), f"{what}: tracking: ends must be a tuple")
    for name in asked:
        need(name in names, f"{what}: batch: the form has no field {name!r}")
