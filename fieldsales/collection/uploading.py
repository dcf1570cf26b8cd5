"""Files that came with an office form: kept by their bytes, and named as a phone would name them."""

from __future__ import annotations

from typing import Any

from flask import request

from fieldsales.documents.canonical import sha256
from fieldsales.documents.sounds import check_sound, sound_of
from fieldsales.kernel.errors import N_, Invalid
from fieldsales.plugin_api.fields import Field
from fieldsales.receivables.paperfiles import PaperFile, read_paper
from fieldsales.receivables.papers import keep_bytes
from fieldsales.web.here import actor, here


def uploaded(field: Field, name: str) -> Any:
    """What a field of files carries as JSON, its bytes kept; None where nothing was chosen.

    Raises Invalid for a file of a wrong kind. A recording nobody agreed to is not kept, only named: its field refuses.
    """
    sent = [(one.filename or "", one.read()) for one in request.files.getlist(name) if one.filename]
    if not sent:
        return None
    if field.type == "recording":
        return _recording(sent[0][1], agreed=bool(request.form.get(f"{name}.consent")))
    files = [read_paper(filename, content) for filename, content in sent]
    if field.type == "photo":
        return keep_bytes(here(), actor(), files)
    if not files[0].mime.startswith("image/"):
        raise Invalid("paper.no_picture", N_("%(name)s is no picture."), field="files", name=files[0].name)
    return keep_bytes(here(), actor(), files[:1])[0]


def _recording(content: bytes, *, agreed: bool) -> dict[str, Any]:
    mime, named = sound_of(content), sha256(content)
    check_sound(content, mime)
    if agreed:
        keep_bytes(here(), actor(), [PaperFile("recording", mime, content)])
    return {"sha256": named, "mime": mime, "size": len(content), "consent": agreed}
