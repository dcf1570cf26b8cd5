"""Papers over HTTP: the sealed PDF for whoever sees the customer, and the public page to check one by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, make_response, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from fieldsales.documents import canonical, press
from fieldsales.documents.codepages import code_views  # noqa: F401 - the roof hangs it in
from fieldsales.documents.copies import Copies
from fieldsales.documents.editionpages import edition_views  # noqa: F401 - the roof hangs it in
from fieldsales.documents.facts import Facts, facts_of
from fieldsales.documents.queries import document_by_number, document_by_sha256, document_in_sight, revisions_of
from fieldsales.documents.rules import SIZE_LIMIT, problem_words
from fieldsales.documents.stylepages import style_views  # noqa: F401 - the roof hangs it in
from fieldsales.kernel.errors import N_, Invalid, Stale
from fieldsales.people.rules import scope_of
from fieldsales.web.access import EVERYONE, PUBLIC, access, missing, safe_next
from fieldsales.web.forms import done, refused, submit
from fieldsales.web.here import actor, here, reading
from fieldsales.web.limits import limiter
from fieldsales.web.pages import page

views = Blueprint("documents", __name__)


@views.get("/documents/<document_id>.pdf")
@access(*EVERYONE)
def pdf(document_id: str) -> Response:
    """The newest bytes of a sealed paper (``?download=1``: to save; ``?revision=n``: as they were then)."""
    asked = request.args.get("revision", "")
    with reading() as connection:
        document = document_in_sight(connection, scope_of(actor()), document_id)
        revisions = revisions_of(connection, document_id) if document else []
    if document is None:
        raise missing()
    if not revisions:
        raise Stale("documents.sealing_pending", N_("The paper is still being sealed. Try again in a few seconds."))
    found = next((one for one in revisions if str(one.n) == asked), None) if asked else revisions[-1]
    if found is None:
        raise missing()
    answer = make_response(here().parts["blobs"].read(found.sha256))
    answer.headers["Content-Type"] = "application/pdf"
    shown = "attachment" if request.args.get("download") else "inline"
    name = f"{document['number']}-{found.n}.pdf" if asked else f"{document['number']}.pdf"
    answer.headers.set("Content-Disposition", shown, filename=name)
    # A revision never changes; which one is the newest does.
    answer.headers["Cache-Control"] = "private, max-age=31536000, immutable" if asked else "private, no-cache"
    answer.set_etag(found.sha256)
    return answer.make_conditional(request)


@views.get("/documents/<document_id>/pages/<int:page_no>.png")
@access(*EVERYONE)
def page_picture(document_id: str, page_no: int) -> Response:
    """One page of the sealed paper as a picture, for a screen that draws no PDF. ``X-Pages``: how many there are."""
    with reading() as connection:
        document = document_in_sight(connection, scope_of(actor()), document_id)
    if document is None or document["state"] != "sealed" or not document["sha256"]:
        raise missing()
    content = here().parts["blobs"].read(document["sha256"])
    picture, count = Copies(here().settings.home / "copies").page(document["sha256"], content, page_no)
    if picture is None:
        raise missing()
    return page_answer(picture, count, f"{document['sha256']}-{page_no}")


def page_answer(picture: bytes, count: int, tag: str) -> Response:
    """A page's picture, with the number of pages beside it; it never changes."""
    answer = make_response(picture)
    answer.headers["Content-Type"] = "image/png"
    answer.headers["X-Pages"] = str(count)
    answer.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    answer.set_etag(tag)
    return answer.make_conditional(request)


@views.post("/customers/<customer_id>/documents/<document_id>/countersign")
@access("manager", "legal", "admin")
def countersign(customer_id: str, document_id: str) -> Response:
    """The creditor countersigns; the worker does it."""
    target = safe_next(request.form.get("next"), url_for("workday.customer", customer_id=customer_id))
    errors = submit("documents.countersign", {"document_id": document_id, "customer_id": customer_id})
    return refused(errors, target) if errors else done(gettext("The countersignature is being put on."), target)


@dataclass(frozen=True, slots=True)
class VerifyPage:
    """The public page: a paper's masked facts, a form for the file, and what was found in it.

    ``known``: the revision of which the file is exactly the bytes; ``found``: what the judge saw otherwise.
    """

    facts: Facts | None
    number: str
    sound: bool | None = None
    known: Any = None
    problems: tuple[str, ...] = ()
    found: Found | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The seal in a file whose bytes are not on record."""

    signer: str
    signed_at: datetime | None
    level: str
    time: datetime | None
    authority: str


@views.get("/v/<number>")
@access(*PUBLIC)
@limiter.limit("60 per minute")
def verify(number: str) -> Response:
    """What a paper's code leads to. The hash behind # never reaches us: the page compares it itself."""
    with reading() as connection:
        facts = facts_of(connection, document_by_number(connection, number[:40]))
    shown = page("documents/verify.html", VerifyPage(facts, number[:40]))
    return make_response(shown, 200 if facts else 404)


@views.post("/v/<number>")
@access(*PUBLIC)
@limiter.limit("10 per minute")
def verify_file(number: str) -> Response:
    """Judge a file: bytes we know are answered at once, others by the press's judge, within its limits."""
    upload = request.files.get("file")
    content = upload.read(SIZE_LIMIT + 1) if upload else b""
    if not content:
        raise Invalid("documents.no_file", N_("Choose the PDF to be checked."), field="file")
    with reading() as connection:
        asked = facts_of(connection, document_by_number(connection, number[:40]))
        document, revision = document_by_sha256(connection, canonical.sha256(content)) or (None, None)
        known = facts_of(connection, document)
    if known is not None:
        return make_response(page("documents/verify.html", VerifyPage(known, number[:40], True, revision)))
    verdict = press.judge(content, here().settings)
    problems = tuple(dict.fromkeys(problem_words(problem) for problem in verdict["problems"]))
    found = Found(verdict["signer"], _moment(verdict["signed_at"]), verdict["level"], _moment(verdict["time"]),
                  verdict["authority"])  # fmt: skip
    result = VerifyPage(asked, number[:40], verdict["sound"], None, problems, found if found.signer else None)
    return make_response(page("documents/verify.html", result))


def _moment(told: str) -> datetime | None:
    return datetime.fromisoformat(told) if told else None
