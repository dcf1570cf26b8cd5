"""The page that shapes our papers: letterhead, logo, seal; looked at before it is published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, make_response, request, url_for
from flask_babel import gettext
from pydantic import ValidationError
from werkzeug.wrappers import Response

from fieldsales.documents import editions, papers, press
from fieldsales.documents.keeping import keep
from fieldsales.documents.styles import LOGO_LIMIT, Dress, Style, lay_style, newest_style, worn
from fieldsales.kernel.errors import N_, Invalid, TradeError
from fieldsales.kernel.ids import uuid7
from fieldsales.web.access import access
from fieldsales.web.errors import say
from fieldsales.web.forms import Errors, done, field_text, submit
from fieldsales.web.here import actor, here, reading
from fieldsales.web.pages import NavItem, nav, page

style_views = Blueprint("paper_style", __name__)
nav(NavItem("paper_style.show", N_("Look of papers"), "handbook", 86, ("admin",), group=N_("Administration")))


@dataclass(frozen=True, slots=True)
class StylePage:
    """The form: letterhead a line each, side of the seal, whether there is a logo."""

    letterhead: str
    seal: str
    has_logo: bool
    error: str


def _typed() -> tuple[Dress, str]:
    """(the style as typed, with the logo sent or the one worn; what is wrong). A broken one is told, never printed."""
    lines = [line.strip() for line in field_text("letterhead").splitlines() if line.strip()]
    try:
        style = Style.model_validate({"letterhead": lines, "seal": field_text("seal") or "right"})
    except ValidationError:
        return Dress(Style()), gettext("At most four lines of 120 characters each, without hidden characters.")
    sent = request.files.get("logo")
    content = sent.read() if sent and sent.filename else b""
    try:
        logo = press.safe_photo(content)[0] if content else worn(here().settings.home).logo
    except Invalid as refusal:
        return Dress(style), say(refusal)
    logo = b"" if field_text("no_logo") else logo
    if len(logo) > LOGO_LIMIT:
        return Dress(style), gettext("The logo is too large: at most 200 KB once encoded. Send a smaller picture.")
    return Dress(style, logo), ""


def _printed(dress: Dress) -> bytes:
    """The plan's preview in this style. Raises for one that cannot be printed: then it cannot be published."""
    edition = editions.edition(editions.newest_version())
    paper = papers.preview_of(edition, "plan", "zh", here().settings.public_url)
    return press.print_only(dress.put_on(paper))


def _shown(error: str = "") -> str:
    now = worn(here().settings.home)
    letterhead = field_text("letterhead") if request.method == "POST" else "\n".join(now.style.letterhead)
    seal = field_text("seal") or now.style.seal
    return page("documents/style.html", StylePage(letterhead, seal, bool(now.logo), error))


@style_views.get("/paper-style")
@access("admin")
def show() -> str:
    """The form."""
    return _shown()


@style_views.post("/paper-style/preview")
@access("admin")
def preview() -> Any:
    """A paper in the style as typed."""
    dress, error = _typed()
    try:
        content = b"" if error else _printed(dress)
    except (TradeError, press.PressFault) as refusal:
        error = say(refusal) if isinstance(refusal, TradeError) else gettext("This cannot be printed as it is.")
    if error:
        return _shown(error), 422
    answer: Response = make_response(content)
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@style_views.post("/paper-style")
@access("admin")
def publish() -> Any:
    """Have papers made like this from now on: only what was printed whole just now."""
    dress, error = _typed()
    errors: Errors = {}
    try:
        if not error:
            _printed(dress)
            program = here()
            logo = keep(program.dispatcher, program.parts["blobs"], dress.logo, "image/jpeg", program.clock.now(),
                        actor().user_id) if dress.logo else None  # fmt: skip
            errors = submit("documents.publish_style", {
                "style_id": uuid7(), "style": dress.style.model_dump(), "logo_sha256": logo})
    except (TradeError, press.PressFault) as refusal:
        error = say(refusal) if isinstance(refusal, TradeError) else gettext("This cannot be printed as it is.")
    if error or errors:
        return _shown(error or " ".join(errors.values())), 422
    with reading() as connection:
        _, row = newest_style(connection)
    lay_style(here(), {"style_id": row.id})
    return done(gettext("New papers look like this. What is sealed stays as it is."), url_for("paper_style.show"))
