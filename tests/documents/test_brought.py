"""Papers worded by plugins: filled in a sandbox, held to plain elements, the whole debt stated by the core."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from fieldsales.collection.models import Action
from fieldsales.documents import brought, press
from fieldsales.documents.canonical import document_of
from fieldsales.documents.contents import BroughtPayload
from fieldsales.documents.models import Document
from fieldsales.documents.papers import paper_of
from fieldsales.documents.typeset import page_html
from fieldsales.kernel.errors import Invalid
from fieldsales.kernel.ids import uuid7
from fieldsales.plugin_api.garbage import Garbage
from fieldsales.plugin_api.loading import in_folder
from fieldsales.plugin_api.manager import Plugins
from fieldsales.plugin_api.papers import DocumentTemplate
from fieldsales.store.base import table_of
from fieldsales.web.here import Program
from tests import cast
from tests.collection.conftest import with_debt

LABELS = {"zh": "收条", "en": "Slip"}
PLUGIN = '''
from fieldsales.plugin_api import *

TEMPLATE = DocumentTemplate("slip", words("收条", "Slip"), "handover/slip.html", facts=(FACTS),
                            values=("note",), prefix="ST", presses=PRESSES)

def outcome(fields, facts):
    return Decision(words("交付", "Handed over"), "made", effects=(MakePaper("NAME", {"note": "<b>当面</b>交付"}),))

@hookimpl
def collection_methods():
    return [CollectionMethod("handover", words("当面", "By hand"), outcome)]

@hookimpl
def document_templates():
    return [TEMPLATE]
'''


def template(text: str, **more: Any) -> DocumentTemplate:
    return replace(DocumentTemplate("slip", LABELS, "x/slip.html", facts=("debtor_name", "total"), values=("note",)),
                   text=text, **more)


FACTS = {"debtor_name": "<b>海港</b>", "total": "¥1.00", "seller_name": "我们", "overdue": "秘密"}


def test_only_what_is_declared_is_given_and_all_of_it_is_text() -> None:
    html = brought.filled(template("<p>{{ debtor_name }}：{{ note }}</p>"), FACTS, {"note": "a&b", "other": "x"}, "zh")
    assert html == "<p>&lt;b&gt;海港&lt;/b&gt;：a&amp;b</p>"


@pytest.mark.parametrize("text", [
    "{{ seller_name }}", "{{ other }}", "{{ note.missing.part }}", "{% include 'x' %}", "{% import 'x' as x %}",
    "{% extends 'x' %}", "{{ ''.__class__.__mro__ }}", "{{ note.format.__globals__ }}", "{{ lipsum.__globals__ }}",
    "{% for i in range(10000000) %}a{% endfor %}", "{% for i in range(90000) %}aaa{% endfor %}", "{{ 1 / 0 }}",
    "{{ 'x' | nosuchfilter }}", "{% if %}", "<p>", "</p>", "<b>x</b>", "<img src='http://x/'>", "<script>1</script>",
    "<p style='display:none'>x</p>", "<p onclick='x'>x</p>", "<a href='file:///etc/passwd'>x</a>", "<svg></svg>",
    "<link rel='attachment' href='x'>", "<style>.debt{display:none}</style>", "<p class='record'>x</p>",
    "<p class='debt'>x</p>", "<!-- x -->", "<!doctype html>", "<?xml x?>", "<![CDATA[x]]>", "<p><em>x</p></em>",
])  # fmt: skip
def test_a_template_that_reaches_further_makes_no_paper(text: str) -> None:
    with pytest.raises(Garbage):
        brought.filled(template(text), FACTS, {}, "zh")


@pytest.mark.parametrize("css", ["p { background: url(http://127.0.0.1:9/x) }", "@import 'file:///etc/passwd';",
                                 "@font-face { font-family: x; src: url(file:///etc/passwd) } p { font-family: x }"])
def test_a_sheets_style_fetches_nothing(css: str) -> None:
    with pytest.raises(Invalid):
        press.print_sheets(brought.sheet_html("x", css, ["<p>一</p>"], "zh"))


def test_a_sheet_ends_its_style_only_where_the_core_does() -> None:
    html = brought.sheet_html("<x>", "p{}</style><script>1</script>", ["<p>一</p>"], "zh")
    assert "</style><script>" not in html
    assert "<title>&lt;x&gt;</title>" in html


def made(make_app: Callable[..., Flask], url: str, folder: Path, text: str, *, facts: str = '"debtor_name", "total"',
         presses: bool = True, name: str = "slip") -> Program:
    """A program with a plugin whose method makes a paper of this template."""
    own = folder / "plugins" / "handover"
    (own / "templates" / "handover").mkdir(parents=True)
    source = PLUGIN.replace("FACTS", facts).replace("PRESSES", str(presses)).replace("NAME", name)
    (own / "__init__.py").write_text(source, encoding="utf-8")
    (own / "templates" / "handover" / "slip.html").write_text(text, encoding="utf-8")
    plugins = Plugins()
    for found in in_folder(folder / "plugins", "file"):
        plugins.add(found)
    [status] = plugins.status()
    assert status.state == "active", status.last_error
    return with_debt(make_app(url, plugins=plugins))


def act(program: Program) -> dict[str, Any]:
    return program.dispatcher.perform(cast.REP, "collection.take_action", {
        "action_id": uuid7(), "customer_id": cast.HARBOUR, "method": "handover", "fields": {}})


def documents(program: Program) -> list[Any]:
    with program.store.reading() as connection:
        return list(connection.execute(select(table_of(Document))))


def text_of(pdf: bytes, folder: Path) -> str:
    (folder / "paper.pdf").write_bytes(pdf)
    told = subprocess.run(["pdftotext", folder / "paper.pdf", "-"], check=True, capture_output=True, text=True).stdout
    return "".join(told.split())


def test_its_paper_is_numbered_sealed_and_states_the_whole_debt(
    make_app: Callable[..., Flask], sqlite_url: str, tmp_path: Path
) -> None:
    program = made(make_app, sqlite_url, tmp_path, "<h2>{{ debtor_name }}</h2><p>只欠 ¥1.00。{{ note }}</p>")
    answer = act(program)
    [paper] = documents(program)
    assert (answer["document_id"], paper.kind, paper.state) == (paper.id, "plugin", "sealing_pending")
    assert paper.number.startswith("ST260312-")
    assert paper.source["payload"]["total_minor"] == 18_230_000
    product = press.produce(paper.kind, paper.source, paper.lang, program.settings)
    text = text_of(product.content, tmp_path)
    assert "只欠¥1.00。<b>当面</b>交付" in text, "its own words, as text"
    assert "款项合计¥182,300.00" in text, "and below them the core's: the whole of it"
    assert "其中已逾期¥150,000.00" in text
    assert "不构成对其中任何部分的放弃" in text
    assert press.judge(product.content, program.settings)["sound"]
    assert b"www.aiim.org/pdfa/ns/id/" in product.content, "PDF/A as every paper"


def test_a_paper_without_a_figure_states_no_debt(make_app: Callable[..., Flask], sqlite_url: str, tmp_path: Path
                                                 ) -> None:
    program = made(make_app, sqlite_url, tmp_path, "<p>{{ debtor_name }}</p>", facts='"debtor_name",', presses=False)
    act(program)
    [paper] = documents(program)
    product = press.produce(paper.kind, paper.source, paper.lang, program.settings)
    assert "款项合计" not in text_of(product.content, tmp_path)


@pytest.mark.parametrize(("text", "name"), [
    ("<p>{{ seller_account }}</p>", "slip"),
    ("<p>{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}</p>", "slip"),
    ("<p>x</p>", "no_such_paper"),
])  # fmt: skip
def test_an_action_whose_paper_cannot_be_made_is_on_record_unjudged(
    make_app: Callable[..., Flask], sqlite_url: str, tmp_path: Path, text: str, name: str
) -> None:
    program = made(make_app, sqlite_url, tmp_path, text, name=name)
    assert act(program)["unjudged"]
    assert documents(program) == []
    with program.store.reading() as connection:
        assert connection.scalar(select(table_of(Action).c.plugin_error)), "with the reason"


def test_a_paper_that_asks_for_money_is_held_back_by_the_gate(
    make_app: Callable[..., Flask], sqlite_url: str, tmp_path: Path
) -> None:
    program = made(make_app, sqlite_url, tmp_path, "<p>{{ debtor_name }}</p>", presses=False)  # it prints a figure
    program.dispatcher.perform(cast.REP, "collection.record_stop", {
        "stop_id": uuid7(), "customer_id": cast.HARBOUR, "kind": "police", "words": "警告", "who": "民警"})
    assert act(program)["outcome"] == "held_back"
    assert documents(program) == []


def test_a_template_that_is_not_there_fails_the_plugin_and_names_the_file(tmp_path: Path) -> None:
    own = tmp_path / "plugins" / "handover"
    own.mkdir(parents=True)
    (own / "__init__.py").write_text(PLUGIN.replace("FACTS", "").replace("PRESSES", "True"), encoding="utf-8")
    plugins = Plugins()
    for found in in_folder(tmp_path / "plugins", "file"):
        plugins.add(found)
    [status] = plugins.status()
    assert (status.state, "templates/handover/slip.html" in status.last_error) == ("failed", True)


@pytest.mark.parametrize(("body", "order"), [
    ("<p>甲</p><p>此致法院</p>", ["甲", "此致法院", "款项合计", "本文书不构成"]),
    (f"<p>甲</p>{brought.WHOLE}<p>此致法院</p>", ["甲", "款项合计", "本文书不构成", "此致法院"]),
])  # fmt: skip
def test_the_whole_debt_stands_where_the_text_leaves_room_for_it_else_below(body: str, order: list[str]) -> None:
    payload = document_of(BroughtPayload(
        paper_id=uuid7(), number="QS1", title="起诉状", plugin="legal", template="x", template_sha256="ab" * 32,
        seller_name="海川", debtor_name="海港", as_of=cast.TODAY, currency="CNY", total_minor=100, overdue_minor=50,
        states_debt=True, body=body, made_at=cast.NOON))
    html = page_html(paper_of("plugin", "zh", {"payload": payload}, "http://127.0.0.1", development=False))
    assert sorted(order, key=html.index) == order
    assert html.index(order[-1]) < html.index('<section class="sign'), "and the signature after all of it"
