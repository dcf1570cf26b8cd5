"""What the phone lets through, the server takes: both answer the shared cases alike."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from fieldsales.documents.sounds import sound_of
from fieldsales.plugin_api.answers import read_fields
from fieldsales.plugin_api.fields import FIELD_TYPES
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


SOUND = """
import { soundOf } from "%s/static/js/methods/sound.js";
import { readable } from "%s/static/js/methods/form.js";
import { readForm, shown } from "%s/static/js/methods/check.js";
const { heads, garbage } = %s;
const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (two) => parseInt(two, 16)).buffer;
const forms = garbage.map((one) => readable(one));
console.log(JSON.stringify({
  sounds: heads.map((hex) => soundOf(bytes(hex))),
  forms: forms.map((form) => form && {
    fields: form.fields.map((one) => one.name), beyond: form.beyond, screen: form.screen, labels: form.labels,
    asked: shown(form.fields, {}).map((one) => one.name),
    read: readForm(form, Object.fromEntries(form.fields.map((one) => [one.name, { odd: [null] }]))).fields }),
}));
"""
HEADS = {
    b"ID3\x04" + b"\x00" * 20: "audio/mpeg", b"\xff\xfb\x90\x64" + b"\x00" * 20: "audio/mpeg",
    b"\x00\x00\x00\x18ftypM4A \x00": "audio/mp4", b"\x00\x00\x00\x18ftyp3gp4\x00": "audio/3gpp",
    b"RIFF\x00\x00\x00\x00WAVEfmt ": "audio/wav", b"#!AMR\n\x3c": "audio/amr", b"OggS\x00\x02": "audio/ogg",
    b"\x1aE\xdf\xa3\x01": "audio/webm", b"\xff\xf1\x50\x80": "audio/aac",
    b"\xff\xd8\xff\xe0": "", b"%PDF-1.7": "", b"MZ\x90": "", b"": "", b"RIFF\x00\x00\x00\x00WEBPVP8 ": "",
}  # fmt: skip
EMPTY = {"id": "method.x", "method": "x", "version": 1, "fields": []}
#: (what came, what is made of it)
GARBAGE: list[tuple[Any, dict[str, Any] | None]] = [
    (None, None), (5, None), ([], None), ({"method": "x"}, None), ({"method": 5, "version": 1}, None),
    (EMPTY | {"fields": "none"}, {"fields": [], "beyond": 0}),
    (EMPTY | {"labels": {"zh": 5, "en": "X"}}, {"labels": {"zh": "X", "en": "X"}}),
    (EMPTY | {"fields": [{"name": "__proto__", "type": "text"}, {"name": "ok", "type": "text"}, None, 7]},
     {"fields": ["ok"]}),
    (EMPTY | {"fields": [{"name": "aa", "type": "hologram"}, {"name": "bb", "type": "bool"}]},
     {"fields": ["bb"], "beyond": 1}),
    (EMPTY | {"fields": [{"name": "aa", "type": "text"}, {"name": "aa", "type": "date"}]}, {"fields": ["aa"]}),
    (EMPTY | {"fields": [{"name": "aa", "type": "rows", "fields": [{"name": "bb", "type": "rows"}]}]},
     {"fields": ["aa"]}),
    (EMPTY | {"fields": [{"name": "aa", "type": "bool", "when": {"field": "bb", "in": [False]}},
                         {"name": "bb", "type": "bool", "when": {"field": "aa", "in": [False]}}]},
     {"asked": ["aa", "bb"]}),
    (EMPTY | {"fields": [{"name": "aa", "type": "text", "when": "always"}]}, {"asked": ["aa"]}),
    (EMPTY | {"screen": "https://evil.example/x.js"}, {"screen": ""}),
    (EMPTY | {"screen": "/static/plugins/../js/app/main.js"}, {"screen": ""}),
    (EMPTY | {"screen": "data:text/javascript,1"}, {"screen": ""}),
    (EMPTY | {"screen": "/static/plugins/parcel/00ff/parcel.js"}, {"screen": "/static/plugins/parcel/00ff/parcel.js"}),
    (EMPTY | {"fields": [{"name": f"f{n}", "type": kind} for n, kind in enumerate(FIELD_TYPES)]}, {"read": {}}),
]


def test_phone_knows_a_recording_and_a_form_that_is_none() -> None:
    root = Path(__file__).parents[2].as_uri()
    given = {"heads": [head.hex() for head in HEADS], "garbage": [one for one, _ in GARBAGE]}
    done = subprocess.run([node(), "--input-type=module", "-"], input=SOUND % (root, root, root, json.dumps(given)),
                          capture_output=True, text=True, timeout=60)  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["sounds"] == [sound_of(head) for head in HEADS] == list(HEADS.values())
    for (came, wanted), made in zip(GARBAGE, found["forms"], strict=True):
        assert (made is None) == (wanted is None), came
        assert not wanted or {name: made[name] for name in wanted} == wanted, (came, made)
