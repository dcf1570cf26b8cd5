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
from dataclasses import asdict, dataclass, field
from typing import Any

from asn1crypto import x509
from asn1crypto.parser import parse as asn1_parse
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import EmbeddedPdfSignature, SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from fieldsales.documents.rules import SIZE_LIMIT

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

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    def to_json(self) -> dict[str, Any]:
        """For the way back from the press."""
        return {**asdict(self), "sound": self.sound}


def judge(content: bytes, roots: list[bytes]) -> Judgement:
    """Judge a file. ``roots``: the certificates (DER) that our seals may lead up to."""
    verdict = Judgement(hashlib.sha256(content).hexdigest())
    if len(content) > SIZE_LIMIT:
        verdict.problems.append("too_large")
    elif not content.startswith(b"%PDF-"):
        verdict.problems.append("not_a_pdf")
    else:
        try:
            _judge_pdf(content, roots, verdict)
        except Exception as error:  # a stranger's file may break the reader in any way; it is then not sound
            verdict.problems.append(f"unreadable:{type(error).__name__}")
    return verdict


def _judge_pdf(content: bytes, roots: list[bytes], verdict: Judgement) -> None:
    reader = PdfFileReader(io.BytesIO(content), strict=True)
    signatures = list(reader.embedded_regular_signatures)
    verdict.signatures = len(signatures)
    if not signatures:
        verdict.problems.append("not_sealed")
        return
    trusted = [x509.Certificate.load(der) for der in roots]
    context = ValidationContext(trust_roots=trusted, allow_fetching=False)
    for position, signature in enumerate(signatures):
        _judge_signature(signature, context, position, verdict)
    _judge_certification(signatures[0], verdict)
    last = signatures[-1]
    if last.evaluate_signature_coverage() != SignatureCoverageLevel.ENTIRE_FILE:
        verdict.problems.append("bytes_after_seal")
    elif not _covers_to_the_end(last, content):
        verdict.problems.append("bytes_outside_seal")
    _judge_contents(reader, verdict)


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
    return not held[len(header) + len(value) + len(trailer) :].strip(b"\0")


def _embedded(reader: PdfFileReader) -> dict[str, bytes]:
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
    files = _embedded(reader)
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
