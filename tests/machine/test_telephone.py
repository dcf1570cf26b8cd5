"""Telephone numbers by their shape: the server and the phone say the same."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from fieldsales.kernel.telephone import kind_of, plain
from tests.browser.test_kernel_in_node import node

CASES = json.loads((Path(__file__).parent / "telephone_cases.json").read_text(encoding="utf-8"))
SCRIPT = """
import { kindOf } from "%s/static/js/parts/telephone.js";
console.log(JSON.stringify(%s.map(([number]) => kindOf(number))));
"""


@pytest.mark.parametrize(("number", "kind"), CASES)
def test_number_is_told_by_its_shape(number: str, kind: str) -> None:
    assert kind_of(number) == kind


def test_number_is_told_alike_on_the_phone() -> None:
    script = SCRIPT % (Path(__file__).parents[2].as_uri(), json.dumps(CASES))
    done = subprocess.run([node(), "--input-type=module", "-"], input=script, capture_output=True, text=True,
                          timeout=60)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [kind for _, kind in CASES]


def test_number_without_what_is_written_between_its_digits() -> None:
    assert plain("+86 138-0571-2222") == plain("13805712222") == "13805712222"
