"""What is printed with a batch: before each paper its sheet, then one file; lists and labels over the whole of it.

Filling in asks the plugin, within its deadline; the press lays it out. Nothing of it is sealed: it is for the printer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from fieldsales.batches.queries import PaperOf, Piece
from fieldsales.documents import brought, press
from fieldsales.plugin_api.fields import Labels
from fieldsales.plugin_api.manager import Plugins
from fieldsales.plugin_api.papers import DocumentTemplate

#: One paper of a batch: the piece it belongs to and the paper itself.
Printed = tuple[Piece, PaperOf]


def sheets_for(plugins: Plugins, method: str, per: str) -> list[DocumentTemplate]:
    """The sheets of a kind that a method has printed with its batches, those that are here now."""
    found, known = plugins.method(method), plugins.declared("document_templates")
    named = found.batch.sheets if found is not None and found.batch is not None else ()
    return [known[name] for name in named if name in known and known[name].per == per]


#: A Chinese postcode at the beginning or the end of an address, or named as one anywhere in it.
_POSTCODE = re.compile(
    r"(?:邮政编码|邮编|P\.?C\.?)\s*[:：]?\s*([0-8]\d{5})(?!\d)|^\s*([0-8]\d{5})(?!\d)|(?<!\d)([0-8]\d{5})\s*$")
_EDGES = " \t，,。.、；;"


def postcode_of(address: str) -> tuple[str, str]:
    """(the six digits of the postcode, the address without them); "" and the whole address where it names none."""
    found = _POSTCODE.search(address)
    if found is None:
        return "", address
    before, behind = address[:found.start()].strip(_EDGES), address[found.end():].strip(_EDGES)
    joint = " " if before and behind and behind[0] not in "）)" else ""
    left = f"{before}{joint}{behind}".replace("（）", "").replace("()", "")
    return next(code for code in found.groups() if code), left.strip(_EDGES)


def facts_of(n: int, piece: Piece, paper: PaperOf, number: str = "") -> dict[str, Any]:
    """What a sheet may print of one paper: as the paper itself has it."""
    payload = paper.source["payload"]
    ours, theirs = payload.get("seller_address", ""), payload.get("debtor_address") or piece.address
    places = dict(zip(("seller_postcode", "seller_place", "debtor_postcode", "debtor_place"),
                      (*postcode_of(ours), *postcode_of(theirs)), strict=True))
    return {
        "n": n, "number": paper.number, "seller_name": payload.get("seller_name", ""), "seller_address": ours,
        "debtor_name": payload.get("debtor_name") or piece.debtor_name, "debtor_address": theirs,
        "tracking_number": number, **places,
    }  # fmt: skip


def in_order(pieces: Sequence[Piece], papers: dict[str, list[PaperOf]]) -> list[Printed]:
    """Every sealed paper of a batch, in posting order."""
    return [(piece, paper) for piece in pieces for paper in papers.get(piece.action_id, ()) if paper.sha256]


def _filled(plugins: Plugins, name: str, facts: Sequence[dict[str, Any]], lang: str) -> list[str]:
    made: list[str] = plugins.ask("document_templates", name, lambda one: [
        brought.filled(one, each, {}, lang) for each in facts])
    return made


def before_each(plugins: Plugins, template: DocumentTemplate, facts: Sequence[dict[str, Any]], lang: str) -> bytes:
    """The sheets that go before each paper, as one file of exactly one page each. Raises PluginFailed, Invalid."""
    html = brought.sheet_html(template.labels["zh"], template.css, _filled(plugins, template.name, facts, lang), lang)
    made, pages = press.print_sheets(html)
    if pages != len(facts):
        raise press.PressFault(f"{template.name}: {pages} pages for {len(facts)} papers")
    return made


def over_all(plugins: Plugins, template: DocumentTemplate, facts: Sequence[dict[str, Any]], on: str, lang: str
             ) -> bytes:
    """A sheet over a whole batch: labels, a posting list. Raises PluginFailed, Invalid."""
    first = facts[0] if facts else {"seller_name": "", "seller_address": ""}
    whole = {"pieces": list(facts), "count": len(facts), "on": on, "seller_name": first["seller_name"],
             "seller_address": first["seller_address"]}  # fmt: skip
    labels: Labels = template.labels
    html = brought.sheet_html(labels[lang], template.css, _filled(plugins, template.name, [whole], lang), lang)
    return press.print_sheets(html)[0]


def together(sheets: Sequence[bytes], papers: Sequence[bytes]) -> tuple[bytes, int]:
    """(the one file to print, its pages): before each paper its page of every file of sheets."""
    order = []
    for place in range(len(papers)):
        order += [(sheet, place, 1) for sheet in range(len(sheets))]
        order.append((len(sheets) + place, 0, -1))
    return press.merge([*sheets, *papers], order)
