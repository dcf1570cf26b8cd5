"""What a plugin author imports: hooks to implement, records to return, facts to read."""

from fieldsales.kernel.money import Money
from fieldsales.plugin_api.codes import CodeMessage, CodePost, CodeSender
from fieldsales.plugin_api.facts import (
    ActionFacts,
    CaseFacts,
    ContactFacts,
    CustomerFacts,
    DebtorFacts,
    DisputeFacts,
    EvidenceFacts,
    InvoiceFacts,
    PlanFacts,
    PromiseFacts,
    StatementFacts,
    Trigger,
)
from fieldsales.plugin_api.fields import Choice, Field, words
from fieldsales.plugin_api.keeping import Forget, Keep, Kept
from fieldsales.plugin_api.markers import API_VERSION, hookimpl
from fieldsales.plugin_api.notices import HttpPost, Notice, NoticeChannel
from fieldsales.plugin_api.types import (
    CollectionMethod,
    Decision,
    Excuse,
    Fields,
    MakePaper,
    MakeTask,
    Observer,
    Problem,
    SendMail,
)

__all__ = [
    "API_VERSION",
    "ActionFacts",
    "CaseFacts",
    "Choice",
    "CodeMessage",
    "CodePost",
    "CodeSender",
    "CollectionMethod",
    "ContactFacts",
    "CustomerFacts",
    "DebtorFacts",
    "Decision",
    "DisputeFacts",
    "EvidenceFacts",
    "Excuse",
    "Field",
    "Fields",
    "Forget",
    "HttpPost",
    "InvoiceFacts",
    "Keep",
    "Kept",
    "MakePaper",
    "MakeTask",
    "Money",
    "Notice",
    "NoticeChannel",
    "Observer",
    "PlanFacts",
    "Problem",
    "PromiseFacts",
    "SendMail",
    "StatementFacts",
    "Trigger",
    "hookimpl",
    "words",
]
