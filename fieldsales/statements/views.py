"""The page of one statement of account: its text as it was signed, and its paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint

from fieldsales.documents.clauses import Shown, shown_blocks
from fieldsales.documents.queries import revisions_of
from fieldsales.people.rules import scope_of
from fieldsales.statements.queries import statement_row
from fieldsales.web.access import EVERYONE, access, missing
from fieldsales.web.here import actor, reading
from fieldsales.web.pages import page

views = Blueprint("statements", __name__)


@dataclass(frozen=True, slots=True)
class StatementPage:
    """One statement. ``blocks``: the text exactly as shown before the signature."""

    statement: Any
    blocks: tuple[Shown, ...]
    short: str
    paper_files: tuple[Any, ...]


@views.get("/statements/<statement_id>")
@access(*EVERYONE)
def show(statement_id: str) -> str:
    """A statement for whoever sees its customer."""
    with reading() as connection:
        statement = statement_row(connection, scope_of(actor()), statement_id)
        if statement is None:
            raise missing()
        paper_files = tuple(revisions_of(connection, statement.document_id))
    signing = statement.source["signing"]
    blocks = shown_blocks(
        "statement", signing["lang"], statement.payload, signing["signatory"], signing["witness"],
        signing["clause_version"],
    )  # fmt: skip
    return page("statements/show.html", StatementPage(
        statement, tuple(blocks), statement.manifest_sha256[:16], paper_files))
