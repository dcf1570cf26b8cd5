"""The server's word that it has checked a signing: small, signed, kept by the phone long before the paper is made.

The bytes that are signed are the RFC 8785 form of ``body``; the signature is DER by the sealing key (ECDSA P-256
with SHA-256, or RSA PKCS#1 v1.5 with SHA-256), so that ``openssl dgst -sha256 -verify`` can check it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from fieldsales.config import Settings
from fieldsales.documents.canonical import canonical
from fieldsales.documents.keys import known_key, sealing_key
from fieldsales.kernel.errors import RuleBroken

log = logging.getLogger(__name__)
PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass
class Witness:
    """Signs what the dispatcher found good. Without a key it signs nothing: a paper waits for its key, a plan does not.

    The key is read when it is first needed, and kept for the process.
    """

    settings: Settings
    _lock: Lock = field(default_factory=Lock)
    _key: PrivateKey | None = None
    _chain: tuple[x509.Certificate, ...] = ()

    def __call__(self, body: Mapping[str, Any]) -> dict[str, Any] | None:
        """``{body, signature, certificate_sha256}`` (the signature base64), or None without a key."""
        key = self._load()
        if key is None:
            return None
        message = canonical(dict(body))
        made = (key.sign(message, ec.ECDSA(SHA256())) if isinstance(key, ec.EllipticCurvePrivateKey)
                else key.sign(message, padding.PKCS1v15(), SHA256()))
        return {"body": dict(body), "signature": base64.b64encode(made).decode(),
                "certificate_sha256": self._chain[0].fingerprint(SHA256()).hex()}

    def chain_pem(self) -> bytes:
        """The certificates to check by, the signing one first; empty while there is no key. Makes none."""
        if known_key(self.settings) is not None:
            self._load()
        return b"".join(one.public_bytes(Encoding.PEM) for one in self._chain)

    def _load(self) -> PrivateKey | None:
        with self._lock:
            if self._key is None:
                try:
                    found = sealing_key(self.settings)
                    loaded = pkcs12.load_pkcs12(found.path.read_bytes(), found.password.encode() or None)
                except (RuleBroken, ValueError, OSError) as error:
                    log.warning("no key to sign receipts with", extra={"code": type(error).__name__})
                    return None
                if loaded.cert is not None and isinstance(loaded.key, PrivateKey):
                    others = tuple(one.certificate for one in loaded.additional_certs)
                    self._key, self._chain = loaded.key, (loaded.cert.certificate, *others)
            return self._key


def is_witnessed(receipt: Mapping[str, Any], certificates: bytes) -> bool:
    """Whether a signed receipt was signed by one of the certificates (PEM)."""
    try:
        signature = base64.b64decode(receipt["signature"], validate=True)
        message = canonical(receipt["body"])
        named = str(receipt["certificate_sha256"])
    except (KeyError, TypeError, ValueError, binascii.Error):
        return False
    for certificate in x509.load_pem_x509_certificates(certificates):
        if hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest() != named:
            continue
        key = certificate.public_key()
        try:
            if isinstance(key, ec.EllipticCurvePublicKey):
                key.verify(signature, message, ec.ECDSA(SHA256()))
            elif isinstance(key, rsa.RSAPublicKey):
                key.verify(signature, message, padding.PKCS1v15(), SHA256())
            else:
                return False
        except InvalidSignature:
            return False
        return True
    return False
