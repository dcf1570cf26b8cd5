"""A way of collecting that a manager made without programming, and a rep's use of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldsales.collection.messages import TakeAction
from fieldsales.demo.steps import FORGETFUL, SHORT, SPENT, UNWILLING
from fieldsales.extensions.standing import standing_of
from fieldsales.kernel.ids import uuid7
from fieldsales.methods.messages import WriteMethod
from fieldsales.methods.starting import EXAMPLES

if TYPE_CHECKING:
    from fieldsales.demo.story import Met, Stage

NAME = "voice_call"


def tell(stage: Stage, met: dict[str, Met]) -> None:
    """The manager takes the example into use and makes its limit stricter; a rep fixes a meeting by it."""
    taken = {FORGETFUL, SHORT, SPENT, UNWILLING}
    one = next(met[c.code] for c in stage.ledger.customers if c.habit == "late" and c.code not in taken)
    manager = next(actor for actor in stage.people.values()
                   if actor.role == "manager" and actor.team_id == one.owner.team_id)
    text = (EXAMPLES / f"{NAME}.toml").read_text(encoding="utf-8")
    stage.act(manager, "methods.write_method", WriteMethod(text=text, was=0, note="从示例开始"), stage.moment(20, 9))
    stricter = text.replace("times = 3", "times = 2")
    stage.act(manager, "methods.write_method", WriteMethod(text=stricter, was=1, note="一周最多两次，免得扰人"),
              stage.moment(15, 9))
    standing_of(stage.program).look(at_once=True)
    method = stage.program.plugins.method(NAME)
    if method is None:
        return  # switched off by the machine's settings: the story goes without its call
    at = stage.moment(3, 15)
    stage.act(one.owner, "collection.take_action", TakeAction(
        action_id=uuid7(), customer_id=one.id, debtor_id=one.debtor_id, method=NAME, form_version=method.version,
        fields={"result": "asked_time", "said": "这两天在外地，下周回来就安排。"}, occurred_at=at), at)
