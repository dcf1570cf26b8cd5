"""What makes a signing good enough to become a paper. Pure: hashes, strokes and keys, no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from fieldsales.documents import canonical
from fieldsales.documents.clauses import is_unproven, shown_text, text_sha256
from fieldsales.documents.messages import Signing
from fieldsales.documents.signs import check_printable
from fieldsales.kernel.errors import N_, Invalid, RuleBroken

PAPER_KINDS = ("plan", "statement", "receipt", "letter", "application", "lawyer", "report", "transcript", "plugin")
SIGNED_KINDS = ("plan", "statement")
#: The largest file that is judged, in bytes.
SIZE_LIMIT = 30_000_000

_STROKES = {
    "empty": N_("There is no signature yet. Please sign in the box."),
    "few_points": N_("This is too short for a signature. Please sign the whole name."),
    "too_quick": N_("This is too short for a signature. Please sign the whole name."),
    "too_small": N_("This is too small for a signature. Please sign the whole name, larger."),
    "outside": N_("The signature runs out of the box. Please sign again."),
    "time": N_("The signature's times run backwards. Please sign again."),
}


def check_strokes(signing: Signing) -> None:
    """Refuse what is no signature, or is not the one the manifest names. Raises Invalid or RuleBroken."""
    drawn = signing.strokes
    problem = canonical.strokes_problem(drawn.strokes, drawn.width, drawn.height)
    if problem:
        raise Invalid(f"documents.strokes_{problem}", _STROKES[problem], field="signature")
    if canonical.digest(drawn.model_dump(mode="json")) != signing.strokes_sha256:
        raise RuleBroken("documents.strokes_changed", N_("The signature is not the one that was recorded."))


def manifest_bytes(payload: BaseModel, signing: Signing, device_id: str) -> bytes:
    """The RFC 8785 bytes of the manifest this signing must have had."""
    document = canonical.document_of(payload)
    return canonical.canonical(
        canonical.manifest_of(signing.clause_set, document, signing.model_dump(mode="json"), device_id)
    )


def check_signing(
    payload: BaseModel, signing: Signing, device_id: str = "", device_key: Mapping[str, Any] | None = None
) -> list[str]:
    """Check that exactly this payload and text were signed; answer what must be printed as unproven.

    ``payload``: a PlanPayload or StatementPayload; ``device_id``: the device that sent it, empty from
    the desk; ``device_key``: its enrolled JWK, or None. Flags: ``authority_unproven`` (合同编通则解释
    22), ``device_unproven`` (no enrolled key, or no device signature). Raises Invalid for a signature
    that is none or a sign no face can print, RuleBroken for a payload, text, manifest or device
    signature that does not match.
    """
    if signing.clause_set not in SIGNED_KINDS:
        raise Invalid("documents.clause_set", N_("These clauses are not known: %(name)s."), name=signing.clause_set)
    document = canonical.document_of(payload)
    signatory = signing.signatory.model_dump(mode="json")
    if canonical.digest(document) != signing.payload_sha256:
        raise RuleBroken("documents.payload_changed", N_("The amounts sent are not the ones that were signed."))
    text = shown_text(
        signing.clause_set, signing.lang, document, signatory, signing.witness, signing.clause_version
    )
    if text_sha256(text) != signing.text_sha256:
        raise RuleBroken("documents.text_changed", N_("The text shown was not this text. Nothing is lost; sign again."))
    check_printable(text)
    check_strokes(signing)
    manifest = manifest_bytes(payload, signing, device_id)
    if canonical.sha256(manifest) != signing.manifest_sha256:
        raise RuleBroken("documents.manifest_changed", N_("The record of the signing does not fit together."))
    flags = ["authority_unproven"] if is_unproven(document, signatory) else []
    if device_key is None or not signing.device_signature:
        return [*flags, "device_unproven"]
    if not canonical.is_signed_by(device_key, signing.device_signature, manifest):
        raise RuleBroken("documents.device_signature", N_("The device's own signature is wrong."))
    return flags


#: What the judge's codes mean to whoever holds the file.
PROBLEMS = {
    "too_large": N_("The file is larger than 30 MB. No paper of ours is."),
    "not_a_pdf": N_("This is not a PDF."),
    "not_sealed": N_("This PDF carries no seal."),
    "changed": N_("The file was changed after it was sealed."),
    "signature_wrong": N_("The seal's signature is wrong."),
    "not_ours": N_("The seal is not from a key of this house."),
    "changed_after_seal": N_("Something was added after sealing that the seal does not allow."),
    "not_certified": N_("The seal does not forbid later changes, as ours do."),
    "bytes_after_seal": N_("Something was appended after the seal."),
    "bytes_outside_seal": N_("A part of the file is not covered by the seal."),
    "no_payload": N_("The record that belongs to our papers is missing."),
    "contents": N_("What is embedded in the file does not fit its manifest."),
    "time_changed": N_("A time stamp in the file is damaged."),
    "time_not_ours": N_("A time stamp is from an authority this house does not know."),
    "unreadable": N_("The file is damaged and cannot be read."),
}


def problem_words(problem: str) -> str:
    """The English sentence of one of the judge's codes (``contents:payload.json`` is a ``contents``)."""
    return PROBLEMS[problem.partition(":")[0]]


def masked(name: str, kind: str = "company") -> str:
    """A debtor's name as a stranger may read it: 海港****公司, 周**, H****."""
    if kind == "person" or len(name) < 5:
        return name[:1] + "*" * max(len(name) - 1, 1)
    return f"{name[:2]}****{name[-2:]}"
