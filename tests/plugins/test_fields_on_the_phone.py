"""What the phone lets through, the server takes: both answer the shared cases alike."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from fieldsales.plugin_api.fields import read_fields
from tests.browser.test_kernel_in_node import node
from tests.plugins.test_fields import SHARED, _field

SCRIPT = """
import { jsonOf, problemOf } from "%s/static/js/methods/check.js";
const { cases, fields } = %s;
console.log(JSON.stringify(cases.map(({ field, given }) => {
  const declared = fields[field];
  const typed = declared.type === "photo" && Array.isArray(given) ? given.map((sha256) => ({ sha256 })) : given;
  const value = jsonOf(declared, typed);
  return { value: value === undefined ? null : value, problem: problemOf(declared, value) };
})));
"""


def test_phone_lets_nothing_through_that_the_server_refuses() -> None:
    # What a phone's own widgets cannot produce (text in a date box) is left to the server.
    drawn = ("money", "bool", "date", "photo")
    cases = [
        one for one in SHARED["cases"]
        if "value" in one or one.get("code") in ("date_range", "too_small", "too_large")
        or (isinstance(one["given"], str | list) and SHARED["fields"][one["field"]]["type"] not in drawn)
    ]  # fmt: skip
    fields = {name: _field(name).as_json() for name in SHARED["fields"]}
    script = SCRIPT % (Path(__file__).parents[2].as_uri(), json.dumps({"cases": cases, "fields": fields}))
    done = subprocess.run(
        [node(), "--input-type=module", "-"], input=script, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    answers = json.loads(done.stdout)
    assert len(answers) == len(cases) > 40
    for case, answer in zip(cases, answers, strict=True):
        if answer["problem"]:
            assert "code" in case, f"the phone refuses what the server takes: {case} {answer}"
        elif answer["value"] is not None:
            _, refusals = read_fields((_field(case["field"]),), {case["field"]: answer["value"]})
            assert not refusals, f"the phone lets through what the server refuses: {case} {answer} {refusals}"
