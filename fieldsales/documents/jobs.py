"""What the worker does for papers: making and sealing them, and having time authorities stamp them."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any, Protocol

from fieldsales.documents import press
from fieldsales.documents.authorities import Breakers
from fieldsales.documents.fetching import fetcher
from fieldsales.documents.keeping import keep
from fieldsales.documents.queries import (
    document_row,
    last_anchor,
    log_head,
    newest_revision,
    revisions_of,
    wanting_time,
)
from fieldsales.documents.service import ANCHOR_TOPIC, COUNTERSIGN_TOPIC, PROOFS_TOPIC, SEAL_TOPIC, STAMP_TOPIC
from fieldsales.kernel.errors import Invalid, RuleBroken, Stale
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import SYSTEM, Envelope
from fieldsales.store.outbox import Later, job

log = logging.getLogger(__name__)
#: Proofs are made to last longer when the newest stamp's certificate ends within this time.
REFRESH = timedelta(days=90)
#: Papers whose proofs are looked after in one night.
A_NIGHT = 500
#: Which authorities this worker leaves alone.
breakers = Breakers()


class Program(Protocol):
    """What this job uses of the running program."""

    settings: Any
    store: Any
    clock: Any
    dispatcher: Any
    plugins: Any
    parts: dict[str, Any]


@job(SEAL_TOPIC)
def seal_paper(program: Program, payload: dict[str, Any]) -> None:
    """Make and seal one paper. Run twice, the first bytes stand; nothing unsealed is ever called final.

    Bytes first, then the row that names them: killed in between, an unnamed blob is left and the paper is
    sealed again. Without a key, or while the press is down, it stays ``sealing_pending``.
    """
    with program.store.reading() as connection:
        document = document_row(connection, payload["document_id"])
    if document is None or document["state"] == "sealed":
        return
    who = {"document_id": document["id"], "customer_id": document["customer_id"]}
    try:
        product = press.produce(
            document["kind"], document["source"], document["lang"], program.settings, document["flags"] or ()
        )
    except Invalid as refusal:
        # It can never be made as it stands (a sign no face has): a person must look at it.
        log.warning("paper refused", extra={"document": document["id"], "code": refusal.code})
        program.dispatcher.perform(SYSTEM, "documents.record_seal_failure", {**who, "reason": refusal.code})
        return
    except RuleBroken as error:
        # No key, or one that has run out: the paper waits for a person however long it takes.
        raise Later(str(error), patient=True) from error
    except press.PressFault as error:
        raise Later(str(error)) from error
    sha256 = keep(program.dispatcher, program.parts["blobs"], product.content, "application/pdf", program.clock.now())
    sealed = {
        "sha256": sha256, "unsealed_sha256": product.unsealed_sha256, "size": len(product.content),
        "level": product.level, "certificate": product.certificate, "time_wanted": bool(authorities_of(program)),
    }  # fmt: skip
    program.dispatcher.perform(SYSTEM, "documents.record_seal", {**who, **sealed})


def authorities_of(program: Program) -> list[str]:
    """The time authorities in the order they are asked: addresses, or names of those a plugin brings."""
    return str(program.settings.tsa_urls).split()


@job(STAMP_TOPIC)
def stamp_paper(program: Program, payload: dict[str, Any]) -> None:
    """Append a time stamp to a sealed paper (B-T); to a stamped one, what a check in many years needs (B-LTA).

    Bytes first, then the row: killed in between, an unnamed blob is left and the paper is stamped again. A stamp
    that cannot be had now is waited for however long it takes; proofs are asked for again the next night.
    """
    with program.store.reading() as connection:
        document = document_row(connection, payload["document_id"])
        newest = newest_revision(connection, payload["document_id"])
    if document is None or newest is None or not _has_need(newest, program.clock.now()):
        return
    content, lengthen = program.parts["blobs"].read(newest.sha256), newest.level != "B-B"
    try:
        longer, verdict = breakers.ask(
            authorities_of(program), program.clock.now,
            lambda url: press.stamp(content, url, program.settings, lengthen=lengthen, outside=fetcher(program, url)))
    except (Stale, press.PressFault) as error:
        if lengthen:
            log.info("no long-term proofs yet", extra={"document": document["id"], "why": str(error)[:200]})
            return
        raise Later(str(error), patient=True) from error
    record_longer(program, document, newest, longer, verdict, kind="archive" if lengthen else "time")


def _has_need(newest: Any, now: datetime) -> bool:
    ends = newest.checkable_until
    return newest.level != "B-LTA" or (ends is not None and ends < now + REFRESH)


def record_longer(program: Program, document: dict[str, Any], newest: Any, content: bytes, verdict: dict[str, Any], *,
                  kind: str, by_id: str = "", time_wanted: bool = False) -> dict[str, Any]:
    """Keep the bytes of a file that has grown, then note them. Answers ``recorded``, ``n`` and ``sha256``."""
    sha256 = keep(program.dispatcher, program.parts["blobs"], content, "application/pdf", program.clock.now())
    answer: dict[str, Any] = program.dispatcher.perform(SYSTEM, "documents.record_revision", {
        "document_id": document["id"], "customer_id": document["customer_id"], "kind": kind,
        "previous_sha256": newest.sha256, "sha256": sha256, "size": len(content), "level": verdict["level"],
        "at": verdict["time"] or None, "authority": verdict["authority"],
        "checkable_until": verdict["checkable_until"] or None, "by_id": by_id, "time_wanted": time_wanted,
    })  # fmt: skip
    return answer


@job(COUNTERSIGN_TOPIC)
def countersign_paper(program: Program, payload: dict[str, Any]) -> None:
    """Sign the prepared field with the house's key, after the newest revision; once. A time stamp follows."""
    with program.store.reading() as connection:
        document = document_row(connection, payload["document_id"])
        files = revisions_of(connection, payload["document_id"])
    if document is None or not files or any(one.kind == "countersigned" for one in files):
        return
    newest = files[-1]
    try:
        longer, verdict = press.countersign(
            program.parts["blobs"].read(newest.sha256), program.settings, payload["by"])
    except RuleBroken as error:
        raise Later(str(error), patient=True) from error
    except press.PressFault as error:
        raise Later(str(error)) from error
    answer = record_longer(program, document, newest, longer, verdict, kind="countersigned", by_id=payload["by_id"],
                           time_wanted=bool(authorities_of(program)))
    if not answer["recorded"]:
        raise Later("the file grew meanwhile")


@job(PROOFS_TOPIC)
def keep_proofs(program: Program, _payload: dict[str, Any]) -> None:
    """Ask for what is missing: times of papers sealed before an authority was named, proofs that will run out."""
    if not authorities_of(program):
        return
    with program.store.reading() as connection:
        wanted = wanting_time(connection, program.clock.now() + REFRESH)[:A_NIGHT]
    program.dispatcher.perform_batch(SYSTEM, [
        Envelope(uuid7(), "documents.want_time", {"document_id": document_id, "customer_id": customer_id})
        for document_id, customer_id in wanted])


@job(ANCHOR_TOPIC)
def anchor_log(program: Program, _payload: dict[str, Any]) -> None:
    """Have a time authority stamp the head of the log. Without an authority, or with nothing new, nothing is done."""
    with program.store.reading() as connection:
        head, last = log_head(connection), last_anchor(connection)
    if not authorities_of(program) or head is None or (last is not None and last.seq >= head.seq):
        return
    try:
        token, told = breakers.ask(
            authorities_of(program), program.clock.now,
            lambda url: press.stamp_hash(head.link_sha256, url, program.settings, outside=fetcher(program, url)))
    except (Stale, press.PressFault) as error:
        raise Later(str(error), patient=True) from error
    sha256 = keep(program.dispatcher, program.parts["blobs"], token, "application/timestamp-token", program.clock.now())
    program.dispatcher.perform(SYSTEM, "documents.record_anchor", {
        "seq": head.seq, "link_sha256": head.link_sha256, "token_sha256": sha256, "at": told["time"],
        "authority": told["authority"]})
