"""Time stamps (RFC 3161) and what a seal needs to be checked in twenty years: PAdES B-T, B-LT, B-LTA.

Every step is appended: the file before it is the exact beginning of the file after it. A time stamp is a
document time stamp of its own, so that it can come days after the seal. A time is never made up: without
an authority the paper stays B-B. Imported in the press's own process only.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from datetime import datetime, timedelta

from asn1crypto import cms, pem, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.signers.pdf_signer import TimestampDSSContentSettings
from pyhanko.sign.timestamps import HTTPTimeStamper, TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.validation import add_validation_info
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError

from fieldsales.kernel.errors import N_, Stale

#: Room left for a token with its chain, in hex digits: 8 KB.
_ROOM = 16_384
#: How far an authority's clock may be from ours before we ask another.
TOLERANCE = timedelta(minutes=5)
_PREFIX = "Time"
#: What checks the stamp's own chain stands before the stamp: so the last stamp covers the whole file.
_BEFORE = TimestampDSSContentSettings(include_vri=False, update_before_ts=True)


def _nobody(_digest: bytes) -> bytes:
    raise OSError("nobody fetches it")


#: How a hash gets a token from outside; the press's own process puts it there.
fetch_outside: Callable[[bytes], bytes] = _nobody


class _Outside(TimeStamper):
    """An authority that is asked by whoever waits for the press: a plugin's, whose protocol only the plugin knows."""

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """The token over a hash, fetched outside. What it is worth is looked at afterwards, as any other's."""
        return cms.ContentInfo.load(fetch_outside(message_digest))


def _stamper(url: str, seconds: float) -> TimeStamper:
    return HTTPTimeStamper(url, timeout=seconds) if "://" in url else _Outside()  # type: ignore[no-untyped-call]


def certificates(bundle: bytes) -> list[x509.Certificate]:
    """The certificates of a PEM file. Raises ValueError when there is none."""
    found = [x509.Certificate.load(der) for kind, _, der in pem.unarmor(bundle, multiple=True) if kind == "CERTIFICATE"]
    if not found:
        raise ValueError("no certificate in the file")
    return found


def stamp(pdf: bytes, url: str, seconds: float, *, validation: ValidationContext | None = None) -> bytes:
    """The file with a document time stamp of this authority appended.

    ``validation``: also append what the authority's own chain is checked by (B-LTA). Raises Stale when the
    authority refuses, cannot be reached within ``seconds``, or tells nonsense.
    """
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=True)
    taken = [name for name, _, _ in enumerate_sig_fields(writer.prev) if name.startswith(_PREFIX)]
    stamper = PdfTimeStamper(_stamper(url, seconds), field_name=f"{_PREFIX}{len(taken) + 1}")
    target = io.BytesIO()
    try:
        stamper.timestamp_pdf(writer, "sha256", validation, _ROOM, output=target, dss_settings=_BEFORE)
    except (TimestampRequestError, OSError, SigningError, ValueError, ValidationError) as error:
        raise Stale("documents.no_time", N_("No time stamp could be had: %(why)s"), why=str(error)[:200]) from error
    return target.getvalue()


def lengthen(pdf: bytes, url: str, seconds: float, roots: list[x509.Certificate]) -> bytes:
    """The file with certificates and revocation answers for what is in it, and a stamp over them (B-LTA).

    Done again before the newest stamp's certificate runs out, the proof goes on for as long as somebody does
    it. Raises Stale where an authority gives no word on its certificates: then the paper stays B-T.
    """
    try:
        with_proofs = _with_proofs(pdf, roots)
        return stamp(with_proofs, url, seconds, validation=_context(roots))
    except (PathError, ValidationError, SigningError, OSError, ValueError) as error:
        raise Stale("documents.no_proofs", N_("No word on the certificates: %(why)s"), why=str(error)[:200]) from error


def _with_proofs(pdf: bytes, roots: list[x509.Certificate]) -> bytes:
    reader = PdfFileReader(io.BytesIO(pdf), strict=True)
    signatures = reader.embedded_signatures
    sealed = max(one.signed_revision for one in reader.embedded_regular_signatures)
    over_all = [place for place, one in enumerate(signatures) if one.signed_revision > sealed]
    # What an archive stamp covers is proved by it alone: its certificates may have run out long ago.
    places = over_all[-1:] if len(over_all) > 1 else range(len(signatures))
    for place in places:
        target = io.BytesIO()
        signature = PdfFileReader(io.BytesIO(pdf), strict=True).embedded_signatures[place]
        add_validation_info(signature, _context(roots), add_vri_entry=False, output=target)
        pdf = target.getvalue()
    return pdf


def stamp_hash(digest: bytes, url: str, seconds: float, roots: list[x509.Certificate]) -> tuple[bytes, datetime, str]:
    """(token in DER, the time it tells, the authority's name) for a SHA-256. Raises Stale as ``stamp`` does."""
    try:
        token = asyncio.run(_stamper(url, seconds).async_timestamp(digest, "sha256"))
        found = asyncio.run(validate_tst_signed_data(
            token["content"], ValidationContext(trust_roots=roots, allow_fetching=False), lambda _name: digest))
        status = TimestampSignatureStatus(**found)
    except (TimestampRequestError, OSError, ValueError, SigningError, ValidationError) as error:
        raise Stale("documents.no_time", N_("No time stamp could be had: %(why)s"), why=str(error)[:200]) from error
    if not (status.intact and status.valid and status.trusted):
        raise Stale("documents.time_refused", N_("The time stamp is not one we trust: %(why)s"), why="time_not_ours")
    name = str(status.signing_cert.subject.native.get("common_name", ""))
    return token.dump(), status.timestamp, name


def _context(roots: list[x509.Certificate]) -> ValidationContext:
    return ValidationContext(trust_roots=roots, allow_fetching=True, revocation_mode="hard-fail")


def check_clock(told: str, now: datetime) -> None:
    """Raise Stale when an authority's time (ISO 8601) is far from ours: one of the two is wrong, so neither counts."""
    if abs(datetime.fromisoformat(told) - now) > TOLERANCE:
        raise Stale("documents.wrong_time", N_("The authority's clock differs from ours: %(told)s"), told=told)
