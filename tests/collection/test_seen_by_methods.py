"""What a method is shown of the gate, and whom its tasks land on."""

from __future__ import annotations

from typing import Any

from flask import Flask

from fieldsales.collection.case_models import GateEntry
from fieldsales.collection.models import Task
from fieldsales.kernel.ids import uuid7
from fieldsales.plugin_api import (
    CaseFacts,
    CollectionMethod,
    ComplianceRule,
    Decision,
    MakeTask,
    Ruling,
    hookimpl,
    words,
)
from fieldsales.plugin_api.loading import Found
from fieldsales.plugin_api.manager import Plugins
from tests import cast
from tests.collection.conftest import rows, with_debt


def brought(seen: list[CaseFacts], rule: ComplianceRule | None = None) -> Plugins:
    """A method that remembers what it was shown and gives everybody a task."""

    def outcome(fields: Any, facts: CaseFacts) -> Decision:
        seen.append(facts)
        tasks = tuple(MakeTask(words(f"给{role}", f"For {role}"), facts.today, "given", role)
                      for role in ("", "manager", "legal", "finance"))
        return Decision(words("做了", "Done"), "done", grade="C", effect="demand", effects=tasks)

    class Module:
        @staticmethod
        @hookimpl
        def collection_methods() -> list[CollectionMethod]:
            return [CollectionMethod("knock", words("敲门", "Knock"), outcome, in_person=True)]

        @staticmethod
        @hookimpl
        def compliance_rules() -> list[ComplianceRule]:
            return [rule] if rule else []

    plugins = Plugins()
    assert plugins.add(Found("knocking", "file", "", "1", lambda: Module)).state == "active"
    return plugins


def test_method_sees_the_stops_and_its_tasks_land_on_whom_it_names(app: Flask) -> None:
    program, seen = with_debt(app), list[CaseFacts]()
    refuse = ComplianceRule("never", words("从不", "Never"), words("本公司规定", "House rule"),
                            {"no": words("这种方式不用了", "This way is closed")},
                            lambda question: Ruling("no") if question.method == "knock" else Ruling())
    program.plugins.become(brought(seen, refuse))

    def do(operation: str, **more: Any) -> dict[str, Any]:
        return program.dispatcher.perform(cast.REP, operation, {"customer_id": cast.HARBOUR, **more})

    do("collection.record_stop", stop_id=uuid7(), kind="objection", words="别来了", who="林海港")
    do("collection.set_standing", standing_id=uuid7(), contact_id=cast.HARBOUR_CONTACT, standing="refused", reason="")
    answer = do("collection.take_action", action_id=uuid7(), method="knock", fields={})
    assert seen[-1].stops == ("objection",)
    assert {one.id: one.standing for one in seen[-1].contacts}[cast.HARBOUR_CONTACT] == "refused"
    given = {row["title"]: row["assignee_id"] for row in rows(program, Task) if row["kind"] == "given"}
    assert given == {"给": "", "给manager": cast.MANAGER.user_id, "给legal": cast.LEGAL.user_id,
                     "给finance": cast.FINANCE.user_id}
    [entry] = [row for row in rows(program, GateEntry) if row["kind"] == "flagged"]
    assert set(entry["codes"]) == {"objection", "never.no"}
    assert "这种方式不用了。" in answer["warnings"]
