"""The phone shares out a debt exactly as the office does."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

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
