"""From a paper's source to everything the press prints and embeds. Pure; the press adds nothing of its own."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from fieldsales.documents import brought, canonical, clauses, editions
from fieldsales.documents.clauses import Json
from fieldsales.documents.handwritten import transcript
from fieldsales.documents.issued import house_blocks, labels
from fieldsales.documents.rules import SIGNED_KINDS
from fieldsales.documents.shown import Shown

HASH_SIGNS = 16


@dataclass(frozen=True, slots=True)
class Embedded:
    """A file inside the paper."""

    name: str
    mime: str
    description: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper before it is typeset. ``short_hash``: of the manifest, or of the payload of an unsigned paper."""

    kind: str
    lang: str
    number: str
    title: str
    author: str
    made_at: str
    short_hash: str
    address: str
    blocks: list[Shown]
    labels: dict[str, str]
    record: list[tuple[str, str]]
    strokes: list[list[tuple[int, int, int]]] = field(default_factory=list)
    signatory: str = ""
    stamp: str = ""
    files: list[Embedded] = field(default_factory=list)
    development: bool = True
    letterhead: list[str] = field(default_factory=list)
    logo: str = ""
    """A JPEG, base64."""
    seal: str = "right"
    body: str = ""
    """The text of a plugin's paper: HTML of a few plain elements (``brought.checked``), after title and number."""

    def to_json(self) -> tuple[dict[str, Any], list[bytes]]:
        """A JSON document and the files' bytes, for the way to the press."""
        document = asdict(self)
        for entry in document["files"]:
            del entry["content"]
        return document, [entry.content for entry in self.files]

    @classmethod
    def from_json(cls, document: dict[str, Any], contents: list[bytes]) -> Paper:
        """The other way."""
        files = [Embedded(**entry, content=content) for entry, content in zip(document["files"], contents, strict=True)]
        blocks = [Shown(**block) for block in document["blocks"]]
        return cls(**{**document, "blocks": blocks, "files": files})


def _json_file(name: str, description: str, document: Any) -> Embedded:
    return Embedded(name, "application/json", description, canonical.canonical(document))


def _device_files(signing: Json, key: Json | None) -> list[Embedded]:
    """The device's key and signature in the forms openssl reads."""
    if not key or not signing["device_signature"]:
        return []
    text = signing["device_signature"]
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    pem = canonical.device_key(key).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    kind = "application/octet-stream"
    return [
        Embedded("device-signature.der", kind, "ECDSA P-256 over manifest.json", der),
        Embedded("device-key.pem", kind, "Public key of the device that recorded the signing", pem),
    ]


def _filled(words: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        words = words.replace(f"{{{name}}}", value)
    return words


def _when_and_how(payload: Json, signing: Json, device_id: str, proven: bool, words: dict[str, str]
                  ) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """(when it was signed, by what device and whether a code confirmed it), as rows of the record."""
    remote, code = signing.get("remote"), signing.get("confirmation")
    if remote:
        when = [(words["drafted_at"], payload["made_at"]), (words["signed_at"], remote["signed_at"])]
        seen = {"ip": remote["ip"] or "–", "agent": remote["user_agent"] or "–"}
        how = (words["remote"], _filled(words["remote_value"], seen))
    else:
        when = [(words["made_at"], payload["made_at"])]
        how = (words["device"], words["device_unsigned"])
        if proven:
            how = (words["device"], _filled(words["device_signed"], {"device": device_id[-12:]}))
    confirmed = words["code_none"]
    if code:
        sentence = words[f"code_{code['channel']}_{'filed' if code['on_file'] else 'given'}"]
        confirmed = _filled(sentence, {"at": code["confirmed_at"], "masked": code["masked"],
                                       "hash": code["text_sha256"][:HASH_SIGNS]})
    return when, [how, (words["code"], confirmed)]


def _signed_record(source: Json, words: dict[str, str], manifest: Json, flags: Sequence[str]) -> list[tuple[str, str]]:
    signing, payload = source["signing"], source["payload"]
    unproven = clauses.is_unproven(payload, signing["signatory"])
    proven = bool(source["device_key"] and signing["device_signature"])
    when, how = _when_and_how(payload, signing, source["device_id"], proven, words)
    clause = {"name": signing["clause_set"], "version": str(signing["clause_version"])}
    rows = [
        *when,
        (words["location"], payload["place"] or words["location_none"]),
        (words["clauses"], _filled(words["clauses_value"], clause)),
        (words["payload_sha256"], signing["payload_sha256"]),
        (words["text_sha256"], signing["text_sha256"]),
        (words["strokes_sha256"], signing["strokes_sha256"]),
        (words["manifest_sha256"], signing["manifest_sha256"]),
        *((words["photo_sha256"], sha256) for sha256 in manifest["photos"]),
        *how,
    ]
    if unproven:
        rows.append((words["authority"], words["authority_unproven"]))
    return [*rows, *((words["flags"], words[f"flag_{flag}"]) for flag in flags if f"flag_{flag}" in words)]


def address_of(public_url: str, number: str, short_hash: str) -> str:
    """Where a paper's code leads."""
    return f"{public_url.rstrip('/')}/v/{number}#{short_hash}"


def _signed_paper(
    kind: str, lang: str, source: Json, public_url: str, development: bool, flags: Sequence[str]
) -> Paper:
    payload, signing, words = source["payload"], source["signing"], labels(lang)
    signatory = signing["signatory"]
    version = signing["clause_version"]
    blocks = clauses.shown_blocks(kind, lang, payload, signatory, signing["witness"], version)
    manifest = canonical.manifest_of(kind, payload, signing, source["device_id"])
    files = [
        _json_file("payload.json", "The content that was signed (RFC 8785)", payload),
        Embedded("text.txt", "text/plain", "The whole text shown before signing", clauses.text_of(blocks).encode()),
        _json_file("strokes.json", "The signature as points (RFC 8785)", signing["strokes"]),
        _json_file("manifest.json", "What binds them together (RFC 8785)", manifest),
        _json_file("signing.json", "Signatory, authority and device signature", _without_strokes(signing)),
        *_device_files(signing, source["device_key"]),
    ]
    short = signing["manifest_sha256"][:HASH_SIGNS]
    return Paper(
        kind=kind, lang=lang, number=payload["number"], title=blocks[0].text, author=payload["seller_name"],
        made_at=payload["made_at"], short_hash=short, address=address_of(public_url, payload["number"], short),
        blocks=blocks, labels=words,
        record=_signed_record(source, words, manifest, flags),
        strokes=signing["strokes"]["strokes"], signatory=signatory["name"],
        stamp=words["stamp" if payload["debtor_kind"] == "company" else "thumb"], files=files,
        development=development,
    )  # fmt: skip


def _without_strokes(signing: Json) -> dict[str, Any]:
    return {name: value for name, value in signing.items() if name != "strokes"}


def paper_of(
    kind: str, lang: str, source: Mapping[str, Any], public_url: str, development: bool, flags: Sequence[str] = ()
) -> Paper:
    """The paper ``kind`` from its PaperSource's JSON form. ``public_url``: where its code leads.

    ``flags``: what was found when it was recorded; those that have a sentence are printed in the record.
    """
    if kind in SIGNED_KINDS:
        return _signed_paper(kind, lang, source, public_url, development, flags)
    payload, words = source["payload"], labels(lang)
    sha256 = canonical.digest(payload)
    short = sha256[:HASH_SIGNS]
    of_kind = {"transcript": transcript, "plugin": brought.brought_blocks}.get(kind)
    blocks = of_kind(lang, payload) if of_kind else house_blocks(kind, lang, payload)
    record = [(words["made_at"], payload["made_at"]), (words["payload_sha256"], sha256)]
    return Paper(
        kind=kind, lang=lang, number=payload["number"], title=blocks[0].text, author=payload["seller_name"],
        made_at=payload["made_at"], short_hash=short, address=address_of(public_url, payload["number"], short),
        blocks=blocks, labels={**words, "title": words["title_house"], "note": words["note_house"]}, record=record,
        files=[_json_file("payload.json", "What this paper says (RFC 8785)", payload)], development=development,
        body=payload["body"] if kind == "plugin" else "",
    )  # fmt: skip


def preview_of(edition: Mapping[str, Any], kind: str, lang: str, public_url: str) -> Paper:
    """What a set would print, with made-up parties and without a signature: for whoever drafts it."""
    payload, signatory = editions.sample(kind)
    words = labels(lang)
    short = canonical.digest(payload)[:HASH_SIGNS]
    blocks = clauses.shown_by(edition, kind, lang, payload, signatory, "")
    return Paper(
        kind=kind, lang=lang, number=payload["number"], title=blocks[0].text, author=payload["seller_name"],
        made_at=payload["made_at"], short_hash=short, address=address_of(public_url, payload["number"], short),
        blocks=blocks, labels=words, record=[(words["made_at"], payload["made_at"])],
    )  # fmt: skip
