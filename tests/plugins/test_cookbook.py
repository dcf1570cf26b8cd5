"""The recipes of the cookbook, cooked: each file as the page shows it, in a whole program, against a real server."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from fieldsales.collection.case_models import ContactStop
from fieldsales.collection.models import Task
from fieldsales.collection.textmodels import TextMessage
from fieldsales.jobs.carrying import Orders
from fieldsales.jobs.queries import kept_by
from fieldsales.places import data_dir
from fieldsales.plugin_api.jobs import JobFacts
from fieldsales.plugin_api.manager import Plugins
from fieldsales.receivables.models import Payment
from fieldsales.testkit.office import Office, open_office
from tests.reminders.conftest import Outside

PAGE = Path(__file__).parents[2] / "fieldsales" / "handbook" / "plugin-cookbook"
BLOCK = re.compile(r"```(\w+)(?: file=(\S+))?\n(.*?)```", re.DOTALL)


def blocks(lang: str) -> list[tuple[str, str, str]]:
    """(language, file, text) of every fenced block of the page."""
    return BLOCK.findall(PAGE.with_suffix(f".{lang}.md").read_text("utf-8"))


#: A method whose texts go through the recipe's provider.
TEXTER = """
from fieldsales.plugin_api import CollectionMethod, Decision, SendText, hookimpl, words

def outcome(fields, facts):
    text = SendText("138 0571 2222", f"请付 {facts.balance}", "firm", {}, "demand")
    return Decision(words("短信", "Text"), "queued", effects=(text,))

@hookimpl
def collection_methods():
    return [CollectionMethod("texter", words("短信", "Text"), outcome)]
"""


def served(tmp_path: Path, at: str = "https://sms.example.com", **settings: Any) -> Office:
    """A program with every recipe in it; ``at``: where the provider of text messages is in this test."""
    folder = tmp_path / "recipes"
    folder.mkdir()
    for language, file, text in blocks("zh"):
        if language == "python":
            text = text.replace('"sms.example.com"', f'"{urlsplit(at).hostname}"')
            (folder / file).write_text(text.replace('f"https://{HOST}"', f'"{at}"'), "utf-8")
    (folder / "texter.py").write_text(TEXTER, "utf-8")
    return open_office(tmp_path, Plugins.load(data_dir("plugins"), folder, with_installed=False), **settings)


@pytest.fixture
def kitchen(tmp_path: Path) -> Iterator[Office]:
    """A program with every recipe in it."""
    office = served(tmp_path)
    yield office
    office.program.store.engine.dispose()


@pytest.fixture
def texting(tmp_path: Path, outside: Outside) -> Iterator[Office]:
    """The same, with the recipe's provider set and a real server at its address."""
    office = served(tmp_path, outside.url, sms_sender="house_sms", sms_account="haichuan", sms_secret="s3cret",
                    remind_private=True)  # fmt: skip
    office.set("house_sms", sign="海川")
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
    assert len(blocks("zh")) == 4


def test_cookbook_every_recipe_loads(kitchen: Office) -> None:
    files = {Path(file).stem for language, file, _ in blocks("zh") if language == "python"}
    states = {one.name: (one.state, one.last_error) for one in kitchen.program.plugins.status()}
    assert {name: states[name] for name in files} == dict.fromkeys(files, ("active", ""))
    page = kitchen.page("/handbook/plugin-cookbook", "admin")
    assert all(f'<p class="file"><code>{name}.py</code></p><pre>' in page for name in files)


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


def test_cookbook_text_goes_to_the_provider_once_and_its_arrival_is_proof(texting: Office, outside: Outside) -> None:
    outside.answers = [(200, {"taken": True, "id": "P1"}), (200, {"states": [{"id": "P1", "state": "ok"}]})]
    texting.take("texter")
    texting.carry_out()
    [(path, headers, body)] = outside.came
    sent = json.loads(body)
    assert (path, headers["authorization"], sent["account"]) == ("/send", "s3cret", "haichuan")
    assert sent["text"].startswith("【海川】请付 ¥182,300.00")
    texting.clock.at += timedelta(seconds=20)
    texting.carry_out()
    assert [json.loads(body)["ids"] for path, _, body in outside.came[1:]] == [["P1"]]
    assert texting.rows(TextMessage)[-1]["state"] == "delivered"
    assert [(one["ground"], one["grade"]) for one in texting.interruptions()] == [("demand", "B")]


def test_cookbook_refused_text_says_why_and_an_unsubscribed_one_is_a_stop(texting: Office, outside: Outside) -> None:
    outside.answers = [(200, {"why": "余额不足"})]
    texting.take("texter")
    texting.carry_out()
    row = texting.rows(TextMessage)[-1]
    assert (row["state"], row["answer"]) == ("failed", "余额不足")
    outside.answers = [(200, {"taken": True, "id": "P2"}),
                       (200, {"states": [{"id": "P2", "state": "unsubscribed", "why": "回T退订"}]})]
    texting.take("texter")
    texting.carry_out()
    texting.clock.at += timedelta(seconds=20)
    texting.carry_out()
    assert [(one["kind"], one["words"]) for one in texting.rows(ContactStop)] == [("objection", "回T退订")]


STATEMENT = """HOUSEBANK;6200 0000 0000 0001
2026-03-10;海港五金商行;50000.00;S-0001;货款;二月
2026-03-11;房东;-8000.00;S-0002;房租

2026-03-11;海港五金商行;一万;S-0003;货款
2026-03-11;不认识的公司;12.00;S-0004;
半行
"""


def test_cookbook_bank_file_is_looked_at_and_booked_once(kitchen: Office) -> None:
    finance = kitchen.client("finance")

    def hand_in(name: str) -> str:
        file = (BytesIO(STATEMENT.encode("gb18030")), name)
        return str(finance.post("/import", data={"file": file}).headers["Location"])

    look = hand_in("对账单.txt")
    page = finance.get(look).get_data(as_text=True)
    for words in ("本地银行", "账号 6200 0000 0000 0001", "金额“一万”读不懂", "没有名为“不认识的公司”的客户",
                  "少了几列", "支出 1 笔"):  # fmt: skip
        assert words in page, words
    for again in (look, hand_in("同一份.txt")):
        form = dict(part.split("=") for part in again.partition("?")[2].split("&"))
        assert finance.post(again.partition("?")[0], data=form).status_code in (200, 303)
    [paid] = kitchen.rows(Payment)
    assert (paid["amount_minor"], paid["customer_id"]) == (5_000_000, kitchen.customer_id)
    assert "货款;二月" in str(paid)
