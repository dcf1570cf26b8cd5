"""The key papers are sealed with: one's own in a file (PKCS#12) or a token (PKCS#11), or a development CA."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12
from cryptography.x509.oid import NameOID

from fieldsales.config import Settings
from fieldsales.kernel.errors import N_, RuleBroken

DEVELOPMENT_NAME = "fieldsales development CA"
DEVELOPMENT_SEAL = "fieldsales development seal"


@dataclass(frozen=True, slots=True)
class SealingKey:
    """Where the key lies: a PKCS#12 file, or with ``token`` a PKCS#11 library. ``development``: papers carry a mark."""

    path: Path
    password: str
    development: bool
    token: str = ""
    label: str = ""
    chain: str = ""

    def to_json(self) -> dict[str, str]:
        """For the press's process, which alone opens it."""
        return {"path": str(self.path), "password": self.password, "token": self.token, "label": self.label,
                "chain": self.chain}  # fmt: skip


def sealing_key(settings: Settings) -> SealingKey:
    """The key to seal with. Raises RuleBroken in production without a key of one's own.

    Whether a token is there, and its certificate valid today, the press finds out.
    """
    if settings.signer_pkcs11 is not None:
        return _on_token(settings, settings.signer_pkcs11)
    if settings.signer_p12 is not None:
        if not settings.signer_p12.is_file():
            raise no_key()
        return SealingKey(settings.signer_p12, settings.signer_password, _is_development(settings))
    if settings.production:
        raise RuleBroken(
            "documents.development_key", N_("In production a paper is never sealed with the development key.")
        )
    path = development_path(settings.home)
    if not path.is_file():
        make_development_key(path)
    return SealingKey(path, "", True)


def known_key(settings: Settings) -> SealingKey | None:
    """The key seals are checked against, or None where there is none: checking makes no key."""
    if settings.signer_pkcs11 is not None:
        return _on_token(settings, settings.signer_pkcs11)
    if settings.signer_p12 is not None:
        own = SealingKey(settings.signer_p12, settings.signer_password, False)
        return own if own.path.is_file() else None
    path = development_path(settings.home)
    return SealingKey(path, "", True) if path.is_file() and not settings.production else None


def _on_token(settings: Settings, library: Path) -> SealingKey:
    chain = str(settings.signer_chain or "")
    return SealingKey(library, settings.signer_password, False, settings.signer_token, settings.signer_label, chain)


def no_key() -> RuleBroken:
    """What is said while the key cannot be reached."""
    return RuleBroken("documents.no_key", N_("The sealing key is not there. Papers wait until it is."))


def key_expired() -> RuleBroken:
    """What is said of a certificate before or after its time."""
    return RuleBroken("documents.key_expired", N_("The sealing certificate is not valid today. Papers wait."))


def _is_development(settings: Settings) -> bool:
    """A development key named by setting stays one; production refuses it, and everyone an expired one."""
    if settings.signer_p12 is None:
        return True
    try:
        loaded = pkcs12.load_pkcs12(settings.signer_p12.read_bytes(), settings.signer_password.encode() or None)
    except ValueError as error:
        raise no_key() from error
    certificate = loaded.cert.certificate if loaded.cert else None
    if certificate and not certificate.not_valid_before_utc <= datetime.now(UTC) <= certificate.not_valid_after_utc:
        raise key_expired()
    development = certificate is None or DEVELOPMENT_NAME in certificate.issuer.rfc4514_string()
    if development and settings.production:
        raise RuleBroken(
            "documents.development_key", N_("In production a paper is never sealed with the development key.")
        )
    return development


def development_path(home: Path) -> Path:
    """Where the development key lies."""
    return home / "keys" / "development.p12"


def kept_certificates(home: Path) -> Path:
    """The file (PEM) with the certificates of every key papers were ever sealed with, and what they lead up to."""
    return home / "keys" / "certificates.pem"


def keep_certificates(home: Path, chain: bytes) -> None:
    """Keep a sealing certificate and its chain (PEM): papers stay checkable after the key is changed."""
    path = kept_certificates(home)
    known = path.read_bytes() if path.is_file() else b""
    if chain not in known:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}.part")
        part.write_bytes(known + chain)
        part.replace(path)


def make_development_key(path: Path) -> None:
    """Make a CA and a sealing key under it (EC P-256), readable by the owner alone. The first maker wins."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(_development_p12())
    try:
        os.link(part, path)
    except FileExistsError:
        pass
    finally:
        part.unlink()


def _name(common: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, "DEV"), x509.NameAttribute(NameOID.COMMON_NAME, common)]
    )


def _certificate(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey,
                 by: ec.EllipticCurvePrivateKey, is_ca: bool) -> x509.Certificate:
    now = datetime.now(UTC).replace(microsecond=0)
    usage = x509.KeyUsage(
        digital_signature=not is_ca, content_commitment=not is_ca, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=is_ca, crl_sign=is_ca, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=0 if is_ca else None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False)
        .sign(by, SHA256())
    )


def _development_p12() -> bytes:
    root_key, seal_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name, seal_name = _name(DEVELOPMENT_NAME), _name(DEVELOPMENT_SEAL)
    root = _certificate(root_name, root_name, root_key, root_key, True)
    seal = _certificate(seal_name, root_name, seal_key, root_key, False)
    return pkcs12.serialize_key_and_certificates(b"seal", seal_key, seal, [root], NoEncryption())
