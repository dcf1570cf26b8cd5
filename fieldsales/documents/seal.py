"""Sealing (防篡改封存): PAdES B-B with an EC P-256 key, certified so that only fields may still be filled in.

Imported in the press's own process only. The crypto fields are invisible, for a visible appearance
would break PDF/A and PDF/UA; the signature people see is drawn on the page.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from asn1crypto import x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter, append_signature_field
from pyhanko.sign.signers import Signer

from fieldsales.documents import tokens
from fieldsales.documents.keys import key_expired, no_key

SEAL_FIELD = "Seal"
COUNTERSIGN_FIELD = "Countersignature"
LEVEL = "B-B"


def signer_of(key: Mapping[str, str]) -> Signer:
    """The signer of ``keys.SealingKey.to_json()``. Raises RuleBroken while the key cannot be reached."""
    if key["token"]:
        return tokens.signer_on(key["path"], key["token"], key["label"], key["password"], key["chain"])
    try:
        return load_signer(Path(key["path"]), key["password"])
    except (OSError, ValueError) as error:
        raise no_key() from error


def check_valid(signer: Signer) -> None:
    """Raise RuleBroken when the certificate is not valid today: then nothing is sealed by it."""
    own = chain_of(signer)[0]
    if not own.not_valid_before <= datetime.now(UTC) <= own.not_valid_after:
        raise key_expired()


def load_signer(path: Path, password: str) -> SimpleSigner:
    """The key, its certificate and chain from a PKCS#12 file. Raises ValueError when it cannot be read."""
    return _loaded(path, password, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _loaded(path: Path, password: str, _written: int) -> SimpleSigner:
    # by the time it was written: a key that is changed under the same name counts from the next paper on
    signer = SimpleSigner.load_pkcs12(str(path), passphrase=password.encode() or None)  # type: ignore[no-untyped-call]
    if not isinstance(signer, SimpleSigner) or signer.signing_cert is None:
        raise ValueError(f"cannot read the sealing key {path.name}")
    return signer


def subject_of(signer: Signer) -> str:
    """The certificate's common name."""
    return str(chain_of(signer)[0].subject.native.get("common_name", ""))


def chain_of(signer: Signer) -> list[x509.Certificate]:
    """The certificates that come with the key, its own first."""
    own = signer.signing_cert
    assert own is not None  # load_signer refuses a key without one
    return [own, *(other for other in signer.cert_registry if other.dump() != own.dump())]


def roots_of(signer: Signer) -> list[bytes]:
    """What seals by this key lead up to (DER): the chain above it, or its own certificate where there is none."""
    chain = [certificate.dump() for certificate in chain_of(signer)]
    return chain[1:] or chain


def seal(pdf: bytes, signer: Signer) -> bytes:
    """The sealed PDF: the unsealed bytes are its exact beginning, everything else is appended."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    append_signature_field(writer, SigFieldSpec(COUNTERSIGN_FIELD))
    metadata = PdfSignatureMetadata(
        field_name=SEAL_FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, certify=True,
        docmdp_permissions=MDPPerm.FILL_FORMS, name=subject_of(signer),
    )  # fmt: skip
    target = io.BytesIO()
    with tokens.reachable():
        PdfSigner(metadata, signer=signer, new_field_spec=SigFieldSpec(SEAL_FIELD)).sign_pdf(writer, output=target)
    return target.getvalue()


def countersign(pdf: bytes, signer: Signer, reason: str) -> bytes:
    """The sealed PDF with the field made ready for it signed by the creditor; everything is appended."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=True)
    metadata = PdfSignatureMetadata(
        field_name=COUNTERSIGN_FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES,
        name=subject_of(signer), reason=reason,
    )  # fmt: skip
    target = io.BytesIO()
    with tokens.reachable():
        PdfSigner(metadata, signer=signer).sign_pdf(writer, existing_fields_only=True, output=target)
    return target.getvalue()


def sign_bytes(message: bytes, signer: Signer) -> bytes:
    """A bare signature over the SHA-256 of a message: ECDSA in DER, or RSA PKCS#1 v1.5."""
    with tokens.reachable():
        return bytes(asyncio.run(signer.async_sign_raw(message, "sha256")))
