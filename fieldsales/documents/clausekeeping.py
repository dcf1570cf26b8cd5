"""A house's own clause sets: drafted from the newest, checked, signed off by a lawyer, published, never changed."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import Connection, func, select

from fieldsales.documents import canonical
from fieldsales.documents.clause_checks import problems_of
from fieldsales.documents.editions import FIRST_OWN
from fieldsales.documents.models import ClauseEdition
from fieldsales.kernel.errors import N_, Invalid, NotAllowed, RuleBroken
from fieldsales.kernel.operation import Command, Need, operation
from fieldsales.kernel.text import Name
from fieldsales.people.models import User
from fieldsales.store.base import table_of
from fieldsales.store.work import Work, fact

_editions, _users = table_of(ClauseEdition), table_of(User)
LAY_TOPIC = "documents.lay_clauses"
KEEPERS = ("legal", "admin")
PUBLISHED = N_("A published set is never changed. Make a new one from it.")
Version = Annotated[int, Field(ge=FIRST_OWN, le=999_999)]


class DraftClauses(Command):
    """A draft of a clause set, whole. Saved again under its number until it is published."""

    version: Version
    name: Name
    body: dict[str, Any]


class PublishClauses(Command):
    """Publish a draft: from then on plans and statements are signed by it. ``lawyer_name``: who signed it off."""

    version: Version
    lawyer_name: Name
    signed_off_on: date


@fact("clause_edition")
def load_editions(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """State and body of a house's own sets, by version; the highest number there is under ``last``."""
    c = _editions.c
    wanted = [int(key) for key in keys if key.isdigit()]
    found: dict[str, Any] = {str(row.version): row for row in connection.execute(
        select(c.id, c.version, c.name, c.state, c.body).where(c.version.in_(wanted)))}
    if "last" in keys:
        found["last"] = connection.execute(select(func.max(c.version))).scalar() or FIRST_OWN - 1
    return found


def _keepers_only(work: Work, command: Any) -> None:
    if work.actor.role not in KEEPERS:
        raise NotAllowed("documents.clause_keepers", N_("Only legal or the administrator keep the clauses."))


@operation("documents.draft_clauses", DraftClauses, guard=_keepers_only,
           needs=lambda c: [Need("clause_edition", str(c.version)), Need("clause_edition", "last")])
def draft_clauses(work: Work, command: DraftClauses) -> None:
    """Save a draft. What is wrong with it is shown on its page; nobody signs by a draft."""
    known = work.fact("clause_edition", str(command.version))
    if known is not None and known.state != "draft":
        raise RuleBroken("documents.clauses_published", PUBLISHED)
    values = {"name": command.name, "body": command.body, "made_by": work.actor.user_id, "made_at": work.now}
    if known is not None:
        work.update(ClauseEdition, known.id, **values)
        return
    if command.version != work.fact("clause_edition", "last") + 1:
        raise RuleBroken("documents.clauses_number",
                         N_("Somebody else has drafted a set meanwhile. Open the page again."))
    work.insert(ClauseEdition, id=str(command.version), version=command.version, sha256="", state="draft",
                lawyer_name="", signed_off_on=None, published_by="", published_at=None, **values)


@operation("documents.publish_clauses", PublishClauses, guard=_keepers_only,
           needs=lambda c: [Need("clause_edition", str(c.version))])
def publish_clauses(work: Work, command: PublishClauses) -> None:
    """Publish a draft that holds everything the law asks, with the lawyer's name and day. Older plans keep theirs."""
    known = work.require("clause_edition", str(command.version))
    if known.state != "draft":
        raise RuleBroken("documents.clauses_published", PUBLISHED)
    problems = problems_of(known.body)
    if problems:
        raise Invalid("documents.clauses_wrong",
                      N_("This set cannot be published: %(count)s things are wrong with it."), count=len(problems))
    if command.signed_off_on > work.today:
        raise Invalid("documents.signed_off", N_("The day of the sign-off cannot lie ahead."), field="signed_off_on")
    work.update(ClauseEdition, known.id, state="published", sha256=canonical.digest(known.body),
                lawyer_name=command.lawyer_name, signed_off_on=command.signed_off_on,
                published_by=work.actor.user_id, published_at=work.now)
    work.after(LAY_TOPIC, {"version": command.version})


def kept_editions(connection: Connection) -> list[Any]:
    """A house's own sets, newest first, with who published them."""
    c = _editions.c
    return list(connection.execute(
        select(c.version, c.name, c.state, c.made_at, c.lawyer_name, c.signed_off_on, c.published_at, c.sha256,
               func.coalesce(_users.c.name, "").label("by"))
        .outerjoin(_users, _users.c.id == c.published_by).order_by(c.version.desc())
    ))  # fmt: skip


def edition_row(connection: Connection, version: int) -> Any:
    """One set with its body, or None."""
    return connection.execute(select(_editions).where(_editions.c.version == version)).first()
