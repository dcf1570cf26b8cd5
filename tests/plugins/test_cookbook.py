"""The recipes of the cookbook, cooked: each file as the page shows it, in a whole program, against a real server."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from fieldsales.collection.models import Task
from fieldsales.jobs.carrying import Orders
from fieldsales.jobs.queries import kept_by
from fieldsales.places import data_dir
from fieldsales.plugin_api.jobs import JobFacts
from fieldsales.plugin_api.manager import Plugins
from fieldsales.testkit.office import Office, open_office

PAGE = Path(__file__).parents[2] / "fieldsales" / "handbook" / "plugin-cookbook"
BLOCK = re.compile(r"```(\w+)(?: file=(\S+))?\n(.*?)```", re.DOTALL)


def blocks(lang: str) -> list[tuple[str, str, str]]:
    """(language, file, text) of every fenced block of the page."""
    return BLOCK.findall(PAGE.with_suffix(f".{lang}.md").read_text("utf-8"))


@pytest.fixture
def kitchen(tmp_path: Path) -> Iterator[Office]:
    """A program with every recipe in it."""
    folder = tmp_path / "recipes"
    folder.mkdir()
    for language, file, text in blocks("zh"):
        if language == "python":
            (folder / file).write_text(text, "utf-8")
    office = open_office(tmp_path, Plugins.load(data_dir("plugins"), folder, with_installed=False))
    yield office
    office.program.store.engine.dispose()


class DingTalk(BaseHTTPRequestHandler):
    """As much of its API as an approval needs (workflow 1.0). ``decided``: what the boss has said, by number."""

    asked: list[dict[str, Any]]
    decided: dict[str, str]

    def _answer(self, what: dict[str, Any], status: int = 200) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(what).encode())

    def do_POST(self) -> None:
        """A token, or a new approval."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/v1.0/oauth2/accessToken":
            self._answer({"accessToken": "t1"}) if body["appSecret"] == "s3cret" else self._answer({}, 403)
        elif self.headers["x-acs-dingtalk-access-token"] == "t1":
            self.asked.append(body)
            self._answer({"instanceId": f"n{len(self.asked)}"})

    def do_GET(self) -> None:
        """What became of one."""
        number = self.path.rpartition("=")[2]
        result = self.decided.get(number)
        self._answer({"result": {"status": "COMPLETED" if result else "RUNNING", "result": result or ""}})

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def dingtalk() -> Iterator[tuple[str, type[DingTalk]]]:
    """Its address, and what it has been asked."""
    handler = type("Here", (DingTalk,), {"asked": [], "decided": {}})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", handler
    server.shutdown()
    server.server_close()


def run_job(office: Office) -> None:
    """One run of the recipe's job, its orders carried out as the worker does."""
    program, plugins = office.program, office.program.plugins
    with program.store.reading() as connection:
        facts = JobFacts(office.clock.now(), program.today, settings=plugins.settings_of("ding_approval"),
                         kept=kept_by(connection, "ding_approval"))
    answer = plugins.declared("scheduled_jobs")["ding_approval/dingtalk"].run(facts)
    Orders(program, "ding_approval", "dingtalk", office.clock.now() + timedelta(minutes=1)).carry_out(answer.orders)


def test_cookbook_says_the_same_in_both_languages() -> None:
    assert blocks("zh") == blocks("en")
    assert len(blocks("zh")) >= 2


def test_cookbook_every_recipe_loads(kitchen: Office) -> None:
    files = {Path(file).stem for language, file, _ in blocks("zh") if language == "python"}
    states = {one.name: (one.state, one.last_error) for one in kitchen.program.plugins.status()}
    assert {name: states[name] for name in files} == dict.fromkeys(files, ("active", ""))


def test_cookbook_discount_goes_to_dingtalk_and_its_answer_comes_back_once(
    kitchen: Office, dingtalk: tuple[str, type[DingTalk]]
) -> None:
    address, there = dingtalk
    kitchen.program.plugins.take_settings({"ding_approval": {
        "host": address, "app_key": "k", "app_secret": "s3cret", "process_code": "P-1", "originator": "boss"}})
    kitchen.take("discount", {"amount": 500_000, "why": "旧货退不掉"})
    run_job(kitchen)
    run_job(kitchen)
    [asked] = there.asked
    assert {"name": "折让", "value": "¥5,000.00"} in asked["formComponentValues"]
    there.decided["n1"] = "refuse"
    run_job(kitchen)
    run_job(kitchen)
    told = [row["title"] for row in kitchen.rows(Task) if "折让" in row["title"]]
    assert told == ["钉钉未同意折让：按原数催收"]


def test_cookbook_clause_reaches_the_phone(kitchen: Office) -> None:
    changes = kitchen.client("rep").get("/api/v1/sync/pull?cursor=0").get_json()["changes"]
    assert "短信或微信到达该号码之日视为送达" in json.dumps(changes, ensure_ascii=False)
