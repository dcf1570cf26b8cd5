"""A plugin that means harm by what it says, keeps or how it is set: only it suffers, and the pages still stand."""

from __future__ import annotations

import html
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask

from fieldsales.collection.models import Action
from fieldsales.extensions.models import PluginFault, PluginRecord
from fieldsales.extensions.standing import standing_of
from fieldsales.plugin_api.manager import Plugins
from fieldsales.web.here import Program
from tests import cast
from tests.collection.conftest import rows
from tests.extensions.conftest import tell, write_keeper
from tests.extensions.test_standing import from_phone

SAYS = {
    "half a sign": r"raise ValueError('\ud800')",
    "a NUL": r"raise ValueError('a\x00b')",
    "turns round": r"raise ValueError('\u202eevil')",
    "markup": "raise ValueError('<script>alert(1)</script>')",
    "says nothing for long": ("import time\nclass Slow(Exception):\n    def __str__(self):\n        time.sleep(5)\n"
                              "raise Slow"),
    "cannot be said": "class Broken(Exception):\n    def __str__(self):\n        raise RuntimeError\nraise Broken",
    "garbage of its own": ("from fieldsales.plugin_api.validate import Garbage\nclass Mine(Garbage):\n"
                           "    def __str__(self):\n        return '\\ud800'\nraise Mine"),
}  # fmt: skip


def test_whatever_it_raises_the_action_stands_and_the_page_is_drawn(
    make_app: Callable[..., Flask], any_url: str, keepers: Path
) -> None:
    app = make_app(any_url, plugins=Plugins.load(None, keepers, with_installed=False, call_seconds=0.5))
    program, client = app.extensions["fieldsales"], app.test_client()
    client.post("/login", data={"login": "admin", "password": cast.PASSWORD})
    for n, told in enumerate(SAYS.values(), 1):
        began = time.monotonic()
        assert tell(program, told)["unjudged"].startswith("keeper: ")
        assert time.monotonic() - began < 4
        assert len(rows(program, Action)) == n
        standing_of(program).tell()
        assert len(rows(program, PluginFault)) == 1
        page = client.get("/plugins/keeper")
        assert (page.status_code, "出了什么问题" in html.unescape(page.get_data(as_text=True))) == (200, True)
        assert "<script>alert(1)" not in page.get_data(as_text=True)
        program.plugins.resume("keeper")
    assert client.get("/plugins").status_code == client.get("/reports/house").status_code == 200
    assert rows(program, PluginFault)[0]["count"] == len(SAYS)


def test_bodies_of_one_customer_together_have_a_limit_too(kept: Program) -> None:
    for n in range(10):
        assert tell(kept, f'e.append(Keep("note", "{n}", {{"x": "y" * 19_000}}))')["unjudged"] == ""
    assert "200000 bytes" in tell(kept, 'e.append(Keep("note", "last", {"x": "y" * 19_000}))')["unjudged"]
    assert tell(kept, 'e += [Forget("note", "0"), Keep("note", "last", {"x": "y" * 19_000})]')["unjudged"] == ""
    assert len(rows(kept, PluginRecord)) == 11


def test_plugin_taken_away_while_a_phone_sends_holds_what_comes_after(kept: Program) -> None:
    first, second = from_phone(), from_phone()
    take = kept.plugins.anew(kept.plugins.found, off={"keeper"})
    kept.plugins.methods["keeper"]  # the first is judged while it is there
    answers = kept.dispatcher.perform_batch(cast.REP, [first])
    kept.plugins.become(take)
    answers += kept.dispatcher.perform_batch(cast.REP, [second])
    assert [(answer.status, answer.code) for answer in answers] == [
        ("applied", ""), ("held", "collection.method_away")]  # fmt: skip


def test_plugin_taken_away_between_finding_and_asking_holds_the_record(kept: Program) -> None:
    method = kept.plugins.methods["keeper"]
    gone = kept.plugins.anew(kept.plugins.found, off={"keeper"})
    gone.method = lambda name: method if name == "keeper" else None  # type: ignore[method-assign]
    kept.dispatcher.plugins = gone
    [answer] = kept.dispatcher.perform_batch(cast.REP, [from_phone()])
    assert (answer.status, answer.code) == ("held", "collection.method_away")
    assert rows(kept, Action) == []


def test_second_plugin_of_a_name_is_told_and_stands_beside_the_first(
    make_app: Callable[..., Flask], keepers: Path, main_url: str
) -> None:
    write_keeper(keepers / "keeper", "__init__")
    app = make_app(main_url, plugins_dir=keepers)
    client = app.test_client()
    client.post("/login", data={"login": "admin", "password": cast.PASSWORD})
    page = html.unescape(client.get("/plugins").get_data(as_text=True))
    assert "另一个插件与它同名" in page
    assert client.get("/plugins/keeper").status_code == client.get("/reports/house").status_code == 200


def test_files_that_vanish_while_they_are_looked_at_stop_no_request(
    make_app: Callable[..., Flask], keepers: Path, main_url: str
) -> None:
    app = make_app(main_url, plugins_dir=keepers, plugins_reload=True)
    (keepers / "gone.py").symlink_to(keepers / "nowhere.py")
    assert app.test_client().get("/login").status_code == 200
    write_keeper(keepers, "fresh")
    assert app.test_client().get("/login").status_code == 200
    assert "fresh" in app.extensions["fieldsales"].plugins.methods
