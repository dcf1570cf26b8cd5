"""Papers over HTTP: the sealed PDF for whoever sees the customer, and the public page to check one by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, make_response, request
from werkzeug.wrappers import Response

from fieldsales.documents import canonical, press
from fieldsales.documents.copies import Copies
from fieldsales.documents.keys import DEVELOPMENT_SEAL
from fieldsales.documents.papers import HASH_SIGNS
from fieldsales.documents.queries import document_by_number, document_by_sha256, document_in_sight
from fieldsales.documents.rules import SIGNED_KINDS, SIZE_LIMIT, masked, problem_words
from fieldsales.kernel.errors import N_, Invalid, Stale
from fieldsales.people.rules import scope_of
from fieldsales.web.access import EVERYONE, PUBLIC, access, missing
from fieldsales.web.here import actor, here, reading
from fieldsales.web.limits import limiter
from fieldsales.web.pages import page

views = Blueprint("documents", __name__)


@views.get("/documents/<document_id>.pdf")
@access(*EVERYONE)
def pdf(document_id: str) -> Response:
    """The sealed bytes, exactly as kept (``?download=1``: to save). Only for whoever sees the customer."""
    with reading() as connection:
        document = document_in_sight(connection, scope_of(actor()), document_id)
    if document is None:
        raise missing()
    if document["state"] != "sealed" or not document["sha256"]:
        raise Stale("documents.sealing_pending", N_("The paper is still being sealed. Try again in a few seconds."))
    answer = make_response(here().parts["blobs"].read(document["sha256"]))
    answer.headers["Content-Type"] = "application/pdf"
    shown = "attachment" if request.args.get("download") else "inline"
    answer.headers.set("Content-Disposition", shown, filename=f"{document['number']}.pdf")
    answer.headers["Cache-Control"] = "private, max-age=86400"
    answer.set_etag(document["sha256"])
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


@dataclass(frozen=True, slots=True)
class Facts:
    """What anybody with the number may know of a paper."""

    number: str
    kind: str
    state: str
    debtor: str
    seller: str
    made_at: datetime
    sealed_at: datetime | None
    short_hash: str
    certificate: str
    development: bool


@dataclass(frozen=True, slots=True)
class VerifyPage:
    """The public page: a paper's masked facts, a form for the file, and what was found in it."""

    facts: Facts | None
    number: str
    sound: bool | None
    known: bool
    problems: tuple[str, ...]
    signer: str
    signed_at: datetime | None


def _facts(document: dict[str, Any] | None) -> Facts | None:
    if document is None:
        return None
    payload = document["source"].get("payload") or {}
    signing = document["source"].get("signing")
    signed = document["kind"] in SIGNED_KINDS and signing
    short = signing["manifest_sha256"] if signed else canonical.digest(payload)
    return Facts(
        document["number"], document["kind"], document["state"],
        masked(payload.get("debtor_name", ""), payload.get("debtor_kind", "company")), payload.get("seller_name", ""),
        document["made_at"], document["sealed_at"], short[:HASH_SIGNS], document["certificate"],
        document["certificate"].startswith(DEVELOPMENT_SEAL),
    )  # fmt: skip


@views.get("/v/<number>")
@access(*PUBLIC)
@limiter.limit("60 per minute")
def verify(number: str) -> Response:
    """What a paper's code leads to. The hash behind # never reaches us: the page compares it itself."""
    with reading() as connection:
        facts = _facts(document_by_number(connection, number[:40]))
    shown = page("documents/verify.html", VerifyPage(facts, number[:40], None, False, (), "", None))
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
        asked = _facts(document_by_number(connection, number[:40]))
        known = _facts(document_by_sha256(connection, canonical.sha256(content)))
    if known is not None:
        result = VerifyPage(known, number[:40], True, True, (), known.certificate, None)
    else:
        verdict = press.judge(content, here().settings)
        problems = tuple(dict.fromkeys(problem_words(problem) for problem in verdict["problems"]))
        signed_at = datetime.fromisoformat(verdict["signed_at"]) if verdict["signed_at"] else None
        result = VerifyPage(asked, number[:40], verdict["sound"], False, problems, verdict["signer"], signed_at)
    return make_response(page("documents/verify.html", result))
