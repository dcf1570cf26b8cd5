"""The form of close follow-up: one amount and one day, whom, and what came of it."""

from __future__ import annotations

from fieldsales.plugin_api import Choice, Field, words

STAGES = {
    "agree": words("约定逐日付款", "Agree on payment day by day"),
    "paid": words("今天付了", "Paid today"),
    "missed": words("今天没付", "Not paid today"),
    "supply": words("建议停货（主管决定）", "Propose to stop supply (the manager decides)"),
    "joint": words("约老板，主管一起去", "A visit to the owner, with the manager"),
    "law": words("转法务", "Hand over to legal"),
    "stop": words("对方反对、请离开或警方警告", "They objected, asked us to leave, or the police warned us"),
}
STOPS = {
    "objection": words("要求不再联系", "Asked not to be contacted"),
    "asked_to_leave": words("请我们离开", "Asked us to leave"),
    "police": words("警方到场或警告", "The police came, or warned us"),
}
#: Stages in which somebody of theirs was asked.
ASKED = ("agree", "paid", "missed", "joint")

FIELDS = (
    Field("stage", "choice", words("这次", "This time"), required_hint=True,
          choices=tuple(Choice(code, labels) for code, labels in STAGES.items())),
    Field("person", "text", words("对谁说的（对方自己的人）", "To whom (one of theirs)"),
          when=("stage", (*ASKED, "stop"))),
    Field("on", "date", words("哪天", "On"), prefill="today", when=("stage", ("paid", "missed"))),
    Field("amount", "money", words("金额（一个数）", "Amount (one sum)"), minimum=1, when=("stage", ("agree", "paid"))),
    Field("first_on", "date", words("哪天开始", "From which day"), when=("stage", ("agree",))),
    Field("days", "number", words("付几天", "For how many days"), minimum=1, maximum=120, when=("stage", ("agree",))),
    Field("visit_on", "date", words("哪天去", "Visit on"), when=("stage", ("joint",))),
    Field("stop", "choice", words("是哪一种", "Which"), when=("stage", ("stop",)),
          choices=tuple(Choice(code, labels) for code, labels in STOPS.items())),
    Field("words", "prose", words("对方原话", "Their own words"), maximum=900, when=("stage", ("missed", "stop"))),
    Field("parked", "text", words("岔开的话题（另外处理，今天不谈）", "Side topic (dealt with apart, not today)"),
          when=("stage", ASKED)),
)  # fmt: skip
