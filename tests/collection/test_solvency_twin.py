"""The phone's twin of the solvency score says the same as the rule, on a table of cases."""

from __future__ import annotations

import itertools
import json
import subprocess
from datetime import timedelta
from pathlib import Path

from fieldsales.collection.solvency import SIGNS, Seen, judge
from fieldsales.workday.lawsection import watch_policy
from tests import cast
from tests.browser.test_kernel_in_node import node

HERE = Path(__file__).parent


def test_phone_and_office_judge_alike(tmp_path: Path) -> None:
    """Every pair of signs, seen at the edges of what is fresh and remembered, with one ticked now."""
    pairs = list(itertools.combinations(sorted(SIGNS), 2))
    cases = [
        ([Seen(cast.TODAY - timedelta(days=ago), pair)], now)
        for ago in (0, 30, 31, 90, 91) for pair in pairs for now in ((), (pair[0],), ("wages_unpaid", "unheard_of"))
    ]  # fmt: skip
    given = {"policy": watch_policy(), "cases": [
        {"seen": [{"on": one.on.isoformat(), "signs": list(one.signs)} for one in seen], "now": list(now),
         "today": cast.TODAY.isoformat()} for seen, now in cases]}
    (tmp_path / "cases.json").write_text(json.dumps(given), encoding="utf-8")
    done = subprocess.run([node(), str(HERE / "solvency_cases.mjs"), str(tmp_path / "cases.json")], text=True,
                          capture_output=True, timeout=60, check=True)
    said = json.loads(done.stdout)
    for (seen, now), phone in zip(cases, said, strict=True):
        office = judge([*seen, Seen(cast.TODAY, now)], cast.TODAY)
        assert (phone["level"], phone["score"], tuple(phone["signs"])) == (office.level, office.score, office.signs)
