"""Papers of plugins' templates, filled in from the books: one a seller and currency. It asks; it writes nothing."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Any

from fieldsales.collection.casepapers import MOST_LISTED, interest_of, one_lang_of
from fieldsales.collection.rules import CaseFile, Letter, letters_of
from fieldsales.documents import brought
from fieldsales.documents.contents import BroughtPayload
from fieldsales.kernel.ids import paper_number, uuid7
from fieldsales.plugin_api.facts import CaseFacts
from fieldsales.plugin_api.manager import Plugins
from fieldsales.plugin_api.papers import DocumentTemplate
from fieldsales.plugin_api.types import MakePaper

_LINE = 120


def _values(file: CaseFile, letter: Letter, number: str, facts: CaseFacts) -> dict[str, Any]:
    today, seller, debtor = facts.today, letter.seller, letter.debtor
    interest = interest_of(file, letter, today)
    listed = [(one.invoice.number, one.due_on.isoformat(), one.open_minor, max((today - one.due_on).days, 0))
              for one in letter.debts[:MOST_LISTED]]
    oldest = min((one.due_on for one in letter.debts if one.open_minor > 0), default=None)
    return {
        "number": number, "on": today.isoformat(), "seller_name": seller.name, "seller_account": seller.account,
        "seller_address": seller.address, "seller_phone": seller.phone, "debtor_name": debtor.name,
        "debtor_address": debtor.address, "contact_name": facts.actor_name, "total_minor": letter.total_minor(),
        "overdue_minor": letter.overdue_minor(today), "invoices": listed,
        "oldest_due_on": oldest.isoformat() if oldest else "", "seller_reg_no": seller.reg_no,
        "interest_minor": interest.total_minor if interest and not interest.unreckoned else 0,
    }  # fmt: skip


def worded(plugins: Plugins, file: CaseFile, facts: CaseFacts, paper: MakePaper) -> list[BroughtPayload]:
    """The payloads of a plugin's paper, the largest debt first. Raises PluginFailed where it cannot be filled in."""
    lang = one_lang_of(paper)

    def of(letter: Letter) -> BroughtPayload:
        paper_id = uuid7()

        def fill(one: DocumentTemplate) -> BroughtPayload:
            tongue = lang if lang in one.langs else one.langs[0]
            number = paper_number(one.prefix, paper_id, facts.today)
            shown = brought.facts_of(_values(file, letter, number, facts), tongue, letter.currency)
            body = brought.filled(one, shown, paper.values, tongue)
            return _payload(one, plugins.brought_by("document_templates", one.name), letter, facts, paper_id, number,
                            body, tongue)

        made: BroughtPayload = plugins.ask("document_templates", paper.kind, fill)
        return made

    return [of(letter) for letter in letters_of(file, facts.debtor)]


def _payload(one: DocumentTemplate, plugin: str, letter: Letter, facts: CaseFacts, paper_id: str, number: str,
             body: str, lang: str) -> BroughtPayload:
    today: date = facts.today
    return BroughtPayload(
        paper_id=paper_id, number=number, title=one.labels[lang], plugin=plugin, template=one.name,
        template_sha256=sha256(one.text.encode()).hexdigest(), seller_name=letter.seller.name,
        debtor_name=letter.debtor.name, as_of=today, currency=letter.currency, total_minor=letter.total_minor(),
        overdue_minor=letter.overdue_minor(today), states_debt=one.states_debt, body=body,
        made_at=facts.now.replace(microsecond=0),
    )  # fmt: skip
