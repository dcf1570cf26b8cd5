"""The rows every new plan leaves, however it was signed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from fieldsales.kernel.ids import uuid7
from fieldsales.plans.coverage import note_plan
from fieldsales.plans.messages import PlanPayload
from fieldsales.plans.models import PlanInstalment
from fieldsales.plans.queries import PlanBook, PlanFact
from fieldsales.plans.rules import Part
from fieldsales.store.work import Work


def write_parts(work: Work, payload: PlanPayload, plan: PlanFact, signed_on: date) -> None:
    """Insert the instalments, and let later commands of the batch see the plan and them."""
    parts = []
    for one in payload.instalments:
        part_id = uuid7()
        work.insert(
            PlanInstalment, id=part_id, plan_id=payload.plan_id, customer_id=payload.customer_id, n=one.n,
            due_on=one.due_on, amount_minor=one.amount_minor, currency=payload.currency, state="open", kept_minor=0,
            decided_on=None,
        )  # fmt: skip
        parts.append(Part(part_id, payload.plan_id, one.n, one.due_on, one.amount_minor, payload.currency, signed_on,
                          payload.debtor_id))  # fmt: skip
    book: PlanBook = work.fact("plan_book", payload.customer_id)
    work.facts.put("plan_book", payload.customer_id, replace(book, parts=(*book.parts, *parts)))
    note_plan(work, payload)
    work.facts.put("plan_by_manifest", plan.manifest_sha256, plan)
    work.facts.put("plan", payload.plan_id, plan)
