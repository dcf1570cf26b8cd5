"""One table from the trade's errors to HTTP; every answer says what to do, in the reader's language."""

from __future__ import annotations

import errno
import logging
from typing import Any

from flask import Flask, g, jsonify, make_response, request
from flask_babel import gettext
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response

from fieldsales.kernel.errors import N_, TradeError
from fieldsales.web.pages import page
from fieldsales.web.states import ErrorPage

log = logging.getLogger(__name__)

STATUS = {"not_allowed": 403, "not_found": 404, "invalid": 422, "rule_broken": 409, "stale": 409}

_HTTP = {
    400: N_("The request could not be read. Go back, reload the page, and try again."),
    404: N_("There is no such record, or you cannot see it."),
    405: N_("This address does not take such a request."),
    413: N_("The file is too large."),
    429: N_("Too many tries. Wait a minute, then try again."),
}
_BROKEN = N_("Something went wrong here. Nothing was lost or left half done. Try again, or tell your administrator.")
_BUSY = N_("The database is busy. Nothing was lost. Try again in a moment.")
_FULL = N_("The server's disk is full or broken. Keep what you have and try again later; tell your administrator.")
#: What a disk says when it cannot take any more, and when it fails.
_DISK = {errno.ENOSPC: 507, errno.EDQUOT: 507, errno.EFBIG: 507, errno.EIO: 503}


def say(error: TradeError) -> str:
    """The error's sentence in the reader's language."""
    return str(gettext(error.message, **error.params) if error.params else gettext(error.message))


def wants_json() -> bool:
    """Whether the asker is a program: the API, or one that only takes JSON."""
    return request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json"


def _answer(status: int, code: str, text: str, field: str | None = None, **headers: str) -> Response:
    if wants_json():
        answer = make_response(jsonify({"error": {"code": code, "text": text, "field": field}}), status)
    else:
        answer = make_response(page("errors/error.html", ErrorPage(status=status, text=text)), status)
    answer.headers.update(headers)
    return answer


def init_errors(app: Flask) -> None:
    """Hang the table into the app."""

    @app.errorhandler(TradeError)
    def trade(error: TradeError) -> Response:
        status = 401 if error.code == "login_needed" else STATUS[error.kind]
        return _answer(status, error.code, say(error), error.field)

    @app.errorhandler(SecurityError)
    def other_name(error: SecurityError) -> Response:
        # asked by a name that is not ours: no page can be drawn, for no address of ours has that name
        return make_response(gettext(_HTTP[400]), 400, {"Content-Type": "text/plain; charset=utf-8"})

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Any:
        status = error.code or 500
        if status < 400:
            return error
        text = gettext(_HTTP.get(status, _BROKEN))
        headers = {"Retry-After": "60"} if status == 429 else {}
        return _answer(status, f"http_{status}", text, **headers)

    @app.errorhandler(OperationalError)
    def database(error: OperationalError) -> Response:
        log.warning("database unavailable", extra={"path": request.path, "kind": type(error.orig).__name__})
        return _answer(503, "busy", gettext(_BUSY), **{"Retry-After": "2"})

    @app.errorhandler(OSError)
    def disk(error: OSError) -> Response:
        status = _DISK.get(error.errno or 0)
        if status is None:
            return unforeseen(error)
        log.error("disk", extra={"path": request.path, "errno": errno.errorcode[error.errno or 0]})
        return _answer(status, "disk", gettext(_FULL), **{"Retry-After": "60"})

    @app.errorhandler(Exception)
    def unforeseen(error: Exception) -> Response:
        log.error("unforeseen", exc_info=error, extra={"path": request.path, "request": g.get("request_id", "")})
        return _answer(500, "fault", gettext(_BROKEN))
