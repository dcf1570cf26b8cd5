"""Letters on their way: one signed for with its receipt, one nobody can prove, one that came back, one just posted.

Told only where the plugin for it is there.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageDraw, ImageFont
from sqlalchemy import select

from fieldsales.collection.gate import Contact, permit
from fieldsales.collection.gate_facts import gate_facts
from fieldsales.collection.messages import TakeAction
from fieldsales.demo.calls import TOLD
from fieldsales.demo.contacting import LEFT_ALONE
from fieldsales.kernel.clock import FixedClock
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import Actor
from fieldsales.places import PACKAGE
from fieldsales.receivables.models import CustomerMoney
from fieldsales.receivables.paperfiles import read_paper
from fieldsales.receivables.papers import keep_bytes
from fieldsales.store.base import table_of

if TYPE_CHECKING:
    from fieldsales.demo.story import Met, Stage

METHOD, CARRIER = "letter", "邮政特快专递"


def tell(stage: Stage, met: dict[str, Met]) -> None:
    """Four letters to three customers, by their manager."""
    if METHOD not in stage.program.plugins.methods:
        return
    chosen = _late(stage, met)
    if len(chosen) < 3:
        return
    proven, back, fresh = chosen[:3]
    _letter(stage, proven, 48, "EA310276654CN", "friendly")
    _note(stage, proven, 44, {
        "stage": "delivered", "tracking_number": "EA310276654CN", "delivered_on": _day(stage, 44),
        "signed_by": "传达室 周师傅", "signer": "mailroom",
        "proof": [_receipt(stage, proven, "EA310276654CN", "传达室 周师傅")]})
    _letter(stage, proven, 20, "EA310298817CN", "firm")
    _letter(stage, back, 16, "EA310301125CN", "friendly")
    _note(stage, back, 9, {"stage": "returned", "tracking_number": "EA310301125CN", "returned_on": _day(stage, 9),
                           "returned_as": "moved", "why_back": "该址已搬迁，门卫不知新址"})
    _letter(stage, fresh, 3, "EA310322406CN", "friendly")
    _note(stage, fresh, 1, {"stage": "in_transit", "tracking_number": "EA310322406CN"})


def _late(stage: Stage, met: dict[str, Met]) -> list[Met]:
    """Who may be written to, the largest overdue sum first; those with stories of their own are left alone."""
    m, now = table_of(CustomerMoney).c, stage.program.clock.now()
    known = {one.id: one for one in met.values()
             if one.code not in LEFT_ALONE | TOLD and _manager(stage, one) is not None}
    with stage.program.store.reading() as connection:
        rows = connection.execute(select(m.customer_id).where(
            m.overdue_minor > 0, m.oldest_due_on <= stage.today - timedelta(days=60)).order_by(
                m.overdue_minor.desc(), m.customer_id)).scalars()
        ids = [key for key in rows if key in known]
        gates = gate_facts(connection, ids, stage.today)
    return [known[key] for key in ids if permit(Contact("letter", now, "demand"), gates[key]).ok
            and not gates[key].has_dispute]


def _manager(stage: Stage, one: Met) -> Actor | None:
    return next((who for who in stage.people.values() if who.role == "manager" and who.team_id == one.owner.team_id),
                None)


def _day(stage: Stage, days_ago: int) -> str:
    return (stage.today - timedelta(days=days_ago)).isoformat()


@contextmanager
def _then(stage: Stage, days_ago: int) -> Iterator[None]:
    """As if it were that day: a letter is dated by the day it is made."""
    dispatcher = stage.program.dispatcher
    now, dispatcher.clock = dispatcher.clock, FixedClock(stage.moment(days_ago, 10))
    try:
        yield
    finally:
        dispatcher.clock = now


def _letter(stage: Stage, one: Met, days_ago: int, number: str, tone: str) -> None:
    with _then(stage, days_ago):
        _note(stage, one, days_ago, {"stage": "make", "tone": tone, "lang": "zh"})
    _note(stage, one, days_ago - 1, {"stage": "posted", "carrier": CARRIER, "tracking_number": number,
                                     "posted_on": _day(stage, days_ago - 1)})


def _note(stage: Stage, one: Met, days_ago: int, fields: dict[str, Any]) -> None:
    at, who = stage.moment(days_ago, 10), _manager(stage, one)
    assert who is not None  # chosen so
    stage.act(who, "collection.take_action", TakeAction(
        action_id=uuid7(), customer_id=one.id, debtor_id=one.debtor_id, method=METHOD, fields=fields,
        form_version=stage.program.plugins.methods[METHOD].version, occurred_at=at), at)


def _receipt(stage: Stage, one: Met, number: str, signed: str) -> str:
    """A return receipt as it comes back signed, drawn: nobody's."""
    face = ImageFont.truetype(str(PACKAGE / "documents" / "fonts" / "FieldsalesSong.ttf"), 34)
    picture = Image.new("RGB", (1000, 640), "#f6efd9")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((20, 20, 980, 620), outline="#7a5c2e", width=3)
    pen.text((500, 80), "邮件回执", fill="#7a5c2e", font=face, anchor="mm")
    for line, text in enumerate((f"邮件号码：{number}", f"收件人：{one.name}", f"签收人：{signed}",
                                 f"签收日期：{_day(stage, 44)}")):
        pen.text((80, 180 + 90 * line), text, fill="#222", font=face)
    pen.ellipse((690, 380, 900, 590), outline="#b3261e", width=6)
    pen.text((795, 485), "收发章", fill="#b3261e", font=face, anchor="mm")
    held = io.BytesIO()
    picture.save(held, "PNG")
    [sha256] = keep_bytes(stage.program, stage.people["sunli"], [read_paper(f"回执_{number}.png", held.getvalue())])
    return sha256
