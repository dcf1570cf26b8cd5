"""What the worker does for papers: making and sealing them."""

from __future__ import annotations

import logging
from typing import Any, Protocol

from fieldsales.documents import press
from fieldsales.documents.keeping import keep
from fieldsales.documents.queries import document_row
from fieldsales.documents.service import SEAL_TOPIC
from fieldsales.kernel.errors import Invalid, RuleBroken
from fieldsales.kernel.operation import SYSTEM
from fieldsales.store.outbox import Later, job

log = logging.getLogger(__name__)


class Program(Protocol):
    """What this job uses of the running program."""

    settings: Any
    store: Any
    clock: Any
    dispatcher: Any
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
    except (RuleBroken, press.PressFault) as error:
        raise Later(str(error)) from error
    sha256 = keep(program.dispatcher, program.parts["blobs"], product.content, "application/pdf", program.clock.now())
    sealed = {
        "sha256": sha256, "unsealed_sha256": product.unsealed_sha256, "size": len(product.content),
        "level": product.level, "certificate": product.certificate,
    }  # fmt: skip
    program.dispatcher.perform(SYSTEM, "documents.record_seal", {**who, **sealed})
