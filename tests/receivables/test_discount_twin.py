"""The phone's twin of a bill's discount says the same as the rule, to the cent."""

from __future__ import annotations

import json
import random
import subprocess
from datetime import date, timedelta
from pathlib import Path

from fieldsales.receivables.discount import true_value
from fieldsales.receivables.interest import Rate
from tests import cast
from tests.browser.test_kernel_in_node import node

HERE = Path(__file__).parent


def test_phone_and_office_value_a_bill_alike(tmp_path: Path) -> None:
    """Random faces, rates and days, halves of a cent among them, and bills that have matured."""
    dice = random.Random(24)
    cases = [(dice.randrange(1, 10**11), dice.randrange(-3, 400), dice.randrange(1, 240_000)) for _ in range(400)]
    cases += [(180_000_00, 1, 1_000), (1, 1, 18_000), (18_000_000, 1, 10_000), (2_000_000_000, 9, 1)]
    given = [{"face": face, "on": (cast.TODAY + timedelta(days=days)).isoformat(), "rate": {"rate_bp100": rate},
              "today": cast.TODAY.isoformat()} for face, days, rate in cases]
    (tmp_path / "cases.json").write_text(json.dumps(given), encoding="utf-8")
    done = subprocess.run([node(), str(HERE / "discount_cases.mjs"), str(tmp_path / "cases.json")], text=True,
                          capture_output=True, timeout=60, check=True)
    for (face, days, bp100), phone in zip(cases, json.loads(done.stdout), strict=True):
        rates = (Rate("bill_discount", date(2020, 1, 1), bp100, "行情"),)
        office = true_value(face, cast.TODAY + timedelta(days=days), rates, cast.TODAY)
        assert office is not None
        assert phone == {"days": office.days, "cost_minor": office.cost_minor, "value_minor": office.value_minor}
