"""Papers and sheets of plugins: a template filled in, in a sandbox, with what it declared and nothing else.

Filling in fetches and includes nothing, and what comes out of it is held to a few plain elements: a sealed paper wears
the house's own style, so nobody can hide a figure of it. Sheets (addresses, posting lists) are working papers and
bring a style of their own. Pure but for the template's own text; whoever asks gives the deadline (``Plugins.ask``).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from html import escape
from html.parser import HTMLParser
from typing import Any

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from fieldsales.documents import clauses
from fieldsales.documents.clauses import Amounts, Json
from fieldsales.documents.shown import Shown
from fieldsales.plugin_api.garbage import Garbage, need
from fieldsales.plugin_api.papers import DocumentTemplate

LARGEST = 200_000
#: The elements a paper may hold, and their attributes. Classes are words of the house's own style sheet.
ELEMENTS = frozenset(
    "h2 h3 p br strong em ul ol li dl dt dd table caption thead tbody tr th td section div span".split())
ATTRIBUTES = frozenset({"class", "scope", "colspan", "rowspan", "lang"})
#: Elements that have no end.
_OPEN = frozenset({"br"})
#: Classes of the frame around the text: a paper must not dress up as it.
_FRAME = frozenset({"record", "sign", "end", "letterhead", "ink", "code", "number", "debt"})
#: What a sheet must not hold either: everything that could bring something in from outside.
_NEVER = frozenset("script link meta base iframe object embed img svg style form input audio video source".split())
#: Where in its text a paper has the core state the whole debt; without it, below all of it.
WHOLE = '<div class="whole"></div>'
_DEBT = {
    "zh": ("截至{on}，{debtor_name}欠{seller_name}款项合计 {total}（大写：{total_words}），其中已逾期 {overdue}。",
           "本文书不构成对其中任何部分的放弃、减免或者延期。"),
    "en": ("As of {on}, {debtor_name} owes {seller_name} {total} ({total_words}), of which {overdue} is overdue.",
           "Nothing in this paper waives, reduces or defers any part of it."),
}  # fmt: skip


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined, trim_blocks=True,
                                         lstrip_blocks=True)


def filled(template: DocumentTemplate, facts: Mapping[str, Any], values: Mapping[str, str], lang: str) -> str:
    """The template's HTML with its places filled: of ``facts`` and ``values`` only what it declared.

    Raises Garbage for a template that asks for anything else, cannot be read, or holds what it may not.
    """
    given: dict[str, Any] = {name: facts[name] for name in template.facts}
    given |= {name: values.get(name, "") for name in template.values if name not in given}
    try:
        html = _environment().from_string(template.text).render(lang=lang, **given)
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
        raise Garbage(f"template {template.name}: {type(error).__name__}: {error}"[:300]) from error
    need(len(html) <= LARGEST, f"template {template.name}: more than {LARGEST} signs")
    return checked(html) if template.per == "case" else checked(html, sheet=True)


class _Reader(HTMLParser):
    """Reads markup and raises Garbage at the first thing a paper may not hold; ends must match."""

    def __init__(self, *, sheet: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.sheet, self.open = sheet, list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        need(tag not in _NEVER and tag in ELEMENTS, f"a paper may not hold <{tag}>")
        for name, value in attrs:
            need(name in ATTRIBUTES, f"<{tag}> may not have {name}")
            worn = set((value or "").split()) if name == "class" else set()
            need(self.sheet or not worn & _FRAME, f"the class {' '.join(sorted(worn & _FRAME))} is the frame's own")
        if tag not in _OPEN:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """An element ends: the one that began last."""
        need(bool(self.open) and self.open.pop() == tag, f"</{tag}> ends nothing")

    def handle_decl(self, decl: str) -> None:
        """No document of its own."""
        raise Garbage("a paper's text is no document of its own")

    def unknown_decl(self, data: str) -> None:
        """Nothing that readers of markup disagree about."""
        raise Garbage("a paper may hold no markup declarations")

    def handle_pi(self, data: str) -> None:
        """Nothing that readers of markup disagree about."""
        raise Garbage("a paper may hold no processing instructions")

    def handle_comment(self, data: str) -> None:
        """Nothing that readers of markup disagree about."""
        raise Garbage("a paper may hold no comments; write them {# so #}")


def checked(html: str, *, sheet: bool = False) -> str:
    """The HTML, or Garbage: plain elements only, each ended, none that fetches, styles or hides."""
    reader = _Reader(sheet=sheet)
    reader.feed(html)
    reader.close()
    need(not reader.open, f"<{' '.join(reader.open)}> is not ended")
    return html


def _debt_of(payload: Json, lang: str) -> list[Shown]:
    """The whole debt as the core words it, below whatever a plugin's paper says of it."""
    words = clauses.clause_sets()["words"]
    amounts = Amounts(words["currencies"], payload["currency"], lang)
    values = {
        "on": clauses.shown_date(payload["as_of"], words[lang]), "debtor_name": payload["debtor_name"],
        "seller_name": payload["seller_name"], "total": amounts.figures(payload["total_minor"]),
        "total_words": amounts.words(payload["total_minor"]), "overdue": amounts.figures(payload["overdue_minor"]),
    }  # fmt: skip
    return [Shown("debt", sentence.format_map(values), gap=not place) for place, sentence in enumerate(_DEBT[lang])]


def brought_blocks(lang: str, payload: Json) -> list[Shown]:
    """The frame around a plugin's text: title, number, the whole debt where it prints a figure, and who made it."""
    words = clauses.clause_sets()["words"][lang]
    number = ("编号：", "No. ")[lang == "en"] + payload["number"]
    debt = _debt_of(payload, lang) if payload["states_debt"] and payload["total_minor"] else []
    return [
        Shown("title", payload["title"]), Shown("number", number), *debt,
        Shown("sign", payload["seller_name"]), Shown("sign", clauses.shown_date(payload["as_of"], words)),
    ]  # fmt: skip


def facts_of(values: Mapping[str, Any], lang: str, currency: str) -> dict[str, Any]:
    """Facts of a case as a template prints them: amounts as ``…_minor``, days as ISO dates, made into words.

    ``invoices``: (number, due date, open minor, days overdue).
    """
    words = clauses.clause_sets()["words"]
    amounts = Amounts(words["currencies"], currency, lang)

    def day(iso: str) -> str:
        return clauses.shown_date(iso, words[lang]) if iso else ""

    facts = {name: value for name, value in values.items() if not name.endswith("_minor")}
    for name in ("total", "overdue"):
        facts[name] = amounts.figures(values[f"{name}_minor"])
        facts[f"{name}_words"] = amounts.words(values[f"{name}_minor"])
    facts["interest"] = amounts.figures(values["interest_minor"]) if values["interest_minor"] else ""
    facts["on"], facts["oldest_due_on"] = day(values["on"]), day(values["oldest_due_on"])
    facts["invoices"] = [
        {"number": number, "due_on": day(due_on), "days": days, "amount": amounts.figures(minor)}
        for number, due_on, minor, days in values["invoices"]
    ]
    return facts


def sheet_html(title: str, css: str, parts: list[str], lang: str) -> str:
    """A whole document of sheets, each part on pages of its own."""
    language = "en" if lang == "en" else "zh-CN"
    body = "".join(f'<section class="sheet">{part}</section>' for part in parts)
    return (f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
            f"<style>{css.replace('</', '')}</style></head><body>{body}</body></html>")
