"""What a batch goes by: the order of posting, what a carrier's table says, whose scan a file is. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fieldsales.plugin_api.batches import Tracking

#: Heads of a carrier's table, as EMS, SF and others write them.
HEADS: Mapping[str, tuple[str, ...]] = {
    "number": ("邮件号", "邮件号码", "邮件编号", "运单号", "运单号码", "快递单号", "物流单号", "单号", "条码",
               "tracking", "trackingnumber", "trackingno", "waybill"),
    "paper": ("函件编号", "编号", "文书编号", "客户订单号", "订单号", "备注编号", "reference", "letter", "paper"),
    "status": ("状态", "物流状态", "邮件状态", "最新状态", "签收状态", "投递结果", "status", "state"),
    "day": ("签收时间", "签收日期", "时间", "日期", "最新时间", "投递时间", "寄出日期", "收寄时间", "date", "time",
            "deliveredon"),
    "signed_by": ("签收人", "收件签收人", "签收", "signedby", "signed"),
    "reason": ("原因", "退回原因", "退件原因", "说明", "备注", "reason", "remark"),
}  # fmt: skip
#: What a carrier writes, in the order it is looked for: sent back before delivered, for 退回妥投 is a return.
SAID: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("returned", ("退回", "退件", "退签", "拒收", "returned", "refused")),
    ("delivered", ("签收", "妥投", "已投", "送达", "delivered")),
    ("in_transit", ("在途", "运输", "派送", "派件", "投递中", "转运", "到达", "离开", "transit", "out for delivery")),
    ("posted", ("收寄", "揽收", "已寄", "揽件", "posted", "accepted", "picked")),
)
#: What is said of a piece that was not delivered, though the word for it stands there.
_NOT_YET = ("未妥投", "未签收", "未投", "not delivered", "undelivered")
_SIGNS = re.compile(r"[^0-9a-z]+")


def posting_order(pieces: Iterable[tuple[str, str, str]]) -> list[str]:
    """Ids in posting order: by address, so that one town's lie together, then by name. ``pieces``: (id, address, name).

    A piece without an address comes last.
    """
    return [key for key, _, _ in sorted(pieces, key=lambda one: (not one[1], one[1], one[2], one[0]))]


def plain(number: str) -> str:
    """A carrier's or paper's number as it is compared: letters and digits alone, lower case."""
    return _SIGNS.sub("", number.lower())


def step_of(status: str) -> str:
    """What a carrier's words say: one of ``STEPS``, or "" when they say nothing known."""
    said = status.strip().lower()
    found = next((step for step, words in SAID if any(word in said for word in words)), "")
    return "in_transit" if found != "returned" and any(word in said for word in _NOT_YET) else found


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a carrier's table. ``step`` "": a number for a paper, nothing of its way."""

    row: int
    number: str
    paper: str = ""
    step: str = ""
    day: Any = None
    signed_by: str = ""
    reason: str = ""
    status: str = ""


def _named(cell: object) -> str:
    """A head as it is compared: Chinese without what stands in brackets, else letters and digits alone."""
    text = re.sub(r"[\s（(].*", "", str(cell or "").strip())
    return text if any(ord(sign) > 0x2E80 for sign in text) else plain(str(cell or ""))


def _columns(head: Sequence[object]) -> dict[str, int]:
    """Where each field stands: by its exact head first, then by a Chinese one that holds it (EMS邮件号)."""
    names, found = [_named(cell) for cell in head], dict[str, int]()
    for exactly in (True, False):
        for field, known in HEADS.items():
            free = [place for place in range(len(names)) if place not in found.values()]
            place = next((place for name in known for place in free
                          if (names[place] == name if exactly else not name.isascii() and name in names[place])), None)
            if field not in found and place is not None:
                found[field] = place
    return found


def read_told(rows: Sequence[Sequence[object]]) -> tuple[list[Told], bool]:
    """(the lines of a carrier's table, whether its head was found): a head with a number and either a status, a paper
    or a day, among the first ten rows."""
    for top, head in enumerate(rows[:10]):
        at = _columns(head)
        if "number" in at and at.keys() & {"status", "paper", "day"}:
            return _lines(rows, top + 1, at), True
    return [], False


def _lines(rows: Sequence[Sequence[object]], first: int, at: Mapping[str, int]) -> list[Told]:
    found = []
    for place, row in enumerate(rows[first:], first + 1):
        cell: dict[str, Any] = {name: row[column] if column < len(row) else None for name, column in at.items()}
        texts = {name: str(value).strip() if value is not None else "" for name, value in cell.items()}
        if texts.get("number"):
            status = texts.get("status", "")
            found.append(Told(place, texts["number"], texts.get("paper", ""), step_of(status), cell.get("day"),
                              texts.get("signed_by", ""), texts.get("reason", ""), status))
    return found


def answers_for(tracking: Tracking, step: str, *, number: str = "", carrier: str = "", day: str = "",
                signed_by: str = "", signer: str = "", reason: str = "", proof: Sequence[str] = ()) -> dict[str, Any]:
    """What a step is on the method's own form; what the form does not ask for is left out."""
    said: dict[str, Any] = dict(tracking.steps[step])
    for name, value in ((tracking.number, number), (tracking.carrier, carrier), (tracking.days.get(step, ""), day),
                        (tracking.signed_by, signed_by if step == "delivered" else ""),
                        (tracking.signer, signer if step == "delivered" else ""),
                        (tracking.reason, reason if step == "returned" else ""), (tracking.proof, list(proof))):
        if name and value:
            said[name] = value
    return said


def whose(filename: str, numbers: Mapping[str, str]) -> str:
    """Whose scan a file is: by the longest number (plain → what it stands for) in its name; "" where there is none."""
    name = plain(filename.rpartition(".")[0] or filename)
    for number in sorted(numbers, key=len, reverse=True):
        if len(number) >= 4 and number in name:
            return numbers[number]
    return ""
