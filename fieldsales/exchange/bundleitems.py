"""The files of an evidence bundle, each with where it comes from and what it shows."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from fieldsales.config import Settings
from fieldsales.documents import keys, press
from fieldsales.documents.canonical import canonical
from fieldsales.documents.witness import Witness
from fieldsales.exchange.bundlecase import Case, Original, Paper
from fieldsales.kernel.errors import N_
from fieldsales.places import PACKAGE, data_dir
from fieldsales.store.blobs import BlobStore

#: (where it comes from, what it shows) by kind of item.
WORDS = {
    "paper": (N_("Sealed by this house when it was made; kept byte by byte"),
              N_("What was agreed or said, and that it was not changed since")),
    "signing": (N_("Taken out of the sealed paper, where it is embedded"),
                N_("Exactly what was shown and signed, and by which device it was recorded")),
    "shown_by": (N_("The house's own record; the other side's words are what its mail server or provider answered"),
                 N_("That a code sent to this address came back, or what the signatory's device said of itself")),
    "signature": (N_("Taken out of the sealed paper"), N_("Seal or time stamp by itself, for openssl")),
    "original": (N_("As it came from whoever took or filed it; never re-encoded"),
                 N_("Authority, seal on paper, delivery or contract; its own metadata is evidence too")),
    "receipt": (N_("Signed by this house when the signing came in"), N_("That the signing was on record by then")),
    "log": (N_("The house's log of all changes, chained by hashes"),
            N_("That these acts stood in the log when its head was stamped, and nothing was put in later")),
    "certificates": (N_("Kept by this house from every key it sealed with; roots of the time authorities"),
                     N_("What seals and time stamps are checked by; compare them with a copy from elsewhere")),
    "program": (N_("The program that made the papers"), N_("Which templates, clauses and fonts were used")),
    "history": (N_("The house's record of the plan"), N_("What came after the signing: copies, replacement, voidance")),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One file of the bundle."""

    path: str
    content: bytes
    kind: str


@dataclass
class Contents:
    """What a bundle is made of, and what the guide must know to name exact commands."""

    items: list[Item] = field(default_factory=list)
    #: (folder, files of its revisions, [(is a stamp, index of revision, range, file of the signature)])
    papers: list[tuple[str, list[Item], list[tuple[bool, int, list[int], str]]]] = field(default_factory=list)
    signed: list[str] = field(default_factory=list)
    receipts: list[str] = field(default_factory=list)
    photos: list[str] = field(default_factory=list)
    missing: list[Original] = field(default_factory=list)
    head: str = ""
    has_roots: bool = False

    def add(self, path: str, content: bytes, kind: str) -> Item:
        """Put a file in."""
        item = Item(path, content, kind)
        self.items.append(item)
        return item


def contents_of(case: Case, blobs: BlobStore, settings: Settings) -> Contents:
    """Every file that belongs to the case, in an order that is always the same."""
    made = Contents()
    for paper in case.papers:
        _put_paper(made, paper, blobs)
    for original in case.originals:
        _put_original(made, original, blobs)
    _put_certificates(made, settings)
    for command_id, receipt in sorted(case.receipts.items()):
        _put_receipt(made, command_id, receipt)
    _put_log(made, case, blobs)
    made.add("history.json", _json([dict(row._mapping) for row in case.history]), "history")
    made.add("program.json", _json(_program()), "program")
    return made


def _safe(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]", "_", name)[:80]


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n").encode()


def _put_paper(made: Contents, paper: Paper, blobs: BlobStore) -> None:
    folder = f"papers/{_safe(paper.document.number)}"
    files = [made.add(f"{folder}/revision-{one.n}-{_safe(one.kind)}.pdf", blobs.read(one.sha256), "paper")
             for one in paper.revisions]
    apart = press.take_apart(files[-1].content)
    for name, content in sorted(apart.files.items()):
        made.add(f"{folder}/signing/{_safe(name)}", content, "signing")
    if "manifest.json" in apart.files and "device-key.pem" in apart.files:
        made.signed.append(f"{folder}/signing")
    signatures = []
    for n, (stamp, covers, der) in enumerate(apart.signatures, 1):
        path = f"{folder}/signature-{n}.{'tst' if stamp else 'p7s'}"
        made.add(path, der, "signature")
        length = covers[2] + covers[3]
        index = next(place for place, file in enumerate(files) if len(file.content) >= length)
        signatures.append((stamp, index, covers, path))
    for name, record in sorted(paper.shown_by.items()):
        made.add(f"{folder}/{name}", _json(record), "shown_by")
    made.add(f"{folder}/chain.pem", apart.chain, "certificates")
    made.papers.append((folder, files, signatures))


def _put_original(made: Contents, original: Original, blobs: BlobStore) -> None:
    if not original.held:
        made.missing.append(original)
        return
    ending = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "application/pdf": "pdf"}
    path = f"originals/{_safe(original.of)}-{_safe(original.slot)}-{original.sha256[:16]}"
    path = f"{path}.{ending.get(original.mime, 'bin')}"
    made.add(path, blobs.read(original.sha256), "original")
    record = {"sha256": original.sha256, "mime": original.mime, "slot": original.slot, "belongs_to": original.of,
              "by": original.by_id, "recorded_at": original.at}
    made.add(f"{path}.json", _json(record), "original")
    if original.mime.startswith("image/"):
        made.photos.append(path)


def _put_receipt(made: Contents, command_id: str, receipt: dict[str, Any]) -> None:
    folder = f"receipts/{command_id}"
    made.add(f"{folder}/receipt.json", canonical(receipt["body"]), "receipt")
    made.add(f"{folder}/receipt.der", base64.b64decode(receipt["signature"]), "receipt")
    chains = (one.content for one in made.items if one.kind == "certificates" and one.path.endswith(".pem"))
    known = (certificate for chain in chains for certificate in x509.load_pem_x509_certificates(chain))
    wanted = receipt["certificate_sha256"]
    signer = next((one for one in known if one.fingerprint(SHA256()).hex() == wanted), None)
    if signer is not None:
        made.add(f"{folder}/certificate.pem", signer.public_bytes(Encoding.PEM), "receipt")
        made.receipts.append(folder)


def _put_log(made: Contents, case: Case, blobs: BlobStore) -> None:
    if not case.links:
        return
    lines = (f"{one.seq} {one.command_id} {one.status} {one.body_sha256} {one.link_sha256}\n" for one in case.links)
    made.add("log/before.txt", f"{case.before}\n".encode(), "log")
    made.add("log/chain.txt", "".join(lines).encode(), "log")
    for act in {act.seq: act for paper in case.papers for act in paper.acts}.values():
        made.add(f"log/body-{act.seq}.bin", act.salted_body, "log")
    if case.anchor is not None:
        made.head = case.anchor.link_sha256
        made.add("log/head.tst", blobs.read(case.anchor.token_sha256), "log")


def _put_certificates(made: Contents, settings: Settings) -> None:
    receipts = Witness(settings.home).certificate_pem()
    if receipts:
        made.add("certificates/receipts.pem", receipts, "certificates")
    kept = keys.kept_certificates(settings.home)
    if kept.is_file():
        made.add("certificates/house.pem", kept.read_bytes(), "certificates")
    if settings.tsa_roots is not None and settings.tsa_roots.is_file():
        made.has_roots = True
        made.add("certificates/time-roots.pem", settings.tsa_roots.read_bytes(), "certificates")


def _program() -> dict[str, dict[str, str]]:
    """SHA-256 of what papers are made with."""
    folders = {"templates": data_dir("templates") / "documents", "clause_sets": PACKAGE / "documents" / "clause_sets",
               "fonts": PACKAGE / "documents" / "fonts"}
    return {name: {str(path.relative_to(folder)): _sha256(path) for path in sorted(folder.rglob("*")) if path.is_file()}
            for name, folder in folders.items()}


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
