"""What a signing carries, whichever paper is signed."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from fieldsales.kernel.operation import Command, Sha256
from fieldsales.kernel.text import Line, Name

Point = tuple[int, int, int]
"""x, y in CSS pixels × 10 from the canvas's top left; milliseconds since the first point."""


class Strokes(Command):
    """A signature as it was drawn. Points, never a picture: drawn again from these on paper."""

    width: Annotated[int, Field(ge=100, le=100_000)]
    height: Annotated[int, Field(ge=50, le=100_000)]
    strokes: Annotated[list[Annotated[list[Point], Field(max_length=5000)]], Field(max_length=200)]


class Signatory(Command):
    """Who signs, in what role, and how their authority was shown."""

    name: Name
    role: Literal["legal_representative", "person_in_charge", "finance", "agent", "self", "other"]
    role_text: Line = ""
    id_last4: Annotated[str, Field(pattern=r"^[0-9A-Za-z]{0,4}$")] = ""
    phone: Line = ""
    authority: Literal[
        "legal_representative", "power_of_attorney", "id_shown", "business_card", "self", "none"
    ] = "none"
    authority_sha256: Annotated[list[Sha256], Field(max_length=5)] = []
    """Photos proving authority. Empty with ``none``: the paper is printed 'authority unproven'."""


class Signing(Command):
    """The signature, and what exactly was shown before it.

    ``payload_sha256``: of the RFC 8785 form of the paper's payload; ``text_sha256``: of the whole
    text shown (UTF-8, NFC, LF); ``manifest_sha256`` and ``device_signature`` (base64url, ECDSA P-256
    over the manifest's RFC 8785 bytes, raw r‖s) bind them to the rep's device, not to the debtor.
    """

    lang: Literal["zh", "en"] = "zh"
    clause_set: Line
    clause_version: Annotated[int, Field(ge=1)]
    payload_sha256: Sha256
    text_sha256: Sha256
    strokes: Strokes
    strokes_sha256: Sha256
    signatory: Signatory
    witness: Line = ""
    manifest_sha256: Sha256
    device_signature: Annotated[str, Field(max_length=200)] = ""
