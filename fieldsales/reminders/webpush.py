"""Web push: a message only the phone can read (RFC 8291), from a server that says who it is (RFC 8292)."""

from __future__ import annotations

import base64
import json
import os
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

_RECORD = 4096
_TOKEN_FOR = timedelta(hours=12)


def encoded(data: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """The bytes of base64url, padded or not. Raises ValueError."""
    return base64.urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    """A public key as 65 bytes."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)


def sealed(message: bytes, p256dh: str, auth: str, *, salt: bytes | None = None,
           own: ec.EllipticCurvePrivateKey | None = None) -> bytes:
    """The body of a push: one record of aes128gcm. Raises ValueError for keys that are none.

    ``salt`` and ``own`` are random; a test gives those of the RFC's example.
    """
    theirs = decoded(p256dh)
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
    own = own or ec.generate_private_key(ec.SECP256R1())
    salt = salt or os.urandom(16)
    ours = point(own.public_key())
    shared = own.exchange(ec.ECDH(), public)
    material = _derived(shared, decoded(auth), b"WebPush: info\x00" + theirs + ours, 32)
    key = _derived(material, salt, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _derived(material, salt, b"Content-Encoding: nonce\x00", 12)
    head = salt + struct.pack("!IB", _RECORD, len(ours)) + ours
    return head + AESGCM(key).encrypt(nonce, message + b"\x02", None)


def house_key(home: Path) -> ec.EllipticCurvePrivateKey:
    """The key this house is known by at push services: made once, ``keys/vapid.pem``, the owner's alone."""
    path = home / "keys" / "vapid.pem"
    if not path.is_file():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}.part")
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            made = ec.generate_private_key(ec.SECP256R1())
            file.write(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        try:
            os.link(part, path)  # the first maker wins
        except FileExistsError:
            pass
        finally:
            part.unlink()
    key = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError("keys/vapid.pem is no P-256 key")
    return key


def headers(endpoint: str, key: ec.EllipticCurvePrivateKey, contact: str, now: datetime, topic: str) -> dict[str, str]:
    """What goes with the body. ``contact``: a mailto: or https: address the push service may write to."""
    parts = urlsplit(endpoint)
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": int((now.astimezone(UTC) + _TOKEN_FOR).timestamp()),
              "sub": contact}
    signed = ".".join(encoded(json.dumps(part, separators=(",", ":")).encode())
                      for part in ({"typ": "JWT", "alg": "ES256"}, claims))
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(SHA256())))
    token = f"{signed}.{encoded(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"
    return {
        "Authorization": f"vapid t={token}, k={encoded(point(key.public_key()))}", "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream", "TTL": "43200", "Urgency": "normal", "Topic": topic,
    }  # fmt: skip
