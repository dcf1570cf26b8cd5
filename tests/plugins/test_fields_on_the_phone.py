"""What the phone lets through, the server takes: both answer the shared cases alike."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from fieldsales.plugin_api.answers import read_fields
from tests.browser.test_kernel_in_node import node
from tests.plugins.test_fields import FIELDS, FORM, SHARED, plain

SCRIPT = """
import { jsonOf, problemOf, readForm, shown } from "%s/static/js/methods/check.js";
const { cases, fields, form, forms } = %s;
const one = ({ field, given }) => {
  const declared = fields[field];
  const typed = declared.type === "photo" && Array.isArray(given) ? given.map((sha256) => ({ sha256 })) : given;
  const value = jsonOf(declared, typed);
  return { value: value === undefined ? null : value, problem: problemOf(declared, value) };
};
console.log(JSON.stringify({
  cases: cases.map(one),
  forms: forms.map(({ given }) => (
    { asked: shown(form, given).map((field) => field.name), kept: readForm({ fields: form }, given).fields })),
}));
"""


def in_node(given: dict[str, Any]) -> dict[str, Any]:
    """What the phone's own module makes of it."""
    script = SCRIPT % (Path(__file__).parents[2].as_uri(), json.dumps(given))
    done = subprocess.run(
        [node(), "--input-type=module", "-"], input=script, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_phone_lets_nothing_through_that_the_server_refuses() -> None:
    cases = SHARED["cases"]
    fields = {name: field.as_json() for name, field in FIELDS.items()}
    forms = SHARED["forms"]["cases"]
    answers = in_node({"cases": cases, "fields": fields, "form": [one.as_json() for one in FORM], "forms": forms})
    assert len(answers["cases"]) == len(cases) > 90
    for case, answer in zip(cases, answers["cases"], strict=True):
        field = FIELDS[case["field"]]
        if answer["problem"]:
            assert "code" in case, f"the phone refuses what the server takes: {case} {answer}"
            continue
        values, refusals = read_fields((field,), {field.name: answer["value"]})
        assert not refusals, f"the phone lets through what the server refuses: {case} {answer} {refusals}"
        if "value" in case:
            assert plain(values.get(field.name)) == case["value"], f"the phone sends something else: {case} {answer}"
    for case, answer in zip(forms, answers["forms"], strict=True):
        assert answer == {"asked": case["asked"], "kept": case["kept"]}, case
