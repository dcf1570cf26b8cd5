"""Pages of clause sets: what is in force, a draft edited paragraph by paragraph, its faults, preview, publishing."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, make_response, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from fieldsales.documents import editionjobs, editions, papers, press
from fieldsales.documents.clause_checks import LANGS, RULES, Problem, problems_of
from fieldsales.documents.clausekeeping import KEEPERS, edition_row, kept_editions
from fieldsales.kernel.errors import N_, Invalid, RuleBroken
from fieldsales.web.access import access, missing
from fieldsales.web.forms import Errors, chosen_date, done, field_text, refused, submit
from fieldsales.web.here import here, reading
from fieldsales.web.pages import NavItem, nav, page

edition_views = Blueprint("clauses", __name__)
nav(NavItem("clauses.every", N_("Clauses"), "handbook", 84, KEEPERS, group=N_("Administration")))
_LANGS = ("zh", "en", "zh-en")


@dataclass(frozen=True, slots=True)
class ClausesPage:
    """The sets: which is in force, the program's own, the house's with who signed them off."""

    in_force: int
    built_in: int
    editions: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph in the editor. ``rule``: the law that asks for its clause, empty for none."""

    n: int
    kind: str
    zh: str
    en: str
    note: str


@dataclass(frozen=True, slots=True)
class ClausePage:
    """One set: its paragraphs, what is wrong with it, and the form to publish it."""

    version: int
    name: str
    state: str
    parts: tuple[tuple[str, tuple[Line, ...]], ...]
    #: what is wrong, in words, and the rule of law
    problems: tuple[tuple[str, str], ...]
    values: dict[str, str]
    errors: Errors
    row: Any


def _row(version: int) -> Any:
    with reading() as connection:
        row = edition_row(connection, version)
    if row is None:
        raise missing()
    return row


def _said(problem: Problem) -> tuple[str, str]:
    params = {name: gettext(value) if name == "title" else value for name, value in problem.params.items()}
    papers_named = {"plan": gettext("Repayment plan"), "statement": gettext("Statement of account")}
    if "paper" in params:
        params["paper"] = papers_named[params["paper"]]
    return gettext(problem.sentence, **params), problem.law


def _note(kind: str, block: dict[str, Any]) -> str:
    rule = RULES[kind].get(block.get("rule", ""))
    condition = ""
    if block.get("when"):
        condition = gettext("only with {%(name)s}", name=block["when"])
    elif block.get("unless"):
        condition = gettext("only without {%(name)s}", name=block["unless"])
    return " · ".join(part for part in (rule.law if rule else "", condition) if part)


def _parts(body: Any) -> tuple[tuple[str, tuple[Line, ...]], ...]:
    return tuple(
        (kind, tuple(
            Line(n, zh["kind"], zh.get("text", zh.get("caption", "")), en.get("text", en.get("caption", "")),
                 _note(kind, zh))
            for n, (zh, en) in enumerate(zip(body[kind]["zh"], body[kind]["en"], strict=True))
        ))
        for kind in RULES
    )  # fmt: skip


def _shown(row: Any, errors: Errors, body: Any = None) -> str:
    body = body or row.body
    values = {name: field_text(name) for name in ("lawyer_name", "signed_off_on")}
    problems = tuple(_said(one) for one in problems_of(body)) if row.state == "draft" else ()
    return page("documents/clause_set.html", ClausePage(
        row.version, row.name, row.state, _parts(body), problems, values, errors, row))


@edition_views.get("/clauses")
@access(*KEEPERS)
def every() -> str:
    """The sets there are."""
    with reading() as connection:
        rows = tuple(kept_editions(connection))
    return page("documents/clauses.html", ClausesPage(editions.newest_version(), editions.NEWEST, rows))


@edition_views.post("/clauses")
@access(*KEEPERS)
def draft() -> Any:
    """Start a draft from the set in force."""
    with reading() as connection:
        rows = kept_editions(connection)
    version = rows[0].version + 1 if rows else editions.FIRST_OWN
    errors = submit("documents.draft_clauses", {
        "version": version, "name": field_text("name"), "body": editions.edition(editions.newest_version())})
    if errors:
        return refused(errors, url_for("clauses.every"))
    return done(gettext("A draft was made from the set in force."), url_for("clauses.one", version=version))


@edition_views.get("/clauses/<int:version>")
@access(*KEEPERS)
def one(version: int) -> str:
    """One set, to edit while it is a draft."""
    return _shown(_row(version), {})


def _typed(body: Any) -> Any:
    """The body with what was typed: both languages of a paragraph emptied take it out, a line below adds one."""
    made = copy.deepcopy(body)
    for kind in RULES:
        for lang in LANGS:
            made[kind][lang] = []
        for n, pair in enumerate(zip(body[kind]["zh"], body[kind]["en"], strict=True)):
            texts = {lang: request.form.get(f"{kind}-{n}-{lang}", "").strip() for lang in LANGS}
            name = "caption" if pair[0]["kind"] == "rows" else "text"
            if any(texts.values()) or pair[0]["kind"] == "rows":
                for lang, block in zip(LANGS, pair, strict=True):
                    made[kind][lang].append({**block, name: texts[lang] or block[name] if name == "caption"
                                             else texts[lang]})  # fmt: skip
            more = {lang: request.form.get(f"{kind}-{n}-more-{lang}", "").strip() for lang in LANGS}
            if any(more.values()):
                for lang in LANGS:
                    made[kind][lang].append({"kind": "para", "text": more[lang]})
    return made


@edition_views.post("/clauses/<int:version>")
@access(*KEEPERS)
def save(version: int) -> Any:
    """Save the draft's paragraphs."""
    row = _row(version)
    if row.state != "draft":
        raise RuleBroken("documents.clauses_published", N_("A published set is never changed. Make a new one from it."))
    body = _typed(row.body)
    errors = submit("documents.draft_clauses", {"version": version, "name": row.name, "body": body})
    if errors:
        return _shown(row, errors, body), 422
    return done(gettext("The draft is saved."), url_for("clauses.one", version=version))


@edition_views.get("/clauses/<int:version>/preview.pdf")
@access(*KEEPERS)
def preview(version: int) -> Response:
    """The paper a set would make, with made-up parties."""
    row = _row(version)
    kind, lang = request.args.get("kind", "plan"), request.args.get("lang", "zh")
    if kind not in RULES or lang not in _LANGS:
        raise missing()
    if problems_of(row.body):
        raise Invalid("documents.clauses_wrong", N_("This set cannot be shown while something is wrong with it."))
    paper = papers.preview_of(row.body, kind, lang, here().settings.public_url)
    answer = make_response(press.print_only(paper))
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@edition_views.post("/clauses/<int:version>/publish")
@access(*KEEPERS)
def publish(version: int) -> Any:
    """Publish it, with the lawyer's name and day."""
    row, errors = _row(version), Errors()
    day = chosen_date("signed_off_on", errors, default=date.min)
    if day == date.min:
        errors["signed_off_on"] = gettext("Choose the day the lawyer signed it off.")
    errors = errors or submit("documents.publish_clauses", {
        "version": version, "lawyer_name": field_text("lawyer_name"), "signed_off_on": day.isoformat()})
    if errors:
        return _shown(row, errors), 422
    editionjobs.lay_clauses(here(), {"version": version})  # at once; the worker does it again, to no effect
    return done(gettext("Published. Phones sign by it after their next exchange; older plans keep their own."),
                url_for("clauses.one", version=version))
