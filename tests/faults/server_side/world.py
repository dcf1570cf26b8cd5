"""What happens in the field: commands as phones make them, by a seed."""

from __future__ import annotations

import hashlib
import io
import random
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from PIL import Image

from fieldsales.kernel.ids import paper_number, uuid7
from tests import cast


@cache
def photo(seed: int, side: int = 24) -> bytes:
    """A real, small picture; another one for each seed."""
    noise = Image.frombytes("RGB", (side, side), random.Random(seed).randbytes(3 * side * side))
    target = io.BytesIO()
    noise.save(target, "JPEG")
    return target.getvalue()


def sha256(data: bytes) -> str:
    """A photo's name."""
    return hashlib.sha256(data).hexdigest()


def command(operation: str, entity_id: str, payload: dict[str, Any], *, needs: list[str] | None = None,
            made_at: datetime | None = None) -> dict[str, Any]:
    """A command as it lies in the outbox."""
    made = made_at or datetime.now(UTC)
    return {"command_id": uuid7(), "v": 1, "seq": 1, "operation": operation, "entity_id": entity_id,
            "needs": needs or [], "base_rev": None, "form": None, "tz": "Asia/Shanghai", "app": "1", "mono": 1,
            "made_at": made.isoformat().replace("+00:00", "Z"), "blobs": [], "payload": payload}


def visit(customer_id: str = cast.HARBOUR, *, photos: list[str] | None = None, **more: Any) -> dict[str, Any]:
    """A visit, with photos by their hashes. ``outcome`` paid: no task follows from it."""
    made = {key: more.pop(key) for key in ("needs", "made_at") if key in more}
    visit_id = uuid7()
    shots = [{"sha256": one, "size": 1000, "mime": "image/jpeg", "slot": "photo"} for one in photos or []]
    payload = {"visit_id": visit_id, "customer_id": customer_id, "said": "月底一定付", "photos": shots,
               "persons": [{"name": "老周", "role": "老板"}], "outcome": "paid", **more}
    return command("visits.log_visit", visit_id, payload, **made)


def note(customer_id: str, text: str, **made: Any) -> dict[str, Any]:
    """A note."""
    note_id = uuid7()
    return command("visits.add_note", note_id, {"note_id": note_id, "customer_id": customer_id, "text": text}, **made)


def promise(customer_id: str, amount_minor: int, *, supersedes: list[str] | None = None, **made: Any) -> dict[str, Any]:
    """A promise to pay in ten days."""
    promise_id = uuid7()
    return command("promises.make_promise", promise_id, {
        "promise_id": promise_id, "customer_id": customer_id, "amount_minor": amount_minor,
        "due_on": (date.today() + timedelta(days=10)).isoformat(), "words": "十天内",
        "supersedes": supersedes or []}, **made)


def receipt(customer_id: str, amount_minor: int, *, seller_id: str | None = None, **made: Any) -> dict[str, Any]:
    """Money taken at the counter; with one of our companies named, a paper follows."""
    receipt_id = uuid7()
    now = datetime.now(UTC)
    return command("receivables.register_receipt", receipt_id, {
        "receipt_id": receipt_id, "number": paper_number("SJ", receipt_id, now.date()), "customer_id": customer_id,
        "amount_minor": amount_minor, "method": "transfer", "received_at": now.isoformat(), "seller_id": seller_id},
        **made)
