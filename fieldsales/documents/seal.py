"""Sealing (防篡改封存): PAdES B-B with an EC P-256 key, certified so that only fields may still be filled in.

Imported in the press's own process only. The crypto fields are invisible, for a visible appearance
would break PDF/A and PDF/UA; the signature people see is drawn on the page.
"""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path

from asn1crypto import x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter, append_signature_field

SEAL_FIELD = "Seal"
COUNTERSIGN_FIELD = "Countersignature"
LEVEL = "B-B"


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


def subject_of(signer: SimpleSigner) -> str:
    """The certificate's common name."""
    return str(chain_of(signer)[0].subject.native.get("common_name", ""))


def chain_of(signer: SimpleSigner) -> list[x509.Certificate]:
    """The certificates that come with the key, its own first."""
    own = signer.signing_cert
    assert own is not None  # load_signer refuses a key without one
    return [own, *(other for other in signer.cert_registry if other.dump() != own.dump())]


def roots_of(signer: SimpleSigner) -> list[bytes]:
    """What seals by this key lead up to (DER): the chain above it, or its own certificate where there is none."""
    chain = [certificate.dump() for certificate in chain_of(signer)]
    return chain[1:] or chain


def seal(pdf: bytes, signer: SimpleSigner) -> bytes:
    """The sealed PDF: the unsealed bytes are its exact beginning, everything else is appended."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    append_signature_field(writer, SigFieldSpec(COUNTERSIGN_FIELD))
    metadata = PdfSignatureMetadata(
        field_name=SEAL_FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, certify=True,
        docmdp_permissions=MDPPerm.FILL_FORMS, name=subject_of(signer),
    )  # fmt: skip
    target = io.BytesIO()
    PdfSigner(metadata, signer=signer, new_field_spec=SigFieldSpec(SEAL_FIELD)).sign_pdf(writer, output=target)
    return target.getvalue()
