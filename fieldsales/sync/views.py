"""The phone's side of the API: ``/api/v1``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from flask import Blueprint, Response, g, jsonify, make_response, request
from flask_babel import gettext
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import RequestEntityTooLarge

from fieldsales.collection.formversions import keep_forms
from fieldsales.documents.copies import Copies
from fieldsales.documents.views import page_answer
from fieldsales.documents.witness import Witness
from fieldsales.kernel.errors import N_, Invalid
from fieldsales.kernel.operation import Answer
from fieldsales.kernel.refusals import from_validation
from fieldsales.people.login import log_out
from fieldsales.people.messages import EnrolDevice
from fieldsales.sync import messages as m
from fieldsales.sync import queries, service
from fieldsales.sync.desk import desk_views
from fieldsales.sync.documents import forms_of, sources_for
from fieldsales.sync.epoch import watch
from fieldsales.sync.outboxfile import take_in
from fieldsales.sync.phones import phone_views
from fieldsales.sync.reading import pages
from fieldsales.sync.rules import Cursor, read_body, result_of
from fieldsales.sync.uploads import LARGEST_PIECE, Uploads
from fieldsales.web.access import EVERYONE, PUBLIC, access, missing
from fieldsales.web.api import api_doc
from fieldsales.web.brought import screens
from fieldsales.web.compress import zipped
from fieldsales.web.here import actor, here, reading

views = Blueprint("sync", __name__, url_prefix="/api/v1")
__all__ = ["desk_views", "pages", "phone_views", "views"]  # all are hung in by the roof
Model = TypeVar("Model", bound=BaseModel)

DEVICE_HEADER = {"X-Fieldsales-Device": "The phone's id, once it has one."}


def _read(model: type[Model], largest: int = 256 * 1024) -> Model:
    """The request's JSON as a model. Raises Invalid, or 413 when it is too large."""
    return _read_whole(model, largest)[0]


def _read_whole(model: type[Model], largest: int) -> tuple[Model, bool]:
    if (request.content_length or 0) > largest:
        raise RequestEntityTooLarge
    sent = request.get_data(cache=False)
    if len(sent) > largest:  # in chunks it names no length
        raise RequestEntityTooLarge
    try:
        body, whole = read_body(sent)
        return model.model_validate(body), whole
    except ValidationError as error:
        raise from_validation(error) from error
    except (ValueError, RecursionError) as error:
        raise Invalid("bad_json", N_("The request could not be read.")) from error


def _json(answer: BaseModel, status: int = 200) -> Response:
    return make_response(jsonify(answer.model_dump(mode="json", exclude_unset=True)), status)


def _say(message: str, params: dict[str, Any]) -> str:
    return str(gettext(message, **params))


def _results(answers: list[Answer]) -> list[dict[str, Any]]:
    return [result_of(answer, _say) for answer in answers]


def _epoch() -> str:
    """The epoch; at this process's first word to a phone it looks whether the database was restored."""
    if not here().parts.get("epoch_watched"):
        watch(here().dispatcher, here().settings.home)
        here().parts["epoch_watched"] = True
    return service.epoch(here().dispatcher)


def _now() -> str:
    return here().clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")


@views.get("/ping")
@access(*PUBLIC)
@api_doc(answer=m.Ping, headers=DEVICE_HEADER)
def ping() -> Any:
    """Prove that this is fieldsales, and say who is logged in and whether this phone may still speak."""
    who, named = g.get("actor"), request.headers.get("X-Fieldsales-Device", "")
    state = None
    if named:
        with reading() as connection:
            row = queries.device_row(connection, named)
        state = "unknown" if row is None else "wipe" if row.revoked_at is not None else "active"
    if state == "wipe" and who is not None:
        log_out()  # whoever holds a revoked phone must know the password to go on
        who = None
    return jsonify({
        "fieldsales": 1, "epoch": _epoch(), "now": _now(), "device": state,
        "user_id": who.user_id if who else None, "name": who.name if who else "",
    })


@views.post("/session/end")
@access(*PUBLIC)
@api_doc(status=204)
def end_session() -> Any:
    """Log out; the session is worth nothing afterwards, and the browser drops what it kept of our answers.

    Not ``"storage"``: another person's sealed store may lie on the same phone. The app deletes its own person's.
    """
    log_out()
    return "", 204, {"Clear-Site-Data": '"cache"'}


@views.post("/devices")
@access(*EVERYONE)
@api_doc(body=EnrolDevice, answer=m.Enrolled, status=201)
def enrol() -> Any:
    """Enrol one's own phone by its public key. The same phone again changes nothing."""
    command = _read(EnrolDevice)
    here().dispatcher.perform(actor(), "people.enrol_device", command)
    return _json(m.Enrolled(device_id=command.device_id), 201)


@views.delete("/devices/<device_id>")
@access(*EVERYONE)
@api_doc(status=204)
def revoke(device_id: str) -> Any:
    """Revoke a phone (one's own, or by an administrator): it is wiped at its next contact."""
    here().dispatcher.perform(actor(), "people.revoke_device", {"device_id": device_id})
    return "", 204


@views.post("/sync/push")
@access(*EVERYONE)
@api_doc(body=m.Push, answer=m.PushAnswer, also={413: "Too much at once: send half of it."})
def push() -> Any:
    """Take in a phone's commands and answer each. The same bytes again get the same answer."""
    body, whole = _read_whole(m.Push, m.LARGEST_PUSH)
    answers = service.push(here().dispatcher, actor(), body, whole=whole)
    return jsonify({"epoch": _epoch(), "now": _now(), "results": _results(answers)})


@views.get("/sync/pull")
@access(*EVERYONE)
@api_doc(answer=m.PullAnswer, query={"cursor": "Where the last page ended; 0 at first.", "limit": "1 to 200."})
def pull() -> Any:
    """The next page of what changed within sight."""
    limit = min(max(request.args.get("limit", m.LARGEST_PAGE, type=int), 1), m.LARGEST_PAGE)
    cursor = Cursor.parse(request.args.get("cursor", "0"))
    with reading() as connection:
        page = service.pull(connection, actor(), cursor, limit, sources_for(here(), actor()))
    etag, _forms = forms_of(here().plugins, actor(), screens)
    answer = {"epoch": _epoch(), "cursor": str(page.cursor), "more": page.more,
              "changes": page.changes, "forms_etag": etag}
    return zipped(jsonify(answer | ({"reset": True} if page.reset else {})))


@views.get("/sync/status")
@access(*EVERYONE)
@api_doc(answer=m.StatusAnswer, query={"ids": "Command ids, separated by commas; at most 200.",
                                       "photos": "SHA-256 of files sent, separated by commas; at most 200."})
def status() -> Any:
    """What became of one's own commands, and which files sent are still here: a restored server may have lost some."""
    ids, photos = ([one for one in request.args.get(name, "").split(",") if one][: m.MOST_COMMANDS]
                   for name in ("ids", "photos"))
    with reading() as connection:
        answers = queries.answers_to(connection, actor().user_id, ids) if ids else []
        files = queries.files_known(connection, photos) if photos else []
    return jsonify({"results": _results(answers), "photos": files})


@views.post("/held/<command_id>/retry")
@access(*EVERYONE)
@api_doc(answer=m.Result)
def retry(command_id: str) -> Any:
    """Judge one's own held command again, exactly as it came."""
    return jsonify(_results([service.retry(here().dispatcher, actor(), command_id)])[0])


@views.post("/outbox")
@access(*EVERYONE)
@api_doc(body=m.OutboxFile, answer=m.OutboxAnswer,
         query={"as_own": "1: take the records as one's own, whoever they say made them."})
def outbox() -> Any:
    """Take in an outbox that a phone wrote to a file: one's own, or a colleague's whose phone signed it."""
    file, _whole = _read_whole(m.OutboxFile, here().settings.upload_limit_mb << 20)
    taken = take_in(here(), actor(), file, as_own=request.args.get("as_own") == "1")
    return jsonify({"author_id": taken.author.user_id, "results": _results(taken.answers), "photos": taken.photos,
                    "photos_refused": list(taken.photos_refused)})


@views.get("/receipts/certificate.pem")
@access(*PUBLIC)
@api_doc(file=True)
def certificate() -> Any:
    """The certificate (PEM) that the server's signed receipts are checked by."""
    witness = here().dispatcher.witness
    pem = witness.certificate_pem() if isinstance(witness, Witness) else b""
    if not pem:
        raise missing()
    answer = make_response(pem)
    answer.headers["Content-Type"] = "application/x-pem-file"
    return answer


@views.get("/forms")
@access(*EVERYONE)
@api_doc(answer=m.Forms)
def forms() -> Any:
    """The forms of the methods this person may use, as plugins declare them."""
    etag, found = forms_of(here().plugins, actor(), screens)
    if here().parts.get("forms_kept") != etag:  # given out once, kept for ever
        keep_forms(here().dispatcher, found)
        here().parts["forms_kept"] = etag
    return zipped(jsonify({"etag": etag, "forms": found}))


def _uploads() -> Uploads:
    return Uploads(here().dispatcher, here().parts["blobs"], actor(), here().settings.upload_limit_mb << 20, _copies())


def _copies() -> Copies:
    return Copies(here().settings.home / "copies")


@views.post("/blobs")
@access(*EVERYONE)
@api_doc(body=m.BlobOffer, answer=m.BlobState)
def offer_blob() -> Any:
    """Say which file is coming; the answer says from which byte on."""
    return _json(_uploads().offer(_read(m.BlobOffer)))


@views.patch("/blobs/<sha256>")
@access(*EVERYONE)
@api_doc(answer=m.BlobState, raw="image/jpeg",
         headers={"Upload-Offset": "Where this piece begins.", "Upload-Length": "The whole file's size in bytes."},
         also={409: "The upload goes on from another offset, named in the body."})
def take_blob(sha256: str) -> Any:
    """Add a piece to a file. Whole and right by its hash, it is kept for ever."""
    if (request.content_length or 0) > LARGEST_PIECE:
        raise RequestEntityTooLarge
    try:
        offset = int(request.headers.get("Upload-Offset", ""))
        offer = m.BlobOffer.model_validate({
            "sha256": sha256, "size": int(request.headers.get("Upload-Length", "")), "mime": request.mimetype})
    except ValidationError as error:
        raise from_validation(error) from error
    except ValueError as error:
        raise Invalid("upload_headers", N_("The request could not be read.")) from error
    try:
        return _json(_uploads().take(offer, offset, request.get_data(cache=False)))
    except Invalid as error:
        if error.code not in {"upload_offset", "upload_hash"}:
            raise
        return jsonify(_again(error.params, error.code)), 409


def _again(params: Mapping[str, Any], code: str) -> dict[str, Any]:
    # a file whose hash was wrong begins anew
    return {"offset": params.get("offset", 0), "done": False, "code": code}


@views.get("/blobs/<sha256>")
@access(*EVERYONE)
@api_doc(file=True, query={"page": "Of a PDF: this page of it, from 1 on, as a picture; X-Pages says how many."})
def give_blob(sha256: str) -> Any:
    """A file that belongs to a customer in sight, or that one sent oneself."""
    with reading() as connection:
        row = queries.blob_row(connection, sha256)
        allowed = row is not None and (row.by_id == actor().user_id or queries.may_open(connection, actor(), sha256))
    if not allowed or not here().parts["blobs"].has(sha256):
        raise missing()
    # A photo is shown as the copy we made; the bytes that came in are evidence and stay as they are.
    content, mime = _copies().shown(sha256, here().parts["blobs"].read(sha256), row.mime)
    page_no = request.args.get("page", type=int)
    if page_no is not None and mime == "application/pdf":
        picture, count = _copies().page(sha256, content, page_no)
        if picture is None:
            raise missing()
        return page_answer(picture, count, f"{sha256}-{page_no}")
    answer = make_response(content)
    answer.headers["Content-Type"] = mime
    answer.headers["Content-Disposition"] = f'inline; filename="{sha256[:12]}"'
    answer.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return answer


give_blob.talisman_view_options = {  # type: ignore[attr-defined]
    "content_security_policy": {"default-src": "'none'", "sandbox": ""}
}
