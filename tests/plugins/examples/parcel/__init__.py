"""A parcel service: an example with a screen, a template and words of its own."""

from __future__ import annotations

from fieldsales.plugin_api import CaseFacts, Choice, CollectionMethod, Decision, Field, Fields, Problem, hookimpl, words

__version__ = "1.0"

FIELDS = (
    Field("result", "choice", words("结果", "Result"), choices=(
        Choice("handed", words("交到手里", "Handed over")), Choice("away", words("没人在", "Nobody there")))),
    Field("at", "time", words("几点", "At"), when=("result", ("handed",))),
    Field("waited", "duration", words("等了多久", "Waited")),
    Field("where", "location", words("在哪里", "Where")),
    Field("told", "bool", words("当面说过", "Told in person")),
    Field("who", "text", words("和谁说的", "Told whom"), when=("told", (True,))),
    Field("stock", "rows", words("库存", "Stock"), maximum=5, fields=(
        Field("item", "text", words("货品", "Item")),
        Field("count", "number", words("数量", "Count"), minimum=0, maximum=9999),
        Field("faulty", "bool", words("有破损", "Damaged")),
        Field("fault", "choice", words("怎么破损", "How"), choices=(
            Choice("wet", words("受潮", "Wet")), Choice("broken", words("破碎", "Broken"))), when=("faulty", (True,))),
    )),
    Field("receipt", "photo", words("签收照片", "Photo of the receipt")),
    Field("signature", "signature", words("收件人签名", "Signature of the receiver")),
    Field("tape", "recording", words("通话录音", "Recording of the call")),
)  # fmt: skip


def check(fields: Fields, facts: CaseFacts) -> list[Problem]:
    """Handed over by somebody."""
    if fields.get("result") == "handed" and fields.get("told") and "who" not in fields:
        return [Problem("who", words("写上和谁说的。", "Say whom."), blocking=False)]
    return []


def outcome(fields: Fields, facts: CaseFacts) -> Decision:
    """Signed for is grade A."""
    if fields.get("result") != "handed":
        return Decision(words("包裹：没有送到", "Parcel: not delivered"), "away")
    rows = fields.get("stock", ())
    count = len(rows) if isinstance(rows, tuple) else 0
    return Decision(words(f"包裹：已交付，清点 {count} 项", f"Parcel: handed over, {count} items counted"), "handed",
                    grade="A" if "signature" in fields else "C", effect="demand")


METHOD = CollectionMethod(
    "parcel", words("包裹", "Parcel"), outcome, fields=FIELDS, check=check, screen="parcel.js",
    template="parcel/form.html")


@hookimpl
def collection_methods() -> list[CollectionMethod]:
    """The one method."""
    return [METHOD]
