"""The page behind a signing link (public, one paper, no login), and what makes, shows and takes back links."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from flask import Blueprint, jsonify, make_response, request
from pydantic import BaseModel, Field, ValidationError
from sqlalchemy import select
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from fieldsales.documents.clauses import Shown, shown_blocks
from fieldsales.documents.codepages import CodeTyped, code_row, compare
from fieldsales.documents.editions import edition
from fieldsales.documents.messages import Strokes
from fieldsales.documents.onetime import masked_address
from fieldsales.documents.queries import revisions_of
from fieldsales.documents.tickets import is_same, tail_for
from fieldsales.kernel.ids import is_uuid7, uuid7
from fieldsales.kernel.operation import SYSTEM, Id
from fieldsales.kernel.refusals import from_validation
from fieldsales.kernel.text import Name
from fieldsales.plans.links import LinkFact, is_outdated, load_links
from fieldsales.plans.models import Plan
from fieldsales.plans.queries import standing_of
from fieldsales.store.base import table_of
from fieldsales.web.access import PUBLIC, access, missing
from fieldsales.web.here import here, reading
from fieldsales.web.limits import limiter
from fieldsales.web.pages import page

link_views = Blueprint("signing_links", __name__)
#: How long after the signing the signatory may fetch the sealed paper from the same address.
COPY_DAYS = timedelta(days=30)
#: Strokes are the largest thing that comes; a long signature has some 60 kB.
LARGEST = 400_000


@dataclass(frozen=True, slots=True)
class SigningPage:
    """``standing``: open, moved, signed, void, withdrawn, over. ``short``: the text's check sum as the paper prints it.

    ``kept``: whether text and copy of a signed paper are still shown here.
    """

    standing: str
    number: str
    seller: str
    signatory: str
    role: str
    blocks: list[Shown]
    paper_lang: str
    short: str
    ends_at: datetime
    code_way: str
    code_to: str
    address: str
    kept: bool
    ready: bool


class SignedByHand(BaseModel):
    """What the page sends when somebody has signed."""

    name: Name
    consent: Annotated[bool, Field(strict=True)]
    strokes: Strokes
    code_id: Id | None = None


def address_of_link(link: LinkFact) -> str:
    """The whole address somebody signs at."""
    program = here()
    tail = tail_for(program.settings.home, link.id, link.text_sha256)
    return f"{program.settings.public_url.rstrip('/')}/s/{link.id}/{tail}"


def _link(link_id: str, tail: str) -> LinkFact:
    """The link, when the address is wholly its own; else the answer that is given for what is not there."""
    with reading() as connection:
        link: LinkFact | None = load_links(connection, [link_id]).get(link_id) if is_uuid7(link_id) else None
    if link is None or not is_same(tail, tail_for(here().settings.home, link.id, link.text_sha256)):
        raise missing()
    return link


def _read(model: type[Any]) -> Any:
    if (request.content_length or 0) > LARGEST:
        raise RequestEntityTooLarge
    try:
        return model.model_validate(request.get_json(force=True, silent=True))
    except ValidationError as error:
        raise from_validation(error) from error


def _kept(link: LinkFact) -> bool:
    """Whether a link is signed, and its signatory may still read the text and fetch the paper."""
    return link.state == "signed" and link.ended_at is not None and here().clock.now() <= link.ended_at + COPY_DAYS


def _standing(link: LinkFact) -> str:
    """How a link stands, and what became of the plan that came of it."""
    program = here()
    standing = link.standing(program.clock.now())
    with reading() as connection:
        if standing == "open" and is_outdated(connection, link, program.clock.now(), program.settings.zone):
            return "moved"
        if standing == "signed" and standing_of(connection, link.plan_id) == "void":
            return "void"
    return standing


def _sealed(link: LinkFact) -> Any:
    """The newest state of the sealed paper that came of a link, while its signatory may fetch it."""
    if not _kept(link):
        return None
    with reading() as connection:
        plans = table_of(Plan)
        found = connection.execute(select(plans.c.document_id).where(plans.c.id == link.plan_id)).first()
        files = revisions_of(connection, found.document_id) if found else []
    return files[-1] if files else None


def _page(link: LinkFact) -> SigningPage:
    standing, kept = _standing(link), _kept(link)
    blocks = shown_blocks("plan", link.lang, link.payload, link.signatory, "", link.clause_version)
    words = edition(link.clause_version)["words"]["en" if link.lang == "en" else "zh"]
    role = link.signatory["role_text"] or words["roles"][link.signatory["role"]]
    short = " ".join(link.text_sha256[at:at + 4] for at in (0, 4, 8))
    to = masked_address(link.code_channel, link.code_to) if link.code_channel else ""
    return SigningPage(
        standing, link.number, link.payload["seller_name"], link.signatory["name"], role,
        blocks if standing == "open" or kept else [], link.lang, short, link.ends_at, link.code_channel, to,
        request.path, kept, _sealed(link) is not None)


@link_views.get("/s/<link_id>/<tail>")
@access(*PUBLIC)
@limiter.limit("60 per minute")
def show(link_id: str, tail: str) -> Response:
    """The text, and what is needed to sign it; or why it cannot be signed any more, and what to do."""
    link = _link(link_id, tail)
    if link.opened_at is None and link.state == "open":
        here().dispatcher.perform(SYSTEM, "plans.open_link", {"link_id": link.id, "customer_id": link.customer_id})
    answer = make_response(page("plans/link.html", _page(link)))
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@link_views.post("/s/<link_id>/<tail>")
@access(*PUBLIC)
@limiter.limit("10 per minute")
def sign(link_id: str, tail: str) -> Any:
    """Sign: the same operation path as on the spot, with what this connection says of the other side."""
    link, sent = _link(link_id, tail), _read(SignedByHand)
    agent = re.sub(r"[^ -~]", "", request.headers.get("User-Agent", ""))[:200]
    answer = here().dispatcher.perform(SYSTEM, "plans.sign_by_link", {
        "link_id": link.id, "customer_id": link.customer_id, "plan_id": link.plan_id, "name": sent.name,
        "consent": sent.consent, "strokes": sent.strokes.model_dump(), "code_id": sent.code_id,
        "ip": (request.remote_addr or "")[:60],
        "user_agent": agent})
    return jsonify({"number": answer["number"]})


@link_views.post("/s/<link_id>/<tail>/code")
@access(*PUBLIC)
@limiter.limit("3 per minute")
def send_code(link_id: str, tail: str) -> Any:
    """Send the one-time code to the address the link names; nobody can name another here."""
    link = _link(link_id, tail)
    if not link.code_channel or link.standing(here().clock.now()) != "open":
        raise missing()
    code_id = uuid7()
    answer = here().dispatcher.perform(SYSTEM, "documents.ask_code", {
        "code_id": code_id, "customer_id": link.customer_id, "channel": link.code_channel, "to": link.code_to,
        "number": link.number, "text_sha256": link.text_sha256, "lang": link.lang})
    return jsonify({"code_id": code_id, "masked": answer["masked"]}), 202


@link_views.post("/s/<link_id>/<tail>/code/<code_id>")
@access(*PUBLIC)
@limiter.limit("20 per minute")
def try_code(link_id: str, tail: str, code_id: str) -> Any:
    """Compare what was typed; answers whether it was right, and how many tries are left."""
    link = _link(link_id, tail)
    row = code_row(code_id)
    if row is None or (row.customer_id, row.text_sha256) != (link.customer_id, link.text_sha256):
        raise missing()
    answer = compare(row, _read(CodeTyped).code)
    return jsonify({"right": bool(answer.get("confirmation")), "left": answer.get("left", 0)})


@link_views.get("/s/<link_id>/<tail>/paper.pdf")
@access(*PUBLIC)
@limiter.limit("20 per minute")
def paper(link_id: str, tail: str) -> Response:
    """The sealed paper for whoever signed it, for thirty days, also when it was declared void since."""
    link = _link(link_id, tail)
    found = _sealed(link)
    if found is None:
        raise missing()
    answer = make_response(here().parts["blobs"].read(found.sha256))
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers.set("Content-Disposition", "attachment", filename=f"{link.number}.pdf")
    return answer
