"""The page of one repayment plan: its text as it was signed, its instalments, its paper and what came after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext

from fieldsales.documents.clauses import Shown, shown_blocks
from fieldsales.documents.handwritten import transcript
from fieldsales.documents.queries import revisions_of as document_revisions
from fieldsales.kernel.ids import uuid7
from fieldsales.people.rules import scope_of
from fieldsales.plans.history import Step, line_of
from fieldsales.plans.linkdesk import link_api, link_desk  # noqa: F401 - the roof hangs them in
from fieldsales.plans.linkpages import link_views  # noqa: F401 - the roof hangs it in
from fieldsales.plans.paperpages import paper_views  # noqa: F401 - the roof hangs it in
from fieldsales.plans.queries import debtor_email, parts_of, plan_row, revisions_of
from fieldsales.plans.rules import ENDED, may_void, state_of
from fieldsales.web.access import EVERYONE, access, missing
from fieldsales.web.forms import Errors, done, field_text, submit
from fieldsales.web.here import actor, reading
from fieldsales.web.pages import page

views = Blueprint("plans", __name__)


@dataclass(frozen=True, slots=True)
class PlanPage:
    """One plan. ``blocks``: the text exactly as shown before the signature; ``short``: the hash's first 16 signs."""

    plan: Any
    state: str
    parts: tuple[Any, ...]
    kept_minor: int
    revisions: tuple[Any, ...]
    blocks: tuple[Shown, ...]
    short: str
    email: str
    line: tuple[Step, ...]
    can_void: bool
    errors: Errors
    paper_files: tuple[Any, ...]
    time_pending: bool


@views.get("/plans/<plan_id>")
@access(*EVERYONE)
def show(plan_id: str) -> str:
    """A plan for whoever sees its customer."""
    return _shown(plan_id, {})


@views.post("/plans/<plan_id>/void")
@access("manager", "legal", "admin")
def void(plan_id: str) -> Any:
    """Declare it void, with the reason."""
    with reading() as connection:
        plan = plan_row(connection, scope_of(actor()), plan_id)
    if plan is None:
        raise missing()
    errors = submit("plans.void_plan", {
        "revision_id": uuid7(), "plan_id": plan_id, "customer_id": plan.customer_id, "reason": field_text("reason")})
    if errors:
        return _shown(plan_id, errors), 422
    return done(gettext("Declared void. Its paper and what was paid under it are kept."),
                url_for("plans.show", plan_id=plan_id))


def _shown(plan_id: str, errors: Errors) -> str:
    with reading() as connection:
        plan = plan_row(connection, scope_of(actor()), plan_id)
        if plan is None:
            raise missing()
        parts, revisions = parts_of(connection, plan_id), revisions_of(connection, plan_id)
        email = debtor_email(connection, plan.debtor_id)
        line = line_of(connection, plan_id)
        paper_files = tuple(document_revisions(connection, plan.document_id))
    signing = plan.source["signing"]
    blocks = shown_blocks(
        "plan", signing["lang"], plan.payload, signing["signatory"], signing["witness"], signing["clause_version"]
    ) if signing else transcript("zh", plan.source["payload"])
    ended = next((one.kind for one in revisions if one.kind == "void"), "")
    return page("plans/show.html", PlanPage(
        plan, ended or state_of((part.state, part.amount_minor, part.kept_minor) for part in parts), tuple(parts),
        sum(part.kept_minor for part in parts), tuple(revisions), tuple(blocks), plan.manifest_sha256[:16], email, line,
        may_void(actor()) and not any(one.kind in ENDED for one in revisions), errors, paper_files,
        plan.time_wanted_at is not None,
    ))  # fmt: skip
