"""The server's word that it has checked a signing: small, signed, kept by the phone long before the paper is made.

The bytes that are signed are the RFC 8785 form of ``body``; the signature is ECDSA P-256 with SHA-256, DER, so that
``openssl dgst -sha256 -verify`` can check it. The key is the server's own, apart from the one that seals papers:
that may lie on a token or not be there yet, and a plan does not wait for it.
"""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from fieldsales.documents.canonical import canonical

NAME = "fieldsales signed receipts"


@dataclass
class Witness:
    """Signs what the dispatcher found good, by the key under ``home``, which it makes when it is first needed."""

    home: Path
    _lock: Lock = field(default_factory=Lock)
    _key: ec.EllipticCurvePrivateKey | None = None
    _certificate: x509.Certificate | None = None

    @property
    def path(self) -> Path:
        """Where key and certificate lie (PEM, readable by the owner alone)."""
        return self.home / "keys" / "receipts.pem"

    def __call__(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """``{body, signature, certificate_sha256}``, the signature base64."""
        key, certificate = self._load()
        made = key.sign(canonical(dict(body)), ec.ECDSA(SHA256()))
        return {"body": dict(body), "signature": base64.b64encode(made).decode(),
                "certificate_sha256": certificate.fingerprint(SHA256()).hex()}

    def certificate_pem(self) -> bytes:
        """The certificate to check by; empty while nothing was signed yet. Makes no key."""
        return self._load()[1].public_bytes(Encoding.PEM) if self.path.is_file() else b""

    def _load(self) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
        with self._lock:
            if self._key is None or self._certificate is None:
                if not self.path.is_file():
                    _make(self.path)
                content = self.path.read_bytes()
                key = load_pem_private_key(content, None)
                assert isinstance(key, ec.EllipticCurvePrivateKey)  # as it was made below
                self._key, self._certificate = key, x509.load_pem_x509_certificate(content)
            return self._key, self._certificate


def _make(path: Path) -> None:
    """Make key and certificate; the first maker wins."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC).replace(microsecond=0)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=7300)).sign(key, SHA256()))
    part = path.with_suffix(f".{os.getpid()}.part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        file.write(certificate.public_bytes(Encoding.PEM))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(part, path)
    except FileExistsError:
        pass
    finally:
        part.unlink()


def is_witnessed(receipt: Mapping[str, Any], certificates: bytes) -> bool:
    """Whether a signed receipt was signed by one of the certificates (PEM)."""
    try:
        signature = base64.b64decode(receipt["signature"], validate=True)
        message, named = canonical(receipt["body"]), str(receipt["certificate_sha256"])
        found = x509.load_pem_x509_certificates(certificates)
    except (KeyError, TypeError, ValueError, binascii.Error):
        return False
    for certificate in found:
        key = certificate.public_key()
        if certificate.fingerprint(SHA256()).hex() != named or not isinstance(key, ec.EllipticCurvePublicKey):
            continue
        try:
            key.verify(signature, message, ec.ECDSA(SHA256()))
        except InvalidSignature:
            return False
        return True
    return False
