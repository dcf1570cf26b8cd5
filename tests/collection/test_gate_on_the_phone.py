"""The phone's gate says what the office's says: one table for both, and random histories judged alike."""

from __future__ import annotations

import json
import random
import subprocess
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from fieldsales.collection.gate import CHANNELS, CODES, Contact, permit
from fieldsales.collection.gate_facts import stamp
from tests.browser.test_kernel_in_node import node
from tests.collection.test_gate import CASES, NOON, facts_of, instant

HERE = Path(__file__).parent
SCRIPT = """
import { permit } from "%s/static/js/gate/rules.js";
console.log(JSON.stringify(%s.map((one) => permit(one.contact, one.facts))));
"""


def on_the_phone(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    script = SCRIPT % (HERE.parents[1].as_uri(), json.dumps(cases))
    done = subprocess.run(
        [node(), "--input-type=module", "-"], input=script, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def drawn(seed: int) -> dict[str, Any]:
    """A contact and a history by chance, as the dossier carries them."""
    lot = random.Random(seed)

    def moment() -> str:
        return stamp(NOON + timedelta(minutes=lot.randrange(-15 * 1440, 15 * 1440)))

    zone, hours = lot.choice(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"]), (8, 21)
    made = [{"at": moment(), "channel": lot.choice(CHANNELS), "effective": lot.random() < 0.7,
             "demand": lot.random() < 0.7, "debtor_id": lot.choice(["", "", "a"])} for _ in range(lot.randrange(30))]
    return {
        "contact": {"channel": lot.choice(CHANNELS), "at": moment(), "purpose": lot.choice(["demand", "reminder"]),
                    "contact_id": lot.choice(["", "p"]), "debtor_id": lot.choice(["", "a", "b"])},
        "facts": {
            "zone": zone, "pack": "XX", "from_hour": hours[0], "to_hour": hours[1], "work_from": 9, "work_to": 18,
            "calls_per_day": lot.choice([0, 2]), "calls_per_week": lot.choice([0, 5]), "quiet_days": lot.choice([0, 3]),
            "demands_per_week": lot.choice([0, 4]), "off": [], "worked": [], "made": made,
            "people": lot.choice([{}, {"p": "family"}]),
            "stops": [{"id": "s", "kind": lot.choice(["objection", "police"]), "at": moment()}] * (lot.random() < 0.1),
            "covered_until": lot.choice([None, None, str(date(2026, 3, 12) + timedelta(days=lot.randrange(-9, 9)))]),
            "has_dispute": False,
            "waivers": [{"codes": lot.sample(sorted(CODES), 3), "until": moment()}] * (lot.random() < 0.3)}}


def test_phone_says_what_the_table_says() -> None:
    for case, found in zip(CASES, on_the_phone(CASES), strict=True):
        until = found["until"] and instant(found["until"])
        wanted = case["until"] and instant(case["until"])
        assert (found["codes"], until, found["notes"], found["waived"], found["ok"]) == (
            case["codes"], wanted, case["notes"], case["waived"], not case["codes"]), case["name"]


def test_phone_and_office_judge_a_thousand_histories_alike() -> None:
    cases = [drawn(seed) for seed in range(1000)]
    held = 0
    for case, found in zip(cases, on_the_phone(cases), strict=True):
        here = permit(Contact(**case["contact"] | {"at": instant(case["contact"]["at"])}), facts_of(case["facts"]))
        until = instant(found["until"]) if found["until"] else None
        said = (set(found["codes"]), until, set(found["waived"]))
        assert said == (set(here.codes), here.until, set(here.waived)), case
        held += not here.ok
    assert 200 < held < 900
