"""The phone's papers are the server's, byte for byte: text, payload, manifest, words, numbers, signatures."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.browser.test_kernel_in_node import node as node_path

HERE = Path(__file__).parent
SCHEDULES = """
import { makeSchedule, restIntoLast, scheduleProblem, sumOf } from "%(js)s/plans/schedule.js";
const of = (total, n, rhythm, first) => makeSchedule(total, n, rhythm, first);
console.log(JSON.stringify({
  thirds: of(10000000, 3, "monthly", "2027-01-31").map((one) => [one.n, one.due_on, one.amount_minor]),
  weeks: of(100, 2, "weekly", "2026-12-30").map((one) => one.due_on),
  halves: of(400, 4, "half_monthly", "2026-12-01").map((one) => one.due_on),
  largest: sumOf(of(9999999999999, 120, "monthly", "2026-12-01")),
  rest: restIntoLast([{ amount_minor: 40 }, { amount_minor: 10 }], 100).map((one) => one.amount_minor),
  nothingLeft: restIntoLast([{ amount_minor: 90 }, { amount_minor: 20 }], 60),
  problems: [
    scheduleProblem([], 1, "2026-11-21"),
    scheduleProblem([{ due_on: "2026-11-20", amount_minor: 1 }], 1, "2026-11-21"),
    scheduleProblem(["2026-12-20", "2026-12-19"].map((due_on) => ({ due_on, amount_minor: 1 })), 2, "2026-11-21"),
    scheduleProblem([{ due_on: "2026-12-20", amount_minor: 1 }], 2, "2026-11-21"),
    scheduleProblem([{ due_on: "2026-12-20", amount_minor: 0 }], 0, "2026-11-21"),
    scheduleProblem([{ due_on: "2026-12-20", amount_minor: 2 }], 2, "2026-11-21"),
  ],
}));
"""


def node(*arguments: str, source: str | None = None) -> dict[str, object]:
    """What a module prints as JSON."""
    done = subprocess.run([node_path(), *arguments], input=source, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_paper_built_on_the_phone_is_the_offices_own() -> None:
    """Every case of the shared fixture; one sign of difference and no signature would hold."""
    found = node(str(HERE / "clause_cases.mjs"))
    assert found["wrong"] == []
    fixture = json.loads((HERE.parent / "documents/fixtures/clause_cases.json").read_text(encoding="utf-8"))
    assert found["asked"] == {kind: len(cases) for kind, cases in fixture.items()}


def test_instalments_sum_exactly_and_fall_on_real_days() -> None:
    """What does not divide stands in the first instalments; the 31st becomes a month's last day."""
    js = (HERE.parents[1] / "static" / "js").as_uri()
    found = node("--input-type=module", "-", source=SCHEDULES % {"js": js})
    assert found["thirds"] == [[1, "2027-01-31", 3333334], [2, "2027-02-28", 3333333], [3, "2027-03-31", 3333333]]
    assert found["weeks"] == ["2026-12-30", "2027-01-06"]
    assert found["halves"] == ["2026-12-01", "2026-12-16", "2027-01-01", "2027-01-16"]
    assert found["largest"] == 9999999999999
    assert found["rest"] == [40, 60]
    assert found["nothingLeft"] is None
    assert found["problems"] == ["none", "past", "order", "sum", "no_amount", None]
