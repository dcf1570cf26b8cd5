"""A static file as an answer: gzipped where it gains, asked for again by its hash."""

from __future__ import annotations

from flask import Response, make_response, request
from werkzeug.exceptions import NotFound as NoSuchFile

from fieldsales.web.assets import Asset


def conditional(answer: Response, etag: str, *, cache_control: str = "no-cache") -> Response:
    """The answer, or 304 to whoever has it already."""
    answer.set_etag(etag)
    answer.headers["Cache-Control"] = cache_control
    answer.headers["Vary"] = "Accept-Encoding"
    answer.make_conditional(request)
    return answer


def send(asset: Asset | None, cache_control: str = "no-cache") -> Response:
    """The file; NotFound where there is none."""
    if asset is None:
        raise NoSuchFile
    zipped = asset.zipped is not None and request.accept_encodings.quality("gzip") > 0
    answer = make_response(asset.zipped if zipped and asset.zipped else asset.body)
    is_text = bool(asset.zipped) or asset.mime.startswith("text/")
    answer.headers["Content-Type"] = asset.mime + ("; charset=utf-8" if is_text else "")
    if zipped:
        answer.headers["Content-Encoding"] = "gzip"
    return conditional(answer, asset.etag + ("-gz" if zipped else ""), cache_control=cache_control)
