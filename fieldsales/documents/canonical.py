"""Canonical bytes (RFC 8785), the manifest that binds a signing together, strokes and device signatures.

All hashes are lower-case hex SHA-256 of RFC 8785 bytes. The device key is a WebCrypto P-256 key that
never leaves the rep's phone: it speaks for the device, not for the debtor.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from pydantic import BaseModel

MANIFEST_VERSION = 1


def canonical(document: Any) -> bytes:
    """The RFC 8785 bytes of a JSON document. Raises ValueError for floats out of range and non-JSON."""
    return rfc8785.dumps(document)


def sha256(content: bytes) -> str:
    """The SHA-256 of some bytes."""
    return hashlib.sha256(content).hexdigest()


def digest(document: Any) -> str:
    """The SHA-256 of a document's RFC 8785 bytes."""
    return sha256(canonical(document))


def document_of(model: BaseModel) -> dict[str, Any]:
    """A payload's JSON form, every field present, instants as ``2026-11-21T09:41:00Z``.

    Fields a model names in ``LATER`` came after papers had been signed without them: empty, they are left out.
    """
    document = model.model_dump(mode="json")
    for name in getattr(type(model), "LATER", ()):
        if not document[name]:
            del document[name]
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, datetime):
            document[name] = value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return document


def manifest_of(kind: str, payload: Mapping[str, Any], signing: Mapping[str, Any], device_id: str) -> dict[str, Any]:
    """The manifest of one signing, from what it carries. ``device_id`` is empty without an enrolled device.

    A one-time code and a signing by link stand in it only where there was one.
    """
    more = {name: signing[name] for name in ("confirmation", "remote") if signing.get(name)}
    return {
        "v": MANIFEST_VERSION,
        "kind": kind,
        "payload_sha256": signing["payload_sha256"],
        "text_sha256": signing["text_sha256"],
        "strokes_sha256": signing["strokes_sha256"],
        "clause_set": signing["clause_set"],
        "clause_version": signing["clause_version"],
        "lang": signing["lang"],
        "photos": list(signing["signatory"]["authority_sha256"]),
        "predecessor": payload.get("predecessor_id"),
        "device_id": device_id,
        "made_at": payload["made_at"],
        **more,
    }


def _number(text: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")


def device_key(jwk: Mapping[str, Any]) -> ec.EllipticCurvePublicKey:
    """The public key of a device from its JWK. Raises ValueError when it is not a P-256 point."""
    if jwk.get("kty") != "EC" or jwk.get("crv") != "P-256":
        raise ValueError("not a P-256 key")
    try:
        numbers = ec.EllipticCurvePublicNumbers(_number(jwk["x"]), _number(jwk["y"]), ec.SECP256R1())
    except (KeyError, TypeError, binascii.Error) as error:
        raise ValueError("not a JWK") from error
    return numbers.public_key()


def is_signed_by(jwk: Mapping[str, Any], signature: str, message: bytes) -> bool:
    """Whether ``signature`` (base64url, raw r‖s of 64 bytes) over ``message`` is the key's own."""
    try:
        raw = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
        if len(raw) != 64:
            return False
        der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        device_key(jwk).verify(der, message, ec.ECDSA(SHA256()))
    except (ValueError, binascii.Error, InvalidSignature):
        return False
    return True


Stroke = Sequence[tuple[int, int, int]]


def strokes_problem(strokes: Sequence[Stroke], width: int, height: int) -> str | None:
    """Why these strokes are no signature, as a code, or None.

    Points are (x, y) in CSS pixels × 10 and milliseconds; ``width`` and ``height`` the canvas in CSS
    pixels. Asked for: 8 points, 0.3 s from first to last, a line at least 60 px long in a box at least
    40 × 8 px (or 8 × 40), at most a fifth outside the canvas (a finger slips over the edge). A dot, a
    tap and a tick of the nail fail; a short signature (一 with a hook) passes.
    """
    points = [point for stroke in strokes for point in stroke]
    if not points:
        return "empty"
    xs, ys, times = zip(*points, strict=True)
    if min(xs) < -2 * width or min(ys) < -2 * height or max(xs) > 12 * width or max(ys) > 12 * height:
        return "outside"
    if any(later < earlier for earlier, later in pairwise(times)):
        return "time"
    if len(points) < 8:
        return "few_points"
    if times[-1] - times[0] < 300:
        return "too_quick"
    long, short = sorted((max(xs) - min(xs), max(ys) - min(ys)), reverse=True)
    if long < 400 or short < 80 or _length(strokes) < 600:
        return "too_small"
    return None


def _length(strokes: Sequence[Stroke]) -> float:
    """How far the pen went, in tenths of a CSS pixel."""
    total = 0.0
    for stroke in strokes:
        for (x0, y0, _), (x1, y1, _) in pairwise(stroke):
            total += ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
    return total
