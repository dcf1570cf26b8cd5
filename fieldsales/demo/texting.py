"""A text message that arrived, one that did not, and a reply on WeChat kept as a screenshot. Told only where the plugin
for it is there."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageDraw, ImageFont
from sqlalchemy import select

from fieldsales.collection.cases import cases_of
from fieldsales.collection.gate import Contact, permit
from fieldsales.collection.gate_facts import gate_facts
from fieldsales.collection.messages import TakeAction
from fieldsales.collection.texting import BeginText, RecordText
from fieldsales.collection.textmodels import TextMessage
from fieldsales.demo.calls import TOLD
from fieldsales.demo.contacting import LEFT_ALONE
from fieldsales.kernel.ids import uuid7
from fieldsales.kernel.operation import SYSTEM
from fieldsales.places import PACKAGE
from fieldsales.receivables.paperfiles import read_paper
from fieldsales.receivables.papers import keep_bytes
from fieldsales.store.base import table_of

if TYPE_CHECKING:
    from fieldsales.demo.story import Met, Stage

METHOD, SENDER = "message", "aliyun"
_ASKED = ("您好，截至今天贵方未付货款的数目请核对，", "什么时候能付？")
_ANSWERED = ("数目对的。", "这个月 25 号先打一半，", "剩下的月底前付清。")


def tell(stage: Stage, met: dict[str, Met]) -> None:
    """Two messages by the house's provider, and what one customer answered."""
    known = stage.program.plugins.methods.get(METHOD)
    if known is None:
        return
    free = _may_be_texted(stage, met)
    for one, (state, answer) in zip(free, (("delivered", "DELIVERED"), ("failed", "空号")), strict=False):
        _send(stage, one, known.version, state, answer)
    if len(free) > 2:
        _reply(stage, free[2], known.version)


def _may_be_texted(stage: Stage, met: dict[str, Met]) -> list[Met]:
    """Customers who owe and whom the gate lets be texted this very hour: by night the demo tells of none."""
    mine = {one.id: one for code, one in sorted(met.items()) if code not in TOLD | LEFT_ALONE and one.contact}
    contact = Contact("message", stage.program.clock.now())
    with stage.program.store.reading() as connection:
        cases = cases_of(connection, list(mine)).values()
        facts = gate_facts(connection, list(mine), stage.today)
    owing = dict.fromkeys(case.customer_id for case in sorted(cases, key=lambda case: (case.collectable_minor, case.id))
                          if case.collectable_minor > 0)
    return [mine[key] for key in owing if permit(contact, facts[key]).ok]


def _take(stage: Stage, one: Met, version: int, fields: dict[str, Any]) -> str:
    action_id = uuid7()
    stage.act(one.owner, "collection.take_action", TakeAction(
        action_id=action_id, customer_id=one.id, debtor_id=one.debtor_id, method=METHOD, fields=fields,
        form_version=version))
    return action_id


def _send(stage: Stage, one: Met, version: int, state: Any, answer: str) -> None:
    action_id = _take(stage, one, version, {
        "what": "send", "tone": "firm", "way": "provider", "to": "138 0571 22" + str(stage.dice.randint(10, 99))})
    t = table_of(TextMessage).c
    with stage.program.store.reading() as connection:
        text_id = connection.scalar(select(t.id).where(t.action_id == action_id))
    if text_id is None:
        return
    stage.act(SYSTEM, "collection.begin_text", BeginText(text_id=text_id, customer_id=one.id, sender=SENDER))
    stage.act(SYSTEM, "collection.record_text", RecordText(
        text_id=text_id, customer_id=one.id, state="sent", answer="200", cost_minor=10,
        provider_number=f"9006{stage.dice.randint(10**8, 10**9)}^0"))
    stage.act(SYSTEM, "collection.record_text", RecordText(
        text_id=text_id, customer_id=one.id, state=state, answer=answer))


def _reply(stage: Stage, one: Met, version: int) -> None:
    [sha256] = keep_bytes(stage.program, one.owner, [read_paper("微信截图.png", _screenshot(one.contact))])
    _take(stage, one, version, {
        "what": "reply", "reply": "acknowledged", "account": "known", "shot": [sha256],
        "reply_words": "数目对的。这个月 25 号先打一半，剩下的月底前付清。"})


def _screenshot(name: str) -> bytes:
    """A chat as a phone shows it, drawn: nobody's."""
    face = ImageFont.truetype(str(PACKAGE / "documents" / "fonts" / "FieldsalesSong.ttf"), 30)
    picture = Image.new("RGB", (780, 900), "#ededed")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, 780, 96), fill="#f7f7f7")
    pen.text((390, 48), name, fill="#111", font=face, anchor="mm")
    top = 150
    for lines, ours in ((_ASKED, True), (_ANSWERED, False)):
        width, height = max(int(pen.textlength(line, font=face)) for line in lines) + 60, 46 * len(lines) + 44
        left = 740 - width if ours else 40
        pen.rounded_rectangle((left, top, left + width, top + height), 16, fill="#95ec69" if ours else "#ffffff")
        for number, line in enumerate(lines):
            pen.text((left + 30, top + 22 + 46 * number), line, fill="#111", font=face)
        top += height + 50
    held = io.BytesIO()
    picture.save(held, "PNG")
    return held.getvalue()
