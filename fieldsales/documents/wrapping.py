"""What in a signature's own container (CMS) no signature covers: it must hold nothing that is not needed.

The gap a signature leaves in a file is covered by no hash. Certificates lie in it, a version, names of
algorithms: a byte changed there harms nobody, yet the file is then not the one that was sealed.
"""

from __future__ import annotations

from collections.abc import Iterable

from asn1crypto import cms, x509
from cryptography import x509 as other_x509
from cryptography.exceptions import InvalidSignature
from pyhanko.sign.validation import EmbeddedPdfSignature
from pyhanko_certvalidator.path import ValidationPath


def is_clean(signature: EmbeddedPdfSignature, path: ValidationPath | None) -> bool:
    """Whether the container holds the signature, certificates that prove themselves, and nothing else.

    ``path``: the certificates it was trusted by; None: it was not, and only the rest is looked at.
    """
    data = signature.signed_data
    info = data["signer_infos"][0]
    stamp = signature.sig_object_type == "/DocTimeStamp"
    digests, named = {one.dump() for one in data["digest_algorithms"]}, info["sid"]
    plain = (
        len(data["signer_infos"]) == 1
        and data["version"].native == ("v3" if stamp else "v1")
        and info["version"].native == "v1"
        and digests == {info["digest_algorithm"].dump()}
        and (named.name != "issuer_and_serial_number" or _names(named.chosen, signature.signer_cert))
        and not data["crls"].native
        and (stamp or not info["unsigned_attrs"].native)
    )
    return plain and (path is None or not _strays(_embedded(signature), list(path.iter_certs(include_root=True))))


def _names(named: cms.IssuerAndSerialNumber, certificate: x509.Certificate) -> bool:
    same = named["issuer"].dump() == certificate.issuer.dump()
    return bool(same and named["serial_number"].native == certificate.serial_number)


def _embedded(signature: EmbeddedPdfSignature) -> list[x509.Certificate]:
    return [one.chosen for one in signature.signed_data["certificates"]]


def _strays(embedded: list[x509.Certificate], path: Iterable[x509.Certificate]) -> list[x509.Certificate]:
    """Certificates that are not those of the path, and are signed by none of the others."""
    trusted = {one.dump() for one in path}
    known = [*embedded, *(x509.Certificate.load(der) for der in trusted)]
    return [one for one in embedded if one.dump() not in trusted and not _is_signed_by_one_of(one, known)]


def _is_signed_by_one_of(certificate: x509.Certificate, issuers: list[x509.Certificate]) -> bool:
    return any(_is_signed_by(certificate, issuer) for issuer in issuers)


def _is_signed_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        one = other_x509.load_der_x509_certificate(certificate.dump())
        one.verify_directly_issued_by(other_x509.load_der_x509_certificate(issuer.dump()))
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True
