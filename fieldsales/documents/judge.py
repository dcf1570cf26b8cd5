"""Judging a sealed PDF whose bytes are not known: pyHanko, and rules of our own where it is lenient.

pyHanko's ``bottom_line`` stays true when junk is appended, and pdfsig calls a page overlay valid; so the
last signature must cover the entire file, the first must be a DocMDP certification that allows no more
than filling in fields, and what is embedded must fit the manifest. Run in the press's own process: the
file is a stranger's.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from asn1crypto import x509
from asn1crypto.parser import parse as asn1_parse
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import (
    EmbeddedPdfSignature,
    SignatureCoverageLevel,
    validate_pdf_signature,
    validate_pdf_timestamp,
)
from pyhanko_certvalidator import ValidationContext

from fieldsales.documents.rules import SIZE_LIMIT
from fieldsales.documents.wrapping import is_clean

_HASHES = {"payload.json": "payload_sha256", "text.txt": "text_sha256", "strokes.json": "strokes_sha256"}


@dataclass
class Judgement:
    """``sound``: everything holds. ``problems``: codes of what does not, in the order found."""

    sha256: str
    problems: list[str] = field(default_factory=list)
    number: str = ""
    kind: str = ""
    signer: str = ""
    signed_at: str = ""
    signatures: int = 0
    development: bool = False
    #: PAdES level reached: B-B, B-T, B-LT or B-LTA
    level: str = ""
    #: the earliest time an authority we trust told, and which: "" without one
    time: str = ""
    authority: str = ""
    #: the latest trusted time, and until when its authority's certificate lets it be checked
    last_time: str = ""
    checkable_until: str = ""

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    def to_json(self) -> dict[str, Any]:
        """For the way back from the press."""
        return {**asdict(self), "sound": self.sound}


def judge(content: bytes, roots: list[bytes], time_roots: Sequence[bytes] = (), *,
          own: frozenset[bytes] = frozenset()) -> Judgement:
    """Judge a file. ``roots``, ``time_roots``: the certificates (DER) that seals and time stamps may lead up to.

    ``own``: the sealing certificates of this house (DER); empty: whatever leads up to ``roots`` is ours.
    """
    verdict = Judgement(hashlib.sha256(content).hexdigest())
    if len(content) > SIZE_LIMIT:
        verdict.problems.append("too_large")
    elif not content.startswith(b"%PDF-"):
        verdict.problems.append("not_a_pdf")
    else:
        try:
            signatures = _judge_pdf(content, roots, time_roots, verdict)
            if own and signatures and signatures[0].signer_cert.dump() not in own:
                verdict.problems.append("not_ours")
        except Exception as error:  # a stranger's file may break the reader in any way; it is then not sound
            verdict.problems.append(f"unreadable:{type(error).__name__}")
    verdict.problems = list(dict.fromkeys(verdict.problems))  # said once, however many seals it holds for
    return verdict


def _judge_pdf(content: bytes, roots: list[bytes], time_roots: Sequence[bytes], verdict: Judgement
               ) -> list[EmbeddedPdfSignature]:
    reader = PdfFileReader(io.BytesIO(content), strict=True)
    signatures = list(reader.embedded_regular_signatures)
    verdict.signatures = len(signatures)
    if not signatures:
        verdict.problems.append("not_sealed")
        return signatures
    times = _judge_times(reader, time_roots, verdict)
    for position, signature in enumerate(signatures):
        # A seal whose certificate ran out later still counts when an authority saw it in time.
        seen = next((told for revision, told in times if revision > signature.signed_revision), None)
        context = ValidationContext(trust_roots=_loaded(roots), allow_fetching=False, moment=seen)
        _judge_signature(signature, context, position, verdict)
    _judge_certification(signatures[0], verdict)
    last = reader.embedded_signatures[-1]
    if last.evaluate_signature_coverage() != SignatureCoverageLevel.ENTIRE_FILE:
        verdict.problems.append("bytes_after_seal")
    elif not _covers_to_the_end(last, content):
        verdict.problems.append("bytes_outside_seal")
    _judge_contents(reader, verdict)
    return signatures


def _loaded(certificates: Sequence[bytes]) -> list[x509.Certificate]:
    return [x509.Certificate.load(der) for der in certificates]


def _judge_times(reader: PdfFileReader, roots: Sequence[bytes], verdict: Judgement) -> list[tuple[int, datetime]]:
    """Judge the time stamps; the trusted ones, as (revision, time). Without roots none is trusted or wrong."""
    stamps, trusted = list(reader.embedded_timestamp_signatures), []
    for stamp in stamps:
        context = ValidationContext(trust_roots=_loaded(roots), allow_fetching=False)
        status = validate_pdf_timestamp(stamp, validation_context=context)
        if not (status.intact and status.valid):
            verdict.problems.append("time_changed")
        elif roots and not status.trusted:
            verdict.problems.append("time_not_ours")
        elif status.trusted:
            trusted.append((stamp.signed_revision, status.timestamp))
            verdict.time = verdict.time or status.timestamp.isoformat()
            verdict.last_time = status.timestamp.isoformat()
            verdict.authority = str(stamp.signer_cert.subject.native.get("common_name", ""))
            verdict.checkable_until = stamp.signer_cert.not_valid_after.isoformat()
        if (status.modification_level or ModificationLevel.NONE) > ModificationLevel.FORM_FILLING:
            verdict.problems.append("changed_after_seal")
        if not is_clean(stamp, status.validation_path if status.trusted else None):
            verdict.problems.append("bytes_outside_seal")
    verdict.level = _level(reader, [stamp.signed_revision for stamp in stamps])
    return trusted


def _level(reader: PdfFileReader, stamped: list[int]) -> str:
    """The level that holds for every signature in the file: a countersignature has to be stamped as well."""
    last = max(one.signed_revision for one in reader.embedded_regular_signatures)
    over_all = sum(revision > last for revision in stamped)
    if not over_all:
        return "B-B"
    if "/DSS" not in reader.root:
        return "B-T"
    return "B-LTA" if over_all > 1 else "B-LT" if len(stamped) == 1 else "B-T"


def _judge_signature(signature: EmbeddedPdfSignature, context: Any, position: int, verdict: Judgement) -> None:
    status = validate_pdf_signature(signature, signer_validation_context=context)
    if not status.intact:
        verdict.problems.append("changed")
    elif not status.valid:
        verdict.problems.append("signature_wrong")
    if position == 0:
        subject = signature.signer_cert.subject.native
        verdict.signer = str(subject.get("common_name", ""))
        verdict.development = "development" in str(signature.signer_cert.issuer.native.get("common_name", ""))
        reported = signature.self_reported_timestamp
        verdict.signed_at = reported.isoformat() if reported else ""
        if not status.trusted:
            verdict.problems.append("not_ours")
    if not is_clean(signature, status.validation_path if status.trusted else None):
        verdict.problems.append("bytes_outside_seal")
    if not status.docmdp_ok or (status.modification_level or ModificationLevel.NONE) > ModificationLevel.FORM_FILLING:
        verdict.problems.append("changed_after_seal")


def _judge_certification(first: EmbeddedPdfSignature, verdict: Judgement) -> None:
    allowed = first.docmdp_level
    if allowed is None or allowed.value > MDPPerm.FILL_FORMS.value:
        verdict.problems.append("not_certified")


def _covers_to_the_end(signature: EmbeddedPdfSignature, content: bytes) -> bool:
    """The byte range starts at 0, ends with the file, and leaves out the signature's own bytes only."""
    start, length, again, rest = (int(part) for part in signature.byte_range)
    gap = content[length:again]
    return start == 0 and again + rest == len(content) and gap[:1] == b"<" and gap[-1:] == b">" and _is_bare(gap[1:-1])


def _is_bare(gap: bytes) -> bool:
    """Hex digits of one case holding one DER value and zeros: there is no room for anything else."""
    digits = gap.decode("ascii", "replace")
    if digits not in (digits.lower(), digits.upper()):
        return False
    try:
        held = bytes.fromhex(digits)
    except ValueError:
        return False
    _, _, _, header, value, trailer = asn1_parse(held)
    # The lengths of the two outermost shells fit what is in them: an inner one would take a zero along.
    _, _, _, name_header, name, _ = asn1_parse(value)
    _, _, _, _, shell, _ = asn1_parse(value[len(name_header) + len(name) :], strict=True)
    asn1_parse(shell, strict=True)
    return not held[len(header) + len(value) + len(trailer) :].strip(b"\0")


def embedded(reader: PdfFileReader) -> dict[str, bytes]:
    """The embedded files by name."""
    found: dict[str, bytes] = {}
    if "/Names" not in reader.root or "/EmbeddedFiles" not in reader.root["/Names"]:
        return found
    names = reader.root["/Names"]["/EmbeddedFiles"]["/Names"]
    for index in range(1, len(names), 2):
        spec = names[index]
        found[str(spec["/UF"])] = bytes(spec["/EF"]["/F"].data)
    return found


def _judge_contents(reader: PdfFileReader, verdict: Judgement) -> None:
    files = embedded(reader)
    if "payload.json" not in files:
        verdict.problems.append("no_payload")
        return
    verdict.number = str(json.loads(files["payload.json"]).get("number", ""))
    if "manifest.json" not in files:
        return
    manifest = json.loads(files["manifest.json"])
    verdict.kind = str(manifest.get("kind", ""))
    for name, key in _HASHES.items():
        if hashlib.sha256(files.get(name, b"")).hexdigest() != manifest.get(key):
            verdict.problems.append(f"contents:{name}")
