"""Papers and sheets a plugin brings (文书模板): the plugin words them, the core fills them in from the books.

A paper of a case is sealed as every other one. Its figures are the core's: whoever prints one of them has the whole
debt printed below it, so that no part can be left out and waived by accident (诉讼时效规定 art. 9). A sheet (an
address, a posting list) is a working paper of the office, printed with a batch and sealed by nobody.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from fieldsales.plugin_api import validate
from fieldsales.plugin_api.fields import NAME, Labels
from fieldsales.plugin_api.markers import hookspec
from fieldsales.plugin_api.types import PAPERS, Decision, MakePaper

Per = Literal["case", "piece", "batch"]
#: Figures of the debt, in the paper's language. Whoever prints one has the whole debt stated by the core as well.
FIGURES: Mapping[str, str] = {
    "total": "the whole debt in figures", "total_words": "the whole debt in words",
    "overdue": "what of it is overdue", "overdue_words": "the overdue part in words",
    "invoices": "the open invoices: number, due_on, days, amount", "oldest_due_on": "the oldest open due date",
}
#: What a paper of one case may print.
CASE_FACTS: Mapping[str, str] = {
    "number": "the paper's own number", "on": "the day it is made", "seller_name": "who sells",
    "seller_account": "the only account to pay to", "seller_address": "ours", "seller_phone": "ours",
    "seller_reg_no": "ours", "interest": "late interest to this day by the rates on record; empty where none applies",
    "debtor_name": "who owes", "debtor_address": "where the debtor sits", "contact_name": "who made the paper",
    **FIGURES,
}
#: What a sheet of one piece of a batch may print.
PIECE_FACTS: Mapping[str, str] = {
    "n": "its place in the batch, from 1", "number": "the number of the paper it goes with",
    "seller_name": "who sends it", "seller_address": "ours", "debtor_name": "to whom", "debtor_address": "where to",
    "tracking_number": "the carrier's number, empty while there is none",
    "debtor_postcode": "six digits, empty where the address names none", "debtor_place": "the address without them",
    "seller_postcode": "likewise ours", "seller_place": "likewise ours",
}
#: What a sheet over a whole batch may print. Each of ``pieces`` holds the facts of a piece.
BATCH_FACTS: Mapping[str, str] = {
    "pieces": "every piece of the batch, in posting order", "count": "how many", "on": "the day it is printed",
    "seller_name": "who sends them", "seller_address": "ours",
}
FACTS_OF: Mapping[str, Mapping[str, str]] = {"case": CASE_FACTS, "piece": PIECE_FACTS, "batch": BATCH_FACTS}
_FILE = re.compile(r"[a-z0-9_]+(/[a-z0-9_]+)*\.html")
_STYLE = re.compile(r"[a-z0-9_]+(/[a-z0-9_]+)*\.css")
_VALUE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_PREFIX = re.compile(r"[A-Z]{2}")
LANGS = ("zh", "en")
LARGEST_FILE = 50_000


@dataclass(frozen=True, slots=True)
class DocumentTemplate:
    """A paper or sheet a plugin brings.

    ``name``: what ``MakePaper`` calls it. ``file``: a Jinja template below the plugin's ``templates/``
    (``letter/fax_cover.html``); it is given the facts it declares, ``values`` (those of ``MakePaper`` it declares) and
    ``lang``, includes nothing and fetches nothing. Where it has ``<div class="whole"></div>`` the core states the whole
    debt there, else below the text. ``per``: ``case`` a sealed paper of one case, ``piece`` a sheet
    printed before each paper of a batch, ``batch`` one over a whole batch. ``prefix``: two capitals its number begins
    with. ``presses``: it asks for money, so the gate holds it back when the debtor may not be pressed now.
    ``for_court``: it goes to a court or a lawyer, so it presses nobody whatever it states. ``style``: a style sheet
    beside it, for sheets alone: papers wear the house's own.
    """

    name: str
    labels: Labels
    file: str
    facts: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    langs: tuple[str, ...] = LANGS
    per: Per = "case"
    prefix: str = "WS"
    presses: bool = False
    style: str = ""
    for_court: bool = False
    text: str = ""
    """The file's text, read by the core when the plugin is loaded."""
    css: str = ""
    """The style sheet's text, likewise."""

    @property
    def states_debt(self) -> bool:
        """Whether it prints a figure of the debt: then the core states the whole of it too."""
        return any(fact in FIGURES for fact in self.facts)


def template(given: Any) -> DocumentTemplate:
    """A template, or Garbage."""
    need = validate.need
    need(type(given) is DocumentTemplate, f"a template must be a DocumentTemplate, not {type(given).__name__}")
    need(isinstance(given.name, str) and bool(NAME.fullmatch(given.name)), f"template name {given.name!r}")
    what = f"template {given.name}"
    validate.labels(given.labels, f"{what}: labels", 60)
    need(isinstance(given.file, str) and bool(_FILE.fullmatch(given.file)), f"{what}: file {given.file!r}")
    need(given.per in FACTS_OF, f"{what}: per {given.per!r}")
    _listed(given.facts, f"{what}: there is no fact", FACTS_OF[given.per])
    need(isinstance(given.values, tuple) and len(given.values) <= 20, f"{what}: values must be a short tuple")
    for name in given.values:
        need(isinstance(name, str) and bool(_VALUE.fullmatch(name)), f"{what}: value {name!r}")
    need(bool(given.langs), f"{what}: names no language")
    _listed(given.langs, f"{what}: there is no language", LANGS)
    need(isinstance(given.prefix, str) and bool(_PREFIX.fullmatch(given.prefix)), f"{what}: prefix {given.prefix!r}")
    said = (given.presses, given.for_court)
    need(all(type(one) is bool for one in said), f"{what}: presses and for_court must be True or False")
    need(isinstance(given.style, str) and (not given.style or bool(_STYLE.fullmatch(given.style))),
         f"{what}: style {given.style!r}")
    need(given.per != "case" or not given.style, f"{what}: a sealed paper wears the house's style, not its own")
    checked: DocumentTemplate = given
    return checked


def located(one: DocumentTemplate, module: object) -> DocumentTemplate:
    """The template with its file's text, from ``templates/`` beside the plugin's own file; Garbage where it is not."""
    own = getattr(module, "__file__", None) or getattr(sys.modules.get(type(module).__module__), "__file__", None)
    folder = Path(str(own)).parent / "templates"
    texts = {}
    for name in (one.file, one.style):
        path = folder / name
        if name:
            validate.need(path.is_file(), f"template {one.name}: there is no file templates/{name}")
            validate.need(path.stat().st_size <= LARGEST_FILE, f"template {one.name}: {name} is too large")
            texts[name] = path.read_text(encoding="utf-8")
    return replace(one, text=texts[one.file], css=texts.get(one.style, ""))


def known(decision: Decision | None, templates: Mapping[str, DocumentTemplate]) -> Decision | None:
    """The decision, with what each paper is to the gate; Garbage where neither the core nor a plugin makes a paper."""
    if decision is None or not any(isinstance(effect, MakePaper) for effect in decision.effects):
        return decision
    return replace(decision, effects=tuple(_known(effect, templates) if isinstance(effect, MakePaper) else effect
                                           for effect in decision.effects))


def _known(paper: MakePaper, templates: Mapping[str, DocumentTemplate]) -> MakePaper:
    if paper.kind in PAPERS:
        return replace(paper, presses=False)
    one = templates.get(paper.kind)
    validate.need(one is not None and one.per == "case", f"MakePaper: there is no paper {paper.kind!r}")
    return replace(paper, presses=one is not None and not one.for_court and (one.presses or one.states_debt))


def _listed(given: Any, what: str, known: Iterable[str]) -> None:
    validate.need(isinstance(given, tuple), f"{what} but in a tuple")
    for one in given:
        validate.need(one in known, f"{what} {one!r}")


class TemplateHooks:
    """The hook of papers."""

    @hookspec
    def document_templates(self) -> Iterable[DocumentTemplate]:  # type: ignore[empty-body]
        """Papers and sheets that this plugin words and the core fills in, seals and prints.

        When: once, as the program starts; a template is filled in whenever a decision's ``MakePaper`` names it,
        or a batch is printed.
        Returns: DocumentTemplate records; a name already taken by another plugin is refused.
        Errors: one bad record, or a file that is not there, fails the whole plugin. A template that prints what it
        has not declared, holds markup a paper may not hold, or takes more than two seconds makes no paper: the action
        is on record unjudged, with the reason.
        Since: API 1.

        Example::

            @hookimpl
            def document_templates():
                return [DocumentTemplate("fax_cover", {"zh": "传真封面", "en": "Fax cover sheet"},
                                         "letter/fax_cover.html", facts=("debtor_name", "total"),
                                         values=("fax_number", "pages"), prefix="CZ")]
        """
