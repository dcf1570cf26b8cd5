"""Stock counted on the spot: against what was delivered and what was there last time, it tells what has been sold.

What is sold is money they have had: it is what to ask for first. What does not move is a sign, not a reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from fieldsales.plugin_api import CaseFacts, Decision, Field, Fields, Keep, Panel, Problem, Table, words
from fieldsales.plugin_api.fields import Labels

#: Items one count may keep: far more than one counts by hand.
MOST = 60
FIELDS = (
    Field("items", "rows", words("逐项清点", "Item by item"), required_hint=True, maximum=30, fields=(
        Field("item", "text", words("品名规格", "Item"), maximum=60, required_hint=True),
        Field("delivered", "number", words("上次清点后送来", "Delivered since the last count"), minimum=0),
        Field("counted", "number", words("现在数到", "Counted now"), minimum=0, required_hint=True),
        Field("unit", "text", words("单位", "Unit"), maximum=8),
    )),
    Field("photos", "photo", words("货架和仓库照片", "Photos of shelves and stock"), maximum=10),
    Field("note", "prose", words("看到什么", "What you saw"), maximum=1000),
)  # fmt: skip


def check(fields: Fields, facts: CaseFacts) -> list[Problem]:
    """Warnings only: the count has been made."""
    found = []
    for row in _rows(fields):
        sold = _sold(row, _before(facts).get(str(row.get("item", "")).strip()))
        if sold is not None and sold < 0:
            item = row.get("item")
            found.append(Problem("items", words(f"{item}：比应有的还多 {-sold}，请核对送货数。",
                                                f"{item}: {-sold} more than there can be; check what was delivered."),
                                 blocking=False))  # fmt: skip
    return found[:20]


def count(fields: Fields, facts: CaseFacts) -> Decision:
    """The count as it stands, what has been sold since, and what to ask for."""
    before, now, lines, sold_any = _before(facts), {}, [], False
    for row in _rows(fields):
        item, counted, unit = str(row["item"]).strip(), int(row["counted"]), str(row.get("unit", ""))
        sold = _sold(row, before.get(item))
        sold_any |= sold is not None and sold > 0
        now[item] = {"counted": counted, "unit": unit, "sold": sold, "on": facts.today.isoformat()}
        lines.append(_line(item, row, before.get(item), sold))
    asks = sold_any and facts.overdue.minor > 0
    step = words("按卖掉的部分要款", "Ask for payment of what is sold") if asks else None
    kept = dict(list({**before, **now}.items())[-MOST:])
    return Decision(
        summary=words(f"清点库存：{len(now)} 项" + ("，有动销" if sold_any else ""),
                      f"Stock counted: {len(now)} items" + (", some of it sold" if sold_any else "")),
        outcome="counted" if now else "nothing_counted",
        next_step=step,
        next_on=facts.today if step else None,
        effects=(Keep("stock", "counts", {"items": kept}),) if now else (),
        details=tuple(lines),
    )


def _rows(fields: Fields) -> list[Mapping[str, Any]]:
    given: Any = fields.get("items", ())
    return [row for row in given if str(row.get("item", "")).strip() and "counted" in row]


def _before(facts: CaseFacts) -> dict[str, Any]:
    kept = next((one for one in facts.kept if (one.kind, one.key) == ("stock", "counts")), None)
    return dict(kept.body.get("items", {})) if kept else {}


def _sold(row: Mapping[str, Any], before: Mapping[str, Any] | None) -> int | None:
    """Sold since the last count: what was there, and what came, less what is left. None: nothing to compare with."""
    delivered = row.get("delivered")
    if before is None and delivered is None:
        return None
    return int(before["counted"] if before else 0) + int(delivered or 0) - int(row["counted"])


def _line(item: str, row: Mapping[str, Any], before: Mapping[str, Any] | None, sold: int | None) -> Labels:
    unit = str(row.get("unit", ""))
    zh, en = [f"现存 {row['counted']}{unit}"], [f"{row['counted']}{unit} now"]
    if before:
        zh.insert(0, f"上次 {before['counted']}")
        en.insert(0, f"{before['counted']} last time")
    if row.get("delivered") is not None:
        zh.insert(-1, f"送来 {row['delivered']}")
        en.insert(-1, f"{row['delivered']} delivered")
    if sold is not None:
        zh.append(f"卖出 {sold}")
        en.append(f"{sold} sold")
    return words(f"{item}：{'，'.join(zh)}"[:300], f"{item}: {', '.join(en)}"[:300])


def show(facts: CaseFacts) -> Panel | None:
    """The last count of every item, the newest first."""
    items = sorted(_before(facts).items(), key=lambda one: str(one[1].get("on", "")), reverse=True)
    if not items:
        return None
    rows = tuple((name[:60], f"{one['counted']}{one.get('unit', '')}", "–" if one.get("sold") is None else one["sold"],
                  date.fromisoformat(one["on"])) for name, one in items[:20])
    return Panel(table=Table((words("品名规格", "Item"), words("现存", "There"), words("卖出", "Sold since"),
                              words("清点日", "Counted")), rows))  # fmt: skip
