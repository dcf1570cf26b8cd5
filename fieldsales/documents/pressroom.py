"""The press's own process: ``python -m fieldsales.documents.pressroom``, spoken to over stdin and stdout.

It alone loads WeasyPrint and pyHanko, and it alone opens files that strangers made. Its memory is
limited, its nice value raised so that pages stay quick, and whoever waits for it too long ends it.
"""

from __future__ import annotations

import hashlib
import logging
import os
import resource
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from asn1crypto import pem, x509
from pyhanko.sign.signers import Signer

from fieldsales.documents import apart, editions, judge, merging, papers, photos, seal, stamping, typeset
from fieldsales.documents.frames import read_frame, write_frame
from fieldsales.documents.papers import Paper
from fieldsales.kernel.errors import N_, RuleBroken, Stale, TradeError

MEMORY_LIMIT = 2 * 1024**3
Reply = tuple[dict[str, Any], list[bytes]]


def _make(head: dict[str, Any], blobs: list[bytes]) -> Reply:
    return {}, [typeset.typeset(Paper.from_json(head["paper"], blobs))]


def _pack(head: dict[str, Any], blobs: list[bytes]) -> Reply:
    """Several papers that carry no files, as one to print."""
    return {}, [typeset.typeset_pack([Paper.from_json(one, []) for one in head["papers"]])]


def _sheets(head: dict[str, Any], blobs: list[bytes]) -> Reply:
    """Working sheets as one file, and how many pages it has."""
    made = typeset.typeset_sheets(head["html"])
    return {"pages": merging.pages_of(made)}, [made]


def _merge(head: dict[str, Any], blobs: list[bytes]) -> Reply:
    """Pages of several files as one file to print: ``order`` lists (file, first page, how many or -1 for the rest)."""
    merged = merging.merged(blobs, [tuple(one) for one in head["order"]])
    return {"pages": merging.pages_of(merged)}, [merged]


def _produce(head: dict[str, Any], blobs: list[bytes]) -> Reply:
    """Typeset, seal, and let the judge look at it before anybody else does."""
    unsealed = typeset.typeset(Paper.from_json(head["paper"], blobs))
    signer = seal.signer_of(head["key"])
    seal.check_valid(signer)
    sealed = seal.seal(unsealed, signer)
    verdict = judge.judge(sealed, seal.roots_of(signer))
    if not verdict.sound:
        raise RuntimeError(f"the judge refuses our own seal: {verdict.problems}")
    fingerprint = hashlib.sha256(seal.chain_of(signer)[0].dump()).hexdigest()
    certificate = f"{seal.subject_of(signer)} {fingerprint[:16]}"
    return {
        "unsealed_sha256": hashlib.sha256(unsealed).hexdigest(), "level": seal.LEVEL, "certificate": certificate,
    }, [sealed, _chain_pem(signer)]  # fmt: skip


def _chain_pem(signer: Signer) -> bytes:
    return b"".join(pem.armor("CERTIFICATE", one.dump()) for one in seal.chain_of(signer))


def _countersign(head: dict[str, Any], blobs: list[bytes]) -> Reply:
    """Sign the prepared field with the house's key; the judge looks at it first."""
    signer = seal.signer_of(head["key"])
    seal.check_valid(signer)
    longer = seal.countersign(blobs[0], signer, head["reason"])
    roots, own = _ours(head)
    verdict = judge.judge(longer, roots, [one.dump() for one in _certificates(head["time_roots"])], own=own)
    if not verdict.sound or not longer.startswith(blobs[0]):
        raise RuntimeError(f"the judge refuses our own countersignature: {verdict.problems}")
    return verdict.to_json(), [longer, _chain_pem(signer)]


def _sign(head: dict[str, Any], blobs: list[bytes]) -> Reply:
    """A bare signature by the sealing key, for what is no PDF (a receipt)."""
    signer = seal.signer_of(head["key"])
    return {}, [seal.sign_bytes(blobs[0], signer), _chain_pem(signer)]


def _ours(head: dict[str, Any]) -> tuple[list[bytes], frozenset[bytes]]:
    """(what seals may lead up to, the sealing certificates themselves): of the key in use and those before it.

    Both, for under a public authority's root stand other people's certificates too.
    """
    try:
        signer = seal.signer_of(head["key"]) if head["key"] else None
    except RuleBroken:  # a token that is not plugged in: its certificate was kept when it first sealed
        signer = None
    roots, own = (seal.roots_of(signer), {seal.chain_of(signer)[0].dump()}) if signer else ([], set())
    for kept in _certificates(head["kept"]):
        if kept.ca:
            roots.append(kept.dump())
        else:
            own.add(kept.dump())
            if kept.self_issued:
                roots.append(kept.dump())
    return roots, frozenset(own)


def _certificates(path: str) -> list[x509.Certificate]:
    return stamping.certificates(Path(path).read_bytes()) if path else []


def _judge(head: dict[str, Any], blobs: list[bytes]) -> Reply:
    roots, own = _ours(head)
    times = [one.dump() for one in _certificates(head["time_roots"])]
    return judge.judge(blobs[0], roots, times, own=own).to_json(), []


def _stamp(head: dict[str, Any], blobs: list[bytes]) -> Reply:
    """Append a time stamp (B-T), or all that a check in twenty years needs (B-LTA); the judge looks at it first."""
    (roots, own), pinned = _ours(head), _certificates(head["time_roots"])
    if head["lengthen"]:
        trusted = [*(x509.Certificate.load(der) for der in roots), *pinned]
        longer = stamping.lengthen(blobs[0], head["url"], head["seconds"], trusted)
    else:
        longer = stamping.stamp(blobs[0], head["url"], head["seconds"])
    verdict = judge.judge(longer, roots, [one.dump() for one in pinned], own=own)
    if not verdict.sound or not verdict.time or not longer.startswith(blobs[0]):
        raise Stale("documents.time_refused", N_("The time stamp is not one we trust: %(why)s"),
                    why=", ".join(verdict.problems) or "-")
    stamping.check_clock(verdict.last_time, datetime.now(UTC))
    return verdict.to_json(), [longer]


def _stamp_hash(head: dict[str, Any], _blobs: list[bytes]) -> Reply:
    """A time stamp over a hash alone, by an authority that is pinned."""
    digest, pinned = bytes.fromhex(head["digest"]), _certificates(head["time_roots"])
    token, told, authority = stamping.stamp_hash(digest, head["url"], head["seconds"], pinned)
    stamping.check_clock(told.isoformat(), datetime.now(UTC))
    return {"time": told.isoformat(), "authority": authority}, [token]


def _photo(_head: dict[str, Any], blobs: list[bytes]) -> Reply:
    copy = photos.safe_copy(blobs[0])
    return {"width": copy.width, "height": copy.height, "mime": copy.mime}, [copy.content]


def _warm(_head: dict[str, Any], _blobs: list[bytes]) -> Reply:
    """Everything is loaded and one paper set, so that the first that somebody waits for is as quick as the next."""
    typeset.warm()
    for kind in ("plan", "statement"):
        typeset.typeset(papers.preview_of(editions.edition(editions.NEWEST), kind, "zh", ""))
    return {"pid": os.getpid()}, []


WORK: dict[str, Callable[[dict[str, Any], list[bytes]], Reply]] = {
    "make": _make, "pack": _pack, "sheets": _sheets, "merge": _merge, "produce": _produce, "judge": _judge,
    "stamp": _stamp, "stamp_hash": _stamp_hash, "countersign": _countersign, "sign": _sign,
    "take_apart": lambda _head, blobs: apart.take_apart(blobs[0]), "photo": _photo, "warm": _warm,
}  # fmt: skip


def answer(head: dict[str, Any], blobs: list[bytes]) -> Reply:
    """Do one piece of work; every failure becomes an answer, so that the process goes on."""
    try:
        return WORK[head["work"]](head, blobs)
    except TradeError as error:
        refusal = {"kind": error.kind, "code": error.code, "message": error.message, "params": error.params}
        return {"refused": {**refusal, "field": error.field}}, []
    except MemoryError:
        return {"fault": "MemoryError"}, []
    except Exception as error:  # the waiting side decides what a fault means for its paper
        return {"fault": f"{type(error).__name__}: {error}"}, []


def _fetch(requests: BinaryIO, replies: BinaryIO, digest: bytes) -> bytes:
    """Ask the waiting side for a time stamp in the middle of a piece of work. Raises OSError where there is none."""
    write_frame(replies, {"wants": "token"}, [digest])
    head, blobs = read_frame(requests)
    if not blobs:
        raise OSError(head.get("why") or "nobody fetches it")
    return blobs[0]


def main() -> None:
    """Answer until the other side goes away."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(5)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever started the press; he closes it
    # pyHanko logs whole tracebacks for a certificate that is merely unknown; the verdict says it.
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
    logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
    requests, replies = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints must not look like a reply
    stamping.fetch_outside = partial(_fetch, requests, replies)
    while True:
        try:
            head, blobs = read_frame(requests)
        except EOFError:
            return
        try:
            write_frame(replies, *answer(head, blobs))
        except BrokenPipeError:  # whoever asked was stopped meanwhile and wants no answer
            os._exit(0)  # at an orderly end Python would complain of what it could not flush


if __name__ == "__main__":
    main()
