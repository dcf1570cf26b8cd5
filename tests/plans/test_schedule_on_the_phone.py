"""The phone shares out a debt exactly as the office does."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from fieldsales.plans.messages import PlanPayload
from fieldsales.statements.messages import StatementPayload
from tests.browser.test_kernel_in_node import node

HERE = Path(__file__).parent
SCRIPT = """
import { makeSchedule } from "%s/static/js/plans/schedule.js";
console.log(JSON.stringify(%s.map((one) =>
  makeSchedule(one.total, one.count, one.rhythm, one.first).map((part) => [part.due_on, part.amount_minor]))));
"""


def test_phone_makes_the_shared_schedules() -> None:
    text = (HERE / "schedule_cases.json").read_text("utf-8")
    script = SCRIPT % (HERE.parents[1].as_uri(), text)
    done = subprocess.run(
        [node(), "--input-type=module", "-"], input=script, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [one["instalments"] for one in json.loads(text)]


def test_what_the_phone_lets_sign_the_office_takes() -> None:
    """A signature is worth nothing when the paper is then refused for its length."""
    phone = (HERE.parents[1] / "static/js/plans/payload.js").read_text("utf-8")
    most = int(phone.partition("MOST_INVOICES = ")[2].partition(";")[0])
    assert most >= 2_459, "the largest customer of the real ledger"
    for payload in (PlanPayload, StatementPayload):
        assert payload.model_json_schema()["properties"]["invoices"]["maxItems"] == most
